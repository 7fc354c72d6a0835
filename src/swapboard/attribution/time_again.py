"""The time after the calls of ninety days, in which their callers might have called again."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from swapboard.attribution.curve import AGAIN_EDGES
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.heard import Heard
from swapboard.attribution.waits import add_waits
from swapboard.clock import Millis


def with_time_again(
    exposures: Exposures, heard: Sequence[Heard], nobody: Sequence[float], until: Millis
) -> Exposures:
    """With the time after calls, as far as each was nobody's; of a withheld number only visitors call again."""
    named = [1.0 if each.caller else 1.0 - belief for each, belief in zip(heard, nobody, strict=True)]
    of_nobody = [belief if each.caller else 0.0 for each, belief in zip(heard, nobody, strict=True)]
    return replace(exposures, again=_waits(heard, named, until), nobody_again=_waits(heard, of_nobody, until))


def _waits(heard: Iterable[Heard], weights: Iterable[float], now: Millis) -> list[float]:
    """The time after calls, each with its weight, to the caller's next one or until now."""
    again = [0.0] * (len(AGAIN_EDGES) - 1)
    last: dict[str, tuple[Millis, float]] = {}
    waits = []
    for each, weight in zip(heard, weights, strict=True):
        if each.caller is None:
            waits.append((now - each.at, weight))
        else:
            if each.caller in last:
                at, before = last[each.caller]
                waits.append((each.at - at, before))
            last[each.caller] = each.at, weight
    waits += [(now - at, before) for at, before in last.values()]
    add_waits(again, [wait for wait, _ in waits], [weight for _, weight in waits])
    return again
