"""From step to step of a flow, until one has something for the carrier to do."""

from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from swapboard.calls import step as steps
from swapboard.calls.dialling import dial, first_of
from swapboard.calls.flow_event import FlowEvent
from swapboard.calls.flow_state import Awaits, FlowState, FlowStuck
from swapboard.calls.flow_ways import way_by, way_from
from swapboard.calls.flow_words import notice, words
from swapboard.calls.hours import is_open
from swapboard.calls.nodes import (
    Branch,
    ConsentNotice,
    Dial,
    EndCall,
    Flow,
    Gate,
    GeoRoute,
    Greeting,
    Menu,
    Node,
    Record,
    Refuse,
    RoundRobin,
    Schedule,
    Survey,
    TagCall,
    Voicemail,
)
from swapboard.calls.step import Prompt, Step

SCREEN_SECONDS = 8
Decision: TypeAlias = tuple[FlowState, Step]


def go(flow: Flow, state: FlowState, event: FlowEvent, name: str) -> Decision:
    """From the step with this name on to the first that has something to do. Raises FlowStuck."""
    walk = _Walk(flow, state, event)
    for _ in range(len(flow.steps) + 1):
        if not name:
            break
        if name not in flow.steps:
            raise FlowStuck(f"the flow has no step {name!r}")
        walk.path.append(name)
        found = _enter(walk, name, flow.steps[name])
        if not isinstance(found, str):
            return found
        name = found
    else:
        raise FlowStuck(f"the flow goes in circles at {name!r}")
    after, step = ended(walk.state)
    return after, walk.step(step.act)


@dataclass(slots=True)
class _Walk:
    """What was gathered on the way from step to step."""

    flow: Flow
    state: FlowState
    event: FlowEvent
    prompts: tuple[Prompt, ...]
    path: list[str]
    tags: tuple[str, ...]

    def __init__(self, flow: Flow, state: FlowState, event: FlowEvent) -> None:
        self.flow, self.state, self.event = flow, state, event
        self.prompts, self.path, self.tags = (), [], ()

    def hear(self, text: str, file: str) -> None:
        self.prompts += words(self.flow, text, file)

    def step(self, act: steps.Act) -> Step:
        return Step(act, self.prompts, tuple(self.path), self.tags)

    def wait(self, awaits: Awaits, name: str, act: steps.Act) -> Decision:
        return waits(self.state, awaits, name), self.step(act)


def _enter(walk: _Walk, name: str, node: Node) -> str | Decision:  # noqa: C901, PLR0911, PLR0912 the table above
    """The name of the step that comes next, or what is to be done here."""
    event = walk.event
    match node:
        case Greeting():
            walk.hear(node.text, node.file)
            return node.then
        case Record():
            walk.state = replace(walk.state, records=True)
            return node.then
        case TagCall():
            walk.tags += node.tags
            return node.then
        case Schedule():
            return node.open if is_open(node.hours, event.at) else node.closed
        case GeoRoute():
            return way_from(node, event.caller, event.region)
        case Branch():
            return way_by(node, event.visit)
        case ConsentNotice():
            walk.prompts += notice(walk.flow, node, event.own_sounds)
            return walk.wait(Awaits.KEYS, name, steps.Ask(1, SCREEN_SECONDS)) if node.agree_key else node.then
        case Menu():
            return _enter_menu(walk, name, node)
        case Gate():
            if 100 * event.spam_score < node.from_percent:
                return node.then
            walk.hear(node.text, node.file)
            return walk.wait(Awaits.KEYS, name, steps.Ask(1, node.wait_seconds))
        case Survey():
            walk.hear(node.text, node.file)
            return walk.wait(Awaits.KEYS, name, steps.Ask(1, node.wait_seconds))
        case Dial() | RoundRobin():
            first = first_of(node, event) if isinstance(node, RoundRobin) else 0
            walk.state = replace(walk.state, part=0, first=first)
            return walk.wait(Awaits.DIAL, name, dial(node, walk.state, event))
        case Voicemail():
            walk.hear(node.text, node.file)
            return walk.wait(Awaits.MESSAGE, name, steps.TakeMessage(node.longest_seconds))
        case EndCall():
            walk.hear(node.text, node.file)
            return ended(walk.state)[0], walk.step(steps.HangUp())
        case Refuse():
            is_taken = bool(walk.prompts) or walk.state.told > 0
            act = steps.HangUp() if is_taken else steps.Reject(node.busy)
            return ended(walk.state)[0], walk.step(act)
        case _:
            assert_never(node)


def _enter_menu(walk: _Walk, name: str, menu: Menu) -> str | Decision:
    if walk.state.heard(name) >= menu.plays:
        walk.path.pop()  # passed, not heard again
        return menu.otherwise
    walk.state = walk.state.hears(name)
    walk.hear(menu.text, menu.file)
    return walk.wait(Awaits.KEYS, name, steps.Ask(1, menu.wait_seconds))


def waits(state: FlowState, awaits: Awaits, name: str) -> FlowState:
    """The state once the carrier has its document; a dialling keeps which of its numbers were rung."""
    part, first = (state.part, state.first) if awaits is Awaits.DIAL else (0, 0)
    return replace(state, awaits=awaits, node=name, part=part, first=first, told=state.told + 1)


def ended(state: FlowState) -> Decision:
    """The flow is at its end."""
    return waits(state, Awaits.NOTHING, ""), Step(steps.HangUp())
