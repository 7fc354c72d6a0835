"""The set-up of a company, read from the database."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TypeVar

from sqlalchemy import Connection

from swapboard.accounts import store as accounts
from swapboard.calls.flow_store import FlowRecord, list_flows
from swapboard.calls.sound_store import content_of, list_sounds
from swapboard.clock import iso
from swapboard.moving.call_house import read_calls
from swapboard.moving.difference import numbered
from swapboard.moving.house_settings import settings_of_company, settings_of_sites
from swapboard.moving.setup import (
    AutoScaleSetup,
    FlowSetup,
    NumberSetup,
    PoolSetup,
    RuleSetup,
    Setup,
    SoundSetup,
    TargetSetup,
)
from swapboard.numbers.conditions import Field as Asked
from swapboard.numbers.listing import NumberFilter, NumberRecord, PoolRecord, list_numbers, list_pools
from swapboard.numbers.rule_listing import rules_in_order
from swapboard.numbers.rules import Rule
from swapboard.numbers.scaling_store import Scaling, scalings
from swapboard.numbers.target_listing import TargetRecord, list_targets
from swapboard.storage.paging import Page

_PAGE = 200

Record = TypeVar("Record")


def read_setup(connection: Connection, company_id: str) -> Setup:
    """The company's set-up, in the order in which it was made; what bears one name twice is numbered."""
    company = accounts.company_by_id(connection, company_id)
    targets = all_targets(connection, company_id)
    pools = all_pools(connection, company_id)
    owned = all_numbers(connection, company_id)
    of_target = {each.target_id: each.number for each in targets}
    of_number = {each.number_id: each.number for each in owned}
    scaled = scalings(connection, company_id)
    shares = {target.target_id: target.shares_with for target in targets}
    of_pool = dict(zip((pool.pool_id for pool in pools), numbered([pool.name for pool in pools]), strict=True))
    return Setup(
        company=settings_of_company(company) if company else {},
        sites=settings_of_sites(accounts.sites_of(connection, company_id)),
        swap_targets=[_target(each, of_target.get(shares.get(each.target_id) or "")) for each in targets],
        pools=[_pool(each, of_pool, of_target, of_number, scaled.get(each.pool_id)) for each in pools],
        numbers=[_number(each, of_pool, of_target) for each in owned],
        rules=[_rule(record.rule, of_pool, of_number) for record in rules_in_order(connection, company_id)],
        flows=_flows(list_flows(connection, company_id).rows),
        sounds=_sounds(connection, company_id),
        calls=read_calls(connection, company_id, [*of_number.values(), *of_target.values()]),
    )


def all_targets(connection: Connection, company_id: str) -> list[TargetRecord]:
    """The company's swap targets."""
    return _all(lambda cursor: list_targets(connection, company_id, _PAGE, cursor))


def all_pools(connection: Connection, company_id: str) -> list[PoolRecord]:
    """Its pools."""
    return _all(lambda cursor: list_pools(connection, company_id, _PAGE, cursor))


def all_numbers(connection: Connection, company_id: str) -> list[NumberRecord]:
    """Its numbers, those in quarantine among them."""
    return _all(lambda cursor: list_numbers(connection, company_id, NumberFilter(), _PAGE, cursor))


def _all(read: Callable[[str | None], Page[Record]]) -> list[Record]:
    """All pages of a list, one after the other."""
    found: list[Record] = []
    cursor: str | None = None
    while True:
        page = read(cursor)
        found.extend(page.rows)
        cursor = page.next_cursor
        if cursor is None:
            return found


def _target(record: TargetRecord, shares_with: str | None) -> TargetSetup:
    return TargetSetup(
        number=record.number, name=record.name, destination=record.destination, shares_with=shares_with
    )


def _pool(
    record: PoolRecord,
    of_pool: Mapping[str, str],
    of_target: Mapping[str, str],
    of_number: Mapping[str, str],
    scaling: Scaling | None,
) -> PoolSetup:
    return PoolSetup(
        name=of_pool[record.pool_id],
        target=of_target[record.target_id],
        overflow=record.overflow,
        fallback=of_number.get(record.fallback_number_id or ""),
        auto_scale=AutoScaleSetup(on=scaling.is_on, **asdict(scaling.limits)) if scaling else None,
    )


def _number(record: NumberRecord, of_pool: Mapping[str, str], of_target: Mapping[str, str]) -> NumberSetup:
    kept = set(NumberSetup.model_fields) - {"number", "pool", "target", "quarantined_at"}
    return NumberSetup(
        number=record.number,
        pool=of_pool.get(record.pool_id or ""),
        target=of_target.get(record.target_id or ""),
        quarantined_at=iso(record.quarantined_at) if record.quarantined_at else None,
        **{name: getattr(record, name) for name in kept},
    )


def _sounds(connection: Connection, company_id: str) -> list[SoundSetup]:
    return [
        # As it came out of the check when it was kept: to decode it once more would change nothing.
        SoundSetup.model_construct(name=each.name, content=base64.b64encode(content).decode())
        for each in list_sounds(connection, company_id)
        if (content := content_of(connection, company_id, each.sound_id)) is not None
    ]


def _flows(records: Sequence[FlowRecord]) -> list[FlowSetup]:
    names = numbered([each.name for each in records])
    return [
        FlowSetup(
            name=name,
            start=each.flow.start,
            language=each.flow.language,
            missed_text=each.flow.missed_text,
            numbers=each.lines,
            steps=each.flow.steps,
        )
        for name, each in zip(names, records, strict=True)
    ]


def _rule(rule: Rule, of_pool: Mapping[str, str], of_number: Mapping[str, str]) -> RuleSetup:
    return RuleSetup(
        name=rule.name,
        outcome=rule.outcome,
        pool=of_pool.get(rule.pool_id or ""),
        number=of_number.get(rule.number_id or ""),
        # PostgreSQL keeps no order of a JSON object's keys.
        conditions={asked: rule.conditions[asked] for asked in Asked if asked in rule.conditions},
    )
