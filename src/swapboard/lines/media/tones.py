"""Tones of the telephone network (ITU-T E.180, supplement 2), made once."""

from array import array
from collections.abc import Sequence
from functools import cache
from math import pi, sin

from swapboard.carriers.lines.g711 import SAMPLES_A_SECOND, SILENCE, mu_law

_AMPLITUDE = 8_000


def tone(frequencies: Sequence[int], seconds: float) -> bytes:
    """The frequencies (Hz) together, in µ-law."""
    count = round(seconds * SAMPLES_A_SECOND)
    each = _AMPLITUDE / len(frequencies)
    samples = array(
        "h",
        (
            round(sum(each * sin(2 * pi * hertz * index / SAMPLES_A_SECOND) for hertz in frequencies))
            for index in range(count)
        ),
    )
    return mu_law(samples.tobytes())


def silence(seconds: float) -> bytes:
    """Nothing, for so long."""
    return SILENCE * round(seconds * SAMPLES_A_SECOND)


@cache
def ringing(number: str | None) -> bytes:
    """What callers hear while it rings, as in the country of the number (E.164)."""
    if number and number.startswith("+44"):
        burst = tone((400, 450), 0.4)
        return burst + silence(0.2) + burst + silence(2)
    if number and not number.startswith("+1"):
        return tone((425,), 1) + silence(4)
    return tone((440, 480), 2) + silence(4)


@cache
def beep() -> bytes:
    """Now speak."""
    return silence(0.2) + tone((1_000,), 0.4)


@cache
def no_voice() -> bytes:
    """In place of words that cannot be spoken here: two short tones say that somebody is there."""
    return tone((660,), 0.25) + silence(0.1) + tone((880,), 0.25) + silence(0.2)
