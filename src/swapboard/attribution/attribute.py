"""Credits a call to a visit or a placement, from what was known when it arrived."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row

from swapboard.attribution import store
from swapboard.attribution.match import Candidate, match
from swapboard.attribution.store import Attribution
from swapboard.calls.call import Call
from swapboard.numbers.e164 import national

STATIC_CONFIDENCE = 1.0


def attribute(connection: Connection, company_id: str, call_id: str, call: Call, place: str | None) -> Attribution:
    """Find who made the call, and write it down."""
    attribution, candidates = _conclude(connection, company_id, call)
    store.credit(connection, company_id, call_id, attribution, candidates, search_text(call, place, attribution))
    return attribution


def search_text(call: Call, place: str | None, attribution: Attribution) -> str:
    """All that a person might look a call up by, in small letters."""
    numbers = [number for number in (call.caller, call.tracking_number, call.destination) if number]
    words = [
        *numbers,
        *(national(number) for number in numbers),
        call.caller_name,
        place,
        attribution.channel,
        attribution.source,
        attribution.medium,
        attribution.campaign,
        attribution.keyword,
        attribution.landing_page,
        *(attribution.click_ids or {}).values(),
    ]
    return " ".join(word for word in words if word).lower()


def _conclude(connection: Connection, company_id: str, call: Call) -> tuple[Attribution, Sequence[Candidate]]:
    number = store.number_row(connection, company_id, call.tracking_number or "")
    if number is None:
        return Attribution("unknown"), ()
    if number.kind == "static":
        return _static(number), ()
    candidates = match(call.started_at, store.holds_of(connection, company_id, number.number_id, call.started_at))
    session = store.session_row(connection, company_id, candidates[0].session_id) if candidates else None
    if session is None:
        return Attribution("unknown", number_id=number.number_id), candidates
    return _session(number.number_id, session, candidates[0].probability), candidates


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
        click_ids=session.click_ids,
    )
