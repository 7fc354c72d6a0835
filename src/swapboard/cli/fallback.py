"""`swapboard fallback`: the documents that carriers ask for when no door of ours answers."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from swapboard.accounts.store import config_versions
from swapboard.carriers.base import CarrierError
from swapboard.cli.installation import trouble
from swapboard.cli.problems import Problem, writing_file
from swapboard.numbers.listing import NumberFilter, NumberRecord, list_numbers
from swapboard.settings import Settings, read_settings
from swapboard.switchboard.buying import NoSuchCarrier, open_carrier
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.fallback import Written, links_to, write_fallback

MOST_NUMBERS = 100_000


def fallback(
    to: Annotated[Path | None, typer.Option(help="Folder; without it, SWAPBOARD_FALLBACK_DIR.")] = None,
    point: Annotated[
        bool, typer.Option("--point", help="Also tell the carriers where each number's document is.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
) -> None:
    """Write a document for each number that says where its calls go, for a static web host.

    A carrier asks for it when this server does not answer. With SWAPBOARD_FALLBACK_DIR the server keeps the folder
    up to date by itself; this command writes it now. With --point, which needs SWAPBOARD_FALLBACK_URL, the numbers
    that were bought through Swapboard get that address as their fallback. Exit code 1: something was not done.

    Example: swapboard fallback --to /var/www/calls
    """
    settings = read_settings()
    folder = to or settings.fallback_dir
    if folder is None:
        raise Problem("Say which folder: swapboard fallback --to FOLDER, or set SWAPBOARD_FALLBACK_DIR.")
    if point and not settings.fallback_url:
        raise Problem("Set SWAPBOARD_FALLBACK_URL to the address at which your static web host serves the folder.")
    if not settings.secret_file.exists():
        raise Problem(f"There is no installation in {settings.data_dir}. Set SWAPBOARD_DATA_DIR to yours.")
    exchange = Exchange(settings)
    exchange.directory.start()
    written = _write(exchange, folder.absolute())
    pointed, failed = asyncio.run(_point(exchange)) if point else (0, [])
    exchange.engine.dispose()
    _tell(settings, folder.absolute(), written, pointed, failed, as_json)
    raise typer.Exit(1 if failed else 0)


def _write(exchange: Exchange, folder: Path) -> Written:
    routes = exchange.directory.routes
    if not routes.carriers:
        raise Problem("There is no carrier account yet, so there is no number to write a document for.")
    with writing_file(folder):
        return write_fallback(folder, routes)


async def _point(exchange: Exchange) -> tuple[int, list[str]]:
    """Tell the carriers, one number after the other; what fails keeps no other number from being told."""
    pointed, failed = 0, []
    for company_id, number in _numbers(exchange):
        carrier_id = number.carrier_id or ""
        try:
            carrier = await open_carrier(exchange, company_id, carrier_id)
            links = await links_to(exchange, company_id, carrier_id, number.number)
            await asyncio.to_thread(carrier.configure, number.carrier_ref or "", links)
            pointed += 1
        except (CarrierError, NoSuchCarrier) as error:
            failed.append(f"{number.number}: {error}")
    return pointed, failed


def _numbers(exchange: Exchange) -> list[tuple[str, NumberRecord]]:
    def read(connection: Connection) -> list[tuple[str, NumberRecord]]:
        return [
            (company_id, number)
            for company_id in config_versions(connection)
            for number in list_numbers(connection, company_id, NumberFilter(), MOST_NUMBERS).rows
            if number.carrier_id and number.carrier_ref and number.released_at is None
        ]

    try:
        with exchange.engine.connect() as connection, connection.begin():
            return read(connection)
    except DatabaseError as error:
        raise Problem(trouble(error)) from error


def _tell(
    settings: Settings, folder: Path, written: Written, pointed: int, failed: list[str], as_json: bool
) -> None:
    if as_json:
        facts = {"folder": str(folder), **written._asdict(), "pointed": pointed, "failed": failed}
        typer.echo(json.dumps(facts))
        return
    typer.echo(f"{written.documents} documents in {folder}: {written.changed} changed, {written.removed} removed.")
    for each in failed:
        typer.echo(f"Not pointed: {each}", err=True)
    if pointed:
        typer.echo(f"{pointed} numbers ask {settings.fallback_url} when this server does not answer.")
