"""The time after calls, by how long ago they were: in which their callers might have called again."""

from collections.abc import Iterable

from swapboard.attribution.curve import AGAIN_EDGES, again_bin
from swapboard.clock import Millis


def add_wait(again: list[float], wait: Millis, weight: float = 1.0) -> None:
    """Count the time after a call, by how long ago it was."""
    add_waits(again, ((wait, weight),))


def add_waits(again: list[float], waits: Iterable[tuple[Millis, float]]) -> None:
    """The same of many: each adds to the cell it has come to, those before it are added together."""
    beyond = [0.0] * len(again)
    for wait, weight in waits:
        if wait > 0:
            cell = again_bin(wait)
            again[cell] += weight * (min(wait, AGAIN_EDGES[-1]) - AGAIN_EDGES[cell])
            beyond[cell] += weight
    whole = 0.0
    for cell in reversed(range(len(again))):
        again[cell] += whole * (AGAIN_EDGES[cell + 1] - AGAIN_EDGES[cell])
        whole += beyond[cell]
