"""`swapboard user passkeys` and `user log-ins`: what somebody comes in by, one by one."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from sqlalchemy import Connection

from swapboard.accounts.audit import Act, note
from swapboard.accounts.log_ins import LogIn, end, log_ins_of
from swapboard.accounts.passkeys import Passkey, passkeys_of, remove_passkey
from swapboard.accounts.people import person_by_email, places_of
from swapboard.accounts.person import Person
from swapboard.cli.company import COMMAND_LINE, AsJson, database
from swapboard.cli.problems import Problem
from swapboard.clock import Millis, iso, system_clock
from swapboard.storage.engine import reading, writing

Email = Annotated[str, typer.Argument(help="Whose they are.")]


def passkeys(
    email: Email,
    remove: Annotated[
        str, typer.Option(metavar="ID", help="This one lets nobody in any more: for a lost device.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """List somebody's passkeys, or remove one.

    Example: swapboard user passkeys owner@example.com --remove 01JDK2…
    """
    engine, now = database(), system_clock()
    if remove:
        with writing(engine) as connection:
            person = _person(connection, email)
            name = remove_passkey(connection, person, remove)
            if name is None:
                raise Problem(f"{email} has no passkey {remove!r}. Leave --remove out to list them.")
            _note(connection, person, Act.REMOVED_PASSKEY, f"{person.email}, {name}", now)
        _say(as_json, {"removed": remove}, f"The passkey {name!r} of {email} lets nobody in any more.")
        return
    with reading(engine) as connection:
        found = passkeys_of(connection, _person(connection, email))
    _list(as_json, [_passkey(each) for each in found], f"{email} has no passkey.")


def log_ins(
    email: Email,
    end_one: Annotated[str, typer.Option("--end", metavar="ID", help="Log this browser out.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the browsers that somebody is logged in with, or log one out.

    Example: swapboard user log-ins owner@example.com --end 01JDK2…
    """
    engine, now = database(), system_clock()
    if end_one:
        with writing(engine) as connection:
            person = _person(connection, email)
            if not end(connection, person, end_one):
                raise Problem(f"{email} has no log-in {end_one!r}. Leave --end out to list them.")
            _note(connection, person, Act.ENDED_LOG_INS, person.email, now)
        _say(as_json, {"ended": end_one}, f"That browser of {email} is logged out.")
        return
    with reading(engine) as connection:
        found = log_ins_of(connection, _person(connection, email), now)
    _list(as_json, [_log_in(each) for each in found], f"{email} is logged in nowhere.")


def _person(connection: Connection, email: str) -> Person:
    person = person_by_email(connection, email)
    if person is None:
        raise Problem(
            f"Nobody logs in as {email}. `swapboard user list` shows who does, `swapboard user add` adds them."
        )
    return person


def _note(connection: Connection, person: Person, act: Act, subject: str, now: Millis) -> None:
    """In each company where they come in by it."""
    for place in places_of(connection, person.email):
        note(connection, place.company_id, COMMAND_LINE, act, subject, now)


def _passkey(each: Passkey) -> Mapping[str, str | None]:
    used = iso(each.last_used_at) if each.last_used_at is not None else None
    return {"id": each.passkey_id, "name": each.name, "created_at": iso(each.created_at), "last_used_at": used}


def _log_in(each: LogIn) -> Mapping[str, str | None]:
    return {
        "id": each.log_in_id,
        "browser": each.user_agent,
        "address": each.address,
        "created_at": iso(each.created_at),
        "seen_at": iso(each.seen_at),
    }


def _list(as_json: bool, found: Sequence[Mapping[str, str | None]], none: str) -> None:
    if as_json:
        typer.echo(json.dumps(found))
    elif not found:
        typer.echo(none)
    for each in () if as_json else found:
        typer.echo("  ".join("never" if value is None else value or "unknown" for value in each.values()))


def _say(as_json: bool, facts: Mapping[str, str], said: str) -> None:
    typer.echo(json.dumps(facts) if as_json else said)
