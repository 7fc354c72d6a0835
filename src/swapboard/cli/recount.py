"""`swapboard recount`: files the visits of the past anew, for reports to count, or checks what is filed."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, NamedTuple

import typer
from rich.console import Console
from rich.progress import track
from sqlalchemy import Engine

from swapboard.accounts.store import config_versions
from swapboard.cli.company import database, named_company
from swapboard.cli.problems import Problem
from swapboard.clock import Millis, system_clock
from swapboard.conversions.taken import mark_anew, wrongly_marked
from swapboard.leads.beginning import Unsettled, resettle, unsettled
from swapboard.leads.uncrediting import uncredit
from swapboard.reports.filing import Check, check, days_behind, grow, keep_filed
from swapboard.reports.pool_days import every_day, keep_counted, wrong_days
from swapboard.storage.commit import carry_out
from swapboard.storage.engine import reading
from swapboard.switchboard.lead_filing import credit_all, wrongly_credited
from swapboard.visits.form_words import give_words, take_wrong_words, wordless, wrongly_worded

_AT_ONCE = 40
"""So many days' visits by pool are written at once: a page that asks for a number waits that long."""


def recount(
    company: Annotated[str | None, typer.Option(help="The company's name; all companies without it.")] = None,
    only_check: Annotated[bool, typer.Option("--check", help="Compare, and write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
) -> None:
    """File all visits anew for reports to count, or with --check count what is filed visit by visit.

    Each person's first call or form is looked for anew, too, each day's visits by pool are counted, what each
    visit earned of a person is worked out, and what each form counts for is written beside it, and beside each
    conversion whether its destination took it.

    Visits are filed by the server as they come, so nobody needs this day by day. After an upgrade that begins to
    file them, reports of long periods are slow until the server has caught up; this does it at once. Visits go on
    meanwhile. With --check the exit code is 1 when any of it is not what a recount finds.

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
        if name is not None:
            return [named_company(connection, name)]
        found = list(config_versions(connection))
    if not found:
        raise Problem(
            "There is no company in this database. Set SWAPBOARD_DATA_DIR to your installation's folder."
        )
    return found


class Wrong(NamedTuple):
    """Of how many people, forms and conversions something else is found than what is written."""

    people: int
    forms: int
    conversions: int


class Filed(NamedTuple):
    """How many days and visits were filed, and what else was mended."""

    days: int
    visits: int
    mended: Wrong


class Checked(NamedTuple):
    """How it stands with visits, and what else is wrong."""

    filed: Check
    others: Wrong


def _file(engine: Engine, company_id: str, is_quiet: bool) -> Filed:
    """A day that changes meanwhile is left to the server."""
    now, days, visits = system_clock(), 0, 0
    with reading(engine) as connection:
        behind = list(days_behind(connection, company_id, now, anew=True))
    console = Console(stderr=True, quiet=is_quiet)
    for each in track(behind, "Filing visits", console=console, transient=True):
        with reading(engine) as connection:
            made = grow(connection, company_id, each)
        if carry_out(engine, keep_filed, company_id, [made], now):
            days, visits = days + 1, visits + made.day.visits
    with reading(engine) as connection:
        counted = every_day(connection, company_id)
    for first in range(0, len(counted), _AT_ONCE):
        carry_out(engine, keep_counted, company_id, counted[first : first + _AT_ONCE], now)
    people, forms = _mend_people(engine, company_id), _mend_forms(engine, company_id)
    return Filed(days, visits, Wrong(people, forms, _mend_conversions(engine, company_id)))


def _mend_people(engine: Engine, company_id: str) -> int:
    with reading(engine) as connection:
        found = unsettled(connection, company_id)
        wrong = wrongly_credited(connection, company_id)
    carry_out(engine, resettle, company_id, found)
    carry_out(engine, uncredit, company_id, wrong)
    credit_all(engine, company_id, system_clock())
    return _people(found, wrong)


def _mend_forms(engine: Engine, company_id: str) -> int:
    with reading(engine) as connection:
        wrong = wrongly_worded(connection, company_id)
    carry_out(engine, take_wrong_words, company_id, wrong)
    while True:
        with reading(engine) as connection:
            left = wordless(connection, company_id)
        if not left:
            return len(wrong)
        carry_out(engine, give_words, company_id, left)


def _mend_conversions(engine: Engine, company_id: str) -> int:
    """Says of how many calls and forms it was wrong what a destination took."""
    with reading(engine) as connection:
        wrong = wrongly_marked(connection, company_id)
    carry_out(engine, mark_anew, company_id, wrong)
    return len(wrong)


def _check(engine: Engine, company_id: str) -> Checked:
    """And of how many people the first call or form is another one, or what their visits earned."""
    with reading(engine) as connection:
        found, of_pools = check(connection, company_id), wrong_days(connection, company_id, system_clock())
        wrong = sorted({*found.wrong, *of_pools})
        people = _people(unsettled(connection, company_id), wrongly_credited(connection, company_id))
        forms, told = wrongly_worded(connection, company_id), wrongly_marked(connection, company_id)
        return Checked(found._replace(wrong=wrong), Wrong(people, len(forms), len(told)))


def _people(found: Unsettled, wrong: Sequence[str]) -> int:
    return len({*found.lead_ids, *wrong}) + len(found.contacts)


def _together(each: Iterable[Wrong]) -> Wrong:
    return Wrong(*map(sum, zip(*each, strict=True)))


def _tell_filed(filed: Sequence[Filed], as_json: bool) -> None:
    days, visits = sum(each.days for each in filed), sum(each.visits for each in filed)
    mended = _together(each.mended for each in filed)
    people, forms, conversions = mended
    if as_json:
        typer.echo(json.dumps({"days": days, "visits": visits, **mended._asdict()}))
        return
    typer.echo(f"{visits:,} visits of {days:,} days were filed anew.")
    if people:
        typer.echo(f"Of {people:,} people the first call or form, or what their visits earned, was another.")
    if forms:
        typer.echo(f"What {forms:,} forms count for was something else.")
    if conversions:
        typer.echo(f"Of {conversions:,} calls and forms it was something else what a destination took.")


def _tell_checked(checked: Sequence[Checked], as_json: bool) -> None:
    """Raises Exit when something is wrong."""
    days, visits = sum(each.filed.days for each in checked), sum(each.filed.visits for each in checked)
    wrong = [_day(at) for each in checked for at in each.filed.wrong]
    others = _together(each.others for each in checked)
    people, forms, conversions = others
    named = [
        *wrong,
        *([f"the first call or form of {people:,} people, or what their visits earned"] if people else []),
        *([f"what {forms:,} forms count for"] if forms else []),
        *([f"what destinations took of {conversions:,} calls and forms"] if conversions else []),
    ]
    if as_json:
        typer.echo(json.dumps({"days": days, "visits": visits, "wrong": wrong, **others._asdict()}))
    elif named:
        typer.echo(f"Not what a recount finds: {', '.join(named)} (UTC). Mend it with `swapboard recount`.")
    else:
        typer.echo(f"{visits:,} visits of {days:,} days are filed as a recount finds them.")
    if named:
        raise typer.Exit(1)


def _day(at: Millis) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
