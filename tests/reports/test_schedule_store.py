"""A regular letter is changed while a worker sends it, and while a recipient says that they want no more."""

from sqlalchemy import Connection, Engine

from swapboard.accounts.company import Company
from swapboard.accounts.store import company_by_id
from swapboard.clock import DAY
from swapboard.reports.saved_view import SavedView
from swapboard.reports.schedule import Cadence, Schedule
from swapboard.reports.schedule_store import change_schedule, schedules_of, stop_recipient, take
from swapboard.reports.view_store import add_view
from swapboard.storage.engine import writing
from swapboard.switchboard.report_mail import changed_schedule, new_schedule, send_regularly
from tests.building import NOW, open_business


def a_schedule(connection: Connection) -> tuple[Company, Schedule]:
    company = company_by_id(connection, open_business(connection).company_id)
    assert company
    view = SavedView(company.company_id, "v1", None, "All", "/reports", True, NOW)
    add_view(connection, view)
    made = new_schedule(view, company, Cadence.DAILY, 8, ["ada@example.com", "bo@example.com"], "ada", NOW)
    send_regularly(connection, made)
    return company, made


def kept(connection: Connection, schedule: Schedule) -> Schedule:
    return schedules_of(connection, schedule.company_id, schedule.view_id)[0]


def test_who_stops_it_meanwhile_stays_stopped(engine: Engine) -> None:
    with writing(engine) as connection:
        company, before = a_schedule(connection)
        changed = changed_schedule(before, company, Cadence.DAILY, 8, ["ada@example.com", "cy@example.com"], NOW)
        for address in ("ada@example.com", "bo@example.com"):
            stop_recipient(connection, company.company_id, before.schedule_id, address, NOW)
        change_schedule(connection, before, changed)
        assert kept(connection, before).reached == ["cy@example.com"]


def test_what_is_sent_meanwhile_is_not_sent_again(engine: Engine) -> None:
    with writing(engine) as connection:
        company, before = a_schedule(connection)
        assert take(connection, before, before.due_at + DAY, None)
        same = changed_schedule(before, company, Cadence.DAILY, 8, ["cy@example.com"], NOW)
        change_schedule(connection, before, same)
        after = kept(connection, before)
        assert (after.due_at, after.reached) == (before.due_at + DAY, ["cy@example.com"])
        moved = changed_schedule(after, company, Cadence.WEEKLY, 9, ["cy@example.com"], NOW)
        change_schedule(connection, after, moved)
        assert kept(connection, before) == moved
