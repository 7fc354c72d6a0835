"""The set-up written into a company."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from swapboard.accounts import store as accounts
from swapboard.accounts.company import Consent, Site
from swapboard.calls.flow_store import add_flow, change_flow, list_flows
from swapboard.calls.sound_store import add_sound, digest_of, list_sounds, replace_sound
from swapboard.clock import Millis, from_iso
from swapboard.moving.call_house import write_calls
from swapboard.moving.difference import Difference, difference, numbered
from swapboard.moving.house_reading import all_numbers, all_pools, all_targets, read_setup
from swapboard.moving.house_settings import changed_company, changed_site
from swapboard.moving.kept import numbers_kept, pools_kept
from swapboard.moving.setup import (
    FlowSetup,
    NumberSetup,
    PoolSetup,
    RuleSetup,
    Setup,
    SoundSetup,
    TargetSetup,
    faults,
)
from swapboard.moving.toml_text import BadSetup
from swapboard.numbers import inventory, rule_store
from swapboard.numbers.inventory import NewNumber, NumberStatus
from swapboard.numbers.listing import NumberRecord, PoolRecord
from swapboard.numbers.number_log import NumberEvent, log_numbers
from swapboard.numbers.placements import free_code
from swapboard.numbers.rule_listing import rules_in_order
from swapboard.numbers.rules import Pool, Rule, SwapTarget
from swapboard.numbers.scaling_store import set_scaling
from swapboard.numbers.target_listing import TargetRecord
from swapboard.recordings.wave import read_wave
from swapboard.reports.schedule_store import follow_clocks
from swapboard.storage.ids import new_id
from swapboard.storage.schema import numbers, swap_targets
from swapboard.switchboard.scaling import look_soon

_BEAT_SECONDS = 20
BY_IMPORT = "import"
"""Who did it, in the logs."""


def write_setup(connection: Connection, company_id: str, setup: Setup, now: Millis) -> list[Difference]:
    """Make the company as the set-up says; what it does not mention stays. Raises BadSetup.

    What differs, and was done, is the answer.
    """
    before = read_setup(connection, company_id)
    numbers_wanted = numbers_kept(before.numbers, setup.numbers, _taken_codes(connection, company_id))
    setup = setup.model_copy(update={"pools": pools_kept(before.pools, setup.pools), "numbers": numbers_wanted})
    found = difference(before, setup)
    if wrong := [*_moved_pools(before, setup), *faults(merged(before, setup))]:
        raise BadSetup("\n".join(wrong))
    _Writer(connection, company_id, now).write(setup)
    return found


def merged(before: Setup, setup: Setup) -> Setup:
    """What the company has afterwards: the set-up's parts over those that were there."""

    def joined(had: Sequence[Any], new: Sequence[Any], key: str) -> list[Any]:
        wanted = {getattr(each, key): each for each in new}
        known = {getattr(each, key) for each in had}
        return [
            *(wanted.get(getattr(each, key), each) for each in had),
            *(each for each in new if getattr(each, key) not in known),
        ]

    return Setup(
        swap_targets=joined(before.swap_targets, setup.swap_targets, "number"),
        pools=joined(before.pools, setup.pools, "name"),
        numbers=joined(before.numbers, setup.numbers, "number"),
        rules=setup.rules,
        flows=joined(before.flows, setup.flows, "name"),
        sounds=joined(before.sounds, setup.sounds, "name"),
        calls=setup.calls,
    )


def _moved_pools(before: Setup, setup: Setup) -> list[str]:
    had = {pool.name: pool.target for pool in before.pools}
    return [
        f"The pool {pool.name!r} is for {had[pool.name]} and cannot move to {pool.target}; make another pool."
        for pool in setup.pools
        if had.get(pool.name, pool.target) != pool.target
    ]


def _taken_codes(connection: Connection, company_id: str) -> set[str]:
    query = select(numbers.c.short_code).where(
        numbers.c.short_code.is_not(None), numbers.c.company_id != company_id
    )
    everywhere = query.execution_options(across_companies="a short link leads to one place on this server")
    return {code for code in connection.execute(everywhere).scalars() if code}


class _Writer:
    """Writes a set-up; what is new begins a millisecond after what stands before it, so that the order stays."""

    def __init__(self, connection: Connection, company_id: str, now: Millis) -> None:
        self._connection = connection
        self._company_id = company_id
        self._at = now

    def write(self, setup: Setup) -> None:
        self._company(setup.company)
        self._sites(setup.sites)
        self._targets(setup.swap_targets)
        self._pools(setup.pools)
        self._numbers(setup.numbers)
        self._fallbacks(setup.pools)
        self._rules(setup.rules)
        self._sounds(setup.sounds)
        self._flows(setup.flows)
        write_calls(self._connection, self._company_id, setup.calls, self._next())

    def _next(self) -> Millis:
        self._at += 1
        return self._at

    def _company(self, settings: Mapping[str, Any]) -> None:
        company = accounts.company_by_id(self._connection, self._company_id)
        if company and settings:
            changed = changed_company(company, settings)
            accounts.change_company(self._connection, changed)
            follow_clocks(self._connection, self._company_id, company.time_zone, changed.time_zone)

    def _sites(self, sites: Sequence[Mapping[str, Any]]) -> None:
        had = accounts.sites_of(self._connection, self._company_id)
        known = dict(zip(numbered([site.name for site in had]), had, strict=True))
        for settings in sites:
            if site := known.get(str(settings.get("name"))):
                accounts.change_site(self._connection, changed_site(site, {**settings, "name": site.name}))
            else:
                accounts.add_site(self._connection, changed_site(self._new_site(), settings))

    def _new_site(self) -> Site:
        now = self._next()
        return Site(
            site_id=new_id(now),
            company_id=self._company_id,
            site_key=new_id(now)[-12:],
            name="",
            hosts=(),
            consent=Consent.ALWAYS,
            beat_seconds=_BEAT_SECONDS,
            first_seen_at=None,
            created_at=now,
        )

    def _targets(self, targets: Sequence[TargetSetup]) -> None:
        known = self._known_targets()
        for each in targets:
            had = known.get(each.number)
            now = self._next()
            shares_with = had.shares_with if had else None
            target = SwapTarget(had.target_id if had else new_id(now), each.number, each.destination, shares_with)
            if had:
                inventory.change_target(self._connection, self._company_id, target, each.name)
            else:
                inventory.add_target(self._connection, self._company_id, target, each.name, now)
        ids = {number: record.target_id for number, record in self._known_targets().items()}
        for each in targets:
            row = (swap_targets.c.company_id == self._company_id, swap_targets.c.number == each.number)
            shares_with = ids[each.shares_with] if each.shares_with else None
            self._connection.execute(update(swap_targets).where(*row).values(shares_with=shares_with))

    def _pools(self, pools: Sequence[PoolSetup]) -> None:
        """Without their fallbacks, whose numbers may not be there yet."""
        known, targets = self._known_pools(), self._known_targets()
        for each in pools:
            if each.name not in known:
                now = self._next()
                pool = Pool(new_id(now), targets[each.target].target_id, each.overflow, None)
                inventory.add_pool(self._connection, self._company_id, pool, each.name, now)

    def _numbers(self, new: Sequence[NumberSetup]) -> None:
        known = {each.number: each for each in all_numbers(self._connection, self._company_id)}
        pools, targets = self._known_pools(), self._known_targets()
        for each in new:
            facts = each.model_dump(exclude={"number", "pool", "target", "quarantined_at"})
            facts["pool_id"] = pools[each.pool].pool_id if each.pool else None
            facts["target_id"] = targets[each.target].target_id if each.target else None
            facts["quarantined_at"] = self._rests_since(each)
            if each.short_url and not each.short_code:
                facts["short_code"] = free_code(self._connection)
            if had := known.get(each.number):
                self._change(had, {**facts, "kind": each.kind})
            else:
                now = self._next()
                added = NewNumber(new_id(now), each.number, each.kind, now, **facts)
                inventory.add_numbers(self._connection, self._company_id, [added])
                self._log(added.number_id, NumberEvent.ADDED)

    def _rests_since(self, each: NumberSetup) -> Millis | None:
        if each.status is not NumberStatus.QUARANTINED:
            return None
        return from_iso(each.quarantined_at) if each.quarantined_at else self._next()

    def _log(self, number_id: str, kind: NumberEvent) -> None:
        log_numbers(self._connection, self._company_id, [number_id], kind, BY_IMPORT, self._at)

    def _change(self, had: NumberRecord, facts: Mapping[str, Any]) -> None:
        changed = had.changed(**facts)
        if changed == had.changed():
            return
        begins_to_rest = changed.status is NumberStatus.QUARANTINED is not had.status
        if begins_to_rest or (had.pool_id, had.target_id) != (facts["pool_id"], facts["target_id"]):
            inventory.take_off(self._connection, self._company_id, had.number_id, self._next())
        inventory.change_number(self._connection, self._company_id, had.number_id, changed)
        self._log(had.number_id, NumberEvent.CHANGED)

    def _fallbacks(self, pools: Sequence[PoolSetup]) -> None:
        known, ids = (
            self._known_pools(),
            self._ids_of_numbers(),
        )
        for each in pools:
            had = known[each.name]
            fallback = ids[each.fallback] if each.fallback else None
            pool = Pool(had.pool_id, had.target_id, each.overflow, fallback)
            inventory.change_pool(self._connection, self._company_id, pool, had.name)
            if scale := each.auto_scale:
                set_scaling(
                    self._connection,
                    self._company_id,
                    had.pool_id,
                    scale.on,
                    scale.limits,
                    BY_IMPORT,
                    self._next(),
                )
                look_soon(self._connection, self._company_id, self._at)

    def _rules(self, rules: Sequence[RuleSetup]) -> None:
        had = [record.rule for record in rules_in_order(self._connection, self._company_id)]
        known = dict(zip(numbered([rule.name for rule in had]), had, strict=True))
        pools = self._known_pools()
        ids = self._ids_of_numbers()
        order = []
        for name, each in zip(numbered([rule.name for rule in rules]), rules, strict=True):
            now = self._next()
            old = known.pop(name, None)
            rule = Rule(
                rule_id=old.rule_id if old else new_id(now),
                name=each.name,
                outcome=each.outcome,
                conditions={asked: tuple(values) for asked, values in each.conditions.items()},
                pool_id=pools[each.pool].pool_id if each.pool else None,
                number_id=ids[each.number] if each.number else None,
            )
            if old:
                rule_store.change_rule(self._connection, self._company_id, rule)
            else:
                rule_store.add_rule(self._connection, self._company_id, rule, 0, now)
            order.append(rule.rule_id)
        for rule in known.values():
            rule_store.remove_rule(self._connection, self._company_id, rule.rule_id)
        rule_store.order_rules(self._connection, self._company_id, order)

    def _sounds(self, sounds: Sequence[SoundSetup]) -> None:
        known = {each.name: each for each in list_sounds(self._connection, self._company_id)}
        for each in sounds:
            had, now, content = known.get(each.name), self._next(), each.sound
            seconds = read_wave(content).seconds
            if had is None:
                add_sound(self._connection, self._company_id, new_id(now), each.name, content, seconds, now)
            elif had.digest != digest_of(content):
                replace_sound(self._connection, self._company_id, had.sound_id, content, seconds, now)

    def _flows(self, flows: Sequence[FlowSetup]) -> None:
        had = list_flows(self._connection, self._company_id).rows
        known = dict(zip(numbered([each.name for each in had]), had, strict=True))
        for each in flows:
            if old := known.get(each.name):
                change_flow(self._connection, self._company_id, old.flow_id, old.name, each.flow, each.numbers)
            else:
                now = self._next()
                add_flow(self._connection, self._company_id, new_id(now), each.name, each.flow, each.numbers, now)

    def _known_targets(self) -> dict[str, TargetRecord]:
        return {each.number: each for each in all_targets(self._connection, self._company_id)}

    def _known_pools(self) -> dict[str, PoolRecord]:
        found = all_pools(self._connection, self._company_id)
        return dict(zip(numbered([each.name for each in found]), found, strict=True))

    def _ids_of_numbers(self) -> dict[str, str]:
        return {each.number: each.number_id for each in all_numbers(self._connection, self._company_id)}
