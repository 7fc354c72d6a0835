"""Callers go through flows: what they press, hear and leave, and what is written down of it."""

import asyncio

import pytest

from swapboard.calls.call import EventKind, LegStatus, Status
from swapboard.calls.nodes import Dial, Flow, Greeting, Target
from swapboard.carriers.base import CarrierError
from swapboard.carriers.installed import carrier_kind
from swapboard.clock import HOUR
from tests.calls.flows import EVERY_STEP, HOME, SHOP, SHOP_FLOW
from tests.carriers.sandbox.conftest import CREDENTIALS, Stage, Staging

SCREENED = Flow(
    "ring",
    {
        "ring": Dial(targets=(Target(SHOP), Target(HOME)), press_1=True, whisper="{source}", otherwise="mailbox"),
        "mailbox": SHOP_FLOW.steps["mailbox"],
    },
)


def played(stage: Staging, flow: Flow, **request: object) -> Stage:
    play = stage()
    play.doors.flow = flow
    play.doors.time.now += 5 * HOUR  # noon in New York
    result = asyncio.run(play.story(**request))
    assert (result.completed, result.problem) == (True, None)
    return play


def test_a_caller_presses_2_and_leaves_a_message(stage: Staging) -> None:
    play = played(stage, SHOP_FLOW, press="2", message_seconds=17)
    call = play.doors.call
    assert (call.status, call.voicemail_seconds, call.talk_seconds, call.ring_seconds) == (
        Status.VOICEMAIL,
        17,
        0,
        0,
    )
    assert call.recording_ref
    assert play.doors.carrier.recording(call.recording_ref)[:4] == b"RIFF"
    stranger = carrier_kind("sandbox").open(CREDENTIALS | {"auth_token": "of a company with the same account"})
    with pytest.raises(CarrierError, match="does not remember"):
        stranger.recording(call.recording_ref)
    assert call.path == ("hours", "welcome", "menu", "mailbox")
    assert call.greeting_seconds


def test_nobody_answers_and_a_message_is_left(stage: Staging) -> None:
    call = played(stage, SHOP_FLOW, press="1", outcome=("no-answer", "busy")).doors.call
    assert call.status is Status.VOICEMAIL
    assert [(leg.number, leg.status) for leg in call.legs] == [(SHOP, LegStatus.NO_ANSWER), (HOME, LegStatus.BUSY)]


def test_the_second_phone_is_answered(stage: Staging) -> None:
    play = played(stage, SHOP_FLOW, press="1", outcome=("no-answer", "answered"), talk_seconds=63)
    call = play.doors.call
    assert (call.status, call.destination, call.talk_seconds) == (Status.ANSWERED, HOME, 63)
    ended = [event for event in play.doors.events if event.kind is EventKind.DIAL_ENDED]
    assert len({event.identity for event in ended}) == 2


def test_who_leaves_no_message_is_missed(stage: Staging) -> None:
    call = played(stage, SHOP_FLOW, press="2", message_seconds=0).doors.call
    assert (call.status, call.voicemail_seconds) == (Status.MISSED, None)


def test_an_answer_without_the_key_is_no_answer(stage: Staging) -> None:
    play = played(stage, SCREENED, agent_press="", talk_seconds=63)
    call = play.doors.call
    assert (call.status, call.talk_seconds) == (Status.VOICEMAIL, 0)
    assert [leg.status for leg in call.legs] == [LegStatus.NO_ANSWER] * 2


def test_an_answer_with_the_key_is_one(stage: Staging) -> None:
    call = played(stage, SCREENED, talk_seconds=63).doors.call
    assert (call.status, call.talk_seconds, call.destination) == (Status.ANSWERED, 63, SHOP)


@pytest.mark.parametrize("lost", [{EventKind.DIAL_ENDED}, {EventKind.LEG_KEYS}, {EventKind.LEG_ANSWERED}])
def test_a_screened_answer_is_known_though_an_event_was_lost(stage: Staging, lost: set[EventKind]) -> None:
    from swapboard.calls.fold import fold

    play = played(stage, SCREENED, talk_seconds=63)
    assert fold([event for event in play.doors.events if event.kind not in lost]).status is Status.ANSWERED


def test_a_survey_is_keyed_in(stage: Staging) -> None:
    play = played(stage, EVERY_STEP, press="111150#", talk_seconds=30)
    assert play.doors.call.status is Status.ANSWERED
    assert "survey" in play.doors.call.path
    assert [each.facts.keys for each in play.doors.events if each.kind is EventKind.KEYS] == ["1", "1", "1", "150"]


def test_a_greeting_takes_its_time_before_the_phone_rings(stage: Staging) -> None:
    words = " ".join(["word"] * 25)
    flow = Flow("hello", {"hello": Greeting(text=words, then="ring"), "ring": Dial(targets=(Target(SHOP),))})
    call = played(stage, flow, ring_seconds=4).doors.call
    assert (call.greeting_seconds, call.ring_seconds, call.status) == (10, 4, Status.ANSWERED)


def test_a_caller_who_leaves_in_the_menu_has_abandoned_the_call(stage: Staging) -> None:
    play = stage(endless_minutes=True)
    play.doors.flow = Flow("menu", {"menu": SHOP_FLOW.steps["menu"], "sales": SHOP_FLOW.steps["sales"]})

    async def story() -> None:
        from swapboard.carriers.sandbox.network import DialRequest

        call_ref = play.network.dial(DialRequest("+12025550143", "+12125550111"))
        play.network.hang_up(call_ref)
        await play.network.finished(call_ref)

    asyncio.run(story())
    call = play.doors.call
    assert (call.status, call.legs) == (Status.ABANDONED, ())
