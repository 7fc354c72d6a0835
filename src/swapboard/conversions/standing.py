"""How each conversion of a destination stands: the last that was said of it, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from swapboard.clock import Millis
from swapboard.conversions.deliveries import MESSAGE
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import State
from swapboard.storage.schema import deliveries

MOST = 20_000


@dataclass(frozen=True, slots=True)
class Standing:
    """One conversion; `state` and `words` are those of its first message, which made it one."""

    message: Message
    state: State
    words: str
    is_taken_back: bool


def standing_conversions(
    connection: Connection, company_id: str, destination_id: str, since: Millis
) -> Sequence[Standing]:
    """Those that were put in the outbox since then, the oldest first."""
    query = (
        select(deliveries.c.message, deliveries.c.state, deliveries.c.words, deliveries.c.saying)
        .where(
            deliveries.c.company_id == company_id,
            deliveries.c.destination_id == destination_id,
            deliveries.c.said_at >= since,
            deliveries.c.saying.in_([Saying.CONVERT, Saying.RESTATE, Saying.RETRACT]),
        )
        .order_by(deliveries.c.said_at.desc(), deliveries.c.delivery_id.desc())
        .limit(MOST)
    )
    found: dict[str, Standing] = {}
    # Of more than that the latest, in the order of their being said.
    for row in reversed(connection.execute(query).all()):
        message = MESSAGE.validate_python(row.message)
        known = found.get(message.conversion_id)
        if known is None or row.saying == Saying.CONVERT:
            found[message.conversion_id] = Standing(message, State(row.state), row.words or "", False)
        elif row.saying == Saying.RETRACT and row.state == State.SENT:
            found[message.conversion_id] = Standing(known.message, known.state, known.words, True)
    return list(found.values())
