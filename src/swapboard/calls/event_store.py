"""What carriers told of calls, in the database: append-only, and read and written for many calls at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Text, bindparam, cast, select

from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.clock import Millis
from swapboard.storage.bulk import BulkInsert, Known
from swapboard.storage.schema import carrier_events

_FACTS = TypeAdapter(Facts)
_INSERT = BulkInsert(carrier_events, Known.LEFT)

_OF_CALLS = select(
    carrier_events.c.call_ref,
    carrier_events.c.leg_ref,
    carrier_events.c.kind,
    carrier_events.c.sequence,
    carrier_events.c.happened_at,
    # As text, of which those that were read before are known.
    cast(carrier_events.c.facts, Text).label("facts"),
).where(
    carrier_events.c.company_id == bindparam("of_company"),
    carrier_events.c.carrier_id == bindparam("of_carrier"),
    carrier_events.c.call_ref.in_(bindparam("call_refs", expanding=True)),
)


def add_carrier_events(
    connection: Connection,
    company_id: str,
    carrier_id: str,
    told: Iterable[tuple[CallEvent, str, Millis]],
) -> None:
    """Keep events, each with the words it came in (`json_text`) and when; one that is known is left as it was."""
    rows = [
        (
            company_id,
            carrier_id,
            event.call_ref,
            event.leg_ref,
            event.kind.value,
            event.sequence,
            event.happened_at,
            received_at,
            _FACTS.dump_json(event.facts, exclude_defaults=True).decode(),
            raw,
        )
        for event, raw, received_at in told
    ]
    _INSERT.run(connection, rows)


def events_of_calls(
    connection: Connection, company_id: str, carrier_id: str, call_refs: Collection[str]
) -> Mapping[str, list[CallEvent]]:
    """Everything known of the calls, by call."""
    asked = {"of_company": company_id, "of_carrier": carrier_id, "call_refs": list(call_refs)}
    found: dict[str, list[CallEvent]] = defaultdict(list)
    for row in connection.execute(_OF_CALLS, asked):
        found[row.call_ref].append(_event(row))
    return found


def _event(row: Row[*tuple[Any, ...]]) -> CallEvent:
    kind = EventKind(row.kind)
    return CallEvent(row.call_ref, row.leg_ref, kind, row.sequence, row.happened_at, _facts(row.facts))


@lru_cache(maxsize=4096)
def _facts(text: str) -> Facts:
    return _FACTS.validate_json(text)
