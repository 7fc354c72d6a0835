"""The company's rules in the database, in the order in which they are asked."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, select, update

from swapboard.clock import Millis
from swapboard.numbers.rules import Rule
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
            name=rule.name,
            conditions={asked.value: list(values) for asked, values in rule.conditions.items()},
            outcome=rule.outcome,
            pool_id=rule.pool_id,
            number_id=rule.number_id,
            created_at=now,
        )
    )


def change_rule(connection: Connection, company_id: str, rule: Rule) -> None:
    """Write what of a rule can change, all but its position."""
    connection.execute(
        update(rules)
        .where(rules.c.company_id == company_id, rules.c.rule_id == rule.rule_id)
        .values(
            name=rule.name,
            conditions={asked.value: list(values) for asked, values in rule.conditions.items()},
            outcome=rule.outcome,
            pool_id=rule.pool_id,
            number_id=rule.number_id,
        )
    )


def order_rules(connection: Connection, company_id: str, rule_ids: Iterable[str]) -> None:
    """Ask the rules in this order from now on."""
    for position, rule_id in enumerate(rule_ids, 1):
        row = (rules.c.company_id == company_id, rules.c.rule_id == rule_id)
        connection.execute(update(rules).where(*row).values(position=position))


def remove_rule(connection: Connection, company_id: str, rule_id: str) -> None:
    """Forget a rule."""
    connection.execute(delete(rules).where(rules.c.company_id == company_id, rules.c.rule_id == rule_id))
