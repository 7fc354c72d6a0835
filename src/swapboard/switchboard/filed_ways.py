"""The ways of the leads whose credits are filed, which stay warm where nothing has changed."""

from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import Connection, case, func, select

from swapboard.attribution.lead_paths import LONGEST_WAY, LeadPath, laid_together
from swapboard.reports.dimension import Dimension
from swapboard.reports.warm import in_words, kept
from swapboard.storage.schema import lead_credits
from swapboard.switchboard.filed_credits import OF_CREDITS, Filed, parts_of_leads

_PATH_BYTES = 300
"""What a way takes beside its steps, about."""


def filed_paths(connection: Connection, filed: Filed, dimension: Dimension) -> Iterator[LeadPath]:
    """The ways of the leads, alike ones of a part counted together; by best match, where each lead has one."""
    for part in parts_of_leads(connection, filed):
        of_part = filed.within(part)
        yield from kept(
            connection,
            ("ways", of_part, dimension),
            part.stamp,
            partial(_paths, connection, of_part, dimension),
            _size,
        )


def _size(paths: Sequence[LeadPath]) -> int:
    return sum(_PATH_BYTES + in_words(path.steps) for path in paths)


def _paths(connection: Connection, filed: Filed, dimension: Dimension) -> Sequence[LeadPath]:
    return laid_together(_read_paths(connection, filed, dimension))


def _read_paths(connection: Connection, filed: Filed, dimension: Dimension) -> Iterator[LeadPath]:
    credit, value = lead_credits.c, OF_CREDITS[dimension]
    has_step = credit.session_id.is_not(None)
    alone = (
        select(credit.began_as, has_step.label("has_step"), value, func.count())
        .where(*filed.rows(), credit.is_plain)
        .group_by(credit.began_as, "has_step", value)
    )
    for began_as, is_visit, word, count in connection.execute(alone):
        yield LeadPath((word,), began_as, count) if is_visit else LeadPath((), began_as, count, otherwise=word)
    steps = [
        func.max(case((credit.until_last == back, value))).label(f"step_{back}")
        for back in reversed(range(LONGEST_WAY))
    ]
    long = (
        select(credit.began_as, func.max(credit.visits).label("visits"), *steps)
        .where(*filed.rows(), credit.is_plain.is_(False), credit.until_last < LONGEST_WAY, has_step)
        .group_by(credit.lead_id, credit.began_as)
        .subquery("long")
    )
    is_cut = (long.c.visits > LONGEST_WAY).label("is_cut")
    columns = [long.c[each.name] for each in steps]
    query = select(long.c.began_as, is_cut, func.count(), *columns).group_by(long.c.began_as, "is_cut", *columns)
    for began_as, cut, count, *words in connection.execute(query):
        yield LeadPath(tuple(word for word in words if word is not None), began_as, count, bool(cut))
