"""Which visits and channels earned the leads, by every model side by side, from the database."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from swapboard.attribution.channel_credit import ChannelCredit, Way
from swapboard.attribution.channel_worth import worth_of
from swapboard.attribution.touch import WHOLE, Model, Moment, Touch, share_out, within
from swapboard.clock import DAY, Millis
from swapboard.leads.lead import Contact, ContactKind, KeyKind
from swapboard.leads.listing import LeadRecord, leads_since
from swapboard.reports.columns import OF_CALLS, OF_VISITS, calls_with
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.storage.schema import call_candidates, calls, sessions

LEAST_PROBABILITY = 0.01
"""Candidates below it are not asked for their other visits."""
_AT_ONCE = 500
UNKNOWN = "Unknown"
NOBODY = "Nobody from the site"


@dataclass(frozen=True, slots=True)
class Span:
    """The leads that began in [from_at, until_at), and how long before them a visit may have been."""

    from_at: Millis
    until_at: Millis
    look_back_days: int


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
    for way in ways_to_leads(connection, company_id, span, by, dimension):
        total.add(way.ways, way.otherwise, Moment(way.record.lead.created_at, worth))
    return total


@dataclass(frozen=True, slots=True)
class WaysToLead:
    """How a lead may have come, and whom it is where no visit earned it."""

    record: LeadRecord
    ways: Sequence[Way]
    otherwise: str


def ways_to_leads(
    connection: Connection, company_id: str, span: Span, by: CountedBy, dimension: Dimension
) -> Iterator[WaysToLead]:
    """The ways of the leads that began in the span, the visits of which count for the dimension's values."""
    look_back = span.look_back_days * DAY
    for some in leads_since(connection, company_id, span.from_at, span.until_at, _AT_ONCE):
        first = [each.contacts[0] for each in some if each.contacts]
        rung = _calls(connection, company_id, first, dimension, by)
        visitors = {each.lead.lead_id: _visitors(each, rung, by) for each in some}
        everybody = {each for chosen in visitors.values() for person in chosen for each in person}
        visits = _visits(connection, company_id, everybody, dimension)
        for record in some:
            at = record.lead.created_at
            ways = [
                Way(probability, within([touch for who in person for touch in visits.get(who, ())], at, look_back))
                for person, probability in visitors[record.lead.lead_id].items()
            ]
            yield WaysToLead(record, ways, _otherwise(record, rung, dimension))


def visit_credit(
    connection: Connection, company_id: str, record: LeadRecord, look_back_days: int
) -> Sequence[VisitCredit]:
    """One lead shared out over its own visits, oldest first."""
    worth, at = worth_of(connection, company_id), record.lead.created_at
    visits = _visits(connection, company_id, record.values(KeyKind.VISITOR))
    touches = within([each for told in visits.values() for each in told], at, look_back_days * DAY)
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
    value: str
    """Of the dimension that is asked for."""
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


def _otherwise(record: LeadRecord, rung: Mapping[str, _Rung], dimension: Dimension) -> str:
    """Whose the lead is where no visit earned it: the placement's, or nobody's that we know."""
    first = rung.get(record.contacts[0].contact_id) if record.contacts else None
    if first is not None and first.kind == "static" and first.value:
        return first.value
    if dimension is not Dimension.CHANNEL:
        return ""
    return UNKNOWN if first is None or first.kind == "static" else NOBODY


def _calls(
    connection: Connection, company_id: str, contacts: Sequence[Contact], dimension: Dimension, by: CountedBy
) -> dict[str, _Rung]:
    ids = [each.contact_id for each in contacts if each.kind is ContactKind.CALL]
    value = OF_CALLS[dimension].label("value")
    query = (
        select(calls.c.call_id, calls.c.attribution_kind, calls.c.visitor_id, value)
        .select_from(calls_with([dimension]))
        .where(calls.c.company_id == company_id, calls.c.call_id.in_(ids))
    )
    probable = {} if by is CountedBy.BEST_MATCH else _probabilities(connection, company_id, ids)
    return {
        row.call_id: _Rung(row.attribution_kind, row.value, row.visitor_id, probable.get(row.call_id, {}))
        for row in connection.execute(query)
    }


def _probabilities(
    connection: Connection, company_id: str, call_ids: Sequence[str]
) -> dict[str, dict[str, float]]:
    query = (
        select(call_candidates.c.call_id, call_candidates.c.probability, sessions.c.visitor_id)
        .join_from(
            call_candidates,
            sessions,
            and_(
                sessions.c.company_id == call_candidates.c.company_id,
                sessions.c.session_id == call_candidates.c.session_id,
            ),
        )
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


def _visits(
    connection: Connection,
    company_id: str,
    visitors: Collection[str],
    dimension: Dimension = Dimension.CHANNEL,
) -> dict[str, list[Touch]]:
    ids = sorted(visitors)
    found: dict[str, list[Touch]] = defaultdict(list)
    columns = (sessions.c.visitor_id, sessions.c.session_id, sessions.c.started_at, sessions.c.channel)
    for first in range(0, len(ids), _AT_ONCE):
        query = select(*columns, OF_VISITS[dimension].label("value")).where(
            sessions.c.company_id == company_id, sessions.c.visitor_id.in_(ids[first : first + _AT_ONCE])
        )
        for row in connection.execute(query):
            found[row.visitor_id].append(Touch(row.session_id, row.started_at, row.channel, row.value))
    return found
