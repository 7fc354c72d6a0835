"""`swapboard asterisk-config`: the files with which an Asterisk gives its calls to Swapboard."""

from pathlib import Path
from typing import Annotated

import typer

from swapboard.calls.routes import CarrierAccount, CompanyRoutes, Routes
from swapboard.carriers.asterisk.adapter import KIND
from swapboard.carriers.asterisk.config import Destination, files
from swapboard.carriers.asterisk.pbx import pbx_of
from swapboard.cli.problems import Problem, writing_file
from swapboard.settings import read_settings
from swapboard.switchboard.exchange import Exchange


def asterisk_config(
    to: Annotated[Path, typer.Argument(help="Folder for the files; it is made if it is not there.")],
    carrier: Annotated[
        str | None, typer.Option(help="The carrier's id; needed only where there are several Asterisks.")
    ] = None,
) -> None:
    """Write ARI, trunk and dialplan for Asterisk 20 or newer, with a Dial for while this server is down.

    Write them again, and reload Asterisk's dialplan, when numbers or their destinations change.

    Example: swapboard asterisk-config /etc/asterisk/swapboard
    """
    settings = read_settings()
    if not settings.secret_file.exists():
        raise Problem(f"There is no installation in {settings.data_dir}. Set SWAPBOARD_DATA_DIR to yours.")
    exchange = Exchange(settings)
    exchange.directory.start()
    routes = exchange.directory.routes
    exchange.engine.dispose()
    account = _account(routes, carrier)
    try:
        pbx = pbx_of(exchange.vault.unseal(account.credentials))
    except ValueError as error:
        raise Problem(str(error)) from error
    company = routes.companies[account.company_id]
    default = company.default_destination
    written = files(pbx, _destinations(company), _destination(company, default) if default else None)
    _write(to, written)
    typer.echo(f"Written to {to}: {', '.join(written)}. Put your provider's server into pjsip.conf.")


def _account(routes: Routes, carrier: str | None) -> CarrierAccount:
    found = [each for each in routes.carriers.values() if each.kind == KIND and carrier in {None, each.carrier_id}]
    if not found:
        raise Problem("There is no carrier of the kind asterisk with that id; add one first.")
    if len(found) > 1:
        raise Problem(f"There are several: say --carrier with one of {', '.join(x.carrier_id for x in found)}.")
    return found[0]


def _destinations(company: CompanyRoutes) -> dict[str, Destination]:
    return {number: _destination(company, to) for number, to in company.destinations.items()}


def _destination(company: CompanyRoutes, number: str) -> Destination:
    return Destination(number, company.ring_timeout_seconds)


def _write(folder: Path, written: dict[str, str]) -> None:
    """Readable by their owner only, for there is a password in one."""
    with writing_file(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in written.items():
            path = folder / name
            path.touch(mode=0o600)
            path.write_text(content)
