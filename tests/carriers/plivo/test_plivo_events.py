"""What Plivo's webhooks tell."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome, Status
from swapboard.calls.flow_state import Awaits, FlowState
from swapboard.calls.fold import fold
from swapboard.carriers.base import BadCarrierRequest, CarrierRequest, Door, Links
from swapboard.carriers.plivo.events import events

NOON = 1_795_521_600_000
LINKS = Links("https://calls.example.com", "c1")
CALL = "6f1d4a92-3b77-4d0e-9f2a-1c8b5e7d0431"
LEG = "c0a58e17-9d24-4f6b-8a13-72e5b4c9d806"
OWN = {
    "CallUUID": CALL,
    "From": "12125550111",
    "To": "12025550143",
    "CallStatus": "in-progress",
    "Direction": "inbound",
}
OF_LEG = {"CallUUID": CALL, "DialALegUUID": CALL, "DialBLegUUID": LEG, "DialBLegTo": "12025550101"}


def told(
    door: Door, form: Mapping[str, str], state: FlowState | None = None, at: int = NOON
) -> Sequence[CallEvent]:
    url, body = LINKS.door(door, state), urlencode(form).encode()
    return events(CarrierRequest(door, "POST", url, {}, body, at))


def test_a_call_arrives() -> None:
    [event] = told(Door.VOICE, OWN | {"Event": "StartApp", "CallStatus": "ringing", "CallerName": "+12125550111"})
    facts = Facts(dialled="+12025550143", caller="+12125550111")
    assert event == CallEvent(CALL, "", EventKind.ARRIVED, 0, NOON, facts)


@pytest.mark.parametrize("sender", ["", "anonymous", "Restricted", "unavailable", "+266696687", "266696687"])
def test_a_withheld_caller(sender: str) -> None:
    [event] = told(Door.VOICE, OWN | {"From": sender, "CallerName": "Jo"})
    assert (event.facts.caller, event.facts.withheld, event.facts.caller_name) == (None, True, None)


def test_a_callers_name() -> None:
    [event] = told(Door.VOICE, OWN | {"CallerName": "JO'S PLUMBING"})
    assert event.facts.caller_name == "JO'S PLUMBING"


@pytest.mark.parametrize(
    ("status", "leg", "outcome", "joined"),
    [
        ("completed", LEG, Outcome.ANSWERED, LEG),
        ("completed", "", Outcome.NO_ANSWER, None),
        ("busy", "", Outcome.BUSY, None),
        ("no-answer", LEG, Outcome.NO_ANSWER, None),
        ("timeout", "", Outcome.NO_ANSWER, None),
        ("failed", "", Outcome.FAILED, None),
        ("cancel", "", Outcome.CANCELED, None),
        ("a new one", "", None, None),
    ],
)
def test_a_dialling_ends(status: str, leg: str, outcome: Outcome | None, joined: str | None) -> None:
    [event] = told(Door.VOICE, OWN | {"DialStatus": status, "DialBLegUUID": leg}, FlowState(Awaits.DIAL, told=3))
    assert (event.kind, event.sequence, event.facts.outcome) == (EventKind.DIAL_ENDED, 3, outcome)
    assert event.facts.joined_leg == joined


@pytest.mark.parametrize(("form", "keys"), [({"Digits": "12#"}, "12#"), ({}, ""), ({"Digits": "hangup"}, "")])
def test_keys(form: dict[str, str], keys: str) -> None:
    [event] = told(Door.VOICE, OWN | form, FlowState(Awaits.KEYS, told=1))
    assert (event.kind, event.facts.keys) == (EventKind.KEYS, keys)


def test_a_message() -> None:
    form = OWN | {"RecordingDuration": "17", "RecordingID": "r1", "RecordUrl": "https://media.plivo.com/r1.mp3"}
    [event] = told(Door.VOICE, form, FlowState(Awaits.MESSAGE, told=1))
    assert (event.facts.message_seconds, event.facts.recording_ref) == (17, "r1")
    [event] = told(Door.RECORDING, form, FlowState(Awaits.MESSAGE, told=1))
    assert (event.kind, event.facts.message_seconds, event.facts.recording_ref) == (EventKind.RECORDED, 17, "r1")


def test_a_recorded_talk_is_no_message() -> None:
    form = OWN | {"RecordingDuration": "-1", "RecordingID": "r1"}
    [event] = told(Door.RECORDING, form, FlowState(Awaits.DIAL, told=1))
    assert (event.facts.message_seconds, event.facts.recording_ref) == (None, "r1")
    assert told(Door.RECORDING, OWN, FlowState(Awaits.DIAL)) == ()


@pytest.mark.parametrize("awaits", [Awaits.WHISPER, Awaits.SCREEN])
def test_what_is_to_be_whispered_is_asked_before_a_leg_has_a_name(awaits: Awaits) -> None:
    [event] = told(Door.VOICE, OWN, FlowState(awaits, told=2))
    assert (event.kind, event.call_ref, event.leg_ref) == (EventKind.LEG_ASKS, CALL, "")
    assert event.facts.screened is (awaits is Awaits.SCREEN)


def leg_told(action: str, state: FlowState | None = None, at: int = NOON, **more: str) -> CallEvent:
    [event] = told(Door.STATUS, OF_LEG | {"DialAction": action} | more, state, at)
    return event


@pytest.mark.parametrize(
    ("cause", "seconds", "outcome", "talk"),
    [
        ("NORMAL_CLEARING", "63", Outcome.ANSWERED, 63),
        ("NORMAL_CLEARING", "0", Outcome.NO_ANSWER, 0),
        ("USER_BUSY", "0", Outcome.BUSY, None),
        ("NO_ANSWER", "0", Outcome.NO_ANSWER, None),
        ("ORIGINATOR_CANCEL", "0", Outcome.CANCELED, None),
        ("LOSE_RACE", "0", Outcome.CANCELED, None),
        ("UNALLOCATED_NUMBER", "0", Outcome.FAILED, None),
    ],
)
def test_a_leg_ends(cause: str, seconds: str, outcome: Outcome, talk: int | None) -> None:
    event = leg_told("hangup", DialBLegHangupCause=cause, DialBLegDuration=seconds)
    assert (event.kind, event.leg_ref, event.facts.leg_number) == (EventKind.LEG_ENDED, LEG, "+12025550101")
    assert (event.facts.outcome, event.facts.talk_seconds) == (outcome, talk)


def test_digits_during_the_talk_are_no_news() -> None:
    assert told(Door.STATUS, OF_LEG | {"DialAction": "digits", "DialDigitsMatch": "1"}) == ()


@pytest.mark.parametrize("pressed", [True, False])
def test_a_screened_leg_is_answered_once_it_is_connected(pressed: bool) -> None:
    screen = FlowState(Awaits.SCREEN)
    news = [
        *told(Door.VOICE, OWN, at=NOON),
        leg_told("answer", screen, NOON + 4_000),
        *([leg_told("connected", screen, NOON + 9_000)] if pressed else []),
        leg_told("hangup", screen, NOON + 69_000, DialBLegHangupCause="NORMAL_CLEARING", DialBLegDuration="65"),
        *told(Door.STATUS, OWN | {"CallStatus": "completed"}, at=NOON + 69_000),
    ]
    call = fold(news)
    assert call.status is (Status.ANSWERED if pressed else Status.MISSED)
    assert [leg.answered_at is not None for leg in call.legs] == [pressed]


def test_the_end_of_a_call() -> None:
    times = {
        "SessionStart": "2026-11-24 12:00:00.123456",
        "StartTime": "2026-11-24 17:30:00",
        "EndTime": "2026-11-24 17:31:08",
    }
    [event] = told(Door.STATUS, OWN | {"CallStatus": "completed"} | times, at=NOON + 1_800_000)
    assert (event.kind, event.happened_at, event.facts.outcome) == (EventKind.CALL_ENDED, NOON + 68_000, None)
    [event] = told(Door.STATUS, OWN | {"CallStatus": "busy"}, at=NOON + 5)
    assert (event.happened_at, event.facts.outcome) == (NOON + 5, Outcome.BUSY)
    assert told(Door.STATUS, OWN | {"CallStatus": "ringing"}) == ()


@pytest.mark.parametrize("form", [{}, {"CallUUID": ""}, {"CallUUID": "<b>"}, {"CallUUID": CALL}])
def test_what_makes_no_sense(form: dict[str, str]) -> None:
    with pytest.raises(BadCarrierRequest):
        told(Door.STATUS, form)


@given(
    st.sampled_from(Door),
    st.sampled_from(Awaits),
    st.dictionaries(
        st.sampled_from(
            [*OWN, *OF_LEG, "DialAction", "DialStatus", "RecordingID", "SessionStart", "StartTime", "EndTime"]
        ),
        st.text(max_size=20) | st.sampled_from([CALL, "hangup", "completed", "2026-11-24 12:00:00"]),
    ),
)
def test_no_request_does_worse_than_make_no_sense(door: Door, awaits: Awaits, form: dict[str, str]) -> None:
    body = urlencode(form, errors="replace").encode()
    found: Sequence[CallEvent] = ()
    with suppress(BadCarrierRequest):
        found = events(CarrierRequest(door, "POST", LINKS.door(door, FlowState(awaits)), {}, body, NOON))
    for event in found:
        assert event.call_ref
        assert 0 <= event.happened_at <= NOON


def test_json_that_is_no_form_makes_no_sense() -> None:
    headers, body = {"content-type": "application/json"}, json.dumps([]).encode()
    with pytest.raises(BadCarrierRequest):
        events(CarrierRequest(Door.STATUS, "POST", LINKS.door(Door.STATUS), headers, body, NOON))
