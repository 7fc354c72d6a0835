"""Whole calls through the network, into doors that use the real adapter (conftest.py), in no real time."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from starlette.responses import PlainTextResponse, Response

from swapboard.calls.call import EventKind, LegStatus, Status
from swapboard.calls.flow import forward
from swapboard.calls.fold import fold
from swapboard.carriers.base import Door
from swapboard.carriers.installed import carrier_kind
from swapboard.carriers.sandbox.network import DialRequest, NotInService, UnknownCall
from swapboard.numbers.e164 import NotANumber
from tests.carriers.sandbox.conftest import CREDENTIALS

Staging = Callable[..., Any]  # makes a Stage, which lives in conftest.py

NUMBER = "+12025550143"
SHOP = "+12025550101"
CALLER = "+12125550111"
ENDS = ("From", "To", "Caller", "Called")


def answers(response: Response) -> Callable[[], Awaitable[Response]]:
    async def answer() -> Response:
        return response

    return answer


async def hangs() -> Response:
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


def error(status: int) -> Callable[[], Awaitable[Response]]:
    return answers(PlainTextResponse("no", status))


LATE = answers(Response(headers={"x-wire": "late"}))
CUT = answers(Response(headers={"x-wire": "cut"}))


def statuses(heard: list[dict[str, str]]) -> list[tuple[str, str]]:
    """Who told what: the caller's side, its Dial's action, or a leg."""
    return [
        ("dial", each["DialCallStatus"])
        if "DialCallStatus" in each
        else ("leg" if "ParentCallSid" in each else "call", each["CallStatus"])
        for each in heard
    ]


def test_an_answered_call(stage: Staging) -> None:
    play = stage()
    result = asyncio.run(play.story(talk_seconds=63, ring_seconds=4))
    assert (result.completed, result.problem, result.status) == (True, None, "completed")
    assert [(leg.number, leg.status, leg.talk_seconds) for leg in result.legs] == [(SHOP, "completed", 63)]
    call = play.doors.call
    assert (call.call_ref, call.status, call.talk_seconds) == (result.call_ref, Status.ANSWERED, 63)
    assert (call.caller, call.tracking_number, call.destination) == (CALLER, NUMBER, SHOP)
    assert call.ring_seconds == 4


def test_the_webhooks_come_in_order_with_what_twilio_sends(stage: Staging) -> None:
    play = stage()
    asyncio.run(play.story(talk_seconds=63))
    heard = play.doors.heard
    assert statuses(heard) == [
        ("call", "ringing"),
        ("leg", "initiated"),
        ("leg", "ringing"),
        ("leg", "in-progress"),
        ("leg", "completed"),
        ("dial", "completed"),
        ("call", "completed"),
    ]
    for told in heard:
        assert set(told) >= {"AccountSid", "ApiVersion", "CallSid", "CallStatus", "Direction"}
        assert set(told) >= {f"{end}{what}" for end in ENDS for what in ("", "City", "State", "Zip", "Country")}
        assert told["CallSid"].startswith("CA")
        assert len(told["CallSid"]) == 34
        assert told["AccountSid"] == CREDENTIALS["account_sid"]
        assert told["From"] == told["Caller"] == CALLER
    legs = [told for told in heard if "ParentCallSid" in told]
    assert [told["SequenceNumber"] for told in legs] == ["0", "1", "2", "3"]
    assert {told["Direction"] for told in legs} == {"outbound-dial"}
    assert {told["To"] for told in legs} == {SHOP}
    assert {told["ParentCallSid"] for told in legs} == {heard[0]["CallSid"]}
    assert (legs[-1]["CallDuration"], legs[-1]["Duration"]) == ("63", "2")
    for told in (*legs, heard[-1]):
        assert told["CallbackSource"] == "call-progress-events"
        assert parsedate_to_datetime(told["Timestamp"]).year == 2026
    action = heard[5]
    assert (action["DialCallDuration"], action["DialBridged"], action["DialCallSid"]) == (
        "63",
        "true",
        legs[0]["CallSid"],
    )


@pytest.mark.parametrize(
    ("outcome", "status", "told"),
    [
        ("busy", Status.BUSY, ["initiated", "busy"]),
        ("failed", Status.FAILED, ["initiated", "failed"]),
        ("no-answer", Status.MISSED, ["initiated", "ringing", "no-answer"]),
        ("canceled", Status.MISSED, ["initiated", "ringing", "canceled"]),
    ],
)
def test_a_call_that_nobody_answers(stage: Staging, outcome: str, status: Status, told: list[str]) -> None:
    play = stage()
    result = asyncio.run(play.story(outcome=outcome))
    assert (result.completed, result.problem) == (True, None)
    assert (play.doors.call.status, play.doors.call.talk_seconds) == (status, 0)
    assert [what for who, what in statuses(play.doors.heard) if who == "leg"] == told
    assert ("dial", outcome) in statuses(play.doors.heard)
    assert result.status == ("no-answer" if outcome == "canceled" else "completed")


def test_a_withheld_number(stage: Staging) -> None:
    play = stage()
    asyncio.run(play.story(caller=None))
    assert play.doors.heard[0]["From"] == "+266696687"
    assert (play.doors.call.caller, play.doors.call.withheld) == (None, True)


def test_ringing_for_longer_than_the_flow_allows_is_a_missed_call(stage: Staging) -> None:
    play = stage()
    asyncio.run(play.story(ring_seconds=40))
    assert (play.doors.call.status, play.doors.call.ring_seconds) == (Status.MISSED, 25)


def test_a_minutes_talk_needs_no_minute(stage: Staging) -> None:
    play = stage()
    asyncio.run(play.story(talk_seconds=60, hold_seconds=1, ring_seconds=0))
    assert play.doors.time.now - play.doors.call.started_at < 5_000
    assert play.doors.call.talk_seconds == 60


def test_the_caller_hangs_up_in_the_middle_of_the_talk(stage: Staging) -> None:
    play = stage(endless_minutes=True)

    async def story() -> None:
        call_ref = play.network.dial(DialRequest(NUMBER, CALLER, talk_seconds=600))
        while play.network.state(call_ref) != "talking":
            await asyncio.sleep(0)
        while ("leg", "in-progress") not in statuses(play.doors.heard):
            await asyncio.sleep(0)
        play.doors.time.now += 17_200
        play.network.hang_up(call_ref)
        result = await play.network.finished(call_ref)
        assert (result.completed, result.legs[0].talk_seconds) == (True, 17)
        play.network.hang_up(call_ref)
        assert play.network.state(call_ref) == "finished"

    asyncio.run(story())
    assert (play.doors.call.status, play.doors.call.talk_seconds) == (Status.ANSWERED, 17)
    assert play.doors.heard[-2]["CallStatus"] == "completed"


def test_the_caller_hangs_up_while_it_rings(stage: Staging) -> None:
    play = stage(endless_minutes=True)
    play.doors.flow = forward(SHOP, 300)

    async def story() -> None:
        call_ref = play.network.dial(DialRequest(NUMBER, CALLER, ring_seconds=200))
        assert play.network.state(call_ref) == "dialling"
        while ("leg", "ringing") not in statuses(play.doors.heard):
            await asyncio.sleep(0)
        assert play.network.state(call_ref) == "ringing"
        play.network.hang_up(call_ref)
        assert (await play.network.finished(call_ref)).status == "no-answer"

    asyncio.run(story())
    assert play.doors.call.status is Status.MISSED
    assert play.doors.call.legs[0].status is LegStatus.CANCELED


@pytest.mark.parametrize("outcome", ["answered", "busy", "no-answer", "failed", "canceled"])
def test_the_list_of_calls_tells_the_same_call_as_the_webhooks(stage: Staging, outcome: str) -> None:
    play = stage()
    asyncio.run(play.story(outcome=outcome, talk_seconds=63))
    told, listed = play.doors.call, fold(play.doors.carrier.calls(0))
    for field in (
        "call_ref",
        "status",
        "caller",
        "tracking_number",
        "destination",
        "talk_seconds",
        "ring_seconds",
    ):
        assert getattr(listed, field) == getattr(told, field), field
    assert [(leg.leg_ref, leg.number, leg.status) for leg in listed.legs] == [
        (leg.leg_ref, leg.number, leg.status) for leg in told.legs
    ]
    assert list(play.doors.carrier.calls(play.doors.time.now + 1)) == []


def test_the_list_has_a_call_that_goes_on_and_none_of_another_account(stage: Staging) -> None:
    play = stage(endless_minutes=True)

    async def story() -> None:
        call_ref = play.network.dial(DialRequest(NUMBER, CALLER, talk_seconds=600))
        while play.network.state(call_ref) != "talking":
            await asyncio.sleep(0)
        assert fold(play.doors.carrier.calls(0)).ended_at is None
        for account_sid in ("another", CREDENTIALS["account_sid"]):
            stranger = carrier_kind("sandbox").open({"account_sid": account_sid, "auth_token": "word"})
            assert list(stranger.calls(0)) == []
        play.network.hang_up(call_ref)
        await play.network.finished(call_ref)

    asyncio.run(story())


def test_duplicates_are_the_same_requests_and_change_nothing(stage: Staging) -> None:
    once, thrice = stage(), stage()
    asyncio.run(once.story())
    asyncio.run(thrice.story(duplicates=2))
    assert len(thrice.doors.heard) == 3 * len(once.doors.heard)
    seen = Counter(tuple(sorted(told.items())) for told in thrice.doors.heard)
    assert set(seen.values()) == set(thrice.doors.tokens.values()) == {3}
    assert (thrice.doors.call.status, thrice.doors.call.talk_seconds) == (Status.ANSWERED, 60)
    assert len(thrice.doors.call.legs) == 1


def test_different_answers_to_the_same_request_are_a_problem(stage: Staging) -> None:
    play = stage()
    hang_up = Response("<Response><Hangup/></Response>", media_type="text/xml")
    play.doors.misbehave[Door.VOICE, 1] = answers(hang_up)
    result = asyncio.run(play.story(duplicates=1))
    assert "two different answers" in result.problem


@pytest.mark.parametrize("duplicates", [0, 2])
@pytest.mark.parametrize("outcome", ["answered", "busy", "no-answer"])
def test_shuffled_callbacks_tell_the_same_call(stage: Staging, outcome: str, duplicates: int) -> None:
    plain, shuffled = stage(), stage()
    asyncio.run(plain.story(outcome=outcome))
    for _ in range(5):
        shuffled.doors.events.clear()
        asyncio.run(shuffled.story(outcome=outcome, shuffle=True, duplicates=duplicates))
        assert shuffled.doors.call.status is plain.doors.call.status
        assert shuffled.doors.call.talk_seconds == plain.doors.call.talk_seconds
        assert [leg.status for leg in shuffled.doors.call.legs] == [leg.status for leg in plain.doors.call.legs]


def test_shuffled_callbacks_are_out_of_order(stage: Staging) -> None:
    orders = set()
    for _ in range(10):
        play = stage()
        asyncio.run(play.story(shuffle=True))
        orders.add(tuple(statuses(play.doors.heard)))
    assert len(orders) > 1
    assert all(order[:2] == (("call", "ringing"), ("dial", "completed")) for order in orders)


@pytest.mark.parametrize("failure", [error(500), error(503), LATE, CUT])
def test_a_door_that_fails_once_is_asked_again(stage: Staging, failure: Callable[[], Awaitable[Response]]) -> None:
    play = stage()
    play.doors.misbehave[Door.VOICE, 0] = failure
    play.doors.misbehave[Door.STATUS, 1] = failure
    play.doors.misbehave[Door.STATUS, 2] = failure
    result = asyncio.run(play.story())
    assert (result.completed, result.problem) == (True, None)
    assert play.doors.call.status is Status.ANSWERED
    assert [leg.status for leg in play.doors.call.legs] == [LegStatus.ANSWERED]
    assert play.doors.asked == {Door.VOICE: 3, Door.STATUS: 7}


def test_a_door_that_does_not_answer_in_time(stage: Staging) -> None:
    play = stage(timeout=0.05)
    play.doors.misbehave |= {(Door.VOICE, nth): hangs for nth in range(2)}
    result = asyncio.run(play.story())
    assert (result.completed, result.status, result.legs) == (False, "failed", ())
    assert "application error: no answer in time at https://calls.example.com/carriers/c1/voice" in result.problem


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (error(500), "HTTP 500"),
        (error(404), "HTTP 404"),
        (error(302), "HTTP 302"),
        (LATE, "no answer in time"),
        (CUT, "no connection (cut)"),
        (answers(PlainTextResponse("hello")), "text/plain"),
        (answers(Response("<Response>", media_type="text/xml")), "not XML"),
        (answers(Response("<Reply/>", media_type="text/xml")), "<Reply>"),
        (answers(Response("<Response><Enqueue/></Response>", media_type="text/xml")), "verb <Enqueue>"),
    ],
)
def test_doors_that_fail_make_an_application_error(
    stage: Staging, failure: Callable[[], Awaitable[Response]], words: str
) -> None:
    play = stage()
    play.doors.misbehave |= {(Door.VOICE, nth): failure for nth in range(9)}
    result = asyncio.run(play.story())
    assert (result.completed, result.status) == (False, "failed")
    assert result.problem.startswith("application error: ")
    assert words in result.problem
    assert statuses(play.doors.heard) == [("call", "failed")]
    assert play.doors.call.status is Status.FAILED


def test_a_signature_that_does_not_fit_is_told(stage: Staging) -> None:
    play = stage(auth_token="another token")
    result = asyncio.run(play.story())
    assert not result.completed
    assert "HTTP 403" in result.problem
    assert play.doors.heard == []


def test_the_fallback_saves_the_call(stage: Staging) -> None:
    play = stage(fallback=True)
    play.doors.misbehave |= {(Door.VOICE, nth): error(500) for nth in range(2)}
    result = asyncio.run(play.story())
    assert result.completed
    assert "fallback" in result.problem
    assert play.doors.call.status is Status.ANSWERED
    assert play.doors.heard[0]["ErrorCode"] == "11200"
    assert play.doors.heard[0]["ErrorUrl"] == play.line.voice_url


def test_after_a_failed_action_the_fallback_does_not_ring_the_shop_again(stage: Staging) -> None:
    play = stage(fallback=True)
    play.doors.misbehave |= {(Door.VOICE, nth): error(500) for nth in (1, 2)}
    result = asyncio.run(play.story())
    assert result.completed
    assert len(result.legs) == len(play.doors.call.legs) == 1
    assert (play.doors.call.status, play.doors.call.talk_seconds) == (Status.ANSWERED, 60)


def test_a_fallback_that_fails_too(stage: Staging) -> None:
    play = stage(fallback=True)
    play.doors.misbehave |= {(Door.VOICE, nth): error(500) for nth in range(9)}
    result = asyncio.run(play.story())
    assert not result.completed
    assert "application error: HTTP 500" in result.problem


def test_a_lost_status_callback_is_told_and_the_call_goes_on(stage: Staging) -> None:
    play = stage()
    play.doors.misbehave |= {(Door.STATUS, nth): error(500) for nth in range(3)}
    result = asyncio.run(play.story())
    assert result.completed
    assert "a status callback was lost: HTTP 500" in result.problem
    assert play.doors.call.status is Status.ANSWERED


@pytest.mark.parametrize(
    ("twiml", "status"),
    [
        ("<Response/>", "no-answer"),
        ("<Response><Hangup/></Response>", "completed"),
        ("<Response><Say>We are closed today</Say></Response>", "completed"),
        ('<Response><Pause length="3"/><Reject/></Response>', "completed"),
        ("<Response><Reject/></Response>", "no-answer"),
        ('<Response><Reject reason="busy"/></Response>', "busy"),
    ],
)
def test_a_call_that_is_not_put_through(stage: Staging, twiml: str, status: str) -> None:
    play = stage()
    play.doors.answers["arrival"] = twiml
    result = asyncio.run(play.story())
    assert (result.completed, result.status, result.legs, result.problem) == (True, status, (), None)
    assert play.doors.call.ended_at is not None


def test_speech_takes_time(stage: Staging) -> None:
    play = stage()
    play.doors.answers["arrival"] = '<Response><Say>one two three four five</Say><Pause length="3"/></Response>'
    asyncio.run(play.story())
    assert play.doors.heard[-1]["CallDuration"] == "5"


def test_who_hangs_up_while_being_spoken_to_is_put_through_to_nobody(stage: Staging) -> None:
    play = stage(endless_minutes=True)
    play.doors.answers["arrival"] = f'<Response><Pause length="90"/><Dial>{SHOP}</Dial></Response>'

    async def story() -> Any:
        call_ref = play.network.dial(DialRequest(NUMBER, CALLER))
        while not play.doors.heard:
            await asyncio.sleep(0)
        play.network.hang_up(call_ref)
        return await play.network.finished(call_ref)

    result = asyncio.run(story())
    assert (result.completed, result.status, result.legs) == (True, "completed", ())


def test_a_dial_without_an_action_goes_on_with_the_document(stage: Staging) -> None:
    play = stage()
    play.doors.answers["arrival"] = (
        f"<Response><Dial>{SHOP}</Dial><Dial><Number>+12025550102</Number></Dial></Response>"
    )
    result = asyncio.run(play.story(outcome="busy"))
    assert [(leg.number, leg.status) for leg in result.legs] == [(SHOP, "busy"), ("+12025550102", "busy")]
    assert statuses(play.doors.heard) == [("call", "ringing"), ("call", "completed")]


def test_of_two_numbers_the_first_answers_and_the_other_is_called_off(stage: Staging) -> None:
    play = stage()
    status = "https://calls.example.com/carriers/c1/status"
    play.doors.answers["arrival"] = (
        '<Response><Dial answerOnBridge="true" action="/carriers/c1/voice?state=dial~~forward~0~0~1~0~">'
        f'<Number statusCallback="{status}" statusCallbackEvent="initiated answered completed">{SHOP}</Number>'
        f'<Number statusCallback="{status}">+12025550102</Number></Dial></Response>'
    )
    result = asyncio.run(play.story())
    assert [(leg.number, leg.status) for leg in result.legs] == [(SHOP, "completed"), ("+12025550102", "canceled")]
    assert [what for who, what in statuses(play.doors.heard) if who == "leg"] == [
        "initiated",
        "in-progress",
        "canceled",
        "completed",
    ]
    assert (play.doors.call.status, play.doors.call.destination) == (Status.ANSWERED, SHOP)


def test_a_caller_id_of_our_own(stage: Staging) -> None:
    play = stage()
    status = "https://calls.example.com/carriers/c1/status"
    play.doors.answers["arrival"] = (
        f'<Response><Dial callerId="{NUMBER}"><Number statusCallback="{status}">{SHOP}</Number></Dial></Response>'
    )
    asyncio.run(play.story())
    [leg] = [told for told in play.doors.heard if "ParentCallSid" in told]
    assert leg["From"] == NUMBER


def test_documents_without_end_are_an_application_error(stage: Staging) -> None:
    play = stage()
    again = f'<Response><Dial action="/carriers/c1/voice">{SHOP}</Dial></Response>'
    play.doors.answers |= dict.fromkeys(("arrival", "dial", "nothing"), again)
    result = asyncio.run(play.story(outcome="busy"))
    assert not result.completed
    assert "after 50 documents" in result.problem


def test_a_webhook_by_get_is_signed_too(stage: Staging) -> None:
    play = stage()
    play.doors.answers["arrival"] = (
        '<Response><Dial method="GET" action="/carriers/c1/voice?state=dial~~forward~0~0~1~0~">'
        f"{SHOP}</Dial></Response>"
    )
    result = asyncio.run(play.story())
    assert (result.completed, result.problem) == (True, None)
    assert play.doors.events[1].kind is EventKind.DIAL_ENDED


def test_a_number_that_nobody_has(stage: Staging) -> None:
    with pytest.raises(NotInService, match=r"\+12025550199 is not in service"):
        stage().network.dial(DialRequest("+12025550199", CALLER))


@pytest.mark.parametrize(("to", "caller"), [("hello", CALLER), (NUMBER, "12")])
def test_what_is_no_number_cannot_be_dialled(stage: Staging, to: str, caller: str) -> None:
    with pytest.raises(NotANumber):
        stage().network.dial(DialRequest(to, caller))


def test_a_call_that_the_network_does_not_know(stage: Staging) -> None:
    network = stage().network
    assert network.state("CA1") is None
    network.hang_up("CA1")
    with pytest.raises(UnknownCall, match="CA1"):
        asyncio.run(network.finished("CA1"))


@pytest.mark.parametrize(
    "odd",
    [
        {"outcome": "voicemail"},
        {"talk_seconds": -1},
        {"ring_seconds": float("nan")},
        {"ring_seconds": 9_999},
        {"hold_seconds": -0.1},
        {"duplicates": 11},
    ],
)
def test_a_call_that_cannot_be(odd: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must be between|not a valid"):
        DialRequest(NUMBER, CALLER, **odd)


def test_many_calls_at_once_are_kept_apart(stage: Staging) -> None:
    play = stage()

    async def stories() -> list[Any]:
        return await asyncio.gather(
            *(play.story(caller=f"+1212555{100 + n:04d}", talk_seconds=10 + n) for n in range(20))
        )

    results = asyncio.run(stories())
    assert len({result.call_ref for result in results}) == 20
    for n, result in enumerate(results):
        own = [event for event in play.doors.events if event.call_ref == result.call_ref]
        assert len(own) == 7
        assert result.legs[0].talk_seconds == 10 + n


def test_closing_the_network_cuts_calls_off(stage: Staging) -> None:
    play = stage(endless_minutes=True)

    async def story() -> None:
        call_ref = play.network.dial(DialRequest(NUMBER, CALLER, talk_seconds=600))
        while play.network.state(call_ref) != "talking":
            await asyncio.sleep(0)
        waiting = asyncio.create_task(play.network.finished(call_ref))
        await asyncio.sleep(0)
        await play.network.aclose()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(story())
    assert play.doors.call.status in {Status.IN_PROGRESS, Status.RINGING}


def test_whoever_stops_waiting_does_not_end_the_call(stage: Staging) -> None:
    play = stage(endless_minutes=True)

    async def story() -> None:
        call_ref = play.network.dial(DialRequest(NUMBER, CALLER, talk_seconds=600))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(play.network.finished(call_ref), 0.05)
        while play.network.state(call_ref) != "talking":
            await asyncio.sleep(0)
        play.network.hang_up(call_ref)
        assert (await play.network.finished(call_ref)).completed

    asyncio.run(story())
