"""`swapboard import`: a company's set-up from a file, and moving in from other services."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

import typer
from sqlalchemy import Connection

from swapboard.accounts.store import company_by_id, touch_config
from swapboard.cli.company import CompanyName, database, named_company
from swapboard.cli.cost_import import import_costs, import_rates
from swapboard.cli.import_told import tell
from swapboard.cli.problems import Problem
from swapboard.cli.text_file import text_of_file
from swapboard.clock import Millis, system_clock
from swapboard.moving import calltrackingmetrics, own_export
from swapboard.moving.call_history import PastCall, not_here, write_history
from swapboard.moving.callrail import pages as callrail
from swapboard.moving.callrail.history import past_calls as callrail_calls
from swapboard.moving.callrail.move import Choice, move_company
from swapboard.moving.difference import Difference
from swapboard.moving.doubts import doubts
from swapboard.moving.exported import BadExport
from swapboard.moving.house_reading import read_setup
from swapboard.moving.house_writing import merged, write_setup
from swapboard.moving.partial import completed
from swapboard.moving.setup import Setup
from swapboard.moving.toml_text import BadSetup, NoToml, document_of, from_document
from swapboard.numbers.inventory import NumberStatus
from swapboard.storage.commit import carry_out

CALLRAIL, CTM = "callrail", "calltrackingmetrics"
COSTS, RATES = "costs", "rates"


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be brought in: a set-up, calls, and notes on what stays behind."""

    setup: Setup | None
    history: Sequence[PastCall]
    origin: str
    notes: Sequence[str]


class _OnlyLooking(Exception):
    """Rolls a dry run back; `told` is what would be."""

    def __init__(self, told: "_Told") -> None:
        super().__init__()
        self.told = told


def import_(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="[callrail|calltrackingmetrics|costs|rates] FILE...",
            help="A set-up's TOML file (or -), a folder that was exported, or what it is, and its files (or ecb).",
        ),
    ],
    company: CompanyName,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
    ] = False,
    from_company: Annotated[
        str | None, typer.Option(help="CallRail: which of its companies, by name or id.")
    ] = None,
    active: Annotated[
        bool, typer.Option("--active", help="CallRail: show its numbers at once; they are yours already.")
    ] = False,
    account: Annotated[str | None, typer.Option(help="Ask the service's API for this account's data.")] = None,
    api_key: Annotated[
        str | None,
        typer.Option(envvar="IMPORT_API_KEY", help="With --account; for CallTrackingMetrics ACCESS:SECRET."),
    ] = None,
    currency: Annotated[str, typer.Option(help="costs: the currency, where the file does not say it.")] = "",
    feed: Annotated[str, typer.Option(help="costs: a name of its own, to hold files apart.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
) -> None:
    """Bring a set-up in from a file, numbers and calls from another service, or what advertising cost.

    Example: swapboard import brightwater.toml --company "Brightwater Plumbing" --dry-run
    """
    given = {"--from-company": from_company, "--active": active, "--account": account}
    _check_together(what, {**given, "--currency": currency, "--feed": feed})
    if what[0] in {COSTS, RATES} and not what[1:]:
        raise Problem(f"Give a file too: swapboard import {what[0]} FILE --company NAME.")
    if what[0] == COSTS:
        import_costs(what[1:], company, currency, feed, dry_run, as_json)
    elif what[0] == RATES:
        import_rates(what[1:], company, dry_run, as_json)
    else:
        choice = Choice(from_company, NumberStatus.ACTIVE if active else NumberStatus.PAUSED)
        tell(*_import_house(what, company, (account, api_key), choice, dry_run), dry_run, as_json)


def _import_house(
    what: Sequence[str], company: str, asked: tuple[str | None, str | None], choice: Choice, dry_run: bool
) -> "_Told":
    """A set-up, or what another service knows: its files, or as `asked` of its API (account, key)."""
    account, api_key = asked
    service, files = (what[0], what[1:]) if what[0] in {CALLRAIL, CTM} else (None, what)
    if account and not api_key:
        raise Problem("Give the API key too: --api-key, or IMPORT_API_KEY in the environment.")
    if service and not files and not account:
        raise Problem(
            f"Give the files of its export, or --account: swapboard import {service} FILE --company NAME."
        )
    api = (account, api_key) if account and api_key else None
    try:
        load = _loader(service, {name: text_of_file(name) for name in _in_folder(files)}, api, choice)
        return _bring_in(company, load, dry_run, system_clock())
    except BadSetup as error:
        others = f" Say what other files are: swapboard import {CALLRAIL} FILE --company NAME."
        told = f"{error}{others if isinstance(error, NoToml) else ''}"
        raise Problem(f"{', '.join(files)}: {told}" if files else told) from error
    except BadExport as error:
        raise Problem(str(error)) from error


def _in_folder(files: Sequence[str]) -> Sequence[str]:
    """The files; of a folder that `export --everything` wrote, those that are brought in."""
    if len(files) != 1 or not Path(files[0]).is_dir():
        return files
    return [str(Path(files[0]) / name) for name in (own_export.SETUP, own_export.CALLS_FILE)]


_GOES_WITH: Mapping[str, Sequence[str]] = {
    "--from-company": (CALLRAIL,),
    "--active": (CALLRAIL,),
    "--account": (CALLRAIL, CTM),
    "--currency": (COSTS,),
    "--feed": (COSTS,),
}


def _check_together(what: Sequence[str], given: Mapping[str, object]) -> None:
    """Raises Problem for files of what is none of ours, and for an option that would do nothing."""
    kinds = (CALLRAIL, CTM, COSTS, RATES)
    if len(what) > 1 and what[0] not in kinds and not Path(what[0]).exists():
        raise Problem(f"{what[0]} is no file, and none of {', '.join(kinds)}.")
    for option, value in given.items():
        if value and what[0] not in _GOES_WITH[option]:
            raise Problem(f"{option} goes with {' and '.join(_GOES_WITH[option])} only.")


_Loader = Callable[[Connection, str], Load]
_Told = tuple[Sequence[Difference], int, Sequence[str]]
"""The differences, how many calls, and notes."""


def _loader(service: str | None, texts: Mapping[str, str], api: tuple[str, str] | None, choice: Choice) -> _Loader:
    """Reads everything there is to read, files and network, before a transaction begins."""
    if service == CALLRAIL:
        export_ = _ask_callrail(*api) if api else callrail.read_files(texts)
        return lambda connection, company_id: _from_callrail(connection, company_id, export_, choice)
    if service == CTM:
        rows, notes = _ask_ctm(*api) if api else calltrackingmetrics.read_files(texts)
        return lambda connection, company_id: _from_ctm(connection, company_id, rows, notes)
    lines = {name: text for name, text in texts.items() if Path(name).name == own_export.CALLS_FILE}
    document = _document({name: text for name, text in texts.items() if name not in lines})
    setup, told = from_document(document), [own_export.past_calls(text) for text in lines.values()]
    return lambda connection, company_id: _from_own(connection, company_id, document, setup, told)


def _bring_in(name: str, load: _Loader, dry_run: bool, now: Millis) -> _Told:
    """All or nothing; a dry run does it too, and then takes it back, so that it tells exactly what would be.

    Calls come in meanwhile: somebody who rings just now may be one whom it makes known, and then it is done anew.
    """

    def write(connection: Connection) -> _Told:
        company_id = named_company(connection, name)
        # First, for it waits until nobody hands out the company's numbers, which this may take away.
        touch_config(connection, company_id)
        loaded = load(connection, company_id)
        found = write_setup(connection, company_id, loaded.setup, now) if loaded.setup else []
        calls = write_history(connection, company_id, loaded.origin, loaded.history, now)
        if dry_run:
            raise _OnlyLooking((found, calls, loaded.notes))
        return found, calls, loaded.notes

    try:
        return carry_out(database(), write)
    except _OnlyLooking as looked:
        return looked.told


def _document(texts: Mapping[str, str]) -> Mapping[str, Any]:
    if len(texts) != 1:
        raise Problem("Give one TOML file, or the name of a service and its files.")
    return document_of(next(iter(texts.values())))


def _from_own(
    connection: Connection,
    company_id: str,
    document: Mapping[str, Any],
    setup: Setup,
    told: Sequence[own_export.Told],
) -> Load:
    """A set-up, and the calls beside it that are not the company's own."""
    load = _from_toml(connection, company_id, document, setup)
    history = [call for calls, _notes in told for call in calls]
    notes = [*load.notes, *(note for _calls, notes in told for note in notes)]
    return replace(load, history=not_here(connection, company_id, history), origin=own_export.ORIGIN, notes=notes)


def _from_toml(connection: Connection, company_id: str, document: Mapping[str, Any], setup: Setup) -> Load:
    had = read_setup(connection, company_id)
    wanted = from_document(completed(document, setup.calls, had.calls))
    # The rules of a file are all that there are then; a file without any has nothing to say about them.
    notes = list(doubts(merged(had, wanted)))
    return Load(wanted if "rules" in document else wanted.model_copy(update={"rules": had.rules}), [], "", notes)


def _ask_callrail(account: str, api_key: str) -> callrail.Export:
    with callrail.api_client(api_key) as client:
        return callrail.fetch(client, account)


def _from_callrail(connection: Connection, company_id: str, export_: callrail.Export, choice: Choice) -> Load:
    country, zone = _country_and_zone(connection, company_id)
    moved = move_company(export_, choice, country, read_setup(connection, company_id))
    history, notes = callrail_calls(moved.calls, country, _zone_of(moved.setup) or zone, system_clock())
    doubted = doubts(moved.setup) if moved.setup else ()
    return Load(moved.setup, history, CALLRAIL, [*moved.notes, *doubted, *notes])


def _zone_of(setup: Setup | None) -> ZoneInfo | None:
    """The zone that the company gets by this import; None where it gets none, or one that writing will refuse."""
    told = setup.company.get("time_zone") if setup else None
    return ZoneInfo(told) if isinstance(told, str) and told in available_timezones() else None


def _ask_ctm(account: str, keys: str) -> tuple[list[Mapping[str, Any]], list[str]]:
    access, _colon, secret = keys.partition(":")
    with calltrackingmetrics.api_client(access, secret) as client:
        return calltrackingmetrics.fetch(client, account), []


def _from_ctm(
    connection: Connection, company_id: str, rows: Sequence[Mapping[str, Any]], notes: Sequence[str]
) -> Load:
    history, more = calltrackingmetrics.past_calls(
        rows, *_country_and_zone(connection, company_id), system_clock()
    )
    return Load(None, history, CTM, [*notes, *more])


def _country_and_zone(connection: Connection, company_id: str) -> tuple[str, ZoneInfo]:
    company = company_by_id(connection, company_id)
    if company is None:
        raise Problem("The company is gone.")
    return company.country, ZoneInfo(company.time_zone)
