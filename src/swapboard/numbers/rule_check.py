"""Whether a rule could do what it says: asked by every door that writes rules."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.language import _
from swapboard.numbers.condition_values import contradiction_of, fault_of
from swapboard.numbers.inventory import NumberKind
from swapboard.numbers.listing import number_by_id, pool_by_id
from swapboard.numbers.rules import Outcome, Rule

MOST_RULES = 500


@dataclass(frozen=True, slots=True)
class RuleFault:
    """What of a rule cannot stand (`("conditions", "hour", 0)`), and what to write instead."""

    path: tuple[str | int, ...]
    detail: str


def rule_faults(connection: Connection, company_id: str, rule: Rule) -> list[RuleFault]:
    """Everything that keeps the rule from ever doing what it says; nothing for a good one."""
    return [*_of_conditions(rule), *_of_outcome(connection, company_id, rule)]


def _of_conditions(rule: Rule) -> Iterator[RuleFault]:
    for asked, values in rule.conditions.items():
        faults = [(index, wrong) for index, value in enumerate(values) if (wrong := fault_of(asked, value))]
        yield from (RuleFault(("conditions", asked.value, index), wrong) for index, wrong in faults)
        if not faults and (wrong := contradiction_of(asked, values)):
            yield RuleFault(("conditions", asked.value), wrong)


def _of_outcome(connection: Connection, company_id: str, rule: Rule) -> Iterator[RuleFault]:
    if rule.pool_id is not None and rule.outcome is not Outcome.POOL:
        yield RuleFault(("pool_id",), _("Only a rule with the outcome pool names a pool; leave it out."))
    if rule.number_id is not None and rule.outcome is not Outcome.STATIC:
        yield RuleFault(("number_id",), _("Only a rule with the outcome static names a number; leave it out."))
    if rule.outcome is Outcome.POOL and not _has_pool(connection, company_id, rule):
        yield RuleFault(("pool_id",), _("Name one of your pools."))
    if rule.outcome is Outcome.STATIC and not _has_number(connection, company_id, rule):
        yield RuleFault(("number_id",), _("Name one of your static numbers."))


def _has_pool(connection: Connection, company_id: str, rule: Rule) -> bool:
    return rule.pool_id is not None and pool_by_id(connection, company_id, rule.pool_id) is not None


def _has_number(connection: Connection, company_id: str, rule: Rule) -> bool:
    number = number_by_id(connection, company_id, rule.number_id) if rule.number_id else None
    return number is not None and number.kind is NumberKind.STATIC and number.released_at is None
