"""Files in a flow: each carrier is told to play them, by the address, wherever it would speak."""

import pytest

from swapboard.calls.flow_state import Awaits, FlowState
from swapboard.calls.step import Act, Ask, Dial, HangUp, Prompt, Step, TakeMessage
from swapboard.carriers.base import Links
from swapboard.carriers.installed import carrier_kind
from tests.carriers.stories.cast import CAST
from tests.carriers.stories.plug import Plug

ADDRESS = "https://calls.example.com/sounds/a/b/c/d.wav"


@pytest.mark.parametrize("plug", CAST, ids=lambda plug: plug.kind)
@pytest.mark.parametrize(
    ("act", "awaits"),
    [
        (HangUp(), Awaits.NOTHING),
        (Dial(("+12025550101",), 20), Awaits.DIAL),
        (Ask(1, 5), Awaits.KEYS),
        (TakeMessage(60), Awaits.MESSAGE),
    ],
    ids=["good-bye", "greeting", "menu", "mailbox"],
)
def test_a_file_is_played_and_nothing_spoken(plug: Plug, act: Act, awaits: Awaits) -> None:
    carrier = carrier_kind(plug.kind).open(plug.credentials)
    links = Links("https://calls.example.com", "c1", dialled="+12025550120")
    document = carrier.render(Step(act, (Prompt("Welcome.", ADDRESS),)), FlowState(awaits=awaits, told=1), links)
    assert ADDRESS in document.body
    assert "Welcome." not in document.body
