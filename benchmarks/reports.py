"""How long each report takes on a large company, with visits, calls and forms written beside.

    .venv/bin/python -m benchmarks.reports [--sessions 1000000] [--calls 30000] [--keep FILE] [--postgresql]
        [--database-url URL] [--only PATTERN] [--callers 1] [--warmed]

Files the visits as the server does, then prints the median of five warm answers of each report, in milliseconds:
by the clock, and of the processor time of the process that asks (on PostgreSQL its server works beside); and the
first answer by the clock, before which nobody had asked for it.
`--keep` makes the SQLite file once; `--postgresql` copies it to a throw-away server and asks that. A database of
`--database-url` that has companies is not filled again; one without destinations gets four that were told of all.
`--only` asks those whose name a pattern fits. So many `--callers` come each second, each with a tap, a call and
its news, every third with a form; 0 for visits alone.
With `--warmed` the process has first asked what the server asks by itself after a start, without its rests.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from rich.console import Console
from sqlalchemy import Connection, Engine, select

from benchmarks.report_callers import called_beside, written_beside
from benchmarks.report_company import CHANNELS, DAYS, fill
from benchmarks.report_copy import copy_to
from benchmarks.report_told import tell_all
from swapboard.accounts.company import Company
from swapboard.accounts.store import company_by_id
from swapboard.attribution.channel_worth import keep_worth
from swapboard.bench.postgresql import throwaway_server
from swapboard.clock import Millis, system_clock, zone
from swapboard.memory import settle_memory
from swapboard.reports.breakdown import breakdown
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.filing import days_behind, grow, keep_filed
from swapboard.reports.filter import read_filter
from swapboard.reports.overview import overview
from swapboard.reports.pool_days import days_to_count, keep_counted
from swapboard.reports.question import Question, question
from swapboard.reports.report import read_report
from swapboard.reports.report_kind import Kind
from swapboard.reports.roi_store import roi
from swapboard.reports.service import SERVICES, Service, compared
from swapboard.reports.spam_calls import spam_calls
from swapboard.reports.span import Span, last_days
from swapboard.reports.suggesting import suggest
from swapboard.reports.suggestions import BY_KEYWORD
from swapboard.reports.unanswered import missed
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.migrate import migrate
from swapboard.storage.schema import companies
from swapboard.switchboard import crediting
from swapboard.switchboard.crediting import channel_credit
from swapboard.switchboard.lead_filing import credit_all
from swapboard.switchboard.sheets import read_sheet
from swapboard.switchboard.warming import first_asked
from swapboard.switchboard.wayfaring import lead_paths
from swapboard.visits.form_words import give_words, wordless

ANSWERS = 5
CURRENCY = "GBP"
TOLD_OF = ("channel:paid", "campaign:1", "-outcome=missed", "-channel:zzz", "campaign=xyz")
"""A quarter, many, calls alone, all and none of what platforms were told of."""


def main() -> None:
    """Make the company, then ask."""
    asked = argparse.ArgumentParser(description="How long each report takes.")
    asked.add_argument("--sessions", type=int, default=1_000_000)
    asked.add_argument("--calls", type=int, default=30_000)
    asked.add_argument("--database-url", default="")
    asked.add_argument("--keep", default="")
    asked.add_argument("--postgresql", action="store_true")
    asked.add_argument("--only", default="")
    asked.add_argument("--callers", type=float, default=1.0)
    asked.add_argument("--warmed", action="store_true")
    told = asked.parse_args()
    with ExitStack() as stack:
        file = Path(told.keep or Path(stack.enter_context(tempfile.TemporaryDirectory())) / "swapboard.db")
        url = told.database_url or f"sqlite:///{file}"
        _fill(url, told.sessions, told.calls)
        if told.postgresql:
            url = stack.enter_context(throwaway_server())
            copy_to(url, file)
        engine = open_engine(url)
        measure(engine, told.only, told.callers, warmed=told.warmed)
        engine.dispose()


def _fill(url: str, visits: int, calls: int) -> None:
    migrate(url)
    engine = open_engine(url)
    if _company(engine) is None:
        fill(engine, visits, calls)
    company_id = _company(engine)
    assert company_id is not None
    tell_all(engine, company_id)
    engine.dispose()


def measure(engine: Engine, only: str = "", callers: float = 1.0, *, warmed: bool = False) -> None:
    """Print how long all visits took to be filed, and the time of each report beside so many callers a second."""
    company_id, console = _company(engine), Console()
    assert company_id is not None
    file(engine, company_id, console)
    with reading(engine) as connection:
        company = company_by_id(connection, company_id)
    assert company is not None
    # As the server does before it answers: half of a large report was Python looking for what is no longer used.
    settle_memory()
    if warmed:
        warm(engine, company, console)
    with written_beside(engine, company_id), called_beside(engine, company_id, callers, console):
        for name, report in reports(company_id, last_days(DAYS, system_clock(), zone(company.time_zone))):
            if not re.search(only, name):
                continue
            (first, _), *times = [_measured(engine, report) for _ in range(ANSWERS + 1)]
            wall, processor = (median(each) * 1000 for each in zip(*times, strict=True))
            console.print(f"{wall:8.0f} ms {processor:8.0f} ms {first * 1000:8.0f} ms  {name}")


def warm(engine: Engine, company: Company, console: Console) -> None:
    """Ask what the server asks by itself, and print what that took of the processor."""
    began = time.thread_time()
    for address in first_asked():
        with reading(engine) as connection:
            read_sheet(connection, company, "", read_report(address), system_clock())
    console.print(f"asked beforehand in {time.thread_time() - began:.1f} s of the processor's time")


def _company(engine: Engine) -> str | None:
    with reading(engine) as connection:
        return connection.execute(select(companies.c.company_id)).scalars().first()


def file(engine: Engine, company_id: str, console: Console) -> None:
    """File what is not filed yet, a day in each transaction."""
    now, started, longest, days = system_clock(), time.perf_counter(), 0.0, 0
    with reading(engine) as connection:
        behind = list(days_behind(connection, company_id, now))
    for each in behind:
        with reading(engine) as connection:
            made = grow(connection, company_id, each)
        began = time.perf_counter()
        with writing(engine) as connection:
            days += keep_filed(connection, company_id, [made], now)
        longest = max(longest, time.perf_counter() - began)
    _count_pools(engine, company_id, now)
    _word_forms(engine, company_id)
    taken = time.perf_counter() - started
    console.print(f"{days} days filed in {taken:.1f} s; a writer waited {longest * 1000:.0f} ms at most")
    started = time.perf_counter()
    credited = credit_all(engine, company_id, now)
    console.print(f"{credited} leads credited in {time.perf_counter() - started:.1f} s")
    with writing(engine) as connection:
        # As if it had been learned, so that the models are all seven.
        keep_worth(connection, company_id, {each: place / 20 for place, each in enumerate(CHANNELS)}, now)


def _count_pools(engine: Engine, company_id: str, now: Millis) -> None:
    while True:
        with reading(engine) as connection:
            made = days_to_count(connection, company_id, now)
        if not made:
            return
        with writing(engine) as connection:
            keep_counted(connection, company_id, made, now)


def _word_forms(engine: Engine, company_id: str) -> None:
    while True:
        with reading(engine) as connection:
            found = wordless(connection, company_id)
        if not found:
            return
        with writing(engine) as connection:
            give_words(connection, company_id, found)


def reports(company_id: str, span: Span) -> Iterator[tuple[str, Callable[[Connection], object]]]:
    """Each report by its name."""
    month = Span(span.last - timedelta(29), span.last, span.zone)
    for counted_by in CountedBy:
        yield from counted(company_id, span, counted_by)
        yield f"overview of 30 days, {counted_by}", partial(overview_of, company_id, month, counted_by)
        yield f"models, {counted_by}", partial(models, company_id, span, counted_by)
    asked = question(company_id, span)
    yield "missed", lambda connection: missed(connection, asked)
    yield "worth a look", lambda connection: suggest(connection, company_id, span, CURRENCY)
    yield "ways", lambda connection: lead_paths(connection, company_id, _credited(span))
    before = question(company_id, span.before())
    for kind, service in SERVICES.items():
        yield kind.rpartition("/")[2], partial(_service, kind=kind, service=service, asked=asked, before=before)
    for text in TOLD_OF:
        now, then = (replace(each, terms=read_filter(text)) for each in (asked, before))
        of_some = partial(compared, service=SERVICES[Kind.DELIVERIES], asked=now, before=then)
        yield f"{Kind.DELIVERIES.rpartition('/')[2]} {text}", of_some


def counted(
    company_id: str, span: Span, counted_by: CountedBy
) -> Iterator[tuple[str, Callable[[Connection], object]]]:
    """Those of which each counts calls in both ways."""
    yield f"overview, {counted_by}", partial(overview_of, company_id, span, counted_by)
    returns = partial(roi, company_id=company_id, span=span, currency=CURRENCY, counted_by=counted_by)
    yield f"returns by campaign x keyword, {counted_by}", partial(returns, by=BY_KEYWORD)
    pairs = [(Dimension.CHANNEL, Dimension.DEVICE), (Dimension.CAMPAIGN, Dimension.KEYWORD)]
    asked = [(by, "") for by in [*((each,) for each in Dimension), *pairs]]
    for by, text in [*asked, ((Dimension.CAMPAIGN,), "channel:paid -device=tablet page:services/1")]:
        ask = partial(question, company_id, by=by, terms=read_filter(text), counted_by=counted_by)
        both = partial(breakdown, asked=ask(span), before=ask(span.before()))
        yield f"{' '.join([' x '.join(by), text]).strip()}, {counted_by}", both


def overview_of(company_id: str, span: Span, counted_by: CountedBy, connection: Connection) -> object:
    """The first report."""
    return overview(connection, company_id, span, (), counted_by)


def models(company_id: str, span: Span, counted_by: CountedBy, connection: Connection) -> object:
    """What earned the new people."""
    return channel_credit(connection, company_id, _credited(span), counted_by)


def _service(connection: Connection, kind: Kind, service: Service, asked: Question, before: Question) -> object:
    """As its page has it."""
    spam = spam_calls(connection, asked) if kind is Kind.SPAM else None
    return spam, compared(connection, service, asked, before)


def _credited(span: Span) -> crediting.Span:
    return crediting.Span(span.from_at, span.until_at, DAYS)


def _measured(engine: Engine, report: Callable[[Connection], object]) -> tuple[float, float]:
    """Seconds by the clock, and of this thread's processor time."""
    with reading(engine) as connection:
        started, worked = time.perf_counter(), time.thread_time()
        report(connection)
        return time.perf_counter() - started, time.thread_time() - worked


if __name__ == "__main__":
    main()
