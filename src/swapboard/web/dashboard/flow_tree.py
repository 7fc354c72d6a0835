"""A flow as people read it: a tree that begins where a call begins; each step stands in it once."""

from collections.abc import Sequence
from dataclasses import dataclass

from swapboard.calls.hours import Hours
from swapboard.calls.nodes import (
    DESTINATION,
    Branch,
    Dial,
    EndCall,
    Flow,
    GeoRoute,
    Node,
    Record,
    Refuse,
    RoundRobin,
    Schedule,
    TagCall,
    Target,
    Voicemail,
    ways,
)
from swapboard.calls.sound import heard_as
from swapboard.web.dashboard.flow_draft import KINDS
from swapboard.web.dashboard.translation import _
from swapboard.web.dashboard.words import phone


@dataclass(frozen=True, slots=True)
class Branching:
    """One way on: its words, and the step it leads to; `to` alone where that step stands elsewhere in the tree."""

    words: str
    to: str
    tree: "Tree | None"


@dataclass(frozen=True, slots=True)
class Tree:
    """A step with what comes after it."""

    name: str
    kind: str
    says: str
    branches: Sequence[Branching]


def tree_of(flow: Flow, country: str) -> Tree | None:
    """The tree from the flow's start; None when there is no such step."""
    return _tree(flow, flow.start, country, set()) if flow.start in flow.steps else None


def _tree(flow: Flow, name: str, country: str, shown: set[str]) -> Tree:
    shown.add(name)
    node = flow.steps[name]
    branches = []
    for words, to in ways(node):
        is_new = to in flow.steps and to not in shown
        branches.append(Branching(words, to, _tree(flow, to, country, shown) if is_new else None))
    shown_ways = [each for each in branches if each.to or not _ends_plainly(node)]
    return Tree(name, KINDS[node.kind], says(node, country), shown_ways)


def _ends_plainly(node: Node) -> bool:
    return not isinstance(node, Dial | RoundRobin)


def says(node: Node, country: str) -> str:
    """What a step does, in a line."""
    match node:
        case Dial() | RoundRobin():
            return _rings(node, country)
        case Schedule():
            return hours_in_words(node.hours)
        case TagCall():
            return ", ".join(node.tags)
        case Refuse():
            return _("a busy tone") if node.busy else _("nobody there")
        case GeoRoute() | Branch() | Record():
            return ""
        case _:
            return _spoken(node)


def _rings(node: Dial | RoundRobin, country: str) -> str:
    between = _(" or ")
    if isinstance(node, Dial):
        between = _(" and ") if node.at_once else _(", then ")
    return _with_extras(between.join(_target(target, country) for target in node.targets), node)


def _spoken(node: Node) -> str:
    file = getattr(node, "file", "")
    if file:
        # What callers hear; the text is for when it cannot be had.
        return heard_as(file, "")
    text = getattr(node, "text", "")
    if isinstance(node, Voicemail | EndCall) and not text:
        return _("without a word")
    return f"“{text}”"


def _target(target: Target, country: str) -> str:
    where = _("the number's destination") if target.number == DESTINATION else phone(target.number, country)
    return _("%(where)s for %(seconds)s s") % {"where": where, "seconds": target.ring_seconds}


def _with_extras(text: str, node: Dial | RoundRobin) -> str:
    extras = [
        _("whoever answers hears “%s”") % node.whisper if node.whisper else "",
        _("and presses 1 to take the call") if node.press_1 else "",
    ]
    return "; ".join(each for each in (text, *extras) if each)


def hours_in_words(hours: Hours) -> str:
    """`mon 09:00-17:00, tue …; America/New_York; closed on 2 days`."""
    days = ", ".join(f"{day} {' '.join(spans)}" for day, spans in hours.days.items() if spans)
    holidays = _("closed on %s") % ", ".join(map(str, hours.holidays[:3])) if hours.holidays else ""
    return "; ".join(each for each in (days, hours.time_zone, holidays) if each)
