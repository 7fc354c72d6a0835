"""A company whose calls are many, with what was known of the candidates of each: what a night reads."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from sqlalchemy import Engine, Table, insert, select

from benchmarks.report_company import DAYS, in_batches, session_at
from swapboard.clock import DAY, MINUTE, SECOND, Millis, system_clock
from swapboard.storage.engine import writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import call_candidates, call_evidence, calls, leases, numbers, sessions, visit_events
from tests.building import Business, open_business

POOL = 300
NAMED = 50
"""Candidates of a call; besides, as many are hardly possible and have no name."""
_READ = 15_000
"""A night reads the candidates of somewhat fewer of the latest calls; the others' would only fill the disk."""
_PLACES = 1_300
_TAPS_EVERY = 10
Row = dict[str, Any]


def fill_with_calls(engine: Engine, visits: int, rung: int) -> None:
    """Its ninety days: each visit has a number for some minutes."""
    random, now = Random(1), system_clock()  # noqa: S311 no secret
    with writing(engine) as connection:
        business = open_business(connection, numbers=POOL, now=now - DAYS * DAY)
        mine = numbers.c.company_id == business.company_id, numbers.c.kind == "pool"
        number_ids = list(connection.execute(select(numbers.c.number_id).where(*mine)).scalars())
    held: list[Row] = []
    begins = sorted(now - random.randrange(DAYS * DAY) for _ in range(visits))
    rows = (session_at(business.company_id, business.site.site_id, random, at) for at in begins)
    for some in in_batches(rows):
        of_some = [
            _lease(business, number_ids[(len(held) + place) % POOL], row, random) for place, row in enumerate(some)
        ]
        taps = [_tap(row, random) for row in some[::_TAPS_EVERY]]
        _write(engine, {sessions: some, leases: of_some, visit_events: taps})
        held += [{name: row[name] for name in ("session_id", "visitor_id", "started_at")} for row in some]
    for some in in_batches(_calls(business, number_ids, random, held, rung)):
        parts: list[Sequence[Row]] = list(zip(*some, strict=True))
        _write(engine, {calls: parts[0], call_candidates: parts[1], call_evidence: parts[2]})


def _write(engine: Engine, rows: dict[Table, Sequence[Row]]) -> None:
    with writing(engine) as connection:
        for table, of_table in rows.items():
            connection.execute(insert(table), of_table)


def _lease(business: Business, number_id: str, visit: Row, random: Random) -> Row:
    begins = visit["started_at"]
    until = begins + random.randrange(20 * SECOND, 10 * MINUTE)
    return {
        "company_id": business.company_id,
        "session_id": visit["session_id"],
        "target_id": business.targets[0].target_id,
        "from_at": begins,
        "number_id": number_id,
        "pool_id": business.pools[0].pool_id,
        "state": "ended",
        "until_at": until,
        "expires_at": until + random.choice((0, MINUTE)),
    }


def _tap(visit: Row, random: Random) -> Row:
    at = visit["started_at"] + random.randrange(MINUTE)
    event = {name: visit[name] for name in ("company_id", "session_id")}
    return event | {
        "event_id": new_id(at),
        "happened_at": at,
        "kind": "tap",
        "url": "",
        "title": "",
        "properties": {},
    }


def _calls(
    business: Business, number_ids: Sequence[str], random: Random, held: Sequence[Row], count: int
) -> Iterator[tuple[Row, Row, Row]]:
    """A call, its likeliest candidate, and what was known of all; one in ten called before."""
    for caller, place in enumerate(sorted(random.sample(range(len(held)), count))):
        visit = held[place]
        at: Millis = visit["started_at"] + random.randrange(10 * MINUTE)
        number = random.randrange(caller + 1) if random.random() < 0.1 else caller
        call = {
            "company_id": business.company_id,
            "call_id": new_id(at),
            "carrier_id": business.carrier_id,
            "call_ref": new_id(at),
            "number_id": random.choice(number_ids),
            "tracking_number": "+12025550143",
            "caller_number": f"+1212{5550000 + number:07d}",
            "caller_withheld": False,
            "status": "answered",
            "started_at": at,
            "ended_at": at + MINUTE,
            "first_time_caller": number == caller,
            "attribution_kind": "session",
            "confidence": 0.9,
            **{name: visit[name] for name in ("session_id", "visitor_id")},
            "tags": [],
            "click_ids": {},
            "search_text": "",
        }
        of_call = {name: call[name] for name in ("company_id", "call_id")}
        candidate = of_call | {"session_id": visit["session_id"], "rank": 1, "probability": 0.9, "because": ""}
        named = NAMED if caller >= count - _READ else 1
        evidence = _evidence(held[max(0, place - named + 1) : place + 1], random)
        yield call, candidate, of_call | {"happened_at": at, "version": 0, "evidence": evidence}


def _evidence(candidates: Sequence[Row], random: Random) -> Row:
    because = "had this number until 12 minutes before"
    return {
        "candidates": [
            [each["session_id"], random.randrange(_PLACES), random.random(), 0.0, because] for each in candidates
        ],
        "rest": [[random.randrange(_PLACES), random.random()] for _ in candidates],
        "nobody": 0.9,
        "nobody_again": 0.0,
        "again_bin": 0,
    }
