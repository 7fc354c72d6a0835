"""A large company for the reports to count: visits, calls matched to them, people, forms, costs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, select

from swapboard.attribution.call_shares import kept
from swapboard.attribution.posterior import Candidate
from swapboard.calls.call import LegStatus
from swapboard.clock import DAY, Millis, system_clock
from swapboard.storage.engine import writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import (
    call_candidates,
    call_legs,
    calls,
    costs,
    forms,
    lead_contacts,
    lead_keys,
    leads,
    leases,
    numbers,
    sessions,
)
from tests.building import Business, open_business

DAYS = 90
CHANNELS = ("Paid Search", "Organic Search", "Direct", "Referral", "Email", "Paid Social", "Organic Social")
STATUSES = (*("answered",) * 6, "missed", "busy", "voicemail")
_BATCH = 5_000
_LEASED_EVERY = 2
_CALLS_FOR_A_FORM = 4
_CANDIDATES = 3
_SOURCE = ("channel", "source", "medium", "campaign", "landing_page", "referrer")
Row = dict[str, Any]


def fill(engine: Engine, visits: int, rung: int) -> None:
    """The company's ninety days."""
    random, now = Random(1), system_clock()  # noqa: S311 no secret
    with writing(engine) as connection:
        business = open_business(connection, now=now)
        mine = numbers.c.company_id == business.company_id
        number_ids = list(connection.execute(select(numbers.c.number_id).where(mine)).scalars())
        write_rows(connection, costs, list(_costs(business.company_id, random, now)))
    known: list[Row] = []
    for some in in_batches(_visits(business, random, now, visits)):
        known += random.sample(some, max(1, len(some) * rung * _CANDIDATES // visits))
        with writing(engine) as connection:
            write_rows(connection, sessions, some)
            write_rows(connection, leases, _leases(business, number_ids, some))
    callers: dict[str, Row] = {}
    for some in in_batches(_calls(business, number_ids, random, now, known, rung)):
        with writing(engine) as connection:
            _people(connection, some, callers)
            candidates = [each for row, session in some for each in _may(row, session, known, random)]
            write_rows(connection, calls, [row for row, _session in some])
            write_rows(connection, call_legs, [_leg(row) for row, _session in some])
            write_rows(connection, call_candidates, candidates)
            _write_forms(connection, business, some[::_CALLS_FOR_A_FORM], random)


def session_at(company_id: str, site_id: str, random: Random, at: Millis, visitor_id: str | None = None) -> Row:
    """A visit that began then."""
    source = _source(random)
    return {
        **source,
        "company_id": company_id,
        "session_id": new_id(at),
        "visitor_id": visitor_id or new_id(at),
        "site_id": site_id,
        "started_at": at,
        "last_seen_at": at,
        "state": "gone",
        "campaign_id": None,
        "term": f"keyword {random.randrange(400)}" if source["campaign"] else None,
        "content": None,
        "click_ids": {"gclid": source["landing_page"][-64:]},
        "value_track": {},
        "cookies": {"_ga": "GA1.1.1234567890.1790000000"},
        "landing_title": "Services",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0",
        "device": random.choice(("phone", "desktop", "tablet")),
        "time_zone": "America/New_York",
        "opted_out": False,
        "is_returning": visitor_id is not None,
    }


def _visits(business: Business, random: Random, now: Millis, count: int) -> Iterator[Row]:
    """In the order in which they began; one in five is somebody's who came before."""
    before: list[str] = []
    for at in sorted(now - random.randrange(DAYS * DAY) for _ in range(count)):
        again = random.choice(before) if before and random.random() < 0.2 else None
        row = session_at(business.company_id, business.site.site_id, random, at, again)
        before.append(row["visitor_id"])
        yield row


def _source(random: Random) -> Row:
    channel = random.choice(CHANNELS)
    is_paid = channel.startswith("Paid")
    click = f"{random.getrandbits(256):064x}"
    return {
        "channel": channel,
        "source": random.choice(("google", "bing", "facebook", "newsletter")),
        "medium": "cpc" if is_paid else "organic",
        "campaign": f"campaign {random.randrange(40)}" if is_paid else None,
        "landing_page": f"https://www.example.com/services/{random.randrange(30)}?gclid={click}",
        "referrer": random.choice(
            ("", "https://www.google.com/", f"https://site{random.randrange(200)}.example/")
        ),
    }


def _leases(business: Business, number_ids: Sequence[str], visits: Sequence[Row]) -> list[Row]:
    return [
        {
            "company_id": row["company_id"],
            "session_id": row["session_id"],
            "target_id": business.targets[0].target_id,
            "from_at": row["started_at"],
            "number_id": number_ids[place % len(number_ids)],
            "pool_id": business.pools[0].pool_id,
            "state": "ended",
            "until_at": row["started_at"],
            "expires_at": row["started_at"],
        }
        for place, row in enumerate(visits)
        if place % _LEASED_EVERY == 0
    ]


def _calls(
    business: Business, number_ids: Sequence[str], random: Random, now: Millis, known: Sequence[Row], count: int
) -> Iterator[tuple[Row, Row | None]]:
    """Each with the visit that made it; one in ten is a stranger's, one in ten called before."""
    visits = sorted(random.sample(known, count), key=lambda row: str(row["session_id"]))
    for place, visit in enumerate(visits):
        at = min(now, visit["started_at"] + random.randrange(600_000))
        session = visit if random.random() < 0.9 else None
        caller = random.randrange(place + 1) if random.random() < 0.1 else place
        yield _call(business, number_ids, random, at, session, caller), session


def _call(
    business: Business, number_ids: Sequence[str], random: Random, at: Millis, session: Row | None, caller: int
) -> Row:
    status = random.choice(STATUSES)
    told = session or dict.fromkeys(
        ("channel", "source", "medium", "campaign", "term", "landing_page", "referrer")
    )
    return {
        **{name: told[name] for name in _SOURCE},
        "company_id": business.company_id,
        "call_id": new_id(at),
        "carrier_id": business.carrier_id,
        "call_ref": new_id(at),
        "number_id": random.choice(number_ids),
        "tracking_number": f"+1202555{random.randrange(100, 200):04d}",
        "destination": f"+1202555{random.randrange(100, 110):04d}",
        "caller_number": f"+1212{5550000 + caller:07d}",
        "caller_withheld": False,
        "caller_place": f"Town {random.randrange(300)}, {random.choice(('NY', 'NJ', 'CT', 'PA'))}",
        "status": status,
        "started_at": at,
        "answered_at": at + 4_000 if status == "answered" else None,
        "ended_at": at + 300_000,
        "ring_seconds": 4,
        "talk_seconds": random.randrange(300) if status == "answered" else None,
        "first_time_caller": random.random() < 0.9,
        "tags": [],
        "attribution_kind": "session" if session else "unknown",
        "confidence": 0.9 if session else None,
        "session_id": session["session_id"] if session else None,
        "visitor_id": session["visitor_id"] if session else None,
        "keyword": told["term"],
        "device": session["device"] if session else None,
        "click_ids": {},
        "search_text": "",
        "value_cents": 5_000 if random.random() < 0.1 else None,
        "qualified": random.random() < 0.3 or None,
        "is_spam": random.random() < 0.02,
        "begins_lead": False,
    }


def _leg(call: Row) -> Row:
    return {
        "company_id": call["company_id"],
        "call_id": call["call_id"],
        "leg_ref": "1",
        "number": call["destination"],
        # A leg's own words: what became of a call is no status of a leg.
        "status": call["status"] if call["status"] in set(LegStatus) else LegStatus.NO_ANSWER,
        "started_at": call["started_at"],
        "answered_at": call["answered_at"],
        "ended_at": call["ended_at"],
    }


def _may(call: Row, session: Row | None, known: Sequence[Row], random: Random) -> Iterator[Row]:
    """The visit that made it, and two others; nobody's are a stranger's."""
    call |= {"own_millionths": 1_000_000, "nobodys_millionths": 0}
    if session is None:
        return
    others = [session, *(random.choice(known) for _ in range(_CANDIDATES - 1))]
    found = {each["session_id"]: each for each in others}
    candidates = [Candidate(each, 0.031234567 if rank else 0.9) for rank, each in enumerate(found)]
    left = kept(call["attribution_kind"], call["session_id"], candidates)
    call |= {"own_millionths": left.own, "nobodys_millionths": left.nobodys}
    for rank, candidate in enumerate(candidates, 1):
        visit = found[candidate.session_id]
        yield {
            "company_id": call["company_id"],
            "call_id": call["call_id"],
            "session_id": candidate.session_id,
            "rank": rank,
            "probability": candidate.probability,
            "because": "",
            **{name: visit[name] or "" for name in ("channel", "source", "medium", "campaign", "device")},
            "keyword": visit["term"] or "",
            "landing_page": visit["landing_page"].partition("?")[0],
            "referrer": visit["referrer"].partition("//")[2].partition("/")[0],
        }


def _people(connection: Connection, some: Sequence[tuple[Row, Row | None]], callers: dict[str, Row]) -> None:
    """Whoever calls from the same number is the same person."""
    new: list[Row] = []
    contacts = []
    for call, _session in some:
        lead = callers.get(call["caller_number"])
        if lead is None:
            at, call["begins_lead"] = call["started_at"], True
            lead = callers[call["caller_number"]] = {
                "company_id": call["company_id"],
                "lead_id": new_id(at),
                "began_as": "call",
                "created_at": at,
                "last_at": at,
            }
            new.append(lead)
        contacts.append(_contact(lead, "call", call["call_id"], call["started_at"]))
    write_rows(connection, leads, new)
    write_rows(connection, lead_contacts, contacts)
    write_rows(connection, lead_keys, list(_keys(some, {row["lead_id"] for row in new}, callers)))


def _keys(some: Sequence[tuple[Row, Row | None]], new: set[str], callers: dict[str, Row]) -> Iterator[Row]:
    known: set[str] = set()
    for call, session in some:
        lead = callers[call["caller_number"]]
        if lead["lead_id"] not in new or lead["lead_id"] in known:
            continue
        known.add(lead["lead_id"])
        of_lead = {"company_id": call["company_id"], "lead_id": lead["lead_id"]}
        yield of_lead | {"kind": "phone", "value": call["caller_number"]}
        # A visit calls once here, but a visitor may come again.
        if session is not None and not session["is_returning"]:
            yield of_lead | {"kind": "visitor", "value": session["visitor_id"]}


def _contact(lead: Row, kind: str, contact_id: str, at: Millis) -> Row:
    return {
        "company_id": lead["company_id"],
        "kind": kind,
        "contact_id": contact_id,
        "lead_id": lead["lead_id"],
        "happened_at": at,
    }


def _write_forms(
    connection: Connection, business: Business, some: Sequence[tuple[Row, Row | None]], random: Random
) -> None:
    """Each a person's of its own, from the visits of some who called."""
    rows, people, contacts = [], [], []
    for _call_row, session in some:
        if session is None:
            continue
        at = session["started_at"] + random.randrange(60_000)
        form = {
            **{name: session[name] for name in ("company_id", "session_id", "visitor_id", "site_id")},
            "form_id": new_id(at),
            "sent_at": at,
            "name": "contact",
            "begins_lead": True,
            "url": "",
            "fields": {},
        }
        lead = {
            "company_id": business.company_id,
            "lead_id": new_id(at),
            "began_as": "form",
            "created_at": at,
            "last_at": at,
        }
        rows.append(form)
        people.append(lead)
        contacts.append(_contact(lead, "form", form["form_id"], at))
    write_rows(connection, forms, rows)
    write_rows(connection, leads, people)
    write_rows(connection, lead_contacts, contacts)


def _costs(company_id: str, random: Random, now: Millis) -> Iterator[Row]:
    """Of every campaign and some of its keywords, each day."""
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    for back in range(DAYS):
        day = (today - timedelta(back)).isoformat()
        for line in range(200):
            yield {
                "company_id": company_id,
                "feed": "file",
                "day": day,
                "line": line,
                "channel": random.choice(("Paid Search", "Paid Social")),
                "source": "google",
                "medium": "cpc",
                "campaign": f"campaign {line % 40}",
                "campaign_id": "",
                "ad_group": "",
                "keyword": f"keyword {random.randrange(400)}",
                "micros": random.randrange(20_000_000),
                "currency": "GBP",
                "clicks": 1,
                "impressions": 10,
                "told_at": now,
            }


def in_batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """So many at a time."""
    some: list[Any] = []
    for row in rows:
        some.append(row)
        if len(some) == _BATCH:
            yield some
            some = []
    if some:
        yield some


def write_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert them, if there are any."""
    if rows:
        connection.execute(insert(table), rows)
