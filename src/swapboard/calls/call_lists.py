"""A carrier's own list of calls, against what its webhooks told us."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from swapboard.calls.call import GOES_ON, CallEvent, EventKind
from swapboard.calls.silence import LONGEST_CALL, SETTLED_AFTER, OpenCall
from swapboard.clock import DAY, Millis
from swapboard.storage.schema import calls, carrier_events, carriers, numbers

LONG_AGO: Millis = 30 * DAY


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """A carrier account, and from when on its list is to be read."""

    carrier_id: str
    kind: str
    credentials: str
    """Sealed."""
    since: Millis


def accounts_to_read(connection: Connection, company_id: str, now: Millis) -> list[ListedAccount]:
    """The company's accounts; calls from before an account was set up here are none of ours.

    A list cannot have been read until a moment that is yet to come: then our clock was wrong, and is right now.
    """
    rows = connection.execute(select(carriers).where(carriers.c.company_id == company_id))
    return [
        ListedAccount(
            row.carrier_id,
            row.kind,
            row.credentials,
            max(row.created_at, min(row.listed_until_at or 0, now) - LONGEST_CALL),
        )
        for row in rows
    ]


def mark_read(connection: Connection, company_id: str, carrier_id: str, until: Millis) -> None:
    """The list has been read up to this instant."""
    connection.execute(
        update(carriers)
        .where(carriers.c.company_id == company_id, carriers.c.carrier_id == carrier_id)
        .values(listed_until_at=until)
    )


def open_calls(connection: Connection, company_id: str, account: ListedAccount, now: Millis) -> list[OpenCall]:
    """The account's calls whose end we have not heard, but for those that have only just begun.

    Not those of long ago: when they could have been given up, somebody looked.
    """
    since = min(account.since, now) - LONG_AGO
    return calls_going_on(connection, company_id, account.carrier_id, since, now - SETTLED_AFTER)


def calls_going_on(
    connection: Connection, company_id: str, carrier_id: str, since: Millis, until: Millis
) -> list[OpenCall]:
    """The account's calls that began within this time and whose end we have not heard."""
    query = select(calls.c.call_ref, calls.c.started_at).where(
        calls.c.company_id == company_id,
        calls.c.carrier_id == carrier_id,
        calls.c.status.in_(GOES_ON),
        calls.c.started_at.between(since, until),
    )
    return [OpenCall(row.call_ref, row.started_at) for row in connection.execute(query)]


def not_told(
    connection: Connection, company_id: str, carrier_id: str, listed: Sequence[CallEvent]
) -> list[CallEvent]:
    """Of the listed events, those that no webhook told: of calls to our numbers, and of calls that we know.

    An account may have other numbers, whose calls are none of ours.
    """
    known = _known_events(connection, company_id, carrier_id, {event.call_ref for event in listed})
    dialled = {event.facts.dialled for event in listed if event.facts.dialled}
    ours = _owned(connection, company_id, dialled)
    call_refs = {key[0] for key in known} | {
        event.call_ref for event in listed if event.kind is EventKind.ARRIVED and event.facts.dialled in ours
    }
    return [event for event in listed if event.call_ref in call_refs and _key(event) not in known]


_Key = tuple[str, str, str]
"""Call, leg and kind. Not the sequence: what a webhook told already, the list need not tell less exactly."""
_MOST_AT_ONCE = 500


def _key(event: CallEvent) -> _Key:
    return event.call_ref, event.leg_ref, event.kind.value


def _known_events(
    connection: Connection, company_id: str, carrier_id: str, call_refs: Collection[str]
) -> set[_Key]:
    table = carrier_events.c
    known: set[_Key] = set()
    for some in _in_pieces(call_refs):
        query = select(table.call_ref, table.leg_ref, table.kind).where(
            table.company_id == company_id, table.carrier_id == carrier_id, table.call_ref.in_(some)
        )
        known |= {(row.call_ref, row.leg_ref, row.kind) for row in connection.execute(query)}
    return known


def _owned(connection: Connection, company_id: str, dialled: Collection[str]) -> set[str]:
    owned: set[str] = set()
    for some in _in_pieces(dialled):
        query = select(numbers.c.number).where(
            numbers.c.company_id == company_id, numbers.c.number.in_(some), numbers.c.released_at.is_(None)
        )
        owned.update(connection.scalars(query))
    return owned


def _in_pieces(values: Collection[str]) -> list[list[str]]:
    ordered = sorted(values)
    return [ordered[start : start + _MOST_AT_ONCE] for start in range(0, len(ordered), _MOST_AT_ONCE)]
