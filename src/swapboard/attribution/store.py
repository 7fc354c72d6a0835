"""Who held a number, and what was concluded from it, in the database."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, Text, bindparam, cast, delete, insert, select, update

from swapboard.attribution.calibration import Check
from swapboard.attribution.call_shares import kept
from swapboard.attribution.learned import Evidence, Learned, check_from_json, evidence_from_json, from_json
from swapboard.attribution.posterior import Candidate
from swapboard.clock import Millis
from swapboard.storage.asked_once import asked_once
from swapboard.storage.bulk import BulkInsert, Known, json_text
from swapboard.storage.schema import call_candidates, call_evidence, calls, curves, numbers, sessions
from swapboard.visits.words import NO_WORDS, words_of


@dataclass(frozen=True, slots=True)
class Attribution:
    """What a call is credited to; `kind` is session, static or unknown."""

    kind: str
    number_id: str | None = None
    confidence: float | None = None
    session_id: str | None = None
    visitor_id: str | None = None
    channel: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    keyword: str | None = None
    landing_page: str | None = None
    referrer: str | None = None
    ad_group: str | None = None
    ad: str | None = None
    device: str | None = None
    click_ids: dict[str, str] | None = None


NumberRow: TypeAlias = Row[*tuple[Any, ...]]
_OWNED = select(numbers).where(numbers.c.company_id == bindparam("of_company"))
_HELD = _OWNED.where(numbers.c.number.in_(bindparam("named", expanding=True)), numbers.c.released_at.is_(None))
_RELEASED = (
    _OWNED.where(numbers.c.number == bindparam("named"), numbers.c.released_at.is_not(None))
    .order_by(numbers.c.released_at.desc())
    .limit(1)
)
_LATEST_CURVE = (
    # As text, which tells whether it was read before.
    select(curves.c.version, curves.c.learned_at, curves.c.calls, cast(curves.c.learned, Text).label("learned"))
    .where(curves.c.company_id == bindparam("of_company"))
    .order_by(curves.c.version.desc())
    .limit(1)
)
_PRIOR = Learned()
_MOST_READ = 16
"""Each learned version keeps the rates of up to 64 moments, 2.3 MB, of nights that are over as well. To read one
and make the rates of a moment anew takes a third of a millisecond.
"""
_KEEP_EVIDENCE = BulkInsert(call_evidence, Known.REPLACED)
_SESSION = select(sessions).where(
    sessions.c.company_id == bindparam("of_company"), sessions.c.session_id == bindparam("this")
)
_CREDIT = update(calls).where(
    calls.c.company_id == bindparam("of_company"), calls.c.call_id == bindparam("of_call")
)
_FORGET_CANDIDATES = delete(call_candidates).where(
    call_candidates.c.company_id == bindparam("of_company"), call_candidates.c.call_id == bindparam("of_call")
)


@lru_cache(maxsize=_MOST_READ)
def _learned(version: int, text: str, learned_at: Millis, count: int) -> Learned:
    return from_json(version, json.loads(text), learned_at, count)


def number_rows(connection: Connection, company_id: str, named: Collection[str]) -> Mapping[str, NumberRow]:
    """The company's tracking numbers with these E.164 forms, or those of them that were released last."""
    if not named:
        return {}
    held = connection.execute(_HELD, {"of_company": company_id, "named": sorted(named)})
    found: dict[str, NumberRow] = {row.number: row for row in held}
    # One after the other, for each has an index of its own.
    for number in set(named) - found.keys():
        released = connection.execute(_RELEASED, {"of_company": company_id, "named": number}).one_or_none()
        if released is not None:
            found[number] = released
    return found


@asked_once
def learned(connection: Connection, company_id: str) -> Learned:
    """What was learned last; the prior when nothing was yet."""
    row = connection.execute(_LATEST_CURVE, {"of_company": company_id}).one_or_none()
    return _learned(row.version, row.learned, row.learned_at, row.calls) if row else _PRIOR


def nobody_of(connection: Connection, company_id: str, call_id: str) -> float | None:
    """How probable it was, when the call was credited, that nobody from the site made it.

    None where a visit was more probable, or there is no evidence.
    """
    query = (
        select(call_evidence.c.version, call_evidence.c.happened_at, call_evidence.c.evidence, curves.c.learned)
        .join_from(
            call_evidence,
            curves,
            (curves.c.company_id == call_evidence.c.company_id) & (curves.c.version == call_evidence.c.version),
            isouter=True,
        )
        .where(call_evidence.c.company_id == company_id, call_evidence.c.call_id == call_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    curve = (from_json(row.version, row.learned) if row.learned else Learned()).curve
    probabilities, nobody = evidence_from_json(row.evidence, row.happened_at).weigh(curve)
    return nobody if nobody >= max(probabilities.values(), default=0.0) else None


def keep_evidence(
    connection: Connection, company_id: str, call_id: str, at: Millis, version: int, evidence: Evidence
) -> None:
    """Write what a call was concluded from, instead of what was known when it rang."""
    _KEEP_EVIDENCE.run(connection, [(company_id, call_id, at, version, json_text(evidence.as_json()))])


def checks_since(connection: Connection, company_id: str, since: Millis) -> list[Check]:
    """The checks of the calls since then that a tap gave away."""
    kept = call_evidence.c.evidence["check"]
    query = select(kept.label("kept")).where(
        call_evidence.c.company_id == company_id, call_evidence.c.happened_at >= since
    )
    found = (check_from_json(row.kept) for row in connection.execute(query))
    return [check for check in found if check]


def session_row(connection: Connection, company_id: str, session_id: str) -> Row[*tuple[Any, ...]] | None:
    """The session's facts, or None when they were forgotten."""
    return connection.execute(_SESSION, {"of_company": company_id, "this": session_id}).one_or_none()


def calls_credited_to(connection: Connection, company_id: str, session_ids: Collection[str]) -> Sequence[str]:
    """The ids of the calls that these visits made, as far as is believed."""
    theirs = calls.c.company_id == company_id, calls.c.session_id.in_(session_ids)
    return connection.scalars(select(calls.c.call_id).where(*theirs)).all()


def credit(
    connection: Connection,
    company_id: str,
    call_id: str,
    attribution: Attribution,
    candidates: Sequence[Candidate],
    search_text: str,
    *,
    is_new: bool = False,
) -> None:
    """Write what a call is credited to, and the runners-up; a new call has none yet."""
    of_call = {"of_company": company_id, "of_call": call_id}
    left = kept(attribution.kind, attribution.session_id, candidates)
    facts = {
        "number_id": attribution.number_id,
        "attribution_kind": attribution.kind,
        "confidence": attribution.confidence,
        "session_id": attribution.session_id,
        "visitor_id": attribution.visitor_id,
        "channel": attribution.channel,
        "source": attribution.source,
        "medium": attribution.medium,
        "campaign": attribution.campaign,
        "keyword": attribution.keyword,
        "landing_page": attribution.landing_page,
        "referrer": attribution.referrer,
        "ad_group": attribution.ad_group,
        "ad": attribution.ad,
        "device": attribution.device,
        "own_millionths": left.own,
        "nobodys_millionths": left.nobodys,
        "click_ids": attribution.click_ids or {},
        "search_text": search_text,
    }
    connection.execute(_CREDIT, {**facts, **of_call})
    if not is_new:
        connection.execute(_FORGET_CANDIDATES, of_call)
    # What the call is credited to itself stands at the call.
    others = [each.session_id for each in candidates if each.session_id != attribution.session_id]
    words = words_of(connection, company_id, others)
    rows = [
        {
            "company_id": company_id,
            "call_id": call_id,
            "session_id": each.session_id,
            "rank": rank,
            "probability": each.probability,
            "because": each.because,
            **words.get(each.session_id, NO_WORDS),
        }
        for rank, each in enumerate(candidates, 1)
    ]
    if rows:
        connection.execute(insert(call_candidates), rows)
