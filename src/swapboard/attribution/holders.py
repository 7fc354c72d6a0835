"""Who held a number, and what was known of them and of the caller when a call arrived, from the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, select

from swapboard.attribution.ending import ending
from swapboard.attribution.evidence import MOST_NAMELESS, Known, Link, Share
from swapboard.attribution.hazard import LONGEST_AGE, TAP_LASTS
from swapboard.attribution.match import Holder
from swapboard.clock import Millis
from swapboard.storage.schema import call_candidates, calls, leases, numbers, sessions, visit_events

MOST_HOLDERS = 400
ON_PHONE = ("phone", "tablet")


def holders_of(connection: Connection, company_id: str, number_id: str, at: Millis, call_id: str) -> list[Holder]:
    """The latest sessions that held the number before the moment, as they were then."""
    rows = connection.execute(
        select(leases.c.from_at, leases.c.until_at, leases.c.expires_at, sessions)
        .join_from(leases, sessions, _same_session())
        .where(
            leases.c.company_id == company_id,
            leases.c.number_id == number_id,
            leases.c.from_at <= at,
            leases.c.from_at > at - LONGEST_AGE,
        )
        .order_by(leases.c.from_at.desc())
        .limit(MOST_HOLDERS)
    ).all()
    found: dict[str, Holder] = {}
    for row in rows:
        # A session that held it twice is as it was the last time.
        found.setdefault(row.session_id, _holder(row, at))
    add_taps(connection, company_id, at, found)
    for session_id, belief in called_before(connection, company_id, at, call_id, found).items():
        found[session_id].called = belief
    return list(found.values())


def known_caller(
    connection: Connection, company_id: str, caller: str | None, at: Millis, call_id: str
) -> Known | None:
    """What the caller's last call says of it; None for one who never called, or withholds the number."""
    if caller is None:
        return None
    query = _earlier(company_id, at, call_id).where(calls.c.caller_number == caller).limit(1)
    last = connection.execute(query).one_or_none()
    return _known(connection, company_id, last) if last else None


def withheld_callers(
    connection: Connection, company_id: str, number_id: str, at: Millis, call_id: str
) -> tuple[Known, ...]:
    """The latest calls to the number from withheld numbers; a session counts in the last one it may have made."""
    query = _earlier(company_id, at, call_id).where(
        calls.c.caller_number.is_(None), calls.c.number_id == number_id, calls.c.started_at > at - LONGEST_AGE
    )
    found: list[Known] = []
    seen: set[str] = set()
    for row in connection.execute(query.limit(MOST_NAMELESS)).all():
        known = _known(connection, company_id, row)
        found.append(replace(known, shares=tuple(each for each in known.shares if each.session_id not in seen)))
        seen.update(each.session_id for each in known.shares)
    return tuple(found)


def _earlier(company_id: str, at: Millis, call_id: str) -> Select[Any]:
    """Calls before this one, the latest first."""
    return (
        select(calls.c.call_id, calls.c.started_at, calls.c.number_id)
        .where(calls.c.company_id == company_id, calls.c.started_at <= at, calls.c.call_id != call_id)
        .order_by(calls.c.started_at.desc(), calls.c.call_id.desc())
    )


def _known(connection: Connection, company_id: str, call: Row[*tuple[Any, ...]]) -> Known:
    rows = connection.execute(
        select(call_candidates.c.session_id, call_candidates.c.probability, sessions.c.visitor_id)
        .join_from(
            call_candidates,
            sessions,
            and_(
                sessions.c.company_id == call_candidates.c.company_id,
                sessions.c.session_id == call_candidates.c.session_id,
            ),
        )
        .where(call_candidates.c.company_id == company_id, call_candidates.c.call_id == call.call_id)
    ).all()
    shares = tuple(Share(row.session_id, row.visitor_id, row.probability) for row in rows)
    nobody = max(0.0, 1.0 - sum(share.belief for share in shares))
    return Known(call.started_at, call.number_id or "", shares, nobody)


def links_of(
    connection: Connection, company_id: str, visitor_ids: Collection[str], at: Millis, call_id: str
) -> dict[str, Link]:
    """From which number each visitor called before, with our belief that it did."""
    rows = connection.execute(
        select(calls.c.visitor_id, calls.c.caller_number, calls.c.confidence)
        .where(
            calls.c.company_id == company_id,
            calls.c.visitor_id.in_(list(visitor_ids)),
            calls.c.caller_number.is_not(None),
            calls.c.started_at <= at,
            calls.c.call_id != call_id,
        )
        .order_by(calls.c.started_at, calls.c.call_id)
    )
    return {row.visitor_id: Link(row.caller_number, row.confidence or 0.0) for row in rows}


def pool_size(connection: Connection, company_id: str, pool_id: str | None) -> int:
    """How many numbers the pool has."""
    query = select(func.count()).where(
        numbers.c.company_id == company_id, numbers.c.pool_id == pool_id, numbers.c.released_at.is_(None)
    )
    return max(1, connection.execute(query).scalar_one())


def _holder(row: Row[*tuple[Any, ...]], at: Millis) -> Holder:
    end = ending(row.from_at, row.until_at, row.expires_at, at)
    hidden = end.away_at is None and row.state == "hidden" and row.last_seen_at <= at
    return Holder(
        session_id=row.session_id,
        visitor_id=row.visitor_id,
        came_at=min(row.started_at, row.from_at),
        heard_at=end.heard_at,
        left_at=end.left_at,
        hidden_at=row.last_seen_at if hidden else None,
        on_phone=row.device in ON_PHONE,
        returning=row.is_returning,
        region=row.time_zone,
    )


def add_taps(connection: Connection, company_id: str, at: Millis, found: Mapping[str, Holder]) -> None:
    """Note when each of the sessions, by id, tapped or copied the number lately."""
    query = (
        select(visit_events.c.session_id, func.max(visit_events.c.happened_at).label("tapped_at"))
        .where(
            visit_events.c.company_id == company_id,
            visit_events.c.session_id.in_(list(found)),
            visit_events.c.kind.in_(("tap", "copy")),
            visit_events.c.happened_at <= at,
            visit_events.c.happened_at > at - TAP_LASTS,
        )
        .group_by(visit_events.c.session_id)
    )
    for row in connection.execute(query):
        found[row.session_id].tapped_at = row.tapped_at


def called_before(
    connection: Connection, company_id: str, at: Millis, call_id: str | None, session_ids: Iterable[str]
) -> dict[str, float]:
    """Our belief that each session made a call before, other than this one."""
    rows = connection.execute(
        select(call_candidates.c.session_id, call_candidates.c.probability)
        .join_from(
            call_candidates,
            calls,
            and_(calls.c.company_id == call_candidates.c.company_id, calls.c.call_id == call_candidates.c.call_id),
        )
        .where(
            call_candidates.c.company_id == company_id,
            call_candidates.c.session_id.in_(list(session_ids)),
            calls.c.started_at <= at,
            *([call_candidates.c.call_id != call_id] if call_id else ()),
        )
    )
    not_called: dict[str, float] = defaultdict(lambda: 1.0)
    for row in rows:
        not_called[row.session_id] *= 1.0 - row.probability
    return {session_id: 1.0 - belief for session_id, belief in not_called.items()}


def _same_session() -> Any:
    return and_(sessions.c.company_id == leases.c.company_id, sessions.c.session_id == leases.c.session_id)
