"""What a command says when it cannot do its work."""


class Problem(Exception):
    """One or two sentences: what is wrong, and what to do about it."""
