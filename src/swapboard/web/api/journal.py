"""`/api/v1/journal`: who saw, heard or changed what."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Connection

from swapboard.accounts.audit import Act, Asked, Entry, entries_like
from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.storage.paging import Key, page_of, read_cursor
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import Instant, ListQuery, Moment, PageDocument, instant_of
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/journal", tags=[Resource.JOURNAL], route_class=ApiRoute)

Part = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class JournalQuery(ListQuery):
    """Which deeds."""

    actor: Part = Field("", description="A part of who did it, in any case.")
    act: Act | None = None
    subject: Part = Field("", description="A part of what it was done to, in any case.")
    from_: Instant | None = Field(None, alias="from", description="Done at or after this.")
    to: Instant | None = Field(None, description="Done before this.")


class DeedDocument(BaseModel):
    """What somebody did."""

    id: str
    company_id: str
    happened_at: Moment
    actor: str = Field(description="A person's e-mail address, or `key NAME`.")
    act: Act
    subject: str = Field(description="What it was done to: an id, an address, a page of the dashboard.")


@router.get("", summary="List who did what, the newest first")
async def list_(query: Annotated[JournalQuery, Query()], desk: AtDesk) -> PageDocument[DeedDocument]:
    """Nothing in it is ever changed."""
    since, until = instant_of(query.from_), instant_of(query.to)
    asked = Asked(query.actor, query.act, query.subject, since, until)
    before = read_cursor(query.cursor).row_id if query.cursor else ""

    def read(connection: Connection) -> Sequence[Entry]:
        return entries_like(connection, desk.company_id, asked, query.limit + 1, before)

    page = page_of(await desk.read(read), query.limit, lambda each: Key(each.happened_at, each.entry_id))
    return PageDocument(
        data=[_document(desk.company_id, each) for each in page.rows], next_cursor=page.next_cursor
    )


def _document(company_id: str, entry: Entry) -> DeedDocument:
    return DeedDocument(
        id=entry.entry_id,
        company_id=company_id,
        happened_at=iso(entry.happened_at),
        actor=entry.actor,
        act=entry.act,
        subject=entry.subject,
    )
