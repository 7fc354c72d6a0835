"""`/api/v1/reports/views`: the reports that the company saved under a name."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.json_kinds import SOMETHING
from swapboard.reports.saved_view import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    MOST_VIEWS,
    NotAReport,
    SavedView,
    report_address,
)
from swapboard.reports.view_store import (
    TooManyViews,
    add_view,
    change_view,
    list_shared,
    remove_view,
    view_by_id,
)
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, ListQuery, Message, Moment, PageDocument, found
from swapboard.web.api.problem import conflict, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/reports/views", tags=[Resource.REPORTS], route_class=ApiRoute)

ViewName = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), SOMETHING]
Address = Annotated[
    str,
    Field(
        min_length=8,
        max_length=LONGEST_ADDRESS,
        description="The report's path and query on the dashboard; its days move on with the calendar.",
        examples=["/reports/by/campaign?days=30d&filter=channel%3Apaid"],
        json_schema_extra={"pattern": r"^/reports(/[a-z][a-z-]*){0,3}(\?[^\u0000]*)?$"},
    ),
]


class NewView(Message):
    """A report to save for everybody in the company."""

    name: ViewName
    address: Address


class ViewChange(Change):
    """What to change; a field that is left out stays."""

    name: ViewName = ""
    address: Address = ""


class ViewDocument(BaseModel):
    """A saved report."""

    id: str
    company_id: str
    name: str
    address: str
    created_at: Moment


@router.get("", summary="List the company's saved reports, oldest first")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[ViewDocument]:
    """Those that everybody in the company sees; a person's own stay theirs."""
    page = await desk.read(lambda connection: list_shared(connection, desk.company_id, query.limit, query.cursor))
    return PageDocument(data=[_document(each) for each in page.rows], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=ViewDocument, summary="Save a report")
async def create(new: NewView, desk: ToCreate) -> Response:
    """For everybody in the company."""
    address = _address(new.address)

    def write(connection: Connection) -> ViewDocument:
        view = SavedView(desk.company_id, desk.new_id(), None, _name(new.name), address, True, desk.now)
        try:
            add_view(connection, view)
        except TooManyViews:
            raise conflict("too_many", f"There are {MOST_VIEWS} already; delete some first.") from None
        return _document(view)

    return await desk.create(write)


@router.get("/{view_id}", summary="One saved report")
async def get(view_id: str, desk: AtDesk) -> ViewDocument:
    """The report with this id."""
    return _document(await desk.read(lambda connection: shared_view(connection, desk, view_id)))


@router.patch("/{view_id}", summary="Rename a saved report, or change what it shows")
async def change(view_id: str, sent: ViewChange, desk: AtDesk) -> ViewDocument:
    """Who is sent it gets the new one from then on."""
    said = sent.model_dump(include=sent.model_fields_set)
    if "address" in said:
        said["address"] = _address(said["address"])
    if "name" in said:
        said["name"] = _name(said["name"])

    def write(connection: Connection) -> ViewDocument:
        changed = replace(shared_view(connection, desk, view_id), **said)
        change_view(connection, changed)
        return _document(changed)

    return await desk.change(write)


@router.delete("/{view_id}", status_code=204, summary="Delete a saved report")
async def remove(view_id: str, desk: AtDesk) -> None:
    """Its e-mails and links end with it."""

    def write(connection: Connection) -> None:
        remove_view(connection, desk.company_id, shared_view(connection, desk, view_id).view_id)

    await desk.change(write)


def shared_view(connection: Connection, desk: Desk, view_id: str) -> SavedView:
    """The view if everybody sees it. Raises Problem (404)."""
    view = view_by_id(connection, desk.company_id, view_id)
    return found(view if view and view.is_shared else None, "saved report")


def _address(text: str) -> str:
    try:
        return report_address(text)
    except NotAReport as error:
        raise invalid("address", str(error)) from None


def _name(text: str) -> str:
    return " ".join(text.split())


def _document(view: SavedView) -> ViewDocument:
    return ViewDocument(
        id=view.view_id,
        company_id=view.company_id,
        name=view.name,
        address=view.address,
        created_at=iso(view.created_at),
    )
