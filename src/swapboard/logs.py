"""What our processes write to their log, and how its lines look."""

import logging


def begin_log() -> None:
    """Once a process, before anything is logged."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
