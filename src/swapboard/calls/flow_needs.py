"""What a flow asks about a call beyond its number: only that has to be looked up before it is answered."""

from swapboard.calls.nodes import Branch, Dial, Flow, Gate, GeoRoute, RoundRobin


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


def asks_caller(flow: Flow) -> bool:
    """True when the flow goes by who calls."""
    return asks_history(flow) or any(isinstance(node, GeoRoute) for node in flow.steps.values())


def asks_history(flow: Flow) -> bool:
    """True when the flow rings whoever talked to the caller last."""
    return any(isinstance(node, RoundRobin) and node.sticky for node in flow.steps.values())


def asks_spam(flow: Flow) -> bool:
    """True when the flow asks suspects only for a key."""
    return any(isinstance(node, Gate) and node.from_percent for node in flow.steps.values())


def asks_key(flow: Flow) -> bool:
    """True when whoever answers must press a key to be joined with the caller."""
    return any(isinstance(node, Dial | RoundRobin) and node.press_1 for node in flow.steps.values())


def asks_turn(flow: Flow) -> bool:
    """True when the flow rings numbers in turn."""
    return any(isinstance(node, RoundRobin) for node in flow.steps.values())
