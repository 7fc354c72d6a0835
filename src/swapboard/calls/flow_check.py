"""Whether a flow carries every call to a good end: a person, a voicemail, or a hang-up that was meant.

What is wrong is said in the words of the steps' owner, with the step and the field where it can be mended.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from swapboard.calls.nodes import (
    AFTER_THE_TALK,
    ConsentNotice,
    Dial,
    Flow,
    Menu,
    Node,
    Record,
    RoundRobin,
    Survey,
    Voicemail,
    ways,
)
from swapboard.calls.sound import sound_in
from swapboard.calls.step_check import file_fault, step_faults
from swapboard.language import _


@dataclass(frozen=True, slots=True)
class FlowFault:
    """What is wrong: the step (empty for the flow as a whole), its field, and what to do about it."""

    step: str
    field: str
    detail: str


def flow_faults(
    flow: Flow, own_numbers: Collection[str] = (), sounds: Collection[str] | None = None
) -> list[FlowFault]:
    """Everything that is wrong with a flow; nothing for a good one.

    `own_numbers` ring here themselves (E.164); `sounds` are the names of all there are, None where nobody knows.
    """
    return [
        *_of_start(flow),
        *_of_ways(flow),
        *_of_circles(flow),
        *_unreached(flow),
        *(fault for name, node in flow.steps.items() for fault in _of_step(name, node, own_numbers)),
        *_of_sounds(flow, sounds),
        *_of_consent(flow),
        *_of_missed_text(flow),
        *_of_surveys(flow),
    ]


def _of_surveys(flow: Flow) -> Iterator[FlowFault]:
    """What whoever talked is asked must be a survey, and nothing comes after it: the caller is gone."""
    for name, node in flow.steps.items():
        survey = flow.steps.get(node.survey) if isinstance(node, Dial | RoundRobin) and node.survey else None
        if survey is None:
            continue
        asked = node.survey if isinstance(node, Dial | RoundRobin) else ""
        if not isinstance(survey, Survey):
            yield FlowFault(
                name,
                "survey",
                _("“%(name)s”: “%(asked)s” is no survey; only a survey can be asked.")
                % {"name": name, "asked": asked},
            )
        elif survey.then:
            detail = _("“%(asked)s” is asked when the caller is gone: nothing can come after it.") % {
                "asked": asked
            }
            yield FlowFault(asked, "then", detail)


def _of_missed_text(flow: Flow) -> Iterator[FlowFault]:
    strange = set(re.findall(r"{[^{}]*}", flow.missed_text)) - {"{number}"}
    for each in sorted(strange):
        detail = _("The text message has “%(each)s”, which means nothing; only {number} does.") % {"each": each}
        yield FlowFault("", "missed_text", detail)


def _of_start(flow: Flow) -> Iterator[FlowFault]:
    if flow.start not in flow.steps:
        yield FlowFault(
            "", "start", _("The call starts at “%(start)s”, but there is no such step.") % {"start": flow.start}
        )


def _of_ways(flow: Flow) -> Iterator[FlowFault]:
    for name, node in flow.steps.items():
        for words, following in ways(node):
            if following and following not in flow.steps:
                yield FlowFault(
                    name,
                    words,
                    _("“%(name)s” (%(words)s) goes on to “%(following)s”, but there is no such step.")
                    % {"name": name, "words": words, "following": following},
                )
            if not following and not _may_end(node, words):
                yield FlowFault(
                    name,
                    words,
                    _(
                        "“%(name)s” (%(words)s) leads nowhere: the caller would be cut off. "
                        "Choose what comes next: ring somebody, take a message, or hang up."
                    )
                    % {"name": name, "words": words},
                )


def _may_end(node: Node, words: str) -> bool:
    """A call may end after a talk, a message or a survey; nowhere else without saying so."""
    return isinstance(node, Voicemail | Survey) or (
        isinstance(node, Dial | RoundRobin) and words == _(AFTER_THE_TALK)
    )


def _of_circles(flow: Flow) -> Iterator[FlowFault]:
    """A circle is limited only where a caller's key in a menu closes it: menus count how often they are heard."""
    for circle in _circles(_without_menu_keys(flow)):
        names = " → ".join(f"“{name}”" for name in (*circle, circle[0]))
        yield FlowFault(
            circle[0],
            "then",
            _(
                "The call would go in circles: %(names)s. Let one of these lead elsewhere; "
                "only a menu's key may go back."
            )
            % {"names": names},
        )


def _without_menu_keys(flow: Flow) -> Mapping[str, list[str]]:
    return {
        name: [each for each in _onward(node) if each in flow.steps and not _only_by_key(node, each)]
        for name, node in flow.steps.items()
    }


def _onward(node: Node) -> list[str]:
    return list(dict.fromkeys(following for _words, following in ways(node) if following))


def _only_by_key(node: Node, following: str) -> bool:
    return isinstance(node, Menu) and following != node.otherwise


def _circles(onward: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """One circle for each step that closes one, found by walking every way once."""
    done: set[str] = set()
    for start in onward:
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(onward[start]))] if start not in done else []
        while stack:
            name, rest = stack[-1]
            trail = [each for each, _ in stack]
            following = next(rest, None)
            if following is None:
                done.add(name)
                stack.pop()
            elif following in trail:
                yield trail[trail.index(following) :]
            elif following not in done:
                stack.append((following, iter(onward[following])))


def _unreached(flow: Flow) -> Iterator[FlowFault]:
    reached, waiting = {flow.start}, [flow.start]
    while waiting:
        node = flow.steps.get(waiting.pop())
        new = [each for each in _onward(node) if each not in reached] if node else []
        reached.update(new)
        waiting += new
    for name in flow.steps:
        if name not in reached and flow.start in flow.steps:
            yield FlowFault(
                name, "", _("No call ever comes to “%(name)s”. Lead a step to it, or remove it.") % {"name": name}
            )


def _of_step(name: str, node: Node, own_numbers: Collection[str]) -> Iterator[FlowFault]:
    for field, detail in step_faults(node, own_numbers):
        yield FlowFault(name, field, f"“{name}”: {detail}")


def _of_sounds(flow: Flow, sounds: Collection[str] | None) -> Iterator[FlowFault]:
    for name, node in flow.steps.items():
        file = getattr(node, "file", "")
        if sounds is not None and sound_in(file) is not None and (detail := file_fault(file, sounds)):
            yield FlowFault(name, "file", f"“{name}”: {detail}")


def _of_consent(flow: Flow) -> Iterator[FlowFault]:
    """Where a call can come to a recording without having heard of it."""
    seen: set[str] = set()
    waiting = [flow.start]
    while waiting:
        name = waiting.pop()
        node = flow.steps.get(name)
        if node is None or name in seen:
            continue
        seen.add(name)
        if isinstance(node, Record):
            yield FlowFault(
                name,
                "",
                _("“%(name)s” records callers who were not told. Put a consent notice before it.")
                % {"name": name},
            )
        if isinstance(node, ConsentNotice):
            # Only whoever declines goes on without having agreed.
            waiting += [node.declined] if node.agree_key else []
            continue
        waiting += _onward(node)
