"""Forms that visitors sent on the site, in the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from swapboard.clock import MINUTE, Millis
from swapboard.storage.paging import Key, Page, page_of, read_cursor
from swapboard.storage.schema import forms
from swapboard.storage.text_parts import path_of
from swapboard.visits.words import NO_WORDS, words_of

MOST_CHARACTERS = 1000
SENT_AGAIN: Millis = MINUTE
"""Who presses the button twice sends the same once more."""


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form as it was sent, with the visit that sent it; `fields` are those that the site's owner allows."""

    form_id: str
    session_id: str
    visitor_id: str
    site_id: str
    sent_at: Millis
    name: str
    """What the page calls the form."""
    url: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FormFilter:
    """Which forms; all that is given must fit."""

    session_id: str | None = None
    visitor_id: str | None = None
    site_id: str | None = None
    from_at: Millis | None = None
    until_at: Millis | None = None


EVERY_FORM = FormFilter()


def allowed_fields(given: object, allowed: Iterable[str]) -> dict[str, str]:
    """Of what a page tells, the texts under allowed names, cut to a length; what is no text is left out."""
    if not isinstance(given, Mapping):
        return {}
    told = ((name, given.get(name)) for name in allowed)
    return {name: value[:MOST_CHARACTERS] for name, value in told if isinstance(value, str) and value.strip()}


def not_sent_again(connection: Connection, company_id: str, sent: Sequence[SentForm]) -> list[SentForm]:
    """The forms without those that a visit sent a moment ago just so: pressing twice is no second enquiry."""
    if not sent:
        return []
    earlier = select(forms).where(
        forms.c.company_id == company_id,
        forms.c.session_id.in_({each.session_id for each in sent}),
        forms.c.sent_at >= min(each.sent_at for each in sent) - SENT_AGAIN,
    )
    known = [_form(row) for row in connection.execute(earlier)]
    new: list[SentForm] = []
    for each in sent:
        if not any(_is_again(each, before) for before in (*known, *new)):
            new.append(each)
    return new


def _is_again(form: SentForm, before: SentForm) -> bool:
    again = replace(form, form_id=before.form_id, sent_at=before.sent_at)
    return again == before and abs(form.sent_at - before.sent_at) < SENT_AGAIN


def add_forms(connection: Connection, company_id: str, sent: Sequence[SentForm]) -> None:
    """Write forms that were sent."""
    said = words_of(connection, company_id, sorted({each.session_id for each in sent}))
    rows = [
        {
            "company_id": company_id,
            "form_id": each.form_id,
            "session_id": each.session_id,
            "visitor_id": each.visitor_id,
            "site_id": each.site_id,
            "sent_at": each.sent_at,
            "name": each.name,
            "url": each.url,
            "fields": dict(each.fields),
            **said.get(each.session_id, NO_WORDS),
        }
        for each in sent
    ]
    if rows:
        connection.execute(insert(forms), rows)


def delete_forms(connection: Connection, company_id: str, session_ids: Collection[str]) -> list[SentForm]:
    """Delete what the sessions sent, and say what that was."""
    theirs = delete(forms).where(forms.c.company_id == company_id, forms.c.session_id.in_(session_ids))
    return [_form(row) for row in connection.execute(theirs.returning(forms))]


def empty_old_forms(connection: Connection, company_id: str, until: Millis, limit: int) -> Sequence[str]:
    """Of forms from before then keep that they were sent, and on which page; tells their ids."""
    named = forms.c.sent_at < until, forms.c.visitor_id != forms.c.session_id
    old = select(forms.c.form_id).where(forms.c.company_id == company_id, *named).limit(limit)
    ids = connection.scalars(old.order_by(forms.c.sent_at)).all()
    emptied = update(forms).where(forms.c.company_id == company_id, forms.c.form_id.in_(ids))
    connection.execute(emptied.values(visitor_id=forms.c.session_id, fields={}, url=path_of(forms.c.url)))
    return ids


def list_forms(
    connection: Connection,
    company_id: str,
    wanted: FormFilter = EVERY_FORM,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[SentForm]:
    """A page of the company's forms, newest first. Raises BadCursor."""
    exact = {"session_id": wanted.session_id, "visitor_id": wanted.visitor_id, "site_id": wanted.site_id}
    query = select(forms).where(forms.c.company_id == company_id)
    query = query.where(*(forms.c[name] == value for name, value in exact.items() if value is not None))
    if wanted.from_at is not None:
        query = query.where(forms.c.sent_at >= wanted.from_at)
    if wanted.until_at is not None:
        query = query.where(forms.c.sent_at < wanted.until_at)
    if cursor:
        query = query.where(forms.c.form_id < read_cursor(cursor).row_id)
    rows = connection.execute(query.order_by(forms.c.form_id.desc()).limit(limit + 1)).all()
    return page_of([_form(row) for row in rows], limit, lambda each: Key(each.sent_at, each.form_id))


def forms_by_id(connection: Connection, company_id: str, form_ids: Sequence[str]) -> list[SentForm]:
    """Those of the forms that the company has."""
    query = select(forms).where(forms.c.company_id == company_id, forms.c.form_id.in_(form_ids))
    return [_form(row) for row in connection.execute(query)]


def form_by_id(connection: Connection, company_id: str, form_id: str) -> SentForm | None:
    """The form, or None."""
    query = select(forms).where(forms.c.company_id == company_id, forms.c.form_id == form_id)
    row = connection.execute(query).one_or_none()
    return _form(row) if row else None


def _form(row: Row[*tuple[Any, ...]]) -> SentForm:
    return SentForm(
        form_id=row.form_id,
        session_id=row.session_id,
        visitor_id=row.visitor_id,
        site_id=row.site_id,
        sent_at=row.sent_at,
        name=row.name,
        url=row.url,
        fields=row.fields,
    )
