"""Small random histories for reports, and slow, obviously right counts of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, Table, insert

from swapboard.attribution.call_shares import kept
from swapboard.attribution.posterior import Candidate
from swapboard.calls.call import Status
from swapboard.clock import DAY, HOUR, MINUTE, SECOND, Millis
from swapboard.leads.beginning import mark
from swapboard.leads.lead import ContactKind
from swapboard.reports.columns import WORDS_OF
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import OF_VISITS as VISITS_HAVE
from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import Figures
from swapboard.reports.filing import keep_filed, to_file
from swapboard.reports.filter import Term
from swapboard.storage.engine import reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import (
    call_candidates,
    call_legs,
    calls,
    forms,
    lead_contacts,
    lead_keys,
    leads,
    numbers,
    pools,
    sessions,
)
from tests.building import NOW, Business

Row: TypeAlias = dict[str, Any]
Happened: TypeAlias = tuple[Millis, Callable[[Dimension], str], Figures]
_WORDS = {name: dimension for dimension, name in WORDS_OF.items()}
CAMPAIGNS = (None, "", "Spring sale", 'quoted "name"', "50% off_now")
PAGES = ("https://www.example.com/?gclid=1", "https://www.example.com/?gclid=2", "https://www.example.com/a", "")
REFERRERS = ("", "https://www.google.com/search?q=x", "https://news.example.com", "android-app://com.example/x")
VISITORS = tuple(new_id(NOW, bytes([place]).__mul__) for place in range(12))
PHONES = (None, "+442079460001", "+442079460002")
SIGNALS = ("withheld", "calls", "neighbour")
CALLERS = (None, "+12025550111", "+12025550112", "+12025550113")


@dataclass
class History:
    """Everything that happened, as it was written."""

    calls: list[Row] = field(default_factory=list)
    sessions: dict[str, Row] = field(default_factory=dict)
    forms: list[Row] = field(default_factory=list)
    leads: list[Row] = field(default_factory=list)
    lead_visitors: dict[str, list[str]] = field(default_factory=dict)
    """The visitors that each lead is recognised by."""
    numbers: dict[str, Row] = field(default_factory=dict)
    pools: dict[str, str] = field(default_factory=dict)
    candidates: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    """Which sessions may have made a call, and how probably."""


def happen(connection: Connection, business: Business, random: Random, span: tuple[Millis, Millis]) -> History:
    """Some weeks at random; a part of it lies outside of the span."""
    history = History()
    company = business.company_id
    # In an order that no random id decides: a seed tells the same history on each run.
    own = numbers.select().where(numbers.c.company_id == company).order_by(numbers.c.number)
    for row in connection.execute(own):
        history.numbers[row.number_id] = dict(row._mapping)
    named = connection.execute(pools.select().where(pools.c.company_id == company))
    names = {row.pool_id: row.name for row in named}
    history.pools |= {pool.pool_id: names[pool.pool_id] for pool in business.pools}
    for _ in range(random.randrange(40)):
        session = session_at(business, random, _instant(random, span))
        history.sessions[session["session_id"]] = session
    for _ in range(random.randrange(60)):
        history.calls.append(_call(history, business, random, _instant(random, span)))
    for _ in range(random.randrange(10) if history.sessions else 0):
        history.forms.append(_form(history, business, random, _instant(random, span)))
    candidates = [each for call in history.calls for each in _may_have_called(history, call, random)]
    _write(connection, sessions, list(history.sessions.values()))
    _write(connection, calls, history.calls)
    _write(connection, forms, history.forms)
    _write(connection, call_candidates, candidates)
    _people(connection, history, company, random)
    return history


def file_visits(engine: Engine, company_id: str, now: Millis) -> None:
    """As the chore does at this instant."""
    with reading(engine) as connection:
        made = to_file(connection, company_id, now)
    with writing(engine) as connection:
        assert keep_filed(connection, company_id, made, now) == len(made)


def recount(
    history: History,
    from_at: Millis,
    until_at: Millis,
    by: Sequence[Dimension],
    terms: Sequence[Term],
    counted_by: CountedBy = CountedBy.BEST_MATCH,
) -> Mapping[tuple[str, ...], Figures]:
    """One thing after the other."""
    found: dict[tuple[str, ...], Figures] = {}
    asked = [*by, *(term.dimension for term in terms)]
    happened = _calls_and_callers(history, counted_by)
    if VISITS_HAVE.issuperset(asked):
        happened += _visits_and_forms(history)
    for at, known, figures in happened:
        if from_at <= at < until_at and all(term.met_by(known(term.dimension)) for term in terms):
            cell = tuple(known(dimension) for dimension in by)
            found[cell] = found.get(cell, Figures()) + figures
    return found if by else {(): found.get((), Figures())}


def _calls_and_callers(history: History, counted_by: CountedBy) -> list[Happened]:
    count = {row["call_id"]: row for row in history.calls if not row["is_spam"]}
    known = {call_id: _shares(history, row, counted_by) for call_id, row in count.items()}
    began = [lead for lead in history.leads if lead["first"] in count]
    return [
        (at, told, times(figures, share))
        for at, call_id, figures in [
            *((row["started_at"], call_id, _figures_of(row)) for call_id, row in count.items()),
            *((lead["created_at"], lead["first"], Figures(leads=1)) for lead in began),
        ]
        for told, share in known[call_id]
    ]


def times(figures: Figures, share: Decimal) -> Figures:
    return Figures(*(getattr(figures, each.name) * share for each in fields(Figures)))


def _shares(history: History, row: Row, counted_by: CountedBy) -> list[tuple[Callable[[Dimension], str], Decimal]]:
    """What is known of a call, for each visit that may have made it, and how much of the call that is."""
    own = known_of_call(history, row)
    candidates = history.candidates[row["call_id"]]
    if counted_by is CountedBy.BEST_MATCH or not candidates:
        return [(own, Decimal(1))]
    found: list[tuple[Callable[[Dimension], str], Decimal]] = []
    for session_id, probability in candidates:
        of_visit = known_of_visit(history.sessions[session_id])
        known = own if session_id == row["session_id"] else _either(own, of_visit)
        found.append((known, Decimal(int(probability * 1_000_000)) / 1_000_000))
    nobody = own if row["attribution_kind"] != "session" else _either(own, lambda _dimension: "")
    return [*found, (nobody, Decimal(1) - sum((share for _known, share in found), Decimal(0)))]


def _either(call: Callable[[Dimension], str], visit: Callable[[Dimension], str]) -> Callable[[Dimension], str]:
    return lambda dimension: (visit if dimension in VISITS_HAVE else call)(dimension)


def _visits_and_forms(history: History) -> list[Happened]:
    known = {row["form_id"]: known_of_visit(history.sessions[row["session_id"]]) for row in history.forms}
    began = [lead for lead in history.leads if lead["first"] in known]
    return [
        *((row["started_at"], known_of_visit(row), Figures(visits=1)) for row in history.sessions.values()),
        *((row["sent_at"], known[row["form_id"]], Figures(forms=1)) for row in history.forms),
        *((lead["created_at"], known[lead["first"]], Figures(leads=1)) for lead in began),
    ]


def _figures_of(row: Row) -> Figures:
    talked = row["status"] in {"answered", "in_progress"}
    return Figures(
        calls=1,
        first_time=int(row["first_time_caller"]),
        answered=int(talked),
        voicemail=int(row["status"] == "voicemail"),
        missed=int(row["status"] in {"missed", "busy", "failed", "abandoned"}),
        talk_seconds=(row["talk_seconds"] or 0) if talked else 0,
        qualified=int(row["qualified"] is True),
        value_cents=row["value_cents"] or 0,
    )


def known_of_call(history: History, row: Row) -> Callable[[Dimension], str]:
    """What the call's row and its number, visit and pool say."""
    visit = history.sessions.get(row["session_id"] or "", {})
    number = history.numbers.get(row["number_id"] or "", {})
    known = {
        Dimension.CHANNEL: row["channel"],
        Dimension.SOURCE: row["source"],
        Dimension.MEDIUM: row["medium"],
        Dimension.CAMPAIGN: row["campaign"],
        Dimension.KEYWORD: keyword_or_why_none(row["keyword"], row["channel"]),
        Dimension.AD_GROUP: visit.get("value_track", {}).get("adgroupid"),
        Dimension.AD: visit.get("content"),
        Dimension.LANDING_PAGE: (row["landing_page"] or "").split("?")[0],
        Dimension.REFERRER: _host(row["referrer"] or ""),
        Dimension.DEVICE: visit.get("device"),
        Dimension.PLACE: row["caller_place"],
        Dimension.REGION: (row["caller_place"] or "").split(", ")[-1],
        Dimension.NUMBER: row["tracking_number"],
        Dimension.PLACEMENT: number.get("placement"),
        Dimension.POOL: history.pools.get(number.get("pool_id") or ""),
        Dimension.ANSWERED_BY: row["destination"],
        Dimension.OUTCOME: row["status"],
    }
    return lambda dimension: known[dimension] or ""


def keyword_or_why_none(keyword: str | None, channel: str | None) -> str:
    """An ad's may be told later, and of no visit nothing is known; these businesses have one kind of ad."""
    if keyword or not channel or channel == "Paid Search":
        return keyword or ""
    return "(not provided)" if channel == "Organic Search" else "(not set)"


def known_of_visit(row: Row) -> Callable[[Dimension], str]:
    """What the session's row says."""
    known = {
        Dimension.CHANNEL: row["channel"],
        Dimension.SOURCE: row["source"],
        Dimension.MEDIUM: row["medium"],
        Dimension.CAMPAIGN: row["campaign"],
        Dimension.KEYWORD: keyword_or_why_none(row["term"], row["channel"]),
        Dimension.AD_GROUP: row["value_track"].get("adgroupid"),
        Dimension.AD: row["content"],
        Dimension.LANDING_PAGE: row["landing_page"].split("?")[0],
        Dimension.REFERRER: _host(row["referrer"]),
        Dimension.DEVICE: row["device"],
    }
    return lambda dimension: known[dimension] or ""


def _host(address: str) -> str:
    return address.partition("//")[2].split("/")[0]


def _instant(random: Random, span: tuple[Millis, Millis]) -> Millis:
    edges = (*span, span[0] - 1, span[1] - 1)
    return random.choice([*edges, *(random.randrange(span[0] - DAY, span[1] + DAY) for _ in range(12))])


def _source(random: Random) -> Row:
    return {
        "channel": random.choice(["Paid Search", "Direct", "Organic Search"]),
        "source": random.choice(["google", "(direct)"]),
        "medium": random.choice(["cpc", "(none)"]),
        "campaign": random.choice(CAMPAIGNS),
        "referrer": random.choice(REFERRERS),
        "landing_page": random.choice(PAGES),
    }


def session_at(business: Business, random: Random, at: Millis) -> Row:
    """A visit that began then."""
    empty: Row = {"click_ids": {}, "value_track": random.choice([{}, {"adgroupid": "Drains"}]), "cookies": {}}
    return {
        **_source(random),
        **empty,
        "company_id": business.company_id,
        "session_id": new_id(at),
        "visitor_id": random.choice(VISITORS),
        "site_id": business.site.site_id,
        "started_at": at,
        "last_seen_at": at,
        "state": "gone",
        "campaign_id": random.choice([None, "7", "8"]),
        "term": random.choice([None, "plumber near me"]),
        "content": random.choice([None, "blue"]),
        "landing_title": "",
        "user_agent": "",
        "device": random.choice(["phone", "desktop"]),
        "time_zone": "",
        "opted_out": False,
        "is_returning": False,
    }


def _call(history: History, business: Business, random: Random, at: Millis) -> Row:
    status = random.choice(list(Status))
    told = random.random() < 0.7
    source = _source(random) if told else dict.fromkeys(_source(random))
    session_id = random.choice([None, new_id(at), *history.sessions])
    visit = history.sessions.get(session_id or "", {})
    return {
        "ad_group": visit.get("value_track", {}).get("adgroupid"),
        "ad": visit.get("content"),
        "device": visit.get("device"),
        **source,
        "company_id": business.company_id,
        "call_id": new_id(at),
        "carrier_id": business.carrier_id,
        "call_ref": new_id(at),
        "number_id": random.choice([None, *history.numbers]),
        "tracking_number": random.choice(["+12025550150", "+12025550151"]),
        "destination": random.choice([None, "+442079460001"]),
        "caller_number": random.choice(CALLERS),
        "caller_withheld": False,
        "caller_name": None,
        "caller_place": random.choice([None, "Washington, DC", "London"]),
        "status": status,
        "started_at": at,
        "answered_at": None,
        "ended_at": at + HOUR,
        "ring_seconds": 4,
        "talk_seconds": random.choice([None, 0, 63]),
        "first_time_caller": random.random() < 0.5,
        "tags": [],
        "attribution_kind": random.choice(["session", "session", "static"]) if told else "unknown",
        "confidence": None,
        "session_id": session_id,
        "visitor_id": history.sessions[session_id]["visitor_id"] if session_id in history.sessions else None,
        "keyword": random.choice([None, "plumber"]),
        "click_ids": {},
        "search_text": "",
        "value_cents": random.choice([None, 0, 5000]),
        "qualified": random.choice([None, True, False]),
        "is_spam": random.random() < 0.2,
        "spam_reasons": [[signal, 1] for signal in random.sample(SIGNALS, random.randrange(3))],
    }


def _may_have_called(history: History, call: Row, random: Random) -> list[Row]:
    """The call's candidates; writes at the call what is left of it."""
    left = 1.0
    who = random.sample(list(history.sessions), min(len(history.sessions), random.randrange(4)))
    if call["session_id"] in history.sessions and random.random() < 0.8:
        who = list(dict.fromkeys([call["session_id"], *who]))
    history.candidates[call["call_id"]] = found = []
    for session_id in who:
        probability = random.choice([left, random.random() * left])
        left -= probability
        found.append((session_id, probability))
    own = kept(call["attribution_kind"], call["session_id"], [Candidate(*each) for each in found])
    call |= {"own_millionths": own.own, "nobodys_millionths": own.nobodys}
    rows = []
    for rank, (session_id, probability) in enumerate(found, 1):
        visit = history.sessions[session_id]
        known = known_of_visit(visit)
        ids = {"company_id": call["company_id"], "call_id": call["call_id"], "session_id": session_id}
        words = {name: known(dimension) for name, dimension in _WORDS.items()} | {"keyword": visit["term"] or ""}
        rows.append({**ids, "rank": rank, "probability": probability, "because": "", **words})
    return rows


def _form(history: History, business: Business, random: Random, at: Millis) -> Row:
    return a_form_at(business, random.choice(list(history.sessions.values())), at)


def a_call_at(business: Business, random: Random, at: Millis) -> Row:
    """A call at that instant, of no visit that is known."""
    return _call(History(), business, random, at)


def a_form_at(business: Business, session: Row, at: Millis) -> Row:
    """A form that was sent on the visit."""
    return {
        "company_id": business.company_id,
        "form_id": new_id(at),
        "session_id": session["session_id"],
        "visitor_id": session["visitor_id"],
        "site_id": business.site.site_id,
        "sent_at": at,
        "name": "",
        "url": "",
        "fields": {},
    }


def ring_phones(connection: Connection, history: History, random: Random) -> list[Row]:
    """Each call rings some phones, the same one twice if need be."""
    rows: list[Row] = []
    for call in history.calls:
        for number in random.choices(PHONES, k=random.randrange(4)):
            at = call["started_at"]
            answered_at = at + random.randrange(40 * SECOND) if random.random() < 0.6 else None
            rows.append(
                {
                    "company_id": call["company_id"],
                    "call_id": call["call_id"],
                    "leg_ref": f"{len(rows)}",
                    "number": number,
                    "status": "answered" if answered_at else "no_answer",
                    "started_at": at,
                    "answered_at": answered_at,
                    "ended_at": (answered_at or at) + random.randrange(1, 9) * MINUTE,
                }
            )
    _write(connection, call_legs, rows)
    return rows


def _people(connection: Connection, history: History, company_id: str, random: Random) -> None:
    """Every contact is somebody's; two may be the same person's."""
    contacts = [("call", row["call_id"], row["started_at"]) for row in history.calls]
    contacts += [("form", row["form_id"], row["sent_at"]) for row in history.forms]
    random.shuffle(contacts)
    while contacts:
        own = [contacts.pop() for _ in range(min(len(contacts), random.choice([1, 1, 2, 3])))]
        lead_id, created_at = new_id(NOW), min(at for _kind, _id, at in own)
        first, first_kind = min((each, kind) for kind, each, at in own if at == created_at)
        row = {"company_id": company_id, "lead_id": lead_id, "created_at": created_at, "last_at": created_at}
        _write(connection, leads, [{**row, "began_as": first_kind}])
        _write(
            connection,
            lead_contacts,
            [
                {"company_id": company_id, "kind": kind, "contact_id": each, "lead_id": lead_id, "happened_at": at}
                for kind, each, at in own
            ],
        )
        mark(connection, company_id, ContactKind(first_kind), first, begins=True)
        history.leads.append({**row, "first": first})
        _recognise(connection, history, row, own, random)


def _recognise(
    connection: Connection, history: History, lead: Row, own: Sequence[tuple[str, str, Millis]], random: Random
) -> None:
    """By the visitors of some of the forms; nobody is two people."""
    taken = {each for visitors in history.lead_visitors.values() for each in visitors}
    sent = {form["visitor_id"] for form in history.forms if form["form_id"] in {each for _kind, each, _at in own}}
    mine = [visitor for visitor in sorted(sent - taken) if random.random() < 0.8]
    history.lead_visitors[lead["lead_id"]] = mine
    of_lead = {"company_id": lead["company_id"], "lead_id": lead["lead_id"], "kind": "visitor"}
    _write(connection, lead_keys, [of_lead | {"value": visitor} for visitor in mine])


def _write(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(table), rows)
