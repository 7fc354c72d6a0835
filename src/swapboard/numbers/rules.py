"""Which visits get which number: ordered rules, the first match wins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

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


class Field(StrEnum):
    """The facts of a visit that a rule can ask for."""

    CHANNEL = "channel"
    SOURCE = "source"
    MEDIUM = "medium"
    CAMPAIGN = "campaign"
    KEYWORD = "keyword"
    LANDING_PAGE = "landing_page"
    REFERRER = "referrer"
    CLICK_ID = "click_id"


@dataclass(frozen=True, slots=True)
class SwapTarget:
    """A business number on the page, and where its calls go."""

    target_id: str
    number: str
    destination: str


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
    """All conditions must hold; each holds when the visit's fact is one of its values, whatever the case.

    A value ending in `*` matches by its beginning. `click_id` asks for the names of click ids present.
    """

    rule_id: str
    name: str
    outcome: Outcome
    conditions: Mapping[Field, tuple[str, ...]] = field(default_factory=dict)
    pool_id: str | None = None
    number_id: str | None = None

    def matches(self, source: Source) -> bool:
        """True when every condition holds for the visit."""
        return all(_holds(values, _facts(source, asked)) for asked, values in self.conditions.items())


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

    def decide(self, source: Source, target: SwapTarget) -> Decision:
        """The first rule that matches the visit and serves the target decides."""
        for rule in self.rules:
            decision = self._decision(rule)
            if _serves(decision, target) and rule.matches(source):
                return decision
        return LEAVE

    def instead(self, pool: Pool, source: Source) -> StaticNumber | None:
        """What an overflowing visit is shown: by the pool's setting its channel's number, else the fallback."""
        if pool.overflow is Overflow.ORIGINAL:
            return None
        if pool.overflow is Overflow.CHANNEL_STATIC:
            for static in self.statics.values():
                if static.channel == source.channel and static.target_id == pool.target_id:
                    return static
        return self.statics.get(pool.fallback_number_id or "")

    def _decision(self, rule: Rule) -> Decision:
        pool = self.pools.get(rule.pool_id or "")
        static = self.statics.get(rule.number_id or "")
        if rule.outcome is Outcome.POOL and pool:
            return Decision(Outcome.POOL, rule, pool=pool)
        if rule.outcome is Outcome.STATIC and static:
            return Decision(Outcome.STATIC, rule, static=static)
        return Decision(Outcome.LEAVE, rule)


def _serves(decision: Decision, target: SwapTarget) -> bool:
    given = decision.pool or decision.static
    return given is None or given.target_id == target.target_id


def _facts(source: Source, asked: Field) -> Iterable[str | None]:
    if asked is Field.CLICK_ID:
        return source.click_ids.keys()
    if asked is Field.KEYWORD:
        return (source.term,)
    fact: str | None = getattr(source, asked.value)
    return (fact,)


def _holds(values: Sequence[str], facts: Iterable[str | None]) -> bool:
    present = [fact.casefold() for fact in facts if fact]
    return any(_fits(value.casefold(), fact) for value in values for fact in present)


def _fits(value: str, fact: str) -> bool:
    return fact.startswith(value[:-1]) if value.endswith("*") else fact == value
