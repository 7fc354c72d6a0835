"""Who held a number, and what was known of them and of the caller when a call arrived, from the database."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, and_, bindparam, func, select

from swapboard.attribution.curve import Curve
from swapboard.attribution.ending import ending
from swapboard.attribution.evidence import MOST_NAMELESS, Known, Link, Share
from swapboard.attribution.hazard import LONGEST_AGE, TAP_LASTS
from swapboard.attribution.holder import Holder
from swapboard.attribution.learned import evidence_from_json
from swapboard.clock import Millis
from swapboard.storage.schema import call_candidates, call_evidence, calls, leases, numbers, sessions, visit_events

MOST_HOLDERS = 400
ON_PHONE = ("phone", "tablet")


_COMPANY: BindParameter[str] = bindparam("of_company")
_AT: BindParameter[Millis] = bindparam("at")
_SINCE: BindParameter[Millis] = bindparam("since")
_THIS: BindParameter[str] = bindparam("this")
_SESSIONS: BindParameter[list[str]] = bindparam("sessions", expanding=True)
_HELD_BEFORE = (
    select(leases.c.from_at, leases.c.until_at, leases.c.expires_at, sessions)
    .join_from(
        leases,
        sessions,
        and_(sessions.c.company_id == leases.c.company_id, sessions.c.session_id == leases.c.session_id),
    )
    .where(
        leases.c.company_id == _COMPANY,
        leases.c.number_id == bindparam("of_number"),
        leases.c.from_at <= _AT,
        leases.c.from_at > _SINCE,
    )
    .order_by(leases.c.from_at.desc())
    .limit(MOST_HOLDERS)
)
_EARLIER = (
    select(calls.c.call_id, calls.c.started_at, calls.c.number_id)
    .where(calls.c.company_id == _COMPANY, calls.c.started_at <= _AT, calls.c.call_id != _THIS)
    .order_by(calls.c.started_at.desc(), calls.c.call_id.desc())
)
_CALLED_BEFORE = _EARLIER.where(calls.c.caller_number == bindparam("caller")).limit(1)
_NAMELESS_BEFORE = _EARLIER.where(
    calls.c.caller_number.is_(None), calls.c.number_id == bindparam("of_number"), calls.c.started_at > _SINCE
).limit(MOST_NAMELESS)
_SHARES = (
    select(call_candidates.c.session_id, call_candidates.c.probability, sessions.c.visitor_id)
    .join_from(
        call_candidates,
        sessions,
        and_(
            sessions.c.company_id == call_candidates.c.company_id,
            sessions.c.session_id == call_candidates.c.session_id,
        ),
    )
    .where(call_candidates.c.company_id == _COMPANY, call_candidates.c.call_id == bindparam("of_call"))
)
_EVIDENCE = select(call_evidence.c.happened_at, call_evidence.c.evidence).where(
    call_evidence.c.company_id == _COMPANY, call_evidence.c.call_id == bindparam("of_call")
)
# A sum is in no index: SQLite would go through all calls in their order, and not to those of a few visits.
_STARTED = calls.c.started_at + 0
_BEFORE = _STARTED <= _AT
_LINKS = (
    select(calls.c.visitor_id, calls.c.caller_number, calls.c.confidence)
    .where(
        calls.c.company_id == _COMPANY,
        calls.c.visitor_id.in_(bindparam("visitors", expanding=True)),
        calls.c.caller_number.is_not(None),
        _BEFORE,
        calls.c.call_id != _THIS,
    )
    .order_by(_STARTED, calls.c.call_id)
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
    .join_from(
        call_candidates,
        calls,
        and_(calls.c.company_id == call_candidates.c.company_id, calls.c.call_id == call_candidates.c.call_id),
    )
    .where(
        call_candidates.c.company_id == _COMPANY,
        call_candidates.c.session_id.in_(_SESSIONS),
        _BEFORE,
        call_candidates.c.call_id != _THIS,
    )
)
_POOL_SIZE = select(func.count()).where(
    numbers.c.company_id == _COMPANY, numbers.c.pool_id == bindparam("of_pool"), numbers.c.released_at.is_(None)
)


def holders_of(connection: Connection, company_id: str, number_id: str, at: Millis, call_id: str) -> list[Holder]:
    """The latest sessions that held the number before the moment, as they were then."""
    asked = {"of_company": company_id, "of_number": number_id, "at": at, "since": at - LONGEST_AGE}
    rows = connection.execute(_HELD_BEFORE, asked).all()
    found: dict[str, Holder] = {}
    for row in rows:
        # A session that held it twice is as it was the last time.
        found.setdefault(row.session_id, _holder(row, at))
    if not found:
        return []
    add_taps(connection, company_id, at, found)
    add_calls(connection, company_id, at, call_id, found)
    return list(found.values())


def known_caller(
    connection: Connection, company_id: str, caller: str | None, at: Millis, call_id: str, curve: Curve
) -> Known | None:
    """What the caller's last call says of it; None for one who never called, or withholds the number.

    Only likely candidates are kept by name: what the others had is theirs together, and not nobody's.
    """
    if caller is None:
        return None
    asked = {"of_company": company_id, "at": at, "this": call_id, "caller": caller}
    last = connection.execute(_CALLED_BEFORE, asked).one_or_none()
    if last is None:
        return None
    known = _known(connection, company_id, last)
    kept = connection.execute(_EVIDENCE, {"of_company": company_id, "of_call": last.call_id}).one_or_none()
    if kept is None:
        return known
    _sessions, nobody = evidence_from_json(kept.evidence, kept.happened_at).weigh(curve)
    return replace(known, nobody=min(nobody, known.nobody))


def withheld_callers(
    connection: Connection, company_id: str, number_id: str, at: Millis, call_id: str
) -> tuple[Known, ...]:
    """The latest calls to the number from withheld numbers; a session counts in the last one it may have made."""
    asked = {
        "of_company": company_id,
        "at": at,
        "this": call_id,
        "of_number": number_id,
        "since": at - LONGEST_AGE,
    }
    found: list[Known] = []
    seen: set[str] = set()
    for row in connection.execute(_NAMELESS_BEFORE, asked).all():
        known = _known(connection, company_id, row)
        found.append(replace(known, shares=tuple(each for each in known.shares if each.session_id not in seen)))
        seen.update(each.session_id for each in known.shares)
    return tuple(found)


def _known(connection: Connection, company_id: str, call: Row[*tuple[Any, ...]]) -> Known:
    rows = connection.execute(_SHARES, {"of_company": company_id, "of_call": call.call_id}).all()
    shares = tuple(Share(row.session_id, row.visitor_id, row.probability) for row in rows)
    nobody = max(0.0, 1.0 - sum(share.belief for share in shares))
    return Known(call.started_at, call.number_id or "", shares, nobody)


def links_of(
    connection: Connection, company_id: str, visitor_ids: Collection[str], at: Millis, call_id: str
) -> dict[str, Link]:
    """From which number each visitor called before, with our belief that it did."""
    if not visitor_ids:
        return {}
    asked = {"of_company": company_id, "visitors": list(visitor_ids), "at": at, "this": call_id}
    rows = connection.execute(_LINKS, asked)
    return {row.visitor_id: Link(row.caller_number, row.confidence or 0.0) for row in rows}


def pool_size(connection: Connection, company_id: str, pool_id: str | None) -> int:
    """How many numbers the pool has."""
    if pool_id is None:
        return 1
    return max(1, connection.execute(_POOL_SIZE, {"of_company": company_id, "of_pool": pool_id}).scalar_one())


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
    asked = {"of_company": company_id, "sessions": list(found), "at": at, "since": at - TAP_LASTS}
    for row in connection.execute(_TAPS, asked):
        found[row.session_id].tapped_at = row.tapped_at


def add_calls(
    connection: Connection, company_id: str, at: Millis, call_id: str | None, found: Mapping[str, Holder]
) -> None:
    """Note our belief that each of the sessions, by id, made a call before, other than this one."""
    asked = {"of_company": company_id, "sessions": list(found), "at": at, "this": call_id or ""}
    for row in connection.execute(_BELIEVED_BEFORE, asked):
        withheld = row.caller_number is None
        found[row.session_id].believe(row.probability, row.started_at, withheld=withheld)
