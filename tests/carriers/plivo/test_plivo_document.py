"""Our documents against the official builder's elements and attributes, and against each step's meaning."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plivo import plivoxml

from swapboard.calls.flow_state import Awaits, FlowState
from swapboard.calls.step import Act, Ask, Dial, HangUp, Join, Prompt, Reject, Step, TakeMessage
from swapboard.carriers.base import Links, state_in
from swapboard.carriers.plivo import carrier
from swapboard.carriers.plivo.document import document, last_resort

LINKS = Links("https://calls.example.com", "c1")
VOICE = "https://calls.example.com/carriers/c1/voice"
STATUS = "https://calls.example.com/carriers/c1/status"
DIAL = Dial(("+12025550101", "+442079460123"), 20)
STATE = FlowState(Awaits.DIAL, "flow", "sales", told=2)
HELLO = Prompt("Hello & <welcome>.")

acts = st.one_of(
    st.builds(
        Dial,
        st.lists(st.sampled_from(["+12025550101", "+12025550102"]), min_size=1, unique=True).map(tuple),
        st.integers(5, 60),
        asks_leg=st.booleans(),
        screened=st.booleans(),
        records=st.booleans(),
    ),
    st.builds(Ask, st.integers(1, 7), st.integers(1, 90), st.sampled_from(["", "#"])),
    st.builds(TakeMessage, st.integers(2, 600)),
    st.just(HangUp()),
    st.just(Reject()),
    st.just(Reject(is_busy=True)),
    st.just(Join()),
)
prompts = st.lists(
    st.builds(Prompt, st.text(min_size=1, max_size=20)) | st.just(Prompt(file="https://example.com/a.mp3")),
    max_size=2,
).map(tuple)


def rendered(act: Act, *words: Prompt, state: FlowState = STATE) -> Element:
    answer = document(Step(act, words), state, LINKS)
    assert answer.media_type == "text/xml"
    return ElementTree.fromstring(answer.body)


def known(element: Element) -> set[str]:
    """The attributes that the official package knows of such an element."""
    kind = getattr(plivoxml, f"{element.tag}Element")
    made = kind(content="x") if element.tag in {"Speak", "Play", "Number", "Redirect"} else kind()
    slots = [name for name in dir(made) if not name.startswith("_")]
    return {
        "".join(part.title() if place else part for place, part in enumerate(name.split("_"))) for name in slots
    }


@given(acts, prompts, st.sampled_from([Awaits.DIAL, Awaits.KEYS, Awaits.MESSAGE, Awaits.NOTHING]))
def test_every_step_has_only_elements_and_attributes_that_the_official_package_knows(
    act: Act, words: tuple[Prompt, ...], awaits: Awaits
) -> None:
    for element in rendered(act, *words, state=FlowState(awaits)).iter():
        assert element.tag == "Response" or set(element.attrib) <= known(element)


@given(acts, prompts, st.sampled_from([Awaits.WHISPER, Awaits.SCREEN, Awaits.PRESS]))
def test_a_leg_hears_words_only(act: Act, words: tuple[Prompt, ...], awaits: Awaits) -> None:
    """Plivo ignores anything else in the document of a confirmSound."""
    document = rendered(act, *words, state=FlowState(awaits))
    assert [each.tag for each in document] == ["Play" if each.file else "Speak" for each in words]


def test_the_greeting_comes_before_the_dialling() -> None:
    speak, dial = rendered(DIAL, HELLO)
    assert (speak.text, speak.get("language")) == ("Hello & <welcome>.", "en-US")
    assert [each.text for each in dial] == ["+12025550101", "+442079460123"]
    assert dial.get("timeout") == "20"
    assert state_in(dial.get("action", "")) == STATE
    assert dial.get("callbackUrl") == STATUS
    assert {"confirmSound", "confirmKey", "callerId"}.isdisjoint(dial.attrib)


def test_a_whisper() -> None:
    [dial] = rendered(Dial(("+12025550101",), 20, asks_leg=True))
    assert state_in(dial.get("confirmSound", "")).awaits is Awaits.WHISPER
    assert "confirmKey" not in dial.attrib


def test_screening_is_told_to_the_status_address_too() -> None:
    [dial] = rendered(Dial(("+12025550101",), 20, asks_leg=True, screened=True))
    assert dial.get("confirmKey") == "1"
    for name in ("confirmSound", "callbackUrl"):
        assert state_in(dial.get(name, "")).awaits is Awaits.SCREEN


def test_a_recorded_talk() -> None:
    record, dial = rendered(Dial(("+12025550101",), 20, records=True))
    assert (record.get("startOnDialAnswer"), record.get("redirect")) == ("true", "false")
    assert record.get("callbackUrl", "").startswith("https://calls.example.com/carriers/c1/recording?state=dial")
    assert dial.tag == "Dial"


@pytest.mark.parametrize(("wait", "told"), [(1, "5"), (8, "8"), (90, "60")])
def test_keys(wait: int, told: str) -> None:
    asked, redirect = rendered(Ask(1, wait), HELLO, state=FlowState(Awaits.KEYS, told=1))
    assert (asked.get("executionTimeout"), asked.get("numDigits"), asked.get("finishOnKey")) == (told, "1", "none")
    assert [each.tag for each in asked] == ["Speak"]
    assert redirect.text == asked.get("action")


def test_a_message() -> None:
    speak, record, _ = rendered(TakeMessage(60), HELLO, state=FlowState(Awaits.MESSAGE, told=1))
    assert (speak.tag, record.tag, record.get("maxLength"), record.get("playBeep")) == (
        "Speak",
        "Record",
        "60",
        "true",
    )


@pytest.mark.parametrize(("is_busy", "reason"), [(True, "busy"), (False, "rejected")])
def test_a_call_turned_away(is_busy: bool, reason: str) -> None:
    [hangup] = rendered(Reject(is_busy))
    assert hangup.attrib == {"reason": reason}


def test_control_characters_do_no_harm() -> None:
    speak, _ = rendered(HangUp(), Prompt("a\x00b\x1bc"))
    assert speak.text == "a b c"


def test_the_last_resort() -> None:
    dial = ElementTree.fromstring(carrier.last_resort(Step(DIAL)).body)
    assert [(each.tag, each.get("timeout"), len(each)) for each in dial] == [("Dial", "20", 2)]
    assert len(ElementTree.fromstring(last_resort(Step(Join())).body)) == 0
    assert [each.tag for each in ElementTree.fromstring(last_resort(Step(HangUp())).body)] == ["Hangup"]
