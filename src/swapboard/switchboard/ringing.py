"""A carrier tells of calls: keep the events, fold them, and let follow what follows.

All that waits is worked on together, in few statements: a busy day's news is hundreds of events a second.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from swapboard.attribution.store import number_rows
from swapboard.calls import store
from swapboard.calls.call import Call, CallEvent, Facts
from swapboard.calls.event_store import add_carrier_events, events_of_calls
from swapboard.calls.fold import fold
from swapboard.calls.lone_callers import lone_callers
from swapboard.calls.nameless import is_forgotten, without_name
from swapboard.clock import Millis
from swapboard.numbers.e164 import place
from swapboard.storage.asked_once import asking_once
from swapboard.storage.bulk import json_text
from swapboard.storage.commit import Job
from swapboard.storage.ids import new_id
from swapboard.switchboard.following import News, follow, is_to_attribute


@dataclass(frozen=True, slots=True)
class Told:
    """What one request of a carrier told, with the words it came in."""

    company_id: str
    carrier_id: str
    events: tuple[CallEvent, ...]
    raw: Mapping[str, str]
    received_at: Millis


@dataclass(frozen=True, slots=True)
class Changed:
    """A call as it is now."""

    call_id: str
    call: Call


def receive(connection: Connection, batch: Sequence[Told]) -> list[tuple[Changed, ...]]:
    """Keep what was told and bring the calls up to date, each once; the same again changes nothing.

    Tells of each piece of `batch` the calls that it is about, as they are after all of it.
    """
    by_account: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for told in batch:
        by_account[told.company_id, told.carrier_id].append(told)
    with asking_once():
        now = {account: _of_account(connection, *account, told) for account, told in by_account.items()}
    return [
        tuple(now[told.company_id, told.carrier_id][ref] for ref in dict.fromkeys(_refs(told))) for told in batch
    ]


def _receive(connection: Connection, batch: Sequence[Told]) -> list[tuple[str, ...]]:
    return [tuple(changed.call_id for changed in of_told) for of_told in receive(connection, batch)]


_OF_EVENT = attrgetter("call_ref", "leg_ref", "kind", "sequence", "happened_at")
_OF_FACTS = attrgetter(*(field.name for field in fields(Facts)))


def _fields_of(told: Told) -> Iterable[Any]:
    events = [(*_OF_EVENT(event), _OF_FACTS(event.facts)) for event in told.events]
    return told.company_id, told.carrier_id, events, told.raw, told.received_at


def _told_of(told: Iterable[Any]) -> Told:
    company_id, carrier_id, events, raw, received_at = told
    heard = tuple(
        CallEvent(call_ref, leg_ref, kind, sequence, happened_at, Facts(*facts))
        for call_ref, leg_ref, kind, sequence, happened_at, facts in events
    )
    return Told(company_id, carrier_id, heard, raw, received_at)


RECEIVE: Job[Told, tuple[str, ...]] = Job("receive", _receive, apart=True, work_of=_told_of, fields_of=_fields_of)
"""Answers with our ids of the calls that a piece was about: a whole call takes longer to pickle than to fold."""


def _refs(told: Told) -> Iterator[str]:
    return (event.call_ref for event in told.events)


def _of_account(
    connection: Connection, company_id: str, carrier_id: str, batch: Sequence[Told]
) -> Mapping[str, Changed]:
    """The calls that one carrier account told of, by its own ids."""
    refs = sorted({ref for told in batch for ref in _refs(told)})
    # The calls first: it locks them, so that nobody adds to their events from here on.
    known = store.known_calls(connection, company_id, carrier_id, refs)
    heard = events_of_calls(connection, company_id, carrier_id, refs)
    news = _keep_news(connection, company_id, carrier_id, batch, heard)
    calls = {ref: _call(known.get(ref), heard.get(ref, ()), news.get(ref, ())) for ref in refs}
    as_told = [
        News(
            company_id,
            carrier_id,
            calls[ref].call_id,
            calls[ref].call,
            known.get(ref),
            *_gathered(events),
            is_forgotten=is_forgotten(heard.get(ref, ())),
        )
        for ref, events in news.items()
    ]
    told = _with_lone_callers(connection, company_id, carrier_id, as_told)
    _write(connection, company_id, carrier_id, told)
    dialled = {each.call.tracking_number for each in _to_attribute(told)}
    numbers = number_rows(connection, company_id, [number for number in dialled if number])
    for each in told:
        follow(connection, each, numbers)
    return calls


def _with_lone_callers(
    connection: Connection, company_id: str, carrier_id: str, told: Sequence[News]
) -> Sequence[News]:
    """Asked once for all: most callers never called before, of whom each call need not ask it four times."""
    calls_of = Counter(each.call.caller for each in told)
    callers = [caller for each in _to_attribute(told) if (caller := each.call.caller) and calls_of[caller] == 1]
    lone = lone_callers(connection, company_id, carrier_id, callers, [each.call.call_ref for each in told])
    return [replace(each, is_lone=True) if each.call.caller in lone else each for each in told]


def _to_attribute(told: Sequence[News]) -> Iterator[News]:
    return (each for each in told if is_to_attribute(each.known, each.call))


_Heard = tuple[CallEvent, Millis]
"""An event, and when it was told."""


def _keep_news(
    connection: Connection,
    company_id: str,
    carrier_id: str,
    batch: Sequence[Told],
    heard: Mapping[str, Sequence[CallEvent]],
) -> Mapping[str, Sequence[_Heard]]:
    """Write what was not known, and tell it by call; of an event that is told twice, the first telling counts."""
    seen = {event.identity for events in heard.values() for event in events}
    forgotten = {ref for ref, events in heard.items() if is_forgotten(events)}
    news: dict[str, list[_Heard]] = defaultdict(list)
    rows: list[tuple[CallEvent, str, Millis]] = []
    for told in batch:
        raw = json_text(dict(told.raw))
        for event in told.events:
            if event.identity in seen:
                continue
            seen.add(event.identity)
            nameless = event.call_ref in forgotten
            kept, words = (without_name(event), json_text({})) if nameless else (event, raw)
            news[kept.call_ref].append((kept, told.received_at))
            rows.append((kept, words, told.received_at))
    add_carrier_events(connection, company_id, carrier_id, rows)
    return news


def _call(known: store.KnownCall | None, heard: Sequence[CallEvent], news: Sequence[_Heard]) -> Changed:
    call = fold([*heard, *(event for event, _ in news)])
    return Changed(known.call_id if known else new_id(news[0][1]), call)


def _gathered(news: Sequence[_Heard]) -> tuple[tuple[CallEvent, ...], Millis]:
    return tuple(event for event, _ in news), max(told_at for _, told_at in news)


def _write(connection: Connection, company_id: str, carrier_id: str, told: Sequence[News]) -> None:
    """The calls as they are now."""
    for each in told:
        if each.known is None:
            place_of = _place(each.call)
            store.add_call(
                connection, company_id, carrier_id, each.call_id, each.call, place_of, is_lone=each.is_lone
            )
        elif each.known.who != store.Who.of(each.call):
            store.change_who(connection, company_id, each.known, each.call, _place(each.call))
    known = [(each.call_id, each.call) for each in told if each.known]
    store.change_calls(connection, company_id, known)


def _place(call: Call) -> str | None:
    return place(call.caller) if call.caller else None
