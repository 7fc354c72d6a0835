"""Keeping an installation well: backups, restoring them, and the doctor's look at everything."""
