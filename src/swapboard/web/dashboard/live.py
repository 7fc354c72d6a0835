"""The live page, and the stream that keeps it up to date."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from swapboard.numbers.pool_alerts import PoolAlert, pool_alerts
from swapboard.web.dashboard.guard import Desk, desk_of, exchange_of
from swapboard.web.dashboard.rendering import page, text
from swapboard.web.live_view import LiveView, look

log = logging.getLogger(__name__)

PARTS = ("calls", "visitors", "pools", "today")
STILL_HERE = "event: still\ndata:\n\n"
"""Sent when nothing changed: the page notices by its absence that the network went away."""
AT_ONCE = ": hello\n\n"
"""A comment, so that the answer begins before the first look at the database ends."""


async def live_page(request: Request, desk: Desk) -> Response:
    """Who is on the site and what rings, as of now."""

    def read(connection: Connection) -> tuple[LiveView, Sequence[PoolAlert]]:
        # Warnings are no part of the stream: they change by the hour, and it looks at every visit.
        alerts = pool_alerts(connection, desk.company_id, desk.company.time_zone, desk.now)
        return look(connection, desk.company, desk.now), alerts

    view, alerts = await exchange_of(request).read(read)
    return page("live.html", desk=desk, view=view, alerts=alerts, parts=PARTS)


async def live_events(request: Request, desk: Desk) -> Response:
    """The same parts as server-sent events: all at first, then each one that changed."""
    headers = {"X-Accel-Buffering": "no"}
    if request.method == "HEAD":
        return Response(headers=headers, media_type="text/event-stream")
    return StreamingResponse(_events(request, desk), headers=headers, media_type="text/event-stream")


async def _events(request: Request, desk: Desk) -> AsyncIterator[str]:
    yield AT_ONCE
    exchange = exchange_of(request)
    shown: dict[str, str] = {}
    async with aclosing(exchange.live.changes(desk.company_id)) as changes:
        async for _ in changes:
            parts = await _parts(request)
            if parts is None:
                return
            fresh = {name: html for name, html in parts.items() if shown.get(name) != html}
            shown = parts
            yield _message(fresh) if fresh else STILL_HERE


async def _parts(request: Request) -> dict[str, str] | None:
    """The parts as they are now; None when the stream must end: the browser will ask again.

    Who looks is asked anew each time: somebody who was removed, or whose ticket ran out, sees nothing more.
    """
    try:
        desk = await desk_of(request)
        return await exchange_of(request).read(lambda connection: _render(connection, desk)) if desk else None
    except SQLAlchemyError as error:
        log.warning("a live page loses its stream, because the database does not answer: %s", error)
        return None


def _render(connection: Connection, desk: Desk) -> dict[str, str]:
    view = look(connection, desk.company, desk.now)
    parts = {name: text(f"live/{name}.html", desk=desk, view=view) for name in PARTS}
    return {**parts, "condition": text("condition.html", desk=desk)}


def _message(parts: dict[str, str]) -> str:
    """One event whose partials htmx puts in their places."""
    html = "\n".join(
        f'<hx-partial hx-target="#live-{name}" hx-swap="innerMorph">{part}</hx-partial>'
        for name, part in parts.items()
    )
    return "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"
