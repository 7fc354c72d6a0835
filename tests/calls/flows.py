"""Flows for the tests: one of every step, and any valid flow at all."""

from collections.abc import Sequence

from hypothesis import strategies as st

from swapboard.calls.hours import Day, Hours
from swapboard.calls.nodes import (
    Answer,
    Asked,
    Branch,
    Case,
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
    Target,
    Voicemail,
)

SHOP = "+12025550101"
HOME = "+12025550102"
LAB = "+442079460123"
WEEKDAYS = (Day.MON, Day.TUE, Day.WED, Day.THU, Day.FRI)
HOURS = Hours("America/New_York", dict.fromkeys(WEEKDAYS, ("09:00-17:00",)))

SHOP_FLOW = Flow(
    "hours",
    {
        "hours": Schedule(hours=HOURS, open="welcome", closed="mailbox"),
        "welcome": Greeting(text="Welcome to the shop.", then="menu"),
        "menu": Menu(
            text="Press 1 for sales, 2 to leave a message.", keys={"1": "sales", "2": "mailbox"}, otherwise="sales"
        ),
        "sales": Dial(targets=(Target(SHOP, 20), Target(HOME, 15)), otherwise="mailbox"),
        "mailbox": Voicemail(text="Please leave a message."),
    },
)
"""Open on weekdays from nine to five, New York's time."""

EVERY_STEP = Flow(
    "hours",
    {
        "hours": Schedule(hours=HOURS, open="area", closed="closed"),
        "area": GeoRoute(areas={"US-NY": "campaign", "GB": "london", "+1305": "closed"}, otherwise="campaign"),
        "campaign": Branch(cases=(Case(Asked.CAMPAIGN, "spring*", "greeting"),), otherwise="greeting"),
        "greeting": Greeting(text="Hello.", then="notice"),
        "notice": ConsentNotice(
            text="This call is recorded. Press 1 to agree.", agree_key="1", then="record", declined="menu"
        ),
        "record": Record(then="gate"),
        "gate": Gate(text="Press 1 to be put through.", from_percent=50, then="menu", otherwise="closed"),
        "menu": Menu(
            text="1 sales, 2 service, 9 again.", keys={"1": "sales", "2": "team", "9": "menu"}, otherwise="closed"
        ),
        "sales": Dial(
            targets=(Target(), Target(HOME)), whisper="{source}", press_1=True, then="survey", otherwise="mailbox"
        ),
        "team": RoundRobin(targets=(Target(SHOP, 20, 3), Target(HOME, 20, 1)), otherwise="mailbox"),
        "london": Dial(targets=(Target(LAB), Target(HOME)), at_once=True, otherwise="mailbox"),
        "survey": Survey(
            text="Press 1 if it was a sale.",
            answers={"1": Answer("sale", True), "2": Answer("no sale", False)},
            ask_value=True,
            value_text="What was it worth? End with the pound key.",
        ),
        "mailbox": Voicemail(text="Please leave a message.", then="tag"),
        "tag": TagCall(tags=("message",), then="bye"),
        "bye": EndCall(text="Good-bye."),
        "closed": Refuse(busy=True),
    },
)

_numbers = st.sampled_from([SHOP, HOME, LAB, "destination"])
_targets = st.lists(
    st.builds(Target, _numbers, st.integers(5, 60), st.integers(1, 5)), min_size=1, max_size=3
).map(tuple)


@st.composite
def valid_flows(draw: st.DrawFn) -> Flow:
    """A flow whose steps lead onward to later ones, and back only by a menu's keys."""
    names = [f"step {number}" for number in range(draw(st.integers(1, 9)))]
    steps = {name: draw(_node(names[place + 1 :], names)) for place, name in enumerate(names)}
    return Flow(names[0], {name: steps[name] for name in _reached(names[0], steps)})


def _reached(start: str, steps: dict[str, Node]) -> Sequence[str]:
    from swapboard.calls.nodes import ways

    found = [start]
    for name in found:
        found += [each for _, each in ways(steps[name]) if each and each not in found]
    return [name for name in steps if name in found]


@st.composite
def _node(draw: st.DrawFn, later: Sequence[str], every: Sequence[str]) -> Node:
    if not later:
        ends: list[Node] = [Voicemail(text="Speak."), EndCall(text="Bye."), EndCall(), Refuse()]
        return draw(st.sampled_from(ends))
    then, other = draw(st.sampled_from(later)), draw(st.sampled_from(later))
    key = draw(st.sampled_from(every))
    nodes: list[Node] = [
        Greeting(text="Hello.", then=then),
        ConsentNotice(text="Recorded.", then=then),
        ConsentNotice(text="Recorded.", agree_key="1", then=then, declined=other),
        Menu(text="Keys.", keys={"1": then, "2": key}, plays=draw(st.integers(1, 3)), otherwise=other),
        Gate(text="Press 1.", from_percent=draw(st.integers(0, 100)), then=then, otherwise=other),
        Schedule(hours=HOURS, open=then, closed=other),
        Dial(
            targets=draw(_targets),
            at_once=draw(st.booleans()),
            then=draw(st.sampled_from(["", then])),
            otherwise=other,
        ),
        RoundRobin(targets=draw(_targets), press_1=True, otherwise=other),
        GeoRoute(areas={"GB": then, "+1212": other}, otherwise=other),
        Branch(cases=(Case(Asked.KEYWORD, "*plumber*", then),), otherwise=other),
        Voicemail(text="Speak.", then=draw(st.sampled_from(["", then]))),
        TagCall(tags=("a",), then=then),
        Survey(text="How?", answers={"1": Answer("good")}, ask_value=True, value_text="Worth?", then=then),
    ]
    return draw(st.sampled_from(nodes))
