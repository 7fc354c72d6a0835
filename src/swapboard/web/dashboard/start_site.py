"""Step 4 of the assistant: the line to paste, and whether it is seen: by reading the page, by a first visit."""

from dataclasses import dataclass

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from swapboard.accounts.company import Site
from swapboard.accounts.store import sites_of
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.reach import LineSeen, reach_of
from swapboard.web.dashboard.start_page import start_page
from swapboard.web.dashboard.start_steps import Step
from swapboard.web.script import line_to_paste


@dataclass(frozen=True, slots=True)
class SiteView:
    """The first site, its line, and what reading its page told; None when it was not read."""

    site: Site | None
    line: str = ""
    seen: LineSeen | None = None


async def show_site(request: Request, desk: Desk) -> Response:
    """The line; with `look` in the address the site's page is read."""
    exchange, look = exchange_of(request), reach_of(request).look_for_line
    site = next(iter(await exchange.read(lambda connection: sites_of(connection, desk.company_id))), None)
    if site is None:
        return await start_page(request, desk, Step.SITE, view=SiteView(None), can_look=False)
    seen: LineSeen | None = None
    if look and site.hosts and request.query_params.get("look") == "yes":
        public_url = exchange.settings.public_url
        seen = await run_sync(lambda: look(site, public_url))
    view = SiteView(site, line_to_paste(exchange.settings, site.site_key), seen)
    return await start_page(request, desk, Step.SITE, view=view, can_look=bool(look and site.hosts))
