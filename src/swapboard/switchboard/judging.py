"""A call is judged, by a person, a survey at its end, or the rules: what holds then is what destinations are told.

Every judgement comes through here, so that a person's word stands above a survey's, and both above the rules'; the
caller becomes a qualified lead, or is one no longer, in the same transaction.
"""

from dataclasses import replace

from sqlalchemy import Connection

from swapboard.calls.judgement import Judgement, Word, ruled, said_by_person, verdict_of
from swapboard.calls.lead_rules import Finding
from swapboard.calls.verdict import MOST_TAGS, Verdict
from swapboard.calls.verdicts import (
    is_any_qualified,
    judgement_on,
    keep_judgement,
    verdict_on,
    write_verdict,
)
from swapboard.clock import Millis
from swapboard.conversions.event import Event
from swapboard.leads.lead import ContactKind
from swapboard.leads.listing import lead_by_id
from swapboard.leads.store import lead_of, qualify
from swapboard.switchboard.announcing import announce
from swapboard.switchboard.converting import convert, convert_forms


def judge(
    connection: Connection,
    company_id: str,
    call_id: str,
    verdict: Verdict,
    now: Millis,
    *,
    said: frozenset[str] = frozenset(),
) -> bool:
    """Keep a person's verdict; False when there is no such call.

    What differs from what held, and what is named in `said` (`qualified`, `value`), is this person's word: it
    holds for good. None takes their word back, and then a survey or the rules decide again.
    """
    holds = verdict_on(connection, company_id, call_id)
    if holds is None:
        return False
    known = judgement_on(connection, company_id, call_id, holds)
    _hold(connection, company_id, call_id, holds, said_by_person(known, holds, verdict, said), verdict.tags, now)
    return True


def survey_found(connection: Connection, company_id: str, call_id: str, said: Verdict, now: Millis) -> None:
    """What the call's flow says of it: tags are added, a value or a judgement replaces what one found before."""
    holds = verdict_on(connection, company_id, call_id)
    if holds is None:
        return
    known = judgement_on(connection, company_id, call_id, holds)
    before = known.survey
    survey = Word(
        before.qualified if said.qualified is None else said.qualified,
        before.value_cents if said.value_cents is None else said.value_cents,
    )
    new = [tag for tag in said.tags if tag not in known.taken_off]
    tags = tuple(dict.fromkeys((*holds.tags, *new)))[:MOST_TAGS]
    _hold(connection, company_id, call_id, holds, replace(known, survey=survey), tags, now)


def rules_found(connection: Connection, company_id: str, call_id: str, finding: Finding, now: Millis) -> bool:
    """What the rules say of a call; True when something else holds of it now."""
    holds = verdict_on(connection, company_id, call_id)
    if holds is None:
        return False
    known = judgement_on(connection, company_id, call_id, holds)
    judgement, tags = ruled(known, holds.tags, finding)
    if judgement == known and tags == holds.tags:
        return False
    return _hold(connection, company_id, call_id, holds, judgement, tags, now)


def _hold(
    connection: Connection,
    company_id: str,
    call_id: str,
    holds: Verdict,
    judgement: Judgement,
    tags: tuple[str, ...],
    now: Millis,
) -> bool:
    """Write who said what, and what holds by it; True when that is something else than before."""
    keep_judgement(connection, company_id, call_id, judgement)
    verdict = verdict_of(judgement, tags)
    if verdict == holds:
        return False
    write_verdict(connection, company_id, call_id, verdict)
    qualify_lead(connection, company_id, lead_of(connection, company_id, ContactKind.CALL, call_id), now)
    convert(connection, company_id, ContactKind.CALL, call_id, now)
    announce(connection, company_id, call_id, [Event.CHANGED], now)
    return True


def qualify_lead(connection: Connection, company_id: str, lead_id: str | None, now: Millis) -> None:
    """A lead is qualified while any of its calls is, and stays so since it first was."""
    record = lead_by_id(connection, company_id, lead_id) if lead_id else None
    if record:
        is_good = is_any_qualified(connection, company_id, record.contact_ids(ContactKind.CALL))
        since = (record.lead.qualified_at or now) if is_good else None
        qualify(connection, company_id, record.lead.lead_id, since)
        if is_good is (record.lead.qualified_at is None):
            convert_forms(connection, company_id, record.lead.lead_id, now)
