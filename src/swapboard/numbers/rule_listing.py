"""Rules as people look at them: in their order, and each by its id."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from swapboard.clock import Millis
from swapboard.numbers.rule_store import rule_of
from swapboard.numbers.rules import Rule
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import rules


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """A rule and its place in the order."""

    rule: Rule
    company_id: str
    position: int
    created_at: Millis


def list_rules(connection: Connection, company_id: str, limit: int, cursor: str | None = None) -> Page[RuleRecord]:
    """A page of the rules, in the order in which they are asked. Raises BadCursor."""
    query = select(rules).where(rules.c.company_id == company_id)
    ordered = after(query, rules.c.position, rules.c.rule_id, limit, cursor)
    found = [_rule(row) for row in connection.execute(ordered)]
    return page_of(found, limit, lambda each: Key(each.position, each.rule.rule_id))


def rule_by_id(connection: Connection, company_id: str, rule_id: str) -> RuleRecord | None:
    """The rule, or None."""
    query = select(rules).where(rules.c.company_id == company_id, rules.c.rule_id == rule_id)
    row = connection.execute(query).one_or_none()
    return _rule(row) if row else None


def rules_in_order(connection: Connection, company_id: str) -> list[RuleRecord]:
    """All rules, in the order in which they are asked."""
    query = select(rules).where(rules.c.company_id == company_id).order_by(rules.c.position, rules.c.rule_id)
    return [_rule(row) for row in connection.execute(query)]


def _rule(row: Row[*tuple[Any, ...]]) -> RuleRecord:
    return RuleRecord(rule_of(row), row.company_id, row.position, row.created_at)
