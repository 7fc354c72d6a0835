"""A company's rules for good leads, in the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from swapboard.calls.lead_rules import CONDITIONS, MOST_RULES, OUTCOME, LeadRule
from swapboard.clock import Millis
from swapboard.language import _
from swapboard.storage.asked_once import asked_once
from swapboard.storage.ids import new_id
from swapboard.storage.schema import lead_rules


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """A rule with its id and its place."""

    rule_id: str
    position: int
    is_on: bool
    rule: LeadRule


class TooManyRules(ValueError):
    """The company has as many as it may."""


@asked_once
def rules_of(connection: Connection, company_id: str) -> Sequence[RuleRecord]:
    """The company's rules, in their order."""
    query = select(lead_rules).where(lead_rules.c.company_id == company_id)
    return [
        RuleRecord(
            row.rule_id,
            row.position,
            row.is_on,
            LeadRule(row.name, CONDITIONS.validate_python(row.conditions), OUTCOME.validate_python(row.outcome)),
        )
        for row in connection.execute(query.order_by(lead_rules.c.position, lead_rules.c.rule_id))
    ]


def add_rule(connection: Connection, company_id: str, rule: LeadRule, now: Millis, *, is_on: bool = True) -> str:
    """Write a new rule, as the last; its id. Raises TooManyRules."""
    of_company = lead_rules.c.company_id == company_id
    query = select(func.count(), func.coalesce(func.max(lead_rules.c.position), 0)).where(of_company)
    count, last = connection.execute(query).one()
    if count >= MOST_RULES:
        raise TooManyRules(
            _("There are %(most_rules)s rules already: delete one first.") % {"most_rules": MOST_RULES}
        )
    rule_id = new_id(now)
    row = {"company_id": company_id, "rule_id": rule_id, "position": last + 1, "created_at": now}
    connection.execute(insert(lead_rules).values(**row, **_values(rule, is_on)))
    return rule_id


def change_rule(connection: Connection, company_id: str, rule_id: str, rule: LeadRule, *, is_on: bool) -> bool:
    """Write a rule anew; False when there is no such."""
    changed = update(lead_rules).where(lead_rules.c.company_id == company_id, lead_rules.c.rule_id == rule_id)
    return connection.execute(changed.values(**_values(rule, is_on))).rowcount == 1


def drop_rule(connection: Connection, company_id: str, rule_id: str) -> bool:
    """Delete a rule; False when there is no such. What it said of calls stays."""
    gone = delete(lead_rules).where(lead_rules.c.company_id == company_id, lead_rules.c.rule_id == rule_id)
    return connection.execute(gone).rowcount == 1


def move_rule(connection: Connection, company_id: str, rule_id: str, *, up: bool) -> None:
    """Let it change places with the one before it, or after it."""
    ids = [each.rule_id for each in rules_of(connection, company_id)]
    if rule_id not in ids:
        return
    place = ids.index(rule_id)
    other = place - 1 if up else place + 1
    if 0 <= other < len(ids):
        ids[place], ids[other] = ids[other], ids[place]
    _place(connection, company_id, ids)


def put_in_order(connection: Connection, company_id: str, rule_ids: Sequence[str]) -> bool:
    """Let the rules have this order; False when these are not all of them, each once."""
    if sorted(rule_ids) != sorted(each.rule_id for each in rules_of(connection, company_id)):
        return False
    _place(connection, company_id, rule_ids)
    return True


def _place(connection: Connection, company_id: str, rule_ids: Sequence[str]) -> None:
    for position, each in enumerate(rule_ids, 1):
        is_it = lead_rules.c.company_id == company_id, lead_rules.c.rule_id == each
        connection.execute(update(lead_rules).where(*is_it).values(position=position))


def _values(rule: LeadRule, is_on: bool) -> dict[str, object]:
    return {
        "name": rule.name,
        "conditions": CONDITIONS.dump_python(rule.conditions, mode="json", exclude_defaults=True),
        "outcome": OUTCOME.dump_python(rule.outcome, mode="json", exclude_defaults=True),
        "is_on": is_on,
    }
