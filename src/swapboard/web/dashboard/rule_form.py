"""A rule as its editor shows it and sends it back: a line for each value of a condition."""

from swapboard.numbers.condition_values import fault_of
from swapboard.numbers.conditions import Field
from swapboard.numbers.rule_check import RuleFault
from swapboard.numbers.rules import Outcome, Rule
from swapboard.web.dashboard.forms import Form
from swapboard.web.dashboard.rule_lines import Line, value_of
from swapboard.web.dashboard.stamp import stamp_of
from swapboard.web.dashboard.translation import _

LONGEST_NAME = 200


def stamp_of_rule(rule: Rule) -> str:
    """Tells whether a rule is still as somebody saw it."""
    return stamp_of(rule.name, rule.outcome, sorted(rule.conditions.items()), rule.pool_id, rule.number_id)


def lines_sent(form: Form) -> list[Line]:
    """What was typed, whether it makes a condition or not."""
    lines = zip(form.every("asked"), form.every("how"), form.every("value"), strict=False)
    return [Line(*each) for each in lines]


def rule_of(form: Form, rule_id: str) -> Rule:
    """The rule that the form describes, as far as it does: see `form_faults`."""
    conditions: dict[Field, tuple[str, ...]] = {}
    for line in lines_sent(form):
        if line.asked in set(Field):
            asked = Field(line.asked)
            conditions[asked] = (*conditions.get(asked, ()), value_of(line) if line.value else "")
    outcome, _colon, given = form.one("gives").partition(":")
    chosen = Outcome(outcome) if outcome in set(Outcome) else Outcome.LEAVE
    return Rule(
        rule_id=rule_id,
        name=form.one("name"),
        outcome=chosen,
        conditions=conditions,
        pool_id=given if chosen is Outcome.POOL else None,
        number_id=given if chosen is Outcome.STATIC else None,
    )


def form_faults(rule: Rule, form: Form) -> list[RuleFault]:
    """What was typed and would be dropped, or is missing."""
    return [*_name_fault(rule), *_empty_faults(rule), *_homeless_faults(form)]


def _name_fault(rule: Rule) -> list[RuleFault]:
    if 0 < len(rule.name) <= LONGEST_NAME:
        return []
    return [RuleFault(("name",), _("Give the rule a name of at most %s characters.") % LONGEST_NAME)]


def _empty_faults(rule: Rule) -> list[RuleFault]:
    """A condition without a value would be dropped, and the rule would be for more visits than was meant."""
    said = _("Write a value, or choose “(no condition)”.")
    return [
        RuleFault(("conditions", asked.value), said)
        for asked, values in rule.conditions.items()
        if "" in values and fault_of(asked, "") is None
    ]


def _homeless_faults(form: Form) -> list[RuleFault]:
    """A value of which nobody said what it is a value of would be dropped, and the rule be for more visits."""
    said = _("Say what “%(value)s” is, or leave it out.")
    lines = [line for line in lines_sent(form) if line.value.strip() and line.asked not in set(Field)]
    return [RuleFault(("lines",), said % {"value": line.value}) for line in lines]
