"""Where somebody is logged in: one row for each browser, gone as soon as that log-in is over."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, insert, not_, or_, select, update

from swapboard.accounts.company import Company, Role
from swapboard.accounts.person import Person
from swapboard.accounts.store import company_by_id
from swapboard.clock import DAY, MINUTE, Millis
from swapboard.storage.ids import new_id
from swapboard.storage.schema import log_ins, people, users

LASTS: Millis = 14 * DAY
LONGEST: Millis = 365 * DAY
"""For who can only read, wherever they belong: a screen on the wall stays logged in while it is used."""
SEEN_EVERY: Millis = 10 * MINUTE
LONGEST_AGENT = 400


@dataclass(frozen=True, slots=True)
class LogIn:
    """A browser in which somebody is logged in."""

    company_id: str
    """Where the person's row lies."""
    person_id: str
    log_in_id: str
    address: str
    """Where it came from when it was last seen."""
    user_agent: str
    created_at: Millis
    seen_at: Millis
    """To ten minutes."""

    def is_seen_due(self, now: Millis) -> bool:
        """Whether its being seen is to be written down."""
        return now - self.seen_at >= SEEN_EVERY


_ROLES = {"across_companies": "what somebody may do is asked of each of their companies"}


def lasting(email: str | ColumnElement[str], now: Millis) -> ColumnElement[bool]:
    """Of a log-in: that it still lets this person in."""
    place = users.alias()
    may_more = exists().where(place.c.email == email, place.c.role != Role.READ_ONLY)
    in_use = and_(log_ins.c.created_at > now - LONGEST, log_ins.c.seen_at > now - LASTS)
    return or_(log_ins.c.created_at > now - LASTS, and_(in_use, not_(may_more)))


def begin(connection: Connection, person: Person, address: str, user_agent: str, now: Millis) -> str:
    """A new one, and its id; those of theirs that ran out are dropped."""
    ran_out = delete(log_ins).where(*_of(person), not_(lasting(person.email, now)))
    connection.execute(ran_out.execution_options(**_ROLES))
    log_in_id = new_id(now)
    connection.execute(
        insert(log_ins).values(
            company_id=person.company_id,
            person_id=person.person_id,
            log_in_id=log_in_id,
            address=address[:64],
            user_agent=user_agent[:LONGEST_AGENT],
            created_at=now,
            seen_at=now,
        )
    )
    return log_in_id


def log_in_by_id(connection: Connection, person: Person, log_in_id: str, now: Millis) -> LogIn | None:
    """The log-in, while it lasts."""
    query = select(log_ins).where(*_of(person), log_ins.c.log_in_id == log_in_id)
    lasts = query.where(lasting(person.email, now)).execution_options(**_ROLES)
    row = connection.execute(lasts).one_or_none()
    return LogIn(**row._asdict()) if row else None


def companies_looked_at(connection: Connection, since: Millis, most: int) -> Sequence[Company]:
    """Those of people who were here since then; of whom was here last, first."""
    their = and_(people.c.company_id == log_ins.c.company_id, people.c.person_id == log_ins.c.person_id)
    query = (
        select(users.c.company_id)
        .join_from(log_ins, people, their)
        .join(users, users.c.email == people.c.email)
        .where(log_ins.c.seen_at >= since)
        .group_by(users.c.company_id)
        .order_by(func.max(log_ins.c.seen_at).desc(), users.c.company_id)
        .limit(most)
        .execution_options(**_ROLES)
    )
    found = (company_by_id(connection, each) for each in connection.execute(query).scalars().all())
    return [each for each in found if each]


def log_ins_of(connection: Connection, person: Person, now: Millis) -> Sequence[LogIn]:
    """All that somebody has, the last seen first."""
    query = select(log_ins).where(*_of(person), lasting(person.email, now)).execution_options(**_ROLES)
    rows = connection.execute(query.order_by(log_ins.c.seen_at.desc(), log_ins.c.log_in_id.desc()))
    return [LogIn(**row._asdict()) for row in rows]


def note_seen(connection: Connection, log_in: LogIn, address: str, now: Millis) -> None:
    """Write that it is used, and from where."""
    is_it = (
        log_ins.c.company_id == log_in.company_id,
        log_ins.c.person_id == log_in.person_id,
        log_ins.c.log_in_id == log_in.log_in_id,
    )
    connection.execute(update(log_ins).where(*is_it).values(seen_at=now, address=address[:64]))


def end(connection: Connection, person: Person, log_in_id: str) -> bool:
    """It lets nobody in any more; False when there is none such."""
    return connection.execute(delete(log_ins).where(*_of(person), log_ins.c.log_in_id == log_in_id)).rowcount == 1


def end_all(connection: Connection, person: Person, but: str = "") -> int:
    """All of somebody's, but for this one; how many there were."""
    return connection.execute(delete(log_ins).where(*_of(person), log_ins.c.log_in_id != but)).rowcount


def _of(person: Person) -> tuple[ColumnElement[bool], ...]:
    return log_ins.c.company_id == person.company_id, log_ins.c.person_id == person.person_id
