"""Costs: what is in, by day and campaign, what does not fit together, and the rates of currencies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from anyio.to_thread import run_sync
from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.access.grant import Grant
from swapboard.keywords.store import PLATFORMS, KeptAccount, accounts_of
from swapboard.reports.cost_campaigns import (
    Visited,
    calls_by_campaign,
    campaign_names,
    name_campaign,
    visited_campaigns,
)
from swapboard.reports.cost_import import (
    MOST_BYTES,
)
from swapboard.reports.cost_store import Told, costs_between, feeds_of, remove_feed
from swapboard.reports.costs import Platform, money
from swapboard.reports.placement_store import running_placements
from swapboard.reports.rate_store import put_rates, rates_of
from swapboard.reports.rates import read_rates
from swapboard.reports.spending import (
    Spending,
    counted_twice,
    gaps,
    placement_lines,
    spending,
)
from swapboard.spreadsheet import text_of
from swapboard.switchboard.cost_accounts import cost_grants
from swapboard.switchboard.currency_rates import NoRates, ask_bank
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, check_length, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.periods import PERIOD, Period, bounds
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.retold import retold
from swapboard.web.dashboard.translation import Words, _

COSTS = "/costs"
OFFERED = (Period.WEEK, Period.MONTH, Period.QUARTER)
PLATFORM: Mapping[Platform, str] = Words(
    {
        Platform.GOOGLE_ADS: "Google Ads",
        Platform.MICROSOFT: "Microsoft Advertising",
        Platform.META: "Meta",
        Platform.PLACEMENT: _("Placements"),
        Platform.OTHER: _("Something else"),
    }
)


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A feed, and of which days it told nothing."""

    told: Told
    gaps: Sequence[tuple[date, date]]


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account, and how it was when it was asked last."""

    platform: str
    account: KeptAccount


@dataclass(frozen=True, slots=True)
class CostsView:
    """Everything the page shows."""

    period: Period
    spending: Spending
    feeds: Sequence[FeedLine]
    twice: Sequence[tuple[str, str, int]]
    visited: Sequence[Visited]
    names: Mapping[str, str]
    days: tuple[date, date]
    accounts: Sequence[AccountLine]
    grants: Mapping[str, Sequence[Grant]]
    """Which access reads costs at Google."""

    @property
    def dearest(self) -> int:
        """The dearest day's, for the bars."""
        return max((spent.micros for _day, spent in self.spending.by_day), default=0)


def cost_routes() -> list[Route]:
    """Every address below /costs but those of files."""
    return [
        Route(COSTS, signed_in(costs_page)),
        Route(f"{COSTS}/names", signed_in(save_name), methods=["POST"]),
        Route(f"{COSTS}/rates", signed_in(send_rates), methods=["POST"]),
        Route(f"{COSTS}/rates/bank", signed_in(ask_for_rates), methods=["POST"]),
        Route(f"{COSTS}/feeds", signed_in(drop_feed), methods=["POST"]),
    ]


async def costs_page(request: Request, desk: Desk) -> Response:
    """What is in, by day and by campaign."""
    return await show_costs(request, desk)


async def save_name(request: Request, desk: Desk) -> Response:
    """Keep what visits call a campaign."""
    require_change(desk)
    form = await read_form(request)
    campaign, visited_as = form.one("campaign")[:500], form.one("visited_as")[:500]
    await exchange_of(request).change(
        lambda connection: name_campaign(connection, desk.company_id, campaign, visited_as)
    )
    return RedirectResponse(f"{COSTS}?period={_period(form.one('period'))}#unmatched", 303)


async def send_rates(request: Request, desk: Desk) -> Response:
    """Keep rates of currencies."""
    require_change(desk)
    _name, content = await sent_file(request)
    try:
        rates = list(read_rates(text_of(content)))
    except ValueError as error:
        return await show_costs(request, desk, f"{_('These rates cannot be read.')} {error}")
    await exchange_of(request).change(lambda connection: put_rates(connection, desk.company_id, rates))
    return RedirectResponse(f"{COSTS}?rates={len(rates)}#rates", 303)


async def ask_for_rates(request: Request, desk: Desk) -> Response:
    """Keep the European Central Bank's rates of the last 90 days."""
    require_change(desk)
    try:
        rates = await run_sync(ask_bank, True)
    except NoRates as error:
        return await show_costs(request, desk, retold(error))
    await exchange_of(request).change(lambda connection: put_rates(connection, desk.company_id, rates))
    return RedirectResponse(f"{COSTS}?rates={len(rates)}#rates", 303)


async def drop_feed(request: Request, desk: Desk) -> Response:
    """Forget everything that a feed told."""
    require_change(desk)
    feed = (await read_form(request)).one("feed")
    await exchange_of(request).change(lambda connection: remove_feed(connection, desk.company_id, feed))
    return RedirectResponse(f"{COSTS}#feeds", 303)


async def show_costs(request: Request, desk: Desk, problem: str = "", typed: Form | None = None) -> Response:
    """The page, with what is wrong about what was sent, and what was typed of an account that cannot be asked."""
    period = _period(request.query_params.get("period", ""))
    view = await exchange_of(request).read(lambda connection: _look(connection, desk, period))
    return page(
        "costs.html",
        422 if problem else 200,
        desk=desk,
        view=view,
        problem=problem,
        typed=typed or Form({}),
        taken=request.query_params.get("taken", ""),
        rates=request.query_params.get("rates", ""),
        periods={each: PERIOD[each] for each in OFFERED},
        PLATFORM=PLATFORM,
        platform_of=_platform_name,
        money=partial(money, currency=desk.company.currency),
    )


def _look(connection: Connection, desk: Desk, period: Period) -> CostsView:
    company_id, currency = desk.company_id, desk.company.currency
    from_at, _until = bounds(period, desk.moments)
    first, last = desk.moments.local(from_at or 0).date(), desk.moments.local(desk.now).date()
    kept = [
        *costs_between(connection, company_id, first, last),
        *placement_lines(running_placements(connection, company_id), currency, first, last),
    ]
    visited = visited_campaigns(connection, company_id, from_at or 0, desk.now + 1)
    names = campaign_names(connection, company_id)
    calls = calls_by_campaign(connection, company_id, from_at or 0, desk.now + 1)
    rates = rates_of(connection, company_id, first, last)
    told = feeds_of(connection, company_id)
    return CostsView(
        period,
        spending(kept, rates, currency, (first, last), visited, names, calls),
        # Today's costs are told tomorrow.
        [FeedLine(each, () if ":" in each.feed else gaps(each, last - timedelta(1))) for each in told],
        counted_twice(told),
        visited,
        names,
        (first, last),
        _account_lines(connection, company_id),
        cost_grants(connection, company_id),
    )


def _account_lines(connection: Connection, company_id: str) -> Sequence[AccountLine]:
    """Every account that is asked."""
    return [
        AccountLine(platform, account)
        for platform in PLATFORMS
        for account in accounts_of(connection, company_id, platform)
    ]


async def sent_file(request: Request) -> tuple[str, bytes]:
    """The name and the bytes of the file in a form. Raises Refused."""
    check_length(request, MOST_BYTES, _("A file has at most 16 MB. Export fewer days at a time."))
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Refused(422, _("Choose a file first."))
        return file.filename, await file.read()


def _period(asked: str) -> Period:
    return Period(asked) if asked in set(OFFERED) else Period.MONTH


def _platform_name(feed: str) -> str:
    name, _colon, account = feed.partition(":")
    known = PLATFORM[Platform(name)] if name in set(Platform) else name
    return f"{known} {account}".strip()
