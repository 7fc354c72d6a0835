"""Who called before, of a caller that rings now: which sessions may have made those calls, from the database."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, select

from swapboard.attribution.candidate_joins import IS_ITS_CALL, IS_ITS_VISIT
from swapboard.attribution.curve import Curve
from swapboard.attribution.evidence import MOST_NAMELESS, Known, Share
from swapboard.attribution.hazard import LONGEST_AGE
from swapboard.attribution.learned import Learned, evidence_from_json
from swapboard.clock import Millis
from swapboard.storage.schema import call_candidates, call_evidence, calls, sessions

_COMPANY: BindParameter[str] = bindparam("of_company")
_EARLIER = (
    select(calls.c.call_id, calls.c.started_at, calls.c.number_id)
    .where(
        calls.c.company_id == _COMPANY, calls.c.started_at <= bindparam("at"), calls.c.call_id != bindparam("this")
    )
    .order_by(calls.c.started_at.desc(), calls.c.call_id.desc())
)
_CALLED_BEFORE = _EARLIER.where(calls.c.caller_number == bindparam("caller")).limit(1)
_NAMELESS_BEFORE = _EARLIER.where(
    calls.c.caller_number.is_(None),
    calls.c.number_id == bindparam("of_number"),
    calls.c.started_at > bindparam("since"),
).limit(MOST_NAMELESS)
_SHARES = (
    select(call_candidates.c.session_id, call_candidates.c.probability, sessions.c.visitor_id)
    .join_from(call_candidates, sessions, IS_ITS_VISIT)
    .where(call_candidates.c.company_id == _COMPANY, call_candidates.c.call_id == bindparam("of_call"))
)
_OFTEN = (
    select(calls.c.caller_number)
    .where(calls.c.company_id == _COMPANY, calls.c.caller_number.in_(bindparam("callers", expanding=True)))
    .group_by(calls.c.caller_number)
    .having(func.count() > 1)
)
_MAY_HAVE_CALLED = (
    select(calls.c.caller_number, sessions.c.visitor_id, func.min(calls.c.started_at).label("first_at"))
    .join_from(calls, call_candidates, IS_ITS_CALL)
    .join(sessions, IS_ITS_VISIT)
    .where(calls.c.company_id == _COMPANY, calls.c.caller_number.in_(_OFTEN))
    .group_by(calls.c.caller_number, sessions.c.visitor_id)
)
MOST_NEW = 10_000
"""So many callers of a day are counted: more tell nothing."""
_NEW_CALLERS = select(func.count()).select_from(
    select(calls.c.call_id)
    .where(
        calls.c.company_id == _COMPANY,
        calls.c.started_at > bindparam("since"),
        calls.c.started_at <= bindparam("at"),
        calls.c.caller_number.is_not(None),
        calls.c.first_time_caller,
    )
    .limit(MOST_NEW)
    .subquery()
)
_EVIDENCE = select(call_evidence.c.happened_at, call_evidence.c.evidence).where(
    call_evidence.c.company_id == _COMPANY, call_evidence.c.call_id == bindparam("of_call")
)


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


def callers_heard(connection: Connection, company_id: str, learned: Learned, at: Millis) -> int:
    """How many called with their numbers up to the moment: those learned from, and who is new since."""
    asked = {"of_company": company_id, "since": learned.learned_at, "at": at}
    return learned.known_callers + connection.execute(_NEW_CALLERS, asked).scalar_one()


def may_have_called(
    connection: Connection, company_id: str, callers: Collection[str]
) -> dict[str, dict[str, Millis]]:
    """By number of those who called more than once: which visitors may have called from it, and when first."""
    found: dict[str, dict[str, Millis]] = {}
    for row in connection.execute(_MAY_HAVE_CALLED, {"of_company": company_id, "callers": sorted(callers)}):
        found.setdefault(row.caller_number, {})[row.visitor_id] = row.first_at
    return found


def withheld_callers(
    connection: Connection, company_id: str, number_id: str, at: Millis, call_id: str
) -> tuple[Known, ...]:
    """The latest calls to the number from withheld numbers, the last first.

    As far as a session made a later one, its earlier call is waited for no more.
    """
    asked = {
        "of_company": company_id,
        "at": at,
        "this": call_id,
        "of_number": number_id,
        "since": at - LONGEST_AGE,
    }
    found: list[Known] = []
    left: dict[str, float] = {}
    for row in connection.execute(_NAMELESS_BEFORE, asked).all():
        known = _known(connection, company_id, row)
        shares = [share._replace(belief=share.belief * left.get(share.session_id, 1.0)) for share in known.shares]
        found.append(replace(known, shares=tuple(shares)))
        for share in known.shares:
            left[share.session_id] = left.get(share.session_id, 1.0) * (1.0 - share.belief)
    return tuple(found)


def _known(connection: Connection, company_id: str, call: Row[*tuple[Any, ...]]) -> Known:
    rows = connection.execute(_SHARES, {"of_company": company_id, "of_call": call.call_id}).all()
    shares = tuple(Share(row.session_id, row.visitor_id, row.probability) for row in rows)
    nobody = max(0.0, 1.0 - sum(share.belief for share in shares))
    return Known(call.started_at, call.number_id or "", shares, nobody)
