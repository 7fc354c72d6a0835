"""Regular letters in the database. Whoever moves the due time on writes the letters, in the same transaction."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, true, update

from swapboard.clock import Millis
from swapboard.reports.schedule import Cadence, Recipient, Schedule, on_other_clocks
from swapboard.storage.insert import insert_into
from swapboard.storage.schema import report_recipients, report_schedules


def add_schedule(connection: Connection, schedule: Schedule) -> None:
    """Write a new one with its recipients."""
    connection.execute(
        insert(report_schedules).values(
            company_id=schedule.company_id,
            schedule_id=schedule.schedule_id,
            view_id=schedule.view_id,
            cadence=schedule.cadence.value,
            hour=schedule.hour,
            due_at=schedule.due_at,
            made_by=schedule.made_by,
            created_at=schedule.created_at,
        )
    )
    _add_recipients(connection, schedule)


def schedules_of(connection: Connection, company_id: str, view_id: str) -> Sequence[Schedule]:
    """Those of one saved report, oldest first."""
    return _read(connection, company_id, report_schedules.c.view_id == view_id)


def due_schedules(connection: Connection, company_id: str, now: Millis) -> Sequence[Schedule]:
    """Those that are due."""
    return _read(connection, company_id, report_schedules.c.due_at <= now)


def still_reached(connection: Connection, company_id: str, schedule_id: str) -> Collection[str]:
    """The addresses of those who want it at this moment."""
    wanted = (
        report_recipients.c.company_id == company_id,
        report_recipients.c.schedule_id == schedule_id,
        report_recipients.c.stopped_at.is_(None),
    )
    return set(connection.execute(select(report_recipients.c.address).where(*wanted)).scalars())


def take(connection: Connection, schedule: Schedule, next_at: Millis, trouble: str | None) -> bool:
    """Move the due time on; True for the one caller who found it as it was, whose the letters are."""
    as_found = report_schedules.c.due_at == schedule.due_at
    moved = update(report_schedules).where(*_is(schedule.company_id, schedule.schedule_id), as_found)
    return connection.execute(moved.values(due_at=next_at, trouble=trouble)).rowcount == 1


def follow_clocks(connection: Connection, company_id: str, before: str, after: str) -> None:
    """The company went by one time zone and goes by another: its letters keep their days and hours."""
    for schedule in _read(connection, company_id, true()) if before != after else ():
        as_found = *_is(company_id, schedule.schedule_id), report_schedules.c.due_at == schedule.due_at
        due_at = on_other_clocks(schedule, before, after)
        connection.execute(update(report_schedules).where(*as_found).values(due_at=due_at))


def change_schedule(connection: Connection, before: Schedule, schedule: Schedule) -> None:
    """Write when it is sent and to whom; whoever said that they want no more of it goes on wanting none.

    `before` may be old by now: what a worker sent and what recipients said since then holds.
    """
    if (before.cadence, before.hour) != (schedule.cadence, schedule.hour):
        moved = update(report_schedules).where(*_is(schedule.company_id, schedule.schedule_id))
        connection.execute(
            moved.values(cadence=schedule.cadence.value, hour=schedule.hour, due_at=schedule.due_at)
        )
    left_out = (
        report_recipients.c.company_id == schedule.company_id,
        report_recipients.c.schedule_id == schedule.schedule_id,
        report_recipients.c.stopped_at.is_(None),
        report_recipients.c.address.not_in([each.address for each in schedule.recipients]),
    )
    connection.execute(delete(report_recipients).where(*left_out))
    _add_recipients(connection, schedule)


def remove_schedule(connection: Connection, company_id: str, view_id: str, schedule_id: str) -> None:
    """Send it no more."""
    mine = (*_is(company_id, schedule_id), report_schedules.c.view_id == view_id)
    if connection.execute(select(report_schedules.c.schedule_id).where(*mine)).one_or_none():
        its = report_recipients.c.company_id == company_id, report_recipients.c.schedule_id == schedule_id
        connection.execute(delete(report_recipients).where(*its))
        connection.execute(delete(report_schedules).where(*mine))


def stop_recipient(connection: Connection, company_id: str, schedule_id: str, address: str, now: Millis) -> None:
    """Somebody wants no more of it; said twice is said once."""
    it = (
        report_recipients.c.company_id == company_id,
        report_recipients.c.schedule_id == schedule_id,
        report_recipients.c.address == address,
        report_recipients.c.stopped_at.is_(None),
    )
    connection.execute(update(report_recipients).where(*it).values(stopped_at=now))


def reach_no_more(connection: Connection, company_id: str, address: str) -> None:
    """Send this address none of the company's reports any more, unless somebody names it anew."""
    theirs = (
        report_recipients.c.company_id == company_id,
        func.lower(report_recipients.c.address) == address.lower(),
    )
    connection.execute(delete(report_recipients).where(*theirs))


def _read(connection: Connection, company_id: str, condition: ColumnElement[bool]) -> Sequence[Schedule]:
    mine = report_schedules.c.company_id == company_id
    query = select(report_schedules).where(mine, condition).order_by(report_schedules.c.schedule_id)
    rows = connection.execute(query).all()
    ids = [row.schedule_id for row in rows]
    theirs = report_recipients.c.company_id == company_id, report_recipients.c.schedule_id.in_(ids)
    found: dict[str, list[Recipient]] = defaultdict(list)
    for row in connection.execute(select(report_recipients).where(*theirs).order_by(report_recipients.c.address)):
        found[row.schedule_id].append(Recipient(row.address, row.stopped_at))
    return [
        Schedule(**{**row._asdict(), "cadence": Cadence(row.cadence)}, recipients=found[row.schedule_id])
        for row in rows
    ]


def _is(company_id: str, schedule_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return report_schedules.c.company_id == company_id, report_schedules.c.schedule_id == schedule_id


def _add_recipients(connection: Connection, schedule: Schedule) -> None:
    rows = [
        {
            "company_id": schedule.company_id,
            "schedule_id": schedule.schedule_id,
            "address": each.address,
            "stopped_at": each.stopped_at,
        }
        for each in schedule.recipients
    ]
    connection.execute(insert_into(connection, report_recipients).on_conflict_do_nothing(), rows)
