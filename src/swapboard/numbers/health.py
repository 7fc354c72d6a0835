"""How each number does: when it was last called, what it costs, and what is wrong with it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, func, select

from swapboard.clock import DAY, Millis
from swapboard.numbers.inventory import NumberKind, NumberStatus
from swapboard.numbers.lifecycle import quarantine_ends_at
from swapboard.numbers.listing import NumberRecord
from swapboard.numbers.number_log import NumberEvent
from swapboard.storage.schema import calls

SILENT_DAYS = 90
MONTH_DAYS, MOST_MONTHS = 30, 3
SPAM_DAYS = 30
SPAM_SHARE = 0.5
FEWEST_CALLS = 4
BRIEF_SECONDS = 6


class Trouble(StrEnum):
    """What may be wrong with a number."""

    NO_CARRIER = "no_carrier"
    """It names no carrier account of the company's, so nothing says that its calls come to us."""
    GONE = "gone"
    """Its carrier account no longer has it: nobody who dials it gets through."""
    ASTRAY = "astray"
    """Its carrier account sends its calls elsewhere."""
    OLD_ADDRESS = "old_address"
    """Its carrier account sends its calls to an address that this server had before."""
    SILENT = "silent"
    """Nobody has called it for months."""
    SPAM = "spam"
    """Most of its calls are blocked, or nobody stays on the line."""
    FAILING = "failing"
    """None of its latest calls got through."""
    READY = "ready"
    """Its quarantine is over: it can be released."""


@dataclass(frozen=True, slots=True)
class CallCounts:
    """A number's calls: in the last 90 days, and of the last 30 how many were spam or failed."""

    last_at: Millis | None = None
    calls: int = 0
    recent: int = 0
    spam: int = 0
    failed: int = 0


NEVER = CallCounts()


@dataclass(frozen=True, slots=True)
class Health:
    """A number's calls and troubles."""

    counts: CallCounts
    troubles: Sequence[Trouble]
    months: int = MOST_MONTHS
    """For how many of the months that are looked at it was paid."""

    def cost_per_call(self, monthly_cents: int | None) -> float | None:
        """Cents for each of its calls, by the last 90 days; None without a price or a call."""
        if monthly_cents is None or not self.counts.calls:
            return None
        return monthly_cents * self.months / self.counts.calls


def call_counts(connection: Connection, company_id: str, now: Millis) -> Mapping[str, CallCounts]:
    """The calls of each number (E.164) that had any in the last 90 days; when each was called last, ever."""
    recent_at = now - SPAM_DAYS * DAY
    is_recent = calls.c.started_at >= recent_at
    is_short = (calls.c.status == "answered") & (calls.c.talk_seconds < BRIEF_SECONDS)
    is_spam = (calls.c.status == "blocked") | calls.c.is_spam | is_short
    query = (
        select(
            calls.c.tracking_number,
            func.max(calls.c.started_at).label("last_at"),
            func.count().filter(calls.c.started_at >= now - SILENT_DAYS * DAY).label("calls"),
            func.count().filter(is_recent).label("recent"),
            func.count().filter(is_recent & is_spam).label("spam"),
            func.count().filter(is_recent & (calls.c.status == "failed")).label("failed"),
        )
        .where(calls.c.company_id == company_id, calls.c.tracking_number.is_not(None))
        .group_by(calls.c.tracking_number)
    )
    return {
        row.tracking_number: CallCounts(row.last_at, row.calls, row.recent, row.spam, row.failed)
        for row in connection.execute(query)
    }


def health(
    number: NumberRecord,
    counts: CallCounts,
    carriers: Sequence[str],
    at_carriers: Mapping[str, NumberEvent],
    now: Millis,
    quarantine_days: int,
) -> Health:
    """What its calls, its carrier and its age say of a number; `carriers` are the ids of the company's accounts,
    `at_carriers` says what was found wrong there, by id of the number."""
    found = at_carriers.get(number.number_id)
    known = {
        Trouble.GONE: found is NumberEvent.LOST,
        Trouble.ASTRAY: found is NumberEvent.ASTRAY,
        Trouble.OLD_ADDRESS: found is NumberEvent.OLD_ADDRESS,
        Trouble.READY: _has_rested(number, now, quarantine_days),
        **_troubles(number, counts, carriers, now),
    }
    months = math.ceil((now - number.created_at) / (MONTH_DAYS * DAY))
    troubles = [trouble for trouble, is_so in known.items() if is_so]
    return Health(counts, troubles, min(max(months, 1), MOST_MONTHS))


def _troubles(
    number: NumberRecord, counts: CallCounts, carriers: Sequence[str], now: Millis
) -> dict[Trouble, bool]:
    is_old = now - number.created_at > SILENT_DAYS * DAY
    quiet_since = counts.last_at or number.created_at
    many = counts.recent >= FEWEST_CALLS
    return {
        Trouble.NO_CARRIER: number.carrier_id not in carriers,
        Trouble.SILENT: number.kind is NumberKind.STATIC
        and number.status is NumberStatus.ACTIVE
        and is_old
        and now - quiet_since > SILENT_DAYS * DAY,
        Trouble.SPAM: many and counts.spam > SPAM_SHARE * counts.recent,
        Trouble.FAILING: many and counts.failed == counts.recent,
    }


def _has_rested(number: NumberRecord, now: Millis, quarantine_days: int) -> bool:
    began_at = number.quarantined_at
    is_apart = number.status is NumberStatus.QUARANTINED and began_at is not None
    return is_apart and now >= quarantine_ends_at(began_at or 0, quarantine_days)
