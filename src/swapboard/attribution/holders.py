"""Who held a number, and what was known of them when a call arrived, from the database."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, and_, bindparam, func, select

from swapboard.attribution.candidate_joins import IS_ITS_CALL, IS_ITS_VISIT
from swapboard.attribution.ending import ending
from swapboard.attribution.evidence import Link, linked, who_of
from swapboard.attribution.hazard import LONGEST_AGE, TAP_LASTS
from swapboard.attribution.holder import Holder
from swapboard.clock import Millis
from swapboard.storage.schema import call_candidates, calls, leases, numbers, sessions, visit_events

MOST_HOLDERS = 400
ON_PHONE = ("phone", "tablet")


_COMPANY: BindParameter[str] = bindparam("of_company")
_AT: BindParameter[Millis] = bindparam("at")
_SINCE: BindParameter[Millis] = bindparam("since")
_THIS: BindParameter[str] = bindparam("this")
_SESSIONS: BindParameter[list[str]] = bindparam("sessions", expanding=True)
_HELD = select(leases.c.from_at, leases.c.until_at, leases.c.expires_at, sessions).join_from(
    leases,
    sessions,
    and_(sessions.c.company_id == leases.c.company_id, sessions.c.session_id == leases.c.session_id),
)
_HELD_BEFORE = (
    _HELD.where(
        leases.c.company_id == _COMPANY,
        leases.c.number_id == bindparam("of_number"),
        leases.c.from_at <= _AT,
        leases.c.from_at > _SINCE,
    )
    .order_by(leases.c.from_at.desc())
    .limit(MOST_HOLDERS)
)
_THEIRS = select(sessions.c.session_id).where(
    sessions.c.company_id == _COMPANY, sessions.c.visitor_id.in_(bindparam("visitors", expanding=True))
)
_HELD_BY = (
    # As it stands here, a number is in no index: nothing goes through all that ever held it.
    _HELD.where(
        leases.c.company_id == _COMPANY,
        leases.c.session_id.in_(_THEIRS),
        leases.c.number_id.concat("") == bindparam("of_number"),
        leases.c.from_at + 0 <= _AT,
    )
    .order_by((leases.c.from_at + 0).desc())
    .limit(MOST_HOLDERS)
)
# A sum is in no index: SQLite would go through all calls in their order, and not to those of a few visits.
_STARTED = calls.c.started_at + 0
_BEFORE = _STARTED <= _AT
_CALLED_BEFORE = (
    # By their visits: joined the other way, SQLite would go through all candidates of the company.
    select(
        call_candidates.c.session_id,
        sessions.c.visitor_id,
        call_candidates.c.probability,
        calls.c.started_at,
        calls.c.caller_number,
    )
    .join_from(call_candidates, calls, IS_ITS_CALL)
    .join(sessions, IS_ITS_VISIT)
    .where(
        call_candidates.c.company_id == _COMPANY,
        call_candidates.c.session_id.in_(_THEIRS),
        _BEFORE,
        call_candidates.c.call_id != _THIS,
    )
    .order_by(_STARTED, calls.c.call_id, call_candidates.c.rank)
)
_TAPS = (
    select(visit_events.c.session_id, func.max(visit_events.c.happened_at).label("tapped_at"))
    .where(
        visit_events.c.company_id == _COMPANY,
        visit_events.c.session_id.in_(_SESSIONS),
        visit_events.c.kind.in_(("tap", "copy")),
        visit_events.c.happened_at <= _AT,
        visit_events.c.happened_at > _SINCE,
    )
    .group_by(visit_events.c.session_id)
)
_BELIEVED_BEFORE = (
    select(call_candidates.c.session_id, call_candidates.c.probability, calls.c.started_at, calls.c.caller_number)
    .join_from(call_candidates, calls, IS_ITS_CALL)
    .where(
        call_candidates.c.company_id == _COMPANY,
        call_candidates.c.session_id.in_(_SESSIONS),
        _BEFORE,
    )
)
_POOL_SIZE = select(func.count()).where(
    numbers.c.company_id == _COMPANY, numbers.c.pool_id == bindparam("of_pool"), numbers.c.released_at.is_(None)
)


def holders_of(
    connection: Connection,
    company_id: str,
    number_id: str,
    at: Millis,
    call_id: str,
    visitor_ids: Collection[str] = (),
) -> tuple[list[Holder], dict[str, Link]]:
    """The latest sessions that held the number before the moment, and whenever they did, those of these visitors.

    They are as they were then; and from which number each one's visitor called before, by visitor.
    """
    asked = {"of_company": company_id, "of_number": number_id, "at": at}
    rows = connection.execute(_HELD_BEFORE, {**asked, "since": at - LONGEST_AGE}).all()
    if visitor_ids:
        theirs = connection.execute(_HELD_BY, {**asked, "visitors": sorted(visitor_ids)})
        rows = [*rows, *theirs]
    found: dict[str, Holder] = {}
    for row in rows:
        # A session that held it twice is as it was the last time.
        found.setdefault(row.session_id, _holder(row, at))
    if not found:
        return [], {}
    add_taps(connection, company_id, at, found)
    links = told_by_calls(connection, company_id, at, call_id, found)
    return list(found.values()), links


def told_by_calls(
    connection: Connection, company_id: str, at: Millis, call_id: str, found: Mapping[str, Holder]
) -> dict[str, Link]:
    """Note who of them, by session, made a call before; tell from which number each visitor did, from any visit.

    Whether or not a call was credited to it: each as far as that is believed.
    """
    visitors = sorted({each.visitor_id for each in found.values()})
    asked = {"of_company": company_id, "visitors": visitors, "at": at, "this": call_id}
    links: dict[str, Link] = {}
    for row in connection.execute(_CALLED_BEFORE, asked):
        if row.session_id in found:
            withheld = row.caller_number is None
            found[row.session_id].believe(row.probability, row.started_at, withheld=withheld)
        if row.caller_number is not None:
            before = links.get(row.visitor_id)
            links[row.visitor_id] = linked(before, row.caller_number, row.probability, row.session_id)
    return links


def pool_size(connection: Connection, company_id: str, pool_id: str | None) -> int:
    """How many numbers the pool has."""
    if pool_id is None:
        return 1
    return max(1, connection.execute(_POOL_SIZE, {"of_company": company_id, "of_pool": pool_id}).scalar_one())


def _holder(row: Row[*tuple[Any, ...]], at: Millis) -> Holder:
    end = ending(row.from_at, row.until_at, row.expires_at, at)
    # Since when a page lies hidden is not kept, nor for how long it did: so its time, too, counts as looked at.
    return Holder(
        session_id=row.session_id,
        visitor_id=row.visitor_id,
        came_at=min(row.started_at, row.from_at),
        heard_at=end.heard_at,
        left_at=end.left_at,
        who=who_of(row.device in ON_PHONE, row.is_returning),
        region=row.time_zone,
    )


def add_taps(connection: Connection, company_id: str, at: Millis, found: Mapping[str, Holder]) -> None:
    """Note when each of the sessions, by id, tapped or copied the number lately."""
    asked = {"of_company": company_id, "sessions": list(found), "at": at, "since": at - TAP_LASTS}
    for row in connection.execute(_TAPS, asked):
        found[row.session_id].tapped_at = row.tapped_at


def add_calls(connection: Connection, company_id: str, at: Millis, found: Mapping[str, Holder]) -> None:
    """Note our belief that each of the sessions, by id, made a call before."""
    asked = {"of_company": company_id, "sessions": list(found), "at": at}
    for row in connection.execute(_BELIEVED_BEFORE, asked):
        withheld = row.caller_number is None
        found[row.session_id].believe(row.probability, row.started_at, withheld=withheld)
