"""Secrets that are ours to make: a new signing secret, a new password for files."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.conversions.store import DestinationRecord, change_destination
from swapboard.switchboard.destination_settings import SettingFault, renewed, sealed, to_show
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.destination_view import asked_for_to_change, kind_named, show
from swapboard.web.dashboard.forms import require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.translation import _
from swapboard.web.feed_view import FeedView, give_password


async def rotate_secrets(request: Request, desk: Desk) -> Response:
    """New secrets, beside the old ones for a while."""
    require_change(desk)
    vault = exchange_of(request).vault

    def write(connection: Connection) -> tuple[DestinationRecord, Mapping[str, str]]:
        known = asked_for_to_change(connection, request, desk)
        kind = kind_named(known.kind)
        try:
            new = renewed(kind, known, vault, desk.now)
        except SettingFault as fault:
            raise Refused(409, str(fault)) from None
        settings, credentials = sealed(kind, new, vault)
        record = replace(known, settings=settings, credentials=credentials)
        change_destination(connection, record)
        return record, to_show(kind, new)

    record, made = await exchange_of(request).change(write)
    said = _("There is a new secret. The old one signs beside it for seven days.")
    return await show(request, desk, record, made=made, said=said)


async def make_password(request: Request, desk: Desk) -> Response:
    """Make a new password for its files, and show it this once."""
    require_change(desk)
    exchange = exchange_of(request)

    def write(connection: Connection) -> tuple[DestinationRecord, FeedView | None]:
        known = asked_for_to_change(connection, request, desk)
        return known, give_password(connection, exchange, kind_named(known.kind), known, desk.now)

    record, feed = await exchange.change(write)
    if feed is None:
        raise Refused(404, _("This destination fetches no files."))
    return await show(request, desk, record, feed=feed)
