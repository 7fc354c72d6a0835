"""What each webhook tells, and that no request, however odd, does worse than BadCarrierRequest."""

import json
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.carriers.base import BadCarrierRequest, CarrierRequest, Door
from swapboard.carriers.twilio.events import events

NOON = 1_795_521_600_000
CALL = "CA" + "1" * 32
LEG = "CA" + "2" * 32
URL = "https://calls.example.com/carriers/c1/voice"
OWN = {"CallSid": CALL, "AccountSid": "AC1", "From": "+12125550111", "To": "+12025550143", "CallStatus": "ringing"}
CHILD = {"CallSid": LEG, "ParentCallSid": CALL, "From": "+12125550111", "To": "+12025550101"}
WHO = Facts(dialled="+12025550143", caller="+12125550111")


def told(door: Door, form: dict[str, str], received_at: int = NOON + 300) -> list[CallEvent]:
    return list(events(CarrierRequest(door, "POST", URL, {}, urlencode(form).encode(), received_at)))


def test_a_call_arrives() -> None:
    assert told(Door.VOICE, OWN) == [CallEvent(CALL, "", EventKind.ARRIVED, 0, NOON + 300, WHO)]


def test_a_caller_has_a_name() -> None:
    [event] = told(Door.VOICE, OWN | {"CallerName": " ANN\x00 SMITH "})
    assert event.facts.caller_name == "ANN SMITH"


@pytest.mark.parametrize("sender", ["Anonymous", "+266696687", ""])
def test_a_withheld_caller(sender: str) -> None:
    [event] = told(Door.VOICE, OWN | {"From": sender, "CallerName": "ANONYMOUS"})
    assert (event.facts.caller, event.facts.withheld, event.facts.caller_name) == (None, True, None)


def test_a_caller_that_is_not_told_of_is_not_withheld() -> None:
    [event] = told(Door.STATUS, {"CallSid": CALL, "CallStatus": "completed"})
    assert event.facts == Facts()


def test_a_number_without_its_plus() -> None:
    [event] = told(Door.VOICE, OWN | {"From": "12125550111", "To": "12025550143"})
    assert event.facts == WHO


def test_a_sip_caller_dials_a_sip_address() -> None:
    ends = {"From": "sip:alice@example.com", "To": "sip:+12025550143@example.sip.example.com"}
    [event] = told(Door.VOICE, OWN | ends)
    assert event.facts == Facts(dialled="+12025550143", caller_name="alice")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("completed", Outcome.ANSWERED),
        ("answered", Outcome.ANSWERED),
        ("busy", Outcome.BUSY),
        ("no-answer", Outcome.NO_ANSWER),
        ("failed", Outcome.FAILED),
        ("canceled", Outcome.CANCELED),
        ("something-new", None),
    ],
)
def test_a_dial_ends(status: str, outcome: Outcome | None) -> None:
    [event] = told(
        Door.VOICE, OWN | {"DialCallStatus": status, "DialCallDuration": "63", "CallStatus": "in-progress"}
    )
    assert (event.kind, event.facts.outcome) == (EventKind.DIAL_ENDED, outcome)
    assert event.facts.talk_seconds == (63 if outcome is Outcome.ANSWERED else None)
    assert event.facts.dialled == "+12025550143"


@pytest.mark.parametrize(
    ("error_url", "kind"),
    [
        ("https://calls.example.com/carriers/c1/voice", EventKind.ARRIVED),
        ("https://calls.example.com/carriers/c1/voice?state=dial~~forward~0~0~1~0~", EventKind.DIAL_ENDED),
        ("https://[broken", EventKind.ARRIVED),
    ],
)
def test_the_fallback_after_a_failed_action_does_not_ring_the_shop_again(error_url: str, kind: EventKind) -> None:
    [event] = told(Door.VOICE, OWN | {"ErrorCode": "11200", "ErrorUrl": error_url})
    assert event.kind is kind


@pytest.mark.parametrize(
    ("status", "kind", "outcome", "talk_seconds"),
    [
        ("initiated", EventKind.LEG_STARTED, None, None),
        ("ringing", EventKind.LEG_RINGING, None, None),
        ("in-progress", EventKind.LEG_ANSWERED, None, None),
        ("completed", EventKind.LEG_ENDED, Outcome.ANSWERED, 63),
        ("busy", EventKind.LEG_ENDED, Outcome.BUSY, None),
        ("no-answer", EventKind.LEG_ENDED, Outcome.NO_ANSWER, None),
        ("failed", EventKind.LEG_ENDED, Outcome.FAILED, None),
        ("canceled", EventKind.LEG_ENDED, Outcome.CANCELED, None),
    ],
)
def test_a_leg_gets_on(status: str, kind: EventKind, outcome: Outcome | None, talk_seconds: int | None) -> None:
    progress = {
        "CallStatus": status,
        "SequenceNumber": "3",
        "Timestamp": "Tue, 24 Nov 2026 12:00:00 +0000",
        "CallDuration": "63",
    }
    [event] = told(Door.STATUS, CHILD | progress, NOON + 5_000)
    facts = Facts(leg_number="+12025550101", outcome=outcome, talk_seconds=talk_seconds)
    assert event == CallEvent(CALL, LEG, kind, 3, NOON, facts)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("completed", None),
        ("busy", Outcome.BUSY),
        ("no-answer", Outcome.NO_ANSWER),
        ("failed", Outcome.FAILED),
        ("canceled", Outcome.CANCELED),
    ],
)
def test_the_callers_side_ends(status: str, outcome: Outcome | None) -> None:
    [event] = told(Door.STATUS, OWN | {"CallStatus": status, "CallDuration": "70"})
    assert (event.kind, event.leg_ref) == (EventKind.CALL_ENDED, "")
    assert (event.facts.outcome, event.facts.talk_seconds) == (outcome, None)


@pytest.mark.parametrize("status", ["queued", "ringing", "in-progress", "initiated", "something-new", ""])
def test_the_callers_side_is_not_at_its_end(status: str) -> None:
    assert told(Door.STATUS, OWN | {"CallStatus": status}) == []


def test_a_leg_in_a_state_we_do_not_know() -> None:
    assert told(Door.STATUS, CHILD | {"CallStatus": "something-new"}) == []


def test_a_repeated_webhook_is_the_same_event() -> None:
    form = CHILD | {"CallStatus": "ringing", "SequenceNumber": "1"}
    [first], [second] = told(Door.STATUS, form, NOON), told(Door.STATUS, form, NOON + 9_000)
    assert first.identity == second.identity


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SequenceNumber", "-1"),
        ("SequenceNumber", "1e9"),
        ("SequenceNumber", "9" * 400),
        ("SequenceNumber", "²"),
        ("CallDuration", "-5"),
        ("CallDuration", "a minute"),
        ("CallDuration", "9" * 400),
        ("Timestamp", "soon"),
        ("Timestamp", "x" * 10_000),
        ("To", "'; DROP TABLE calls; --"),
        ("From", "<script>alert(1)</script>"),
        ("CallerName", "\x00" * 10_000),
    ],
)
def test_hostile_values_are_left_out(name: str, value: str) -> None:
    form = {**CHILD, "CallStatus": "completed", "CallDuration": "63", name: value}
    [event] = told(Door.STATUS, form)
    assert event.sequence == 0
    assert event.happened_at == NOON + 300
    assert event.facts.talk_seconds in {None, 63}


@pytest.mark.parametrize("door", [Door.VOICE, Door.STATUS])
@pytest.mark.parametrize(
    "ref", ["", " ", "x" * 65, "CA 1", "CA\x001", "<b>", "'; DROP TABLE calls; --", "ĆA1", "../..", "\r\n"]
)
def test_a_call_without_an_id_makes_no_sense(door: Door, ref: str) -> None:
    with pytest.raises(BadCarrierRequest, match="CallSid"):
        told(door, OWN | {"CallSid": ref, "CallStatus": "completed"})


def test_a_leg_of_a_call_without_an_id_makes_no_sense() -> None:
    with pytest.raises(BadCarrierRequest, match="ParentCallSid is not an id"):
        told(Door.STATUS, CHILD | {"ParentCallSid": "<b>", "CallStatus": "ringing"})


def test_a_status_without_a_status_makes_no_sense() -> None:
    with pytest.raises(BadCarrierRequest, match="CallStatus is missing"):
        told(Door.STATUS, {"CallSid": CALL})


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff", ""),
        (b"CallSid=%ff", ""),
        (b"a=1&" * 500, ""),
        (b"[]", "application/json"),
        (b"{", "application/json"),
        (b"\xff", "application/json"),
        (b'{"CallSid": "CA1", "CallSid": "CA2"}', "application/json"),
        (b"[" * 60_000, "application/json"),
        (b"9" * 10_000, "application/json"),
    ],
)
def test_a_body_that_cannot_be_read(body: bytes, content_type: str) -> None:
    for door in (Door.VOICE, Door.STATUS):
        with pytest.raises(BadCarrierRequest):
            events(CarrierRequest(door, "POST", URL, {"content-type": content_type}, body, NOON))


def test_json_and_get_tell_the_same_as_a_form() -> None:
    as_json = CarrierRequest(
        Door.VOICE, "POST", URL, {"content-type": "application/json"}, json.dumps(OWN).encode(), NOON + 300
    )
    as_get = CarrierRequest(Door.VOICE, "GET", f"{URL}?state=new&{urlencode(OWN)}", {}, b"", NOON + 300)
    assert list(events(as_json)) == list(events(as_get)) == told(Door.VOICE, OWN)


@pytest.mark.parametrize("door", [Door.RECORDING, Door.MESSAGE])
def test_other_doors_tell_of_no_call(door: Door) -> None:
    assert told(door, OWN) == []


names = st.sampled_from(
    [
        *OWN,
        *CHILD,
        "DialCallStatus",
        "DialCallDuration",
        "SequenceNumber",
        "Timestamp",
        "CallDuration",
        "CallerName",
    ]
)
values = st.text(max_size=40) | st.sampled_from([CALL, LEG, "completed", "ringing", "busy", "+12125550111", "3"])


@given(
    door=st.sampled_from(Door),
    method=st.sampled_from(["POST", "GET"]),
    url=st.just(URL) | st.text(max_size=40),
    content_type=st.sampled_from(["application/x-www-form-urlencoded", "application/json", ""]),
    body=st.binary(max_size=200)
    | st.dictionaries(names, values).map(lambda form: urlencode(form, errors="replace").encode())
    | st.dictionaries(names, values | st.integers() | st.lists(st.none())).map(
        lambda form: json.dumps(form).encode()
    ),
)
def test_no_request_does_worse_than_make_no_sense(
    door: Door, method: str, url: str, content_type: str, body: bytes
) -> None:
    found: Sequence[CallEvent] = ()
    with suppress(BadCarrierRequest):
        found = events(CarrierRequest(door, method, url, {"content-type": content_type}, body, NOON))
    for event in found:
        assert event.call_ref
        assert event.happened_at <= NOON
        assert event.sequence >= 0
