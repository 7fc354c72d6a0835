"""What calls are credited to, once nobody is to know any more whose visit it was."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, select, update

from swapboard.storage.schema import calls
from swapboard.storage.text_parts import path_of

_Credited: TypeAlias = Row[*tuple[Any, ...]]


def make_nameless(connection: Connection, company_id: str, session_ids: Collection[str]) -> None:
    """The visitor wants it: only what is no one's stays, which is channel, source, medium and campaign."""
    for call in _credited_to(connection, company_id, session_ids):
        text = _without(call.search_text, (call.keyword, call.landing_page, *call.click_ids.values()))
        change = {"keyword": None, "landing_page": None, "referrer": None, "ad_group": None}
        _change(connection, company_id, call.call_id, search_text=text, **change)


def thin(connection: Connection, company_id: str, session_ids: Collection[str]) -> None:
    """The visit is long over: what reports count the call for stays, to the letter (`visits/words.py`)."""
    for call in _credited_to(connection, company_id, session_ids):
        text = _without(call.search_text, call.click_ids.values())
        query = (call.landing_page or "").partition("?")[2]
        text = text.replace(f"?{query.lower()}", "") if query else text
        paths = {"landing_page": path_of(calls.c.landing_page), "referrer": path_of(calls.c.referrer)}
        _change(connection, company_id, call.call_id, search_text=text, **paths)


def _credited_to(connection: Connection, company_id: str, session_ids: Collection[str]) -> Sequence[_Credited]:
    columns = calls.c.call_id, calls.c.search_text, calls.c.keyword, calls.c.landing_page, calls.c.click_ids
    theirs = select(*columns).where(calls.c.company_id == company_id, calls.c.session_id.in_(session_ids))
    return connection.execute(theirs).all()


def _without(text: str, words: Iterable[str | None]) -> str:
    for word in words:
        text = text.replace(f" {word.lower()}", "") if word else text
    return text


def _change(connection: Connection, company_id: str, call_id: str, **change: object) -> None:
    is_it = calls.c.company_id == company_id, calls.c.call_id == call_id
    values = {"visitor_id": calls.c.session_id, "click_ids": {}, **change}
    connection.execute(update(calls).where(*is_it).values(**values))
