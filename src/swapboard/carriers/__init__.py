"""The phone networks: one folder for each carrier."""
