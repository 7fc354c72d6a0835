"""Whether a number's calls are recorded, and what their callers are told: steps that come before a call's flow.

A notice comes before every recording but where its owner has said that none is needed. The steps have names that
no owner's step can have, so that a call which waits in one of them finds it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from swapboard.calls.node import LONGEST_WORDS, Address
from swapboard.calls.nodes import ConsentNotice, Flow, GeoRoute, Node, Record
from swapboard.calls.recording_law import LAWS, Consent, consent_in
from swapboard.calls.sound import address_of, sound_in
from swapboard.calls.spoken import NOTICE, QUESTION, QUESTION_KEY, in_language

ANY_LINE = ""
"""In place of a number: all that have no policy of their own."""
Words = Annotated[str, StringConstraints(max_length=LONGEST_WORDS)]

_OURS = "~"
_LAW, _TELL, _ASK, _RECORD = (f"{_OURS}{name}" for name in ("law", "tell", "ask", "record"))


class RecordingMode(StrEnum):
    """When the talks of a number's calls are recorded."""

    OFF = "off"
    UNTOLD = "untold"
    """Without a word; only where nobody has to be told."""
    NOTICE = "notice"
    """The caller is told."""
    KEYPRESS = "keypress"
    """Only if the caller presses a key."""
    BY_LAW = "by_law"
    """The one or the other, by where the caller's number is from."""


@dataclass(frozen=True, slots=True)
class RecordingPolicy:
    """A number's policy; the words are said in the flow's language where there is no sound in their place."""

    mode: RecordingMode = RecordingMode.OFF
    notice: Words = NOTICE
    question: Words = QUESTION
    notice_file: Address = ""
    question_file: Address = ""

    @property
    def sounds(self) -> set[str]:
        """The names of the company's own sounds that it plays."""
        return {name for file in (self.notice_file, self.question_file) if (name := sound_in(file)) is not None}


OFF = RecordingPolicy()


def policy_of(policies: Mapping[str, RecordingPolicy], line: str | None) -> RecordingPolicy:
    """The policy for calls to this number (E.164): its own, else the one of all."""
    return policies.get(line or ANY_LINE) or policies.get(ANY_LINE) or OFF


def with_sound_addresses(policy: RecordingPolicy, addresses: Mapping[str, str]) -> RecordingPolicy:
    """The policy with an address in place of each sound's name; the words where there is no such sound."""
    return replace(
        policy,
        notice_file=address_of(policy.notice_file, addresses),
        question_file=address_of(policy.question_file, addresses),
    )


def with_recording(flow: Flow, policy: RecordingPolicy) -> Flow:
    """The flow with what comes before it: who is told what, and that the talk is recorded."""
    if policy.mode is RecordingMode.OFF:
        return flow
    steps = _steps(policy, flow.start, flow.language)
    return replace(flow, start=_FIRST[policy.mode], steps={**flow.steps, **steps})


def is_ours(step: str) -> bool:
    """True for the name of a step that stands in nobody's flow."""
    return step.startswith(_OURS)


_FIRST = {
    RecordingMode.UNTOLD: _RECORD,
    RecordingMode.NOTICE: _TELL,
    RecordingMode.KEYPRESS: _ASK,
    RecordingMode.BY_LAW: _LAW,
}


def _steps(policy: RecordingPolicy, start: str, language: str) -> Mapping[str, Node]:
    ways = {Consent.ONE: _TELL, Consent.ALL: _ASK}
    areas = {area: ways[law.consent] for area, law in LAWS.items()}
    return {
        _LAW: GeoRoute(areas=areas, otherwise=ways[consent_in(None)]),
        _TELL: ConsentNotice(
            text=in_language(policy.notice.strip() or NOTICE, language), file=policy.notice_file, then=_RECORD
        ),
        _ASK: ConsentNotice(
            text=in_language(policy.question.strip() or QUESTION, language),
            file=policy.question_file,
            agree_key=QUESTION_KEY,
            then=_RECORD,
            declined=start,
        ),
        _RECORD: Record(then=start),
    }
