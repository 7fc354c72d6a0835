"""What people said of callers, in the database."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, func, insert, select, update

from swapboard.calls.spam import (
    Word,
)
from swapboard.clock import Millis
from swapboard.storage.asked_once import asked_once
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import caller_words

_COMPANY: BindParameter[str] = bindparam("of_company")
MOST_WORDS = 20_000
LONGEST_NOTE = 200
_WORDS = select(caller_words.c.pattern, caller_words.c.word).where(
    caller_words.c.company_id == _COMPANY, caller_words.c.pattern.in_(bindparam("patterns", expanding=True))
)
_ANY_WORD = select(caller_words.c.word_id).where(caller_words.c.company_id == _COMPANY).limit(1)


@dataclass(frozen=True, slots=True)
class CallerWord:
    """What a person said of a number, or of all numbers that begin so (`+1900*`)."""

    word_id: str
    pattern: str
    word: Word
    note: str
    actor: str
    created_at: Millis


def words_of(connection: Connection, company_id: str) -> Mapping[str, Word]:
    """Every pattern that somebody said something of."""
    query = select(caller_words.c.pattern, caller_words.c.word).where(caller_words.c.company_id == company_id)
    return {row.pattern: Word(row.word) for row in connection.execute(query)}


def count_words(connection: Connection, company_id: str) -> int:
    """How many patterns there are."""
    return connection.execute(select(func.count()).where(caller_words.c.company_id == company_id)).scalar_one()


def has_room(connection: Connection, company_id: str, patterns: Collection[str]) -> bool:
    """Whether something can be said of these, too; what was said of the same ones before is replaced."""
    if count_words(connection, company_id) + len(patterns) <= MOST_WORDS:
        return True
    return len(words_of(connection, company_id).keys() | set(patterns)) <= MOST_WORDS


def list_words(
    connection: Connection, company_id: str, limit: int = 50, cursor: str | None = None
) -> Page[CallerWord]:
    """A page of them, newest first. Raises BadCursor."""
    query = select(caller_words).where(caller_words.c.company_id == company_id)
    ordered = after(query, caller_words.c.created_at, caller_words.c.word_id, limit, cursor, newest_first=True)
    records = [_word(row) for row in connection.execute(ordered)]
    return page_of(records, limit, lambda each: Key(each.created_at, each.word_id))


def word_by_id(connection: Connection, company_id: str, word_id: str) -> CallerWord | None:
    """The one with this id, or None."""
    query = select(caller_words).where(caller_words.c.company_id == company_id, caller_words.c.word_id == word_id)
    row = connection.execute(query).one_or_none()
    return _word(row) if row else None


def say_of_caller(connection: Connection, company_id: str, said: CallerWord) -> CallerWord:
    """Keep it instead of what was said of the same pattern before; tells what is kept."""
    same = caller_words.c.company_id == company_id, caller_words.c.pattern == said.pattern
    values = {"word": said.word.value, "note": said.note, "actor": said.actor}
    if not connection.execute(update(caller_words).where(*same).values(values)).rowcount:
        row = {"word_id": said.word_id, "pattern": said.pattern, "created_at": said.created_at, **values}
        connection.execute(insert(caller_words).values(company_id=company_id, **row))
    return _word(connection.execute(select(caller_words).where(*same)).one())


def unsay_of_caller(connection: Connection, company_id: str, word_id: str) -> bool:
    """Forget it; False when there is no such."""
    row = caller_words.c.company_id == company_id, caller_words.c.word_id == word_id
    return connection.execute(delete(caller_words).where(*row)).rowcount == 1


def unsay_of_number(connection: Connection, company_id: str, number: str, notes: Collection[str]) -> None:
    """Forget what was said of this very number with one of these notes."""
    row = caller_words.c.company_id == company_id, caller_words.c.pattern == number
    connection.execute(delete(caller_words).where(*row, caller_words.c.note.in_(list(notes))))


def allow_no_more(connection: Connection, company_id: str, number: str) -> bool:
    """This very number is no longer among the good ones; False when it was not."""
    row = caller_words.c.company_id == company_id, caller_words.c.pattern == number
    return connection.execute(delete(caller_words).where(*row, caller_words.c.word == Word.ALLOW)).rowcount > 0


def words_of_caller(connection: Connection, company_id: str, caller: str | None) -> Mapping[str, Word]:
    """What was said of this caller, and of its beginnings."""
    if caller is None or not _says_anything(connection, company_id):
        return {}
    patterns = [caller, *(f"{caller[:length]}*" for length in range(2, len(caller) + 1))]
    found = connection.execute(_WORDS, {"of_company": company_id, "patterns": patterns})
    return {row.pattern: Word(row.word) for row in found}


@asked_once
def _says_anything(connection: Connection, company_id: str) -> bool:
    """Whether anybody ever said something of a caller: at most companies nobody did."""
    return connection.execute(_ANY_WORD, {"of_company": company_id}).first() is not None


def _word(row: Row[*tuple[Any, ...]]) -> CallerWord:
    return CallerWord(row.word_id, row.pattern, Word(row.word), row.note, row.actor, row.created_at)
