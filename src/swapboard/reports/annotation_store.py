"""Annotations in the database."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from swapboard.reports.annotation import MOST_ANNOTATIONS, Annotation, TooManyAnnotations
from swapboard.reports.span import Span
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import annotations

_COLUMNS = (
    annotations.c.company_id,
    annotations.c.annotation_id,
    annotations.c.day,
    annotations.c.text,
    annotations.c.made_by,
    annotations.c.created_at,
)


def add_annotation(connection: Connection, annotation: Annotation) -> None:
    """Write a new one. Raises TooManyAnnotations."""
    mine = annotations.c.company_id == annotation.company_id
    known = connection.execute(select(func.count()).select_from(annotations).where(mine)).scalar_one()
    if known >= MOST_ANNOTATIONS:
        raise TooManyAnnotations
    names = Annotation.__slots__
    said = {name: getattr(annotation, name) for name in names} | {"day": annotation.day.isoformat()}
    connection.execute(insert(annotations).values(**said))


def change_annotation(connection: Connection, annotation: Annotation) -> None:
    """Write its day and its text."""
    changed = update(annotations).where(*_is(annotation.company_id, annotation.annotation_id))
    connection.execute(changed.values(day=annotation.day.isoformat(), text=annotation.text))


def remove_annotation(connection: Connection, company_id: str, annotation_id: str) -> None:
    """Forget it."""
    connection.execute(delete(annotations).where(*_is(company_id, annotation_id)))


def annotation_by_id(connection: Connection, company_id: str, annotation_id: str) -> Annotation | None:
    """The annotation, or None."""
    row = connection.execute(select(*_COLUMNS).where(*_is(company_id, annotation_id))).one_or_none()
    return _read(row) if row else None


def annotations_in(connection: Connection, company_id: str, span: Span) -> Sequence[Annotation]:
    """Those on the days of a report, in the order of the calendar."""
    within = annotations.c.day.between(span.first.isoformat(), span.last.isoformat())
    query = select(*_COLUMNS).where(annotations.c.company_id == company_id, within)
    ordered = query.order_by(annotations.c.day, annotations.c.created_at, annotations.c.annotation_id)
    return [_read(row) for row in connection.execute(ordered)]


def newest_annotations(connection: Connection, company_id: str, limit: int) -> Sequence[Annotation]:
    """The latest days first."""
    query = select(*_COLUMNS).where(annotations.c.company_id == company_id)
    ordered = query.order_by(annotations.c.day.desc(), annotations.c.annotation_id.desc()).limit(limit)
    return [_read(row) for row in connection.execute(ordered)]


def list_annotations(
    connection: Connection, company_id: str, limit: int, cursor: str | None, first: date, last: date
) -> Page[Annotation]:
    """A page of those on these days, oldest made first. Raises BadCursor."""
    query = select(*_COLUMNS).where(
        annotations.c.company_id == company_id, annotations.c.day.between(first.isoformat(), last.isoformat())
    )
    ordered = after(query, annotations.c.created_at, annotations.c.annotation_id, limit, cursor)
    found = [_read(row) for row in connection.execute(ordered)]
    return page_of(found, limit, lambda each: Key(each.created_at, each.annotation_id))


def _read(row: Sequence[Any]) -> Annotation:
    company_id, annotation_id, day, *rest = row
    return Annotation(company_id, annotation_id, date.fromisoformat(day), *rest)


def _is(company_id: str, annotation_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return annotations.c.company_id == company_id, annotations.c.annotation_id == annotation_id
