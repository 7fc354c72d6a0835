"""Sizing: how many numbers a pool needs, how full it was, and what vendors would say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.clock import DAY, HOUR
from swapboard.numbers.advice import (
    AS_USUAL,
    Advice,
    Peak,
    Wishes,
    advise,
    advise_by_replay,
    peaks,
)
from swapboard.numbers.arrivals import rhythm_now
from swapboard.numbers.callers import callers_of
from swapboard.numbers.listing import PoolRecord
from swapboard.numbers.pool_alerts import PoolAlert, pool_alerts
from swapboard.numbers.rhythm import ComingDay, week_ahead
from swapboard.numbers.sizing import Traffic
from swapboard.numbers.stays import exhausted_at, stays_of, wishes_of
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.plots import PeakPlot, SizePlot, peak_plot, size_plot
from swapboard.web.dashboard.pool_choice import choose_pool
from swapboard.web.dashboard.rendering import page

REPLAYED_DAYS = 28
SHOWN_DAYS = 7
MOST_STAYS = 20_000
FEWEST_STAYS = 100
"""With fewer visits the replay would say little: then the three answers are asked for."""
DEFAULT_VISITS, DEFAULT_MINUTES = 60.0, 4.0


@dataclass(frozen=True, slots=True)
class Asked:
    """The form's answers."""

    visits: float
    minutes: float
    share_percent: float
    quiet_minutes: float
    promise_percent: float
    price: float


@dataclass(frozen=True, slots=True)
class OwnTraffic:
    """What the chosen pool's own visits tell."""

    advice: Advice | None
    """None while there are too few visits."""
    peaks: Sequence[Peak]
    plot: PeakPlot
    busiest: Peak
    exhausted: int
    """How many visits found no number in the days shown."""
    ahead: Sequence[ComingDay]
    """The coming week, day by day; empty while too little is known."""


@dataclass(frozen=True, slots=True)
class SizingView:
    """Everything the page shows."""

    pools: Sequence[PoolRecord]
    pool: PoolRecord | None
    own: OwnTraffic | None
    asked: Asked
    answers: Advice | None
    """From the form's answers; None when no pool could carry so much."""
    alerts: Sequence[PoolAlert]

    def plot(self, advice: Advice) -> SizePlot:
        return size_plot(advice)


async def sizing_page(request: Request, desk: Desk) -> Response:
    """By the company's own visits where there are enough, and by three answers."""
    query = request.query_params

    def read(connection: Connection) -> SizingView:
        pools, pool = choose_pool(connection, desk.company_id, query.get("pool"))
        usual = wishes_of(connection, desk.company_id, pool.pool_id) if pool else AS_USUAL
        asked = asked_of(query, usual)
        callers = callers_of(connection, desk.company_id, desk.now)
        wishes = Wishes(asked.quiet_minutes, asked.promise_percent / 100, round(asked.price * 100), callers)
        own = _own(connection, desk, pool, wishes) if pool else None
        alerts = pool_alerts(connection, desk.company_id, desk.company.time_zone, desk.now)
        return SizingView(pools, pool, own, asked, _by_answers(asked, wishes), alerts)

    return page("sizing.html", desk=desk, view=await exchange_of(request).read(read))


def asked_of(query: Mapping[str, str], usual: Wishes) -> Asked:
    """The form's answers; what is missing or no number is as usual."""
    return Asked(
        visits=_number(query, "visits", DEFAULT_VISITS, 0.1, 100_000),
        minutes=_number(query, "minutes", DEFAULT_MINUTES, 0.1, 600),
        share_percent=_number(query, "share", 100, 0.1, 100),
        quiet_minutes=_number(query, "quiet", usual.quiet_minutes, 0, 1_440),
        promise_percent=_number(query, "promise", usual.promise * 100, 0.01, 50),
        price=_number(query, "price", usual.number_cents / 100, 0, 1_000),
    )


def _own(connection: Connection, desk: Desk, pool: PoolRecord, wishes: Wishes) -> OwnTraffic:
    company_id, now = desk.company_id, desk.now
    stays = stays_of(connection, company_id, pool.pool_id, now - REPLAYED_DAYS * DAY, now, MOST_STAYS)
    shown_from = now - now % HOUR - SHOWN_DAYS * DAY + HOUR
    if len(stays) >= MOST_STAYS:
        # So busy that what was read does not reach back a week: an hour of which nothing is known is not shown.
        shown_from = min(max(shown_from, stays[0].from_at - stays[0].from_at % HOUR + HOUR), now - now % HOUR)
    shown = peaks(stays, shown_from, now)
    busiest = max(shown, key=lambda peak: peak.live)
    exhausted = len(exhausted_at(connection, company_id, pool.pool_id, shown_from))
    advice = advise_by_replay(stays, wishes) if len(stays) >= FEWEST_STAYS else None
    found = rhythm_now(connection, company_id, pool.pool_id, now)
    return OwnTraffic(
        advice=advice,
        peaks=shown,
        plot=peak_plot(shown, pool.active),
        busiest=busiest,
        exhausted=exhausted,
        ahead=week_ahead(found, now, desk.company.time_zone) if found else [],
    )


def _by_answers(asked: Asked, wishes: Wishes) -> Advice | None:
    traffic = Traffic(asked.visits * asked.share_percent / 100, asked.minutes, asked.quiet_minutes)
    try:
        return advise(traffic, wishes)
    except ValueError:
        return None


def _number(query: Mapping[str, str], name: str, usual: float, least: float, most: float) -> float:
    try:
        number = float(query.get(name, "").replace(",", "."))
    except ValueError:
        return usual
    return min(max(number, least), most) if number == number else usual  # noqa: PLR0124 NaN is not itself
