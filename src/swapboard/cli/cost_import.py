"""`swapboard import costs` and `swapboard import rates`: what advertising cost, and what currencies were worth."""

import json
from collections.abc import Sequence
from dataclasses import replace

import typer
from sqlalchemy import Connection

from swapboard.accounts.company import Company
from swapboard.accounts.store import company_by_id
from swapboard.cli.company import database, named_company
from swapboard.cli.problems import Problem
from swapboard.cli.text_file import bytes_of_file, text_of_file
from swapboard.clock import system_clock
from swapboard.reports.cost_import import (
    MOST_BYTES,
    Home,
    Looked,
    days_in_words,
    feed_of,
    look_at,
    look_for,
    sums_of,
    take_in,
)
from swapboard.reports.cost_sheet import BadSheet
from swapboard.reports.costs import MICROS
from swapboard.reports.rate_store import put_rates
from swapboard.reports.rates import Rate, read_rates
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.currency_rates import NoRates, ask_bank

BANK = "ecb"
"""Stands for the European Central Bank where a file could stand."""


def import_costs(
    files: Sequence[str], company: str, currency: str, feed: str, dry_run: bool, as_json: bool
) -> None:
    """Bring files of costs in, all of them or none."""
    engine, now = database(), system_clock()
    with reading(engine) as connection:
        known = _company(connection, company)
        looked = {name: _look(connection, known, name, currency) for name in files}
        feeds = {name: feed or feed_of(connection, known.company_id, each.layout) for name, each in looked.items()}
    told = [_told(name, feeds[name], each) for name, each in looked.items()]
    if not dry_run:
        with writing(engine) as connection:
            for place, (name, each) in enumerate(looked.items()):
                put = take_in(connection, known.company_id, feeds[name], each.read, now)
                told[place] |= {"replaced": put.replaced}
    if as_json:
        typer.echo(json.dumps({"dry_run": dry_run, "files": told}))
        return
    for name, each in looked.items():
        _say(name, feeds[name], each)
    done = sum(len(each.read.lines) for each in looked.values())
    typer.echo(
        f"{done} lines {'would be' if dry_run else 'were'} written; days that were there before are replaced."
    )


def import_rates(files: Sequence[str], company: str, dry_run: bool, as_json: bool) -> None:
    """Bring rates of currencies in; `ecb` instead of a file asks the European Central Bank."""
    try:
        rates = [rate for name in files for rate in _rates(name)]
    except ValueError as error:
        raise Problem(f"These rates cannot be read. {error}") from error
    except NoRates as error:
        raise Problem(str(error)) from error
    with writing(database()) as connection:
        company_id = _company(connection, company).company_id
        written = len(rates) if dry_run else put_rates(connection, company_id, rates)
    if as_json:
        typer.echo(json.dumps({"dry_run": dry_run, "rates": written}))
    else:
        typer.echo(f"{written} rates {'would be' if dry_run else 'were'} written.")


def _rates(name: str) -> Sequence[Rate]:
    return ask_bank(wanted=True) if name == BANK else read_rates(text_of_file(name, MOST_BYTES))


def _look(connection: Connection, company: Company, name: str, currency: str) -> Looked:
    home, content = Home(company.currency, company.country), bytes_of_file(name, MOST_BYTES)
    try:
        looked = look_for(connection, company.company_id, content, home)
        if currency:
            looked = look_at(content, home, replace(looked.layout, currency=currency.upper()))
    except BadSheet as error:
        raise Problem(f"{name}: {error}") from error
    if looked.read.faults:
        more = " Correct the columns on the dashboard's page Costs; they are remembered for files like it."
        raise Problem(f"{name} was not taken. {' '.join(looked.read.faults[:5])}{more}")
    if not looked.read.lines:
        raise Problem(f"{name} has no costs in it.")
    return looked


def _told(name: str, feed: str, looked: Looked) -> dict[str, object]:
    days = looked.read.days
    return {
        "file": name,
        "feed": feed,
        "platform": looked.layout.platform.value,
        "columns": {column.value: heading for column, heading in looked.layout.columns.items()},
        "lines": len(looked.read.lines),
        "totals_left_out": looked.read.totals,
        "first_day": days[0].isoformat() if days else None,
        "last_day": days[1].isoformat() if days else None,
        "sums": {currency: f"{micros / MICROS:.2f}" for currency, micros in sums_of(looked.read)},
    }


def _say(name: str, feed: str, looked: Looked) -> None:
    sums = ", ".join(f"{micros / MICROS:,.2f} {currency}" for currency, micros in sums_of(looked.read))
    typer.echo(f"{name}: {feed}, {days_in_words(looked.read.days)}, {sums}")
    for column, heading in looked.layout.columns.items():
        typer.echo(f"  {column.value.replace('_', ' ')}: {heading}")
    if looked.read.totals:
        typer.echo(f"  {looked.read.totals} rows of totals were left out.")


def _company(connection: Connection, name: str) -> Company:
    company = company_by_id(connection, named_company(connection, name))
    if company is None:
        raise Problem("The company is gone.")
    return company
