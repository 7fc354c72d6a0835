"""The TwiML: read back with ElementTree, and built of what the official builder knows."""

import inspect
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from twilio.twiml import lower_camel
from twilio.twiml.voice_response import Dial as OfficialDial
from twilio.twiml.voice_response import VoiceResponse

from swapboard.calls.flow import Dial, FlowState, HangUp, Step
from swapboard.carriers.base import Links
from swapboard.carriers.twilio.twiml import document, last_resort

LINKS = Links("https://calls.example.com/base", "c1")
DIAL = Dial(("+12025550101", "+442079460123"), 25)


def parsed(step: Step) -> Element:
    response = document(step, FlowState.DIALLING, LINKS)
    assert response.media_type == "text/xml"
    root = ElementTree.fromstring(response.body.encode())
    assert root.tag == "Response"
    return root


def test_a_dial() -> None:
    [dial] = parsed(DIAL)
    assert dial.tag == "Dial"
    assert dial.attrib == {
        "action": "https://calls.example.com/base/carriers/c1/voice?state=dialling",
        "method": "POST",
        "answerOnBridge": "true",
        "timeout": "25",
    }
    assert [each.text for each in dial] == list(DIAL.numbers)
    for number in dial:
        assert number.tag == "Number"
        assert number.attrib == {
            "statusCallback": "https://calls.example.com/base/carriers/c1/status",
            "statusCallbackEvent": "initiated ringing answered completed",
            "statusCallbackMethod": "POST",
        }


def test_the_callers_own_number_is_passed_through() -> None:
    assert "callerId" not in document(DIAL, FlowState.DIALLING, LINKS).body


def test_hanging_up() -> None:
    [verb] = parsed(HangUp())
    assert (verb.tag, verb.attrib, verb.text) == ("Hangup", {}, None)


@pytest.mark.parametrize(("seconds", "timeout"), [(-5, "1"), (0, "1"), (25, "25"), (600, "600"), (9_999, "600")])
def test_the_ringing_stays_within_twilios_limits(seconds: int, timeout: str) -> None:
    [dial] = parsed(Dial(("+12025550101",), seconds))
    assert dial.get("timeout") == timeout


def test_everything_in_it_is_known_to_the_official_builder() -> None:
    verbs = {name.title() for name, _ in inspect.getmembers(VoiceResponse, inspect.isfunction)}
    dial_attributes = {lower_camel(name) for name in inspect.signature(VoiceResponse.dial).parameters}
    number_attributes = {lower_camel(name) for name in inspect.signature(OfficialDial.number).parameters}
    for step in (DIAL, HangUp()):
        for text in (document(step, FlowState.DIALLING, LINKS).body, last_resort(step).body):
            for verb in ElementTree.fromstring(text.encode()):
                assert verb.tag in verbs
                assert set(verb.attrib) <= dial_attributes
                for number in verb:
                    assert set(number.attrib) <= number_attributes


def test_what_is_in_an_address_is_escaped() -> None:
    links = Links('https://calls.example.com/"><Reject/>&', "c1")
    [dial] = ElementTree.fromstring(document(DIAL, FlowState.DIALLING, links).body.encode())
    assert (dial.get("action") or "").startswith('https://calls.example.com/"><Reject/>&/carriers')


def test_the_last_resort_dials_and_asks_for_nothing_back() -> None:
    [dial] = ElementTree.fromstring(last_resort(DIAL).body.encode())
    assert dial.attrib == {"answerOnBridge": "true", "timeout": "25"}
    assert [(each.tag, each.attrib, each.text) for each in dial] == [("Number", {}, each) for each in DIAL.numbers]


def test_the_last_resort_hangs_up() -> None:
    [verb] = ElementTree.fromstring(last_resort(HangUp()).body.encode())
    assert verb.tag == "Hangup"
