"""`swapboard key`: keys for programs, made, listed and revoked."""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated

import typer
from sqlalchemy import Connection

from swapboard.accounts.actor import Actor
from swapboard.accounts.company import ApiKey, Role
from swapboard.accounts.keys import MOST_DAYS, Wish, end_key, key_by_id, list_keys, make_key
from swapboard.accounts.scopes import read_scopes
from swapboard.cli.company import COMMAND_LINE, AsJson, database, named_company
from swapboard.cli.problems import Problem
from swapboard.clock import DAY, Millis, iso, system_clock
from swapboard.storage.engine import reading, writing

_HELP = """API keys for programs.

Example: swapboard key add "nightly export" --company "Brightwater Plumbing" --role analyst
"""
key_app = typer.Typer(help=_HELP, no_args_is_help=True)
Company = Annotated[str, typer.Option(help="The company's name.")]
_COMMAND = Actor(COMMAND_LINE, Role.OWNER)
_AT_ONCE = 200


@key_app.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    company: Annotated[str, typer.Option(help="The company's name.")],
    role: Annotated[Role, typer.Option(help="What the key may do.")] = Role.ADMIN,
    scope: Annotated[
        list[str] | None,
        typer.Option(help="Hold it to this, besides its role: read, write, read:reports, …; may be repeated."),
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=MOST_DAYS, help="It ends after so many days; without, never.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key. It is shown once, and not kept.

    Example: swapboard key add "nightly export" --company "Brightwater Plumbing" --role analyst
    """
    now = system_clock()
    try:
        wish = Wish(name, role, read_scopes(scope or ()), now + days * DAY if days else None)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--scope") from error
    with writing(database()) as connection:
        key, secret = make_key(
            connection, named_company(connection, company), wish, Actor(COMMAND_LINE, Role.OWNER), now
        )
    typer.echo(json.dumps({"key_id": key.key_id, "api_key": secret}) if as_json else secret)


@key_app.command("list")
def list_command(company: Company, as_json: AsJson = False) -> None:
    """List the company's API keys, oldest first, with what they are called and not what they are.

    Example: swapboard key list --company "Brightwater Plumbing"
    """
    with reading(database()) as connection:
        found = [_facts(key) for key in _all(connection, named_company(connection, company))]
    if as_json:
        typer.echo(json.dumps(found))
    elif not found:
        typer.echo(f"{company} has no key.")
    for each in () if as_json else found:
        typer.echo("  ".join(str(value) for value in each.values() if value))


@key_app.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `swapboard key list` shows it.")],
    company: Company,
    as_json: AsJson = False,
) -> None:
    """Refuse an API key from now on, and the keys and invitations that it made.

    Example: swapboard key revoke 01JDK2… --company "Brightwater Plumbing"
    """
    with writing(database()) as connection:
        found = key_by_id(connection, named_company(connection, company), key_id)
        if found is None:
            raise Problem(f"{company} has no key {key_id!r}; `swapboard key list` shows them.")
        end_key(connection, found[0], _COMMAND, system_clock())
    said = f"The key {found[0].name!r} is refused from now on."
    typer.echo(json.dumps({"revoked": key_id}) if as_json else said)


def _all(connection: Connection, company_id: str) -> Iterator[ApiKey]:
    page = list_keys(connection, company_id, _AT_ONCE)
    yield from page.rows
    while page.next_cursor:
        page = list_keys(connection, company_id, _AT_ONCE, page.next_cursor)
        yield from page.rows


def _facts(key: ApiKey) -> Mapping[str, str | None]:
    return {
        "id": key.key_id,
        "name": key.name,
        "role": key.role.value,
        "scopes": " ".join(key.scopes),
        "made_by": key.made_by,
        "made_by_key_id": key.made_by_key_id,
        "created_at": iso(key.created_at),
        "last_used_at": _moment(key.last_used_at),
        "expires_at": _moment(key.expires_at),
        "revoked_at": _moment(key.revoked_at),
    }


def _moment(at: Millis | None) -> str | None:
    return iso(at) if at is not None else None
