"""How long a test waits at most."""

HANGS_AFTER_SECONDS = 240
"""A wait ends by its condition; this ends what hangs. On a busy machine the start of a server, or of the process
that writes, which is nice to all others, takes half a minute."""
