"""What reports count a form for: what its visit says, written beside it.

Where that is not written, reports ask the visit, so they are right at every moment. Whoever changes a visit takes
the words of its forms away in the same transaction, while it holds the company.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from swapboard.clock import MINUTE, Millis
from swapboard.storage.bulk import BulkUpdate
from swapboard.storage.locks import hold_company
from swapboard.storage.schema import forms
from swapboard.visits.words import NO_WORDS, WORDS, words_of

EVERY: Millis = MINUTE
_AT_ONCE = 500
_KEEP = BulkUpdate(forms, tuple(WORDS), ("company_id", "form_id"))
_OF_FORMS = select(forms.c.form_id, forms.c.session_id).where(
    forms.c.company_id == bindparam("of_company"),
    forms.c.form_id.in_(bindparam("form_ids", expanding=True)),
    forms.c.channel.is_(None),
)


def wordless(connection: Connection, company_id: str, _now: Millis = 0) -> Sequence[str]:
    """The latest forms that have no words yet."""
    query = select(forms.c.form_id).where(forms.c.company_id == company_id, forms.c.channel.is_(None))
    return list(connection.execute(query.order_by(forms.c.sent_at.desc()).limit(_AT_ONCE)).scalars())


def give_words(connection: Connection, company_id: str, form_ids: Sequence[str], _now: Millis = 0) -> int:
    """Write the words of those that have none; says of how many."""
    # Whoever changes a visit holds it, too: what is read here stays so until it is written.
    hold_company(connection, company_id)
    found = connection.execute(_OF_FORMS, {"of_company": company_id, "form_ids": form_ids}).all()
    said = words_of(connection, company_id, sorted({row.session_id for row in found}))
    return _KEEP.run(
        connection,
        [(*said.get(row.session_id, NO_WORDS).values(), company_id, row.form_id) for row in found],
    )


def take_words(connection: Connection, company_id: str, session_ids: Collection[str]) -> None:
    """These visits say something else than before; the company is held."""
    ids = sorted(session_ids)
    for first in range(0, len(ids), _AT_ONCE):
        of_visits = forms.c.session_id.in_(ids[first : first + _AT_ONCE])
        connection.execute(update(forms).where(forms.c.company_id == company_id, of_visits).values(_none()))


def take_wrong_words(connection: Connection, company_id: str, form_ids: Sequence[str]) -> None:
    """Have these forms ask their visits until they are given words anew."""
    hold_company(connection, company_id)
    for first in range(0, len(form_ids), _AT_ONCE):
        theirs = forms.c.form_id.in_(form_ids[first : first + _AT_ONCE])
        connection.execute(update(forms).where(forms.c.company_id == company_id, theirs).values(_none()))


def wrongly_worded(connection: Connection, company_id: str) -> Sequence[str]:
    """The forms that have other words than their visits say."""
    found: list[str] = []
    for some in _filed(connection, company_id):
        said = words_of(connection, company_id, sorted({row.session_id for row in some}))
        found += [
            row.form_id
            for row in some
            if {name: row._mapping[name] for name in WORDS} != said.get(row.session_id, NO_WORDS)
        ]
    return found


def _filed(connection: Connection, company_id: str) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    query: Select[*tuple[Any, ...]] = (
        select(forms.c.form_id, forms.c.session_id, *(forms.c[name] for name in WORDS))
        .where(forms.c.company_id == company_id, forms.c.channel.is_not(None))
        .order_by(forms.c.form_id)
        .limit(_AT_ONCE)
    )
    last = ""
    while some := connection.execute(query.where(forms.c.form_id > last)).all():
        yield some
        last = some[-1].form_id


def _none() -> Mapping[str, None]:
    return dict.fromkeys(WORDS)
