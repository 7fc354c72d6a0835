"""What becomes of calls, read from a company and written into one."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from swapboard.calls import lead_rule_store
from swapboard.calls.lead_rules import LeadRule
from swapboard.calls.phrase_store import (
    TooMany,
    note_phrases_changed,
    phrases_of,
    put_phrase,
    set_word_settings,
    word_settings_of,
)
from swapboard.calls.recording import ANY_LINE
from swapboard.calls.spam_store import policy_of, set_policy
from swapboard.clock import Millis
from swapboard.moving.call_settings import CallSettings, LeadRuleSetup, RecordingSetup, ReplySetup, TranscriptSetup
from swapboard.moving.difference import numbered
from swapboard.moving.toml_text import BadSetup
from swapboard.recordings import store as recordings
from swapboard.texts.store import replies_of, set_reply


def read_calls(connection: Connection, company_id: str, lines: Collection[str]) -> CallSettings:
    """The company's, in an order that is always the same; what is kept of numbers that are gone is left out."""
    words = word_settings_of(connection, company_id)
    policies = recordings.policies_of(connection, company_id)
    replies = replies_of(connection, company_id)
    return CallSettings(
        recording=[RecordingSetup(number=line or None, policy=policies[line]) for line in _among(policies, lines)],
        keeping=recordings.keeping_of(connection, company_id),
        spam=policy_of(connection, company_id),
        transcripts=TranscriptSetup(on=words.transcribes, language=words.language),
        phrases=[each.phrase for each in phrases_of(connection, company_id)],
        lead_rules=[
            LeadRuleSetup(name=name, on=each.is_on, conditions=each.rule.conditions, outcome=each.rule.outcome)
            for name, each in _lead_rules(connection, company_id).items()
        ],
        replies=[ReplySetup(number=line or None, text=replies[line]) for line in _among(replies, lines)],
    )


def write_calls(connection: Connection, company_id: str, settings: CallSettings, now: Millis) -> None:
    """Make it so; what is not mentioned stays. Raises BadSetup."""
    for recorded in settings.recording:
        recordings.set_policy(connection, company_id, recorded.number or ANY_LINE, recorded.policy)
    for reply in settings.replies:
        set_reply(connection, company_id, reply.number or ANY_LINE, reply.text)
    if settings.keeping and settings.keeping != recordings.keeping_of(connection, company_id):
        recordings.set_keeping(connection, company_id, settings.keeping)
    if settings.spam and settings.spam != policy_of(connection, company_id):
        set_policy(connection, company_id, settings.spam)
    _write_words(connection, company_id, settings, now)


def _write_words(connection: Connection, company_id: str, settings: CallSettings, now: Millis) -> None:
    before = read_calls(connection, company_id, ())
    if settings.transcripts:
        known = word_settings_of(connection, company_id)
        on, language = settings.transcripts.on, settings.transcripts.language
        transcribes = known.transcribes if on is None else on
        set_word_settings(connection, company_id, replace(known, transcribes=transcribes, language=language))
    try:
        for place, phrase in enumerate(settings.phrases):
            put_phrase(connection, company_id, phrase, now + place)
        _write_lead_rules(connection, company_id, settings, now)
    except (TooMany, lead_rule_store.TooManyRules) as error:
        raise BadSetup(f"calls: {error}") from error
    if before != read_calls(connection, company_id, ()):
        note_phrases_changed(connection, company_id, now)


def _write_lead_rules(connection: Connection, company_id: str, settings: CallSettings, now: Millis) -> None:
    """Those of the file in its order, and the others after them."""
    known = _lead_rules(connection, company_id)
    order = []
    for place, each in enumerate(settings.lead_rules):
        rule = LeadRule(each.name, each.conditions, each.outcome)
        if had := known.pop(each.name, None):
            rule_id, rule = had.rule_id, replace(rule, name=had.rule.name)
            lead_rule_store.change_rule(connection, company_id, rule_id, rule, is_on=each.on)
        else:
            rule_id = lead_rule_store.add_rule(connection, company_id, rule, now + place, is_on=each.on)
        order.append(rule_id)
    lead_rule_store.put_in_order(connection, company_id, [*order, *(each.rule_id for each in known.values())])


def _among(told: Mapping[str, object], lines: Collection[str]) -> list[str]:
    return sorted(line for line in told if line == ANY_LINE or line in lines)


def _lead_rules(connection: Connection, company_id: str) -> dict[str, lead_rule_store.RuleRecord]:
    """By their names, which tell them apart."""
    found = lead_rule_store.rules_of(connection, company_id)
    return dict(zip(numbered([each.rule.name for each in found]), found, strict=True))
