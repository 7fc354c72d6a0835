"""The TwiML: read back with ElementTree, and built of what the official builder knows."""

import inspect
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from twilio.twiml import lower_camel
from twilio.twiml.voice_response import Dial as OfficialDial
from twilio.twiml.voice_response import Gather as OfficialGather
from twilio.twiml.voice_response import VoiceResponse

from swapboard.calls.flow_state import Awaits, FlowState
from swapboard.calls.step import Ask, Dial, HangUp, Join, Prompt, Reject, Step, TakeMessage
from swapboard.carriers.base import Links
from swapboard.carriers.twilio.twiml import document, last_resort

LINKS = Links("https://calls.example.com/base", "c1")
DIALLING = FlowState(Awaits.DIAL, "f1", "sales", told=3)
NUMBERS = ("+12025550101", "+442079460123")
DIAL = Step(Dial(NUMBERS, 25))


def parsed(step: Step) -> Element:
    response = document(step, DIALLING, LINKS)
    assert response.media_type == "text/xml"
    root = ElementTree.fromstring(response.body.encode())
    assert root.tag == "Response"
    return root


def test_a_dial() -> None:
    [dial] = parsed(DIAL)
    assert dial.tag == "Dial"
    assert dial.attrib == {
        "action": "https://calls.example.com/base/carriers/c1/voice?state=dial~f1~sales~0~0~3~0~",
        "method": "POST",
        "answerOnBridge": "true",
        "timeout": "25",
    }
    assert [each.text for each in dial] == list(NUMBERS)
    for number in dial:
        assert number.tag == "Number"
        assert number.attrib == {
            "statusCallback": "https://calls.example.com/base/carriers/c1/status",
            "statusCallbackEvent": "initiated ringing answered completed",
            "statusCallbackMethod": "POST",
        }


def test_the_callers_own_number_is_passed_through() -> None:
    assert "callerId" not in document(DIAL, DIALLING, LINKS).body


def test_hanging_up() -> None:
    [verb] = parsed(Step(HangUp()))
    assert (verb.tag, verb.attrib, verb.text) == ("Hangup", {}, None)


@pytest.mark.parametrize(("seconds", "timeout"), [(-5, "1"), (0, "1"), (25, "25"), (600, "600"), (9_999, "600")])
def test_the_ringing_stays_within_twilios_limits(seconds: int, timeout: str) -> None:
    [dial] = parsed(Step(Dial(("+12025550101",), seconds)))
    assert dial.get("timeout") == timeout


def test_a_leg_that_is_asked_first_comes_back_with_its_own_state() -> None:
    [dial] = parsed(Step(Dial(("+12025550101",), 25, asks_leg=True, screened=True)))
    [number] = dial
    asked = "https://calls.example.com/base/carriers/c1/voice?state=screen~f1~sales~0~0~3~0~"
    assert (number.get("url"), number.get("method")) == (asked, "POST")
    assert (number.get("statusCallback") or "").endswith("/status?state=screen~f1~sales~0~0~3~0~")


def test_a_talk_is_recorded_on_both_sides_and_told_of() -> None:
    [dial] = parsed(Step(Dial(("+12025550101",), 25, records=True)))
    assert dial.get("record") == "record-from-answer-dual"
    assert (dial.get("recordingStatusCallback") or "").startswith(
        "https://calls.example.com/base/carriers/c1/recording"
    )


def test_keys_end_the_words_and_their_absence_is_told_too() -> None:
    [gather] = parsed(
        Step(Ask(1, 6), (Prompt("Press 1.", language="en-GB"), Prompt(file="https://example.com/a.mp3")))
    )
    assert (gather.get("numDigits"), gather.get("timeout"), gather.get("actionOnEmptyResult")) == (
        "1",
        "6",
        "true",
    )
    assert gather.get("finishOnKey") == ""
    say, play = gather
    assert (say.tag, say.get("language"), say.text) == ("Say", "en-GB", "Press 1.")
    assert (play.tag, play.text) == ("Play", "https://example.com/a.mp3")


def test_a_message_comes_back_even_when_the_caller_was_silent() -> None:
    say, record, redirect = parsed(Step(TakeMessage(90), (Prompt("Speak."),)))
    assert (say.tag, record.tag, record.get("maxLength")) == ("Say", "Record", "90")
    assert redirect.text == record.get("action")


@pytest.mark.parametrize(("is_busy", "reason"), [(True, "busy"), (False, "rejected")])
def test_a_refusal(is_busy: bool, reason: str) -> None:
    [verb] = parsed(Step(Reject(is_busy)))
    assert (verb.tag, verb.get("reason")) == ("Reject", reason)


def test_an_empty_document_joins_a_leg() -> None:
    assert parsed(Step(Join(), ())).tag == "Response"
    assert list(parsed(Step(Join()))) == []
    assert list(ElementTree.fromstring(last_resort(Step(Join())).body.encode())) == []


EVERY_STEP = [
    DIAL,
    Step(Dial(NUMBERS, 25, asks_leg=True, screened=True, records=True), (Prompt("Hello."),)),
    Step(Ask(7, 6, "#"), (Prompt("Keys."), Prompt(file="https://example.com/a.mp3"))),
    Step(TakeMessage(90), (Prompt("Speak."),)),
    Step(Reject(is_busy=True)),
    Step(Join(), (Prompt("A call."),)),
    Step(HangUp()),
]


@pytest.mark.parametrize("step", EVERY_STEP)
def test_everything_in_it_is_known_to_the_official_builder(step: Step) -> None:
    for text in (document(step, DIALLING, LINKS).body, last_resort(step).body):
        _check(ElementTree.fromstring(text.encode()), VoiceResponse)


NESTED = {"Dial": OfficialDial, "Gather": OfficialGather}


def _check(element: Element, builder: type) -> None:
    """Each verb within is a method of the builder, and its attributes are that method's parameters."""
    verbs = dict(inspect.getmembers(builder, inspect.isfunction))
    for each in element:
        method = verbs[each.tag.lower()]
        assert set(each.attrib) <= {lower_camel(name) for name in inspect.signature(method).parameters}
        _check(each, NESTED.get(each.tag, object))


def test_what_is_in_an_address_is_escaped() -> None:
    links = Links('https://calls.example.com/"><Reject/>&', "c1")
    [dial] = ElementTree.fromstring(document(DIAL, DIALLING, links).body.encode())
    assert (dial.get("action") or "").startswith('https://calls.example.com/"><Reject/>&/carriers')


def test_the_last_resort_dials_and_asks_for_nothing_back() -> None:
    [dial] = ElementTree.fromstring(last_resort(DIAL).body.encode())
    assert dial.attrib == {"answerOnBridge": "true", "timeout": "25"}
    assert [(each.tag, each.attrib, each.text) for each in dial] == [("Number", {}, each) for each in NUMBERS]


def test_the_last_resort_hangs_up() -> None:
    [verb] = ElementTree.fromstring(last_resort(Step(HangUp())).body.encode())
    assert verb.tag == "Hangup"
