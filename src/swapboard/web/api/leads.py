"""`/api/v1/leads`: the people who got in touch, each counted once."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from swapboard.clock import iso
from swapboard.leads.lead import ContactKind, KeyKind
from swapboard.leads.listing import LeadRecord, lead_by_id, list_leads
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import ListQuery, Moment, PageDocument, found, moment
from swapboard.web.api.rights import Resource
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


@router.get("", summary="List leads, the latest to get in touch first")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[LeadDocument]:
    """A page of leads; `next_cursor` continues with older ones."""
    page = await desk.read(lambda connection: list_leads(connection, desk.company_id, query.limit, query.cursor))
    return PageDocument(data=[_document(record) for record in page.rows], next_cursor=page.next_cursor)


@router.get("/{lead_id}", summary="One lead")
async def get(lead_id: str, desk: AtDesk) -> LeadDocument:
    """The lead with this id."""
    record = await desk.read(lambda connection: lead_by_id(connection, desk.company_id, lead_id))
    return _document(found(record, "lead"))


def _document(record: LeadRecord) -> LeadDocument:
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
