"""Learns a company's curve from its own last ninety days (`past.py`), and keeps each version."""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from swapboard.attribution.area_firmness import firmness
from swapboard.attribution.curve import Curve
from swapboard.attribution.evidence import Areas, area_of
from swapboard.attribution.first_calls import FirstCalls
from swapboard.attribution.guesses import Guesses
from swapboard.attribution.home import time_zone_of
from swapboard.attribution.late_clock import with_clock
from swapboard.attribution.late_peak import with_peak
from swapboard.attribution.learned import Learned
from swapboard.attribution.learning import scaled_prior
from swapboard.attribution.lesson import look_back
from swapboard.attribution.lessons import Lessons
from swapboard.attribution.night_store import add_version
from swapboard.attribution.online import FIRST_LESSONS
from swapboard.attribution.past import Past
from swapboard.attribution.same_number import SameNumber
from swapboard.attribution.time_again import with_time_again
from swapboard.clock import Millis

log = logging.getLogger(__name__)

ROUNDS = (12, 72)
"""Of each guess, and of all."""
PEAK_STEPS = 40
PASSES = 2
"""Whose calls were nobody's, so that it is told how often nobody calls again, is weighed anew in each."""


def learn_from(past: Past) -> tuple[Learned, int] | None:
    """The curve of these days, and from how many calls; None when there are none.

    The first few tell only how often this company is called at all, as in a replay.
    """
    if not past.heard:
        return None
    curve = _curve(past) if len(past.heard) >= FIRST_LESSONS else scaled_prior(len(past.heard), past.exposures)
    areas = Areas()
    callers: set[str] = set()
    for each in past.heard:
        if each.caller is None:
            continue
        area = area_of(each.caller)
        areas.lives(area, time_zone_of(each.caller))
        if each.caller in callers:
            continue
        callers.add(each.caller)
        areas.heard(area)
        for region, probability in each.by_region(curve).items():
            areas.credit(area, region, probability)
    areas.firmness = firmness(areas)
    return Learned(past.version + 1, curve, areas, past.known_callers), len(past.heard)


def _curve(past: Past) -> Curve:
    lessons = [each.lesson for each in past.heard]
    last_calls = {each.caller: each.at for each in past.heard if each.caller}
    look_back(lessons, last_calls.get, past.until)
    together = Lessons(lessons)
    curve, guesses = scaled_prior(len(lessons), past.exposures), Guesses()
    for _ in range(PASSES):
        beliefs = [each.nobody(curve) for each in past.heard]
        exposures = with_time_again(past.exposures, past.heard, beliefs, past.until)
        curve = guesses.learn(curve, together, exposures, *ROUNDS)
    curve, kinds = with_peak(curve, together, exposures, steps=PEAK_STEPS, is_mean=guesses.are_open)
    curve = with_clock(curve, together, exposures, kinds, steps=PEAK_STEPS)[0]
    first_calls, same_number = FirstCalls(), SameNumber()
    for each in past.heard:
        same_number.hear(each.linked)
        first_calls.hear(*each.first(curve), withheld=each.caller is None, known=each.known)
    return replace(first_calls.added(curve), same_number=same_number.share)


def keep_learned(connection: Connection, company_id: str, learned: tuple[Learned, int], now: Millis) -> bool:
    """Write a new version; calls from now on are weighed by it.

    False for one that is not kept: it is not finite, or another process was quicker.
    """
    value, count = learned
    kept = value.as_json()
    if not _is_finite(kept):
        log.error("The curve learned of company %s is not finite; version %d stays", company_id, value.version - 1)
        return False
    return add_version(connection, company_id, value.version, kept, count, now)


def _is_finite(kept: Mapping[str, Any]) -> bool:
    try:
        json.dumps(kept, allow_nan=False)
    except ValueError:
        return False
    return True
