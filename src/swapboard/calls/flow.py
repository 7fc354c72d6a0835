"""What happens to a call, as a state machine that does no I/O: it is told the time, the caller and the visit.

A flow is a set of named steps (`nodes.py`). A call goes from step to step until one has something for the
carrier to do (`step.py`); the carrier comes back with what became of it, and the call goes on from there.

    awaits     event        what happens
    arrival    arrived      on from the flow's first step
    dial       dial_ended   after a talk: on with `then`; else ring the next number, or on with `otherwise`
    keys       keys         on by the key: of a menu, a consent notice, a survey
    message    message      on with `then`
    whisper    leg_asks     whoever answered hears the whisper and is joined
    screen     leg_asks     whoever answered hears the whisper and is asked for a key
    press      leg_keys     1: joined; anything else: the leg ends
    (any)      (else)       hang up, for the call has nothing left to wait for

    step                                            what entering it does
    greeting, consent (no key), record, tag         noted, and on
    schedule, geo_route, branch                     on, one way or another
    menu                                            keys are awaited; heard often enough, on with `otherwise`
    consent (with a key), survey                    keys are awaited
    dial, round_robin                               the end of the dialling is awaited
    voicemail                                       the message is awaited
    hang_up, reject                                 the end
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from swapboard.calls import step as steps
from swapboard.calls.call import EventKind, Outcome
from swapboard.calls.flow_state import Awaits, FlowState
from swapboard.calls.hours import is_open
from swapboard.calls.nodes import (
    DESTINATION,
    Branch,
    ConsentNotice,
    Dial,
    EndCall,
    Flow,
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
    Target,
    Voicemail,
)
from swapboard.calls.step import Prompt, Step
from swapboard.clock import Millis

ACCEPT_KEY = "1"
PRESS_1 = "Press 1 to take the call."
SCREEN_SECONDS = 8
VALUE_KEYS = 7
MOST_WORDS_OF_VISIT = 200


class FlowStuck(Exception):
    """The flow cannot say what comes next: the call is to go to its default destination."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of the visit that made the call."""

    channel: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    keyword: str | None = None


NO_VISIT = Visit()


@dataclass(frozen=True, slots=True)
class FlowEvent:
    """What happened, and what a flow may ask about it."""

    kind: EventKind
    at: Millis
    destination: str = ""
    """Where calls to the dialled number go, E.164."""
    keys: str = ""
    outcome: Outcome | None = None
    """Of a dialling's end; None when nobody knows."""
    caller: str | None = None
    """E.164; None when withheld."""
    region: str | None = None
    """Where the caller's number is from: `US-NY`, or `GB`."""
    visit: Visit = NO_VISIT
    answered_before: str | None = None
    """Who talked to this caller last, E.164."""
    turn: int = 0
    """Which call to this flow it is: a round robin goes on by it."""


Decision: TypeAlias = tuple[FlowState, Step]


def next_step(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    """What to do now, and the state to come back in. Raises FlowStuck when the flow cannot tell."""
    decide = _TABLE.get((state.awaits, event.kind))
    return decide(flow, state, event) if decide else _end(state)


def forward(number: str, ring_seconds: int) -> Flow:
    """The flow that rings one number, and ends when nobody answers."""
    return Flow("forward", {"forward": Dial(targets=(Target(number, ring_seconds),))})


def _arrived(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    return _go(flow, state, event, flow.start)


def _dial_ended(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    node = flow.steps.get(state.node)
    if not isinstance(node, Dial | RoundRobin):
        if event.outcome is Outcome.ANSWERED:
            return _end(state)
        raise _gone(state)
    if event.outcome is Outcome.ANSWERED:
        return _go(flow, state, event, node.then)
    rung = replace(state, part=state.part + 1)
    if rung.part < _most_diallings(node):
        return _waits(rung, Awaits.DIAL, state.node), Step(_dial(node, rung, event))
    return _go(flow, state, event, node.otherwise)


def _keys(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    match flow.steps.get(state.node):
        case Menu() as menu:
            return _go(flow, state, event, menu.keys.get(event.keys[:1], state.node))
        case ConsentNotice() as notice:
            return _go(flow, state, event, notice.then if event.keys[:1] == notice.agree_key else notice.declined)
        case Survey() as survey:
            return _surveyed(flow, state, event, survey)
        case _:
            raise _gone(state)


def _surveyed(flow: Flow, state: FlowState, event: FlowEvent, node: Survey) -> Decision:
    if state.part:
        after, step = _go(flow, state, event, node.then)
        return after, replace(step, value_cents=_cents(event.keys))
    answer = node.answers.get(event.keys[:1])
    tags = (answer.tag,) if answer and answer.tag else ()
    qualified = answer.qualified if answer else None
    if answer and node.ask_value:
        waiting = replace(_waits(state, Awaits.KEYS, state.node), part=1)
        words = _words(flow, node.value_text)
        return waiting, Step(steps.Ask(VALUE_KEYS, node.wait_seconds, "#"), words, (), tags, qualified)
    after, step = _go(flow, state, event, node.then)
    return after, replace(step, tags=(*tags, *step.tags), qualified=qualified)


def _cents(keys: str) -> int | None:
    """Whole money by keys; nothing that is no number, or longer than what was asked for."""
    is_number = keys.isascii() and keys.isdigit() and len(keys) <= VALUE_KEYS
    return int(keys) * 100 if is_number else None


def _message_taken(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    node = flow.steps.get(state.node)
    # The message is taken, whatever became of the step.
    return _go(flow, state, event, node.then if isinstance(node, Voicemail) else "")


def _whispered(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    return state, Step(steps.Join(), _whisper(flow, state, event))


def _screened(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    words = (*_whisper(flow, state, event), *_words(flow, PRESS_1))
    return replace(state, awaits=Awaits.PRESS), Step(steps.Ask(1, SCREEN_SECONDS), words)


def _pressed(_flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    return state, Step(steps.Join() if event.keys[:1] == ACCEPT_KEY else steps.HangUp())


_TABLE: Mapping[tuple[Awaits, EventKind], Callable[[Flow, FlowState, FlowEvent], Decision]] = {
    (Awaits.ARRIVAL, EventKind.ARRIVED): _arrived,
    (Awaits.DIAL, EventKind.DIAL_ENDED): _dial_ended,
    (Awaits.KEYS, EventKind.KEYS): _keys,
    (Awaits.MESSAGE, EventKind.MESSAGE): _message_taken,
    (Awaits.WHISPER, EventKind.LEG_ASKS): _whispered,
    (Awaits.SCREEN, EventKind.LEG_ASKS): _screened,
    (Awaits.PRESS, EventKind.LEG_KEYS): _pressed,
}


def _go(flow: Flow, state: FlowState, event: FlowEvent, name: str) -> Decision:
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
    after, step = _end(walk.state)
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
        self.prompts += _words(self.flow, text, file)

    def step(self, act: steps.Act) -> Step:
        return Step(act, self.prompts, tuple(self.path), self.tags)

    def wait(self, awaits: Awaits, name: str, act: steps.Act) -> Decision:
        return _waits(self.state, awaits, name), self.step(act)


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
            walk.hear(node.text, node.file)
            return walk.wait(Awaits.KEYS, name, steps.Ask(1, SCREEN_SECONDS)) if node.agree_key else node.then
        case Menu():
            return _enter_menu(walk, name, node)
        case Survey():
            walk.hear(node.text, node.file)
            return walk.wait(Awaits.KEYS, name, steps.Ask(1, node.wait_seconds))
        case Dial() | RoundRobin():
            first = first_of(node, event) if isinstance(node, RoundRobin) else 0
            walk.state = replace(walk.state, part=0, first=first)
            return walk.wait(Awaits.DIAL, name, _dial(node, walk.state, event))
        case Voicemail():
            walk.hear(node.text, node.file)
            return walk.wait(Awaits.MESSAGE, name, steps.TakeMessage(node.longest_seconds))
        case EndCall():
            walk.hear(node.text, node.file)
            return _end(walk.state)[0], walk.step(steps.HangUp())
        case Refuse():
            is_taken = bool(walk.prompts) or walk.state.told > 0
            act = steps.HangUp() if is_taken else steps.Reject(node.busy)
            return _end(walk.state)[0], walk.step(act)
        case _:
            assert_never(node)


def _enter_menu(walk: _Walk, name: str, menu: Menu) -> str | Decision:
    if walk.state.heard(name) >= menu.plays:
        walk.path.pop()  # passed, not heard again
        return menu.otherwise
    walk.state = walk.state.hears(name)
    walk.hear(menu.text, menu.file)
    return walk.wait(Awaits.KEYS, name, steps.Ask(1, menu.wait_seconds))


def _waits(state: FlowState, awaits: Awaits, name: str) -> FlowState:
    """The state once the carrier has its document; a dialling keeps which of its numbers were rung."""
    part, first = (state.part, state.first) if awaits is Awaits.DIAL else (0, 0)
    return replace(state, awaits=awaits, node=name, part=part, first=first, told=state.told + 1)


def _end(state: FlowState) -> Decision:
    return _waits(state, Awaits.NOTHING, ""), Step(steps.HangUp())


def _dial(node: Dial | RoundRobin, state: FlowState, event: FlowEvent) -> steps.Dial:
    targets = node.targets
    if not (isinstance(node, Dial) and node.at_once):
        targets = (targets[(state.first + state.part) % len(targets)],)
    numbers = tuple(dict.fromkeys(number for target in targets if (number := _number(target, event))))
    if not numbers:
        raise FlowStuck("there is no number to ring")
    return steps.Dial(
        numbers=numbers,
        ring_timeout_seconds=max(target.ring_seconds for target in targets),
        asks_leg=bool(node.whisper) or node.press_1,
        screened=node.press_1,
        records=state.records,
    )


def _number(target: Target, event: FlowEvent) -> str:
    return event.destination if target.number == DESTINATION else target.number


def _most_diallings(node: Dial | RoundRobin) -> int:
    if isinstance(node, RoundRobin):
        return min(node.tries, len(node.targets))
    return 1 if node.at_once else len(node.targets)


def first_of(node: RoundRobin, event: FlowEvent) -> int:
    """Which number a round robin rings first: the caller's last one, else whose turn it is by weight.

    Smooth weighted: of weights 5, 1, 1 the turns are a a b a c a a, not a a a a a b c
    (https://github.com/nginx/nginx, "smooth weighted round-robin", 2012).
    """
    numbers = [_number(target, event) for target in node.targets]
    if node.sticky and event.answered_before in numbers:
        return numbers.index(event.answered_before)
    weights = [target.weight for target in node.targets]
    credit, chosen = [0] * len(weights), 0
    for _ in range(event.turn % sum(weights) + 1):
        credit = [have + weight for have, weight in zip(credit, weights, strict=True)]
        chosen = credit.index(max(credit))
        credit[chosen] -= sum(weights)
    return chosen


def way_from(node: GeoRoute, caller: str | None, region: str | None) -> str:
    """Where a caller from there goes: by the longest beginning of the number, then by state, then by country."""
    begins = [area for area in node.areas if area.startswith("+") and (caller or "").startswith(area)]
    if begins:
        return node.areas[max(begins, key=len)]
    country = (region or "").partition("-")[0]
    return next((node.areas[area] for area in (region, country) if area and area in node.areas), node.otherwise)


def way_by(node: Branch, visit: Visit) -> str:
    """Where a call of this visit goes."""
    fitting = (case.then for case in node.cases if fits(case.value, getattr(visit, case.asked)))
    return next(fitting, node.otherwise)


def fits(wanted: str, fact: str | None) -> bool:
    """True when the fact is the text, whatever the case; `*` at an end stands for anything."""
    if fact is None:
        return False
    wanted, fact = wanted.lower(), fact.lower()
    inner = wanted.strip("*")
    if wanted.startswith("*") and wanted.endswith("*"):
        return inner in fact
    if wanted.startswith("*"):
        return fact.endswith(inner)
    return fact.startswith(inner) if wanted.endswith("*") else fact == wanted


def _whisper(flow: Flow, state: FlowState, event: FlowEvent) -> tuple[Prompt, ...]:
    node = flow.steps.get(state.node)
    text = node.whisper if isinstance(node, Dial | RoundRobin) else ""
    return _words(flow, filled_in(text, event.visit))


def filled_in(text: str, visit: Visit) -> str:
    """The whisper with the visit's facts: `{source}` is all that says where it came from, in a few words."""
    facts = {
        "source": described(visit),
        "channel": visit.channel,
        "campaign": visit.campaign,
        "keyword": visit.keyword,
    }
    for name, fact in facts.items():
        text = text.replace(f"{{{name}}}", (fact or "unknown")[:MOST_WORDS_OF_VISIT])
    return text


def described(visit: Visit) -> str:
    """`Paid Search, google, emergency plumber`; or that nobody knows."""
    facts = visit.channel, visit.source, visit.keyword or visit.campaign
    return ", ".join(dict.fromkeys(fact for fact in facts if fact)) or "unknown source"


def _words(flow: Flow, text: str, file: str = "") -> tuple[Prompt, ...]:
    return (Prompt(text.strip(), file, flow.language),) if text.strip() or file else ()


def _gone(state: FlowState) -> FlowStuck:
    return FlowStuck(f"the flow has no longer the step {state.node!r} that the call waits in")


def asks_visit(flow: Flow) -> bool:
    """True when the flow goes by the visit, or says where it came from."""
    return any(
        isinstance(node, Branch) or (isinstance(node, Dial | RoundRobin) and "{" in node.whisper)
        for node in flow.steps.values()
    )


def asks_region(flow: Flow) -> bool:
    """True when the flow goes by the caller's state or country."""
    return any(
        not area.startswith("+")
        for node in flow.steps.values()
        if isinstance(node, GeoRoute)
        for area in node.areas
    )


def asks_history(flow: Flow) -> bool:
    """True when the flow rings whoever talked to the caller last."""
    return any(isinstance(node, RoundRobin) and node.sticky for node in flow.steps.values())
