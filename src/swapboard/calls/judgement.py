"""Who said what a call is worth: a person, a survey at its end, or a rule; no I/O.

A person's word holds for good, until that person takes it back; then comes what a survey found, then the rules.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from swapboard.calls.lead_rules import NOTHING, Finding
from swapboard.calls.verdict import MOST_TAGS, Verdict


class By(StrEnum):
    """Whose word it is."""

    PERSON = "person"
    SURVEY = "survey"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said; None where they said nothing."""

    qualified: bool | None = None
    value_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that was said of a call, by whom."""

    person: Word = Word()
    survey: Word = Word()
    ruled: Finding = NOTHING
    taken_off: tuple[str, ...] = ()
    """Tags that a person took off: no rule puts them on again."""

    @property
    def qualified_by(self) -> By | None:
        """Whose word on whether it is a good lead holds."""
        return _first(self.person.qualified, self.survey.qualified, self.ruled.qualified)

    @property
    def value_by(self) -> By | None:
        """Whose word on what it is worth holds."""
        return _first(self.person.value_cents, self.survey.value_cents, self.ruled.value_cents)


def said_by_person(judgement: Judgement, was: Verdict, verdict: Verdict, said: Collection[str]) -> Judgement:
    """A person wrote a verdict: what they changed, or named (`qualified`, `value`), is their word from now on."""
    person = judgement.person
    if "qualified" in said or verdict.qualified is not was.qualified:
        person = replace(person, qualified=verdict.qualified)
    if "value" in said or verdict.value_cents != was.value_cents:
        person = replace(person, value_cents=verdict.value_cents)
    gone = [*judgement.taken_off, *(tag for tag in was.tags if tag not in verdict.tags)]
    return replace(
        judgement,
        person=person,
        taken_off=tuple(dict.fromkeys(tag for tag in gone if tag not in verdict.tags)),
    )


def ruled(judgement: Judgement, tags: Sequence[str], finding: Finding) -> tuple[Judgement, tuple[str, ...]]:
    """The rules found this; with the call's tags by it: what they gave before goes, unless they give it again."""
    new = [tag for tag in finding.tags if tag not in judgement.taken_off]
    kept = [tag for tag in tags if tag not in judgement.ruled.tags or tag in new]
    all_tags = tuple(dict.fromkeys([*kept, *new]))[:MOST_TAGS]
    # A tag that stood there already is not the rules' to take away again.
    ours = tuple(tag for tag in new if tag not in tags or tag in judgement.ruled.tags)
    return replace(judgement, ruled=replace(finding, tags=ours)), all_tags


def verdict_of(judgement: Judgement, tags: Sequence[str]) -> Verdict:
    """What holds."""
    words = judgement.person, judgement.survey
    ruled_word = Word(judgement.ruled.qualified, judgement.ruled.value_cents)
    all_words = (*words, ruled_word)
    return Verdict(
        tuple(tags),
        next((each.value_cents for each in all_words if each.value_cents is not None), None),
        next((each.qualified for each in all_words if each.qualified is not None), None),
    )


def _first(person: object, survey: object, rules: object) -> By | None:
    if person is not None:
        return By.PERSON
    if survey is not None:
        return By.SURVEY
    return By.RULES if rules is not None else None
