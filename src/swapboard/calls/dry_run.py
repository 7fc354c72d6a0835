"""A dry run: the path that a caller would take through a flow, at a time, from a place, doing this and that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from swapboard.calls.call import EventKind, Outcome
from swapboard.calls.flow import next_step
from swapboard.calls.flow_event import FlowEvent
from swapboard.calls.flow_state import Awaits, FlowState, FlowStuck
from swapboard.calls.nodes import Flow
from swapboard.calls.sound import heard_as
from swapboard.calls.step import Ask, Dial, Reject, Step, TakeMessage

MOST_MOMENTS = 60


class Ending(StrEnum):
    """How a dry run ended."""

    PERSON = "person"
    VOICEMAIL = "voicemail"
    HUNG_UP = "hung_up"
    REJECTED = "rejected"
    DEFAULT = "default"
    """The flow could not tell: the default destination is dialled."""


@dataclass(frozen=True, slots=True)
class Caller:
    """What the caller and the called do."""

    keys: str = ""
    """What is pressed, question by question; a dot presses nothing."""
    answers: Sequence[bool] = (True,)
    """Whether the first phone that is rung is answered, and the next, …; the last is for all others."""
    leaves_message: bool = True


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happens: the steps that led to it, what is heard, and what is done."""

    path: tuple[str, ...]
    heard: tuple[str, ...]
    act: str
    """As in `Step.kind`."""
    numbers: tuple[str, ...] = ()
    pressed: str | None = None
    """The key that was pressed, or nothing; None where none was asked for."""
    is_answered: bool | None = None
    tags: tuple[str, ...] = ()
    survey: tuple[str, ...] = ()
    """What whoever answered is asked when the caller has hung up, where the network keeps their line."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """The whole path, and how it ended."""

    moments: tuple[Moment, ...]
    ending: Ending
    fault: str = ""
    text: str = ""
    """What a caller whom nobody answered is written."""


def dry_run(flow: Flow, arrival: FlowEvent, caller: Caller) -> DryRun:
    """Plays a call through the real flow; `arrival` says when, to where, from whom, and by which visit."""
    moments: list[Moment] = []
    state, event, ending = FlowState(), arrival, Ending.HUNG_UP
    rest, rung = caller.keys, 0
    for _ in range(MOST_MOMENTS):
        try:
            state, step = next_step(flow, state, event)
        except (FlowStuck, KeyError) as fault:
            return DryRun(tuple(moments), Ending.DEFAULT, str(fault))
        pressed = answered = None
        match step.act:
            case Ask() as ask:
                pressed, rest = _press(rest, ask.most_keys)
                event = replace(arrival, kind=EventKind.KEYS, keys=pressed)
            case Dial():
                answered = caller.answers[min(rung, len(caller.answers) - 1)]
                rung += 1
                ending = Ending.PERSON if answered else ending
                outcome = Outcome.ANSWERED if answered else Outcome.NO_ANSWER
                event = replace(arrival, kind=EventKind.DIAL_ENDED, outcome=outcome)
            case TakeMessage():
                ending = Ending.VOICEMAIL if caller.leaves_message else ending
                event = replace(arrival, kind=EventKind.MESSAGE)
            case _:
                pass
        survey = _survey(flow, state, arrival) if answered and _keeps(step) else ()
        moments.append(replace(_moment(step, pressed, answered), survey=survey))
        if state.awaits is Awaits.NOTHING:
            ending = Ending.REJECTED if isinstance(step.act, Reject) else ending
            is_written = ending is Ending.HUNG_UP and arrival.caller is not None
            return DryRun(tuple(moments), ending, text=flow.missed_text if is_written else "")
    return DryRun(tuple(moments), Ending.DEFAULT, "the call goes on for too long")


def _keeps(step: Step) -> bool:
    return isinstance(step.act, Dial) and step.act.keeps_leg


def _survey(flow: Flow, state: FlowState, arrival: FlowEvent) -> tuple[str, ...]:
    _after, asked = next_step(flow, state.left(), replace(arrival, kind=EventKind.LEG_LEFT))
    return tuple(heard_as(prompt.file, prompt.text) for prompt in asked.prompts)


def _press(keys: str, most: int) -> tuple[str, str]:
    """The keys for one question, and those that are left."""
    if keys.startswith("."):
        return "", keys[1:]
    asked = keys.partition(".")[0][:most]
    pressed = asked.partition("#")[0] if most > 1 else asked
    return pressed, keys[len(pressed) :].removeprefix("#" if most > 1 else "")


def _moment(step: Step, pressed: str | None, answered: bool | None) -> Moment:
    numbers = step.act.numbers if isinstance(step.act, Dial) else ()
    heard = tuple(heard_as(prompt.file, prompt.text) for prompt in step.prompts)
    return Moment(step.path, heard, step.kind, numbers, pressed, answered, step.tags)
