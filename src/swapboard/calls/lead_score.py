"""How good a lead a call sounds, from 0 to 100, and why; no I/O.

Each fact adds points, which are log-odds, as for spam (`calls/spam.py`): before anything is known three calls
in ten are held to be good leads. The points are judgements, not learned; they stand in one table, and every score
shows which of them counted. A person's word stands above them all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log

from swapboard.calls.call import Status
from swapboard.calls.lead_rules import CallFacts
from swapboard.calls.phrases import Hit, Meaning, Phrase

BEFORE_ANYTHING = 0.3
LONG_SECONDS, ENOUGH_SECONDS, SHORT_SECONDS = 120, 45, 15
MESSAGE_SECONDS = 5
MOST_PHRASES_COUNTED = 3
ONE_SIDED = 0.1
BOTH_SPOKE = 0.2
_PAID = "Paid"


class Sign(StrEnum):
    """What speaks for a good lead, or against it."""

    LONG_TALK = "long_talk"
    TALK = "talk"
    SHORT_TALK = "short_talk"
    NOT_REACHED = "not_reached"
    MESSAGE = "message"
    FIRST_CALL = "first_call"
    CALLED_BEFORE = "called_before"
    PAID = "paid"
    BOTH_SPOKE = "both_spoke"
    ONE_SIDED = "one_sided"
    GOOD_WORDS = "good_words"
    BAD_WORDS = "bad_words"
    SPAM = "spam"


POINTS: Mapping[Sign, float] = {
    Sign.LONG_TALK: 1.6,
    Sign.TALK: 0.8,
    Sign.SHORT_TALK: -2.0,
    Sign.NOT_REACHED: -1.2,
    Sign.MESSAGE: 0.4,
    Sign.FIRST_CALL: 0.5,
    Sign.CALLED_BEFORE: -0.3,
    Sign.PAID: 0.3,
    Sign.BOTH_SPOKE: 0.4,
    Sign.ONE_SIDED: -0.8,
    Sign.GOOD_WORDS: 1.2,
    Sign.BAD_WORDS: -1.5,
    Sign.SPAM: -6.0,
}
"""Of words, for each phrase, three at most."""


@dataclass(frozen=True, slots=True)
class Point:
    """One sign, how often it counts, and the words that it is about."""

    sign: Sign
    count: int = 1
    words: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """How much it adds to the log-odds."""
        return POINTS[self.sign] * self.count


@dataclass(frozen=True, slots=True)
class LeadScore:
    """A score from 0 to 100, with every reason."""

    score: int
    reasons: tuple[Point, ...]


def score(facts: CallFacts, phrases: Sequence[Phrase]) -> LeadScore:
    """How good a lead the call sounds; `phrases` say which words speak for one."""
    reasons = tuple(_reasons(facts, phrases))
    odds = log(BEFORE_ANYTHING / (1 - BEFORE_ANYTHING)) + sum(reason.points for reason in reasons)
    return LeadScore(round(100 / (1 + exp(-odds))), reasons)


def _reasons(facts: CallFacts, phrases: Sequence[Phrase]) -> Iterator[Point]:
    if facts.is_spam:
        yield Point(Sign.SPAM)
    yield from _of_talk(facts)
    if facts.voicemail_seconds >= MESSAGE_SECONDS:
        yield Point(Sign.MESSAGE)
    yield Point(Sign.FIRST_CALL if facts.first_time_caller else Sign.CALLED_BEFORE)
    if (facts.channel or "").startswith(_PAID):
        yield Point(Sign.PAID)
    if facts.caller_share is not None and facts.talk_seconds:
        quieter = min(facts.caller_share, 1 - facts.caller_share)
        if quieter >= BOTH_SPOKE:
            yield Point(Sign.BOTH_SPOKE)
        elif quieter < ONE_SIDED:
            yield Point(Sign.ONE_SIDED)
    yield from _of_words(facts.hits, phrases)


def _of_talk(facts: CallFacts) -> Iterator[Point]:
    if facts.talk_seconds >= LONG_SECONDS:
        yield Point(Sign.LONG_TALK)
    elif facts.talk_seconds >= ENOUGH_SECONDS:
        yield Point(Sign.TALK)
    elif facts.status is not Status.ANSWERED:
        yield Point(Sign.NOT_REACHED)
    elif facts.is_length_known and facts.talk_seconds < SHORT_SECONDS:
        yield Point(Sign.SHORT_TALK)


def _of_words(hits: Sequence[Hit], phrases: Sequence[Phrase]) -> Iterator[Point]:
    said = {hit.text: hit for hit in hits}
    for meaning, sign in ((Meaning.GOOD, Sign.GOOD_WORDS), (Meaning.BAD, Sign.BAD_WORDS)):
        words = tuple(
            said[each.text].heard
            for each in phrases
            if each.meaning is meaning and each.text in said and said[each.text].count_by(each.said_by)
        )
        if words:
            yield Point(sign, min(len(words), MOST_PHRASES_COUNTED), words)
