"""`/api/v1/reports/annotations`: what happened on a day that the figures do not tell."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.json_kinds import SOMETHING
from swapboard.reports.annotation import (
    LONGEST_TEXT,
    MOST_ANNOTATIONS,
    Annotation,
    BadAnnotation,
    TooManyAnnotations,
    annotation_day,
    annotation_text,
)
from swapboard.reports.annotation_store import (
    add_annotation,
    annotation_by_id,
    change_annotation,
    list_annotations,
    remove_annotation,
)
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, Day, ListQuery, Message, Moment, PageDocument, found
from swapboard.web.api.problem import conflict, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/reports/annotations", tags=[Resource.REPORTS], route_class=ApiRoute)

NoteText = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, examples=["New landing page"]), SOMETHING]


class NewAnnotation(Message):
    """What happened on a day of the company's calendar."""

    day: Day
    text: NoteText


class AnnotationChange(Change):
    """What to change; a field that is left out stays."""

    day: Day = ""
    text: NoteText = ""


class AnnotationDocument(BaseModel):
    """A note on a day."""

    id: str
    company_id: str
    day: str = Field(json_schema_extra={"format": "date"})
    text: str
    made_by: str = Field(description="The e-mail address of who wrote it, or the API key's name.")
    created_at: Moment


class AnnotationQuery(ListQuery):
    """Which days."""

    first_day: Day | None = None
    last_day: Day | None = None


@router.get("", summary="List the notes on days, the first made first")
async def list_(query: Annotated[AnnotationQuery, Query()], desk: AtDesk) -> PageDocument[AnnotationDocument]:
    """Those on the days asked for, or all."""
    first, last = (
        date.fromisoformat(query.first_day or "0001-01-01"),
        date.fromisoformat(query.last_day or "9999-12-31"),
    )
    page = await desk.read(
        lambda connection: list_annotations(connection, desk.company_id, query.limit, query.cursor, first, last)
    )
    return PageDocument(data=[note_document(each) for each in page.rows], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=AnnotationDocument, summary="Write a note on a day")
async def create(new: NewAnnotation, desk: ToCreate) -> Response:
    """It is marked in the reports of that day."""
    day, text, made_by = _day(new.day), _text(new.text), desk.caller.known_as

    def write(connection: Connection) -> AnnotationDocument:
        note = Annotation(desk.company_id, desk.new_id(), day, text, made_by, desk.now)
        try:
            add_annotation(connection, note)
        except TooManyAnnotations:
            raise conflict("too_many", f"There are {MOST_ANNOTATIONS} already; delete some first.") from None
        return note_document(note)

    return await desk.create(write)


@router.get("/{annotation_id}", summary="One note")
async def get(annotation_id: str, desk: AtDesk) -> AnnotationDocument:
    """The note with this id."""
    return note_document(await desk.read(lambda connection: _found(connection, desk, annotation_id)))


@router.patch("/{annotation_id}", summary="Change a note")
async def change(annotation_id: str, sent: AnnotationChange, desk: AtDesk) -> AnnotationDocument:
    """Its day or its text."""

    def write(connection: Connection) -> AnnotationDocument:
        note = _found(connection, desk, annotation_id)
        if "day" in sent.model_fields_set:
            note = replace(note, day=_day(sent.day))
        if "text" in sent.model_fields_set:
            note = replace(note, text=_text(sent.text))
        change_annotation(connection, note)
        return note_document(note)

    return await desk.change(write)


@router.delete("/{annotation_id}", status_code=204, summary="Delete a note")
async def remove(annotation_id: str, desk: AtDesk) -> None:
    """The reports mark it no more."""

    def write(connection: Connection) -> None:
        remove_annotation(connection, desk.company_id, _found(connection, desk, annotation_id).annotation_id)

    await desk.change(write)


def _found(connection: Connection, desk: Desk, annotation_id: str) -> Annotation:
    return found(annotation_by_id(connection, desk.company_id, annotation_id), "note")


def _day(text: str) -> date:
    try:
        return annotation_day(text)
    except BadAnnotation as error:
        raise invalid("day", str(error)) from None


def _text(text: str) -> str:
    try:
        return annotation_text(text)
    except BadAnnotation as error:
        raise invalid("text", str(error)) from None


def note_document(note: Annotation) -> AnnotationDocument:
    return AnnotationDocument(
        id=note.annotation_id,
        company_id=note.company_id,
        day=note.day.isoformat(),
        text=note.text,
        made_by=note.made_by,
        created_at=iso(note.created_at),
    )
