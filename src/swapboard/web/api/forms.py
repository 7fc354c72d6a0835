"""`/api/v1/forms`: forms that visitors sent on the site, newest first, each with its visit."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.visits.forms import FormFilter, SentForm, form_by_id, list_forms
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import Instant, ListQuery, Moment, PageDocument, RefId, VisitorId, found, instant_of
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/forms", tags=[Resource.FORMS], route_class=ApiRoute)


class FormDocument(BaseModel):
    """A form as it was sent; only fields that the site allows are kept."""

    id: str
    company_id: str
    site_id: str
    session_id: str = Field(description="The visit that sent it: see `/sessions/{session_id}`.")
    visitor_id: str
    sent_at: Moment
    name: str = Field(description="What the page calls the form.")
    url: str
    fields: dict[str, str]


class FormQuery(ListQuery):
    """Which forms; all that is given must fit."""

    from_: Instant | None = Field(None, alias="from", description="Sent at this instant or later.")
    to: Instant | None = Field(None, description="Sent before this instant.")
    session_id: RefId | None = None
    visitor_id: VisitorId | None = None
    site_id: RefId | None = None


@router.get("", summary="List forms, newest first")
async def list_(query: Annotated[FormQuery, Query()], desk: AtDesk) -> PageDocument[FormDocument]:
    """A page of forms; `next_cursor` continues with older ones."""
    wanted = FormFilter(
        session_id=query.session_id,
        visitor_id=query.visitor_id,
        site_id=query.site_id,
        from_at=instant_of(query.from_),
        until_at=instant_of(query.to),
    )
    page = await desk.read(
        lambda connection: list_forms(connection, desk.company_id, wanted, query.limit, query.cursor)
    )
    data = [form_document(form, desk.company_id) for form in page.rows]
    return PageDocument(data=data, next_cursor=page.next_cursor)


@router.get("/{form_id}", summary="One form")
async def get(form_id: str, desk: AtDesk) -> FormDocument:
    """The form with this id."""
    form = await desk.read(lambda connection: form_by_id(connection, desk.company_id, form_id))
    return form_document(found(form, "form"), desk.company_id)


def form_document(form: SentForm, company_id: str) -> FormDocument:
    return FormDocument(
        id=form.form_id,
        company_id=company_id,
        site_id=form.site_id,
        session_id=form.session_id,
        visitor_id=form.visitor_id,
        sent_at=iso(form.sent_at),
        name=form.name,
        url=form.url,
        fields=dict(form.fields),
    )
