"""Sizing: how many numbers a pool needs, how full it was, and what vendors would say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.amount import number_of
from swapboard.numbers.advice import AS_USUAL, Advice, Wishes, advise
from swapboard.numbers.callers import callers_of
from swapboard.numbers.listing import PoolRecord
from swapboard.numbers.own_traffic import OwnTraffic, own_traffic
from swapboard.numbers.pool_alerts import PoolAlert, pool_alerts
from swapboard.numbers.sizing import Traffic
from swapboard.numbers.stays import wishes_of
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.plots import PeakPlot, SizePlot, peak_plot, size_plot
from swapboard.web.dashboard.pool_choice import choose_pool
from swapboard.web.dashboard.rendering import page

DEFAULT_VISITS, DEFAULT_MINUTES = 60.0, 4.0
LONGEST_TOLD = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """The form's answers."""

    visits: float
    minutes: float
    share_percent: float
    quiet_minutes: float
    promise_percent: float
    price: float
    slips: Sequence[tuple[str, float]] = ()
    """What was typed and is no answer, and what is taken instead."""


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

    def peaks_plot(self, own: OwnTraffic, pool: PoolRecord) -> PeakPlot:
        return peak_plot(own.peaks, pool.active)


async def sizing_page(request: Request, desk: Desk) -> Response:
    """By the company's own visits where there are enough, and by three answers."""
    query = request.query_params

    def read(connection: Connection) -> SizingView:
        pools, pool = choose_pool(connection, desk.company_id, query.get("pool"))
        usual = wishes_of(connection, desk.company_id, pool.pool_id) if pool else AS_USUAL
        asked = asked_of(query, usual)
        callers = callers_of(connection, desk.company_id, desk.now)
        wishes = Wishes(asked.quiet_minutes, asked.promise_percent / 100, round(asked.price * 100), callers)
        zone = desk.company.time_zone
        own = own_traffic(connection, desk.company_id, pool.pool_id, zone, wishes, desk.now) if pool else None
        alerts = pool_alerts(connection, desk.company_id, zone, desk.now)
        return SizingView(pools, pool, own, asked, _by_answers(asked, wishes), alerts)

    return page("sizing.html", desk=desk, view=await exchange_of(request).read(read))


def asked_of(query: Mapping[str, str], usual: Wishes) -> Asked:
    """The form's answers; what is missing is as usual, and so is what is no number."""
    slips: list[tuple[str, float]] = []

    def number(name: str, by_itself: float, least: float, most: float) -> float:
        typed = query.get(name, "").strip()
        told = number_of(typed.removesuffix("%").rstrip(), most)
        taken = by_itself if told is None else min(max(told, least), most)
        if typed and taken != told:
            slips.append((typed[:LONGEST_TOLD], taken))
        return taken

    return Asked(
        visits=number("visits", DEFAULT_VISITS, 0.1, 100_000),
        minutes=number("minutes", DEFAULT_MINUTES, 0.1, 600),
        share_percent=number("share", 100, 0.1, 100),
        quiet_minutes=number("quiet", usual.quiet_minutes, 0, 1_440),
        promise_percent=number("promise", usual.promise * 100, 0.01, 50),
        price=number("price", usual.number_cents / 100, 0, 1_000),
        slips=slips,
    )


def _by_answers(asked: Asked, wishes: Wishes) -> Advice | None:
    traffic = Traffic(asked.visits * asked.share_percent / 100, asked.minutes, asked.quiet_minutes)
    try:
        return advise(traffic, wishes)
    except ValueError:
        return None
