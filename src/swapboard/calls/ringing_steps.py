"""The steps of a flow that ring somebody."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from swapboard.calls.node import BaseNode, Next, Words
from swapboard.calls.step import MOST_NUMBERS_AT_ONCE
from swapboard.json_kinds import WHOLE, YES_OR_NO

DESTINATION = "destination"
"""In place of a number: where calls to the dialled number go."""

Phone = Annotated[str, StringConstraints(min_length=1, max_length=40)]
RingSeconds = Annotated[int, Field(ge=5, le=600), WHOLE]


@dataclass(frozen=True, slots=True)
class Target(BaseNode):
    """A number to ring: E.164, or `destination`; its weight counts in a round robin, its seconds when in turn."""

    number: Phone = DESTINATION
    ring_seconds: RingSeconds = 25
    weight: Annotated[int, Field(ge=1, le=100), WHOLE] = 1


Targets = Annotated[tuple[Target, ...], Field(max_length=MOST_NUMBERS_AT_ONCE)]


@dataclass(frozen=True, slots=True)
class Dial(BaseNode):
    """Ring numbers, one after the other or all at once; `otherwise` when nobody takes the call.

    `whisper` is said to whoever answers, with {source}, {channel}, {campaign} and {keyword} filled in; with
    `press_1` they are joined with the caller only once they press 1, so that no mailbox takes the call.
    `then` is for a caller who stays on the line after the talk; `survey` is asked of whoever talked to them, once
    the caller has hung up, where the network keeps their line (own lines do).
    """

    kind: Literal["dial"] = "dial"
    targets: Targets = (Target(),)
    at_once: Annotated[bool, YES_OR_NO] = False
    whisper: Words = ""
    press_1: Annotated[bool, YES_OR_NO] = False
    survey: Next = ""
    then: Next = ""
    otherwise: Next = ""


@dataclass(frozen=True, slots=True)
class RoundRobin(BaseNode):
    """Ring numbers in turn from call to call, by weight; if `sticky`, first whoever this caller talked to last."""

    kind: Literal["round_robin"] = "round_robin"
    targets: Targets = (Target(),)
    tries: Annotated[int, Field(ge=1, le=MOST_NUMBERS_AT_ONCE), WHOLE] = 3
    sticky: Annotated[bool, YES_OR_NO] = True
    whisper: Words = ""
    press_1: Annotated[bool, YES_OR_NO] = False
    survey: Next = ""
    then: Next = ""
    otherwise: Next = ""
