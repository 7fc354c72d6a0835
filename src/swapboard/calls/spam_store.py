"""What a company does about spam, and what its calls are held to be, in the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import BindParameter, Boolean, Connection, Row, bindparam, func, insert, select, update

from swapboard.calls.call import Call, Status
from swapboard.calls.caller_word_store import words_of_caller
from swapboard.calls.spam import (
    REMEMBERED,
    Assessment,
    Attestation,
    Earlier,
    Policy,
    Reason,
    Ringing,
    Signal,
    Traffic,
    assess,
    word_on,
)
from swapboard.clock import DAY, Millis
from swapboard.storage.asked_once import asked_once
from swapboard.storage.schema import calls, numbers, spam_policies

_POLICY = TypeAdapter(Policy)
OVER_CAP = "over the day's limit"
REFUSED = "spam"
MOST_EARLIER = 200
USUAL_DAYS = 28


_COMPANY: BindParameter[str] = bindparam("of_company")
_OF_CALL = calls.c.company_id == _COMPANY, calls.c.call_id == bindparam("of_call")
_IS_SPAM = func.coalesce(calls.c.spam_said, bindparam("found", type_=Boolean))
"""A person's word stands."""
_MARK = (
    update(calls)
    .where(*_OF_CALL)
    .values(is_spam=_IS_SPAM, first_time_caller=calls.c.first_time_caller & ~_IS_SPAM)
    .returning(calls.c.is_spam)
)
_POLICY_OF = select(spam_policies.c.policy).where(spam_policies.c.company_id == _COMPANY)
_HONEYPOTS = select(numbers.c.number).where(
    numbers.c.company_id == _COMPANY,
    numbers.c.number.in_(bindparam("dialled", expanding=True)),
    numbers.c.is_honeypot,
    numbers.c.released_at.is_(None),
)
_EARLIER = (
    select(calls.c.call_ref, calls.c.tracking_number, calls.c.started_at, calls.c.talk_seconds, calls.c.is_spam)
    .where(
        calls.c.company_id == _COMPANY,
        calls.c.caller_number == bindparam("caller"),
        calls.c.started_at <= bindparam("at"),
    )
    .order_by(calls.c.started_at.desc())
    .limit(MOST_EARLIER)
)


@dataclass(frozen=True, slots=True)
class SpamState:
    """What a call is held to be, why, and what a person said of it."""

    is_spam: bool
    score: float | None
    reasons: tuple[Reason, ...]
    said: bool | None


@asked_once
def policy_of(connection: Connection, company_id: str) -> Policy:
    """What the company does about spam."""
    kept = connection.execute(_POLICY_OF, {"of_company": company_id}).scalar_one_or_none()
    return Policy() if kept is None else _POLICY.validate_python(kept)


def set_policy(connection: Connection, company_id: str, policy: Policy) -> None:
    """Do this about spam from now on."""
    kept = {"policy": _POLICY.dump_python(policy, mode="json")}
    changed = update(spam_policies).where(spam_policies.c.company_id == company_id).values(kept)
    if not connection.execute(changed).rowcount:
        connection.execute(insert(spam_policies).values(company_id=company_id, **kept))


def honeypots_of(connection: Connection, company_id: str) -> frozenset[str]:
    """The numbers (E.164) that nobody is shown."""
    query = select(numbers.c.number).where(
        numbers.c.company_id == company_id, numbers.c.is_honeypot, numbers.c.released_at.is_(None)
    )
    return frozenset(connection.execute(query).scalars())


def _honeypots_among(connection: Connection, company_id: str, dialled: Collection[str | None]) -> frozenset[str]:
    """Those of the numbers that nobody is shown; a company may have thousands of others."""
    asked = {"of_company": company_id, "dialled": sorted(filter(None, dialled))}
    return frozenset(connection.execute(_HONEYPOTS, asked).scalars() if asked["dialled"] else ())


def earlier_of(
    connection: Connection, company_id: str, caller: str | None, at: Millis, but: str | None = None
) -> Sequence[Earlier]:
    """The caller's latest calls before, other than `but` (its carrier's id)."""
    if caller is None:
        return ()
    return [
        Earlier(row.tracking_number, row.started_at, row.talk_seconds or 0, row.is_spam)
        for row in connection.execute(_EARLIER, {"of_company": company_id, "caller": caller, "at": at})
        if row.call_ref != but
    ]


def mark(
    connection: Connection,
    company_id: str,
    call_id: str,
    call: Call,
    *,
    came_to_honeypot: bool,
    is_lone: bool = False,
) -> bool:
    """Judge a call by what is known now, and write why; True when it counts as spam. A person's word stands.

    `is_lone` tells that its caller made no other call.
    """
    called_before = None if is_lone else call.caller
    earlier = earlier_of(connection, company_id, called_before, call.started_at, call.call_ref)
    before = _honeypots_among(connection, company_id, {each.dialled for each in earlier})
    ringing = Ringing(
        at=call.started_at,
        dialled=call.tracking_number,
        caller=call.caller,
        withheld=call.withheld,
        attestation=Attestation(call.attestation) if call.attestation else None,
        word=word_on(call.caller, words_of_caller(connection, company_id, call.caller)),
        earlier=earlier,
        honeypots=before | {call.tracking_number} if came_to_honeypot and call.tracking_number else before,
    )
    found = assess(ringing)
    # Who was refused only because of the day's cap is nobody bad.
    is_blocked = call.status is Status.BLOCKED and OVER_CAP not in call.path
    is_spam = is_blocked or found.score >= policy_of(connection, company_id).mark_from
    values = {"found": is_spam, "spam_score": found.score, "spam_reasons": reasons_as_json(found)}
    marked: bool = connection.execute(_MARK, {**values, "of_company": company_id, "of_call": call_id}).scalar_one()
    return marked


def say_of_call(connection: Connection, company_id: str, call_id: str, is_spam: bool | None) -> bool:
    """Keep a person's word on a call; None takes it back. False when there is no such call."""
    row = calls.c.company_id == company_id, calls.c.call_id == call_id
    score = connection.execute(select(calls.c.spam_score, calls.c.status).where(*row)).one_or_none()
    if score is None:
        return False
    by_itself = (score.spam_score or 0.0) >= policy_of(connection, company_id).mark_from
    holds = by_itself or score.status == Status.BLOCKED if is_spam is None else is_spam
    connection.execute(update(calls).where(*row).values(spam_said=is_spam, is_spam=holds))
    return True


def clear_calls(connection: Connection, company_id: str, caller: str) -> list[str]:
    """The caller's calls are no spam, but for those of which somebody said so; the ids of those that were."""
    rows = (
        calls.c.company_id == company_id,
        calls.c.caller_number == caller,
        calls.c.is_spam,
        calls.c.spam_said.is_(None),
    )
    ids = list(connection.execute(select(calls.c.call_id).where(*rows)).scalars())
    connection.execute(update(calls).where(*rows).values(is_spam=False))
    return ids


def renew_first_call(connection: Connection, company_id: str, caller: str) -> None:
    """Of the caller's calls that are no spam, the oldest is the first."""
    of_caller = calls.c.company_id == company_id, calls.c.caller_number == caller
    query = select(calls.c.call_id).where(*of_caller, calls.c.is_spam.is_(False))
    first = connection.execute(query.order_by(calls.c.started_at, calls.c.call_id).limit(1)).scalar_one_or_none()
    connection.execute(update(calls).where(*of_caller).values(first_time_caller=calls.c.call_id == (first or "")))


def seconds_since(connection: Connection, company_id: str, since: Millis) -> int:
    """Seconds of talk of the calls that began since then."""
    query = select(func.coalesce(func.sum(calls.c.talk_seconds), 0)).where(
        calls.c.company_id == company_id, calls.c.started_at >= since
    )
    return int(connection.execute(query).scalar_one())


def callers_of(
    connection: Connection, company_id: str, dialled: Collection[str], now: Millis
) -> Mapping[str, Earlier]:
    """Who rang one of these numbers lately, each with such a call."""
    query = select(calls.c.caller_number, calls.c.tracking_number, calls.c.started_at).where(
        calls.c.company_id == company_id,
        calls.c.started_at > now - REMEMBERED,
        calls.c.tracking_number.in_(sorted(dialled)),
        calls.c.caller_number.is_not(None),
    )
    return {row.caller_number: Earlier(row.tracking_number, row.started_at) for row in connection.execute(query)}


def traffic_of(connection: Connection, company_id: str, now: Millis) -> Traffic:
    """The last day's talk by caller, and that of a usual day by the four weeks before."""
    since = now - DAY
    by_caller = (
        select(calls.c.caller_number, func.sum(calls.c.talk_seconds).label("seconds"))
        .where(calls.c.company_id == company_id, calls.c.started_at >= since, calls.c.talk_seconds > 0)
        .where(calls.c.caller_number.is_not(None))
        .group_by(calls.c.caller_number)
    )
    before = select(func.coalesce(func.sum(calls.c.talk_seconds), 0)).where(
        calls.c.company_id == company_id,
        calls.c.started_at >= since - USUAL_DAYS * DAY,
        calls.c.started_at < since,
    )
    seconds = {row.caller_number: int(row.seconds) for row in connection.execute(by_caller)}
    return Traffic(seconds, int(connection.execute(before).scalar_one()) / USUAL_DAYS)


def state_from(row: Row[*tuple[Any, ...]]) -> SpamState:
    """What a call's row says."""
    reasons = tuple(Reason(Signal(name), count) for name, count in row.spam_reasons or ())
    return SpamState(row.is_spam, row.spam_score, reasons, row.spam_said)


def reasons_as_json(assessment: Assessment) -> list[tuple[str, int]]:
    """As a call keeps them."""
    return [(each.signal.value, each.count) for each in assessment.reasons]
