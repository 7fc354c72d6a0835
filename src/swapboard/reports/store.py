"""Counts of calls, people and forms, straight from what is kept of each, and of visits beside them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import cache, partial
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    func,
    literal_column,
    select,
    union,
    union_all,
)

from swapboard.calls.call import Status
from swapboard.clock import HOUR, Millis
from swapboard.reports.call_sums import call_parts
from swapboard.reports.columns import FormPart, conditions, form_parts
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import OF_VISITS as VISITS_HAVE
from swapboard.reports.dimension import Dimension
from swapboard.reports.expected import Counted, counted_calls
from swapboard.reports.figures import ANSWERED, MISSED, NOTHING, VOICEMAIL, Count, Figures
from swapboard.reports.filter import Term
from swapboard.reports.ledger import (
    AMOUNTS_OF_CALLS,
    AMOUNTS_OF_FORMS,
    AMOUNTS_OF_VISITS,
    Ledger,
    Part,
    amount_of,
    ledger_of,
)
from swapboard.reports.span import LocalHour, Span, offsets
from swapboard.reports.sums import Cell, read_sums
from swapboard.reports.visit_count import count_visits
from swapboard.reports.visit_day_store import Stretch
from swapboard.reports.weekly import Run, number_at, read_at_once, sums_of
from swapboard.storage.schema import calls, forms

_MILLION = literal_column("1000000", BigInteger())
_FROM, _UNTIL = "from_at", "until_at"


@dataclass(frozen=True, slots=True)
class Question:
    """What of a company is counted: [from_at, until_at), by these dimensions, where all terms are met."""

    company_id: str
    from_at: Millis
    until_at: Millis
    by: tuple[Dimension, ...] = ()
    terms: tuple[Term, ...] = ()
    counted_by: CountedBy = CountedBy.BEST_MATCH

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """All that it needs to know of a call."""
        return (*self.by, *(term.dimension for term in self.terms))

    @property
    def counts_visits(self) -> bool:
        """Whether visits and forms have all of it: they rang no phone, and have no outcome."""
        return VISITS_HAVE.issuperset(self.dimensions)


def question(
    company_id: str,
    span: Span,
    by: Sequence[Dimension] = (),
    terms: Sequence[Term] = (),
    counted_by: CountedBy = CountedBy.BEST_MATCH,
) -> Question:
    """The same of the days of a span."""
    return Question(company_id, span.from_at, span.until_at, tuple(by), tuple(terms), counted_by)


def count(connection: Connection, asked: Question) -> Mapping[Cell, Figures]:
    """The figures of each combination of values that occurs; of one empty cell where nothing parts them."""
    found = count_all(connection, asked).by_cell()
    return found if asked.by else {(): found.get((), NOTHING)}


def count_all(connection: Connection, asked: Question) -> Ledger:
    """The same in columns."""
    counted = _counted(asked)
    parts = list(_parts_of_calls(connection, asked, counted, _of_calls, len(asked.by)))
    if asked.counts_visits:
        time = Stretch(asked.company_id, asked.from_at, asked.until_at)
        visits = count_visits(connection, time, asked.by, asked.terms)
        parts += [
            *(_read(connection, each, asked, AMOUNTS_OF_FORMS) for each in _of_forms(asked)),
            Part(visits, AMOUNTS_OF_VISITS),
        ]
    return ledger_of(parts, len(asked.by), counted[0].scale)


def _read(connection: Connection, query: Select[*tuple[Any, ...]], asked: Question, names: Sequence[str]) -> Part:
    return Part(read_sums(connection.execute(query).all(), len(asked.by), len(names)), names)


def _parts_of_calls(
    connection: Connection,
    asked: Question,
    counted: Sequence[Counted],
    query: Callable[[Question, Counted], Select[*tuple[Any, ...]]],
    width: int,
    clock: tzinfo | None = None,
) -> Iterator[Part]:
    weeks = call_parts(connection, asked.company_id, asked.from_at, asked.until_at, asked.dimensions)
    size = width, len(AMOUNTS_OF_CALLS)
    for place, each in enumerate(counted):
        # Made once for all weeks: to make a statement takes longer than to count a day.
        made = cache(partial(_by_part, query, asked, each))

        def rows(run: Run, made: Callable[[], Select[*tuple[Any, ...]]] = made) -> Sequence[Sequence[Any]]:
            time = {_FROM: run.from_at, _UNTIL: run.until_at}
            return connection.execute(made(), {**time, **run.told()}).all()

        # Of how calls are counted only what this part of them is: where all shares are alike, both ways are one.
        key = "calls", asked.company_id, asked.by, asked.terms, each.scale, place, clock
        read = partial(read_at_once, rows=rows, size=size)
        yield Part(sums_of(connection, weeks, key, read, size), AMOUNTS_OF_CALLS, each.scale)


def _by_part(
    query: Callable[[Question, Counted], Select[*tuple[Any, ...]]], asked: Question, found: Counted
) -> Select[*tuple[Any, ...]]:
    return query(asked, found).add_columns(number_at(calls.c.started_at)).group_by("part")


def calls_by_hour(connection: Connection, asked: Question, clock: tzinfo) -> Mapping[LocalHour, Figures]:
    """The calls of each hour of a clock in which there were any."""
    # An hour is the same for all shares of a call: where no filter asks of visits, whole calls are counted.
    asked = replace(asked, by=())

    def by_hour(asked: Question, found: Counted) -> Select[*tuple[Any, ...]]:
        hour = _local(calls.c.started_at, asked, clock) // _number(HOUR)
        return _asked(asked, found, hour.label("hour"), *_call_figures(found)).group_by("hour")

    counted = _counted(asked)
    parts = list(_parts_of_calls(connection, asked, counted, by_hour, 1, clock))
    found_hours = ledger_of(parts, 1, counted[0].scale).by_cell()
    return {int(hour): figures for (hour,), figures in found_hours.items()}


def _local(at: ColumnElement[int], asked: Question, clock: tzinfo) -> ColumnElement[int]:
    """The instant as milliseconds since 1970 on that clock."""
    *changes, last = offsets(clock, asked.from_at, asked.until_at)
    until = [(at < _number(each.until_at), _number(each.ahead)) for each in changes]
    return at + (case(*until, else_=_number(last.ahead)) if until else _number(last.ahead))


def _number(value: int) -> ColumnElement[int]:
    """No parameter: PostgreSQL does not see that two expressions with parameters are the same."""
    return literal_column(str(value), BigInteger())


@dataclass(frozen=True, slots=True)
class Behind:
    """A call that is counted, and how much of it: less than one where it is counted by probability."""

    call_id: str
    started_at: Millis
    share: Count


def calls_behind(
    connection: Connection,
    asked: Question,
    most: int | None,
    only: ColumnElement[bool] | None = None,
    cells: Collection[Cell] | None = None,
) -> Sequence[Behind]:
    """The calls that are counted and are so, newest first, of all cells or these; all of them for None."""
    counted = _counted(asked)
    if cells is not None:
        return _calls_in(connection, asked, most, only, cells) if cells else ()
    columns = calls.c.call_id, calls.c.started_at
    shares = [_asked(asked, each, *columns, each.weight.label("weight")) for each in counted]
    if only is not None:
        shares = [each.where(only) for each in shares]
    found = union_all(*shares).subquery("shares")
    share = func.sum(found.c.weight)
    query = (
        select(found.c.call_id, found.c.started_at, share.label("share"))
        .group_by(found.c.call_id, found.c.started_at)
        .having(share > 0)
        .order_by(found.c.started_at.desc(), found.c.call_id.desc())
    )
    rows = connection.execute(query.limit(most))
    return [Behind(row.call_id, row.started_at, amount_of(int(row.share), counted[0].scale)) for row in rows]


def _calls_in(
    connection: Connection,
    asked: Question,
    most: int | None,
    only: ColumnElement[bool] | None,
    cells: Collection[Cell],
) -> Sequence[Behind]:
    """Told apart here: a filter has not as many conditions as there may be cells."""
    counted = _counted(asked)
    shares: Counter[tuple[Millis, str]] = Counter()
    for each in counted:
        columns = calls.c.started_at, calls.c.call_id, each.weight.label("weight")
        query = _asked(asked, each, *columns, *_values(asked, each.columns))
        newest_first = query.order_by(calls.c.started_at.desc(), calls.c.call_id.desc())
        rows = connection.execute(newest_first if only is None else newest_first.where(only))
        shares.update(_newest(rows, cells, most))
    newest = sorted(shares.items(), reverse=True)[:most]
    return [Behind(call_id, at, amount_of(share, counted[0].scale)) for (at, call_id), share in newest]


def _newest(
    rows: Iterable[Sequence[Any]], cells: Collection[Cell], most: int | None
) -> Mapping[tuple[Millis, str], int]:
    """The weights of so many calls: whichever are the newest of all are among the newest of each part."""
    found: Counter[tuple[Millis, str]] = Counter()
    for at, call_id, weight, *values in rows:
        if tuple(values) in cells:
            if len(found) == most and (at, call_id) not in found:
                break
            found[at, call_id] += weight
    return found


def count_people_by_form(connection: Connection, asked: Question, cells: Collection[Cell] | None = None) -> int:
    """How many of the new people got in touch by a form; none where forms have not what the filter asks of."""
    queries = _of_forms(asked) if asked.counts_visits else ()
    return sum(
        int(leads)
        for each in queries
        for *values, _forms_, leads in connection.execute(each)
        if cells is None or tuple(values) in cells
    )


def calls_asked(asked: Question, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """The columns of the calls that count, each once, however likely it is that it does."""
    first, *others = _counted(asked)
    if not others:
        return _asked(asked, first, *columns)
    ids = union(*(_asked(asked, each, calls.c.call_id) for each in (first, *others)))
    return select(*columns).where(calls.c.company_id == asked.company_id, calls.c.call_id.in_(ids))


def _counted(asked: Question) -> Sequence[Counted]:
    return list(counted_calls(asked.dimensions, asked.counted_by))


def _in_time(asked: Question) -> Sequence[ColumnElement[bool]]:
    first, end = bindparam(_FROM, asked.from_at, BigInteger()), bindparam(_UNTIL, asked.until_at, BigInteger())
    return calls.c.started_at >= first, calls.c.started_at < end


def _is(statuses: frozenset[Status]) -> ColumnElement[bool]:
    return calls.c.status.in_(sorted(statuses))


def _call_figures(found: Counted) -> Sequence[ColumnElement[int]]:
    """What `_figures` reads, in its order."""
    has_value = calls.c.value_cents.is_not(None)

    def together(condition: ColumnElement[bool], amount: ColumnElement[int] | int = 1) -> ColumnElement[int]:
        return func.coalesce(func.sum(found.weight * case((condition, amount), else_=0)), 0)

    return (
        func.coalesce(func.sum(found.weight), 0).label("calls"),
        together(calls.c.first_time_caller).label("first_time"),
        together(_is(ANSWERED)).label("answered"),
        together(_is(VOICEMAIL)).label("voicemail"),
        together(_is(MISSED)).label("missed"),
        together(_is(ANSWERED), func.coalesce(calls.c.talk_seconds, 0)).label("talk_seconds"),
        together(calls.c.qualified.is_(True)).label("qualified"),
        together(calls.c.begins_lead).label("leads"),
        # Apart, for shares of large amounts are beyond what 64 bits hold.
        together(has_value, calls.c.value_cents % _MILLION).label("value_rest"),
        together(has_value, calls.c.value_cents // _MILLION).label("value_millions"),
    )


def _of_calls(asked: Question, found: Counted) -> Select[*tuple[Any, ...]]:
    values = _values(asked, found.columns)
    return _asked(asked, found, *values, *_call_figures(found)).group_by(*_names(asked))


def _asked(asked: Question, found: Counted, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(found.source)
        .where(calls.c.company_id == asked.company_id, *_in_time(asked), *_as_filtered(asked, found))
    )


def _as_filtered(asked: Question, found: Counted) -> Sequence[ColumnElement[bool]]:
    return (calls.c.is_spam.is_(False), *found.only, *conditions(asked.terms, found.columns))


def _of_forms(asked: Question) -> Sequence[Select[*tuple[Any, ...]]]:
    return [_forms(asked, part) for part in form_parts()]


def _forms(asked: Question, part: FormPart) -> Select[*tuple[Any, ...]]:
    began = func.coalesce(func.sum(case((forms.c.begins_lead, 1), else_=0)), 0)
    return (
        select(*_values(asked, part.columns), func.count().label("forms"), began.label("leads"))
        .select_from(part.source)
        .where(
            part.is_part,
            forms.c.company_id == asked.company_id,
            forms.c.sent_at >= asked.from_at,
            forms.c.sent_at < asked.until_at,
            *conditions(asked.terms, part.columns),
        )
        .group_by(*_names(asked))
    )


def _values(asked: Question, columns: Mapping[Dimension, ColumnElement[str]]) -> Sequence[ColumnElement[str]]:
    return [columns[dimension].label(name) for name, dimension in zip(_names(asked), asked.by, strict=True)]


def _names(asked: Question) -> Sequence[str]:
    return [f"value_{place}" for place in range(len(asked.by))]
