"""Which numbers a flow rings, in which turn."""

from swapboard.calls import step as steps
from swapboard.calls.flow_event import FlowEvent
from swapboard.calls.flow_state import FlowState, FlowStuck
from swapboard.calls.nodes import DESTINATION, Dial, RoundRobin, Target


def dial(node: Dial | RoundRobin, state: FlowState, event: FlowEvent) -> steps.Dial:
    """The next dialling of a step. Raises FlowStuck when it has no number to ring."""
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
        keeps_leg=bool(node.survey),
    )


def _number(target: Target, event: FlowEvent) -> str:
    return event.destination if target.number == DESTINATION else target.number


def most_diallings(node: Dial | RoundRobin) -> int:
    """How often the step dials before nobody is left."""
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
