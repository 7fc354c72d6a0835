"""Saved reports by e-mail: when, to whom, one at once, and what became of the last ones."""

from urllib.parse import quote

from anyio.to_thread import run_sync
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.letter import Letter
from swapboard.mail.addresses import read_addresses
from swapboard.reports.report import read_report
from swapboard.reports.saved_view import SavedView
from swapboard.reports.schedule import HOURS, Cadence, Schedule
from swapboard.reports.schedule_store import remove_schedule
from swapboard.switchboard.report_mail import (
    TooManySchedules,
    file_name,
    new_schedule,
    send_one_now,
    send_regularly,
    write_one,
)
from swapboard.switchboard.report_recipients import out_of_reach
from swapboard.switchboard.sheets import read_sheet
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.saved_views import VIEWS, found_view, show_view
from swapboard.web.dashboard.translation import _

_HOURS = {str(hour): hour for hour in range(HOURS)}


async def send_now(request: Request, desk: Desk) -> Response:
    """Send one to whoever asks."""
    view, exchange = await found_view(request, desk), exchange_of(request)
    if not exchange.settings.smtp_url:
        raise Refused(409, _("No mail server is set: whoever runs this server sets SWAPBOARD_SMTP_URL."))
    letter, pdf = await _written(request, desk, view)
    to = desk.user.email
    await exchange.change(lambda connection: send_one_now(connection, view, [to], letter, pdf, desk.now))
    return _back(view)


async def download(request: Request, desk: Desk) -> Response:
    """The same PDF at once."""
    view = await found_view(request, desk)
    _letter, pdf = await _written(request, desk, view)
    # A name of any script, RFC 6266.
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name(view))}"}
    return Response(pdf, media_type="application/pdf", headers=headers)


async def _written(request: Request, desk: Desk, view: SavedView) -> tuple[Letter, bytes]:
    """Raises Refused (422)."""
    exchange = exchange_of(request)
    try:
        report = read_report(view.address)
        sheet = await exchange.read(
            lambda connection: read_sheet(connection, desk.company, view.name, report, desk.now)
        )
    except ValueError as error:
        raise Refused(422, str(error)) from None
    return await run_sync(write_one, sheet, desk.company, view, exchange.settings.public_url)


async def save_schedule(request: Request, desk: Desk) -> Response:
    """Send it regularly from now on."""
    view, form = await found_view(request, desk), await read_form(request)
    try:
        schedule = _schedule(desk, view, form)
    except ValueError as error:
        return await show_view(request, desk, view, typed=form, fault=str(error))

    def write(connection: Connection) -> str | None:
        if strange := out_of_reach(connection, desk.company_id, desk.user.role, schedule.reached):
            return strange[0]
        send_regularly(connection, schedule)
        return None

    try:
        strange = await exchange_of(request).change(write)
    except TooManySchedules:
        raise Refused(409, _("There are as many of these as there can be. Remove one first.")) from None
    if strange is None:
        return _back(view)
    words = _("%(who)s is nobody of this company: only an owner or an admin sends reports there.")
    return await show_view(request, desk, view, typed=form, fault=words % {"who": strange}, status=403)


async def drop_schedule(request: Request, desk: Desk) -> Response:
    """Send it so no more."""
    view, form = await found_view(request, desk), await read_form(request)
    schedule_id = form.one("schedule_id")
    await exchange_of(request).change(
        lambda connection: remove_schedule(connection, desk.company_id, view.view_id, schedule_id)
    )
    return _back(view)


def _schedule(desk: Desk, view: SavedView, form: Form) -> Schedule:
    """Raises ValueError with words for people."""
    cadence, hour = form.one("cadence"), form.one("hour")
    addresses = read_addresses(form.one("recipients"))
    if not addresses or cadence not in set(Cadence) or hour not in _HOURS:
        raise ValueError(_("Say how often, at which hour, and write at least one e-mail address."))
    by, now = desk.user.email, desk.now
    return new_schedule(view, desk.company, Cadence(cadence), _HOURS[hour], addresses, by, now)


def _back(view: SavedView) -> Response:
    return RedirectResponse(f"{VIEWS}/{view.view_id}#mail", 303)
