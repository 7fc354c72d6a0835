"""How far strangers are believed to call in bursts, from the calls themselves.

Each kind of burst is weighed by how probable it makes the calls, one after the other: how many may have been
strangers' so shortly after others that may, and how long none came. Beside them stand strangers who call as they
always do, and such as are fewer than was learned: a kind of burst that says so must not be believed for that.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.bursts import FEWER, USUALLY, Bursts, Lately, after_call, passed, passing, rates, times
from swapboard.attribution.curve import LEAST_WEIGHT, Curve
from swapboard.attribution.curve_arrays import CurveArrays
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hours import HOURS, hour_of
from swapboard.attribution.lesson import Lesson
from swapboard.attribution.lessons import nobody_since
from swapboard.attribution.posterior import Posterior
from swapboard.clock import HOUR, Millis

BELIEVED = 0.3
"""How far any bursts are believed in before anything is heard."""

FEWEST = 100
"""Of fewer calls it is not known well enough which may be strangers'."""


class _Weighed(NamedTuple):
    """By kind of burst, at each call how many times as many strangers were expected; how well all calls fit."""

    rates: Array
    told: Array
    lately: Lately


def with_bursts(curve: Curve, lessons: Sequence[Lesson], exposures: Exposures) -> tuple[Curve, Lately | None]:
    """The curve with what the calls say of bursts; each call's lesson learns what was expected when it came."""
    if len(lessons) < FEWEST:
        return curve, None
    numbers = exposures.numbers / max(sum(exposures.counted), 1.0)
    at, odds = np.array([each.at for each in lessons]), odds_of(curve, lessons)
    strangers = np.diff(_expected(curve, at), prepend=0.0) * numbers
    strangers[0] = 0.0
    of_kinds, of_levels = _kinds(at, odds, strangers), _levels(odds, strangers)
    [shares] = _shares(of_kinds.told[None, :], of_levels[None, :])
    for each, expected in zip(lessons, of_kinds.rates, strict=True):
        each.lately = times(shares[: len(USUALLY)], expected)
    return replace(curve, bursts=Bursts(numbers, tuple(shares.tolist()))), of_kinds.lately


def odds_of(curve: Curve, lessons: Sequence[Lesson]) -> Array:
    """By call: nobody's weight beside all others', were there no bursts."""
    told = nobody_since(CurveArrays.of(curve))
    found = []
    for each in lessons:
        flat, again = np.asarray(curve.flat_at(each.at)), curve.again[each.again_bin]
        others = float(flat[np.asarray(each.places)] @ np.asarray(each.factors)) if each.places else 0.0
        others += again * (each.again + curve.nobody_again * each.nobody_again)
        nobody = curve.nobody * curve.rhythm[each.hour] * each.nobody * told[each.since]
        found.append(nobody / max(others, LEAST_WEIGHT))
    return np.array(found)


def lately_at(curve: Curve, last: Lately | None, at: Millis) -> Lately | None:
    """What is to be expected when it rings; None where nothing was learned of bursts yet."""
    if curve.bursts is None:
        return None
    if last is None:
        return Lately(at)
    [before, now] = _expected(curve, np.array([last.at, at]))
    return last.after(at, float(now - before) * curve.bursts.numbers)


def odds_now(posterior: Posterior, at: Millis) -> float:
    """Nobody's weight beside all others', were there no bursts."""
    scales, curve = posterior.scales, posterior.curve
    nobody = curve.nobody * curve.rhythm[hour_of(at)] * scales.nobody_factor
    return nobody / max(posterior.total - scales.nobody + scales.nobody_again, LEAST_WEIGHT)


def _expected(curve: Curve, at: Array) -> Array:
    """Strangers' calls to a number up to each moment, since any beginning, on average."""
    by_hour = np.concatenate([[0.0], np.cumsum(curve.rhythm)])
    hours, into = np.divmod(at, HOUR)
    days, hour = np.divmod(hours, HOURS)
    now = np.array(curve.rhythm)[hour] * into
    found: Array = curve.nobody * ((days * by_hour[-1] + by_hour[hour]) * HOUR + now)
    return found


def _kinds(at: Array, odds: Array, strangers: Array) -> _Weighed:
    moved = passing(np.diff(at, prepend=at[0]).astype(np.float64), strangers)
    chances, likely = USUALLY, np.zeros(len(USUALLY))
    expected = []
    for row, each in enumerate(odds.tolist()):
        chances, told = passed(chances, moved, row)
        now = rates(chances)
        likely = likely + told
        expected.append(now)
        likely = likely + np.log((1.0 + each * now) / (1.0 + each))
        chances = after_call(chances, each)
    return _Weighed(np.array(expected), likely, Lately(int(at[-1]), tuple(chances.tolist())))


def _levels(odds: Array, strangers: Array) -> Array:
    """How well each level fits."""
    level, each = np.append(FEWER, 1.0), odds[:, None]
    come = np.log((1.0 + each * level) / (1.0 + each)).sum(axis=0)
    found: Array = come + strangers.sum() * (1.0 - level)
    return found


def _shares(kinds: Array, levels: Array) -> Array:
    """How far each kind and then `FEWER` is believed, row by row."""
    of_kinds = kinds + np.log(BELIEVED / kinds.shape[-1])
    of_levels = levels + np.log((1.0 - BELIEVED) / levels.shape[-1])
    both = np.hstack([of_kinds, of_levels])
    found: Array = np.exp(both - np.logaddexp.reduce(both, axis=-1, keepdims=True))[:, :-1]
    return found
