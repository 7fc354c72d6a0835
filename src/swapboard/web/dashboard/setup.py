"""Set-up: the line to paste, what is heard of each site, where carriers send their webhooks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anyio.to_thread import run_sync
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from swapboard.accounts.company import Site
from swapboard.accounts.store import site_by_id, sites_of
from swapboard.calls.store import carrier_accounts
from swapboard.carriers.base import Door, Links
from swapboard.carriers.installed import rings_by_line, usable
from swapboard.numbers.e164 import national
from swapboard.numbers.target_listing import TargetRecord, list_targets
from swapboard.settings import Settings
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.numbers import MOST_TARGETS
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import _
from swapboard.web.practice import SANDBOX
from swapboard.web.script import line_to_paste, script_address
from swapboard.web.wordpress import FILE_NAME, configured_for, plugin_files, plugin_zip


@dataclass(frozen=True, slots=True)
class CarrierLine:
    """An account at a carrier, and where it sends calls and their news."""

    carrier_id: str
    name: str
    kind: str
    voice: str
    status: str
    rings_by_line: bool


@dataclass(frozen=True, slots=True)
class SetupView:
    """Everything the page shows."""

    sites: Sequence[tuple[Site, str]]
    """Each site with the line to paste."""
    targets: Sequence[TargetRecord]
    carriers: Sequence[CarrierLine]
    kinds: Mapping[str, str]
    """The carriers that can be connected, by their names."""


async def setup_page(request: Request, desk: Desk) -> Response:
    """What is left to do, and what is done."""
    settings = exchange_of(request).settings

    def read(connection: Connection) -> SetupView:
        accounts = carrier_accounts(connection, desk.company_id)
        return SetupView(
            sites=[
                (site, line_to_paste(settings, site.site_key)) for site in sites_of(connection, desk.company_id)
            ],
            targets=list_targets(connection, desk.company_id, MOST_TARGETS).rows,
            kinds={kind: _kind_name(kind) for kind in usable()},
            carriers=[_carrier(settings, row.carrier_id, row.name, row.kind) for row in accounts],
        )

    return page("setup.html", desk=desk, view=await exchange_of(request).read(read))


async def wordpress_plugin(request: Request, desk: Desk) -> Response:
    """The WordPress plugin, which knows this server, the site and the company's first number."""
    site_id: str = request.path_params["site_id"]

    def read(connection: Connection) -> tuple[Site | None, Sequence[TargetRecord]]:
        site = site_by_id(connection, desk.company_id, site_id)
        return site, list_targets(connection, desk.company_id, 1).rows

    site, targets = await exchange_of(request).read(read)
    if site is None:
        raise HTTPException(404)
    script = script_address(exchange_of(request).settings, site.site_key)
    number = national(targets[0].number) if targets else ""
    packed = await run_sync(lambda: plugin_zip(configured_for(plugin_files(), script, number)))
    named = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(packed, headers=named, media_type="application/zip")


def _carrier(settings: Settings, carrier_id: str, name: str, kind: str) -> CarrierLine:
    links = Links(settings.public_url, carrier_id)
    voice, status = links.door(Door.VOICE), links.door(Door.STATUS)
    return CarrierLine(carrier_id, name, _kind_name(kind), voice, status, rings_by_line(kind))


def _kind_name(kind: str) -> str:
    """What people call the carrier; its bare kind when its adapter is not installed."""
    if kind == SANDBOX:
        return _("Practice network")
    known = usable().get(kind)
    return known.name if known else kind
