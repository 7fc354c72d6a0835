"""Text messages in the database: an outbox that sends each at most once, and what comes in."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, insert, select, update

from swapboard.clock import MINUTE, Millis
from swapboard.language import _
from swapboard.storage.ids import begins_with, new_id
from swapboard.storage.insert import insert_into
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import text_messages, text_replies, text_stops
from swapboard.texts.text import ANY_LINE, EVERY, TextMessage, TextState

MOST_ATTEMPTS = 5
HELD_FOR: Millis = 10 * MINUTE
UNKNOWN = _("Nobody knows whether it was sent: the server stopped meanwhile. It is not sent again.")


def replies_of(connection: Connection, company_id: str) -> Mapping[str, str]:
    """What missed callers are written, by number (E.164), and under `ANY_LINE` for all others."""
    query = select(text_replies).where(text_replies.c.company_id == company_id)
    return {row.number: row.text for row in connection.execute(query)}


def set_reply(connection: Connection, company_id: str, line: str, text: str | None) -> None:
    """Write a number's words; an empty text writes its callers nothing, None makes it like all others."""
    is_it = text_replies.c.company_id == company_id, text_replies.c.number == line
    connection.execute(delete(text_replies).where(*is_it))
    if text is not None and (text.strip() or line != ANY_LINE):
        connection.execute(insert(text_replies).values(company_id=company_id, number=line, text=text.strip()))


def has_stopped(connection: Connection, company_id: str, number: str) -> bool:
    """True for somebody who wants no texts."""
    is_it = text_stops.c.company_id == company_id, text_stops.c.number == number
    return connection.execute(select(text_stops.c.number).where(*is_it)).first() is not None


def set_stopped(connection: Connection, company_id: str, number: str, is_so: bool, now: Millis) -> None:
    """They want no texts from now on, or want them again."""
    is_it = text_stops.c.company_id == company_id, text_stops.c.number == number
    if not is_so:
        connection.execute(delete(text_stops).where(*is_it))
    elif not has_stopped(connection, company_id, number):
        connection.execute(insert(text_stops).values(company_id=company_id, number=number, stopped_at=now))


def list_stops(connection: Connection, company_id: str, limit: int = 500) -> Sequence[tuple[str, Millis]]:
    """(number, since when) of those who want no texts, the latest first."""
    query = select(text_stops.c.number, text_stops.c.stopped_at).where(text_stops.c.company_id == company_id)
    ordered = query.order_by(text_stops.c.stopped_at.desc(), text_stops.c.number).limit(limit)
    return [(row.number, row.stopped_at) for row in connection.execute(ordered)]


def was_written(connection: Connection, company_id: str, number: str, now: Millis) -> bool:
    """True when this number was written to within a day, or is about to be."""
    query = select(text_messages.c.message_id).where(
        text_messages.c.company_id == company_id,
        text_messages.c.recipient == number,
        text_messages.c.written_at > now - EVERY,
        text_messages.c.state.in_((TextState.WAITING, TextState.SENDING, TextState.SENT)),
    )
    return connection.execute(query.limit(1)).first() is not None


def never_left(call_id: str | None) -> str:
    """What a message is about that surely reached nobody: the day is free for another call, the call for none."""
    return f"never left {call_id}"


def has_failed(connection: Connection, company_id: str, call_id: str) -> bool:
    """True when the message to this call's caller surely reached nobody."""
    its = text_messages.c.company_id == company_id, text_messages.c.about == never_left(call_id)
    return connection.execute(select(text_messages.c.message_id).where(*its)).first() is not None


def count_dropped(connection: Connection, company_id: str, about: str) -> int:
    """How many messages about this, in whatever turn, were not to be sent after all."""
    query = select(func.count()).where(
        text_messages.c.company_id == company_id,
        text_messages.c.about.startswith(about, autoescape=True),
        text_messages.c.state == TextState.DROPPED,
    )
    return connection.execute(query).scalar_one()


def put_text(connection: Connection, about: str, text: TextMessage) -> bool:
    """Write a message down; False when there is one about the same thing."""
    row = {name: getattr(text, name) for name in TextMessage.__slots__}
    row |= {"about": about, "state": text.state.value}
    written = insert_into(connection, text_messages).values(row).on_conflict_do_nothing()
    # PostgreSQL's driver does not tell how many rows such an insert wrote.
    return connection.execute(written.returning(text_messages.c.message_id)).first() is not None


def new_text(
    company_id: str,
    carrier_id: str,
    call_id: str | None,
    words: tuple[str, str, str],
    state: TextState,
    at: Millis,
) -> TextMessage:
    """A message of these words (sender, recipient, body), due at once."""
    sender, recipient, body = words
    return TextMessage(
        company_id, new_id(at), carrier_id, call_id, sender, recipient, body, state, at, at, 0, None, None
    )


def due_texts(connection: Connection, company_id: str, now: Millis, limit: int = 20) -> Sequence[str]:
    """The ids of messages that wait to be sent, or were left half sent."""
    states = text_messages.c.state.in_((TextState.WAITING, TextState.SENDING))
    query = select(text_messages.c.message_id).where(
        text_messages.c.company_id == company_id, states, text_messages.c.due_at <= now
    )
    return list(connection.scalars(query.order_by(text_messages.c.due_at).limit(limit)))


def claim_text(connection: Connection, company_id: str, message_id: str, now: Millis) -> TextMessage | None:
    """The message, if it is now this caller's to send. One that somebody began to send is given up instead."""
    is_it = text_messages.c.company_id == company_id, text_messages.c.message_id == message_id
    due = text_messages.c.due_at <= now
    lost = update(text_messages).where(*is_it, due, text_messages.c.state == TextState.SENDING)
    connection.execute(lost.values(state=TextState.FAILED.value, words=UNKNOWN))
    claimed = update(text_messages).where(*is_it, due, text_messages.c.state == TextState.WAITING)
    values = {"state": TextState.SENDING.value, "due_at": now + HELD_FOR, "attempts": text_messages.c.attempts + 1}
    if connection.execute(claimed.values(**values)).rowcount != 1:
        return None
    return _text(connection.execute(select(text_messages).where(*is_it)).one())


def end_text(connection: Connection, text: TextMessage, state: TextState, now: Millis, **told: object) -> None:
    """What became of a claimed message: with `waiting`, it is tried again, later and later."""
    if state is TextState.WAITING and text.attempts >= MOST_ATTEMPTS:
        state, told = TextState.FAILED, {**told, "about": never_left(text.call_id)}
    values = {"state": state.value, "due_at": now + (MINUTE << (text.attempts - 1)), **told}
    row = text_messages.c.company_id == text.company_id, text_messages.c.message_id == text.message_id
    connection.execute(
        update(text_messages).where(*row, text_messages.c.state == TextState.SENDING).values(**values)
    )


def list_texts(
    connection: Connection, company_id: str, limit: int = 50, cursor: str | None = None
) -> Page[TextMessage]:
    """A page of messages, newest first. Raises BadCursor."""
    query = select(text_messages).where(text_messages.c.company_id == company_id)
    columns = text_messages.c.written_at, text_messages.c.message_id
    rows = [_text(row) for row in connection.execute(after(query, *columns, limit, cursor, newest_first=True))]
    return page_of(rows, limit, lambda each: Key(each.written_at, each.message_id))


def forget_texts(connection: Connection, company_id: str, number: str) -> int:
    """Delete all that was written to and by whoever has this number, and say how many; a number of ours has none.

    That they want no more stays, for their own sake.
    """
    came_in = text_messages.c.state == TextState.RECEIVED
    theirs = case((came_in, text_messages.c.sender), else_=text_messages.c.recipient)
    gone = delete(text_messages).where(text_messages.c.company_id == company_id, theirs == number)
    return connection.execute(gone).rowcount


def drop_old_texts(connection: Connection, company_id: str, until: Millis) -> None:
    """Delete what was written before then, by whomever."""
    old = text_messages.c.message_id < begins_with(until), text_messages.c.written_at < until
    connection.execute(delete(text_messages).where(text_messages.c.company_id == company_id, *old))


def _text(row: Row[*tuple[Any, ...]]) -> TextMessage:
    said = row._asdict()
    said.pop("about")
    return TextMessage(**{**said, "state": TextState(row.state)})
