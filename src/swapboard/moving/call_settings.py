"""What becomes of a company's calls, as a part of its set-up: recording, spam, words, good leads, texts.

A number that is left out stands for all the others.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, Any

from pydantic import Field, StringConstraints, TypeAdapter, field_serializer

from swapboard.calls.lead_rules import CONDITIONS, OUTCOME, Conditions, Outcome
from swapboard.calls.nodes import MissedText
from swapboard.calls.phrases import Phrase, tidy_phrase
from swapboard.calls.recording import RecordingPolicy
from swapboard.calls.spam import Policy
from swapboard.calls.step_check import file_fault
from swapboard.moving.part import Part, Phone
from swapboard.recordings.recording import Keeping, keeping_faults
from swapboard.texts.text import NUMBER

_KEEPING, _SPAM, _POLICY = TypeAdapter(Keeping), TypeAdapter(Policy), TypeAdapter(RecordingPolicy)


class RecordingSetup(Part):
    """Whether calls to a number are recorded, and what is said first."""

    number: Phone | None = None
    policy: RecordingPolicy

    @field_serializer("policy")
    def _whole(self, policy: RecordingPolicy) -> dict[str, Any]:
        told: dict[str, Any] = _POLICY.dump_python(policy, mode="json")
        return told


class ReplySetup(Part):
    """What callers whom nobody answered are written; no text for nothing."""

    number: Phone | None = None
    text: MissedText


class TranscriptSetup(Part):
    """Whether what is said is written down; without a language the engine finds out."""

    on: bool | None = None
    """None, where a file names only the language: as it is."""
    language: Annotated[str, StringConstraints(pattern="^([a-z]{2})?$")] = ""


class LeadRuleSetup(Part):
    """Which calls are good leads; its place in the file is its place in the order."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    on: bool = True
    conditions: Conditions = Field(default_factory=Conditions)
    outcome: Outcome = Field(default_factory=Outcome)

    @field_serializer("conditions")
    def _asked(self, conditions: Conditions) -> Any:
        return CONDITIONS.dump_python(conditions, mode="json", exclude_defaults=True)

    @field_serializer("outcome")
    def _given(self, outcome: Outcome) -> Any:
        return OUTCOME.dump_python(outcome, mode="json", exclude_defaults=True)


class CallSettings(Part):
    """All of it; what is None or left out stays as it is."""

    recording: Sequence[RecordingSetup] = ()
    keeping: Keeping | None = None
    spam: Policy | None = None
    transcripts: TranscriptSetup | None = None
    phrases: Sequence[Phrase] = ()
    lead_rules: Sequence[LeadRuleSetup] = ()
    replies: Sequence[ReplySetup] = ()

    @field_serializer("keeping")
    def _days(self, keeping: Keeping | None) -> Any:
        return _KEEPING.dump_python(keeping, mode="json") if keeping else None

    @field_serializer("spam")
    def _spam(self, spam: Policy | None) -> Any:
        return _SPAM.dump_python(spam, mode="json") if spam else None


def faults_of_calls(settings: CallSettings, numbers: Collection[str], sounds: Collection[str]) -> list[str]:
    """What of it cannot be; `numbers` are the lines that calls come in by, `sounds` the company's own by name."""
    lines = [*(each.number for each in settings.recording), *(each.number for each in settings.replies)]
    files = [file for each in settings.recording for file in (each.policy.notice_file, each.policy.question_file)]
    return [
        *(f"calls: {line} is none of the numbers." for line in lines if line and line not in numbers),
        *(f"calls.recording: {wrong}" for file in files if (wrong := file_fault(file, sounds))),
        *(f"calls.keeping: {wrong}" for wrong in (keeping_faults(settings.keeping) if settings.keeping else ())),
        *_of_words(settings),
    ]


def _of_words(settings: CallSettings) -> Iterator[str]:
    said = [each.text for each in settings.phrases]
    for rule in settings.lead_rules:
        said += [*rule.conditions.says, *rule.conditions.never_says]
        if rule.outcome == Outcome():
            yield f"calls.lead_rules, {rule.name!r}: say whether it qualifies, what it is worth, or a tag."
    for text in said:
        if not _is_tidy(text):
            yield f"calls: write {text!r} as it is listened for: a word or a few, in small letters."
    for reply in settings.replies:
        if "{" in reply.text.replace(NUMBER, ""):
            yield "calls.replies: only {number} can be filled in."


def twice_in_calls(settings: CallSettings) -> Iterator[str]:
    """What is there more than once."""
    named = {
        "recording policy of": [each.number or "all others" for each in settings.recording],
        "reply of": [each.number or "all others" for each in settings.replies],
        "phrase": [each.text for each in settings.phrases],
        "lead rule": [each.name for each in settings.lead_rules],
    }
    for what, names in named.items():
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"The {what} {name!r} is there twice."


def _is_tidy(text: str) -> bool:
    try:
        return tidy_phrase(text) == text
    except ValueError:
        return False
