"""Files of costs: looked at first, read as the form says, then brought in."""

from collections.abc import Mapping

from anyio.to_thread import run_sync
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.reports.cost_columns import Column, Layout
from swapboard.reports.cost_file_store import Draft, draft_by_id, drop_draft, keep_draft, keep_layout
from swapboard.reports.cost_import import (
    Home,
    Looked,
    feed_of,
    look_at,
    look_for,
    sums_of,
    take_in,
)
from swapboard.reports.cost_sheet import BadSheet
from swapboard.reports.costs import Platform, money
from swapboard.storage.ids import new_id
from swapboard.web.dashboard.costs import COSTS, PLATFORM, sent_file, show_costs
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.periods import Period
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.spans import between
from swapboard.web.dashboard.translation import Words, _

FILES = f"{COSTS}/files"
SHOWN_ROWS = 6
COLUMN: Mapping[Column, str] = Words(
    {
        Column.DAY: _("Day, or the first day"),
        Column.LAST_DAY: _("Last day"),
        Column.COST: _("Cost"),
        Column.CURRENCY: _("Currency"),
        Column.CAMPAIGN: _("Campaign"),
        Column.CAMPAIGN_ID: _("Campaign's ID"),
        Column.AD_GROUP: _("Ad group"),
        Column.KEYWORD: _("Keyword"),
        Column.CHANNEL: _("Channel"),
        Column.SOURCE: _("Source"),
        Column.MEDIUM: _("Medium"),
        Column.CLICKS: _("Clicks"),
        Column.IMPRESSIONS: _("Impressions"),
    }
)


def cost_file_routes() -> list[Route]:
    """Every address below /costs/files."""
    return [
        Route(FILES, signed_in(send_file), methods=["POST"]),
        Route(f"{FILES}/{{draft_id}}", signed_in(file_page), methods=["GET"]),
        Route(f"{FILES}/{{draft_id}}", signed_in(take_file), methods=["POST"]),
    ]


async def send_file(request: Request, desk: Desk) -> Response:
    """Keep a file to look at; nothing counts yet."""
    require_change(desk)
    name, content = await sent_file(request)
    try:
        await run_sync(look_at, content, _home(desk))
    except BadSheet as error:
        return await show_costs(request, desk, str(error))
    draft = Draft(new_id(desk.now), name[:200], content)
    await exchange_of(request).change(lambda connection: keep_draft(connection, desk.company_id, draft, desk.now))
    return RedirectResponse(f"{FILES}/{draft.draft_id}", 303)


async def file_page(request: Request, desk: Desk) -> Response:
    """How a file is read, and what it says then."""
    draft = await _draft(request, desk)

    def read(connection: Connection) -> tuple[Looked, str]:
        looked = look_for(connection, desk.company_id, draft.content, _home(desk))
        return looked, feed_of(connection, desk.company_id, looked.layout)

    return _file_page(desk, draft, *await exchange_of(request).read(read))


async def take_file(request: Request, desk: Desk) -> Response:
    """Read it as the form says: to look again, or to let it count."""
    require_change(desk)
    draft, form = await _draft(request, desk), await read_form(request)
    layout = _layout(form)
    looked = await run_sync(look_at, draft.content, _home(desk), layout)
    feed = form.one("feed")[:100]
    if form.one("do") != "take" or looked.read.faults or not looked.read.lines:
        kept = feed or await exchange_of(request).read(
            lambda connection: feed_of(connection, desk.company_id, layout)
        )
        return _file_page(desk, draft, looked, kept, 200 if form.one("do") != "take" else 422)

    def write(connection: Connection) -> None:
        chosen = feed or feed_of(connection, desk.company_id, layout)
        take_in(connection, desk.company_id, chosen, looked.read, desk.now)
        keep_layout(connection, desk.company_id, looked.table.signature, layout, desk.now)
        drop_draft(connection, desk.company_id, draft.draft_id)

    await exchange_of(request).change(write)
    return RedirectResponse(f"{COSTS}?period={_period_of(desk, looked)}&taken={len(looked.read.lines)}", 303)


def _file_page(desk: Desk, draft: Draft, looked: Looked, feed: str, status: int = 200) -> Response:
    return page(
        "cost_file.html",
        status,
        desk=desk,
        draft=draft,
        looked=looked,
        feed=feed,
        sums=sums_of(looked.read),
        days=between(*looked.read.days, desk.moments) if looked.read.days else _("Not known"),
        shown=looked.table.rows[:SHOWN_ROWS],
        COLUMN=COLUMN,
        PLATFORM={each: name for each, name in PLATFORM.items() if each is not Platform.PLACEMENT},
        money=money,
    )


def _layout(form: Form) -> Layout:
    """How the form says that the file is read."""
    columns = {column: form.one(f"column-{column.value}") for column in Column}
    platform = form.one("platform")
    decimal, order = form.one("decimal"), form.one("order")
    return Layout(
        {column: heading for column, heading in columns.items() if heading},
        Platform(platform) if platform in set(Platform) else Platform.OTHER,
        form.one("currency").upper()[:3],
        decimal if decimal in {".", ","} else "",
        {"month": True, "day": False}.get(order),
        form.one("campaign")[:200],
    )


async def _draft(request: Request, desk: Desk) -> Draft:
    draft_id: str = request.path_params["draft_id"]
    draft = await exchange_of(request).read(lambda connection: draft_by_id(connection, desk.company_id, draft_id))
    if draft is None:
        raise HTTPException(404)
    return draft


def _home(desk: Desk) -> Home:
    return Home(desk.company.currency, desk.company.country)


def _period_of(desk: Desk, looked: Looked) -> Period:
    """One that shows the file's days, if any does."""
    today = desk.moments.local(desk.now).date()
    first = looked.read.days[0] if looked.read.days else today
    return Period.MONTH if (today - first).days < 30 else Period.QUARTER
