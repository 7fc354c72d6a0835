"""What our processes write to their log, and how its lines look."""

import logging

_TELLS_ADDRESSES = "httpx"
"""It writes down the whole address of each request, and with some platforms the address holds the secret."""


def begin_log() -> None:
    """Once a process, before anything is logged."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger(_TELLS_ADDRESSES).setLevel(logging.WARNING)
