"""Who is Vonage, what its requests tell, what our NCCOs say."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vonage_jwt import verify_signature

from swapboard.calls.call import CallEvent, EventKind, Outcome
from swapboard.calls.flow_state import Awaits, FlowState
from swapboard.calls.step import Act, Ask, Dial, HangUp, Join, Prompt, Reject, Step, TakeMessage
from swapboard.carriers.base import BadCarrierRequest, CarrierRequest, Door, Links, state_in
from swapboard.carriers.vonage import carrier as kind
from swapboard.carriers.vonage.events import events
from swapboard.carriers.vonage.signature import is_signed, signed
from tests.carriers.vonage import document_reader
from tests.carriers.vonage.network import APPLICATION_ID, CREDENTIALS, SECRET

NOON = 1_795_521_600_000
LINKS = Links("https://calls.example.com", "c1", dialled="+12025550143")
CALL, LEG = "CON-1", "leg-2"
OWN = {"from": "12125550111", "to": "12025550143", "uuid": "1", "conversation_uuid": CALL}
OF_LEG = OWN | {"from": "12025550143", "to": "12025550101", "uuid": LEG, "direction": "outbound"}
BODY = json.dumps(OWN).encode()


def asked(body: bytes = BODY, *, secret: str = SECRET, method: str = "POST", **claims: Any) -> CarrierRequest:
    told = {
        "iat": NOON // 1000,
        "payload_hash": hashlib.sha256(BODY).hexdigest(),
        "application_id": APPLICATION_ID,
        **claims,
    }
    token = jwt.encode({name: value for name, value in told.items() if value is not None}, secret, "HS256")
    return CarrierRequest(
        Door.VOICE, method, LINKS.door(Door.VOICE), {"authorization": f"Bearer {token}"}, body, NOON
    )


@pytest.mark.parametrize(
    ("request_", "accepted"),
    [
        (asked(), True),
        (asked(iat=NOON / 1000 - 299), True),
        (asked(iat=NOON // 1000 - 301), False),
        (asked(iat=NOON // 1000 + 301), False),
        (asked(iat=None), False),
        (asked(iat="soon"), False),
        (asked(BODY + b" "), False),
        (asked(b""), False),
        (asked(payload_hash=None), False),
        (asked(payload_hash=1), False),
        (asked(application_id="another"), False),
        (asked(application_id=None), True),
        (asked(secret="c" * 40), False),
        (asked(b"", method="GET", payload_hash="?"), True),
        (asked(b"", method="GET", iat=0), False),
    ],
)
def test_who_is_vonage(request_: CarrierRequest, accepted: bool) -> None:
    assert is_signed(request_, SECRET, APPLICATION_ID) is accepted


def test_an_unsigned_token_is_none() -> None:
    headers = {"authorization": f"Bearer {jwt.encode({'iat': NOON // 1000}, '', 'none')}"}
    assert not is_signed(replace(asked(), headers=headers), SECRET, APPLICATION_ID)


@given(st.text(max_size=60), st.binary(max_size=20))
def test_nothing_raises(header: str, body: bytes) -> None:
    for told in (header, f"Bearer {header}"):
        assert not is_signed(replace(asked(body), headers={"authorization": told}), SECRET, APPLICATION_ID)


def test_the_official_validator_takes_ours() -> None:
    header = signed(asked(), SECRET, APPLICATION_ID)["Authorization"]
    assert verify_signature(header.removeprefix("Bearer "), SECRET)
    assert is_signed(replace(asked(), headers={"authorization": header}), SECRET, APPLICATION_ID)


def told(
    door: Door, body: Mapping[str, Any], state: FlowState | None = None, at: int = NOON
) -> Sequence[CallEvent]:
    url = LINKS.door(door, state) + ("&" if state else "?") + "number=12025550143"
    return events(CarrierRequest(door, "POST", url, {}, json.dumps(body).encode(), at))


@pytest.mark.parametrize("sender", ["anonymous", "Restricted", "unavailable", "unknown", "", "266696687"])
def test_a_withheld_caller(sender: str) -> None:
    [event] = told(Door.VOICE, OWN | {"from": sender})
    assert (event.kind, event.call_ref, event.facts.withheld) == (EventKind.ARRIVED, CALL, True)
    assert (event.facts.caller, event.facts.dialled) == (None, "+12025550143")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("busy", Outcome.BUSY),
        ("rejected", Outcome.BUSY),
        ("timeout", Outcome.NO_ANSWER),
        ("unanswered", Outcome.NO_ANSWER),
        ("failed", Outcome.FAILED),
        ("cancelled", Outcome.CANCELED),
        ("machine", Outcome.NO_ANSWER),
    ],
)
def test_a_connect_that_was_not_answered(status: str, outcome: Outcome) -> None:
    dial, leg = told(Door.VOICE, OF_LEG | {"status": status}, FlowState(Awaits.DIAL, told=2))
    assert (dial.kind, dial.leg_ref, dial.sequence, dial.facts.outcome) == (EventKind.DIAL_ENDED, "", 2, outcome)
    assert (leg.kind, leg.leg_ref, leg.facts.outcome) == (EventKind.LEG_ENDED, LEG, outcome)
    assert dial.facts.dialled == "+12025550143"
    [only] = told(Door.STATUS, OF_LEG | {"status": status})
    assert only.kind is EventKind.LEG_ENDED


@pytest.mark.parametrize(
    ("duration", "outcome", "talk"),
    [("63", Outcome.ANSWERED, 63), ("0", Outcome.NO_ANSWER, None), (None, Outcome.NO_ANSWER, None)],
)
def test_a_connect_that_is_over(duration: str | None, outcome: Outcome, talk: int | None) -> None:
    dial, _ = told(Door.VOICE, OF_LEG | {"status": "completed", "duration": duration}, FlowState(Awaits.DIAL))
    assert (dial.facts.outcome, dial.facts.talk_seconds) == (outcome, talk)
    assert dial.facts.joined_leg == (LEG if talk else None)


@pytest.mark.parametrize(
    ("status", "kind_"),
    [("started", EventKind.LEG_STARTED), ("ringing", EventKind.LEG_RINGING), ("answered", EventKind.LEG_ANSWERED)],
)
def test_news_of_a_leg_asks_nothing(status: str, kind_: EventKind) -> None:
    body = OF_LEG | {"status": status, "timestamp": "2026-11-24T12:00:00.000Z"}
    [event] = told(Door.VOICE, body, FlowState(Awaits.DIAL), NOON + 9_000)
    assert (event.kind, event.happened_at) == (kind_, NOON)


@pytest.mark.parametrize(
    ("dtmf", "keys"),
    [
        ({"digits": "12", "timed_out": False}, "12"),
        ({"digits": "", "timed_out": True}, ""),
        ("42", "42"),
        (None, ""),
    ],
)
def test_keys(dtmf: object, keys: str) -> None:
    [event] = told(Door.VOICE, OWN | {"dtmf": dtmf}, FlowState(Awaits.KEYS, told=1))
    assert (event.kind, event.facts.keys, event.facts.dialled) == (EventKind.KEYS, keys, "+12025550143")


def test_a_recording() -> None:
    times = {"start_time": "2026-11-24T12:00:00Z", "end_time": "2026-11-24T12:00:17Z"}
    body = OWN | times | {"recording_url": "https://api-us-1.nexmo.com/v1/files/abc-1"}
    [event] = told(Door.RECORDING, body, FlowState(Awaits.MESSAGE), NOON + 60_000)
    assert (event.facts.message_seconds, event.facts.recording_ref) == (17, "api-us-1.nexmo.com/abc-1")
    [talk] = told(Door.RECORDING, body, FlowState(Awaits.DIAL), NOON + 60_000)
    assert talk.facts.message_seconds is None
    odd = "https://evil.example.com\\.nexmo.com/v1/files/abc", "https://\ud800.nexmo.com/v1/files/abc"
    for url in (
        "https://evil.example.com/v1/files/abc",
        "https://[",
        "",
        "https://api.nexmo.com/v1/files/..",
        *odd,
    ):
        assert told(Door.RECORDING, body | {"recording_url": url}, FlowState(Awaits.DIAL)) == ()


def test_the_end_of_a_call() -> None:
    body = OWN | {"status": "completed", "direction": "inbound", "end_time": "2026-11-24T12:01:08Z"}
    [event] = told(Door.STATUS, body, None, NOON + 1_800_000)
    assert (event.kind, event.happened_at, event.facts.outcome) == (EventKind.CALL_ENDED, NOON + 68_000, None)
    assert told(Door.STATUS, body | {"status": "answered"}) == ()


@given(
    st.sampled_from(Door),
    st.sampled_from(Awaits),
    st.binary(max_size=30)
    | st.dictionaries(
        st.sampled_from([*OF_LEG, "status", "dtmf", "duration", "recording_url", "timestamp", "end_time"]),
        st.text(max_size=9)
        | st.none()
        | st.integers()
        | st.lists(st.none(), max_size=1)
        | st.sampled_from([CALL, "completed", "outbound", "busy", "https://api.nexmo.com/v1/files/a"]),
    ).map(lambda body: json.dumps(body).encode()),
)
def test_no_request_does_worse_than_make_no_sense(door: Door, awaits: Awaits, body: bytes) -> None:
    found: Sequence[CallEvent] = ()
    with suppress(BadCarrierRequest):
        found = events(CarrierRequest(door, "POST", LINKS.door(door, FlowState(awaits)), {}, body, NOON))
    for event in found:
        assert event.call_ref
        assert 0 <= event.happened_at <= NOON


acts = st.one_of(
    st.builds(
        Dial,
        st.sampled_from([("+12025550101",), ("+12025550101", "+12025550102")]),
        st.integers(1, 600),
        asks_leg=st.booleans(),
        screened=st.booleans(),
        records=st.booleans(),
    ),
    st.builds(Ask, st.integers(1, 7), st.integers(1, 90), st.sampled_from(["", "#"])),
    st.builds(TakeMessage, st.integers(2, 9_000)),
    st.sampled_from([HangUp(), Reject(), Join()]),
)
words = st.lists(
    st.builds(Prompt, st.sampled_from(["Hello.", "x" * 4_000, "a\x00b " * 700]))
    | st.just(Prompt(file="https://example.com/a.mp3")),
    max_size=2,
)


@given(acts, words.map(tuple), st.sampled_from(Awaits), st.sampled_from([None, "+12025550143"]))
def test_every_ncco_is_one_that_the_official_package_knows(
    act: Act, prompts: tuple[Prompt, ...], awaits: Awaits, dialled: str | None
) -> None:
    carrier, links = kind.open(CREDENTIALS), replace(LINKS, dialled=dialled)
    for answer in (carrier.render(Step(act, prompts), FlowState(awaits), links), kind.last_resort(Step(act))):
        document_reader.verbs(answer.body.encode(), answer.media_type)


def test_several_numbers_are_rung_in_turn_and_the_last_asks() -> None:
    dial = Dial(("+12025550101", "+12025550102"), 20)
    actions = json.loads(kind.open(CREDENTIALS).render(Step(dial), FlowState(Awaits.DIAL, told=1), LINKS).body)
    first, last = actions
    assert [each["endpoint"][0]["number"] for each in actions] == ["12025550101", "12025550102"]
    assert first["from"] == last["from"] == "12025550143"
    assert "eventType" not in first
    assert last["eventType"] == "synchronous"
    assert state_in(last["eventUrl"][0]) == FlowState(Awaits.DIAL, told=1)


def test_a_screened_leg_is_no_answering_machine() -> None:
    dial = Dial(("+12025550101",), 20, asks_leg=True, screened=True)
    [action] = json.loads(kind.open(CREDENTIALS).render(Step(dial), FlowState(Awaits.DIAL), LINKS).body)
    assert action["machineDetection"] == "hangup"
    assert state_in(action["endpoint"][0]["onAnswer"]["url"]).awaits is Awaits.WHISPER


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"api_key": ""}, "the API key"),
        ({"application_id": "../x"}, "application ID"),
        ({"private_key": "x"}, "not a private key"),
        ({"signature_secret": " "}, "the signature secret"),
    ],
)
def test_what_is_missing_or_wrong_is_said(change: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        kind.open(CREDENTIALS | change)


def test_secrets_do_not_show() -> None:
    opened = repr(kind.open(CREDENTIALS))
    assert not any(CREDENTIALS[name] in opened for name in ("api_secret", "private_key", "signature_secret"))
