"""`swapboard user`: the first person, and a way in again for who lost theirs."""

import json
from typing import Annotated

import typer
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from swapboard.accounts import people, store
from swapboard.accounts.audit import Act, note
from swapboard.accounts.company import Role, User
from swapboard.accounts.opening import new_company
from swapboard.accounts.passkeys import remove_all_passkeys
from swapboard.accounts.person import plain_email
from swapboard.accounts.secrets import hash_password
from swapboard.cli.company import COMMAND_LINE, AsJson, company_called, database, named_company
from swapboard.cli.log_ins import log_ins, passkeys
from swapboard.cli.problems import Problem
from swapboard.clock import system_clock
from swapboard.storage.engine import reading, writing
from swapboard.storage.ids import new_id

_HELP = """People who can log in.

Example: swapboard user add owner@example.com --company "Brightwater Plumbing"
"""
user_app = typer.Typer(help=_HELP, no_args_is_help=True)
user_app.command("passkeys")(passkeys)
user_app.command("log-ins")(log_ins)


@user_app.command("add")
def add_user(
    email: Annotated[str, typer.Argument(help="What the person logs in with.")],
    company: Annotated[str, typer.Option(help="The company's name; it is made if there is none so called.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.OWNER,
    as_json: AsJson = False,
) -> None:
    """Add a person who can log in; makes the company if it is new.

    Example: swapboard user add owner@example.com --company "Brightwater Plumbing"
    """
    if "@" not in email:
        raise typer.BadParameter(f"{email!r} is not an e-mail address.", param_hint="EMAIL")
    if not company.strip():
        raise typer.BadParameter("write the company's name.", param_hint="--company")
    if role is Role.SITE:
        raise typer.BadParameter("'site' is for keys of a website's server, not for people.", param_hint="--role")
    try:
        password_hash = hash_password(password)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--password") from error
    now = system_clock()
    engine = database(is_first=True)
    try:
        with writing(engine) as connection:
            company_id = company_called(connection, company) or _make_company(connection, company)
            user = User(new_id(now), company_id, plain_email(email), name or email, role, now)
            known = people.person_by_email(connection, user.email)
            people.add_user(connection, user, password_hash)
            note(connection, company_id, COMMAND_LINE, Act.JOINED, f"{user.email}, {role.value}", now)
            # Whoever took this address without having shown that it is theirs must not come in by their password.
            keeps = known is not None and known.verified_at is not None
            if known and not keeps and not people.set_password(connection, known, password_hash, now):
                raise Problem("The password was changed at this very moment; try again.")
    except IntegrityError as error:
        raise Problem(f"{email} can log in to {company} already.") from error
    if as_json:
        typer.echo(json.dumps({"user_id": user.user_id, "company_id": company_id, "email": user.email}))
    else:
        kept = " Their password stays the one that they have." if keeps else ""
        typer.echo(f"{user.email} can now log in to {company}.{kept}")


@user_app.command("list")
def list_users(
    company: Annotated[str, typer.Option(help="The company's name.")],
    as_json: AsJson = False,
) -> None:
    """List who can log in to a company, with their roles.

    Example: swapboard user list --company "Brightwater Plumbing"
    """
    with reading(database()) as connection:
        found = people.members_of(connection, named_company(connection, company))
    if as_json:
        facts = [{"user_id": u.user_id, "email": u.email, "name": u.name, "role": u.role.value} for u in found]
        typer.echo(json.dumps(facts))
    elif not found:
        typer.echo(f"Nobody can log in to {company}.")
    for each in () if as_json else found:
        typer.echo("  ".join((each.email, each.role.value, each.name)))


@user_app.command("password")
def set_password(
    email: Annotated[str, typer.Argument(help="Whose password it is.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    drop_second_step: Annotated[
        bool, typer.Option("--drop-second-step", help="Ask for no code of an app any more: for a lost telephone.")
    ] = False,
    drop_passkeys: Annotated[
        bool, typer.Option("--drop-passkeys", help="No passkey of theirs lets in any more: for a stolen device.")
    ] = False,
    drop_single_sign_on: Annotated[
        bool,
        typer.Option("--drop-single-sign-on", help="Whoever has the address at the single sign-on next is them."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Give somebody a new password, and log them out everywhere.

    Example: swapboard user password owner@example.com
    """
    try:
        password_hash = hash_password(password)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--password") from error
    with writing(database()) as connection:
        person = people.person_by_email(connection, email)
        if person is None:
            raise Problem(
                f"Nobody logs in as {email}. `swapboard user list` shows who does, `swapboard user add` adds them."
            )
        is_dropped = not drop_second_step or people.set_second_factor(connection, person, None, None, ())
        if not is_dropped or not people.set_password(connection, person, password_hash):
            raise Problem("The log-in was changed at this very moment; try again.")
        if drop_passkeys:
            remove_all_passkeys(connection, person)
        if drop_single_sign_on:
            people.unbind_subject(connection, person)
    said = f"{person.email} has a new password, and is logged out everywhere."
    typer.echo(json.dumps({"person_id": person.person_id, "email": person.email}) if as_json else said)


def _make_company(connection: Connection, name: str) -> str:
    company = new_company(name, system_clock())
    store.add_company(connection, company)
    return company.company_id
