"""Feeds in the database: the password of each, when it was last fetched, and what stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from swapboard.clock import DAY, Millis
from swapboard.conversions.contacts import opted_out
from swapboard.conversions.deliveries import MESSAGE
from swapboard.conversions.message import Message
from swapboard.conversions.outbox import State
from swapboard.storage.schema import deliveries, feeds

TOLD_FOR: Millis = 90 * DAY
"""What was told longer ago is in no file any more: no platform takes it."""
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """Who may fetch a destination's files: whoever has the password that made the hash."""

    company_id: str
    destination_id: str
    password_hash: str = field(repr=False)
    made_at: Millis
    fetched_at: Millis | None = None


def keep_password(
    connection: Connection, company_id: str, destination_id: str, password_hash: str, now: Millis
) -> None:
    """Write a new password's hash; the old one is no good any more."""
    values = {"password_hash": password_hash, "made_at": now}
    mine = feeds.c.company_id == company_id, feeds.c.destination_id == destination_id
    if not connection.execute(update(feeds).where(*mine).values(**values)).rowcount:
        key = {"company_id": company_id, "destination_id": destination_id}
        connection.execute(insert(feeds).values(**key, **values))


def feed_of(connection: Connection, company_id: str, destination_id: str) -> FeedRecord | None:
    """The feed's password; None while none was made."""
    mine = feeds.c.company_id == company_id, feeds.c.destination_id == destination_id
    row = connection.execute(select(feeds).where(*mine)).one_or_none()
    return FeedRecord(*row) if row else None


def feed_by_id(connection: Connection, destination_id: str) -> FeedRecord | None:
    """The same for whoever comes and fetches: they name no company, and have to know the password."""
    query = select(feeds).where(feeds.c.destination_id == destination_id)
    row = connection.execute(query.execution_options(across_companies="who fetches names no company")).first()
    return FeedRecord(*row) if row else None


def note_fetched(connection: Connection, record: FeedRecord, now: Millis) -> None:
    """Write that the files were fetched."""
    mine = feeds.c.company_id == record.company_id, feeds.c.destination_id == record.destination_id
    connection.execute(update(feeds).where(*mine).values(fetched_at=now))


def told_of(connection: Connection, company_id: str, destination_id: str, now: Millis) -> Sequence[Message]:
    """What the destination took, in the order of its being said, but of nobody who asked for privacy since."""
    query = (
        select(deliveries.c.message)
        .where(
            deliveries.c.company_id == company_id,
            deliveries.c.destination_id == destination_id,
            deliveries.c.state == State.SENT,
            deliveries.c.said_at >= now - TOLD_FOR,
        )
        .order_by(deliveries.c.said_at, deliveries.c.delivery_id)
    )
    messages = [MESSAGE.validate_python(told) for told in connection.scalars(query)]
    private = _private(connection, company_id, {each.contact.origin.session_id for each in messages} - {None})
    return [each for each in messages if each.contact.origin.session_id not in private]


def _private(connection: Connection, company_id: str, session_ids: set[str | None]) -> set[str]:
    found: set[str] = set()
    known = sorted(filter(None, session_ids))
    for first in range(0, len(known), _AT_A_TIME):
        found |= opted_out(connection, company_id, known[first : first + _AT_A_TIME])
    return found
