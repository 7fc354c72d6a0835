"""How long it takes to find somebody among the people of a large company.

    .venv/bin/python -m benchmarks.people_search [DATABASE_URL] [--keep FILE]

Asks a database that `benchmarks.reports --keep` made; with `--keep` alone a throw-away PostgreSQL server with a
copy of that file. Gives callers names and forms words, and prints for each search the median of five pages of
fifty people by the clock, and of the processor time of the process that asks, in milliseconds.
"""

import argparse
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from rich.console import Console
from sqlalchemy import Engine, func, literal, select, update

from benchmarks.report_copy import copy_to
from swapboard.accounts.company import Company
from swapboard.accounts.store import company_by_id
from swapboard.bench.postgresql import throwaway_server
from swapboard.leads.listing import list_leads
from swapboard.leads.searching import who_mentions
from swapboard.memory import settle_memory
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.schema import calls, companies, forms, leads

PAGES = 5
SEARCHES = (
    "2125550",
    "+1 212 555 0123",
    "robin",
    "caller 01",
    "nobody-is-called-so",
    "robin roof afternoon",
    "zzz zzz",
)
_FIELDS = {
    "name": "Robin Fields",
    "email": "robin@example.com",
    "message": "Please ring me about a new roof, in the afternoon if you can.",
}


def main() -> None:
    """Open the database, give its people names, and look for some."""
    asked = argparse.ArgumentParser(description="How long it takes to find somebody.")
    asked.add_argument("database_url", nargs="?", default="")
    asked.add_argument("--keep", default="")
    told = asked.parse_args()
    with ExitStack() as stack:
        url = told.database_url
        if not url:
            url = stack.enter_context(throwaway_server())
            copy_to(url, Path(told.keep))
        engine = open_engine(url)
        company = name_people(engine)
        settle_memory()
        for text in SEARCHES:
            _tell(engine, company, text)
        engine.dispose()


def name_people(engine: Engine) -> Company:
    """Who calls has a name, and forms say something."""
    with writing(engine) as connection:
        company_id = connection.execute(select(companies.c.company_id)).scalars().first()
        assert company_id is not None
        mine = calls.c.company_id == company_id
        connection.execute(update(calls).where(mine).values(caller_name=literal("Caller ") + calls.c.call_id))
        connection.execute(update(forms).where(forms.c.company_id == company_id).values(fields=_FIELDS))
        company = company_by_id(connection, company_id)
        people = connection.execute(select(func.count()).where(leads.c.company_id == company_id)).scalar_one()
    assert company is not None
    Console().print(f"{people} people")
    return company


def _tell(engine: Engine, company: Company, text: str) -> None:
    times, found = [], 0
    for _ in range(PAGES):
        with reading(engine) as connection:
            began, worked = time.perf_counter(), time.thread_time()
            only = who_mentions(company.company_id, text, company.country)
            found = len(list_leads(connection, company.company_id, only=only).rows)
            times.append((time.perf_counter() - began, time.thread_time() - worked))
    wall, processor = _medians(times)
    Console().print(f"{wall:8.0f} ms {processor:8.0f} ms  {text!r}, {found} on the first page")


def _medians(times: Sequence[tuple[float, float]]) -> Sequence[float]:
    return [median(each) * 1000 for each in zip(*times, strict=True)]


if __name__ == "__main__":
    main()
