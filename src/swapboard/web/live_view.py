"""Who is here and what rings now, read from the database in one look: for the live page, and for the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.accounts.company import Company
from swapboard.accounts.store import sites_of
from swapboard.calls.call import Status
from swapboard.calls.facets import count_calls, facets, first_call_at
from swapboard.calls.listing import CallFilter, CallRecord, list_calls
from swapboard.clock import HOUR, MINUTE, SECOND, Millis, zone
from swapboard.numbers.board import PoolBoard, board
from swapboard.numbers.pool import MISSED_BEATS
from swapboard.reports.span import last_days
from swapboard.reports.usual import Pace, Usual, same_times, usual
from swapboard.visits.listing import SessionFilter, SessionRecord, list_sessions
from swapboard.visits.pages import OpenPage, open_pages

LONGEST_RING: Millis = 10 * MINUTE
LONGEST_TALK: Millis = 4 * HOUR
LONGEST_VISIT: Millis = 12 * HOUR
JUST_ENDED: Millis = 30 * SECOND
MOST_VISITORS = 50
LAST_CALLS = 8


@dataclass(frozen=True, slots=True)
class LiveView:
    """Who is on the site, what rings, and how the day went so far."""

    calls: Sequence[CallRecord]
    """Ringing, talking, and ended a moment ago; newest first."""
    visitors: Sequence[SessionRecord]
    pages: Mapping[str, OpenPage]
    """The page each visitor is on, by session."""
    more_visitors: bool
    pools: Sequence[PoolBoard]
    today: Sequence[CallRecord]
    """The day's last calls, newest first."""
    counts: Mapping[str, int]
    """How many calls of today have each status."""
    site_seen: bool
    usual: Usual
    """What such a day had by this time in earlier weeks."""

    @property
    def ringing(self) -> int:
        """How many calls ring now."""
        return sum(call.status is Status.RINGING for call in self.calls)

    @property
    def calls_today(self) -> int:
        return sum(self.counts.values())

    @property
    def pace(self) -> Pace:
        """How today goes beside earlier weeks."""
        return self.usual.pace(self.calls_today)


def look(connection: Connection, company: Company, now: Millis) -> LiveView:
    """The company as it is now; its day began by its own clocks."""
    company_id = company.company_id
    today_at = last_days(1, now, zone(company.time_zone)).from_at
    sites = sites_of(connection, company_id)
    beat_seconds = max((site.beat_seconds for site in sites), default=20)
    present = SessionFilter(from_at=now - LONGEST_VISIT, seen_from_at=now - MISSED_BEATS * beat_seconds * SECOND)
    visitors = list_sessions(connection, company_id, present, MOST_VISITORS)
    today = list_calls(connection, company_id, CallFilter(from_at=today_at), LAST_CALLS).rows
    return LiveView(
        calls=_on_the_line(connection, company_id, now),
        visitors=visitors.rows,
        pages=open_pages(connection, company_id, [visitor.session_id for visitor in visitors.rows]),
        more_visitors=visitors.next_cursor is not None,
        pools=board(connection, company_id, now, company.session_seconds, today_at).pools,
        today=today,
        counts=facets(connection, company_id, today_at, None, with_spam=False).statuses,
        site_seen=any(site.first_seen_at is not None for site in sites),
        usual=_usual(connection, company, now),
    )


def _usual(connection: Connection, company: Company, now: Millis) -> Usual:
    company_id = company.company_id
    since = first_call_at(connection, company_id)
    spans = same_times(now, zone(company.time_zone), since) if since is not None else ()
    return usual([count_calls(connection, company_id, from_at, until_at) for from_at, until_at in spans])


def _on_the_line(connection: Connection, company_id: str, now: Millis) -> Sequence[CallRecord]:
    """A call whose last event was lost does not ring for ever: it is left out after the longest time."""
    ringing = CallFilter(from_at=now - LONGEST_RING, status=Status.RINGING)
    talking = CallFilter(from_at=now - LONGEST_TALK, status=Status.IN_PROGRESS)
    recent = CallFilter(from_at=now - LONGEST_RING)
    ended = [
        call
        for call in list_calls(connection, company_id, recent).rows
        if call.ended_at is not None and now - call.ended_at < JUST_ENDED
    ]
    return (
        *list_calls(connection, company_id, ringing).rows,
        *list_calls(connection, company_id, talking).rows,
        *ended,
    )
