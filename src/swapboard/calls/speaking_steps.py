"""The steps of a flow that talk with the caller, and those that only note something."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from swapboard.calls.node import NO_OTHERS, Address, BaseNode, Key, Next, Words
from swapboard.json_kinds import WHOLE, YES_OR_NO

Tag = Annotated[str, StringConstraints(min_length=1, max_length=50)]


@dataclass(frozen=True, slots=True)
class Greeting(BaseNode):
    """Say something: a text, or a file: an https address, or `sound:NAME`, one of the company's own sounds.

    With both, the text is spoken where the file is missing.
    """

    kind: Literal["greeting"] = "greeting"
    text: Words = ""
    file: Address = ""
    then: Next = ""


@dataclass(frozen=True, slots=True)
class ConsentNotice(BaseNode):
    """Tell the caller that the call is recorded; with `agree_key` they must press it, or go to `declined`."""

    kind: Literal["consent"] = "consent"
    text: Words = ""
    file: Address = ""
    agree_key: Key | None = None
    then: Next = ""
    declined: Next = ""


@dataclass(frozen=True, slots=True)
class Record(BaseNode):
    """Record what is said from here on, once somebody answers; a consent notice must come before."""

    kind: Literal["record"] = "record"
    then: Next = ""


@dataclass(frozen=True, slots=True)
class Menu(BaseNode):
    """Ask for a key. It is heard at most `plays` times in a call; then, and without a key, `otherwise`."""

    kind: Literal["menu"] = "menu"
    text: Words = ""
    file: Address = ""
    keys: Annotated[Mapping[Key, Next], NO_OTHERS] = field(default_factory=dict)
    wait_seconds: Annotated[int, Field(ge=1, le=60), WHOLE] = 6
    plays: Annotated[int, Field(ge=1, le=10), WHOLE] = 2
    otherwise: Next = ""


@dataclass(frozen=True, slots=True)
class Gate(BaseNode):
    """Let on only who presses 1, which machines do not; with `from_percent`, others than suspects are not asked.

    A suspect's call is spam with at least that probability (`spam.py`).
    """

    kind: Literal["gate"] = "gate"
    text: Words = ""
    file: Address = ""
    from_percent: Annotated[int, Field(ge=0, le=100), WHOLE] = 0
    wait_seconds: Annotated[int, Field(ge=1, le=60), WHOLE] = 6
    then: Next = ""
    otherwise: Next = ""


@dataclass(frozen=True, slots=True)
class Voicemail(BaseNode):
    """Let the caller leave a message."""

    kind: Literal["voicemail"] = "voicemail"
    text: Words = ""
    file: Address = ""
    longest_seconds: Annotated[int, Field(ge=5, le=600), WHOLE] = 120
    then: Next = ""


@dataclass(frozen=True, slots=True)
class TagCall(BaseNode):
    """Tag the call."""

    kind: Literal["tag"] = "tag"
    tags: Annotated[tuple[Tag, ...], Field(max_length=20)] = ()
    then: Next = ""


@dataclass(frozen=True, slots=True)
class Answer(BaseNode):
    """What a key in a survey means."""

    tag: Annotated[str, StringConstraints(max_length=50)] = ""
    qualified: Annotated[bool, YES_OR_NO] | None = None


@dataclass(frozen=True, slots=True)
class Survey(BaseNode):
    """Ask whoever is on the line how it went, by key; with `ask_value` also what it was worth, ended with #."""

    kind: Literal["survey"] = "survey"
    text: Words = ""
    file: Address = ""
    answers: Annotated[Mapping[Key, Answer], NO_OTHERS] = field(default_factory=dict)
    ask_value: Annotated[bool, YES_OR_NO] = False
    value_text: Words = ""
    wait_seconds: Annotated[int, Field(ge=1, le=60), WHOLE] = 10
    then: Next = ""


@dataclass(frozen=True, slots=True)
class EndCall(BaseNode):
    """Say good-bye, if there is anything to say, and hang up."""

    kind: Literal["hang_up"] = "hang_up"
    text: Words = ""
    file: Address = ""


@dataclass(frozen=True, slots=True)
class Refuse(BaseNode):
    """Do not take the call: the caller hears a busy tone, or that nobody is there."""

    kind: Literal["reject"] = "reject"
    busy: Annotated[bool, YES_OR_NO] = False
