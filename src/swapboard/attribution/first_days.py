"""While few calls are known, the curve is learned as soon as there are enough new ones, not only by night.

A first day may bring more calls than a curve needs, and until night each would be weighed by none. With a quarter
more each time, a curve is learned some thirty times until the nights suffice, however many days that takes.
"""

from math import ceil

from sqlalchemy import Connection

from swapboard.attribution.learned import Learned
from swapboard.attribution.night_store import has_new_calls, last_learned
from swapboard.attribution.nightly import learn_from
from swapboard.attribution.online import BLOCK, EARLY_GROWTH
from swapboard.attribution.past import LOOK_BACK, Past, past_of
from swapboard.clock import MINUTE, Millis

EVERY: Millis = 2 * MINUTE
"""So often is looked whether there are enough."""


def past_while_young(connection: Connection, company_id: str, now: Millis) -> Past | None:
    """What a night would read; None until there are enough new calls, and once the nights suffice."""
    last = last_learned(connection, company_id)
    if last.calls >= BLOCK:
        return None
    wanted, since = max(1, ceil(last.calls * EARLY_GROWTH)), max(last.learned_at, now - LOOK_BACK)
    if not has_new_calls(connection, company_id, since, wanted):
        return None
    if has_new_calls(connection, company_id, since, BLOCK):
        # A whole past that was brought in at once: the night has time for it.
        return None
    return past_of(connection, company_id, now)


def learn_if_due(past: Past | None) -> tuple[Learned, int] | None:
    """As a night does."""
    return learn_from(past) if past else None
