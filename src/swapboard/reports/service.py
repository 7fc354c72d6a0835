"""Reports on the service itself, each defined once for its page, its file and its sheet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

from sqlalchemy import Connection

from swapboard.accounts.company import Company
from swapboard.language import _, decimal, duration, percent
from swapboard.numbers.e164 import as_written_in
from swapboard.reports.agents import Agent, agents
from swapboard.reports.costs import CENT_MICROS, money
from swapboard.reports.delivered import Delivered, delivered
from swapboard.reports.pool_health import PoolHealth, pool_health
from swapboard.reports.question import Question
from swapboard.reports.report_kind import Kind
from swapboard.reports.spam_calls import SpammedNumber, spammed_numbers

_NONE = "\u2013"
Rows: TypeAlias = Callable[[Connection, Sequence[Question]], Sequence[Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and a row's cell in words."""

    heading: str
    says: Callable[[Any, Company], str]
    counts: str = ""
    """The row's field that is set beside that of the days before."""


@dataclass(frozen=True, slots=True)
class Service:
    """A report: its rows are of one kind, whose first field says which row it is."""

    title: str
    kind: type[Any]
    rows: Rows
    """Of each question; they differ in their time alone."""
    columns: Sequence[Column]
    about: str
    empty: str
    fitting: str = _("Only calls that fit")
    """What its filter is called."""

    @property
    def compared(self) -> Sequence[str]:
        """The fields that are set beside those of the days before."""
        return [column.counts for column in self.columns if column.counts]


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of these days, and of those before; of one that was only in some, the other counts nothing."""

    now: Any
    before: Any


def compared(connection: Connection, service: Service, asked: Question, before: Question) -> Sequence[Compared]:
    """Both periods' rows, in the order of these days' ones."""
    now, then = (_by_key(service, rows) for rows in service.rows(connection, (asked, before)))
    keys = [*now, *(key for key in then if key not in now)]
    return [Compared(now.get(key) or _nothing(then[key]), then.get(key) or _nothing(now[key])) for key in keys]


def _each(rows: Callable[[Connection, Question], Sequence[Any]]) -> Rows:
    """Question by question."""
    return lambda connection, asked: [rows(connection, each) for each in asked]


def _by_key(service: Service, rows: Sequence[Any]) -> Mapping[str, Any]:
    key = fields(service.kind)[0].name
    return {getattr(row, key): row for row in rows}


def _nothing(row: Any) -> Any:
    counts = [each.name for each in fields(row) if isinstance(getattr(row, each.name), int)]
    return replace(row, **dict.fromkeys(counts, 0))


def _count(name: str, heading: str) -> Column:
    return Column(heading, lambda row, _company: decimal(getattr(row, name)), name)


def _known(name: str, heading: str, words: Callable[[float], str]) -> Column:
    def says(row: Any, _company: Company) -> str:
        found = getattr(row, name)
        return _NONE if found is None else words(found)

    return Column(heading, says)


def _phone(row: Agent | SpammedNumber, company: Company) -> str:
    return as_written_in(company.country, row.number) if row.number else _("Not known")


def _name(row: PoolHealth | Delivered, _company: Company) -> str:
    return row.name


def _value(row: Delivered, company: Company) -> str:
    return (
        f"{money(row.value_cents * CENT_MICROS, company.currency)} {company.currency}"
        if row.value_cents
        else _NONE
    )


SERVICES: Mapping[Kind, Service] = {
    Kind.AGENTS: Service(
        _("Who answered"),
        Agent,
        _each(agents),
        (
            Column(_("Phone"), _phone),
            _count("rang", _("Rang")),
            _count("answered", _("Answered")),
            _known("answered_share", _("Share"), percent),
            _known("mean_ring_seconds", _("Time to answer"), duration),
            _known("mean_talk_seconds", _("Talked, each"), duration),
            _known("talk_seconds", _("Talked, together"), duration),
        ),
        _("A call that rings several phones counts at each of them, so its share is less than that of all."),
        _("No phone rang in these days."),
    ),
    Kind.SPAM: Service(
        _("Spam"),
        SpammedNumber,
        _each(spammed_numbers),
        (
            Column(_("Number they called"), _phone),
            _count("spam", _("Spam")),
            _count("turned_away", _("Turned away")),
            _known("talk_seconds", _("Time lost"), duration),
        ),
        _("These calls count in no other report. What is wrong here can be put right on the call's own page."),
        _("No spam in these days."),
    ),
    Kind.POOLS: Service(
        _("Were the pools large enough?"),
        PoolHealth,
        _each(pool_health),
        (
            Column(_("Pool"), _name),
            Column(_("Numbers now"), lambda row, _company: decimal(row.numbers)),
            _count("shown", _("Visits with one")),
            _count("without", _("None was free")),
            _known("without_share", _("Share"), percent),
            _count("calls", _("Calls")),
            _known("confidence", _("Confidence"), percent),
        ),
        _("Where none is free visits see a number that they share, and their calls cannot be told apart."),
        _("There is no pool."),
        _("Only visits that fit"),
    ),
    Kind.DELIVERIES: Service(
        _("What platforms were told"),
        Delivered,
        delivered,
        (
            Column(_("Destination"), _name),
            _count("conversions", _("Conversions")),
            Column(_("Value"), _value),
            _count("sent", _("Messages sent")),
            _count("waiting", _("Waiting")),
            _count("failed", _("Failed")),
            _count("withheld", _("Held back")),
        ),
        _("Messages are more than conversions where something changed later, or was taken back."),
        _("No platform is told of your calls yet: add one under Conversions."),
        _("Only calls and forms that fit"),
    ),
}
