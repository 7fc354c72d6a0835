"""How long each report takes on a large company, with visits written beside.

    .venv/bin/python -m benchmarks.reports [--sessions 1000000] [--calls 30000] [--database-url URL] [--keep FILE]

Files the visits as the server does, then prints the median of five warm answers of each report, in milliseconds.
`--keep` makes the SQLite file once; a PostgreSQL database that has companies is not filled again.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from rich.console import Console
from sqlalchemy import Connection, Engine, insert, select

from swapboard.clock import DAY, Millis, system_clock
from swapboard.reports.breakdown import breakdown
from swapboard.reports.dimension import Dimension
from swapboard.reports.filing import days_behind, grow, keep_filed
from swapboard.reports.filter import read_filter
from swapboard.reports.overview import overview
from swapboard.reports.span import Span, last_days
from swapboard.reports.store import question
from swapboard.reports.unanswered import missed
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.migrate import migrate
from swapboard.storage.schema import calls, companies, lead_contacts, leads, sessions
from tests.building import Business, open_business

DAYS = 90
ANSWERS = 5
_BATCH = 5_000
_VISITS_A_SECOND = 50
CHANNELS = ("Paid Search", "Organic Search", "Direct", "Referral", "Email", "Paid Social", "Organic Social")
Row = dict[str, Any]


def main() -> None:
    """Make the company, then ask."""
    asked = argparse.ArgumentParser(description="How long each report takes.")
    asked.add_argument("--sessions", type=int, default=1_000_000)
    asked.add_argument("--calls", type=int, default=30_000)
    asked.add_argument("--database-url", default="")
    asked.add_argument("--keep", default="")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(told.keep or Path(folder) / "swapboard.db")
        url = told.database_url or f"sqlite:///{file}"
        migrate(url)
        engine = open_engine(url)
        if _company(engine) is None:
            fill(engine, told.sessions, told.calls)
        measure(engine)
        engine.dispose()


def measure(engine: Engine) -> None:
    """Print how long all visits took to be filed, and the time of each report."""
    company_id, console = _company(engine), Console()
    assert company_id is not None
    file(engine, company_id, console)
    with written_beside(engine, company_id):
        for name, report in reports(company_id, last_days(DAYS, system_clock(), UTC)):
            times = [_seconds(engine, report) for _ in range(ANSWERS + 1)][1:]
            console.print(f"{median(times) * 1000:8.0f} ms  {name}")


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
    taken = time.perf_counter() - started
    console.print(f"{days} days filed in {taken:.1f} s; a writer waited {longest * 1000:.0f} ms at most")


def reports(company_id: str, span: Span) -> Iterator[tuple[str, Callable[[Connection], object]]]:
    """Each report by its name."""
    yield "overview", lambda connection: overview(connection, company_id, span)
    month = Span(span.last - timedelta(29), span.last, span.zone)
    yield "overview of 30 days", lambda connection: overview(connection, company_id, month)
    before = span.before()
    yield "missed", lambda connection: missed(connection, question(company_id, span))
    pairs = [(Dimension.CHANNEL, Dimension.DEVICE), (Dimension.CAMPAIGN, Dimension.KEYWORD)]
    asked = [(by, "") for by in [*((each,) for each in Dimension), *pairs]]
    for by, text in [*asked, ((Dimension.CAMPAIGN,), "channel:paid -device=tablet page:services/1")]:
        terms = read_filter(text)
        both = question(company_id, span, by, terms), question(company_id, before, by, terms)
        yield " ".join([" x ".join(by), text]), lambda connection, both=both: breakdown(connection, *both)


@contextmanager
def written_beside(engine: Engine, company_id: str) -> Iterator[None]:
    """Visits go on while the reports are read."""
    stop = threading.Event()

    def write() -> None:
        random = Random(1)  # noqa: S311 no secret
        while not stop.wait(1 / _VISITS_A_SECOND):
            with writing(engine) as connection:
                connection.execute(insert(sessions), [_session(company_id, "0" * 32, random, system_clock())])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


def _seconds(engine: Engine, report: Callable[[Connection], object]) -> float:
    with reading(engine) as connection:
        started = time.perf_counter()
        report(connection)
        return time.perf_counter() - started


def fill(engine: Engine, visits: int, rung: int) -> None:
    """The company's ninety days."""
    random, now = Random(1), system_clock()  # noqa: S311 no secret
    with writing(engine) as connection:
        business = open_business(connection, now=now)
    company_id, every = business.company_id, DAYS * DAY
    for first in range(0, visits, _BATCH):
        instants = sorted(now - random.randrange(every) for _ in range(min(_BATCH, visits - first)))
        rows = [_session(company_id, business.site.site_id, random, at) for at in instants]
        with writing(engine) as connection:
            connection.execute(insert(sessions), rows)
    for first in range(0, rung, _BATCH):
        instants = [now - random.randrange(every) for _ in range(min(_BATCH, rung - first))]
        with writing(engine) as connection:
            _add_calls(connection, [_call(business, random, at) for at in instants])


def _add_calls(connection: Connection, rows: list[Row]) -> None:
    people = [(new_id(row["started_at"]), row) for row in rows]
    connection.execute(insert(calls), rows)
    connection.execute(
        insert(leads),
        [
            {
                "company_id": row["company_id"],
                "lead_id": lead_id,
                "began_as": "call",
                "created_at": row["started_at"],
                "last_at": row["started_at"],
            }
            for lead_id, row in people
        ],
    )
    connection.execute(
        insert(lead_contacts),
        [
            {
                "company_id": row["company_id"],
                "kind": "call",
                "contact_id": row["call_id"],
                "lead_id": lead_id,
                "happened_at": row["started_at"],
            }
            for lead_id, row in people
        ],
    )


def _source(random: Random) -> Row:
    channel = random.choice(CHANNELS)
    is_paid = channel.startswith("Paid")
    click = f"{random.getrandbits(256):064x}"
    return {
        "channel": channel,
        "source": random.choice(("google", "bing", "facebook", "newsletter")),
        "medium": "cpc" if is_paid else "organic",
        "campaign": f"campaign {random.randrange(40)}" if is_paid else None,
        "landing_page": f"https://www.example.com/services/{random.randrange(30)}?gclid={click}",
        "referrer": random.choice(
            ("", "https://www.google.com/", f"https://site{random.randrange(200)}.example/")
        ),
    }


def _session(company_id: str, site_id: str, random: Random, at: Millis) -> Row:
    source = _source(random)
    return {
        **source,
        "company_id": company_id,
        "session_id": new_id(at),
        "visitor_id": new_id(at),
        "site_id": site_id,
        "started_at": at,
        "last_seen_at": at,
        "state": "gone",
        "campaign_id": None,
        "term": f"keyword {random.randrange(400)}" if source["campaign"] else None,
        "content": None,
        "click_ids": {"gclid": source["landing_page"][-64:]},
        "value_track": {},
        "cookies": {"_ga": "GA1.1.1234567890.1790000000"},
        "landing_title": "Services",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0",
        "device": random.choice(("phone", "desktop", "tablet")),
        "time_zone": "America/New_York",
        "opted_out": False,
        "is_returning": False,
    }


def _call(business: Business, random: Random, at: Millis) -> Row:
    source, status = _source(random), random.choice(("answered",) * 6 + ("missed", "busy", "voicemail"))
    return {
        **source,
        "company_id": business.company_id,
        "call_id": new_id(at),
        "carrier_id": business.carrier_id,
        "call_ref": new_id(at),
        "number_id": business.fallback_id,
        "tracking_number": f"+1202555{random.randrange(100, 200):04d}",
        "destination": f"+1202555{random.randrange(100, 110):04d}",
        "caller_number": f"+1212555{random.randrange(10_000):04d}",
        "caller_withheld": False,
        "caller_place": f"Town {random.randrange(300)}",
        "status": status,
        "started_at": at,
        "ring_seconds": 4,
        "talk_seconds": random.randrange(300) if status == "answered" else None,
        "first_time_caller": random.random() < 0.7,
        "tags": [],
        "attribution_kind": "session",
        "confidence": 0.9,
        "session_id": None,
        "keyword": f"keyword {random.randrange(400)}" if source["campaign"] else None,
        "click_ids": {},
        "search_text": "",
        "value_cents": 5_000 if random.random() < 0.1 else None,
        "qualified": random.random() < 0.3 or None,
        "is_spam": random.random() < 0.02,
    }


if __name__ == "__main__":
    main()
