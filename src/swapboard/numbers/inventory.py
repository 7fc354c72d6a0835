"""The company's numbers and what they are for, in the database: targets, pools, numbers and rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from swapboard.clock import Millis
from swapboard.numbers.rules import Field, NumberPlan, Outcome, Overflow, Pool, Rule, StaticNumber, SwapTarget
from swapboard.storage.schema import numbers, pools, rules, swap_targets


class NumberKind(StrEnum):
    """Leased to one session at a time, or the same for everybody."""

    POOL = "pool"
    STATIC = "static"


class NumberStatus(StrEnum):
    """What is done with a number: shown, only ringing, or no longer ours."""

    ACTIVE = "active"
    PAUSED = "paused"
    QUARANTINED = "quarantined"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A tracking number to be written. A pool number names its pool; a static one its target and its source."""

    number_id: str
    number: str
    kind: NumberKind
    created_at: Millis
    pool_id: str | None = None
    target_id: str | None = None
    carrier_id: str | None = None
    carrier_ref: str | None = None
    placement: str | None = None
    channel: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None


def add_target(connection: Connection, company_id: str, target: SwapTarget, name: str, now: Millis) -> None:
    """Write a business number that stands on the site."""
    connection.execute(
        insert(swap_targets).values(
            company_id=company_id,
            target_id=target.target_id,
            number=target.number,
            destination=target.destination,
            name=name,
            created_at=now,
        )
    )


def add_pool(connection: Connection, company_id: str, pool: Pool, name: str, now: Millis) -> None:
    """Write an empty pool."""
    connection.execute(
        insert(pools).values(
            company_id=company_id,
            pool_id=pool.pool_id,
            target_id=pool.target_id,
            name=name,
            overflow=pool.overflow,
            fallback_number_id=pool.fallback_number_id,
            created_at=now,
        )
    )


def add_numbers(connection: Connection, company_id: str, new: Iterable[NewNumber]) -> None:
    """Write tracking numbers. Raises IntegrityError when the company has one of them already."""
    rows = [
        {
            "company_id": company_id,
            "number_id": each.number_id,
            "number": each.number,
            "kind": each.kind.value,
            "status": NumberStatus.ACTIVE.value,
            "pool_id": each.pool_id,
            "target_id": each.target_id,
            "carrier_id": each.carrier_id,
            "carrier_ref": each.carrier_ref,
            "placement": each.placement,
            "channel": each.channel,
            "source": each.source,
            "medium": each.medium,
            "campaign": each.campaign,
            "left_at": 0,
            "created_at": each.created_at,
        }
        for each in new
    ]
    if rows:
        connection.execute(insert(numbers), rows)


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


def load_plan(connection: Connection, company_id: str) -> NumberPlan:
    """All that decides which visit gets which number; only active static numbers are shown."""
    return NumberPlan(
        targets=_targets(connection, company_id),
        pools=_pools(connection, company_id),
        statics=_statics(connection, company_id),
        rules=_rules(connection, company_id),
    )


def _targets(connection: Connection, company_id: str) -> dict[str, SwapTarget]:
    query = select(swap_targets).where(swap_targets.c.company_id == company_id)
    return {
        row.number: SwapTarget(row.target_id, row.number, row.destination) for row in connection.execute(query)
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
    )
    return {
        row.number_id: StaticNumber(row.number_id, row.number, row.target_id, row.channel)
        for row in connection.execute(query.order_by(numbers.c.created_at, numbers.c.number_id))
    }


def _rules(connection: Connection, company_id: str) -> tuple[Rule, ...]:
    query = select(rules).where(rules.c.company_id == company_id).order_by(rules.c.position, rules.c.rule_id)
    return tuple(
        Rule(
            rule_id=row.rule_id,
            name=row.name,
            outcome=Outcome(row.outcome),
            conditions={Field(asked): tuple(values) for asked, values in row.conditions.items()},
            pool_id=row.pool_id,
            number_id=row.number_id,
        )
        for row in connection.execute(query)
    )
