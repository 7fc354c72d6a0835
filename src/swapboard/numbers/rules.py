"""Which visits get which number: ordered rules, the first match wins."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from swapboard.numbers.conditions import Arrival, Condition, Field, condition, facts_of
from swapboard.visits.source import Source


class Outcome(StrEnum):
    """What a rule gives."""

    POOL = "pool"
    STATIC = "static"
    LEAVE = "leave"


class Overflow(StrEnum):
    """What a visit gets when every number of its pool is live."""

    CHANNEL_STATIC = "channel_static"
    FALLBACK = "fallback"
    ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class SwapTarget:
    """A business number on the page, and where its calls go."""

    target_id: str
    number: str
    destination: str
    shares_with: str | None = None
    """The target whose number it shows, so that several numbers on a page take one lease, or None for its own."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Numbers that are leased, one to a session, in place of one target."""

    pool_id: str
    target_id: str
    overflow: Overflow
    fallback_number_id: str | None = None


@dataclass(frozen=True, slots=True)
class StaticNumber:
    """A number of one placement or channel, the same for everybody who sees it."""

    number_id: str
    number: str
    target_id: str
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """All conditions must hold; `conditions.py` says when each does. Without conditions it is for every visit."""

    rule_id: str
    name: str
    outcome: Outcome
    conditions: Mapping[Field, tuple[str, ...]] = field(default_factory=dict)
    pool_id: str | None = None
    number_id: str | None = None
    asks: tuple[Condition, ...] = field(init=False, repr=False, compare=False)
    """The conditions, made ready once: rules are asked at every visit."""

    def __post_init__(self) -> None:
        asks = tuple(condition(asked, values) for asked, values in self.conditions.items())
        object.__setattr__(self, "asks", asks)

    def matches(self, arrival: Arrival, company_zone: str) -> bool:
        """True when every condition holds for the visit."""
        return all(each.holds(facts_of(arrival, each.asked, company_zone)) for each in self.asks)


@dataclass(frozen=True, slots=True)
class Decision:
    """What one target on one page becomes, and the rule that said so (None: no rule matched)."""

    outcome: Outcome
    rule: Rule | None
    pool: Pool | None = None
    static: StaticNumber | None = None


LEAVE = Decision(Outcome.LEAVE, None)


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """A company's targets, pools, static numbers and rules, as one value."""

    targets: Mapping[str, SwapTarget]
    """By E.164 number."""
    pools: Mapping[str, Pool]
    statics: Mapping[str, StaticNumber]
    rules: Sequence[Rule]
    time_zone: str = "UTC"
    """The company's, by which rules know the hour."""
    _of_target: Mapping[str, Sequence[Decision]] = field(init=False, repr=False, compare=False)
    """What the rules that serve a target would give it, in their order: found once, not at every visit."""
    _by_id: Mapping[str, SwapTarget] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {target.target_id: target for target in self.targets.values()})
        of_target: dict[str, list[Decision]] = defaultdict(list)
        for rule in self.rules:
            if decision := self.given_by(rule):
                for target in self.targets.values():
                    if serves(decision, target):
                        of_target[target.target_id].append(decision)
        object.__setattr__(self, "_of_target", dict(of_target))

    def lender(self, target: SwapTarget) -> SwapTarget:
        """The target whose lease this one shows: itself, or the one that it shares with."""
        return self._by_id.get(target.shares_with or "", target)

    def decide(self, arrival: Arrival, target: SwapTarget) -> Decision:
        """The first rule that serves the target and matches the visit decides.

        A rule whose number is paused, or whose pool is gone, is passed over.
        """
        for decision in self._of_target.get(self.lender(target).target_id, ()):
            if decision.rule and decision.rule.matches(arrival, self.time_zone):
                return decision
        return LEAVE

    def hidden_by(self, rule: Rule) -> Rule | None:
        """The rule for every visit that stands before this one wherever it could decide; None if it is heard."""
        given = self.given_by(rule)
        served = [target for target in self.targets.values() if given and serves(given, target)]
        hiding = [self._first_for_everybody(target) for target in served]
        if not all(each and self.rules.index(each) < self.rules.index(rule) for each in hiding):
            return None
        return next(iter(hiding), None)

    def _first_for_everybody(self, target: SwapTarget) -> Rule | None:
        decisions = self._of_target.get(self.lender(target).target_id, ())
        return next((each.rule for each in decisions if each.rule and not each.rule.conditions), None)

    def given_by(self, rule: Rule) -> Decision | None:
        """What the rule gives; None while its pool or number is not to be had."""
        if rule.outcome is Outcome.LEAVE:
            return Decision(Outcome.LEAVE, rule)
        if rule.outcome is Outcome.POOL:
            pool = self.pools.get(rule.pool_id or "")
            return Decision(Outcome.POOL, rule, pool=pool) if pool else None
        static = self.statics.get(rule.number_id or "")
        return Decision(Outcome.STATIC, rule, static=static) if static else None

    def instead(self, pool: Pool, source: Source) -> StaticNumber | None:
        """What an overflowing visit is shown: by the pool's setting its channel's number, else the fallback."""
        if pool.overflow is Overflow.ORIGINAL:
            return None
        if pool.overflow is Overflow.CHANNEL_STATIC:
            for static in self.statics.values():
                if static.channel == source.channel and static.target_id == pool.target_id:
                    return static
        return self.statics.get(pool.fallback_number_id or "")


def serves(decision: Decision, target: SwapTarget) -> bool:
    """True when what is given stands for the target; to leave a page as it is serves every target."""
    given = decision.pool or decision.static
    return given is None or given.target_id == target.target_id
