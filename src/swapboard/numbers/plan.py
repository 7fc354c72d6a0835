"""All that decides which visit gets which number, read from the database."""

from sqlalchemy import Connection, select

from swapboard.numbers.inventory import NumberKind, NumberStatus
from swapboard.numbers.rule_store import rule_of
from swapboard.numbers.rules import NumberPlan, Overflow, Pool, Rule, StaticNumber, SwapTarget
from swapboard.storage.schema import companies, numbers, pools, rules, swap_targets


def load_plan(connection: Connection, company_id: str) -> NumberPlan:
    """All that decides which visit gets which number; only active static numbers are shown."""
    return NumberPlan(
        targets=_targets(connection, company_id),
        pools=_pools(connection, company_id),
        statics=_statics(connection, company_id),
        rules=_rules(connection, company_id),
        time_zone=_time_zone(connection, company_id),
    )


def _time_zone(connection: Connection, company_id: str) -> str:
    query = select(companies.c.time_zone).where(companies.c.company_id == company_id)
    return connection.execute(query).scalar() or "UTC"


def _targets(connection: Connection, company_id: str) -> dict[str, SwapTarget]:
    query = select(swap_targets).where(swap_targets.c.company_id == company_id)
    ordered = query.order_by(swap_targets.c.created_at, swap_targets.c.target_id)
    return {
        row.number: SwapTarget(row.target_id, row.number, row.destination, row.shares_with)
        for row in connection.execute(ordered)
    }


def _pools(connection: Connection, company_id: str) -> dict[str, Pool]:
    query = select(pools).where(pools.c.company_id == company_id)
    return {
        row.pool_id: Pool(row.pool_id, row.target_id, Overflow(row.overflow), row.fallback_number_id)
        for row in connection.execute(query)
    }


def _statics(connection: Connection, company_id: str) -> dict[str, StaticNumber]:
    query = select(numbers).where(
        numbers.c.company_id == company_id,
        numbers.c.kind == NumberKind.STATIC,
        numbers.c.status == NumberStatus.ACTIVE,
        numbers.c.is_honeypot.is_(False),
    )
    return {
        row.number_id: StaticNumber(row.number_id, row.number, row.target_id, row.channel)
        for row in connection.execute(query.order_by(numbers.c.created_at, numbers.c.number_id))
    }


def _rules(connection: Connection, company_id: str) -> tuple[Rule, ...]:
    query = select(rules).where(rules.c.company_id == company_id).order_by(rules.c.position, rules.c.rule_id)
    return tuple(rule_of(row) for row in connection.execute(query))
