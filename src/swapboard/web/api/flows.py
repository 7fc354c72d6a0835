"""`/api/v1/flows`: what happens to a call, step by step, and to which numbers' calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.calls.flow_check import FlowFault
from swapboard.calls.flow_store import (
    MOST_FLOWS,
    MOST_LINES,
    FlowRecord,
    add_flow,
    change_flow,
    faults_of,
    flow_by_id,
    list_flows,
    remove_flow,
)
from swapboard.calls.nodes import AnyNode, Flow, Language, MissedText, Steps
from swapboard.calls.nodes import Name as StepName
from swapboard.clock import iso
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import (
    Change,
    E164Text,
    ListQuery,
    Message,
    Moment,
    Name,
    PageDocument,
    PhoneText,
    found,
    phone,
)
from swapboard.web.api.problem import Fault, conflict, invalid_all
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/flows", tags=[Resource.FLOWS], route_class=ApiRoute)

Numbers = Annotated[
    list[PhoneText],
    Field(
        max_length=MOST_LINES,
        description="Whose calls take this flow: tracking numbers, and swap targets for all that stand for them.",
    ),
]


class NewFlow(Message):
    """A flow to make."""

    name: Name
    start: StepName = Field(description="The step at which a call begins.")
    steps: Steps = Field(
        description="Each step by its name; its `kind` says what it does, and it names the steps after it.",
        examples=[
            {
                "menu": {"kind": "menu", "text": "Press 1 for us.", "keys": {"1": "ring"}, "otherwise": "ring"},
                "ring": {"kind": "dial", "targets": [{"number": "destination"}], "otherwise": "mailbox"},
                "mailbox": {"kind": "voicemail", "text": "Please leave a message."},
            }
        ],
    )
    language: Language = "en-US"
    missed_text: MissedText = Field(
        "", description="What missed callers are written; a number's own text goes first."
    )
    numbers: Numbers = Field(default_factory=list)


class FlowChange(Change):
    """What to change; a field that is left out stays. Steps are given all together."""

    name: Name = ""
    start: StepName = ""
    steps: Steps = Field(default_factory=dict)
    language: Language = "en-US"
    missed_text: MissedText = Field(
        "", description="What missed callers are written; a number's own text goes first."
    )
    numbers: Numbers = Field(default_factory=list)


class FlowDocument(BaseModel):
    """A flow."""

    id: str
    company_id: str
    name: str
    start: str
    steps: dict[str, AnyNode]
    language: str
    missed_text: str
    numbers: list[E164Text]
    created_at: Moment


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A flow as it shall be."""

    name: str
    flow: Flow
    lines: tuple[str, ...]


@router.get("", summary="List flows, oldest first")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[FlowDocument]:
    """A page of flows."""
    page = await desk.read(lambda connection: list_flows(connection, desk.company_id, query.limit, query.cursor))
    return PageDocument(data=[_document(each) for each in page.rows], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=FlowDocument, summary="Make a flow")
async def create(new: NewFlow, desk: ToCreate) -> Response:
    """It is checked first: every way through it must end with a person, a message, or a hang-up that is meant."""
    wanted = _Wanted(
        new.name, Flow(new.start, new.steps, new.language, new.missed_text), _lines(new.numbers, desk)
    )

    def write(connection: Connection) -> FlowDocument:
        _check(connection, desk, wanted)
        if len(list_flows(connection, desk.company_id).rows) >= MOST_FLOWS:
            raise conflict("too_many", f"There are {MOST_FLOWS} flows already; remove one first.")
        flow_id = desk.new_id()
        add_flow(connection, desk.company_id, flow_id, wanted.name, wanted.flow, wanted.lines, desk.now)
        return _document(_found(connection, desk, flow_id))

    return await desk.create(write)


@router.get("/{flow_id}", summary="One flow")
async def get(flow_id: str, desk: AtDesk) -> FlowDocument:
    """The flow with this id."""
    return _document(await desk.read(lambda connection: _found(connection, desk, flow_id)))


@router.patch("/{flow_id}", summary="Change a flow")
async def change(flow_id: str, message: FlowChange, desk: AtDesk) -> FlowDocument:
    """Change what is given; calls that are in the flow go on in the new one."""

    def write(connection: Connection) -> FlowDocument:
        wanted = _changed(_found(connection, desk, flow_id), message, desk)
        _check(connection, desk, wanted)
        change_flow(connection, desk.company_id, flow_id, wanted.name, wanted.flow, wanted.lines)
        return _document(_found(connection, desk, flow_id))

    return await desk.change(write)


@router.delete("/{flow_id}", status_code=204, summary="Remove a flow")
async def remove(flow_id: str, desk: AtDesk) -> None:
    """Its numbers' calls go straight to their destinations again."""

    def write(connection: Connection) -> None:
        _found(connection, desk, flow_id)
        remove_flow(connection, desk.company_id, flow_id)

    await desk.change(write)


def _changed(record: FlowRecord, message: FlowChange, desk: Desk) -> _Wanted:
    given, flow = message.model_fields_set, record.flow
    return _Wanted(
        name=message.name if "name" in given else record.name,
        flow=Flow(
            start=message.start if "start" in given else flow.start,
            steps=message.steps if "steps" in given else flow.steps,
            language=message.language if "language" in given else flow.language,
            missed_text=message.missed_text if "missed_text" in given else flow.missed_text,
        ),
        lines=_lines(message.numbers, desk) if "numbers" in given else record.lines,
    )


def _lines(numbers: Sequence[str], desk: Desk) -> tuple[str, ...]:
    return tuple(phone(number, desk.company.country, ("numbers", index)) for index, number in enumerate(numbers))


def _check(connection: Connection, desk: Desk, wanted: _Wanted) -> None:
    """Raises Problem (422) for a flow that would lose a call."""
    if faults := faults_of(connection, desk.company_id, wanted.flow, wanted.lines):
        raise invalid_all([Fault("body", _path(fault), fault.detail) for fault in faults])


def _path(fault: FlowFault) -> list[str]:
    return ["steps", fault.step] if fault.step else [fault.field]


def _found(connection: Connection, desk: Desk, flow_id: str) -> FlowRecord:
    return found(flow_by_id(connection, desk.company_id, flow_id), "flow")


def _document(record: FlowRecord) -> FlowDocument:
    return FlowDocument(
        id=record.flow_id,
        company_id=record.company_id,
        name=record.name,
        start=record.flow.start,
        steps=dict(record.flow.steps),
        language=record.flow.language,
        missed_text=record.flow.missed_text,
        numbers=list(record.lines),
        created_at=iso(record.created_at),
    )
