"""Why a visit sees the number it sees: which rule decided, and why those before it did not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from swapboard.language import Words, _, joined
from swapboard.numbers.conditions import NOT, Arrival, Condition, Field, facts_of, told_of
from swapboard.numbers.rules import LEAVE, Decision, NumberPlan, Outcome, Rule, SwapTarget, serves

_MOST_VALUES = 3


class Verdict(StrEnum):
    """What became of a rule."""

    DECIDED = "decided"
    NO_MATCH = "no_match"
    """A condition does not hold."""
    OTHER_TARGET = "other_target"
    """It gives a number that stands for another number of the page."""
    NOT_TO_BE_HAD = "not_to_be_had"
    """Its number is paused or released, or its pool is gone."""
    NOT_ASKED = "not_asked"
    """An earlier rule decided."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A condition that does not hold: what was asked, and the visit's own fact (None: not known)."""

    asked: Field
    values: tuple[str, ...]
    fact: str | None
    is_excluded: bool
    """True when the fact is one that must not be."""


@dataclass(frozen=True, slots=True)
class Step:
    """A rule, with its place in the order (from 1), and what became of it."""

    place: int
    rule: Rule
    verdict: Verdict
    unmet: tuple[Unmet, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the visit would see in place of the target, and the way there, rule by rule."""

    target: SwapTarget
    decision: Decision
    steps: tuple[Step, ...]

    @property
    def deciding(self) -> Step | None:
        """The step that decided; None when no rule did."""
        return next((step for step in self.steps if step.verdict is Verdict.DECIDED), None)

    @property
    def because(self) -> str:
        """The reason as sentences: the rule that decided, then why each before it did not."""
        if self.deciding is None:
            first = _("no rule fits it, so the page keeps its own number")
        else:
            about = {"place": self.deciding.place, "name": self.deciding.rule.name}
            first = _("rule %(place)s, “%(name)s”, is the first that fits") % about
        passed_over = [reason(step) for step in self.steps if step.verdict not in _NEVER_PASSED_OVER]
        return ". ".join([first, *passed_over]) + "."

    @property
    def sees(self) -> str:
        """What the visitor is shown."""
        return _SEES[self.decision.outcome]


def explain(plan: NumberPlan, arrival: Arrival, target: SwapTarget) -> Explanation:
    """Decide as `NumberPlan.decide` does, keeping the reasons."""
    steps: list[Step] = []
    decided: Decision | None = None
    for place, rule in enumerate(plan.rules, 1):
        if decided:
            steps.append(Step(place, rule, Verdict.NOT_ASKED))
            continue
        step, decided = _step(plan, arrival, plan.lender(target), place, rule)
        steps.append(step)
    return Explanation(target, decided or LEAVE, tuple(steps))


def reason(step: Step) -> str:
    """Why a rule did not decide, as a sentence without its full stop."""
    about = {"place": step.place, "name": step.rule.name}
    match step.verdict:
        case Verdict.NOT_TO_BE_HAD:
            return _("Rule %(place)s, “%(name)s”, was passed over: its number is paused or gone") % about
        case Verdict.OTHER_TARGET:
            return _("Rule %(place)s, “%(name)s”, is for another number on the page") % about
        case Verdict.NOT_ASKED:
            return _("Rule %(place)s, “%(name)s”, was not asked") % about
    why = joined([unmet_words(each) for each in step.unmet])
    return _("Rule %(place)s, “%(name)s”, does not fit: %(why)s") % {**about, "why": why}


def unmet_words(unmet: Unmet) -> str:
    """`the channel is “Direct”, not “Paid Search”`."""
    about = {"name": NAMES[unmet.asked], "fact": unmet.fact}
    fact = (_("the %(name)s is “%(fact)s”") if unmet.fact is not None else _("the %(name)s is not known")) % about
    if unmet.is_excluded:
        return _("%(fact)s, which it excludes") % {"fact": fact}
    wanted = [value for value in unmet.values if not value.startswith(NOT)]
    shown = _(" or ").join(_("“%s”") % value for value in wanted[:_MOST_VALUES])
    has_more = len(wanted) > _MOST_VALUES
    words = _("%(fact)s, not %(wanted)s or others") if has_more else _("%(fact)s, not %(wanted)s")
    return words % {"fact": fact, "wanted": shown}


def _step(
    plan: NumberPlan, arrival: Arrival, target: SwapTarget, place: int, rule: Rule
) -> tuple[Step, Decision | None]:
    given = plan.given_by(rule)
    if given is None:
        return Step(place, rule, Verdict.NOT_TO_BE_HAD), None
    if not serves(given, target):
        return Step(place, rule, Verdict.OTHER_TARGET), None
    unmet = tuple(_unmet(each, arrival, plan.time_zone) for each in rule.asks if not _holds(each, arrival, plan))
    if unmet:
        return Step(place, rule, Verdict.NO_MATCH, unmet), None
    return Step(place, rule, Verdict.DECIDED), given


def _holds(condition: Condition, arrival: Arrival, plan: NumberPlan) -> bool:
    return condition.holds(facts_of(arrival, condition.asked, plan.time_zone))


def _unmet(condition: Condition, arrival: Arrival, company_zone: str) -> Unmet:
    told = told_of(arrival, condition.asked, company_zone)
    shown = ", ".join(told) if condition.asked is Field.CLICK_ID else next(iter(told), "")
    excluded = condition.excludes(facts_of(arrival, condition.asked, company_zone))
    return Unmet(condition.asked, condition.values, shown or None, excluded)


_NEVER_PASSED_OVER = frozenset({Verdict.DECIDED, Verdict.NOT_ASKED})

_SEES: Mapping[Outcome, str] = Words(
    {
        Outcome.POOL: _("a number of its own"),
        Outcome.STATIC: _("the number of one placement"),
        Outcome.LEAVE: _("the page's own number"),
    }
)

NAMES: Mapping[Field, str] = Words(
    {
        Field.CHANNEL: _("channel"),
        Field.SOURCE: _("source"),
        Field.MEDIUM: _("medium"),
        Field.CAMPAIGN: _("campaign"),
        Field.KEYWORD: _("keyword"),
        Field.LANDING_PAGE: _("landing page"),
        Field.REFERRER: _("referrer"),
        Field.CLICK_ID: _("click id"),
        Field.COUNTRY: _("country"),
        Field.REGION: _("region"),
        Field.DEVICE: _("device"),
        Field.VISITOR: _("visitor"),
        Field.HOUR: _("hour"),
    }
)
