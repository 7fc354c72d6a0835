"""The company's rules in the database, in the order in which they are asked."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from swapboard.clock import Millis
from swapboard.numbers.conditions import Field
from swapboard.numbers.rules import Outcome, Rule
from swapboard.storage.schema import rules


def last_position(connection: Connection, company_id: str) -> int:
    """The position of the last rule; 0 when there is none."""
    query = select(func.max(rules.c.position)).where(rules.c.company_id == company_id)
    return connection.execute(query).scalar() or 0


def add_rule(connection: Connection, company_id: str, rule: Rule, position: int, now: Millis) -> None:
    """Write a rule at a position; lower positions are asked first."""
    connection.execute(
        insert(rules).values(
            company_id=company_id,
            rule_id=rule.rule_id,
            position=position,
            created_at=now,
            **_changeable(rule),
        )
    )


def change_rule(connection: Connection, company_id: str, rule: Rule) -> None:
    """Write what of a rule can change, all but its position."""
    connection.execute(
        update(rules)
        .where(rules.c.company_id == company_id, rules.c.rule_id == rule.rule_id)
        .values(**_changeable(rule))
    )


def order_rules(connection: Connection, company_id: str, rule_ids: Iterable[str]) -> None:
    """Ask the rules in this order from now on."""
    for position, rule_id in enumerate(rule_ids, 1):
        row = (rules.c.company_id == company_id, rules.c.rule_id == rule_id)
        connection.execute(update(rules).where(*row).values(position=position))


def remove_rule(connection: Connection, company_id: str, rule_id: str) -> None:
    """Forget a rule."""
    connection.execute(delete(rules).where(rules.c.company_id == company_id, rules.c.rule_id == rule_id))


def _changeable(rule: Rule) -> dict[str, object]:
    return {
        "name": rule.name,
        "conditions": {asked.value: list(values) for asked, values in rule.conditions.items()},
        "outcome": rule.outcome,
        "pool_id": rule.pool_id,
        "number_id": rule.number_id,
    }


def rule_of(row: Row[*tuple[Any, ...]]) -> Rule:
    """The rule that stands in a row."""
    return Rule(
        rule_id=row.rule_id,
        name=row.name,
        outcome=Outcome(row.outcome),
        conditions={Field(asked): tuple(values) for asked, values in row.conditions.items()},
        pool_id=row.pool_id,
        number_id=row.number_id,
    )
