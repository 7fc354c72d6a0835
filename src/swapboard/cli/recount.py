"""`swapboard recount`: files the visits of the past anew, for reports to count, or checks what is filed."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from sqlalchemy import Engine

from swapboard.accounts.store import config_versions
from swapboard.cli.company import company_called, database
from swapboard.cli.problems import Problem
from swapboard.clock import Millis, system_clock
from swapboard.reports.filing import Check, check, days_behind, grow, keep_filed
from swapboard.storage.engine import reading, writing


def recount(
    company: Annotated[str | None, typer.Option(help="The company's name; all companies without it.")] = None,
    only_check: Annotated[bool, typer.Option("--check", help="Compare, and write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
) -> None:
    """File all visits anew for reports to count, or with --check count what is filed visit by visit.

    Visits are filed by the server as they come, so nobody needs this day by day. After an upgrade that begins to
    file them, reports of long periods are slow until the server has caught up; this does it at once. Visits go on
    meanwhile. With --check the exit code is 1 when a day is not what a recount finds.

    Example: swapboard recount --company "Brightwater Plumbing" --check
    """
    engine = database()
    try:
        company_ids = _companies(engine, company)
        if only_check:
            _tell_checked([_check(engine, each) for each in company_ids], as_json)
        else:
            _tell_filed([_file(engine, each, as_json) for each in company_ids], as_json)
    finally:
        engine.dispose()


def _companies(engine: Engine, name: str | None) -> Sequence[str]:
    with reading(engine) as connection:
        if name is None:
            return list(config_versions(connection))
        company_id = company_called(connection, name)
    if company_id is None:
        raise Problem(f"There is no company {name!r}. Look at its name in the dashboard's set-up.")
    return [company_id]


def _file(engine: Engine, company_id: str, is_quiet: bool) -> tuple[int, int]:
    """How many days and visits were filed. A day that changes meanwhile is left to the server."""
    now, days, visits = system_clock(), 0, 0
    with reading(engine) as connection:
        behind = list(days_behind(connection, company_id, now, anew=True))
    console = Console(stderr=True, quiet=is_quiet)
    for each in track(behind, "Filing visits", console=console, transient=True):
        with reading(engine) as connection:
            made = grow(connection, company_id, each)
        with writing(engine) as connection:
            if keep_filed(connection, company_id, [made], now):
                days, visits = days + 1, visits + made.day.visits
    return days, visits


def _check(engine: Engine, company_id: str) -> Check:
    with reading(engine) as connection:
        return check(connection, company_id)


def _tell_filed(filed: Sequence[tuple[int, int]], as_json: bool) -> None:
    days, visits = (sum(each) for each in zip((0, 0), *filed, strict=True))
    if as_json:
        typer.echo(json.dumps({"days": days, "visits": visits}))
    else:
        typer.echo(f"{visits:,} visits of {days:,} days were filed anew.")


def _tell_checked(found: Sequence[Check], as_json: bool) -> None:
    """Raises Exit when a day is wrong."""
    days, visits = sum(each.days for each in found), sum(each.visits for each in found)
    wrong = [_day(at) for each in found for at in each.wrong]
    if as_json:
        typer.echo(json.dumps({"days": days, "visits": visits, "wrong": wrong}))
    elif wrong:
        typer.echo(f"Not what a recount finds: {', '.join(wrong)} (UTC). File them anew with `swapboard recount`.")
    else:
        typer.echo(f"{visits:,} visits of {days:,} days are filed as a recount finds them.")
    if wrong:
        raise typer.Exit(1)


def _day(at: Millis) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
