"""What a flow is made of: its steps, as people write them down; each names the steps that come after it.

The same records are the API's documents, the dashboard's forms and the TOML file's tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import Field, StringConstraints

from swapboard.calls.deciding_steps import Asked, Branch, Case, GeoRoute, Schedule
from swapboard.calls.node import BaseNode, Name
from swapboard.calls.ringing_steps import DESTINATION, Dial, RoundRobin, Target
from swapboard.calls.speaking_steps import (
    Answer,
    ConsentNotice,
    EndCall,
    Gate,
    Greeting,
    Menu,
    Record,
    Refuse,
    Survey,
    TagCall,
    Voicemail,
)
from swapboard.calls.spoken import ENGLISH
from swapboard.language import _

__all__ = [
    "BLANKS",
    "DESTINATION",
    "MOST_STEPS",
    "Answer",
    "AnyNode",
    "Asked",
    "Branch",
    "Case",
    "ConsentNotice",
    "Dial",
    "EndCall",
    "Flow",
    "Gate",
    "GeoRoute",
    "Greeting",
    "Language",
    "Menu",
    "Name",
    "Node",
    "Record",
    "Refuse",
    "RoundRobin",
    "Schedule",
    "Steps",
    "Survey",
    "TagCall",
    "Target",
    "Voicemail",
    "ways",
]

MOST_STEPS = 100
LONGEST_MISSED_TEXT = 320
"""Two messages' length where all letters are plain."""

Node: TypeAlias = (
    Greeting
    | ConsentNotice
    | Record
    | Menu
    | Gate
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
MissedText = Annotated[str, StringConstraints(max_length=LONGEST_MISSED_TEXT)]
Steps = Annotated[
    Mapping[Name, AnyNode],
    Field(min_length=1, max_length=MOST_STEPS, json_schema_extra={"additionalProperties": False}),
]


@dataclass(frozen=True, slots=True)
class Flow(BaseNode):
    """What happens to a call: where it starts, and every step by its name."""

    start: Name
    steps: Steps
    language: Language = ENGLISH
    """The language in which texts are spoken, as in `en-GB`."""
    missed_text: MissedText = ""
    """What a caller whom nobody answered is written, if their line takes texts (`texts/text.py`)."""


BLANKS: Mapping[str, Node] = {
    node.kind: node
    for node in (
        Greeting(),
        ConsentNotice(),
        Record(),
        Menu(),
        Gate(),
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


def ways(node: Node) -> list[tuple[str, str]]:  # noqa: PLR0911 one for each family of steps
    """Every way on from a step, with the words for it: `("key 2", "office")`; an empty name is the call's end."""
    match node:
        case Menu() | GeoRoute() | Branch():
            return [*_chosen(node), (_(_OTHERWISE[node.kind]), node.otherwise)]
        case Schedule():
            return [(_("open"), node.open), (_("closed"), node.closed)]
        case Dial() | RoundRobin():
            asked = [(_("asked of whoever talked"), node.survey)] if node.survey else []
            return [(_(AFTER_THE_TALK), node.then), (_("nobody answers"), node.otherwise), *asked]
        case ConsentNotice() if node.agree_key:
            return [(_("then"), node.then), (_("without the key"), node.declined)]
        case Gate():
            return [(_key("1"), node.then), (_("without the key"), node.otherwise)]
        case EndCall() | Refuse():
            return []
        case _:
            return [(_("then"), node.then)]


AFTER_THE_TALK = _("after the talk")
_OTHERWISE = {
    "menu": _("no or another key"),
    "geo_route": _("from elsewhere"),
    "branch": _("any other visit"),
}


def _key(key: str) -> str:
    return _("key %(key)s") % {"key": key}


def _chosen(node: Menu | GeoRoute | Branch) -> list[tuple[str, str]]:
    match node:
        case Menu():
            return [(_key(key), name) for key, name in node.keys.items()]
        case GeoRoute():
            return [(_("from %(area)s") % {"area": area}, name) for area, name in node.areas.items()]
        case Branch():
            return [
                (_("%(asked)s is %(value)s") % {"asked": _(case.asked), "value": case.value}, case.then)
                for case in node.cases
            ]
