"""Calls of which nobody is to know any more who made them: that somebody called stays."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select, update

from swapboard.calls.call import CallEvent, EventKind
from swapboard.calls.event_store import add_carrier_events
from swapboard.clock import Millis
from swapboard.storage.bulk import json_text
from swapboard.storage.schema import calls, carrier_events

_WORDS = calls.c.channel, calls.c.source, calls.c.medium, calls.c.campaign, calls.c.keyword
_PERSONAL = frozenset(("caller", "caller_name"))


class Named(NamedTuple):
    """A call that says who made it."""

    call_id: str
    carrier_id: str
    call_ref: str
    words: tuple[str | None, ...]
    """What it may still be looked up by."""


def calls_by(connection: Connection, company_id: str, caller: str) -> Sequence[Named]:
    """Those that were made with this number (E.164)."""
    return _named(connection, _of_company(company_id).where(calls.c.caller_number == caller))


def calls_before(connection: Connection, company_id: str, until: Millis, limit: int) -> Sequence[Named]:
    """Calls from before then that tell a number; a name without a number there is none."""
    old = calls.c.caller_number.is_not(None), calls.c.started_at < until
    return _named(connection, _of_company(company_id).where(*old).limit(limit))


def make_nameless(connection: Connection, company_id: str, named: Sequence[Named]) -> None:
    """Forget number and name, on the calls and in what carriers told of them."""
    for each in named:
        text = " ".join(word for word in each.words if word).lower()
        is_it = calls.c.company_id == company_id, calls.c.call_id == each.call_id
        nameless = {"caller_number": None, "caller_name": None, "search_text": text}
        connection.execute(update(calls).where(*is_it).values(**nameless))
        _forget_told(connection, company_id, each)


def stay_nameless(connection: Connection, company_id: str, named: Sequence[Named], now: Millis) -> None:
    """What carriers tell of these calls from now on says no more who called."""
    marks: dict[str, list[tuple[CallEvent, str, Millis]]] = defaultdict(list)
    for each in named:
        mark = CallEvent(each.call_ref, "", EventKind.FORGOTTEN, 0, now)
        marks[each.carrier_id].append((mark, json_text({}), now))
    for carrier_id, of_carrier in marks.items():
        add_carrier_events(connection, company_id, carrier_id, of_carrier)


def is_forgotten(heard: Iterable[CallEvent]) -> bool:
    """Whether the caller of a call of which this was heard wanted to be forgotten."""
    return any(event.kind is EventKind.FORGOTTEN for event in heard)


def without_name(event: CallEvent) -> CallEvent:
    """What a carrier told, without who called."""
    return replace(event, facts=replace(event.facts, caller=None, caller_name=None))


def _of_company(company_id: str) -> Select[Any]:
    return select(calls.c.call_id, calls.c.carrier_id, calls.c.call_ref, *_WORDS).where(
        calls.c.company_id == company_id
    )


def _named(connection: Connection, query: Select[Any]) -> list[Named]:
    return [Named(row.call_id, row.carrier_id, row.call_ref, tuple(row[3:])) for row in connection.execute(query)]


def _forget_told(connection: Connection, company_id: str, call: Named) -> None:
    """A late event folds the call anew, which must not bring the number back."""
    of_call = (
        carrier_events.c.company_id == company_id,
        carrier_events.c.carrier_id == call.carrier_id,
        carrier_events.c.call_ref == call.call_ref,
    )
    connection.execute(update(carrier_events).where(*of_call).values(raw={}))
    told = carrier_events.c
    for row in connection.execute(select(told.leg_ref, told.kind, told.sequence, told.facts).where(*of_call)):
        left = {name: fact for name, fact in row.facts.items() if name not in _PERSONAL}
        if left != row.facts:
            is_it = told.leg_ref == row.leg_ref, told.kind == row.kind, told.sequence == row.sequence
            connection.execute(update(carrier_events).where(*of_call, *is_it).values(facts=left))
