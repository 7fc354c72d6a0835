"""What tells afterwards who really made a call: taps, people's words, and forms with the caller's number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum

from sqlalchemy import Connection, select

from swapboard.accounts.store import company_by_id
from swapboard.attribution.calibration import Check
from swapboard.attribution.candidate_joins import IS_ITS_VISIT
from swapboard.attribution.store import checks_since
from swapboard.attribution.verdicts import checks_by_people
from swapboard.clock import Millis
from swapboard.storage.schema import call_candidates, calls, forms, sessions
from swapboard.switchboard.enrolling import phone_in

CHECKED_DAYS = 90
"""So far back calls are looked at."""
_AT_ONCE = 500


class Proof(StrEnum):
    """How we know."""

    PERSON = "person"
    FORM = "form"
    TAP = "tap"


def confirmations(connection: Connection, company_id: str, since: Millis) -> Mapping[Proof, Sequence[Check]]:
    """The checked calls since then, by what checks them."""
    return {
        Proof.PERSON: checks_by_people(connection, company_id, since),
        Proof.FORM: checks_by_forms(connection, company_id, since),
        Proof.TAP: checks_since(connection, company_id, since),
    }


def checks_by_forms(connection: Connection, company_id: str, since: Millis) -> list[Check]:
    """The calls since then by callers who typed their number into a form, and are among those who may have called.

    The form has no part in what the call is credited to. Whoever sent it from one device and called from another,
    of whose visit we never knew that it held the number, is left out rather than counted as wrong.
    """
    senders = _senders(connection, company_id)
    phones = sorted(senders)
    found = []
    for first in range(0, len(phones), _AT_ONCE):
        some = phones[first : first + _AT_ONCE]
        query = select(calls.c.call_id, calls.c.caller_number, calls.c.visitor_id, calls.c.confidence).where(
            calls.c.company_id == company_id,
            calls.c.caller_number.in_(some),
            calls.c.started_at >= since,
            calls.c.attribution_kind == "session",
        )
        rung = connection.execute(query.order_by(calls.c.started_at, calls.c.call_id)).all()
        possible = _possible(connection, company_id, [row.call_id for row in rung])
        for row in rung:
            sent_by = senders[row.caller_number]
            if sent_by & possible.get(row.call_id, set()):
                found.append(Check(row.confidence, row.visitor_id in sent_by))
    return found


def _senders(connection: Connection, company_id: str) -> dict[str, set[str]]:
    """The visitors who typed each number (E.164)."""
    company = company_by_id(connection, company_id)
    found: dict[str, set[str]] = defaultdict(set)
    query = select(forms.c.fields, forms.c.visitor_id).where(forms.c.company_id == company_id)
    for row in connection.execute(query):
        if company and (phone := phone_in(row.fields, company.country)):
            found[phone].add(row.visitor_id)
    return found


def _possible(connection: Connection, company_id: str, call_ids: Sequence[str]) -> dict[str, set[str]]:
    """The visitors who may have made each call."""
    query = select(call_candidates.c.call_id, sessions.c.visitor_id).join_from(
        call_candidates, sessions, IS_ITS_VISIT
    )
    found: dict[str, set[str]] = defaultdict(set)
    of_calls = (call_candidates.c.company_id == company_id, call_candidates.c.call_id.in_(call_ids))
    for row in connection.execute(query.where(*of_calls)):
        found[row.call_id].add(row.visitor_id)
    return found
