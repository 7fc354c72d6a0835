"""What a flow is made of: its steps, as people write them down; each names the steps that come after it.

The same records are the API's documents, the dashboard's forms and the TOML file's tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import ConfigDict, Field, StringConstraints

from swapboard.calls.hours import Hours
from swapboard.calls.step import MOST_NUMBERS_AT_ONCE

MOST_STEPS = 100
LONGEST_WORDS = 2_000
DESTINATION = "destination"
"""In place of a number: where calls to the dialled number go."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\s~](?:[^\x00-\x1f~]*[^\s~])?$")]
"""A step's name, as its owner calls it."""
Next = Annotated[str, StringConstraints(max_length=40)]
"""The name of the step that comes next; empty where the call ends."""
Words = Annotated[str, StringConstraints(max_length=LONGEST_WORDS)]
Address = Annotated[str, StringConstraints(max_length=2_000)]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=50)]
Phone = Annotated[str, StringConstraints(min_length=1, max_length=40)]
RingSeconds = Annotated[int, Field(ge=5, le=600)]
Area = Annotated[str, StringConstraints(min_length=2, max_length=15)]


@dataclass(frozen=True, slots=True)
class _Node:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Greeting(_Node):
    """Say something: a text, or an audio file by its https address."""

    kind: Literal["greeting"] = "greeting"
    text: Words = ""
    file: Address = ""
    then: Next = ""


@dataclass(frozen=True, slots=True)
class ConsentNotice(_Node):
    """Tell the caller that the call is recorded; with `agree_key` they must press it, or go to `declined`."""

    kind: Literal["consent"] = "consent"
    text: Words = ""
    file: Address = ""
    agree_key: Key | None = None
    then: Next = ""
    declined: Next = ""


@dataclass(frozen=True, slots=True)
class Record(_Node):
    """Record what is said from here on, once somebody answers; a consent notice must come before."""

    kind: Literal["record"] = "record"
    then: Next = ""


@dataclass(frozen=True, slots=True)
class Menu(_Node):
    """Ask for a key. It is heard at most `plays` times in a call; then, and without a key, `otherwise`."""

    kind: Literal["menu"] = "menu"
    text: Words = ""
    file: Address = ""
    keys: Mapping[Key, Next] = field(default_factory=dict)
    wait_seconds: Annotated[int, Field(ge=1, le=60)] = 6
    plays: Annotated[int, Field(ge=1, le=10)] = 2
    otherwise: Next = ""


@dataclass(frozen=True, slots=True)
class Schedule(_Node):
    """Go one way in business hours, another outside them and on holidays."""

    kind: Literal["schedule"] = "schedule"
    hours: Hours = field(default_factory=Hours)
    open: Next = ""
    closed: Next = ""


@dataclass(frozen=True, slots=True)
class Target(_Node):
    """A number to ring: E.164, or `destination`; its weight counts in a round robin, its seconds when in turn."""

    number: Phone = DESTINATION
    ring_seconds: RingSeconds = 25
    weight: Annotated[int, Field(ge=1, le=100)] = 1


Targets = Annotated[tuple[Target, ...], Field(max_length=MOST_NUMBERS_AT_ONCE)]


@dataclass(frozen=True, slots=True)
class Dial(_Node):
    """Ring numbers, one after the other or all at once; `otherwise` when nobody takes the call.

    `whisper` is said to whoever answers, with {source}, {channel}, {campaign} and {keyword} filled in; with
    `press_1` they are joined with the caller only once they press 1, so that no mailbox takes the call.
    `then` is for a caller who stays on the line after the talk.
    """

    kind: Literal["dial"] = "dial"
    targets: Targets = (Target(),)
    at_once: bool = False
    whisper: Words = ""
    press_1: bool = False
    then: Next = ""
    otherwise: Next = ""


@dataclass(frozen=True, slots=True)
class RoundRobin(_Node):
    """Ring numbers in turn from call to call, by weight; if `sticky`, first whoever this caller talked to last."""

    kind: Literal["round_robin"] = "round_robin"
    targets: Targets = (Target(),)
    tries: Annotated[int, Field(ge=1, le=MOST_NUMBERS_AT_ONCE)] = 3
    sticky: bool = True
    whisper: Words = ""
    press_1: bool = False
    then: Next = ""
    otherwise: Next = ""


@dataclass(frozen=True, slots=True)
class GeoRoute(_Node):
    """Go by where the caller's number is from: a country (`GB`), a state (`US-NY`) or a beginning (`+1212`)."""

    kind: Literal["geo_route"] = "geo_route"
    areas: Mapping[Area, Next] = field(default_factory=dict)
    otherwise: Next = ""


class Asked(StrEnum):
    """What of a visit a branch can look at."""

    CHANNEL = "channel"
    SOURCE = "source"
    MEDIUM = "medium"
    CAMPAIGN = "campaign"
    KEYWORD = "keyword"


@dataclass(frozen=True, slots=True)
class Case(_Node):
    """When the fact is this text, or begins or ends as `*` says, in capitals or not."""

    asked: Asked = Asked.CAMPAIGN
    value: Annotated[str, StringConstraints(min_length=1, max_length=200)] = "*"
    then: Next = ""


@dataclass(frozen=True, slots=True)
class Branch(_Node):
    """Go by the visit that made the call: the first case that fits, else `otherwise`."""

    kind: Literal["branch"] = "branch"
    cases: Annotated[tuple[Case, ...], Field(max_length=20)] = ()
    otherwise: Next = ""


@dataclass(frozen=True, slots=True)
class Voicemail(_Node):
    """Let the caller leave a message."""

    kind: Literal["voicemail"] = "voicemail"
    text: Words = ""
    file: Address = ""
    longest_seconds: Annotated[int, Field(ge=5, le=600)] = 120
    then: Next = ""


@dataclass(frozen=True, slots=True)
class TagCall(_Node):
    """Tag the call."""

    kind: Literal["tag"] = "tag"
    tags: Annotated[tuple[Tag, ...], Field(max_length=20)] = ()
    then: Next = ""


@dataclass(frozen=True, slots=True)
class Answer(_Node):
    """What a key in a survey means."""

    tag: Annotated[str, StringConstraints(max_length=50)] = ""
    qualified: bool | None = None


@dataclass(frozen=True, slots=True)
class Survey(_Node):
    """Ask whoever is on the line how it went, by key; with `ask_value` also what it was worth, ended with #."""

    kind: Literal["survey"] = "survey"
    text: Words = ""
    file: Address = ""
    answers: Mapping[Key, Answer] = field(default_factory=dict)
    ask_value: bool = False
    value_text: Words = ""
    wait_seconds: Annotated[int, Field(ge=1, le=60)] = 10
    then: Next = ""


@dataclass(frozen=True, slots=True)
class EndCall(_Node):
    """Say good-bye, if there is anything to say, and hang up."""

    kind: Literal["hang_up"] = "hang_up"
    text: Words = ""
    file: Address = ""


@dataclass(frozen=True, slots=True)
class Refuse(_Node):
    """Do not take the call: the caller hears a busy tone, or that nobody is there."""

    kind: Literal["reject"] = "reject"
    busy: bool = False


Node: TypeAlias = (
    Greeting
    | ConsentNotice
    | Record
    | Menu
    | Schedule
    | Dial
    | RoundRobin
    | GeoRoute
    | Branch
    | Voicemail
    | TagCall
    | Survey
    | EndCall
    | Refuse
)
AnyNode = Annotated[Node, Field(discriminator="kind")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
Steps = Annotated[Mapping[Name, AnyNode], Field(min_length=1, max_length=MOST_STEPS)]


@dataclass(frozen=True, slots=True)
class Flow(_Node):
    """What happens to a call: where it starts, and every step by its name."""

    start: Name
    steps: Steps
    language: Language = "en-US"
    """The language in which texts are spoken, as in `en-GB`."""


BLANKS: Mapping[str, Node] = {
    node.kind: node
    for node in (
        Greeting(),
        ConsentNotice(),
        Record(),
        Menu(),
        Schedule(),
        Dial(),
        RoundRobin(),
        GeoRoute(),
        Branch(),
        Voicemail(),
        TagCall(),
        Survey(),
        EndCall(),
        Refuse(),
    )
}
"""A step of every kind, before anybody has filled it in."""


def ways(node: Node) -> list[tuple[str, str]]:
    """Every way on from a step, with the words for it: `("key 2", "office")`; an empty name is the call's end."""
    match node:
        case Menu() | GeoRoute() | Branch():
            return [*_chosen(node), (_OTHERWISE[node.kind], node.otherwise)]
        case Schedule():
            return [("open", node.open), ("closed", node.closed)]
        case Dial() | RoundRobin():
            return [("after the talk", node.then), ("nobody answers", node.otherwise)]
        case ConsentNotice() if node.agree_key:
            return [("then", node.then), ("without the key", node.declined)]
        case EndCall() | Refuse():
            return []
        case _:
            return [("then", node.then)]


_OTHERWISE = {"menu": "no or another key", "geo_route": "from elsewhere", "branch": "any other visit"}


def _chosen(node: Menu | GeoRoute | Branch) -> list[tuple[str, str]]:
    match node:
        case Menu():
            return [(f"key {key}", name) for key, name in node.keys.items()]
        case GeoRoute():
            return [(f"from {area}", name) for area, name in node.areas.items()]
        case Branch():
            return [(f"{case.asked} is {case.value}", case.then) for case in node.cases]
