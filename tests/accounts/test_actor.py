"""Whoever is shut out at this very moment leaves no way in behind."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

import pytest
from sqlalchemy import Connection, Engine, text

from swapboard.accounts.actor import Actor
from swapboard.accounts.belonging import Objected, ask_in, turn
from swapboard.accounts.company import ApiKey, Role, User
from swapboard.accounts.invitations import open_invitations
from swapboard.accounts.keys import MayNot, Wish, end_key, key_by_id, make_key
from swapboard.accounts.people import add_user
from swapboard.storage.engine import reading, writing
from tests.building import NOW, open_business
from tests.patience import HANGS_AFTER_SECONDS

Made = TypeVar("Made")
COMMAND = Actor("the command line", Role.OWNER)


def a_key(connection: Connection) -> ApiKey:
    company_id = open_business(connection).company_id
    return make_key(connection, company_id, Wish("deploy", Role.ADMIN), COMMAND, NOW)[0]


def invite(connection: Connection, company_id: str, by: Actor) -> str:
    return ask_in(connection, company_id, "ada@example.com", Role.ANALYST, by, NOW)[0].invitation_id


def both_at_once(
    engine: Engine, first: Callable[[Connection], Made], second: Callable[[Connection], None]
) -> Made:
    """The second begins while the first has written, but nobody can see it yet."""
    with ThreadPoolExecutor(1) as pool:
        with writing(engine) as connection:
            made = first(connection)

            def go() -> None:
                with writing(engine) as other:
                    second(other)

            going = pool.submit(go)
            # SQLite has one writer at a time anyway.
            while engine.dialect.name == "postgresql" and not (going.done() or is_waiting(connection)):
                wait([going], timeout=0.01)
        going.result(timeout=HANGS_AFTER_SECONDS)
    return made


def is_waiting(connection: Connection) -> bool:
    count: int = connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one()
    return count > 0


def test_a_revoked_key_makes_nothing_any_more(engine: Engine) -> None:
    with writing(engine) as connection:
        key = a_key(connection)
        end_key(connection, key, COMMAND, NOW)
        by = Actor(key.known_as, key.role, key=key)
        with pytest.raises(MayNot):
            make_key(connection, key.company_id, Wish("spare", Role.READ_ONLY), by, NOW)
        with pytest.raises(Objected):
            invite(connection, key.company_id, by)
        add_user(connection, User("bo", key.company_id, "bo@example.com", "", Role.READ_ONLY, NOW), None)
        with pytest.raises(Objected):
            turn(connection, key.company_id, "bo", Role.ADMIN, by, NOW)


def test_what_a_key_makes_while_it_is_revoked_ends_with_it(engine: Engine) -> None:
    with writing(engine) as connection:
        key = a_key(connection)
    by = Actor(key.known_as, key.role, key=key)

    def make(connection: Connection) -> str:
        invite(connection, key.company_id, by)
        return make_key(connection, key.company_id, Wish("spare", Role.READ_ONLY), by, NOW)[0].key_id

    made = both_at_once(engine, make, lambda connection: end_key(connection, key, COMMAND, NOW))
    with reading(engine) as connection:
        spare = key_by_id(connection, key.company_id, made)
        assert spare is not None
        assert spare[0].revoked_at == NOW
        assert open_invitations(connection, key.company_id, NOW) == []


def test_who_was_removed_or_is_less_by_now_makes_nothing(engine: Engine) -> None:
    with writing(engine) as connection:
        company_id = open_business(connection).company_id
        for role in (Role.ADMIN, Role.OWNER):
            user_id = role.value
            add_user(connection, User(user_id, company_id, f"{role}@example.com", "", role, NOW), None)
        by = Actor("admin@example.com", Role.ADMIN, "admin")
        assert invite(connection, company_id, by)
        turn(connection, company_id, "admin", Role.ANALYST, COMMAND, NOW)
        with pytest.raises(MayNot):
            make_key(connection, company_id, Wish("spare", Role.READ_ONLY), by, NOW)
        with pytest.raises(Objected):
            invite(connection, company_id, by)
        add_user(connection, User("bo", company_id, "bo@example.com", "", Role.READ_ONLY, NOW), None)
        with pytest.raises(Objected):
            turn(connection, company_id, "bo", Role.ADMIN, by, NOW)
        assert turn(connection, company_id, "bo", Role.ADMIN, COMMAND, NOW)


def test_what_somebody_invites_while_they_are_removed_is_taken_back(engine: Engine) -> None:
    with writing(engine) as connection:
        company_id = open_business(connection).company_id
        add_user(connection, User("admin", company_id, "admin@example.com", "", Role.ADMIN, NOW), None)
    by = Actor("admin@example.com", Role.ADMIN, "admin")

    def remove(connection: Connection) -> None:
        turn(connection, company_id, "admin", None, COMMAND, NOW)

    both_at_once(engine, lambda connection: invite(connection, company_id, by), remove)
    with reading(engine) as connection:
        assert open_invitations(connection, company_id, NOW) == []
