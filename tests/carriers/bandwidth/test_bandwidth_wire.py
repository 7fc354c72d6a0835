"""Who is Bandwidth, what its requests tell, what our documents say."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from xml.etree import ElementTree

import pytest
from bandwidth.models import bxml
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.call import CallEvent, EventKind, Outcome
from swapboard.calls.flow_state import Awaits, FlowState
from swapboard.calls.step import Act, Ask, Dial, HangUp, Join, Prompt, Reject, Step, TakeMessage
from swapboard.carriers.bandwidth import carrier as kind
from swapboard.carriers.bandwidth.events import events
from swapboard.carriers.bandwidth.moment import moment, seconds
from swapboard.carriers.bandwidth.signature import CallbackLogin, is_signed
from swapboard.carriers.base import BadCarrierRequest, CarrierRequest, Door, Links
from tests.carriers.bandwidth.network import CREDENTIALS

NOON = 1_795_521_600_000
LINKS = Links("https://calls.example.com", "c1")
LOGIN = CallbackLogin("swapboard", "b" * 20)
CALL, LEG = "c-1", "c-2"
OWN = {"callId": CALL, "from": "+12125550111", "to": "+12025550143", "eventTime": "2026-11-24T12:00:00Z"}
OF_LEG = OWN | {"callId": LEG, "parentCallId": CALL, "transferTo": "+12025550101"}


def request(door: Door, told: Mapping[str, Any], state: FlowState | None = None, **headers: str) -> CarrierRequest:
    return CarrierRequest(door, "POST", LINKS.door(door, state), headers, json.dumps(told).encode(), NOON + 70_000)


@pytest.mark.parametrize(
    ("header", "signed"),
    [
        (LOGIN.header, True),
        (LOGIN.header.replace("Basic", "basic"), True),
        (LOGIN.header[:-1], False),
        ("", False),
        ("Basic", False),
        ("Basic ÿ☎", False),
        (CallbackLogin("swapboard", "c").header, False),
        (LOGIN.header.replace("Basic", "Bearer"), False),
    ],
)
def test_who_is_bandwidth(header: str, signed: bool) -> None:
    assert is_signed(request(Door.VOICE, OWN, authorization=header), LOGIN) is signed


def test_what_we_sign_is_accepted() -> None:
    opened = kind.open(CREDENTIALS)
    asked = request(Door.MESSAGE, {})
    headers = {name.lower(): value for name, value in opened.sign(asked).items()}
    assert opened.verify(request(Door.MESSAGE, {}, **headers))
    assert not opened.verify(asked)


@pytest.mark.parametrize("sender", ["Anonymous", "Restricted", "unavailable", "", "+266696687"])
def test_a_withheld_caller(sender: str) -> None:
    [event] = events(request(Door.VOICE, OWN | {"eventType": "initiate", "from": sender}))
    assert (event.kind, event.facts.caller, event.facts.withheld) == (EventKind.ARRIVED, None, True)


@pytest.mark.parametrize(("indicator", "told"), [("A", "A"), ("C", "C"), ("X", None), ("", None)])
def test_attestation(indicator: str, told: str | None) -> None:
    arrived = OWN | {"eventType": "initiate", "stirShaken": {"attestationIndicator": indicator}}
    assert events(request(Door.VOICE, arrived))[0].facts.attestation == told


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        ("hangup", Outcome.ANSWERED),
        ("busy", Outcome.BUSY),
        ("rejected", Outcome.BUSY),
        ("timeout", Outcome.NO_ANSWER),
        ("cancel", Outcome.CANCELED),
        ("account-limit", Outcome.FAILED),
        ("", None),
    ],
)
def test_a_dialling_ends(cause: str, outcome: Outcome | None) -> None:
    told = OWN | {"eventType": "transferComplete", "cause": cause}
    [event] = events(request(Door.VOICE, told, FlowState(Awaits.DIAL, told=2)))
    assert (event.kind, event.sequence, event.facts.outcome) == (EventKind.DIAL_ENDED, 2, outcome)


def test_a_legs_end_tells_its_whole_life() -> None:
    times = {
        "startTime": "2026-11-24T12:00:00Z",
        "answerTime": "2026-11-24T12:00:04Z",
        "endTime": "2026-11-24T12:01:07Z",
    }
    told = OF_LEG | times | {"eventType": "transferDisconnect", "cause": "hangup"}
    news = events(request(Door.STATUS, told))
    assert [(each.kind, each.happened_at - NOON) for each in news] == [
        (EventKind.LEG_STARTED, 0),
        (EventKind.LEG_ANSWERED, 4_000),
        (EventKind.LEG_ENDED, 67_000),
    ]
    assert (news[-1].facts.outcome, news[-1].facts.talk_seconds) == (Outcome.ANSWERED, 63)
    missed = {name: value for name, value in told.items() if name != "answerTime"}
    assert events(request(Door.STATUS, missed))[-1].facts.outcome is Outcome.NO_ANSWER


def test_a_leg_asks_and_presses() -> None:
    screen = FlowState(Awaits.SCREEN, told=1)
    asks, answered = events(request(Door.VOICE, OF_LEG | {"eventType": "transferAnswer"}, screen))
    assert (asks.kind, answered.kind, asks.call_ref, asks.leg_ref) == (
        EventKind.LEG_ASKS,
        EventKind.LEG_ANSWERED,
        CALL,
        LEG,
    )
    [keyed] = events(
        request(Door.VOICE, OF_LEG | {"eventType": "gather", "digits": "1"}, FlowState(Awaits.PRESS, told=1))
    )
    assert (keyed.kind, keyed.facts.keys, keyed.facts.screened) == (EventKind.LEG_KEYS, "1", True)


@pytest.mark.parametrize(
    ("text", "length"),
    [("PT13.67S", 13), ("PT1M4S", 64), ("PT1H0M2.5S", 3602), ("PT0S", 0), ("PT", None), ("", None), ("13", None)],
)
def test_lengths(text: str, length: int | None) -> None:
    assert seconds(text) == length


@given(st.text(max_size=40), st.integers(0, 2**45))
def test_never_after_we_heard_of_it(text: str, received_at: int) -> None:
    told = moment(text, received_at)
    assert told is None or 0 <= told <= received_at


values = (
    st.text(max_size=20) | st.none() | st.integers() | st.dictionaries(st.text(max_size=3), st.text(max_size=3))
)
kinds = ["initiate", "gather", "transferComplete", "transferDisconnect", "recordComplete", "disconnect", "x"]


@given(
    st.sampled_from(Door),
    st.sampled_from(Awaits),
    st.binary(max_size=40)
    | st.dictionaries(
        st.sampled_from(
            [*OF_LEG, "eventType", "digits", "cause", "duration", "recordingId", "endTime", "stirShaken"]
        ),
        values | st.sampled_from([*kinds, "2026-11-24T12:00:00Z", "c-1"]),
    ).map(lambda told: json.dumps(told).encode()),
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
        st.just(("+12025550101", "+12025550102")),
        st.integers(1, 600),
        asks_leg=st.booleans(),
        screened=st.booleans(),
        records=st.booleans(),
    ),
    st.builds(Ask, st.integers(1, 7), st.integers(1, 90), st.sampled_from(["", "#"])),
    st.builds(TakeMessage, st.integers(2, 600)),
    st.sampled_from([HangUp(), Reject(), Reject(is_busy=True), Join()]),
)
words = st.lists(
    st.builds(Prompt, st.text(min_size=1, max_size=9)) | st.just(Prompt(file="https://example.com/a.wav")),
    max_size=2,
)


@given(acts, words.map(tuple), st.sampled_from(Awaits), st.booleans())
def test_every_document_has_only_what_the_official_package_knows(
    act: Act, prompts: tuple[Prompt, ...], awaits: Awaits, records: bool
) -> None:
    carrier = kind.open(CREDENTIALS)
    for answer in (
        carrier.render(Step(act, prompts), FlowState(awaits, records=records), LINKS),
        kind.last_resort(Step(act)),
    ):
        assert answer.media_type == "application/xml"
        for element in ElementTree.fromstring(answer.body).iter():
            if element.tag != "Response":
                content = (
                    [element.text or ""] if element.tag in {"PhoneNumber", "SpeakSentence", "PlayAudio"} else []
                )
                verb = getattr(bxml, element.tag)(*content)
                assert set(element.attrib) <= set(verb._attributes or {})


def test_screening_is_told_to_the_status_address_too() -> None:
    act = Dial(("+12025550101",), 20, asks_leg=True, screened=True)
    answer = kind.open(CREDENTIALS).render(Step(act), FlowState(Awaits.DIAL, told=1), LINKS)
    [phone] = ElementTree.fromstring(answer.body).iter("PhoneNumber")
    assert "state=screen" in phone.get("transferAnswerUrl", "")
    assert "state=screen" in phone.get("transferDisconnectUrl", "")


def test_the_last_resort_joins_a_leg() -> None:
    assert len(ElementTree.fromstring(kind.last_resort(Step(Join())).body)) == 0
