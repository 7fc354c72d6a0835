"""Saved reports go out by e-mail: regularly, each once however many workers look, and one at once on request."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from swapboard.accounts.company import Company
from swapboard.accounts.secrets import Vault
from swapboard.accounts.store import company_by_id
from swapboard.clock import HOUR, Millis
from swapboard.language import Words, _, speaking
from swapboard.letter import Letter
from swapboard.mail.outbox import Enclosed, put_out
from swapboard.reports.report import read_report
from swapboard.reports.saved_view import SavedView
from swapboard.reports.schedule import MOST_SCHEDULES, Cadence, Recipient, Schedule, next_due
from swapboard.reports.schedule_store import add_schedule, due_schedules, schedules_of, still_reached, take
from swapboard.reports.sheet import Sheet
from swapboard.reports.sheet_letter import sheet_letter
from swapboard.reports.view_store import view_by_id
from swapboard.storage.ids import new_id
from swapboard.switchboard.sheets import read_sheet

STOP_PATH = "/unsubscribe"
_TRIED_FOR: Millis = HOUR
"""So long a report that the database fails over stays due."""
_UNREADABLE = _("The database could not count it in time. Choose fewer days, or a narrower filter.")
_log = logging.getLogger(__name__)
_WHY: Mapping[Cadence, str] = Words(
    {
        Cadence.DAILY: _("%(who)s set up this daily e-mail."),
        Cadence.WEEKLY: _("%(who)s set up this weekly e-mail."),
        Cadence.MONTHLY: _("%(who)s set up this monthly e-mail."),
    }
)


@dataclass(frozen=True, slots=True)
class Ready:
    """A report that is to be sent: what stands in it, or why nothing can."""

    schedule: Schedule
    company: Company
    view: SavedView
    sheet: Sheet | None
    """None where nobody is left to get it, or there is trouble."""
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Its letters, each with whom it is for and where they say that they want no more."""

    ready: Ready
    letters: Sequence[tuple[str, Letter, str]]
    pdf: bytes


class TooManySchedules(Exception):
    """So many of one saved report there are already."""


def new_schedule(
    view: SavedView, company: Company, cadence: Cadence, hour: int, addresses: Sequence[str], by: str, now: Millis
) -> Schedule:
    """A regular letter that begins at its next hour. Raises ValueError for a report that cannot be sent."""
    read_report(view.address)
    due_at = next_due(cadence, hour, now, company.time_zone)
    to = tuple(map(Recipient, addresses))
    return Schedule(company.company_id, new_id(now), view.view_id, cadence, hour, due_at, by, now, None, to)


def send_regularly(connection: Connection, schedule: Schedule) -> None:
    """From now on. Raises TooManySchedules."""
    if len(schedules_of(connection, schedule.company_id, schedule.view_id)) >= MOST_SCHEDULES:
        raise TooManySchedules
    add_schedule(connection, schedule)


def changed_schedule(
    schedule: Schedule, company: Company, cadence: Cadence, hour: int, addresses: Sequence[str], now: Millis
) -> Schedule:
    """The letter at other times, or to others; whoever stopped it stays among those who want no more of it."""
    stopped = {each.address: each for each in schedule.recipients if each.stopped_at is not None}
    wanted = [Recipient(each) for each in addresses if each not in stopped]
    is_moved = (cadence, hour) != (schedule.cadence, schedule.hour)
    due_at = next_due(cadence, hour, now, company.time_zone) if is_moved else schedule.due_at
    return replace(schedule, cadence=cadence, hour=hour, due_at=due_at, recipients=[*stopped.values(), *wanted])


def reports_due(connection: Connection, company_id: str, now: Millis) -> Sequence[Ready]:
    """What is due, as it is at this instant."""
    company = company_by_id(connection, company_id)
    found = []
    for schedule in due_schedules(connection, company_id, now) if company else ():
        view = view_by_id(connection, company_id, schedule.view_id)
        ready = _ready(connection, schedule, company, view, now) if company and view else None
        if ready:
            found.append(ready)
    return found


def write_reports(found: Sequence[Ready], vault: Vault, url: str) -> Sequence[Written]:
    """The letters and their PDF, which take their time."""
    written = []
    for each in found:
        with speaking(each.company.language):
            written.append(_written(each, vault, url))
    return written


def send_written(connection: Connection, company_id: str, written: Sequence[Written], now: Millis) -> None:
    """Into the outbox, by whoever moves the due time on: nobody else's letters are sent."""
    for each in written:
        schedule, company = each.ready.schedule, each.ready.company
        next_at = next_due(schedule.cadence, schedule.hour, now, company.time_zone)
        if take(connection, schedule, next_at, each.ready.trouble):
            about = f"{about_view(schedule.view_id)}{schedule.schedule_id} {schedule.due_at}"
            # Whoever said meanwhile that they want no more gets no more.
            reached = still_reached(connection, company_id, schedule.schedule_id) if each.letters else ()
            for address, letter, stop in each.letters:
                if address in reached:
                    enclosed = Enclosed(each.pdf, file_name(each.ready.view), stop)
                    put_out(connection, company_id, about, [address], letter, now, enclosed=enclosed)


def send_one_now(
    connection: Connection, view: SavedView, addresses: Sequence[str], letter: Letter, pdf: bytes, now: Millis
) -> None:
    """To each of them, once; none sees the others' addresses."""
    about = f"{about_view(view.view_id)}{new_id(now)}"
    enclosed = Enclosed(pdf, file_name(view))
    put_out(connection, view.company_id, about, addresses, letter, now, enclosed=enclosed)


def write_one(
    sheet: Sheet, company: Company, view: SavedView, url: str, sent_by: str = ""
) -> tuple[Letter, bytes]:
    """A letter and its PDF to be sent at once: to whoever asks for it, or to others by somebody."""
    why = _("%(who)s sent you this.") % {"who": sent_by} if sent_by else _("You asked for this on the dashboard.")
    return sheet_letter(sheet, f"{url}{view.address}", why, None), _pdf(sheet, company)


def about_view(view_id: str) -> str:
    """What letters of a saved report are about, for the outbox."""
    return f"report {view_id} "


def stop_address(vault: Vault, url: str, company_id: str, schedule_id: str, address: str) -> str:
    """Where a recipient says that they want no more; nobody can make one for another."""
    sealed = vault.seal({"company": company_id, "schedule": schedule_id, "address": address})
    return f"{url}{STOP_PATH}/{sealed}"


def file_name(view: SavedView) -> str:
    """Of letters and digits that every file system takes."""
    plain = "".join(each if each.isalnum() else "-" for each in view.name).strip("-")
    return f"{plain[:60] or 'report'}.pdf"


def _ready(
    connection: Connection, schedule: Schedule, company: Company, view: SavedView, now: Millis
) -> Ready | None:
    """None where the database failed over it a moment ago: it is tried again, and the others go out."""
    if not schedule.reached:
        return Ready(schedule, company, view, None)
    try:
        with connection.begin_nested(), speaking(company.language):
            sheet = read_sheet(connection, company, view.name, read_report(view.address), now)
    except ValueError as error:
        return Ready(schedule, company, view, None, str(error))
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        _log.exception("the report of schedule %s cannot be read", schedule.schedule_id)
        return None if now - schedule.due_at < _TRIED_FOR else Ready(schedule, company, view, None, _UNREADABLE)
    return Ready(schedule, company, view, sheet)


def _written(ready: Ready, vault: Vault, url: str) -> Written:
    schedule, sheet = ready.schedule, ready.sheet
    if sheet is None:
        return Written(ready, (), b"")
    why = _WHY[schedule.cadence] % {"who": schedule.made_by}
    stops = {
        address: stop_address(vault, url, schedule.company_id, schedule.schedule_id, address)
        for address in schedule.reached
    }
    letters = [
        (address, sheet_letter(sheet, f"{url}{ready.view.address}", why, stop), stop)
        for address, stop in stops.items()
    ]
    return Written(ready, letters, _pdf(sheet, ready.company))


def _pdf(sheet: Sheet, company: Company) -> bytes:
    from swapboard.reports.sheet_pdf import sheet_pdf  # noqa: PLC0415  # a seventh of a server's start, for few letters

    return sheet_pdf(sheet, company.country)
