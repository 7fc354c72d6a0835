"""A company's set-up as one value: what `swapboard export` writes and `swapboard import` reads.

Nothing in it is an id: targets and numbers are named by their number, pools and sites by their name, so that it
fits any company. Who may log in, API keys and carriers' credentials are no part of it.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    field_serializer,
    field_validator,
)

from swapboard.amount import MOST_CENTS
from swapboard.calls.flow_check import flow_faults
from swapboard.calls.nodes import AnyNode, Flow, Language, MissedText, Node, Steps
from swapboard.calls.nodes import Name as StepName
from swapboard.calls.sound import SoundName
from swapboard.clock import from_iso
from swapboard.moving.call_settings import CallSettings, faults_of_calls, twice_in_calls
from swapboard.moving.part import Part, Phone
from swapboard.numbers.conditions import Field as Asked
from swapboard.numbers.inventory import NumberKind, NumberStatus
from swapboard.numbers.rule_check import MOST_RULES
from swapboard.numbers.rules import Outcome, Overflow
from swapboard.numbers.running_days import fault_of_days
from swapboard.numbers.scaling import Limits
from swapboard.numbers.scaling import faults as scaling_faults
from swapboard.numbers.short_link import is_web_address, with_scheme
from swapboard.numbers.sizing import DEFAULT_NUMBER_CENTS
from swapboard.recordings.uploaded import LARGEST_BYTES, telephone_sound

FORMAT = 1

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=500)]


def _day(text: str) -> str:
    from_iso(text)
    return text


def _written(day: object) -> object:
    """TOML has days of its own, without quotation marks."""
    return day.isoformat() if isinstance(day, date) else day


Day = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"),
    AfterValidator(_day),
    BeforeValidator(_written),
]
Instant = Annotated[str, AfterValidator(_day)]
_NODE: TypeAdapter[Node] = TypeAdapter(AnyNode)
Cents = Annotated[int, Field(ge=0, le=MOST_CENTS)]


class TargetSetup(Part):
    """A number on the site; with `shares_with` it shows whatever that other target shows."""

    number: Phone
    name: str = Field("", max_length=200)
    destination: Phone
    shares_with: Phone | None = None


class AutoScaleSetup(Part):
    """What a pool may buy and give up by itself."""

    on: bool
    floor: int
    ceiling: int
    budget_cents: int = Field(le=2**31 - 1)
    number_cents: int = Field(DEFAULT_NUMBER_CENTS, le=2**31 - 1)

    @property
    def limits(self) -> Limits:
        return Limits(self.floor, self.ceiling, self.budget_cents, self.number_cents)


class PoolSetup(Part):
    """A pool; its numbers name it. Without `auto_scale` that stays as it is."""

    name: Name
    target: Phone
    overflow: Overflow = Overflow.CHANNEL_STATIC
    fallback: Phone | None = None
    auto_scale: AutoScaleSetup | None = None


class NumberSetup(Part):
    """A tracking number: of a pool, or in one place for a target."""

    number: Phone
    pool: Name | None = None
    target: Phone | None = None
    status: NumberStatus = NumberStatus.ACTIVE
    placement: Word | None = None
    channel: Word | None = None
    source: Word | None = None
    medium: Word | None = None
    campaign: Word | None = None
    monthly_cents: Cents | None = None
    placement_cents: Cents | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    # Links are looked up in small letters, for people type them from paper.
    short_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{4,16}$", to_lower=True)] | None = None
    short_url: Annotated[Word, AfterValidator(with_scheme)] | None = None
    quarantined_at: Instant | None = None

    @property
    def kind(self) -> NumberKind:
        return NumberKind.POOL if self.pool is not None else NumberKind.STATIC


class RuleSetup(Part):
    """A rule; its place in the file is its place in the order."""

    name: Name
    outcome: Outcome
    pool: Name | None = None
    number: Phone | None = None
    conditions: Mapping[Asked, Annotated[Sequence[Word], Field(min_length=1, max_length=100)]] = Field(
        default_factory=dict
    )


class SoundSetup(Part):
    """A sound that flows play by its name: a WAV, MP3 or FLAC file in base64."""

    name: SoundName
    content: Annotated[str, StringConstraints(max_length=LARGEST_BYTES * 3 // 2)]

    @field_validator("content")
    @classmethod
    def _for_telephones(cls, content: str) -> str:
        try:
            sound = telephone_sound(base64.b64decode("".join(content.split()), validate=True))
        except binascii.Error:
            raise ValueError("this is no base64") from None
        return base64.b64encode(sound.content).decode()

    @property
    def sound(self) -> bytes:
        return base64.b64decode(self.content)


class FlowSetup(Part):
    """A call flow: its steps by their names, and the numbers whose calls take it."""

    name: Name
    start: StepName
    language: Language = "en-US"
    missed_text: MissedText = ""
    numbers: Sequence[Phone] = ()
    steps: Steps

    @field_serializer("steps")
    def _written(self, steps: Mapping[str, Node]) -> dict[str, Any]:
        """What is as usual is left out, but never what kind of step it is."""
        return {
            name: {"kind": node.kind, **_NODE.dump_python(node, mode="json", exclude_defaults=True)}
            for name, node in steps.items()
        }

    @property
    def flow(self) -> Flow:
        return Flow(self.start, self.steps, self.language, self.missed_text)


class Setup(Part):
    """Everything. `company` and `sites` hold whatever settings those have; each site has a `name`."""

    format: Annotated[int, Field(ge=1, le=FORMAT)] = FORMAT
    company: Mapping[str, Any] = Field(default_factory=dict)
    sites: Sequence[Mapping[str, Any]] = ()
    swap_targets: Sequence[TargetSetup] = ()
    pools: Sequence[PoolSetup] = ()
    numbers: Sequence[NumberSetup] = ()
    rules: Sequence[RuleSetup] = ()
    flows: Sequence[FlowSetup] = ()
    sounds: Sequence[SoundSetup] = ()
    calls: CallSettings = Field(default_factory=CallSettings)


def faults(setup: Setup) -> list[str]:
    """What in a whole set-up cannot be: names that nobody has, calls in circles, outcomes that nobody has."""
    parts = (_of_targets, _of_pools, _of_auto_scale, _of_numbers, _of_placements, _of_rules, _of_flows, _of_calls)
    return [fault for part in parts for fault in part(setup)]


def twice(setup: Setup) -> Iterator[str]:
    """What is there more than once."""
    named = {
        "site": [str(site.get("name", "")) for site in setup.sites],
        "swap target": [each.number for each in setup.swap_targets],
        "pool": [each.name for each in setup.pools],
        "number": [each.number for each in setup.numbers],
        "flow": [each.name for each in setup.flows],
        "sound": [each.name for each in setup.sounds],
    }
    for what, names in named.items():
        yield from _repeated(what, names)
    yield from twice_in_calls(setup.calls)


def _repeated(what: str, names: Sequence[str]) -> Iterator[str]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"The {what} {name!r} is there twice."


def _of_targets(setup: Setup) -> Iterator[str]:
    targets = {each.number for each in setup.swap_targets}
    sharing = {each.number for each in setup.swap_targets if each.shares_with is not None}
    for each in setup.swap_targets:
        if each.shares_with in sharing:
            yield f"The swap target {each.number} shares with {each.shares_with}, which shares itself."
        if each.shares_with is not None and each.shares_with not in targets - {each.number}:
            yield f"The swap target {each.number} shares with {each.shares_with}, which is no other swap target."


def _of_pools(setup: Setup) -> Iterator[str]:
    targets = {each.number for each in setup.swap_targets}
    statics = {each.number for each in setup.numbers if each.kind is NumberKind.STATIC}
    for pool in setup.pools:
        if pool.target not in targets:
            yield f"The pool {pool.name!r} is for {pool.target}, which is no swap target."
        if pool.fallback is not None and pool.fallback not in statics:
            yield f"The pool {pool.name!r} falls back on {pool.fallback}, which is no static number."
        if pool.fallback is None and pool.overflow is Overflow.FALLBACK:
            yield f"The pool {pool.name!r} has no fallback number."


def _of_auto_scale(setup: Setup) -> Iterator[str]:
    for pool in setup.pools:
        for wrong in scaling_faults(pool.auto_scale.limits) if pool.auto_scale else ():
            yield f"The pool {pool.name!r}, auto_scale: {wrong}"


def _of_numbers(setup: Setup) -> Iterator[str]:
    targets = {each.number for each in setup.swap_targets}
    answered = targets | {each.destination for each in setup.swap_targets}
    pools = {each.name for each in setup.pools}
    for each in setup.numbers:
        if (each.pool is None) == (each.target is None):
            yield f"The number {each.number} needs either a pool or a target."
        elif each.pool is not None and each.pool not in pools:
            yield f"The number {each.number} is of the pool {each.pool!r}, which is not there."
        elif each.target is not None and each.target not in targets:
            yield f"The number {each.number} is for {each.target}, which is no swap target."
        if each.status is NumberStatus.RELEASED:
            yield f"The number {each.number} is released; leave it out."
        if each.number in answered:
            yield f"The number {each.number} is one that people answer: calls would go in circles."


def _of_placements(setup: Setup) -> Iterator[str]:
    for each in setup.numbers:
        if each.short_url is not None and not is_web_address(each.short_url):
            yield f"The number {each.number}, short_url: write a page's address, like https://www.example.com/offer."
        if wrong := fault_of_days(each.starts_on, each.ends_on):
            yield f"The number {each.number}: {wrong}"
    # Also of a number that is in the file and one that is not.
    yield from _repeated("short_code", [each.short_code for each in setup.numbers if each.short_code])


def _of_rules(setup: Setup) -> Iterator[str]:
    if len(setup.rules) > MOST_RULES:
        yield f"There are {len(setup.rules)} rules; a company has {MOST_RULES} at most."
    pools = {each.name for each in setup.pools}
    statics = {each.number for each in setup.numbers if each.kind is NumberKind.STATIC}
    for rule in setup.rules:
        gives = {Outcome.POOL: rule.pool in pools, Outcome.STATIC: rule.number in statics, Outcome.LEAVE: True}
        if not gives[rule.outcome]:
            yield f"The rule {rule.name!r} gives {rule.pool or rule.number!r}, which is not there."
        if (rule.pool and rule.outcome is not Outcome.POOL) or (
            rule.number and rule.outcome is not Outcome.STATIC
        ):
            yield f"The rule {rule.name!r} has the outcome {rule.outcome.value}, but names something else to give."


def _of_calls(setup: Setup) -> Iterator[str]:
    lines = {*(each.number for each in setup.numbers), *(each.number for each in setup.swap_targets)}
    yield from faults_of_calls(setup.calls, lines, {each.name for each in setup.sounds})


def _of_flows(setup: Setup) -> Iterator[str]:
    tracking = {each.number for each in setup.numbers}
    known = tracking | {each.number for each in setup.swap_targets}
    sounds = {each.name for each in setup.sounds}
    taken: dict[str, str] = {}
    for each in setup.flows:
        for number in each.numbers:
            if number not in known:
                yield f"The flow {each.name!r} is for {number}, which is not there."
            if taken.setdefault(number, each.name) != each.name:
                yield f"The number {number} is of the flows {taken[number]!r} and {each.name!r}."
        for fault in flow_faults(each.flow, tracking, sounds):
            yield f"The flow {each.name!r}: {fault.detail}"
