"""Flows in the database, and which numbers' calls take which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Row, and_, case, delete, func, insert, select, update

from swapboard.calls.flow_check import FlowFault, flow_faults
from swapboard.calls.nodes import Flow
from swapboard.clock import Millis
from swapboard.language import _
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import flow_lines, flows, numbers, pools, sounds, swap_targets

MOST_FLOWS = 200
MOST_LINES = 5_000
FLOW = TypeAdapter(Flow)


@dataclass(frozen=True, slots=True)
class FlowRecord:
    """A flow with its name, and the numbers whose calls take it (E.164): tracking numbers and swap targets."""

    flow_id: str
    company_id: str
    name: str
    flow: Flow
    lines: tuple[str, ...]
    created_at: Millis


def add_flow(
    connection: Connection, company_id: str, flow_id: str, name: str, flow: Flow, lines: Sequence[str], now: Millis
) -> None:
    """Write a new flow; a number that had another one has this one now."""
    connection.execute(
        insert(flows).values(
            company_id=company_id, flow_id=flow_id, name=name, document=_document(flow), created_at=now
        )
    )
    _set_lines(connection, company_id, flow_id, lines)


def change_flow(
    connection: Connection, company_id: str, flow_id: str, name: str, flow: Flow, lines: Sequence[str]
) -> None:
    """Write a flow anew; a call that is in it goes on in the new one."""
    row = (flows.c.company_id == company_id, flows.c.flow_id == flow_id)
    connection.execute(update(flows).where(*row).values(name=name, document=_document(flow)))
    _set_lines(connection, company_id, flow_id, lines)


def remove_flow(connection: Connection, company_id: str, flow_id: str) -> None:
    """Forget a flow: its numbers' calls go to their destinations again."""
    _set_lines(connection, company_id, flow_id, ())
    connection.execute(delete(flows).where(flows.c.company_id == company_id, flows.c.flow_id == flow_id))


def list_flows(
    connection: Connection, company_id: str, limit: int = MOST_FLOWS, cursor: str | None = None
) -> Page[FlowRecord]:
    """A page of the company's flows, oldest first. Raises BadCursor."""
    query = select(flows).where(flows.c.company_id == company_id)
    ordered = after(query, flows.c.created_at, flows.c.flow_id, limit, cursor)
    page = page_of(connection.execute(ordered).all(), limit, lambda row: Key(row.created_at, row.flow_id))
    lines = _lines(connection, company_id)
    return Page(tuple(_record(row, lines) for row in page.rows), page.next_cursor)


def flow_by_id(connection: Connection, company_id: str, flow_id: str) -> FlowRecord | None:
    """The flow, or None."""
    query = select(flows).where(flows.c.company_id == company_id, flows.c.flow_id == flow_id)
    row = connection.execute(query).one_or_none()
    return _record(row, _lines(connection, company_id)) if row else None


def flow_of_lines(connection: Connection, company_id: str) -> Mapping[str, str]:
    """The id of each number's flow (E.164): of tracking numbers and swap targets."""
    query = select(flow_lines.c.number, flow_lines.c.flow_id).where(flow_lines.c.company_id == company_id)
    return {row.number: row.flow_id for row in connection.execute(query)}


def flow_of_line(connection: Connection, company_id: str, number: str) -> Flow | None:
    """The flow that calls to a tracking number (E.164) take: its own, else its target's."""
    target_id = func.coalesce(numbers.c.target_id, pools.c.target_id)
    of_pool = and_(pools.c.company_id == numbers.c.company_id, pools.c.pool_id == numbers.c.pool_id)
    of_target = and_(swap_targets.c.company_id == numbers.c.company_id, swap_targets.c.target_id == target_id)
    joined = numbers.outerjoin(pools, of_pool).outerjoin(swap_targets, of_target)
    mine = numbers.c.company_id == company_id, numbers.c.number == number, numbers.c.released_at.is_(None)
    target = connection.scalars(select(swap_targets.c.number).select_from(joined).where(*mine)).first()
    chosen = flow_of_lines(connection, company_id)
    flow_id = chosen.get(number) or chosen.get(target or "")
    found = flow_by_id(connection, company_id, flow_id) if flow_id else None
    return found.flow if found else None


def turn_of(connection: Connection, company_id: str, flow_id: str) -> int:
    """How often the flow's round robins have rung."""
    query = select(flows.c.turn).where(flows.c.company_id == company_id, flows.c.flow_id == flow_id)
    return connection.execute(query).scalar_one_or_none() or 0


def count_turn(connection: Connection, company_id: str, flow_id: str, at_least: int) -> None:
    """One more has rung; whoever could not count before knows how many there are at least."""
    row = flows.c.company_id == company_id, flows.c.flow_id == flow_id
    counted = case((flows.c.turn + 1 > at_least, flows.c.turn + 1), else_=at_least)
    connection.execute(update(flows).where(*row).values(turn=counted))


def _set_lines(connection: Connection, company_id: str, flow_id: str, lines: Sequence[str]) -> None:
    of_company = flow_lines.c.company_id == company_id
    connection.execute(delete(flow_lines).where(of_company, flow_lines.c.flow_id == flow_id))
    if lines:
        connection.execute(delete(flow_lines).where(of_company, flow_lines.c.number.in_(lines)))
        rows = [
            {"company_id": company_id, "number": number, "flow_id": flow_id} for number in dict.fromkeys(lines)
        ]
        connection.execute(insert(flow_lines), rows)


def _lines(connection: Connection, company_id: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for number, flow_id in sorted(flow_of_lines(connection, company_id).items()):
        found[flow_id] = (*found.get(flow_id, ()), number)
    return found


def _document(flow: Flow) -> Any:
    return FLOW.dump_python(flow, mode="json")


def _record(row: Row[*tuple[Any, ...]], lines: Mapping[str, tuple[str, ...]]) -> FlowRecord:
    flow = FLOW.validate_python(row.document)
    return FlowRecord(row.flow_id, row.company_id, row.name, flow, lines.get(row.flow_id, ()), row.created_at)


def routed_flows(connection: Connection, company_id: str) -> Mapping[str, Flow]:
    """The flows that some call takes, by id; one that cannot be read (a newer version wrote it) is left out."""
    used = set(flow_of_lines(connection, company_id).values())
    found: dict[str, Flow] = {}
    query = select(flows.c.flow_id, flows.c.document).where(flows.c.company_id == company_id)
    for row in connection.execute(query):
        if row.flow_id in used:
            try:
                found[row.flow_id] = FLOW.validate_python(row.document)
            except ValidationError:
                continue
    return found


def faults_of(connection: Connection, company_id: str, flow: Flow, lines: Sequence[str]) -> list[FlowFault]:
    """Everything that keeps the flow from being this company's for these numbers; nothing for a good one."""
    tracking, targets = company_lines(connection, company_id)
    strange = [number for number in lines if number not in tracking | targets]
    return [
        *(
            FlowFault("", "numbers", _("%(number)s is none of your numbers.") % {"number": number})
            for number in strange
        ),
        *flow_faults(flow, tracking, known_sounds(connection, company_id)),
    ]


def known_sounds(connection: Connection, company_id: str) -> set[str]:
    """The names of the company's sounds, which steps may have as their file."""
    return set(connection.scalars(select(sounds.c.name).where(sounds.c.company_id == company_id)))


def company_lines(connection: Connection, company_id: str) -> tuple[set[str], set[str]]:
    """The company's tracking numbers, and its swap targets (E.164)."""
    tracking = select(numbers.c.number).where(numbers.c.company_id == company_id, numbers.c.released_at.is_(None))
    targets = select(swap_targets.c.number).where(swap_targets.c.company_id == company_id)
    return set(connection.scalars(tracking)), set(connection.scalars(targets))
