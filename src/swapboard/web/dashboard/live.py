"""The live page, its form for the wall, and the stream that keeps both up to date."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from functools import cache

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from swapboard import __version__
from swapboard.language import current
from swapboard.numbers.pool_alerts import PoolAlert, pool_alerts
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.live_feed import Audience, LiveFeeds
from swapboard.web.dashboard.rendering import page, static_url, text
from swapboard.web.dashboard.start_steps import Progress, progress_of
from swapboard.web.live_view import LiveView, look
from swapboard.web.methods import only_looks

PARTS = ("calls", "today", "pools", "latest", "visitors")
"""As they stand on a phone, below one another: a page that has half arrived must not move when the rest comes, nor
what one looks at when somebody calls; so the lists that grow stand last."""


async def live_page(request: Request, desk: Desk) -> Response:
    """Who is on the site and what rings, as of now."""

    def read(connection: Connection) -> tuple[LiveView, Sequence[PoolAlert], Progress]:
        # Warnings are no part of the stream: they change by the hour, and it looks at every visit.
        alerts = pool_alerts(connection, desk.company_id, desk.company.time_zone, desk.now)
        return look(connection, desk.company, desk.now), alerts, progress_of(connection, desk.company_id)

    view, alerts, progress = await exchange_of(request).read(read)
    told = {"view": view, "alerts": alerts, "progress": progress, "parts": PARTS, "edition": _edition(desk)}
    return page("live.html", 200, None, desk=desk, **told)


async def wall_page(request: Request, desk: Desk) -> Response:
    """The same for a screen on the wall: large, dark, without menus."""
    view = await exchange_of(request).read(lambda connection: look(connection, desk.company, desk.now))
    return page("wall.html", 200, None, desk=desk, view=view, parts=PARTS, edition=_edition(desk))


async def live_events(request: Request, desk: Desk) -> Response:
    """The same parts as server-sent events: all at first, then each one that changed."""
    headers = {"X-Accel-Buffering": "no"}
    if only_looks(request):
        return Response(headers=headers, media_type="text/event-stream")
    return StreamingResponse(_events(request, desk), headers=headers, media_type="text/event-stream")


def render_parts(connection: Connection, desk: Desk) -> Mapping[str, str]:
    """Each part as HTML; nothing in them may depend on more than company, role and language (`Audience`)."""
    view = look(connection, desk.company, desk.now)
    parts = {name: text(f"live/{name}.html", desk=desk, view=view) for name in PARTS}
    return {**parts, "condition": text("condition.html", desk=desk)}


async def _events(request: Request, desk: Desk) -> AsyncIterator[bytes]:
    # At once, so that the answer begins before the first look at the database ends.
    yield f"event: edition\ndata: {_edition(desk)}\n\n".encode()
    feeds: LiveFeeds = request.app.state.live_feeds
    audience = Audience(desk.company_id, desk.user.role, current())
    async with aclosing(feeds.messages(audience, dict(request.session))) as messages:
        async for message in messages:
            yield message


def _edition(desk: Desk) -> str:
    """What a page was made for: a page that is told another one loads itself anew."""
    return f"{_release()}-{desk.company_id}"


@cache
def _release() -> str:
    made_of = (__version__, *map(static_url, ("live.js", "app.js", "app.css", "wall.css")))
    return hashlib.sha256(" ".join(made_of).encode()).hexdigest()[:12]
