"""Which calls are good leads, by a company's own rules; no I/O.

A rule fits when all its conditions do. Of the rules that fit, each adds its tag; the first that says whether a
call is qualified decides that, and the first that says what it is worth decides that. What was decided says why,
and a person's word stands above it (`calls/judgement.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter

from swapboard.calls.call import Status
from swapboard.calls.phrases import LONGEST_PHRASE, Hit, SaidBy
from swapboard.calls.verdict import LONGEST_TAG, MOST_CENTS
from swapboard.json_kinds import NUMBER, SOMETHING, WHOLE, YES_OR_NO

MOST_RULES = 50
_TEXT = StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
_SPOKEN = StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_PHRASE)
Text = Annotated[str, _TEXT, SOMETHING]
Seconds = Annotated[int, Field(ge=0, le=86_400), WHOLE]
Share = Annotated[float, Field(ge=0, le=1), NUMBER]
Spoken = Annotated[str, _SPOKEN, SOMETHING]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a call must be like; what is None or empty asks for nothing."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    talk_seconds: Seconds | None = None
    """At least so long."""
    talk_seconds_below: Seconds | None = None
    says: Annotated[tuple[Spoken, ...], Field(max_length=20)] = ()
    """One of these at least was said."""
    never_says: Annotated[tuple[Spoken, ...], Field(max_length=20)] = ()
    """None of these was said; fits only once what was said is known."""
    said_by: SaidBy = SaidBy.ANYBODY
    """Whose words count, for both."""
    first_time_caller: Annotated[bool, YES_OR_NO] | None = None
    outcomes: Annotated[tuple[Status, ...], Field(max_length=len(Status))] = ()
    channels: Annotated[tuple[Text, ...], Field(max_length=20)] = ()
    campaigns: Annotated[tuple[Text, ...], Field(max_length=20)] = ()
    numbers: Annotated[tuple[Text, ...], Field(max_length=100)] = ()
    """Tracking numbers (E.164)."""
    caller_share: Share | None = None
    """The caller's part of all speech is at least so much."""
    score: Annotated[int, Field(ge=0, le=100), WHOLE] | None = None
    """The lead score (`calls/lead_score.py`) is at least so much."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule makes of the calls that it fits."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    qualified: Annotated[bool, YES_OR_NO] | None = None
    value_cents: Annotated[int, Field(ge=0, le=MOST_CENTS), WHOLE] | None = None
    tag: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TAG)] = ""


@dataclass(frozen=True, slots=True)
class LeadRule:
    """A rule with its name."""

    name: str
    conditions: Conditions
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is known of a call that is over."""

    status: Status
    talk_seconds: int = 0
    is_length_known: bool = True
    """False of a talk whose end nobody told us of: it was not short."""
    voicemail_seconds: int = 0
    first_time_caller: bool = False
    channel: str | None = None
    campaign: str | None = None
    tracking_number: str | None = None
    is_spam: bool = False
    caller_share: float | None = None
    """Of all speech, 0 to 1; None when nobody can tell."""
    has_words: bool = False
    """True once what was said is known."""
    hits: Sequence[Hit] = ()


CONDITIONS, OUTCOME = TypeAdapter(Conditions), TypeAdapter(Outcome)


class Ground(StrEnum):
    """What a reason speaks of."""

    TALKED = "talked"
    TALKED_SHORT = "talked_short"
    SAID = "said"
    NEVER_SAID = "never_said"
    FIRST_CALL = "first_call"
    CALLED_BEFORE = "called_before"
    OUTCOME = "outcome"
    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    NUMBER = "number"
    SHARE = "share"
    SCORE = "score"
    ALWAYS = "always"
    """The rule asks for nothing."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that spoke for a rule: what it was in the call, what the rule asks for, who said it and when."""

    ground: Ground
    text: str = ""
    number: float | None = None
    asked: float | None = None
    said_by: SaidBy = SaidBy.ANYBODY
    at: float | None = None
    """Seconds from the recording's beginning."""


@dataclass(frozen=True, slots=True)
class Because:
    """Which rule decided, and its reasons."""

    rule: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules say of a call; None where none says anything."""

    qualified: bool | None = None
    qualified_because: Because | None = None
    value_cents: int | None = None
    value_because: Because | None = None
    tags: tuple[str, ...] = ()


NOTHING = Finding()


def decide(rules: Sequence[LeadRule], facts: CallFacts, score: int, tags: Sequence[str] = ()) -> Finding:
    """What the rules, in their order, make of a call, beside these tags for what was said; nothing of spam."""
    if facts.is_spam:
        return NOTHING
    fitting = [(rule, because) for rule in rules if (because := fits(rule, facts, score))]
    judged = [(rule.outcome.qualified, why) for rule, why in fitting if rule.outcome.qualified is not None]
    valued = [(rule.outcome.value_cents, why) for rule, why in fitting if rule.outcome.value_cents is not None]
    qualified, qualified_because = judged[0] if judged else (None, None)
    value_cents, value_because = valued[0] if valued else (None, None)
    return Finding(
        qualified,
        qualified_because,
        value_cents,
        value_because,
        tags=tuple(dict.fromkeys([*(rule.outcome.tag for rule, _why in fitting if rule.outcome.tag), *tags])),
    )


def fits(rule: LeadRule, facts: CallFacts, score: int) -> Because | None:
    """Why the rule fits; None when it does not."""
    reasons: list[Reason] = []
    for found in _asked(rule.conditions, facts, score):
        if found is None:
            return None
        reasons.append(found)
    return Because(rule.name, tuple(reasons) or (Reason(Ground.ALWAYS),))


def phrases_in(rules: Sequence[LeadRule]) -> Iterator[str]:
    """Every phrase that some rule listens for."""
    for rule in rules:
        yield from rule.conditions.says
        yield from rule.conditions.never_says


def _asked(asked: Conditions, facts: CallFacts, score: int) -> Iterator[Reason | None]:
    """For each thing that is asked for, the reason why it is so; None where it is not."""
    yield from _of_talk(asked, facts)
    yield from _of_words(asked, facts)
    if asked.first_time_caller is not None:
        ground = Ground.FIRST_CALL if facts.first_time_caller else Ground.CALLED_BEFORE
        yield Reason(ground) if facts.first_time_caller is asked.first_time_caller else None
    yield from _of_origin(asked, facts)
    if asked.score is not None:
        yield Reason(Ground.SCORE, number=score, asked=asked.score) if score >= asked.score else None


def _of_talk(asked: Conditions, facts: CallFacts) -> Iterator[Reason | None]:
    talked = facts.talk_seconds
    if (least := asked.talk_seconds) is not None:
        yield Reason(Ground.TALKED, number=talked, asked=least) if talked >= least else None
    if (below := asked.talk_seconds_below) is not None:
        is_short = facts.is_length_known and talked < below
        yield Reason(Ground.TALKED_SHORT, number=talked, asked=below) if is_short else None
    if asked.outcomes:
        yield Reason(Ground.OUTCOME, facts.status.value) if facts.status in asked.outcomes else None
    if (share := asked.caller_share) is not None:
        spoke = facts.caller_share
        is_enough = spoke is not None and spoke >= share
        yield Reason(Ground.SHARE, number=spoke, asked=share) if is_enough else None


def _of_words(asked: Conditions, facts: CallFacts) -> Iterator[Reason | None]:
    said = {hit.text: hit for hit in facts.hits if hit.count_by(asked.said_by)}
    if asked.says:
        hit = next((said[text] for text in asked.says if text in said), None)
        yield Reason(Ground.SAID, hit.heard, said_by=asked.said_by, at=hit.at(asked.said_by)) if hit else None
    if asked.never_says:
        is_silent = facts.has_words and not any(text in said for text in asked.never_says)
        words = ", ".join(asked.never_says)
        yield Reason(Ground.NEVER_SAID, words, said_by=asked.said_by) if is_silent else None


def _of_origin(asked: Conditions, facts: CallFacts) -> Iterator[Reason | None]:
    told: Mapping[Ground, tuple[Sequence[str], str | None]] = {
        Ground.CHANNEL: (asked.channels, facts.channel),
        Ground.CAMPAIGN: (asked.campaigns, facts.campaign),
        Ground.NUMBER: (asked.numbers, facts.tracking_number),
    }
    for ground, (wanted, known) in told.items():
        if wanted:
            is_one = known is not None and known.casefold() in {each.casefold() for each in wanted}
            yield Reason(ground, known or "") if is_one else None
