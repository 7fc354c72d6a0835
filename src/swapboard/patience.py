"""How long to wait before the next try."""

from swapboard.clock import HOUR, MINUTE, Millis


def wait_after(failures: int, chance: float, first: Millis = MINUTE, most: Millis = HOUR) -> Millis:
    """How long to leave something alone that failed so many times in a row: a minute, doubled each time up to an
    hour, of which `chance` (0 to 1) decides the second half, so that not everybody comes back at once."""
    longest = min(most, first << min(failures - 1, 10))
    return round(longest * (0.5 + chance / 2))
