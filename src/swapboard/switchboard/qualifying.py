"""The company's rules look at a call that is over: when it ends, and again when what was said is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.calls.call import Status
from swapboard.calls.lead_rule_store import rules_of
from swapboard.calls.lead_rules import CallFacts, decide
from swapboard.calls.lead_score import LeadScore, score
from swapboard.calls.listing import CallRecord, call_by_id
from swapboard.calls.phrase_store import hits_of_calls, phrases_of
from swapboard.calls.phrases import Hit, Phrase, merged
from swapboard.clock import Millis
from swapboard.recordings.recording import Recording
from swapboard.recordings.speech import caller_share
from swapboard.recordings.store import recordings_of_calls
from swapboard.recordings.transcripts import written_calls
from swapboard.switchboard.judging import rules_found


@dataclass(frozen=True, slots=True)
class Rated:
    """What a call sounds like: its hits, who spoke how much, and its score."""

    hits: Sequence[Hit]
    caller_share: float | None
    score: LeadScore | None
    """None while it goes on."""


def apply_rules(connection: Connection, company_id: str, call_id: str, now: Millis) -> bool:
    """Let the rules say what they find; True when something else holds of the call now.

    To be called whenever something of a call that is over may have changed: the same again says nothing.
    """
    rules = [each.rule for each in rules_of(connection, company_id) if each.is_on]
    phrases = [each.phrase for each in phrases_of(connection, company_id)]
    if not rules and not any(each.tag for each in phrases):
        return False
    call = call_by_id(connection, company_id, call_id)
    if call is None or not call.is_over:
        return False
    facts = facts_of_calls(connection, company_id, [call])[call_id]
    finding = decide(rules, facts, score(facts, phrases).score, tags_said(facts, phrases))
    return rules_found(connection, company_id, call_id, finding, now)


def tags_said(facts: CallFacts, phrases: Sequence[Phrase]) -> tuple[str, ...]:
    """The tags of the phrases that were said."""
    said = {hit.text: hit for hit in facts.hits}
    return tuple(
        each.tag for each in phrases if each.tag and each.text in said and said[each.text].count_by(each.said_by)
    )


def rate(connection: Connection, company_id: str, calls: Sequence[CallRecord]) -> Mapping[str, Rated]:
    """How the calls sound, by call."""
    phrases = [each.phrase for each in phrases_of(connection, company_id)]
    facts = facts_of_calls(connection, company_id, calls)
    return {
        call.call_id: Rated(
            facts[call.call_id].hits,
            facts[call.call_id].caller_share,
            score(facts[call.call_id], phrases) if call.is_over else None,
        )
        for call in calls
    }


def facts_of_calls(
    connection: Connection, company_id: str, calls: Sequence[CallRecord]
) -> Mapping[str, CallFacts]:
    """What the rules and the score go by, by call."""
    call_ids = [call.call_id for call in calls]
    hits = hits_of_calls(connection, company_id, call_ids)
    recordings = recordings_of_calls(connection, company_id, call_ids)
    written = written_calls(connection, company_id, call_ids)
    return {
        call.call_id: _facts(
            call, hits.get(call.call_id, ()), recordings.get(call.call_id, ()), call.call_id in written
        )
        for call in calls
    }


def _facts(call: CallRecord, hits: Sequence[Hit], recordings: Sequence[Recording], has_words: bool) -> CallFacts:
    shares = [share for each in recordings if (share := caller_share(each.turns, len(each.waveform))) is not None]
    return CallFacts(
        status=call.status,
        talk_seconds=call.talk_seconds or 0,
        is_length_known=call.talk_seconds is not None or call.status is not Status.ANSWERED,
        voicemail_seconds=call.voicemail_seconds or 0,
        first_time_caller=call.first_time_caller,
        channel=call.channel,
        campaign=call.campaign,
        tracking_number=call.tracking_number,
        is_spam=call.is_spam,
        caller_share=next(iter(shares), None),
        has_words=has_words,
        hits=merged(hits),
    )
