"""Saved views in the database."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from swapboard.reports.saved_view import MOST_VIEWS, SavedView
from swapboard.reports.schedule_store import remove_schedule, schedules_of
from swapboard.reports.share_store import remove_shares
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import saved_views

_COLUMNS = (
    saved_views.c.company_id,
    saved_views.c.view_id,
    saved_views.c.user_id,
    saved_views.c.name,
    saved_views.c.address,
    saved_views.c.is_shared,
    saved_views.c.created_at,
)


class TooManyViews(Exception):
    """There are as many of the company's as there can be."""


def add_view(connection: Connection, view: SavedView) -> None:
    """Write a new one. Raises TooManyViews."""
    if _count(connection, view.company_id) >= MOST_VIEWS:
        raise TooManyViews
    names = SavedView.__slots__
    connection.execute(insert(saved_views).values(**{name: getattr(view, name) for name in names}))


def change_view(connection: Connection, view: SavedView) -> None:
    """Write what of it can change."""
    changed = update(saved_views).where(*_is(view.company_id, view.view_id))
    connection.execute(changed.values(name=view.name, address=view.address, is_shared=view.is_shared))


def remove_view(connection: Connection, company_id: str, view_id: str) -> None:
    """Forget it, and what was to be done with it."""
    remove_shares(connection, company_id, view_id)
    for schedule in schedules_of(connection, company_id, view_id):
        remove_schedule(connection, company_id, view_id, schedule.schedule_id)
    connection.execute(delete(saved_views).where(*_is(company_id, view_id)))


def view_by_id(connection: Connection, company_id: str, view_id: str) -> SavedView | None:
    """The view, or None."""
    row = connection.execute(select(*_COLUMNS).where(*_is(company_id, view_id))).one_or_none()
    return SavedView(*row) if row else None


def views_seen_by(connection: Connection, company_id: str, user_id: str) -> Sequence[SavedView]:
    """A person's own and the company's, by name."""
    seen = or_(saved_views.c.is_shared, saved_views.c.user_id == user_id)
    query = select(*_COLUMNS).where(saved_views.c.company_id == company_id, seen)
    ordered = query.order_by(func.lower(saved_views.c.name), saved_views.c.view_id)
    return [SavedView(*row) for row in connection.execute(ordered)]


def list_shared(connection: Connection, company_id: str, limit: int, cursor: str | None) -> Page[SavedView]:
    """A page of the company's views, oldest first. Raises BadCursor."""
    query = select(*_COLUMNS).where(saved_views.c.company_id == company_id, saved_views.c.is_shared)
    ordered = after(query, saved_views.c.created_at, saved_views.c.view_id, limit, cursor)
    found = [SavedView(*row) for row in connection.execute(ordered)]
    return page_of(found, limit, lambda each: Key(each.created_at, each.view_id))


def _count(connection: Connection, company_id: str) -> int:
    """How many there are, everybody's together."""
    query = select(func.count()).select_from(saved_views).where(saved_views.c.company_id == company_id)
    return connection.execute(query).scalar_one()


def _is(company_id: str, view_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return saved_views.c.company_id == company_id, saved_views.c.view_id == view_id
