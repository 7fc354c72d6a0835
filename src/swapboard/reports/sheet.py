"""A report on one sheet: figures, bars and tables of plain texts. It names no caller, whoever it is given to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from swapboard.clock import Millis
from swapboard.language import _, dated, joined, lowered, month_day, percent
from swapboard.reports.annotation import Annotation
from swapboard.reports.breakdown import Breakdown, Line
from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import MANYFOLD, Count, Figures, change
from swapboard.reports.names import NAMES, value_name
from swapboard.reports.overview import Overview
from swapboard.reports.span import Span
from swapboard.reports.unanswered import Missed
from swapboard.reports.written import figure

MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure; `note` says how it compares."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day's calls: the answered, all of them, and those of the same day of the days before."""

    label: str
    answered: float
    calls: float
    before: float


@dataclass(frozen=True, slots=True)
class Table:
    """Texts in rows; the first `names` columns are words, the others numbers."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    names: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that is shown."""

    title: str
    company: str
    period: str
    only: str
    """The filter, as it was typed."""
    tiles: Sequence[Tile]
    bars: Sequence[Bar]
    tables: Sequence[Table]
    about: str = ""
    """What the figures count, where it is not what they count elsewhere."""

    @property
    def nothing(self) -> str:
        """What stands in place of a table without rows."""
        return _("Nothing fits the filter in these days.") if self.only else _("Nothing in these days.")


@dataclass(frozen=True, slots=True)
class Frame:
    """What every sheet has around its figures."""

    title: str
    company: str
    country: str
    """ISO 3166: how days and phone numbers are written."""
    span: Span
    only: str


def overview_sheet(frame: Frame, found: Overview, notes: Sequence[Annotation], more: Sequence[Tile] = ()) -> Sheet:
    """The figures beside the days before, the days as bars, notes on them, and where the calls came from."""
    now, before = found.now, found.before
    tiles = (
        Tile(_("Calls"), figure(now.calls), beside(now.calls, before.calls)),
        Tile(_("First-time callers"), figure(now.first_time), beside(now.first_time, before.first_time)),
        Tile(_("Answered"), share(now), share_before(before)),
        Tile(_("Missed"), figure(now.missed), beside(now.missed, before.missed)),
        Tile(_("New people"), figure(now.leads), beside(now.leads, before.leads)),
        Tile(_("Good leads"), figure(now.qualified), beside(now.qualified, before.qualified)),
        *_of_visits(found),
        *more,
    )
    pairs = zip(found.days, found.days_before, strict=True)
    bars = [
        Bar(day_name(day.date, frame.country), float(on.answered), float(on.calls), float(then.calls))
        for (day, on), (_day, then) in pairs
    ]
    tables = [_table(each, frame.country, most=10) for each in found.leading.values()]
    return sheet_of(frame, tiles, bars, [*_notes(notes, frame.country), *tables])


def _of_visits(found: Overview) -> Sequence[Tile]:
    if found.visitors is None or found.visitors_before is None:
        return ()
    now, before = found.now, found.before
    return (
        Tile(_("Forms"), figure(now.forms), beside(now.forms, before.forms)),
        Tile(_("Visits"), figure(now.visits), beside(now.visits, before.visits)),
        Tile(_("Visitors"), figure(found.visitors), beside(found.visitors, found.visitors_before)),
    )


def breakdown_sheet(frame: Frame, found: Breakdown) -> Sheet:
    """The lines with most calls."""
    total = found.total
    tiles = (
        Tile(_("Calls"), figure(total.now.calls), beside(total.now.calls, total.before.calls)),
        Tile(_("Answered"), share(total.now), share_before(total.before)),
        Tile(_("New people"), figure(total.now.leads), beside(total.now.leads, total.before.leads)),
    )
    return sheet_of(frame, tiles, (), [_table(found, frame.country, most=MOST_ROWS)])


def missed_sheet(frame: Frame, found: Missed, before: int) -> Sheet:
    """How many, and on which days; whose calls they were is seen on the dashboard only."""
    tiles = (
        Tile(_("Not answered"), figure(len(found.calls)), beside(len(found.calls), before)),
        Tile(_("Spoken with later"), figure(found.spoken_with), _("within a week")),
    )
    by_day = {day.date: [0, 0] for day in frame.span.days()}
    for each in found.calls:
        counted = by_day[_date(frame.span, each.started_at)]
        counted[0] += 1
        counted[1] += each.answered_at is not None
    rows = [
        (day_name(day, frame.country), figure(all_), figure(later))
        for day, (all_, later) in by_day.items()
        if all_
    ]
    head = (_("Day"), _("Not answered"), _("Spoken with later"))
    return sheet_of(frame, tiles, (), [Table(_("Day by day"), head, rows, 1)])


def share(figures: Figures) -> str:
    """Of the calls that are over, how many were answered."""
    return "\u2013" if figures.answered_share is None else percent(figures.answered_share)


def share_before(figures: Figures) -> str:
    """`80% before`, or nothing where there was no call before."""
    return "" if figures.answered_share is None else _("%(share)s before") % {"share": share(figures)}


def beside(now: Count, before: Count) -> str:
    """The same as a note beside a figure, where "new" would be read with it."""
    return grown(now, before) if before or not now else _("none before")


def grown(now: Count, before: Count) -> str:
    """`+12%` against the days before; a multiple where percents would be in the thousands."""
    by = change(now, before)
    if by is None:
        return _("new") if now else ""
    if by >= MANYFOLD:
        return f"\N{MULTIPLICATION SIGN}{by + 1:.0f}"
    return percent(by, signed=True) if by else _("as before")


def day_name(day: date, country: str) -> str:
    """`24 Nov`, or `Nov 24` where people write it so."""
    return month_day(day, country)


def _notes(notes: Sequence[Annotation], country: str) -> Sequence[Table]:
    rows = [(day_name(each.day, country), each.text) for each in notes]
    return [Table(_("What happened"), (_("Day"), _("Note")), rows, 2)] if rows else []


def _table(found: Breakdown, country: str, most: int) -> Table:
    head = (
        *(NAMES[each] for each in found.by),
        _("Calls"),
        _("Change"),
        _("Answered"),
        _("Missed"),
        _("New people"),
        _("Good leads"),
    )
    lines = zip(found.lines[:most], found.shown[:most], strict=True)
    rows = [_row(found.by, line, shown, country) for line, shown in lines]
    title = by_words(found.by)
    return Table(title, head, rows, len(found.by), max(0, len(found.lines) - most))


def by_words(by: Sequence[Dimension]) -> str:
    """What a table is broken down by, as its title."""
    return _("By %(dimensions)s") % {"dimensions": joined([lowered(NAMES[each]) for each in by])}


def _row(by: Sequence[Dimension], line: Line, shown: Figures, country: str) -> tuple[str, ...]:
    now = line.now
    return (
        *(value_name(each, value, country) for each, value in zip(by, line.cell, strict=True)),
        figure(now.calls, shown.calls),
        grown(now.calls, line.before.calls),
        figure(now.answered, shown.answered),
        figure(now.missed, shown.missed),
        figure(now.leads, shown.leads),
        figure(now.qualified, shown.qualified),
    )


def sheet_of(frame: Frame, tiles: Sequence[Tile], bars: Sequence[Bar], tables: Sequence[Table]) -> Sheet:
    """The sheet with its frame in words."""
    days = _days(frame.span, frame.country)
    return Sheet(frame.title, frame.company, days, frame.only, tiles, bars, tables)


def _days(span: Span, country: str) -> str:
    """`1 Nov to 24 Nov, 2026`; from one year into another each with its own."""
    if span.first.year != span.last.year:
        return _("%(first)s to %(last)s") % {
            "first": dated(span.first, country),
            "last": dated(span.last, country),
        }
    first, last = day_name(span.first, country), day_name(span.last, country)
    days = last if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
    return f"{days}, {span.last.year}"


def _date(span: Span, at: Millis) -> date:
    return datetime.fromtimestamp(at / 1000, span.zone).date()
