"""`swapboard size`: how many numbers a pool needs."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection

from swapboard.accounts.store import company_by_id
from swapboard.amount import may_be_thousands, number_of
from swapboard.cli.company import database, named_company, named_pool
from swapboard.cli.problems import Problem
from swapboard.clock import DAY, MINUTE, Millis, system_clock
from swapboard.numbers.advice import Advice, Wishes, advise, advise_by_replay, alert
from swapboard.numbers.arrivals import rhythm_now
from swapboard.numbers.callers import callers_of
from swapboard.numbers.rhythm import ComingDay, week_ahead
from swapboard.numbers.sizing import DEFAULT_NUMBER_CENTS, DEFAULT_PROMISE, DEFAULT_QUIET_MINUTES, Traffic
from swapboard.numbers.stays import exhausted_at, stays_of
from swapboard.storage.engine import reading

STAY = 4.0
DAYS = 28
MOST_STAYS = 200_000
MOST_VISITS = 10_000_000
LONGEST_REST = 90 * DAY / MINUTE
HIGHEST_PRICE = 1_000_000
LEAST_SHARE = 0.0001
"""More than these is a slip of the keyboard, and some of it, as infinity, no number to reckon with."""


def _share(most: float) -> Callable[[str | float], float]:
    """Reads a share, `0.8` or `80%`, which the page and people ask for in percent."""

    def read(typed: str | float) -> float:
        text = str(typed).strip()
        try:
            # No share has thousands: a comma is a point.
            share = float(text.removesuffix("%").replace(",", ".")) / (100 if text.endswith("%") else 1)
        except ValueError:
            share = math.nan
        if LEAST_SHARE <= share <= most:
            return share
        raise typer.BadParameter(
            f"{text} is no share from {LEAST_SHARE:.2%} to {most:.0%}. Write four fifths as 0.8 or 80%."
        )

    return read


def _number(least: float, most: float) -> Callable[[str | float], float]:
    """Reads a number as people write it; where people and programs mean something else, it asks."""

    def read(typed: str | float) -> float:
        number = typed if isinstance(typed, float | int) else number_of(typed.strip(), most)
        if isinstance(typed, str) and may_be_thousands(typed.strip()) and number != float(typed):
            raise typer.BadParameter(
                f"{typed} may be {number:g} or {float(typed):g}: write the one that you mean."
            )
        if number is not None and least <= number <= most:
            return number
        raise typer.BadParameter(f"{typed} is no number from {least:g} to {most:,.0f}.")

    return read


def size(
    visits: Annotated[
        float | None,
        typer.Option(parser=_number(0.01, MOST_VISITS), metavar="NUMBER", help="Visits in the busiest hour."),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(
            parser=_number(0.01, DAY / MINUTE),
            metavar="NUMBER",
            help=f"Minutes that a visit stays on the site; {STAY:g} if left out.",
        ),
    ] = None,
    share: Annotated[
        float | None,
        typer.Option(
            parser=_share(1), metavar="0.8|80%", help="Share of visits that get a number; all if left out."
        ),
    ] = None,
    daily: Annotated[
        float | None,
        typer.Option(
            parser=_number(0, 24 * MOST_VISITS),
            metavar="NUMBER",
            help="Visits a day, for vendors' rules of thumb.",
        ),
    ] = None,
    company: Annotated[str | None, typer.Option(help="Replay this company's own visits instead.")] = None,
    pool: Annotated[str | None, typer.Option(help="Which of its pools; the only one if left out.")] = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=400, help=f"How many days of its visits; {DAYS} if left out.")
    ] = None,
    quiet: Annotated[
        float,
        typer.Option(
            parser=_number(0, LONGEST_REST),
            metavar="NUMBER",
            help="Minutes a number should rest before it is shown again.",
        ),
    ] = DEFAULT_QUIET_MINUTES,
    overflow: Annotated[
        float,
        typer.Option(
            parser=_share(0.5), metavar="0.01|1%", help="Share of visits that may find none, if numbers must rest."
        ),
    ] = DEFAULT_PROMISE,
    price: Annotated[
        float,
        typer.Option(
            parser=_number(0, HIGHEST_PRICE),
            metavar="NUMBER",
            help="What a number costs a month, in your currency.",
        ),
    ] = DEFAULT_NUMBER_CENTS / 100,
    check: Annotated[
        bool, typer.Option("--check", help="With --company: exit code 1 when the pool is too small.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
) -> None:
    """Say how many numbers a pool needs, from three answers or from a company's own visits.

    Example: swapboard size --visits 120 --minutes 4 --share 0.8
    """
    wishes = Wishes(quiet, overflow, round(price * 100))
    _check_together(
        company,
        answers={"--visits": visits, "--minutes": minutes, "--share": share, "--daily": daily},
        of_company={"--pool": pool, "--days": days, "--check": check or None},
    )
    if company is not None:
        _own(company, pool, days or DAYS, wishes, check, as_json)
        return
    if visits is None:
        raise typer.BadParameter("Give --visits, --minutes and --share, or --company.", param_hint="--visits")
    try:
        part = 1.0 if share is None else share
        advice = advise(
            Traffic(visits * part, STAY if minutes is None else minutes, quiet),
            wishes,
            daily * part if daily else None,
        )
    except ValueError as error:
        raise Problem(str(error)) from error
    if not as_json and (taken := _taken(minutes, share)):
        typer.echo(f"Taken, as it was not said: {' and '.join(taken)}.")
    _show(advice, as_json)


def _taken(minutes: float | None, share: float | None) -> list[str]:
    """What stands in for answers that were left out."""
    stay = [f"a visit stays {STAY:g} minutes"] if minutes is None else []
    return [*stay, *(["all visits get a number"] if share is None else [])]


def _check_together(company: str | None, answers: Mapping[str, object], of_company: Mapping[str, object]) -> None:
    """Raises BadParameter for what would do nothing beside the rest."""
    for name, given in (of_company if company is None else answers).items():
        if given is None:
            continue
        if company is None:
            raise typer.BadParameter("It goes with --company.", param_hint=name)
        raise typer.BadParameter(f"Give {name} or --company, not both.", param_hint=name)


def _own(name: str, pool: str | None, days: int, wishes: Wishes, check: bool, as_json: bool) -> None:
    now = system_clock()
    begins_at = now - days * DAY
    with reading(database()) as connection:
        company_id = named_company(connection, name)
        pool_id, numbers = named_pool(connection, company_id, pool, "--pool")
        stays = stays_of(connection, company_id, pool_id, begins_at, now, MOST_STAYS)
        exhausted = len(exhausted_at(connection, company_id, pool_id, begins_at))
        ahead, live_minutes = _ahead(connection, company_id, pool_id, now)
        wishes = replace(wishes, callers=callers_of(connection, company_id, now))
    if not stays:
        raise Problem(f"Nobody was shown a number of this pool in {days} days. Give --visits instead.")
    advice = advise_by_replay(stays, wishes)
    found = alert(numbers, exhausted, len(stays), ahead, live_minutes, wishes.promise)
    _show(advice, as_json, numbers, exhausted)
    if check and found:
        raise Problem(
            f"The pool has {_numbers(numbers)} and needs {found.recommended}: {exhausted} visits found none "
            f"in {days} days, {found.predicted:.1%} of a coming day's are expected to. Add {found.missing}."
        )


def _ahead(
    connection: Connection, company_id: str, pool_id: str, now: Millis
) -> tuple[Sequence[ComingDay], float]:
    """The coming week, and how long a visit keeps its number; nothing while too little is known."""
    found, company = rhythm_now(connection, company_id, pool_id, now), company_by_id(connection, company_id)
    return (week_ahead(found, now, company.time_zone), found.live_minutes) if found and company else ((), 0.0)


def _show(advice: Advice, as_json: bool, numbers: int | None = None, exhausted: int | None = None) -> None:
    if as_json:
        typer.echo(json.dumps(_document(advice, numbers, exhausted)))
        return
    console = Console(highlight=False)
    best = advice.best
    console.print(
        f"[bold]{_numbers(advice.recommended)}[/bold]: {best.overflow:.3%} of visits find none, and at most "
        f"{advice.wishes.promise:.2%} if each number were left to rest {advice.wishes.quiet_minutes:g} minutes, "
        f"for {best.monthly_cents / 100:,.2f} a month."
    )
    if numbers is not None:
        found_none = "1 visit" if exhausted == 1 else f"{exhausted or 0:,} visits"
        console.print(f"The pool has {_numbers(numbers)} now; {found_none} found none.")
    console.print(_curve_table(advice))
    console.print(_thumbs_table(advice))


def _numbers(count: int) -> str:
    return "1 number" if count == 1 else f"{count:,} numbers"


def _curve_table(advice: Advice) -> Table:
    heads = ("numbers", "find none", "none, if they rest", "calls told right", "a month")
    table = Table(*heads, box=None, padding=(0, 2, 0, 0))
    for each in advice.sizes:
        style = "bold" if each.numbers == advice.recommended else None
        cells = (f"{each.overflow:.2%}", f"{each.kept_back:.2%}", f"{each.accuracy:.1%}")
        table.add_row(str(each.numbers), *cells, f"{each.monthly_cents / 100:,.2f}", style=style)
    return table


def _thumbs_table(advice: Advice) -> Table:
    table = Table("rules of thumb", "numbers", "turned away", box=None, padding=(0, 2, 0, 0))
    for each in advice.thumbs:
        table.add_row(each.name, str(each.numbers), f"{each.overflow:.1%}")
    return table


def _document(advice: Advice, numbers: int | None, exhausted: int | None) -> dict[str, object]:
    return {
        "recommended": advice.recommended,
        "promise": advice.wishes.promise,
        "visits_per_hour": advice.traffic.visits_per_hour,
        "live_minutes": advice.traffic.live_minutes,
        "quiet_minutes": advice.wishes.quiet_minutes,
        "replayed_visits": advice.replayed_visits,
        "numbers_now": numbers,
        "exhausted": exhausted,
        "sizes": [asdict(each) for each in advice.sizes],
        "thumbs": [asdict(each) for each in advice.thumbs],
    }
