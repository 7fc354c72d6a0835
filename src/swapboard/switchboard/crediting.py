"""Which visits and channels earned the leads, by every model side by side, from the database."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, select

from swapboard.attribution.candidate_joins import IS_ITS_VISIT
from swapboard.attribution.channel_credit import ChannelCredit, Way
from swapboard.attribution.channel_worth import worth_of
from swapboard.attribution.touch import WHOLE, Model, Moment, Touch, share_out, within
from swapboard.clock import DAY, Millis
from swapboard.leads.lead import Contact, ContactKind, KeyKind
from swapboard.leads.listing import LeadRecord, leads_by_id
from swapboard.reports.columns import OF_CALLS, OF_VISITS, calls_with
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import NOBODY, UNKNOWN, Dimension
from swapboard.reports.filter import Term
from swapboard.storage.schema import call_candidates, calls, sessions
from swapboard.switchboard.filed_credits import Filed, add_filed, not_filed

LEAST_PROBABILITY = 0.01
"""Candidates below it are not asked for their other visits."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Span:
    """The leads that began in [from_at, until_at), and how long before them a visit may have been.

    Of their first calls (by their best match) and forms all terms must be met, however the leads are shared out.
    """

    from_at: Millis
    until_at: Millis
    look_back_days: int
    terms: tuple[Term, ...] = ()

    def filed(self, company_id: str, by: CountedBy) -> Filed:
        """What of their credits is filed."""
        return Filed(company_id, self.from_at, self.until_at, self.look_back_days, by, self.terms)


@dataclass(frozen=True, slots=True)
class VisitCredit:
    """One visit's share of a lead (0 to 1), by model."""

    touch: Touch
    shares: Mapping[Model, float]


def channel_credit(
    connection: Connection,
    company_id: str,
    span: Span,
    by: CountedBy,
    dimension: Dimension = Dimension.CHANNEL,
) -> ChannelCredit:
    """The leads shared out over channels, or over another thing that is known of visits."""
    worth = worth_of(connection, company_id)
    total = ChannelCredit(models_that_say(worth))
    filed = span.filed(company_id, by)
    add_filed(connection, filed, dimension, worth, total)
    asked = Asked(company_id, span.look_back_days, by, (dimension,))
    for way in ways_to_leads(connection, asked, not_filed(connection, filed)):
        total.add(way.ways, way.otherwise[0], Moment(way.record.lead.created_at, worth))
    return total


@dataclass(frozen=True, slots=True)
class WaysToLead:
    """How a lead may have come, and whom it is where no visit earned it, by each dimension asked for."""

    record: LeadRecord
    ways: Sequence[Way]
    otherwise: Sequence[str]
    known: Mapping[str, Sequence[str]]
    """Of each visit on its ways, by its id, the same."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How far back before a lead a visit counts, for whom, and what is to be known of it."""

    company_id: str
    look_back_days: int
    by: CountedBy
    dimensions: Sequence[Dimension]


def ways_to_leads(connection: Connection, asked: Asked, lead_ids: Sequence[str]) -> Iterator[WaysToLead]:
    """The ways of these leads; a visit counts for its value of the first dimension."""
    for first in range(0, len(lead_ids), _AT_ONCE):
        some = leads_by_id(connection, asked.company_id, lead_ids[first : first + _AT_ONCE])
        yield from _ways(connection, asked, some)


def _ways(connection: Connection, asked: Asked, some: Sequence[LeadRecord]) -> Iterator[WaysToLead]:
    look_back = asked.look_back_days * DAY
    rung = _calls(connection, asked, [each.contacts[0] for each in some if each.contacts])
    visitors = {each.lead.lead_id: _visitors(each, rung, asked.by) for each in some}
    everybody = {each for chosen in visitors.values() for person in chosen for each in person}
    moments = [each.lead.created_at for each in some]
    time = (min(moments) - look_back, max(moments)) if moments else (0, 0)
    visits = _visits(connection, asked.company_id, everybody, time, asked.dimensions)
    for record in some:
        at = record.lead.created_at
        ways = [
            Way(probability, within([touch for who in person for touch in visits.by.get(who, ())], at, look_back))
            for person, probability in visitors[record.lead.lead_id].items()
        ]
        yield WaysToLead(record, ways, _otherwise(record, rung, asked.dimensions), visits.known)


def visit_credit(
    connection: Connection, company_id: str, record: LeadRecord, look_back_days: int
) -> Sequence[VisitCredit]:
    """One lead shared out over its own visits, oldest first."""
    worth, at = worth_of(connection, company_id), record.lead.created_at
    look_back = look_back_days * DAY
    visits = _visits(connection, company_id, record.values(KeyKind.VISITOR), (at - look_back, at), ())
    touches = within([each for told in visits.by.values() for each in told], at, look_back)
    shares = {model: share_out(touches, model, Moment(at, worth)) for model in models_that_say(worth)}
    return [
        VisitCredit(touch, {model: of_model[place] / WHOLE for model, of_model in shares.items()})
        for place, touch in enumerate(touches)
    ]


def models_that_say(worth: Mapping[str, float]) -> Sequence[Model]:
    """The models that can say something: the one by data needs to have learned."""
    return [model for model in Model if worth or model is not Model.DATA_DRIVEN]


@dataclass(frozen=True, slots=True)
class _Rung:
    """The call that began a lead: by whom, as far as we know, and where its number stands."""

    kind: str
    values: Sequence[str]
    """Of the dimensions that are asked for."""
    best: str | None
    probabilities: Mapping[str, float]
    """Of each visitor; by best match nobody asks for them, and there are none."""


def _visitors(record: LeadRecord, rung: Mapping[str, _Rung], by: CountedBy) -> Mapping[tuple[str, ...], float]:
    """Whose visits earn the lead, with how probable each is; one person may be several visitors."""
    first = rung.get(record.contacts[0].contact_id) if record.contacts else None
    if first is None or by is CountedBy.BEST_MATCH:
        own = set(record.values(KeyKind.VISITOR)) | ({first.best} if first and first.best else set())
        return {tuple(sorted(own)): 1.0} if own else {}
    return {(who,): probability for who, probability in first.probabilities.items()}


def _otherwise(record: LeadRecord, rung: Mapping[str, _Rung], dimensions: Sequence[Dimension]) -> Sequence[str]:
    """Whose the lead is where no visit earned it: the placement's, or nobody's that we know."""
    first = rung.get(record.contacts[0].contact_id) if record.contacts else None
    is_static = first is not None and first.kind == "static"
    nobody = UNKNOWN if first is None or is_static else NOBODY
    known = first.values if first is not None and is_static else [""] * len(dimensions)
    return [
        value or (nobody if dimension is Dimension.CHANNEL else "")
        for value, dimension in zip(known, dimensions, strict=True)
    ]


def _calls(connection: Connection, asked: Asked, contacts: Sequence[Contact]) -> dict[str, _Rung]:
    ids = [each.contact_id for each in contacts if each.kind is ContactKind.CALL]
    values = [OF_CALLS[each].label(each) for each in asked.dimensions]
    query = (
        select(calls.c.call_id, calls.c.attribution_kind, calls.c.visitor_id.label("best"), *values)
        .select_from(calls_with(asked.dimensions))
        .where(calls.c.company_id == asked.company_id, calls.c.call_id.in_(ids))
    )
    probable = {} if asked.by is CountedBy.BEST_MATCH else _probabilities(connection, asked.company_id, ids)
    return {
        call_id: _Rung(kind, values, best, probable.get(call_id, {}))
        for call_id, kind, best, *values in connection.execute(query)
    }


def _probabilities(
    connection: Connection, company_id: str, call_ids: Sequence[str]
) -> dict[str, dict[str, float]]:
    query = (
        select(call_candidates.c.call_id, call_candidates.c.probability, sessions.c.visitor_id)
        .join_from(call_candidates, sessions, IS_ITS_VISIT)
        .where(
            call_candidates.c.company_id == company_id,
            call_candidates.c.call_id.in_(call_ids),
            call_candidates.c.probability >= LEAST_PROBABILITY,
        )
    )
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in connection.execute(query.order_by(call_candidates.c.rank)):
        found[row.call_id][row.visitor_id] += row.probability
    return found


class _Visits(NamedTuple):
    """Visits by their visitors, and what is known of each."""

    by: Mapping[str, Sequence[Touch]]
    known: Mapping[str, Sequence[str]]


def _visits(
    connection: Connection,
    company_id: str,
    visitors: Collection[str],
    time: tuple[Millis, Millis],
    dimensions: Sequence[Dimension],
) -> _Visits:
    """Their visits in that time; each counts for its value of the first dimension, if there is one."""
    ids = sorted(visitors)
    by: dict[str, list[Touch]] = defaultdict(list)
    known: dict[str, Sequence[str]] = {}
    columns = (sessions.c.visitor_id, sessions.c.session_id, sessions.c.started_at, sessions.c.channel)
    for first in range(0, len(ids), _AT_ONCE):
        query = select(*columns, *(OF_VISITS[each].label(f"value_{each}") for each in dimensions)).where(
            sessions.c.company_id == company_id,
            sessions.c.visitor_id.in_(ids[first : first + _AT_ONCE]),
            sessions.c.started_at.between(*time),
        )
        for visitor_id, session_id, at, channel, *values in connection.execute(query):
            by[visitor_id].append(Touch(session_id, at, channel, values[0] if values else None))
            known[session_id] = values
    return _Visits(by, known)
