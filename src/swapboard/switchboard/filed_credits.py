"""Adds up what is filed of how leads are shared out over their visits (`lead_filing.py` files it)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from swapboard.attribution.channel_credit import ChannelCredit
from swapboard.attribution.filed_credit import FILED
from swapboard.attribution.touch import WHOLE, Model, in_millionths
from swapboard.clock import Millis
from swapboard.reports.call_sums import call_parts
from swapboard.reports.columns import said_by
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.filter import Term
from swapboard.reports.new_people import new_people
from swapboard.reports.sums import Sums, together
from swapboard.reports.weekly import Part, Run, number_at, parts_of, read_at_once, sums_of
from swapboard.storage.schema import lead_credits, leads

OF_CREDITS: Mapping[Dimension, ColumnElement[str]] = said_by(lead_credits.c)
"""What a share counts for: its visit's values, or where it is no visit's, whose the lead is otherwise."""
_LEAD_ID, _WAY, _CHANNEL = map(itemgetter, range(3))
_MODELS = (*FILED, Model.DATA_DRIVEN)
_STAMP = """
SELECT {place}, count(*), coalesce(sum(CASE WHEN credited_days = :days THEN 1 ELSE 0 END), 0),
coalesce(sum(credit_changes), 0), coalesce(sum(CASE WHEN credited_days = :days THEN credit_changes ELSE 0 END), 0)
FROM leads WHERE company_id = :company AND created_at >= :from_{place} AND created_at < :until_{place}
"""
"""How many leads there are, and how many of them are filed. Who throws credits away counts that at the lead, from
a number of its own; who files them says so there."""


@dataclass(frozen=True, slots=True)
class Filed:
    """The credits of the leads that began in [from_at, until_at) and meet the terms, filed with this look-back."""

    company_id: str
    from_at: Millis
    until_at: Millis
    look_back_days: int
    by: CountedBy
    terms: tuple[Term, ...] = ()

    def within(self, part: Part) -> "Filed":
        """Those of a part of the time."""
        return replace(self, from_at=part.from_at, until_at=part.until_at)

    def rows(self) -> Sequence[ColumnElement[bool]]:
        """Which they are."""
        return (
            lead_credits.c.company_id == self.company_id,
            lead_credits.c.counted_by == self.by,
            lead_credits.c.lead_at >= self.from_at,
            lead_credits.c.lead_at < self.until_at,
            lead_credits.c.look_back_days == self.look_back_days,
            *self.meeting(lead_credits.c.lead_id),
        )

    def meeting(self, lead_id: ColumnElement[str]) -> Sequence[ColumnElement[bool]]:
        """Whether a lead of the time meets the terms."""
        if not self.terms:
            return ()
        return (lead_id.in_(new_people(self.company_id, self.from_at, self.until_at, self.terms)),)


def not_filed(connection: Connection, filed: Filed) -> Sequence[str]:
    """The other leads of the time, oldest first."""
    behind = [
        part for part in parts_of_leads(connection, filed) if part.stamp is None or part.stamp[0] > part.stamp[1]
    ]
    return [lead_id for part in behind for lead_id in _others(connection, filed.within(part))]


def _others(connection: Connection, filed: Filed) -> Sequence[str]:
    query = (
        select(leads.c.lead_id)
        .where(*_in_time(filed), leads.c.credited_days != filed.look_back_days)
        .order_by(leads.c.created_at, leads.c.lead_id)
    )
    return list(connection.execute(query).scalars())


def add_filed(
    connection: Connection, filed: Filed, dimension: Dimension, worth: Mapping[str, float], total: ChannelCredit
) -> None:
    """Add the credits by the dimension's values."""
    parts = parts_of_leads(connection, filed)
    total.leads += _how_many(connection, filed, parts)
    found = _credits(connection, filed, parts, dimension, worth)
    for (word,), of_models in found.rows():
        for model, credit in zip(_MODELS, of_models, strict=True):
            if model in total.models:
                total.put(word, model, credit)


def parts_of_leads(connection: Connection, filed: Filed) -> Sequence[Part]:
    """The time's parts in which leads began; where terms are asked of calls, with how it stands with these."""
    time = filed.from_at, filed.until_at
    parts = parts_of(connection, _STAMP, filed.company_id, *time, days=filed.look_back_days)
    if not filed.terms:
        return parts
    asked = [term.dimension for term in filed.terms]
    called = {
        (each.from_at, each.until_at): each.stamp
        for each in call_parts(connection, filed.company_id, *time, asked)
    }
    return [
        each._replace(stamp=(*each.stamp, *(called.get((each.from_at, each.until_at)) or ())))
        if each.stamp
        else each
        for each in parts
    ]


def _how_many(connection: Connection, filed: Filed, parts: Sequence[Part]) -> int:
    """The leads that are filed."""

    def rows(run: Run) -> Sequence[Sequence[Any]]:
        of_run = replace(filed, from_at=run.from_at, until_at=run.until_at)
        counted = select(func.count(), number_at(leads.c.created_at)).where(*_credited(of_run)).group_by("part")
        return connection.execute(counted, run.told()).all()

    def read(some: Sequence[Part]) -> Sequence[Sums]:
        return read_at_once(some, rows, (0, 1))

    if filed.terms:
        key = "filed leads", filed.company_id, filed.look_back_days, filed.terms
        return int(sums_of(connection, parts, key, read, (0, 1)).amounts.sum())
    return sum(_counted(connection, filed.within(part)) if part.stamp is None else part.stamp[1] for part in parts)


def _counted(connection: Connection, filed: Filed) -> int:
    return connection.execute(select(func.count()).where(*_credited(filed))).scalar_one()


def _credited(filed: Filed) -> Sequence[ColumnElement[bool]]:
    return *_in_time(filed), leads.c.credited_days == filed.look_back_days


def _credits(
    connection: Connection,
    filed: Filed,
    parts: Sequence[Part],
    dimension: Dimension,
    worth: Mapping[str, float],
) -> Sums:
    """Of each value what all _MODELS give it, in their order."""
    size = 1, len(_MODELS)

    def rows(run: Run) -> Sequence[Sequence[Any]]:
        of_run = replace(filed, from_at=run.from_at, until_at=run.until_at)
        by_data = _by_data(connection, of_run, dimension, worth, run) if worth else {}
        more = [(word, *[0] * len(FILED), earned, part) for (word, part), earned in by_data.items()]
        return [*connection.execute(_by_models(of_run, dimension), run.told()), *more]

    def read(some: Sequence[Part]) -> Sequence[Sums]:
        # A word comes twice, from both.
        return [together([each], *size) for each in read_at_once(some, rows, size)]

    of_leads = filed.company_id, filed.look_back_days, filed.by, filed.terms
    key = "credits", of_leads, dimension, tuple(sorted(worth.items()))
    return sums_of(connection, parts, key, read, size)


def _by_models(filed: Filed, dimension: Dimension) -> Select[*tuple[Any, ...]]:
    """By the model by data only of those of whom all say the same."""
    plain = func.sum(case((lead_credits.c.is_plain, lead_credits.c.last), else_=0))
    sums = [*(func.sum(lead_credits.c[model]) for model in FILED), plain]
    value, part = OF_CREDITS[dimension], number_at(lead_credits.c.lead_at)
    return select(value, *sums, part).where(*filed.rows()).group_by(value, "part")


def _in_time(filed: Filed) -> Sequence[ColumnElement[bool]]:
    return (
        leads.c.company_id == filed.company_id,
        leads.c.created_at >= filed.from_at,
        leads.c.created_at < filed.until_at,
        *filed.meeting(leads.c.lead_id),
    )


def _by_data(
    connection: Connection, filed: Filed, dimension: Dimension, worth: Mapping[str, float], run: Run
) -> Mapping[tuple[str, int], int]:
    """Of the leads of which the models say different things, what visits earned by the model by data.

    By what they count for, and by the part of the time in which their lead began.
    """

    @lru_cache(maxsize=10_000)
    def shares(channels: tuple[str, ...]) -> tuple[int, ...]:
        return in_millionths([worth.get(each, 0.0) for each in channels])

    credit, word, earned = lead_credits.c, OF_CREDITS[dimension].label("word"), Counter[tuple[str, int]]()
    query = (
        select(credit.lead_id, credit.way, credit.channel, credit.probability, word, number_at(credit.lead_at))
        .where(*filed.rows(), credit.is_plain.is_(False))
        .order_by(credit.lead_at, credit.lead_id, credit.place)
    )
    # Rows by their places: to look up a name in each takes longer than all the rest.
    for _lead_id, rows in groupby(connection.execute(query, run.told()), _LEAD_ID):
        *visits, nobodys = rows
        left = WHOLE
        for _way, some in groupby(visits, _WAY):
            way = list(some)
            for (*_visit, probability, value, part), share in zip(
                way, shares(tuple(map(_CHANNEL, way))), strict=True
            ):
                piece = int(probability * share)
                left -= piece
                earned[value, part] += piece
        *_visit, value, part = nobodys
        earned[value, part] += left
    return earned
