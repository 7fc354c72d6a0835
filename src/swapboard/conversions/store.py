"""Destinations, in the database, and what was last said to each of a contact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, and_, bindparam, delete, exists, insert, or_, select, update

from swapboard.clock import Millis
from swapboard.conversions.conversion import Rule
from swapboard.conversions.message import Said
from swapboard.conversions.outbox import Circuit, State
from swapboard.conversions.told_days import note_told
from swapboard.leads.lead import ContactKind
from swapboard.storage.asked_once import asked_once
from swapboard.storage.locks import hold_company
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import (
    conversions,
    deliveries,
    delivery_attempts,
    destinations,
    feeds,
    platform_counts,
)

MOST_DESTINATIONS = 50
_RULE = TypeAdapter(Rule)


_ON = (
    select(destinations)
    .where(destinations.c.company_id == bindparam("of_company"), destinations.c.is_on)
    .order_by(destinations.c.destination_id)
)


@dataclass(frozen=True, slots=True)
class DestinationRecord:
    """Whom to tell, of what, and how it has been lately; `credentials` are sealed."""

    destination_id: str
    company_id: str
    kind: str
    name: str
    settings: Mapping[str, str]
    credentials: str
    rule: Rule
    is_on: bool
    created_at: Millis
    circuit: Circuit = field(default_factory=Circuit)
    trouble: str | None = None
    grant_id: str | None = None
    """Which grant fills its credentials."""
    alerted_at: Millis | None = None
    """Since when people know that it fails; None while all is well."""


def add_destination(connection: Connection, record: DestinationRecord) -> None:
    """Write a new destination."""
    connection.execute(
        insert(destinations).values(
            company_id=record.company_id,
            destination_id=record.destination_id,
            kind=record.kind,
            created_at=record.created_at,
            **_changeable(record),
        )
    )


def change_destination(connection: Connection, record: DestinationRecord) -> None:
    """Write what of it can change; what was wrong with it before says nothing now."""
    connection.execute(
        update(destinations)
        .where(*_is(record.company_id, record.destination_id))
        .values(**_changeable(record), failures=0, closed_until=None, trouble=None, alerted_at=None)
    )


def reseal_destination(connection: Connection, record: DestinationRecord, sealed: str) -> None:
    """Give it other credentials for the same access; how it has been lately stays."""
    is_it = _is(record.company_id, record.destination_id)
    connection.execute(update(destinations).where(*is_it).values(credentials=sealed))


def remove_destination(connection: Connection, company_id: str, destination_id: str) -> None:
    """Forget it with everything that it was told, or was to be told."""
    theirs = select(deliveries.c.delivery_id).where(
        deliveries.c.company_id == company_id, deliveries.c.destination_id == destination_id
    )
    attempts = delivery_attempts.c.company_id == company_id, delivery_attempts.c.delivery_id.in_(theirs)
    connection.execute(delete(delivery_attempts).where(*attempts))
    for table in (deliveries, conversions, feeds, platform_counts, destinations):
        mine = table.c.company_id == company_id, table.c.destination_id == destination_id
        connection.execute(delete(table).where(*mine))


def list_destinations(
    connection: Connection, company_id: str, limit: int = MOST_DESTINATIONS, cursor: str | None = None
) -> Page[DestinationRecord]:
    """A page of the company's destinations, oldest first. Raises BadCursor."""
    query = select(destinations).where(destinations.c.company_id == company_id)
    ordered = after(query, destinations.c.created_at, destinations.c.destination_id, limit, cursor)
    records = [_record(row) for row in connection.execute(ordered)]
    return page_of(records, limit, lambda each: Key(each.created_at, each.destination_id))


@asked_once
def destinations_on(connection: Connection, company_id: str) -> Sequence[DestinationRecord]:
    """Those that are to be told of what happens now."""
    return [_record(row) for row in connection.execute(_ON, {"of_company": company_id})]


def destinations_due(connection: Connection, now: Millis) -> Sequence[DestinationRecord]:
    """Every company's destinations that have something to be told, but those that are left alone for a while."""
    something = exists().where(
        deliveries.c.company_id == destinations.c.company_id,
        deliveries.c.destination_id == destinations.c.destination_id,
        deliveries.c.state == State.WAITING,
        deliveries.c.due_at <= now,
    )
    is_open = or_(destinations.c.closed_until.is_(None), destinations.c.closed_until <= now)
    query = select(destinations).where(destinations.c.is_on, is_open, something)
    everywhere = query.execution_options(across_companies="one worker empties every company's outbox")
    return [_record(row) for row in connection.execute(everywhere)]


def failing_destinations(connection: Connection, company_id: str) -> Sequence[DestinationRecord]:
    """Those that people were told of because they fail."""
    is_alarming = destinations.c.alerted_at.is_not(None), destinations.c.is_on
    query = select(destinations).where(destinations.c.company_id == company_id, *is_alarming)
    return [_record(row) for row in connection.execute(query.order_by(destinations.c.alerted_at))]


def destination_by_id(connection: Connection, company_id: str, destination_id: str) -> DestinationRecord | None:
    """The destination, or None."""
    row = connection.execute(select(destinations).where(*_is(company_id, destination_id))).one_or_none()
    return _record(row) if row else None


def destination_to_change(
    connection: Connection, company_id: str, destination_id: str
) -> DestinationRecord | None:
    """The destination as it is while nobody else changes it: not even a refresh token comes between."""
    hold_company(connection, company_id)
    return destination_by_id(connection, company_id, destination_id)


def destinations_with_grant(connection: Connection, company_id: str, grant_id: str) -> Sequence[DestinationRecord]:
    """Those whose credentials are filled by this grant."""
    query = select(destinations).where(
        destinations.c.company_id == company_id, destinations.c.grant_id == grant_id
    )
    return [_record(row) for row in connection.execute(query.order_by(destinations.c.destination_id))]


def note_health(
    connection: Connection,
    company_id: str,
    destination_id: str,
    circuit: Circuit,
    trouble: str | None,
    alerted_at: Millis | None,
) -> None:
    """Keep how it has been lately."""
    connection.execute(
        update(destinations)
        .where(*_is(company_id, destination_id))
        .values(
            failures=circuit.failures,
            closed_until=circuit.closed_until,
            trouble=trouble,
            alerted_at=alerted_at,
        )
    )


def what_was_said(
    connection: Connection, company_id: str, kind: ContactKind, contact_id: str
) -> Mapping[str, Said]:
    """What each destination (by id) was last told of a contact."""
    query = select(conversions).where(
        conversions.c.company_id == company_id,
        conversions.c.kind == kind,
        conversions.c.contact_id == contact_id,
    )
    return {
        row.destination_id: Said(row.conversion_id, row.counts, row.value_cents)
        for row in connection.execute(query)
    }


def keep_said(
    connection: Connection,
    company_id: str,
    destination_id: str,
    about: tuple[ContactKind, str],
    said: Said,
    now: Millis,
) -> None:
    """Write what a destination is told of a contact (kind and id) instead of what it was told before."""
    kind, contact_id = about
    values = {
        "conversion_id": said.conversion_id,
        "counts": said.counts,
        "value_cents": said.value_cents,
        "said_at": now,
    }
    key = {"company_id": company_id, "destination_id": destination_id, "kind": kind, "contact_id": contact_id}
    is_it = (
        conversions.c.company_id == company_id,
        conversions.c.destination_id == destination_id,
        conversions.c.kind == kind,
        conversions.c.contact_id == contact_id,
    )
    before = connection.scalar(select(conversions.c.said_at).where(*is_it).with_for_update())
    note_told(connection, company_id, [now] if before is None else [before, now])
    if before is None:
        connection.execute(insert(conversions).values(**key, **values))
        return
    # Of another conversion nothing went out yet. By the row as it is: a worker may have marked it meanwhile.
    still_taken = and_(conversions.c.taken, conversions.c.conversion_id == said.conversion_id)
    connection.execute(update(conversions).where(*is_it).values(**values, taken=still_taken))


def _changeable(record: DestinationRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "settings": dict(record.settings),
        "credentials": record.credentials,
        "rule": _RULE.dump_python(record.rule, mode="json"),
        "is_on": record.is_on,
        "grant_id": record.grant_id,
    }


def _is(company_id: str, destination_id: str) -> tuple[Any, Any]:
    return destinations.c.company_id == company_id, destinations.c.destination_id == destination_id


def _record(row: Row[*tuple[Any, ...]]) -> DestinationRecord:
    return DestinationRecord(
        row.destination_id,
        row.company_id,
        row.kind,
        row.name,
        row.settings,
        row.credentials,
        _RULE.validate_python(row.rule),
        row.is_on,
        row.created_at,
        Circuit(row.failures, row.closed_until or 0),
        row.trouble,
        row.grant_id,
        row.alerted_at,
    )
