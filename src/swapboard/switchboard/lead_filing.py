"""Files how leads are shared out over their visits, for the reports of models and ways to add up.

A lead may be filed that began before the company's `leads_credited_until_at`: whoever writes an older visit than
that has the leads that it may have earned filed anew (`leads/uncrediting.py`). That instant moves on a minute
behind the clock, and only what a reader sees afterwards is filed, so that no visit comes in between unseen.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select, update

from swapboard.attribution.filed_credit import shared_out
from swapboard.clock import MINUTE, Millis
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.storage.bulk import BulkInsert
from swapboard.storage.bulk import Row as Written
from swapboard.storage.commit import carry_out
from swapboard.storage.engine import reading
from swapboard.storage.locks import hold_company
from swapboard.storage.schema import companies, lead_credits, leads
from swapboard.switchboard.crediting import Asked, WaysToLead, ways_to_leads
from swapboard.switchboard.filed_credits import OF_CREDITS

EVERY: Millis = MINUTE
MOST_LEADS = 1_000
"""So many are filed at once: a visit waits a tenth of a second for it at most."""
_SETTLED: Millis = MINUTE
"""Visits that wait to be written are younger."""
_DIMENSIONS: Sequence[Dimension] = tuple(OF_CREDITS)
_WRITE = BulkInsert(lead_credits)


class Made(NamedTuple):
    """A lead's credits, and what they were made from: `changes` tells whether it is still so."""

    lead_id: str
    changes: int
    look_back_days: int
    rows: Sequence[Written]


class ToKeep(NamedTuple):
    """What can be filed, and until when leads may be filed the next time; None where there are no more."""

    made: Sequence[Made]
    until_at: Millis | None


def to_credit(connection: Connection, company_id: str, now: Millis, most: int = MOST_LEADS) -> ToKeep:
    """The credits of leads that are not filed, the latest first."""
    columns = companies.c.look_back_days, companies.c.leads_credited_until_at
    look_back_days, until_at = connection.execute(
        select(*columns).where(companies.c.company_id == company_id)
    ).one()
    behind = leads.c.company_id == company_id, leads.c.credited_days != look_back_days
    query = select(leads.c.lead_id, leads.c.credit_changes).where(*behind, leads.c.created_at < until_at)
    found = connection.execute(query.order_by(leads.c.created_at.desc()).limit(most)).all()
    younger = select(func.min(leads.c.created_at)).where(
        *behind, leads.c.created_at >= until_at, leads.c.created_at < now - _SETTLED
    )
    are_more = connection.execute(younger).scalar_one() is not None
    rows = _rows(connection, company_id, look_back_days, [row.lead_id for row in found])
    made = [Made(row.lead_id, row.credit_changes, look_back_days, rows[row.lead_id]) for row in found]
    return ToKeep(made, now - _SETTLED if are_more else None)


def keep_credited(connection: Connection, company_id: str, found: ToKeep, _now: Millis) -> int:
    """File the leads that are still as they were seen; says how many."""
    if found.until_at is not None:
        # Whoever begins visits holds the company, too: from here on they go by the later instant.
        hold_company(connection, company_id)
        later = companies.c.company_id == company_id, companies.c.leads_credited_until_at < found.until_at
        connection.execute(update(companies).where(*later).values(leads_credited_until_at=found.until_at))
    seen = {each.lead_id: each for each in found.made}
    mine = leads.c.company_id == company_id, leads.c.lead_id.in_(seen)
    # Who changes a lead at this moment throws its credits away: it is left to them.
    held = select(leads.c.lead_id, leads.c.credit_changes).where(*mine).with_for_update(skip_locked=True)
    kept = [
        seen[row.lead_id] for row in connection.execute(held) if row.credit_changes == seen[row.lead_id].changes
    ]
    _keep(connection, company_id, kept)
    return len(kept)


def _keep(connection: Connection, company_id: str, kept: Sequence[Made]) -> None:
    if not kept:
        return
    ids = [each.lead_id for each in kept]
    # Those that were made with another look-back.
    connection.execute(
        lead_credits.delete().where(lead_credits.c.company_id == company_id, lead_credits.c.lead_id.in_(ids))
    )
    connection.execute(
        update(leads)
        .where(leads.c.company_id == company_id, leads.c.lead_id.in_(ids))
        .values(credited_days=kept[0].look_back_days)
    )
    _WRITE.run(connection, [row for each in kept for row in each.rows])


def credit_all(engine: Engine, company_id: str, now: Millis) -> int:
    """File everything that can be, at once; says how many leads that were."""
    credited, found = 0, None
    while found is None or found.made or found.until_at is not None:
        with reading(engine) as connection:
            found = to_credit(connection, company_id, now)
        credited += carry_out(engine, keep_credited, company_id, found, now)
    return credited


def wrongly_credited(connection: Connection, company_id: str) -> Sequence[str]:
    """Work all that is filed out once more; the leads of which it is something else."""
    filed = leads.c.company_id == company_id, leads.c.credited_days > 0
    by_days: dict[int, list[str]] = {}
    for lead_id, days in connection.execute(select(leads.c.lead_id, leads.c.credited_days).where(*filed)):
        by_days.setdefault(days, []).append(lead_id)
    wrong: list[str] = []
    for days, ids in by_days.items():
        for first in range(0, len(ids), MOST_LEADS):
            some = ids[first : first + MOST_LEADS]
            rows, stored = _rows(connection, company_id, days, some), _stored(connection, company_id, some)
            wrong += [each for each in some if stored[each] != sorted(rows[each], key=_in_order)]
    return wrong


def _stored(connection: Connection, company_id: str, lead_ids: Sequence[str]) -> dict[str, list[Written]]:
    theirs = lead_credits.c.company_id == company_id, lead_credits.c.lead_id.in_(lead_ids)
    found: dict[str, list[Written]] = {each: [] for each in lead_ids}
    for row in connection.execute(select(lead_credits).where(*theirs)):
        found[row.lead_id].append(tuple(row))
    return {lead_id: sorted(rows, key=_in_order) for lead_id, rows in found.items()}


def _in_order(row: Written) -> tuple[object, object]:
    """By the way of counting, and the place."""
    return row[1], row[4]


def _rows(
    connection: Connection, company_id: str, look_back_days: int, lead_ids: Sequence[str]
) -> dict[str, list[Written]]:
    found: dict[str, list[Written]] = {each: [] for each in lead_ids}
    for by in CountedBy:
        asked = Asked(company_id, look_back_days, by, _DIMENSIONS)
        for way in ways_to_leads(connection, asked, lead_ids):
            found[way.record.lead.lead_id] += _rows_of(asked, way)
    return found


def _rows_of(asked: Asked, way: WaysToLead) -> Iterator[Written]:
    """In the order of the table's columns."""
    lead = way.record.lead
    for place, part in enumerate(shared_out(way.ways, lead.created_at)):
        yield (
            asked.company_id,
            asked.by.value,
            lead.created_at,
            lead.lead_id,
            place,
            asked.look_back_days,
            lead.began_as.value,
            part.session_id,
            part.is_plain,
            part.way,
            part.probability,
            part.until_last,
            part.visits,
            *part.shares,
            *(way.otherwise if part.session_id is None else way.known[part.session_id]),
        )
