"""What the check says of flows that would lose a call, in words that a shop's owner understands."""

from dataclasses import replace

import pytest

from swapboard.calls.flow_check import flow_faults
from swapboard.calls.hours import Day, Hours
from swapboard.calls.nodes import (
    Branch,
    ConsentNotice,
    Dial,
    Flow,
    GeoRoute,
    Greeting,
    Menu,
    Node,
    Record,
    RoundRobin,
    Schedule,
    Survey,
    Target,
    Voicemail,
)
from swapboard.language import LANGUAGES, speaking
from tests.calls.flows import EVERY_STEP, SHOP, SHOP_FLOW


def with_step(name: str, node: Node, flow: Flow = SHOP_FLOW) -> Flow:
    return replace(flow, steps={**flow.steps, name: node})


def said(flow: Flow, *own: str) -> str:
    return " ".join(fault.detail for fault in flow_faults(flow, own))


@pytest.mark.parametrize("flow", [SHOP_FLOW, EVERY_STEP])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wrong_with_a_good_flow(flow: Flow, language: str) -> None:
    with speaking(language):
        assert flow_faults(flow) == []


def test_what_is_wrong_is_said_in_the_language_of_whoever_makes_it() -> None:
    with speaking("de"):
        assert said(with_step("welcome", Dial())).startswith("„welcome“ (niemand nimmt ab) führt ins Leere")
        assert "ein Menü braucht mindestens eine Taste." in said(with_step("menu", Menu(text="Hm.")))


OPEN = Hours(days={Day.MON: ("09:00-17:00",)})


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (Greeting(text="Hi."), "“welcome” (then) leads nowhere: the caller would be cut off."),
        (Greeting(text="Hi.", then="attic"), "“welcome” (then) goes on to “attic”, but there is no such step."),
        (Greeting(then="menu"), "“welcome”: the caller would hear nothing."),
        (Greeting(file="http://example.com/a.mp3", then="menu"), "beginning with https://"),
        (Greeting(file="https://[", then="menu"), "beginning with https://"),
        # The routing snapshot could not be read with it, for no company.
        (Greeting(file=f"https://example.com/{'a' * 2_000}", then="menu"), "beginning with https://"),
        (Menu(text="Hm.", otherwise="menu"), "a menu needs at least one key"),
        (Dial(targets=(), otherwise="menu"), "name at least one number to ring"),
        (Dial(targets=(Target("the shop"),), otherwise="menu"), "is not a phone number"),
        (Dial(targets=(Target("+1 202 555 0101"),), otherwise="menu"), "write +1 202 555 0101 as +12025550101"),
        (Dial(whisper="{caller}", otherwise="menu"), "it knows no {caller}; there are {source}"),
        (Dial(), "“welcome” (nobody answers) leads nowhere"),
        (RoundRobin(), "“welcome” (nobody answers) leads nowhere"),
        (Survey(text="How?", then="menu"), "a survey needs at least one key"),
        (
            Schedule(hours=Hours("Mars/Olympus", OPEN.days), open="menu", closed="menu"),
            "no time zone “Mars/Olympus”",
        ),
        (Schedule(open="menu", closed="menu"), "it is never open"),
        (GeoRoute(areas={"Texas": "menu"}, otherwise="menu"), "“Texas” is no area"),
        (GeoRoute(otherwise="menu"), "name at least one area"),
        (Branch(otherwise="menu"), "name at least one case"),
        (Record(then="menu"), "records callers who were not told"),
    ],
)
def test_what_is_wrong_with_a_step(node: Node, words: str) -> None:
    assert words in said(with_step("welcome", node))


def test_a_start_that_is_not_there() -> None:
    assert "The call starts at “attic”, but there is no such step." in said(replace(SHOP_FLOW, start="attic"))


def test_a_step_that_no_call_comes_to() -> None:
    assert "No call ever comes to “attic”." in said(with_step("attic", Voicemail(text="Hm.")))


def test_a_circle_without_a_limit() -> None:
    flow = with_step("sales", Dial(otherwise="welcome"))
    assert "circles" in said(flow)
    assert "circles" in said(with_step("welcome", Greeting(text="Hi.", then="welcome")))
    assert "circles" in said(
        with_step("menu", Menu(text="Hm.", keys={"1": "sales", "2": "mailbox"}, otherwise="menu"))
    )


def test_a_menus_key_may_lead_back_for_menus_count() -> None:
    back = Menu(text="Hm.", keys={"1": "sales", "2": "mailbox", "9": "welcome"}, otherwise="sales")
    assert flow_faults(with_step("menu", back)) == []


def test_a_flow_that_rings_itself() -> None:
    assert "one of your tracking numbers" in said(SHOP_FLOW, SHOP)


def test_whoever_declines_is_not_recorded() -> None:
    asks = ConsentNotice(text="Press 1.", agree_key="1", then="record", declined="record")
    flow = Flow(
        "ask",
        {"ask": asks, "record": Record(then="ring"), "ring": Dial(otherwise="mailbox"), "mailbox": Voicemail()},
    )
    assert "not told" in said(flow)
