import pytest

from swapboard.carriers.sandbox.twilio_document import MAX_DOCUMENT_BYTES, instructions
from swapboard.carriers.sandbox.verbs import Dial, DocumentProblem, Hangup, Reject, Target, Verb, Wait

URL = "https://calls.example.com/carriers/c1/voice?state=new"
SHOP = "+12025550101"


def read(inner: str) -> tuple[Verb, ...]:
    return instructions(f"<Response>{inner}</Response>".encode(), "text/xml; charset=utf-8", URL)


def test_a_dial_with_everything() -> None:
    assert read(
        '<Dial action="/next?state=dialling" method="GET" timeout="25" answerOnBridge="true"'
        ' callerId="+12025550143">'
        '<Number statusCallback="status" statusCallbackEvent="initiated answered" statusCallbackMethod="GET">'
        f"{SHOP}</Number></Dial>"
    ) == (
        Dial(
            targets=(
                Target(
                    SHOP,
                    "https://calls.example.com/carriers/c1/status",
                    "GET",
                    frozenset(("initiated", "answered")),
                ),
            ),
            timeout_seconds=25,
            answer_on_bridge=True,
            action="https://calls.example.com/next?state=dialling",
            method="GET",
            caller_id="+12025550143",
        ),
    )


def test_a_dial_with_nothing_has_twilios_defaults() -> None:
    [dial] = read(f"<Dial><Number>{SHOP}</Number></Dial>")
    assert dial == Dial((Target(SHOP, None, "POST", frozenset({"completed"})),), 30, False, None, "POST", None)


def test_verbs_in_their_order() -> None:
    assert read('<Say voice="alice">one two three four five</Say><Pause/><Pause length="4"/><Hangup/>') == (
        Wait(2.0, "one two three four five"),
        Wait(1),
        Wait(4),
        Hangup(),
    )
    assert read('<Reject/><Reject reason="busy"/>') == (Reject("no-answer"), Reject("busy"))
    assert read("") == ()


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<Enqueue/>", "verb <Enqueue>"),
        ("<dial/>", "verb <dial>"),
        ("<Dial/>", "names no number"),
        ("<Dial>12</Dial>", "is not a phone number"),
        ("<Dial>(202) 555-0101</Dial>", "13224"),
        ("<Dial><Number/></Dial>", "is not a phone number"),
        ("<Dial><Client>jo</Client></Dial>", "cannot dial a <Client>"),
        (f'<Dial timeout="soon">{SHOP}</Dial>', "timeout is 'soon'"),
        (f'<Dial method="PUT">{SHOP}</Dial>', "method is 'PUT'"),
        (f'<Dial callerId="me">{SHOP}</Dial>', "callerId"),
        (f'<Dial ringTone="x">{SHOP}</Dial>', "<Dial>'s ringTone"),
        (f'<Dial><Number statusCallbackEvent="ended">{SHOP}</Number></Dial>', "'ended'"),
        ('<Reject reason="why"/>', "reason 'why'"),
        ('<Pause length="-1"/>', "length is '-1'"),
        ('<Hangup now="1"/>', "<Hangup>'s now"),
    ],
)
def test_what_twilio_would_not_do(inner: str, words: str) -> None:
    with pytest.raises(DocumentProblem, match=words):
        read(inner)


@pytest.mark.parametrize(
    ("body", "media_type", "words"),
    [
        (b"<Response/>", "text/plain", "text/plain"),
        (b"<Response/>", "", "of no type"),
        (b"", "text/xml", "not XML"),
        (b"<Response>", "text/xml", "not XML"),
        (b"\xff\xfe", "text/xml", "not XML"),
        (b"<html/>", "text/xml", "<html>"),
        (b"<Response/>" + b" " * MAX_DOCUMENT_BYTES, "text/xml", "64 kB"),
    ],
)
def test_what_is_no_document(body: bytes, media_type: str, words: str) -> None:
    with pytest.raises(DocumentProblem, match=words):
        instructions(body, media_type, URL)
