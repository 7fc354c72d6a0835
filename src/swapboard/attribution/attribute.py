"""Credits a call to a visit or a placement, from what was known when it arrived."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row

from swapboard.attribution import holders, known_callers, store
from swapboard.attribution.calibration import blind_check
from swapboard.attribution.evidence import Ratios, area_of
from swapboard.attribution.home import time_zone_of
from swapboard.attribution.learned import Evidence, Learned, evidence_of
from swapboard.attribution.match import match
from swapboard.attribution.posterior import Candidate, because
from swapboard.attribution.ring import Ring
from swapboard.attribution.same_number import linked_of
from swapboard.attribution.store import Attribution
from swapboard.calls.call import Call
from swapboard.numbers.e164 import national

STATIC_CONFIDENCE = 1.0
MOST_CANDIDATES = 50
LEAST_PROBABILITY = 0.001
"""Candidates below it are not shown, but for the best."""
LEAST_NAMED = 1e-5


def attribute(
    connection: Connection,
    company_id: str,
    call_id: str,
    call: Call,
    number: Row[*tuple[Any, ...]] | None,
    place: str | None,
    *,
    is_new: bool,
    is_lone: bool = False,
) -> Attribution:
    """Find who made the call, and write it down with what it was concluded from.

    `number` is the tracking number's row; `is_new` tells that nothing was concluded before, `is_lone` that its
    caller made no other call.
    """
    candidates: tuple[Candidate, ...] = ()
    if number is None:
        attribution = Attribution("unknown")
    elif number.kind == "static":
        attribution = _static(number)
    else:
        learned = store.learned(connection, company_id)
        evidence = _gather(connection, company_id, call_id, call, number, learned, is_lone=is_lone)
        store.keep_evidence(connection, company_id, call_id, call.started_at, learned.version, evidence)
        attribution, candidates = conclude(connection, company_id, number.number_id, evidence, learned)
    text = search_text(
        (call.caller, call.tracking_number, call.destination), (call.caller_name, place), attribution
    )
    store.credit(connection, company_id, call_id, attribution, candidates, text, is_new=is_new)
    return attribution


def conclude(
    connection: Connection, company_id: str, number_id: str, evidence: Evidence, learned: Learned
) -> tuple[Attribution, tuple[Candidate, ...]]:
    """Weigh the evidence by what was learned: the best session, unless *nobody* is more probable."""
    probabilities, nobody = evidence.weigh(learned.curve)
    why = {session_id: because for session_id, _, _, _, because in evidence.candidates}
    found = sorted(
        (Candidate(key, probability, why[key]) for key, probability in probabilities.items()),
        key=lambda each: (-each.probability, each.session_id),
    )
    shown = found[:1] + [each for each in found[1:MOST_CANDIDATES] if each.probability >= LEAST_PROBABILITY]
    named = tuple(shown)
    if not named or named[0].probability < nobody:
        return Attribution("unknown", number_id=number_id), named
    session = store.session_row(connection, company_id, named[0].session_id)
    if session is None:
        return Attribution("unknown", number_id=number_id), named
    return _session(number_id, session, named[0].probability), named


def _gather(
    connection: Connection,
    company_id: str,
    call_id: str,
    call: Call,
    number: Row[*tuple[Any, ...]],
    learned: Learned,
    *,
    is_lone: bool,
) -> Evidence:
    at, caller = call.started_at, call.caller
    called_before = None if is_lone else caller
    known = known_callers.known_caller(connection, company_id, called_before, at, call_id, learned.curve)
    withheld = (
        () if caller else known_callers.withheld_callers(connection, company_id, number.number_id, at, call_id)
    )
    # Who called before may call from any visit, however long ago and however many held the number since.
    earlier = (known,) if known else withheld
    who = {share.visitor_id for each in earlier for share in each.shares}
    held, links = holders.holders_of(connection, company_id, number.number_id, at, call_id, who)
    ring = Ring(
        at=at,
        number_id=number.number_id,
        caller=caller,
        areas=_areas(learned, caller) if caller else {},
        known=known,
        # Only a caller who called before is weighed by these, and they take longer than all the rest.
        known_callers=known_callers.callers_heard(connection, company_id, learned, at) if known else 0,
        pool_size=holders.pool_size(connection, company_id, number.pool_id) if known else 1,
        withheld=withheld,
    )
    posterior = match(ring, held, learned.curve, links, least=LEAST_NAMED)
    why = {each.holder.session_id: because(each.holder, at) for each in posterior.weighed}
    check = blind_check(ring, held, learned.curve, links)
    return evidence_of(ring, posterior, why, check, linked_of(ring, posterior))


def _areas(learned: Learned, caller: str) -> Ratios:
    """How the caller's area speaks for each region; a visitor's region is its time zone."""
    area = area_of(caller)
    areas = replace(learned.areas, homes={**learned.areas.homes, area: time_zone_of(caller)})
    return Ratios(areas, area)


def search_text(numbers: Sequence[str | None], names: Sequence[str | None], attribution: Attribution) -> str:
    """All that a person might look a call up by, in small letters; numbers are E.164."""
    known = [number for number in numbers if number]
    words = [
        *known,
        *(national(number) for number in known),
        *names,
        attribution.channel,
        attribution.source,
        attribution.medium,
        attribution.campaign,
        attribution.keyword,
        attribution.landing_page,
        *(attribution.click_ids or {}).values(),
    ]
    return " ".join(word for word in words if word).lower()


def _static(number: Row[*tuple[Any, ...]]) -> Attribution:
    return Attribution(
        kind="static",
        number_id=number.number_id,
        confidence=STATIC_CONFIDENCE,
        channel=number.channel,
        source=number.source,
        medium=number.medium,
        campaign=number.campaign or number.placement,
    )


def _session(number_id: str, session: Row[*tuple[Any, ...]], confidence: float) -> Attribution:
    return Attribution(
        kind="session",
        number_id=number_id,
        confidence=confidence,
        session_id=session.session_id,
        visitor_id=session.visitor_id,
        channel=session.channel,
        source=session.source,
        medium=session.medium,
        campaign=session.campaign,
        keyword=session.term,
        landing_page=session.landing_page,
        referrer=session.referrer,
        ad_group=session.value_track.get("adgroupid"),
        ad=session.content,
        device=session.device,
        click_ids=session.click_ids,
    )
