"""`/api/v1/reports/views/{view_id}/schedules`: a saved report by e-mail, regularly."""

from collections.abc import Sequence

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.mail.outbox import MOST_ADDRESSES
from swapboard.reports.schedule import HOURS, MOST_SCHEDULES, Cadence, Schedule
from swapboard.reports.schedule_store import change_schedule, remove_schedule, schedules_of
from swapboard.switchboard.report_mail import TooManySchedules, changed_schedule, new_schedule, send_regularly
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, Message, Moment, PageDocument, found
from swapboard.web.api.problem import conflict, invalid
from swapboard.web.api.report_recipients import Address, check_recipients
from swapboard.web.api.route import ApiRoute
from swapboard.web.api.saved_views import shared_view

router = APIRouter(prefix="/reports/views/{view_id}/schedules", tags=[Resource.REPORTS], route_class=ApiRoute)


class NewSchedule(Message):
    """When the report is sent, and to whom; each recipient can end it for themselves."""

    cadence: Cadence = Field(description="Each day, each Monday, or the first of each month.")
    hour: int = Field(ge=0, lt=HOURS, description="On the company's clocks.")
    recipients: list[Address] = Field(min_length=1, max_length=MOST_ADDRESSES)


class ScheduleChange(Change):
    """What to change; a field that is left out stays."""

    cadence: Cadence = Cadence.DAILY
    hour: int = Field(0, ge=0, lt=HOURS, description="On the company's clocks.")
    recipients: list[Address] = Field(
        default_factory=list,
        min_length=1,
        max_length=MOST_ADDRESSES,
        description="Those who are sent it from now on. Whoever said that they want no more stays stopped.",
    )


class RecipientDocument(BaseModel):
    """Somebody who is sent it."""

    address: str
    stopped_at: Moment | None = Field(description="When they said that they want no more.")


class ScheduleDocument(BaseModel):
    """A regular e-mail."""

    id: str
    view_id: str
    cadence: Cadence
    hour: int
    recipients: Sequence[RecipientDocument]
    made_by: str
    due_at: Moment
    trouble: str | None = Field(description="Why the last one could not be made.")
    created_at: Moment


@router.get("", summary="List when a saved report is e-mailed")
async def list_(view_id: str, desk: AtDesk) -> PageDocument[ScheduleDocument]:
    """All of them: there are ten at most."""

    def read(connection: Connection) -> Sequence[Schedule]:
        return schedules_of(connection, desk.company_id, shared_view(connection, desk, view_id).view_id)

    return PageDocument(data=[_document(each) for each in await desk.read(read)], next_cursor=None)


@router.post("", status_code=201, response_model=ScheduleDocument, summary="E-mail a saved report regularly")
async def create(view_id: str, new: NewSchedule, desk: ToCreate) -> Response:
    """With the report inline and as PDF. It names no callers.

    An analyst's key reaches the company's own people only.
    """
    addresses, by = tuple(dict.fromkeys(new.recipients)), desk.caller.known_as

    def write(connection: Connection) -> ScheduleDocument:
        view = shared_view(connection, desk, view_id)
        check_recipients(connection, desk, addresses)
        try:
            schedule = new_schedule(view, desk.company, new.cadence, new.hour, addresses, by, desk.now)
            send_regularly(connection, schedule)
        except ValueError as error:
            raise invalid("view_id", str(error), "path") from None
        except TooManySchedules:
            raise conflict("too_many", f"There are {MOST_SCHEDULES} already; delete some first.") from None
        return _document(schedule)

    return await desk.create(write)


@router.get("/{schedule_id}", summary="One regular e-mail")
async def get(view_id: str, schedule_id: str, desk: AtDesk) -> ScheduleDocument:
    """The one with this id."""
    return _document(await desk.read(lambda connection: _found(connection, desk, view_id, schedule_id)))


@router.patch("/{schedule_id}", summary="Change when a saved report is e-mailed, or to whom")
async def change(view_id: str, schedule_id: str, sent: ScheduleChange, desk: AtDesk) -> ScheduleDocument:
    """What is being sent already still arrives. An analyst's key adds the company's own people only."""

    def write(connection: Connection) -> ScheduleDocument:
        before = _found(connection, desk, view_id, schedule_id)
        given = {name: getattr(sent, name) for name in sent.model_fields_set}
        cadence, hour = given.get("cadence", before.cadence), given.get("hour", before.hour)
        addresses = tuple(dict.fromkeys(given.get("recipients", before.reached)))
        check_recipients(connection, desk, set(addresses) - {each.address for each in before.recipients})
        changed = changed_schedule(before, desk.company, cadence, hour, addresses, desk.now)
        change_schedule(connection, before, changed)
        return _document(_found(connection, desk, view_id, schedule_id))

    return await desk.change(write)


@router.delete("/{schedule_id}", status_code=204, summary="Send a saved report so no more")
async def remove(view_id: str, schedule_id: str, desk: AtDesk) -> None:
    """What is being sent already still arrives."""

    def write(connection: Connection) -> None:
        schedule = _found(connection, desk, view_id, schedule_id)
        remove_schedule(connection, desk.company_id, schedule.view_id, schedule.schedule_id)

    await desk.change(write)


def _found(connection: Connection, desk: Desk, view_id: str, schedule_id: str) -> Schedule:
    known = schedules_of(connection, desk.company_id, shared_view(connection, desk, view_id).view_id)
    return found(next((each for each in known if each.schedule_id == schedule_id), None), "schedule")


def _document(schedule: Schedule) -> ScheduleDocument:
    return ScheduleDocument(
        id=schedule.schedule_id,
        view_id=schedule.view_id,
        cadence=schedule.cadence,
        hour=schedule.hour,
        recipients=[
            RecipientDocument(address=each.address, stopped_at=iso(each.stopped_at) if each.stopped_at else None)
            for each in schedule.recipients
        ],
        made_by=schedule.made_by,
        due_at=iso(schedule.due_at),
        trouble=schedule.trouble,
        created_at=iso(schedule.created_at),
    )
