"""Swapboard: the switchboard that knows which visit made the phone ring."""

import os

# Read when numpy is first imported. Its matrices are small here: threads that wait for each other's share of a
# product took longer than one alone, and the time of cores that others need.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
