"""A file of costs, from its bytes to its lines: as it was laid out before, or as it is guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from swapboard.clock import Millis
from swapboard.language import MONTH_FIRST
from swapboard.reports.cost_columns import Layout, Table, guess, table_of
from swapboard.reports.cost_file import Read, read_costs
from swapboard.reports.cost_file_store import layout_of
from swapboard.reports.cost_sheet import read_sheet
from swapboard.reports.cost_store import Put, feeds_of, put_costs
from swapboard.reports.spending import platform_of

MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Home:
    """What of the company a file is read by."""

    currency: str
    country: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A file, how it is read, and what it says then."""

    table: Table
    layout: Layout
    was_known: bool
    """Whether somebody said before how files like it are read."""
    read: Read


def look_at(content: bytes, home: Home, layout: Layout | None = None, known: Layout | None = None) -> Looked:
    """What a file says: laid out as told, else as it was before, else as guessed. Raises BadSheet."""
    table = table_of(read_sheet(content))
    chosen = layout or known or guess(table)
    read = read_costs(table, chosen, home.currency, home.country in MONTH_FIRST)
    return Looked(table, chosen, layout is None and known is not None, read)


def look_for(connection: Connection, company_id: str, content: bytes, home: Home) -> Looked:
    """The same, with what the company said of files like it. Raises BadSheet."""
    table = table_of(read_sheet(content))
    return look_at(content, home, known=layout_of(connection, company_id, table.signature))


def feed_of(connection: Connection, company_id: str, layout: Layout) -> str:
    """Which feed a file belongs to: the platform's one account that is asked by itself, or its files."""
    fetched = {
        each.feed
        for each in feeds_of(connection, company_id)
        if ":" in each.feed and platform_of(each.feed) == layout.platform
    }
    return fetched.pop() if len(fetched) == 1 else layout.platform.value


def take_in(connection: Connection, company_id: str, feed: str, read: Read, now: Millis) -> Put:
    """Write what a file says instead of what the feed had for its days."""
    return put_costs(connection, company_id, feed, read.lines, now)


def sums_of(read: Read) -> Sequence[tuple[str, int]]:
    """What the lines come to, by currency, in millionths: for people to hold against the platform's own total."""
    sums: dict[str, int] = {}
    for line in read.lines:
        sums[line.currency] = sums.get(line.currency, 0) + line.micros
    return sorted(sums.items())


def days_in_words(days: tuple[date, date] | None) -> str:
    """`2026-11-01 to 2026-11-24`."""
    if days is None:
        return "no days"
    return days[0].isoformat() if days[0] == days[1] else f"{days[0].isoformat()} to {days[1].isoformat()}"
