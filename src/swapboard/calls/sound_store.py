"""Sounds in the database."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from swapboard.calls.flow_store import list_flows
from swapboard.calls.sound import Sound, sound_in, sounds_in
from swapboard.clock import Millis
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import recording_policies, sounds

_FACTS = (
    sounds.c.sound_id,
    sounds.c.name,
    sounds.c.digest,
    sounds.c.seconds,
    func.length(sounds.c.content).label("size_bytes"),
    sounds.c.changed_at,
)


def digest_of(content: bytes) -> str:
    """By which a sound's file is known from another."""
    return hashlib.sha256(content).hexdigest()


def list_sounds(connection: Connection, company_id: str) -> Sequence[Sound]:
    """The company's sounds, by name."""
    query = select(*_FACTS).where(sounds.c.company_id == company_id).order_by(sounds.c.name)
    return [_sound(row) for row in connection.execute(query)]


def page_of_sounds(connection: Connection, company_id: str, limit: int, cursor: str | None = None) -> Page[Sound]:
    """A page of the company's sounds, oldest first. Raises BadCursor."""
    query = select(*_FACTS, sounds.c.created_at).where(sounds.c.company_id == company_id)
    rows = connection.execute(after(query, sounds.c.created_at, sounds.c.sound_id, limit, cursor)).all()
    page = page_of(rows, limit, lambda row: Key(row.created_at, row.sound_id))
    return Page(tuple(_sound(row) for row in page.rows), page.next_cursor)


def sound_by_id(connection: Connection, company_id: str, sound_id: str) -> Sound | None:
    """The sound with this id, or None."""
    row = connection.execute(select(*_FACTS).where(*_row(company_id, sound_id))).one_or_none()
    return _sound(row) if row else None


def content_of(connection: Connection, company_id: str, sound_id: str) -> bytes | None:
    """The sound's WAV file, or None."""
    found: bytes | None = connection.scalar(select(sounds.c.content).where(*_row(company_id, sound_id)))
    return found


def add_sound(
    connection: Connection, company_id: str, sound_id: str, name: str, content: bytes, seconds: float, now: Millis
) -> None:
    """Keep a new sound; no other of the company may have its name."""
    facts = _facts(content, seconds, now)
    connection.execute(
        insert(sounds).values(company_id=company_id, sound_id=sound_id, name=name, created_at=now, **facts)
    )


def replace_sound(
    connection: Connection, company_id: str, sound_id: str, content: bytes, seconds: float, now: Millis
) -> None:
    """Put another file in a sound's place: whatever flow plays it, plays that from the next call on."""
    connection.execute(update(sounds).where(*_row(company_id, sound_id)).values(**_facts(content, seconds, now)))


def remove_sound(connection: Connection, company_id: str, sound_id: str) -> None:
    """Forget a sound."""
    connection.execute(delete(sounds).where(*_row(company_id, sound_id)))


def flows_with(connection: Connection, company_id: str) -> Mapping[str, Sequence[str]]:
    """By a sound's name, the names of the flows that play it."""
    found: dict[str, list[str]] = {}
    for record in list_flows(connection, company_id).rows:
        for name in sorted(sounds_in(record.flow)):
            found.setdefault(name, []).append(record.name)
    return found


def notices_with(connection: Connection, company_id: str) -> Mapping[str, Sequence[str]]:
    """By a sound's name, the numbers whose callers hear of the recording by it; an empty one is for all others."""
    table, found = recording_policies, dict[str, list[str]]()
    query = select(table.c.number, table.c.notice_file, table.c.question_file)
    for row in connection.execute(query.where(table.c.company_id == company_id).order_by(table.c.number)):
        for name in {sound_in(row.notice_file), sound_in(row.question_file)} - {None}:
            found.setdefault(str(name), []).append(row.number)
    return found


def _sound(row: Row[*tuple[Any, ...]]) -> Sound:
    return Sound(row.sound_id, row.name, row.digest, row.seconds, row.size_bytes, row.changed_at)


def _row(company_id: str, sound_id: str) -> tuple[ColumnElement[bool], ...]:
    return sounds.c.company_id == company_id, sounds.c.sound_id == sound_id


def _facts(content: bytes, seconds: float, now: Millis) -> dict[str, object]:
    return {"content": content, "digest": digest_of(content), "seconds": seconds, "changed_at": now}
