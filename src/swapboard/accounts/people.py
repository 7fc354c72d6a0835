"""People and their places in companies, in the database.

A person is found by e-mail address before it is known whose they are: those look-ups go across companies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update

from swapboard.accounts.company import Role, User
from swapboard.accounts.log_ins import end_all, lasting
from swapboard.accounts.passkeys import remove_all_passkeys
from swapboard.accounts.person import Person, plain_email
from swapboard.clock import Millis
from swapboard.storage.ids import new_id
from swapboard.storage.locks import hold_name
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import companies, log_ins, people, users


@dataclass(frozen=True, slots=True)
class Place:
    """A company that somebody belongs to, and as what."""

    company_id: str
    company_name: str
    role: Role


def person_by_email(connection: Connection, email: str) -> Person | None:
    """The person with this address, or None."""
    query = select(people).where(people.c.email == plain_email(email))
    everywhere = query.execution_options(across_companies="who logs in says no company")
    row = connection.execute(everywhere).one_or_none()
    return _person(row) if row else None


def person_by_subject(connection: Connection, subject: str) -> Person | None:
    """Who came in by single sign-on as this before, or None."""
    query = select(people).where(people.c.subject == subject).order_by(people.c.created_at).limit(1)
    everywhere = query.execution_options(across_companies="who logs in says no company")
    row = connection.execute(everywhere).one_or_none()
    return _person(row) if row else None


def bind_subject(connection: Connection, person: Person, subject: str, now: Millis) -> bool:
    """From now on they are this at the single sign-on, which has shown that the address is theirs.

    What lets somebody in and was set up before anybody had shown that goes: it may be somebody else's. False when
    they are somebody there already.
    """
    values: dict[str, object] = {"subject": subject}
    if person.verified_at is None:
        dropped = {"password_hash": None, "totp": None, "totp_step": None, "recovery": ""}
        values |= {"verified_at": now, **dropped}
        remove_all_passkeys(connection, person)
        end_all(connection, person)
    unbound = people.c.subject.is_(None)
    return connection.execute(update(people).where(*_is(person), unbound).values(**values)).rowcount == 1


def unbind_subject(connection: Connection, person: Person) -> None:
    """Whoever has the address at the single sign-on next is them, and not who had it before and made passkeys."""
    remove_all_passkeys(connection, person)
    connection.execute(update(people).where(*_is(person)).values(subject=None))


def person_by_id(connection: Connection, home_id: str, person_id: str) -> Person | None:
    """The person, or None."""
    query = select(people).where(people.c.company_id == home_id, people.c.person_id == person_id)
    row = connection.execute(query).one_or_none()
    return _person(row) if row else None


def set_password(
    connection: Connection, person: Person, password_hash: str, verified_at: Millis | None = None
) -> bool:
    """From now on this is the password, and every log-in that was made before ends.

    `verified_at` when they came by an e-mailed link: a second step and passkeys that were set up before the
    address was known to be theirs go then, too, for they may be somebody else's.
    False when another password was set meanwhile.
    """
    as_before = people.c.password_hash.is_not_distinct_from(person.password_hash)
    values: dict[str, object] = {"password_hash": password_hash}
    if verified_at is not None and person.verified_at is None:
        values |= {"verified_at": verified_at, "totp": None, "totp_step": None, "recovery": ""}
        remove_all_passkeys(connection, person)
    return _changed(connection, person, as_before, values)


def set_language(connection: Connection, person: Person, language: str | None) -> None:
    """What they read the dashboard in from now on."""
    connection.execute(update(people).where(*_is(person)).values(language=language))


def set_second_factor(
    connection: Connection, person: Person, totp: str | None, step: int | None, recovery: Sequence[str]
) -> bool:
    """Ask for this app's codes from now on, or for none; `step` is the last that was used.

    False when the second step or the password was changed meanwhile.
    """
    values: dict[str, object] = {"totp": totp, "totp_step": step, "recovery": " ".join(recovery)}
    as_before = and_(
        people.c.totp.is_not_distinct_from(person.totp),
        people.c.password_hash.is_not_distinct_from(person.password_hash),
    )
    return _changed(connection, person, as_before, values)


def note_verified(connection: Connection, person: Person, now: Millis) -> None:
    """Write since when the address is known to be theirs, if it was not."""
    unknown = people.c.verified_at.is_(None)
    connection.execute(update(people).where(*_is(person), unknown).values(verified_at=now))


def use_step(connection: Connection, person: Person, step: int) -> bool:
    """Use up the app's code of this step; False when it, or a later one, was used before."""
    unused = people.c.totp == person.totp, people.c.totp_step < step
    return connection.execute(update(people).where(*_is(person), *unused).values(totp_step=step)).rowcount == 1


def use_recovery(connection: Connection, person: Person, left: Sequence[str]) -> bool:
    """Use up a recovery code, after which these are left; False when somebody was quicker."""
    as_before = people.c.totp == person.totp, people.c.recovery == " ".join(person.recovery)
    values = {"recovery": " ".join(left)}
    return connection.execute(update(people).where(*_is(person), *as_before).values(**values)).rowcount == 1


def has_people(connection: Connection) -> bool:
    """True once anybody can log in, in whatever company."""
    query = select(people.c.person_id).limit(1).execution_options(across_companies="is this a new server?")
    return connection.execute(query).first() is not None


def add_user(connection: Connection, user: User, password_hash: str | None, *, is_verified: bool = True) -> None:
    """Give somebody a place in a company; who can log in already keeps the password that they have.

    Raises IntegrityError when they have one there.
    """
    hold_name(connection, user.email)
    if person_by_email(connection, user.email) is None:
        now = user.created_at
        verified_at = now if is_verified else None
        _add_person(connection, Person(user.company_id, new_id(now), user.email, now, password_hash, verified_at))
    connection.execute(
        insert(users).values(
            company_id=user.company_id,
            user_id=user.user_id,
            email=user.email,
            name=user.name,
            role=user.role,
            created_at=user.created_at,
        )
    )


def places_of(connection: Connection, email: str) -> Sequence[Place]:
    """The companies that a person belongs to, by name."""
    query = select(users.c.company_id, users.c.role, companies.c.name).join(
        companies, companies.c.company_id == users.c.company_id
    )
    ordered = query.where(users.c.email == email).order_by(func.lower(companies.c.name), users.c.company_id)
    everywhere = ordered.execution_options(across_companies="somebody's own companies, to choose from")
    return [Place(row.company_id, row.name, Role(row.role)) for row in connection.execute(everywhere)]


def first_place(connection: Connection, email: str) -> str | None:
    """The company that a person has been in the longest, or None for who was removed from all."""
    query = select(users.c.company_id).where(users.c.email == email).order_by(users.c.created_at).limit(1)
    everywhere = query.execution_options(across_companies="who logs in says no company")
    return connection.scalar(everywhere)


def user_by_id(connection: Connection, company_id: str, user_id: str) -> User | None:
    """Somebody in the company, or None."""
    query = select(users).where(users.c.company_id == company_id, users.c.user_id == user_id)
    row = connection.execute(query).one_or_none()
    return _user(row) if row else None


def user_by_email(connection: Connection, company_id: str, email: str) -> User | None:
    """What the person with this address is in the company, or None."""
    query = select(users).where(users.c.company_id == company_id, users.c.email == email)
    row = connection.execute(query).one_or_none()
    return _user(row) if row else None


def members_of(connection: Connection, company_id: str) -> list[User]:
    """Everybody in the company, by name."""
    query = select(users).where(users.c.company_id == company_id)
    return [_user(row) for row in connection.execute(query.order_by(func.lower(users.c.name), users.c.user_id))]


def list_members(connection: Connection, company_id: str, limit: int, cursor: str | None = None) -> Page[User]:
    """A page of everybody in the company, the longest here first. Raises BadCursor."""
    query = select(users).where(users.c.company_id == company_id)
    ordered = after(query, users.c.created_at, users.c.user_id, limit, cursor)
    found = [_user(row) for row in connection.execute(ordered)]
    return page_of(found, limit, lambda each: Key(each.created_at, each.user_id))


def logged_in(connection: Connection, company_id: str, now: Millis) -> list[tuple[Person, Role, str]]:
    """Everybody in the company with each of their log-ins' ids; in one query, for it is asked often."""
    theirs = (log_ins.c.company_id == people.c.company_id) & (log_ins.c.person_id == people.c.person_id)
    query = select(people, users.c.role, log_ins.c.log_in_id).join(users, users.c.email == people.c.email)
    here = query.join(log_ins, theirs).where(users.c.company_id == company_id)
    here = here.where(lasting(people.c.email, now))
    everywhere = here.execution_options(across_companies="people have their home in another company, too")
    own = [column.name for column in people.c]
    rows = [row._asdict() for row in connection.execute(everywhere)]
    return [(_as_person({name: row[name] for name in own}), Role(row["role"]), row["log_in_id"]) for row in rows]


def set_role(connection: Connection, company_id: str, user_id: str, role: Role) -> None:
    """From now on they are this in the company."""
    is_it = users.c.company_id == company_id, users.c.user_id == user_id
    connection.execute(update(users).where(*is_it).values(role=role))


def remove_user(connection: Connection, company_id: str, user_id: str) -> None:
    """They see nothing more of the company; what they did stays noted."""
    connection.execute(delete(users).where(users.c.company_id == company_id, users.c.user_id == user_id))


def users_with(connection: Connection, company_id: str, role: Role) -> list[User]:
    """The company's people with this role, the longest here first."""
    query = select(users).where(users.c.company_id == company_id, users.c.role == role)
    return [_user(row) for row in connection.execute(query.order_by(users.c.created_at, users.c.user_id))]


def _add_person(connection: Connection, person: Person) -> None:
    connection.execute(
        insert(people).values(
            company_id=person.company_id,
            person_id=person.person_id,
            email=person.email,
            password_hash=person.password_hash,
            created_at=person.created_at,
            verified_at=person.verified_at,
        )
    )


def _changed(
    connection: Connection, person: Person, as_before: ColumnElement[bool], values: dict[str, object]
) -> bool:
    """Whether nobody was quicker; every log-in of before is over then."""
    is_first = connection.execute(update(people).where(*_is(person), as_before).values(**values)).rowcount == 1
    if is_first:
        end_all(connection, person)
    return is_first


def _is(person: Person) -> tuple[ColumnElement[bool], ...]:
    return people.c.company_id == person.company_id, people.c.person_id == person.person_id


def _user(row: Row[*tuple[Any, ...]]) -> User:
    return User(row.user_id, row.company_id, row.email, row.name, Role(row.role), row.created_at)


def _person(row: Row[*tuple[Any, ...]]) -> Person:
    return _as_person(row._asdict())


def _as_person(said: Mapping[str, Any]) -> Person:
    return Person(**{**said, "recovery": tuple(said["recovery"].split())})
