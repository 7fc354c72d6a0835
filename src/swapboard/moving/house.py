"""The set-up read from a company, and written into one."""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, select, update

from swapboard.accounts import store as accounts
from swapboard.accounts.company import Company, Consent, Site
from swapboard.calls.flow_store import FlowRecord, add_flow, change_flow, list_flows
from swapboard.calls.sound_store import (
    add_sound,
    content_of,
    digest_of,
    list_sounds,
    replace_sound,
)
from swapboard.clock import Millis, from_iso, iso
from swapboard.moving.call_house import read_calls, write_calls
from swapboard.moving.difference import Difference, difference, numbered, over
from swapboard.moving.settings_check import faults_of_company, faults_of_site
from swapboard.moving.setup import (
    AutoScaleSetup,
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
from swapboard.numbers import inventory
from swapboard.numbers.conditions import Field as Asked
from swapboard.numbers.inventory import NewNumber
from swapboard.numbers.listing import (
    NumberFilter,
    NumberRecord,
    PoolRecord,
    TargetRecord,
    list_numbers,
    list_pools,
    list_targets,
    rules_in_order,
)
from swapboard.numbers.number_log import NumberEvent, log_numbers
from swapboard.numbers.rules import Pool, Rule, SwapTarget
from swapboard.numbers.scaling_store import Scaling, scalings, set_scaling
from swapboard.recordings.wave import read_wave
from swapboard.storage.ids import new_id
from swapboard.storage.paging import Page
from swapboard.storage.schema import numbers, swap_targets
from swapboard.switchboard.scaling import look_soon

_COMPANY = TypeAdapter(Company)
_SITE = TypeAdapter(Site)
_OF_COMPANY_ITSELF = {"company_id", "account_id", "name", "created_at"}
_OF_SITE_ITSELF = {"site_id", "company_id", "site_key", "first_seen_at", "created_at"}
_BEAT_SECONDS = 20
BY_IMPORT = "import"
"""Who did it, in the logs."""
_PAGE = 200

Record = TypeVar("Record")


def read_setup(connection: Connection, company_id: str) -> Setup:
    """The company's set-up, in the order in which it was made; what bears one name twice is numbered."""
    company = accounts.company_by_id(connection, company_id)
    targets = _all(lambda cursor: list_targets(connection, company_id, _PAGE, cursor))
    pools = _all(lambda cursor: list_pools(connection, company_id, _PAGE, cursor))
    owned = _all(lambda cursor: list_numbers(connection, company_id, NumberFilter(), _PAGE, cursor))
    of_target = {each.target_id: each.number for each in targets}
    of_number = {each.number_id: each.number for each in owned}
    scaled = scalings(connection, company_id)
    shares = {target.target_id: target.shares_with for target in targets}
    of_pool = dict(zip((pool.pool_id for pool in pools), numbered([pool.name for pool in pools]), strict=True))
    return Setup(
        company=_settings(_COMPANY, company, _OF_COMPANY_ITSELF) if company else {},
        sites=_sites(accounts.sites_of(connection, company_id)),
        swap_targets=[_target(each, of_target.get(shares.get(each.target_id) or "")) for each in targets],
        pools=[_pool(each, of_pool, of_target, of_number, scaled.get(each.pool_id)) for each in pools],
        numbers=[_number(each, of_pool, of_target) for each in owned],
        rules=[_rule(record.rule, of_pool, of_number) for record in rules_in_order(connection, company_id)],
        flows=_flows(list_flows(connection, company_id).rows),
        sounds=_sounds(connection, company_id),
        calls=read_calls(connection, company_id, [*of_number.values(), *of_target.values()]),
    )


def write_setup(connection: Connection, company_id: str, setup: Setup, now: Millis) -> list[Difference]:
    """Make the company as the set-up says; what it does not mention stays. Raises BadSetup.

    What differs, and was done, is the answer.
    """
    before = read_setup(connection, company_id)
    setup = setup.model_copy(update={"pools": _scaled_as_before(before.pools, setup.pools)})
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


def _scaled_as_before(before: Sequence[PoolSetup], pools: Sequence[PoolSetup]) -> list[PoolSetup]:
    had = {pool.name: pool.auto_scale for pool in before}
    return [
        pool if pool.auto_scale else pool.model_copy(update={"auto_scale": had.get(pool.name)}) for pool in pools
    ]


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
            changed = _changed(_COMPANY, company, settings, _OF_COMPANY_ITSELF, "company")
            _refuse(faults_of_company(changed))
            accounts.change_company(self._connection, changed)

    def _sites(self, sites: Sequence[Mapping[str, Any]]) -> None:
        had = accounts.sites_of(self._connection, self._company_id)
        known = dict(zip(numbered([site.name for site in had]), had, strict=True))
        for settings in sites:
            if site := known.get(str(settings.get("name"))):
                changed = _changed(_SITE, site, {**settings, "name": site.name}, _OF_SITE_ITSELF, "site")
                _refuse(faults_of_site(changed))
                accounts.change_site(self._connection, changed)
            else:
                new = _changed(_SITE, self._new_site(), settings, _OF_SITE_ITSELF, "site")
                _refuse(faults_of_site(new))
                accounts.add_site(self._connection, new)

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
        known = {each.number: each for each in self._known_numbers()}
        pools, targets = self._known_pools(), self._known_targets()
        codes = self._taken_codes()
        for each in new:
            facts = each.model_dump(exclude={"number", "pool", "target", "quarantined_at", "short_code"})
            facts["pool_id"] = pools[each.pool].pool_id if each.pool else None
            facts["target_id"] = targets[each.target].target_id if each.target else None
            facts["quarantined_at"] = from_iso(each.quarantined_at) if each.quarantined_at else None
            # A code leads to one place only: another company's stays theirs.
            facts["short_code"] = None if each.short_code in codes else each.short_code
            if had := known.get(each.number):
                self._change(had, {**facts, "kind": each.kind})
            else:
                now = self._next()
                added = NewNumber(new_id(now), each.number, each.kind, now, **facts)
                inventory.add_numbers(self._connection, self._company_id, [added])
                self._log(added.number_id, NumberEvent.ADDED)

    def _log(self, number_id: str, kind: NumberEvent) -> None:
        log_numbers(self._connection, self._company_id, [number_id], kind, BY_IMPORT, self._at)

    def _change(self, had: NumberRecord, facts: Mapping[str, Any]) -> None:
        changed = had.changed(**facts)
        if changed == had.changed():
            return
        if (had.pool_id, had.target_id) != (facts["pool_id"], facts["target_id"]):
            inventory.take_off(self._connection, self._company_id, had.number_id, self._next())
        inventory.change_number(self._connection, self._company_id, had.number_id, changed)
        self._log(had.number_id, NumberEvent.CHANGED)

    def _fallbacks(self, pools: Sequence[PoolSetup]) -> None:
        known, ids = self._known_pools(), {each.number: each.number_id for each in self._known_numbers()}
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
        ids = {each.number: each.number_id for each in self._known_numbers()}
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
                inventory.change_rule(self._connection, self._company_id, rule)
            else:
                inventory.add_rule(self._connection, self._company_id, rule, 0, now)
            order.append(rule.rule_id)
        for rule in known.values():
            inventory.remove_rule(self._connection, self._company_id, rule.rule_id)
        inventory.order_rules(self._connection, self._company_id, order)

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
        found = _all(lambda cursor: list_targets(self._connection, self._company_id, _PAGE, cursor))
        return {each.number: each for each in found}

    def _known_pools(self) -> dict[str, PoolRecord]:
        found = _all(lambda cursor: list_pools(self._connection, self._company_id, _PAGE, cursor))
        return dict(zip(numbered([each.name for each in found]), found, strict=True))

    def _known_numbers(self) -> list[NumberRecord]:
        return _all(lambda cursor: list_numbers(self._connection, self._company_id, NumberFilter(), _PAGE, cursor))

    def _taken_codes(self) -> set[str]:
        query = select(numbers.c.short_code).where(
            numbers.c.short_code.is_not(None), numbers.c.company_id != self._company_id
        )
        everywhere = query.execution_options(across_companies="a short link leads to one place on this server")
        return {code for code in self._connection.execute(everywhere).scalars() if code}


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


def _settings(adapter: TypeAdapter[Any], thing: Company | Site, own: set[str]) -> dict[str, Any]:
    told: dict[str, Any] = adapter.dump_python(thing, mode="json", exclude_none=True)
    return {name: value for name, value in told.items() if name not in own}


def _changed(adapter: TypeAdapter[Any], thing: Any, settings: Mapping[str, Any], own: set[str], what: str) -> Any:
    """The thing with other settings. Raises BadSetup for one that it does not have, or a value that it cannot."""
    names = {field.name for field in fields(thing)} - own
    if unknown := sorted(set(settings) - names):
        raise BadSetup(f"{what}: there is no setting {unknown[0]!r}; there are {', '.join(sorted(names))}.")
    try:
        checked = adapter.validate_python(over(adapter.dump_python(thing), settings))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadSetup(f"{what}.{'.'.join(map(str, first['loc']))}: {first['msg']}.") from error
    return replace(thing, **{name: getattr(checked, name) for name in settings})


def _refuse(wrong: Iterable[str]) -> None:
    """Raises BadSetup if there is anything wrong."""
    if told := list(wrong):
        raise BadSetup("\n".join(told))


def _sites(sites: Sequence[Site]) -> list[dict[str, Any]]:
    names = numbered([site.name for site in sites])
    return [
        {**_settings(_SITE, site, _OF_SITE_ITSELF), "name": name} for site, name in zip(sites, names, strict=True)
    ]


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
