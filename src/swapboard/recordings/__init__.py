"""What was said: recordings fetched from carriers, kept encrypted, looked at, heard, and forgotten."""
