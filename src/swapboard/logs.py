"""What our processes write to their log, and how its lines look."""

import logging

_TELLS_ADDRESSES = "httpx"
"""It writes down the whole address of each request, and with some platforms the address holds the secret."""

_TELLS_EACH_STEP = "alembic"
"""Also at each look at the schema what kind of database it sees. `storage/migrate.py` tells what was done."""


def begin_log() -> None:
    """Once a process, before anything is logged."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in (_TELLS_ADDRESSES, _TELLS_EACH_STEP):
        logging.getLogger(name).setLevel(logging.WARNING)
