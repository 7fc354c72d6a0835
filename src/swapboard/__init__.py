"""Swapboard: the switchboard that knows which visit made the phone ring."""

__version__ = "0.1.0"
