"""The flow's table, step by step; and that any valid flow brings any call to a good end."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swapboard.calls import step as steps
from swapboard.calls.call import EventKind, Outcome
from swapboard.calls.dialling import first_of
from swapboard.calls.dry_run import Caller, dry_run
from swapboard.calls.flow import forward, next_step
from swapboard.calls.flow_check import flow_faults
from swapboard.calls.flow_event import FlowEvent, Visit
from swapboard.calls.flow_needs import asks_history, asks_region, asks_spam, asks_visit
from swapboard.calls.flow_state import Awaits, FlowState, FlowStuck
from swapboard.calls.flow_ways import fits
from swapboard.calls.flow_words import described, filled_in
from swapboard.calls.nodes import (
    Answer,
    ConsentNotice,
    Dial,
    EndCall,
    Flow,
    Gate,
    GeoRoute,
    Greeting,
    Menu,
    Node,
    RoundRobin,
    Survey,
    Target,
)
from swapboard.calls.step import Prompt, Step
from swapboard.clock import from_iso
from tests.calls.flows import EVERY_STEP, HOME, LAB, SHOP, SHOP_FLOW, valid_flows

TUESDAY_NOON = from_iso("2026-11-24T17:00:00Z")
SUNDAY_NOON = from_iso("2026-11-29T17:00:00Z")
ARRIVED = FlowEvent(EventKind.ARRIVED, TUESDAY_NOON, destination=SHOP, caller="+12125550111")
START = FlowState()


def told(kind: EventKind, **facts: object) -> FlowEvent:
    return replace(ARRIVED, kind=kind, **facts)  # type: ignore[arg-type]


def missed(outcome: Outcome = Outcome.NO_ANSWER) -> FlowEvent:
    return told(EventKind.DIAL_ENDED, outcome=outcome)


def keys(pressed: str) -> FlowEvent:
    return told(EventKind.KEYS, keys=pressed)


def story(flow: Flow, *events: FlowEvent, state: FlowState = START) -> tuple[FlowState, Step]:
    """What comes of these events, one after the other."""
    step = Step(steps.HangUp())
    for event in events:
        state, step = next_step(flow, state, event)
    return state, step


# The plain way.


def test_the_plain_way_rings_the_destination_and_ends() -> None:
    state, step = next_step(forward(SHOP, 25), START, ARRIVED)
    assert step == Step(steps.Dial((SHOP,), 25), path=("forward",))
    for outcome in (*Outcome, None):
        ended, step = next_step(forward(SHOP, 25), state, told(EventKind.DIAL_ENDED, outcome=outcome))
        assert (ended.awaits, step.act) == (Awaits.NOTHING, steps.HangUp())


@pytest.mark.parametrize("kind", EventKind)
def test_a_flow_at_its_end_stays_there(kind: EventKind) -> None:
    state, step = next_step(SHOP_FLOW, FlowState(Awaits.NOTHING), told(kind))
    assert (state.awaits, step) == (Awaits.NOTHING, Step(steps.HangUp()))


# Each step.


def test_greeting_and_menu_come_in_one_document() -> None:
    state, step = next_step(SHOP_FLOW, START, ARRIVED)
    assert step.path == ("hours", "welcome", "menu")
    assert [prompt.text for prompt in step.prompts] == [
        "Welcome to the shop.",
        "Press 1 for sales, 2 to leave a message.",
    ]
    assert step.act == steps.Ask(1, 6)
    assert (state.awaits, state.node, state.told) == (Awaits.KEYS, "menu", 1)


def test_outside_business_hours_the_mailbox_takes_the_call() -> None:
    _, step = next_step(SHOP_FLOW, START, replace(ARRIVED, at=SUNDAY_NOON))
    assert step == Step(steps.TakeMessage(120), (Prompt("Please leave a message."),), ("hours", "mailbox"))


def test_a_key_leads_to_its_step() -> None:
    assert story(SHOP_FLOW, ARRIVED, keys("2"))[1].act == steps.TakeMessage(120)
    assert story(SHOP_FLOW, ARRIVED, keys("1"))[1].act == steps.Dial((SHOP,), 20)


@pytest.mark.parametrize("pressed", ["", "7", "#"])
def test_a_menu_is_heard_again_and_then_goes_on(pressed: str) -> None:
    again = story(SHOP_FLOW, ARRIVED, keys(pressed))[1]
    assert again.act == steps.Ask(1, 6)
    assert len(again.prompts) == 1
    assert story(SHOP_FLOW, ARRIVED, keys(pressed), keys(pressed))[1].act == steps.Dial((SHOP,), 20)


def test_a_menu_that_a_key_leads_back_to_is_limited_too() -> None:
    state, step = next_step(EVERY_STEP, FlowState(Awaits.KEYS, node="menu"), keys("9"))
    for _ in range(1):
        state, step = next_step(EVERY_STEP, state, keys("9"))
    assert step.act == steps.Ask(1, 6)
    assert next_step(EVERY_STEP, state, keys("9"))[1].act == steps.HangUp()


def test_numbers_ring_one_after_the_other_each_for_its_time() -> None:
    assert story(SHOP_FLOW, ARRIVED, keys("1"), missed())[1].act == steps.Dial((HOME,), 15)
    assert story(SHOP_FLOW, ARRIVED, keys("1"), missed(), missed(Outcome.BUSY))[1].act == steps.TakeMessage(120)


def test_after_a_talk_nobody_else_is_rung() -> None:
    state, step = story(SHOP_FLOW, ARRIVED, keys("1"), missed(Outcome.ANSWERED))
    assert (state.awaits, step.act) == (Awaits.NOTHING, steps.HangUp())


def test_numbers_ring_all_at_once_for_the_longest_time() -> None:
    flow = Flow("all", {"all": Dial(targets=(Target(SHOP, 20), Target(HOME, 30)), at_once=True, otherwise="all")})
    assert next_step(flow, START, ARRIVED)[1].act == steps.Dial((SHOP, HOME), 30)


def test_without_a_number_to_ring_the_flow_says_so() -> None:
    with pytest.raises(FlowStuck, match="no number"):
        next_step(Flow("all", {"all": Dial()}), START, replace(ARRIVED, destination=""))


def test_recording_begins_only_with_consent() -> None:
    asked, step = story(EVERY_STEP, ARRIVED)
    assert (asked.node, step.act) == ("notice", steps.Ask(1, 8))
    agreed = story(EVERY_STEP, keys("1"), keys("2"), state=asked)[1].act
    declined = story(EVERY_STEP, keys("2"), keys("2"), state=asked)[1].act
    assert isinstance(agreed, steps.Dial)
    assert isinstance(declined, steps.Dial)
    assert (agreed.records, declined.records) == (True, False)


def test_a_whisper_names_the_source_and_whoever_hears_it_is_joined() -> None:
    flow = Flow("ring", {"ring": Dial(whisper="Call from {source}.")}, "en-GB")
    state, step = next_step(flow, START, ARRIVED)
    assert step.act == steps.Dial((SHOP,), 25, asks_leg=True)
    visit = Visit("Paid Search", "google", "cpc", "spring", "emergency plumber")
    _, step = next_step(flow, state.of_leg(screened=False), told(EventKind.LEG_ASKS, visit=visit))
    words = "Call from Paid Search, google, emergency plumber."
    assert step == Step(steps.Join(), (Prompt(words, language="en-GB"),))


def test_whoever_answers_must_press_1() -> None:
    state, step = story(EVERY_STEP, ARRIVED, keys("2"), keys("1"))
    assert step.act == steps.Dial((SHOP,), 25, asks_leg=True, screened=True)
    pressing, step = next_step(EVERY_STEP, state.of_leg(screened=True), told(EventKind.LEG_ASKS))
    assert isinstance(step.act, steps.Ask)
    assert step.prompts[-1].text == "Press 1 to take the call."
    for pressed, act in (("1", steps.Join()), ("2", steps.HangUp()), ("", steps.HangUp())):
        assert next_step(EVERY_STEP, pressing, told(EventKind.LEG_KEYS, keys=pressed))[1].act == act


def test_a_survey_notes_the_outcome_and_the_value() -> None:
    state, step = story(EVERY_STEP, ARRIVED, keys("1"), keys("1"), missed(Outcome.ANSWERED))
    assert (state.node, step.act) == ("survey", steps.Ask(1, 10))
    state, step = next_step(EVERY_STEP, state, keys("1"))
    assert (step.tags, step.qualified, step.act) == (("sale",), True, steps.Ask(7, 10, "#"))
    state, step = next_step(EVERY_STEP, state, keys("150"))
    assert (step.value_cents, step.act, state.awaits) == (15_000, steps.HangUp(), Awaits.NOTHING)


@pytest.mark.parametrize("pressed", ["", "*", "12345678", "9" * 5000, "٣"])
def test_what_is_no_value_is_left_out(pressed: str) -> None:
    asked, _ = story(EVERY_STEP, ARRIVED, keys("1"), keys("1"), missed(Outcome.ANSWERED), keys("1"))
    _, step = next_step(EVERY_STEP, asked, keys(pressed))
    assert (step.value_cents, step.act) == (None, steps.HangUp())


def test_a_survey_without_an_answer_ends() -> None:
    asked, _ = story(EVERY_STEP, ARRIVED, keys("1"), keys("1"), missed(Outcome.ANSWERED))
    _, step = next_step(EVERY_STEP, asked, keys(""))
    assert (step.act, step.tags, step.qualified) == (steps.HangUp(), (), None)


def test_a_message_is_tagged_and_the_caller_thanked() -> None:
    state, _ = story(EVERY_STEP, ARRIVED, keys("1"), keys("2"), missed(), missed())
    assert state.awaits is Awaits.MESSAGE
    _, step = next_step(EVERY_STEP, state, told(EventKind.MESSAGE))
    assert step == Step(steps.HangUp(), (Prompt("Good-bye."),), ("tag", "bye"), ("message",))


def test_a_call_that_was_taken_already_cannot_be_rejected() -> None:
    at_night = replace(ARRIVED, at=SUNDAY_NOON)
    assert next_step(EVERY_STEP, START, at_night)[1].act == steps.Reject(is_busy=True)
    menu = FlowState(Awaits.KEYS, node="menu", told=3, plays=(("menu", 2),))
    assert next_step(EVERY_STEP, menu, keys(""))[1].act == steps.HangUp()


@pytest.mark.parametrize(
    ("caller", "region", "then"),
    [
        ("+12125550111", "US-NY", "state"),
        ("+13055550111", "US-FL", "miami"),
        ("+16045550111", "CA-BC", "else"),
        ("+442079460123", "GB", "country"),
        ("+442079460999", "GB", "london"),
        (None, None, "else"),
    ],
)
def test_the_nearest_area_decides(caller: str | None, region: str | None, then: str) -> None:
    from swapboard.calls.flow_ways import way_from

    areas = {"US-NY": "state", "US": "usa", "GB": "country", "+44207946099": "london", "+1305": "miami"}
    assert way_from(GeoRoute(areas=areas, otherwise="else"), caller, region) == then


@pytest.mark.parametrize(
    ("wanted", "fact", "fitting"),
    [
        ("spring", "Spring", True),
        ("spring", "spring sale", False),
        ("spring*", "Spring sale", True),
        ("*sale", "spring sale", True),
        ("*ring s*", "spring sale", True),
        ("*", "", True),
        ("*", None, False),
    ],
)
def test_what_a_case_fits(wanted: str, fact: str | None, fitting: bool) -> None:
    assert fits(wanted, fact) is fitting


def test_the_campaign_chooses_the_way() -> None:
    from swapboard.calls.flow_ways import way_by
    from swapboard.calls.nodes import Asked, Branch, Case

    branch = Branch(
        cases=(Case(Asked.CAMPAIGN, "spring*", "a"), Case(Asked.KEYWORD, "*leak*", "b")), otherwise="c"
    )
    assert way_by(branch, Visit(campaign="spring sale", keyword="leak")) == "a"
    assert way_by(branch, Visit(keyword="pipe leaks")) == "b"
    assert way_by(branch, Visit()) == "c"


def test_a_round_robin_spreads_by_weight_and_evenly() -> None:
    node = RoundRobin(targets=(Target(SHOP, weight=5), Target(HOME), Target(LAB)), sticky=False)
    turns = [first_of(node, replace(ARRIVED, turn=turn)) for turn in range(14)]
    assert turns[:7] == [0, 0, 1, 0, 2, 0, 0]
    assert turns[7:] == turns[:7]


def test_a_round_robin_rings_whoever_the_caller_knows_and_then_the_next() -> None:
    flow = Flow("team", {"team": RoundRobin(targets=(Target(SHOP), Target(HOME), Target(LAB)), tries=2)})
    known = replace(ARRIVED, answered_before=LAB)
    state, step = next_step(flow, START, known)
    assert step.act == steps.Dial((LAB,), 25)
    state, step = next_step(flow, FlowState.parse(state.text), missed())
    assert step.act == steps.Dial((SHOP,), 25)
    assert next_step(flow, state, missed())[1].act == steps.HangUp()


def test_what_a_whisper_says_of_a_visit_that_nobody_knows() -> None:
    assert described(Visit()) == ""
    assert filled_in("{source}, {keyword} {else}", Visit()) == "unknown source, unknown {else}"


def test_a_flow_asks_only_for_what_it_uses() -> None:
    assert [ask(SHOP_FLOW) for ask in (asks_visit, asks_region, asks_history, asks_spam)] == [False] * 4
    assert [ask(EVERY_STEP) for ask in (asks_visit, asks_region, asks_history, asks_spam)] == [True] * 4


# What may break.


@pytest.mark.parametrize("awaits", [Awaits.KEYS, Awaits.DIAL])
def test_a_step_that_was_removed_meanwhile_is_told(awaits: Awaits) -> None:
    kind = {Awaits.KEYS: EventKind.KEYS, Awaits.DIAL: EventKind.DIAL_ENDED}[awaits]
    with pytest.raises(FlowStuck, match="no longer the step 'gone'"):
        next_step(SHOP_FLOW, FlowState(awaits, node="gone"), told(kind))


def test_a_talk_that_was_had_is_over_even_if_its_step_was_removed() -> None:
    state, step = next_step(SHOP_FLOW, FlowState(Awaits.DIAL, node="gone"), missed(Outcome.ANSWERED))
    assert (state.awaits, step.act) == (Awaits.NOTHING, steps.HangUp())


def test_a_circle_without_an_end_is_told() -> None:
    flow = Flow("a", {"a": Greeting(text="A", then="b"), "b": Greeting(text="B", then="a")})
    with pytest.raises(FlowStuck, match="circles"):
        next_step(flow, START, ARRIVED)


# Any valid flow, any call.

answers = st.builds(
    FlowEvent,
    kind=st.just(EventKind.ARRIVED),
    at=st.integers(0, 4_000_000_000_000),
    destination=st.just(SHOP),
    keys=st.sampled_from(["", "1", "2", "9", "*", "150", "hangup"]),
    outcome=st.none() | st.sampled_from(Outcome),
    caller=st.none() | st.sampled_from(["+12125550111", LAB]),
    region=st.none() | st.sampled_from(["US-NY", "GB"]),
    visit=st.builds(Visit, keyword=st.none() | st.just("emergency plumber")),
    answered_before=st.none() | st.just(HOME),
    turn=st.integers(0, 1000),
)
KIND = {
    Awaits.ARRIVAL: EventKind.ARRIVED,
    Awaits.DIAL: EventKind.DIAL_ENDED,
    Awaits.KEYS: EventKind.KEYS,
    Awaits.MESSAGE: EventKind.MESSAGE,
}
MOST_STEPS = 200


@given(valid_flows())
def test_the_flows_made_here_are_valid(flow: Flow) -> None:
    assert flow_faults(flow) == []


@settings(max_examples=200)
@given(valid_flows(), st.data())
def test_every_call_comes_to_a_good_end(flow: Flow, data: st.DataObject) -> None:
    """In a bounded number of steps; with a person, a message taken, or a hang-up or refusal that was meant."""
    state, ends = START, set()
    for _ in range(MOST_STEPS):
        event = replace(data.draw(answers), kind=KIND[state.awaits])
        if event.kind is EventKind.DIAL_ENDED and event.outcome is Outcome.ANSWERED:
            ends.add("person")
        if event.kind is EventKind.MESSAGE:
            ends.add("message")
        state, step = next_step(flow, FlowState.parse(state.text), event)
        if state.awaits is Awaits.NOTHING:
            break
    else:
        pytest.fail("the call goes on for ever")
    meant = any(flow.steps[name].kind in {"hang_up", "reject"} for name in step.path)
    assert isinstance(step.act, steps.HangUp | steps.Reject)
    assert ends or meant


@given(valid_flows(), answers)
def test_the_same_question_has_the_same_answer(flow: Flow, event: FlowEvent) -> None:
    assert next_step(flow, START, event) == next_step(flow, START, event)


@given(valid_flows(), st.data())
def test_each_document_has_a_number_of_its_own(flow: Flow, data: st.DataObject) -> None:
    """Two diallings of one call must not be taken for one: the state counts, whatever the flow does."""
    state, seen = START, [0]
    while state.awaits is not Awaits.NOTHING:
        state, _ = next_step(flow, state, replace(data.draw(answers), kind=KIND[state.awaits]))
        seen.append(state.told)
    assert seen == list(range(len(seen)))


def test_kinds_of_menu_and_notice_are_told_apart() -> None:
    flow = Flow(
        "ask", {"ask": ConsentNotice(text="?", agree_key="5", then="menu", declined="menu"), "menu": Menu()}
    )
    state, _ = next_step(flow, START, ARRIVED)
    assert next_step(flow, state, keys("5"))[0].node == "menu"


GATE = Flow(
    "gate", {"gate": Gate(text="Press 1.", then="ring", otherwise="bye"), "ring": Dial(), "bye": EndCall()}
)


def through_gate(pressed: str | None, percent: int = 0, score: float = 0.0) -> Step:
    """What a caller meets at the gate who presses this key; None is before any key."""
    flow = replace(GATE, steps={**GATE.steps, "gate": replace(GATE.steps["gate"], from_percent=percent)})
    event = FlowEvent(EventKind.ARRIVED, 0, destination="+12025550101", spam_score=score)
    state, step = next_step(flow, FlowState(), event)
    if pressed is None or not isinstance(step.act, steps.Ask):
        return step
    return next_step(flow, state, replace(event, kind=EventKind.KEYS, keys=pressed))[1]


def test_a_gate_lets_on_who_presses_1() -> None:
    assert isinstance(through_gate(None).act, steps.Ask)
    assert isinstance(through_gate("1").act, steps.Dial)
    for other in ("", "2", "*"):
        assert isinstance(through_gate(other).act, steps.HangUp)


@given(percent=st.integers(0, 100), score=st.floats(0, 1))
def test_a_gate_asks_suspects_only(percent: int, score: float) -> None:
    asked = isinstance(through_gate(None, percent, score).act, steps.Ask)
    assert asked == (100 * score >= percent)


AFTER_CALL = Flow(
    "ring",
    {
        "ring": Dial(survey="asked"),
        "asked": Survey(text="How?", answers={"1": Answer("sale", True)}, ask_value=True, value_text="Worth?"),
    },
)


def test_whoever_talked_is_asked_once_the_caller_is_gone() -> None:
    state, step = story(AFTER_CALL, ARRIVED)
    assert step.act == steps.Dial((SHOP,), 25, keeps_leg=True)
    state, step = next_step(AFTER_CALL, state.left(), told(EventKind.LEG_LEFT))
    assert (step.act, step.prompts, step.path) == (steps.Ask(1, 10), (Prompt("How?"),), ("asked",))
    assert FlowState.parse(state.text) == state
    state, step = next_step(AFTER_CALL, state, told(EventKind.LEG_KEYS, keys="1"))
    assert (step.act, step.tags, step.qualified) == (steps.Ask(7, 10, "#"), ("sale",), True)
    state, step = next_step(AFTER_CALL, state, told(EventKind.LEG_KEYS, keys="150"))
    assert (step.act, step.value_cents) == (steps.HangUp(), 15_000)


@pytest.mark.parametrize("flow", [Flow("ring", {"ring": Dial()}), replace(AFTER_CALL, steps={})])
def test_nobody_is_asked_where_the_survey_is_gone(flow: Flow) -> None:
    state, _ = story(AFTER_CALL, ARRIVED)
    assert next_step(flow, state.left(), told(EventKind.LEG_LEFT))[1].act == steps.HangUp()
    asked = replace(state, awaits=Awaits.SURVEYED, node="asked")
    assert next_step(flow, asked, told(EventKind.LEG_KEYS, keys="1"))[1].act == steps.HangUp()


def test_the_dry_run_shows_what_is_asked_afterwards() -> None:
    run = dry_run(AFTER_CALL, ARRIVED, Caller())
    assert [moment.survey for moment in run.moments if moment.act == "dial"] == [("How?",)]
    assert not any(moment.survey for moment in dry_run(AFTER_CALL, ARRIVED, Caller(answers=(False,))).moments)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (EndCall(), "is no survey"),
        (Survey(text="How?", answers={"1": Answer("sale")}, then="bye"), "nothing can come after it"),
    ],
)
def test_only_a_survey_can_be_asked_and_it_is_the_last(asked: Node, words: str) -> None:
    flow = Flow("ring", {"ring": Dial(survey="asked", otherwise="bye"), "asked": asked, "bye": EndCall()})
    assert [fault.detail for fault in flow_faults(flow) if words in fault.detail]
    ring = Dial(survey="asked", otherwise="bye")
    good = replace(AFTER_CALL, steps={**AFTER_CALL.steps, "ring": ring, "bye": EndCall()})
    assert flow_faults(good) == []
