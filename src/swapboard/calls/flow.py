"""What happens to a call, as a state machine that does no I/O: it is told the time, the caller and the visit.

A flow is a set of named steps (`nodes.py`). A call goes from step to step until one has something for the
carrier to do (`step.py`); the carrier comes back with what became of it, and the call goes on from there.

    awaits     event        what happens
    arrival    arrived      on from the flow's first step
    dial       dial_ended   after a talk: on with `then`; else ring the next number, or on with `otherwise`
    keys       keys         on by the key: of a menu, a consent notice, a gate, a survey
    message    message      on with `then`
    whisper    leg_asks     whoever answered hears the whisper and is joined
    screen     leg_asks     whoever answered hears the whisper and is asked for a key
    press      leg_keys     1: joined; anything else: the leg ends
    left       leg_left     the caller is gone: whoever talked to them is asked how it went
    surveyed   leg_keys     what it was worth is asked, or the leg ends
    (any)      (else)       hang up, for the call has nothing left to wait for

    step (`walk.py`)                                 what entering it does
    greeting, consent (no key), record, tag         noted, and on
    schedule, geo_route, branch                     on, one way or another
    menu                                            keys are awaited; heard often enough, on with `otherwise`
    consent (with a key), survey                    keys are awaited
    gate                                            keys are awaited; others than suspects go on
    dial, round_robin                               the end of the dialling is awaited
    voicemail                                       the message is awaited
    hang_up, reject                                 the end
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from swapboard.calls import step as steps
from swapboard.calls.call import EventKind, Outcome
from swapboard.calls.dialling import dial, most_diallings
from swapboard.calls.flow_event import FlowEvent
from swapboard.calls.flow_state import Awaits, FlowState, FlowStuck
from swapboard.calls.flow_words import filled_in, words
from swapboard.calls.nodes import ConsentNotice, Dial, Flow, Gate, Menu, RoundRobin, Survey, Target, Voicemail
from swapboard.calls.spoken import ENGLISH, PRESS_1, in_language
from swapboard.calls.step import Prompt, Step
from swapboard.calls.walk import SCREEN_SECONDS, Decision, ended, go, waits

ACCEPT_KEY = "1"
VALUE_KEYS = 7


def next_step(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    """What to do now, and the state to come back in. Raises FlowStuck when the flow cannot tell."""
    decide = _TABLE.get((state.awaits, event.kind))
    return decide(flow, state, event) if decide else ended(state)


def forward(number: str, ring_seconds: int, language: str = ENGLISH) -> Flow:
    """The flow that rings one number, and ends when nobody answers."""
    return Flow("forward", {"forward": Dial(targets=(Target(number, ring_seconds),))}, language)


def _arrived(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    return go(flow, state, event, flow.start)


def _dial_ended(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    node = flow.steps.get(state.node)
    if not isinstance(node, Dial | RoundRobin):
        if event.outcome is Outcome.ANSWERED:
            return ended(state)
        raise _gone(state)
    if event.outcome is Outcome.ANSWERED:
        return go(flow, state, event, node.then)
    rung = replace(state, part=state.part + 1)
    if rung.part < most_diallings(node):
        return waits(rung, Awaits.DIAL, state.node), Step(dial(node, rung, event))
    return go(flow, state, event, node.otherwise)


def _keys(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    match flow.steps.get(state.node):
        case Menu() as menu:
            return go(flow, state, event, menu.keys.get(event.keys[:1], state.node))
        case ConsentNotice() as notice:
            return go(flow, state, event, notice.then if event.keys[:1] == notice.agree_key else notice.declined)
        case Gate() as gate:
            return go(flow, state, event, gate.then if event.keys[:1] == ACCEPT_KEY else gate.otherwise)
        case Survey() as survey:
            return _surveyed(flow, state, event, survey)
        case _:
            raise _gone(state)


def _surveyed(flow: Flow, state: FlowState, event: FlowEvent, node: Survey) -> Decision:
    if state.part:
        after, step = go(flow, state, event, node.then)
        return after, replace(step, value_cents=_cents(event.keys))
    said, asks_value = _answered(flow, node, event.keys)
    if asks_value:
        return replace(waits(state, Awaits.KEYS, state.node), part=1), said
    after, step = go(flow, state, event, node.then)
    return after, replace(step, tags=(*said.tags, *step.tags), qualified=said.qualified)


def _answered(flow: Flow, node: Survey, keys: str) -> tuple[Step, bool]:
    """What a survey's first answer says, with the question for the value if that is to be asked."""
    answer = node.answers.get(keys[:1])
    tags = (answer.tag,) if answer and answer.tag else ()
    qualified = answer.qualified if answer else None
    if answer and node.ask_value:
        question = steps.Ask(VALUE_KEYS, node.wait_seconds, "#")
        return Step(question, words(flow, node.value_text), (), tags, qualified), True
    return Step(steps.HangUp(), (), (), tags, qualified), False


def _left(flow: Flow, state: FlowState, _event: FlowEvent) -> Decision:
    """The caller is gone: ask whoever talked to them."""
    node = flow.steps.get(state.node)
    survey = flow.steps.get(node.survey) if isinstance(node, Dial | RoundRobin) else None
    if not isinstance(node, Dial | RoundRobin) or not isinstance(survey, Survey):
        return state, Step(steps.HangUp())
    asked = replace(state, awaits=Awaits.SURVEYED, node=node.survey, part=0)
    said = words(flow, survey.text, survey.file)
    return asked, Step(steps.Ask(1, survey.wait_seconds), said, (node.survey,))


def _said_after(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    survey = flow.steps.get(state.node)
    if not isinstance(survey, Survey):
        return state, Step(steps.HangUp())
    if state.part:
        return state, Step(steps.HangUp(), value_cents=_cents(event.keys))
    said, _asks_value = _answered(flow, survey, event.keys)
    return replace(state, part=1), said


def _cents(keys: str) -> int | None:
    """Whole money by keys; nothing that is no number, or longer than what was asked for."""
    is_number = keys.isascii() and keys.isdigit() and len(keys) <= VALUE_KEYS
    return int(keys) * 100 if is_number else None


def _message_taken(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    node = flow.steps.get(state.node)
    # The message is taken, whatever became of the step.
    return go(flow, state, event, node.then if isinstance(node, Voicemail) else "")


def _whispered(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    return state, Step(steps.Join(), _whisper(flow, state, event))


def _screened(flow: Flow, state: FlowState, event: FlowEvent) -> Decision:
    said = (*_whisper(flow, state, event), *words(flow, in_language(PRESS_1, flow.language)))
    return replace(state, awaits=Awaits.PRESS), Step(steps.Ask(1, SCREEN_SECONDS), said)


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
    (Awaits.LEFT, EventKind.LEG_LEFT): _left,
    (Awaits.SURVEYED, EventKind.LEG_KEYS): _said_after,
}


def _whisper(flow: Flow, state: FlowState, event: FlowEvent) -> tuple[Prompt, ...]:
    node = flow.steps.get(state.node)
    text = node.whisper if isinstance(node, Dial | RoundRobin) else ""
    return words(flow, filled_in(text, event.visit, flow.language))


def _gone(state: FlowState) -> FlowStuck:
    return FlowStuck(f"the flow has no longer the step {state.node!r} that the call waits in")
