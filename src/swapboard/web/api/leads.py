"""`/api/v1/leads`: the people who got in touch, each counted once."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource, may
from swapboard.attribution.touch import Model
from swapboard.clock import iso
from swapboard.leads.lead import ContactKind, KeyKind
from swapboard.leads.listing import LeadRecord, lead_by_id, list_leads
from swapboard.leads.searching import LONGEST_SEARCH, who_mentions
from swapboard.reports.counting import CountedBy
from swapboard.switchboard.crediting import Span, channel_credit, visit_credit
from swapboard.switchboard.joining_by_hand import join_people, part_people
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.fields import (
    Asked,
    Instant,
    ListQuery,
    Message,
    Moment,
    PageDocument,
    RefId,
    found,
    instant_of,
    moment,
)
from swapboard.web.api.problem import Problem, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/leads", tags=[Resource.LEADS], route_class=ApiRoute)


class ContactDocument(BaseModel):
    """A call or a form of the lead."""

    kind: ContactKind
    id: str = Field(description="The call's or the form's id.")
    at: Moment


class LeadDocument(BaseModel):
    """One person who got in touch; several calls and forms are one lead."""

    id: str
    began_as: ContactKind = Field(description="What the first contact was.")
    created_at: Moment
    last_at: Moment
    qualified_at: Moment | None
    phones: list[str]
    emails: list[str]
    visitors: list[str] = Field(description="The ids of the visitors who are surely this person.")
    contacts: list[ContactDocument] = Field(description="Oldest first.")


class LeadsQuery(ListQuery):
    """And of whom."""

    q: str | None = Field(
        None,
        max_length=LONGEST_SEARCH,
        description="Words of a name, number, e-mail address or of what a form says; all of them must occur.",
    )


@router.get("", summary="List leads, the latest to get in touch first")
async def list_(query: Annotated[LeadsQuery, Query()], desk: AtDesk) -> PageDocument[LeadDocument]:
    """A page of leads; `next_cursor` continues with older ones."""
    only = who_mentions(desk.company_id, query.q or "", desk.company.country)
    page = await desk.read(
        lambda connection: list_leads(connection, desk.company_id, query.limit, query.cursor, only)
    )
    return PageDocument(data=[lead_document(record) for record in page.rows], next_cursor=page.next_cursor)


class CreditQuery(Asked):
    """Which leads, and how they are counted."""

    from_: Instant | None = Field(None, alias="from", description="Began at this instant or later.")
    to: Instant | None = Field(None, description="Began before this instant.")
    by: CountedBy = Field(CountedBy.BEST_MATCH, description="Whose visits count where who called is not certain.")


class ChannelDocument(BaseModel):
    """A channel's leads, by each way of counting."""

    channel: str
    credit: dict[Model, float]


class ChannelsDocument(BaseModel):
    """Every lead given away once in each column."""

    leads: int
    by: CountedBy
    channels: list[ChannelDocument]


class VisitDocument(BaseModel):
    """A visit's share of the lead (0 to 1), by each way of counting."""

    session_id: str
    at: Moment
    channel: str
    credit: dict[Model, float]


class CreditDocument(BaseModel):
    """Which of its visits earned a lead, oldest first; empty when none is known."""

    lead_id: str
    visits: list[VisitDocument]


@router.get("/credit", summary="Which channels earned the leads, by every model side by side")
async def channels(query: Annotated[CreditQuery, Query()], desk: AtDesk) -> ChannelsDocument:
    """The leads that began in a period, shared out over channels; for roles that see visits."""
    if not may(desk.role, "GET", Resource.SESSIONS):
        raise Problem(403, "forbidden", f"A key with the role {desk.role.value} may not read this report.")
    from_at, until_at = instant_of(query.from_), instant_of(query.to)
    span = Span(from_at or 0, desk.now + 1 if until_at is None else until_at, desk.company.look_back_days)
    total = await desk.read(lambda connection: channel_credit(connection, desk.company_id, span, query.by))
    rows = [ChannelDocument(channel=channel, credit=dict(credit)) for channel, credit in total.rows()]
    return ChannelsDocument(leads=total.leads, by=query.by, channels=rows)


@router.get("/{lead_id}/credit", summary="Which visits earned a lead, by every model side by side")
async def visits(lead_id: str, desk: AtDesk) -> CreditDocument:
    """One lead shared out over its visits within the company's look-back."""

    def look(connection: Connection) -> list[VisitDocument]:
        record = found(lead_by_id(connection, desk.company_id, lead_id), "lead")
        shared = visit_credit(connection, desk.company_id, record, desk.company.look_back_days)
        return [
            VisitDocument(
                session_id=each.touch.session_id,
                at=iso(each.touch.at),
                channel=each.touch.channel,
                credit=dict(each.shares),
            )
            for each in shared
        ]

    return CreditDocument(lead_id=lead_id, visits=await desk.read(look))


class JoinOrder(Message):
    """Another lead that is the same person."""

    lead_id: RefId


class ContactRef(Message):
    """A call or a form."""

    kind: ContactKind
    id: RefId


class PartOrder(Message):
    """The calls and forms of a lead that are another person's."""

    contacts: list[ContactRef] = Field(min_length=1, max_length=1000)


async def _known_lead(lead_id: str, desk: AtDesk) -> str:
    found(await desk.read(lambda connection: lead_by_id(connection, desk.company_id, lead_id)), "lead")
    return lead_id


KnownLead = Annotated[str, Depends(_known_lead)]


@router.post("/{lead_id}/join", summary="Two leads are one person")
async def join(lead_id: KnownLead, sent: JoinOrder, desk: AtDesk) -> LeadDocument:
    """The older of the two lives on, with everything of both; who did it is written down."""

    def run(connection: Connection) -> LeadRecord:
        both = (lead_id, sent.lead_id)
        lead = found(join_people(connection, desk.company_id, both, _by(desk), desk.now), "lead")
        return found(lead_by_id(connection, desk.company_id, lead.lead_id), "lead")

    return lead_document(await desk.write(run))


@router.post("/{lead_id}/part", summary="Some calls and forms of a lead are another person's")
async def part(lead_id: KnownLead, sent: PartOrder, desk: AtDesk) -> LeadDocument:
    """They become a lead of their own, which is answered; nothing joins the two again by itself."""
    chosen = [(each.kind, each.id) for each in sent.contacts]

    def run(connection: Connection) -> LeadRecord:
        try:
            parted = part_people(connection, desk.company_id, lead_id, chosen, _by(desk), desk.now)
        except ValueError as error:
            raise invalid("contacts", str(error)) from None
        return found(lead_by_id(connection, desk.company_id, found(parted, "lead").lead_id), "lead")

    return lead_document(await desk.write(run))


def _by(desk: Desk) -> str:
    return desk.caller.known_as


@router.get("/{lead_id}", summary="One lead")
async def get(lead_id: str, desk: AtDesk) -> LeadDocument:
    """The lead with this id."""
    record = await desk.read(lambda connection: lead_by_id(connection, desk.company_id, lead_id))
    return lead_document(found(record, "lead"))


def lead_document(record: LeadRecord) -> LeadDocument:
    lead = record.lead
    return LeadDocument(
        id=lead.lead_id,
        began_as=lead.began_as,
        created_at=iso(lead.created_at),
        last_at=iso(lead.last_at),
        qualified_at=moment(lead.qualified_at),
        phones=list(record.values(KeyKind.PHONE)),
        emails=list(record.values(KeyKind.EMAIL)),
        visitors=list(record.values(KeyKind.VISITOR)),
        contacts=[
            ContactDocument(kind=each.kind, id=each.contact_id, at=iso(each.happened_at))
            for each in record.contacts
        ],
    )
