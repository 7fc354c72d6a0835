"""Callers of the past become people, thousands at once: call by call (`store.join`) nobody else could write for
minutes."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, insert, select, update

from swapboard.clock import Millis
from swapboard.leads.beginning import settle
from swapboard.leads.lead import ContactKind, KeyKind, Lead
from swapboard.leads.store import new_row
from swapboard.storage.bulk import BulkInsert
from swapboard.storage.ids import new_id
from swapboard.storage.schema import calls, lead_contacts, lead_keys, leads, shared_keys

Item = TypeVar("Item")

_AT_ONCE = 500
_CONTACTS = BulkInsert(lead_contacts)
_KEYS = BulkInsert(lead_keys)


@dataclass(frozen=True, slots=True)
class Rung:
    """A call that is nobody's yet; the caller's number is E.164, None where it is not known."""

    call_id: str
    started_at: Millis
    caller: str | None


def join_calls(connection: Connection, company_id: str, rung: Sequence[Rung], now: Millis) -> None:
    """Give each call to whoever is known by its caller's number, or else to somebody new."""
    callers = {each.caller for each in rung if each.caller}
    telling = callers - _shared(connection, company_id, callers)
    people: dict[str, list[Rung]] = defaultdict(list)
    for each in sorted(rung, key=lambda call: (call.started_at, call.call_id)):
        # A number that several people use says of nobody who it is.
        people[each.caller if each.caller in telling else each.call_id].append(each)
    owners = _owners(connection, company_id, telling)
    new = {who: _begun(theirs, now) for who, theirs in people.items() if who not in owners}
    for some in _parts(list(new.values())):
        connection.execute(insert(leads), [new_row(company_id, lead) for lead in some])
    ids = {**owners, **{who: lead.lead_id for who, lead in new.items()}}
    _KEYS.run(connection, [(company_id, KeyKind.PHONE, who, ids[who]) for who in new if who in telling])
    told = [(each, ids[who]) for who, theirs in people.items() for each in theirs]
    contacts = [(company_id, ContactKind.CALL, each.call_id, lead_id, each.started_at) for each, lead_id in told]
    _CONTACTS.run(connection, contacts)
    _mark(connection, company_id, [people[who][0].call_id for who in new])
    for some_ids in _parts(sorted(set(owners.values()))):
        settle(connection, company_id, some_ids)


def _begun(theirs: Sequence[Rung], now: Millis) -> Lead:
    first, last = theirs[0].started_at, theirs[-1].started_at
    return Lead(new_id(now), ContactKind.CALL, first, last)


def _shared(connection: Connection, company_id: str, callers: Collection[str]) -> set[str]:
    found = set[str]()
    for some in _parts(sorted(callers)):
        query = select(shared_keys.c.value).where(
            shared_keys.c.company_id == company_id,
            shared_keys.c.kind == KeyKind.PHONE,
            shared_keys.c.value.in_(some),
        )
        found.update(connection.execute(query).scalars())
    return found


def _owners(connection: Connection, company_id: str, callers: Collection[str]) -> dict[str, str]:
    found = dict[str, str]()
    for some in _parts(sorted(callers)):
        query = select(lead_keys.c.value, lead_keys.c.lead_id).where(
            lead_keys.c.company_id == company_id,
            lead_keys.c.kind == KeyKind.PHONE,
            lead_keys.c.value.in_(some),
        )
        found.update((row.value, row.lead_id) for row in connection.execute(query))
    return found


def _mark(connection: Connection, company_id: str, call_ids: Sequence[str]) -> None:
    for some in _parts(call_ids):
        begin = calls.c.company_id == company_id, calls.c.call_id.in_(some)
        connection.execute(update(calls).where(*begin).values(begins_lead=True))


def _parts(things: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (things[first : first + _AT_ONCE] for first in range(0, len(things), _AT_ONCE))
