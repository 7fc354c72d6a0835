"""Text messages at each carrier: sent as its document says, refused in its words, heard as they come.

Which fields a message may have: https://developers.telnyx.com/api-reference/messages/send-a-message,
https://www.plivo.com/docs/messaging/api/message/send-a-message, https://developer.vonage.com/en/api/messages,
https://dev.bandwidth.com/apis/messaging, https://developer.signalwire.com/compatibility-api/rest; of Bandwidth and
Plivo the official packages check both directions. Twilio's account has tests of its own (twilio/test_account.py).
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import plivo
import pytest
from bandwidth.models import InboundCallback, MessageRequest
from plivo.utils import validate_signature

from swapboard.carriers.bandwidth.adapter import BandwidthKind
from swapboard.carriers.base import (
    BadCarrierRequest,
    CarrierError,
    CarrierRequest,
    Door,
    Text,
    TextCarrier,
    TextStopped,
)
from swapboard.carriers.installed import carrier_kind, installed
from swapboard.carriers.lines.adapter import LinesKind
from swapboard.carriers.plivo.adapter import PlivoKind
from swapboard.carriers.sandbox.adapter import SandboxKind
from swapboard.carriers.signalwire.account import Account as SignalWireAccount
from swapboard.carriers.telnyx.account import Account as TelnyxAccount
from swapboard.carriers.twilio.adapter import TwilioKind
from swapboard.carriers.vonage.adapter import VonageKind
from tests.carriers.bandwidth.network import CREDENTIALS as BANDWIDTH
from tests.carriers.rest_stand_in import Answer, Asked, StandIn, stand_in
from tests.carriers.vonage.network import CREDENTIALS as VONAGE
from tests.twilio_stand_in import SID, TOKEN

OURS, THEIRS = "+12025550120", "+12125550111"
TEXT = Text(OURS, THEIRS, "Sorry that we missed your call.")
URL = "https://calls.example.com/carriers/c1/message"
NOON = 1_795_521_600_000
AUTH_ID = "MAAAAAAAAAAAAAAAAAAA"


@dataclass
class Messages:
    """A carrier's message API: takes what is documented, refuses the rest."""

    path: str
    fields: set[str]
    """Every field that a message may have."""
    needed: dict[str, object]
    """What it must have, and be."""
    answer_with: tuple[int, object]
    sent: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        if (asked.method, asked.path) != ("POST", self.path):
            return 404, {}
        is_json = asked.headers["content-type"].startswith("application/json")
        body = asked.json if is_json else dict(parse_qsl(asked.body.decode()))
        if set(body) - self.fields or any(body.get(name) != value for name, value in self.needed.items()):
            return 400, {"errors": [], "error": f"not so: {body}"}
        self.sent.append(body)
        return self.answer_with


@dataclass(frozen=True)
class Case:
    messages: Callable[[], Messages]
    open: Callable[[str], Any]
    ref: str


CASES = {
    "telnyx": Case(
        lambda: Messages(
            "/v2/messages",
            {"from", "to", "text", "messaging_profile_id", "subject", "media_urls", "webhook_url", "type"},
            {"from": OURS, "to": THEIRS, "text": TEXT.body},
            (200, {"data": {"record_type": "message", "id": "40385f64", "direction": "outbound"}}),
        ),
        lambda url: TelnyxAccount("a", "1", "KEY", f"{url}/v2/"),
        "40385f64",
    ),
    "signalwire": Case(
        lambda: Messages(
            f"/api/laml/2010-04-01/Accounts/{SID}/Messages.json",
            {"From", "To", "Body", "MediaUrl", "StatusCallback", "ValidityPeriod"},
            {"From": OURS, "To": THEIRS, "Body": TEXT.body},
            (201, {"sid": "b2b2", "status": "queued"}),
        ),
        lambda url: SignalWireAccount(SID, TOKEN, url),
        "b2b2",
    ),
    "plivo": Case(
        lambda: Messages(
            f"/v1/Account/{AUTH_ID}/Message/",
            {"src", "dst", "text", "type", "url", "method", "log", "trackable", "media_urls", "powerpack_uuid"},
            {"src": "12025550120", "dst": "12125550111", "text": TEXT.body},
            (202, {"message": "message(s) queued", "message_uuid": ["db3c"], "api_id": "x"}),
        ),
        lambda url: PlivoKind(url).open({"auth_id": AUTH_ID, "auth_token": TOKEN}),
        "db3c",
    ),
    "vonage": Case(
        lambda: Messages(
            "/v1/messages",
            {"message_type", "channel", "from", "to", "text", "client_ref", "webhook_url", "ttl"},
            {"message_type": "text", "channel": "sms", "from": "12025550120", "to": "12125550111"},
            (202, {"message_uuid": "aaaa-bbbb"}),
        ),
        lambda url: VonageKind(url, url).open(VONAGE),
        "aaaa-bbbb",
    ),
    "bandwidth": Case(
        lambda: Messages(
            f"/api/v2/users/{BANDWIDTH['account_id']}/messages",
            {"applicationId", "to", "from", "text", "media", "tag", "priority", "expiration"},
            {"applicationId": "93de", "to": [THEIRS], "from": OURS, "text": TEXT.body},
            (202, {"id": "1589228074636lm4k2je7j7jklbn2", "direction": "out"}),
        ),
        lambda url: BandwidthKind(url, url, url).open(BANDWIDTH | {"messaging_application_id": "93de"}),
        "1589228074636lm4k2je7j7jklbn2",
    ),
}


@contextmanager
def network(name: str) -> Iterator[tuple[Any, Messages, StandIn]]:
    messages = CASES[name].messages()
    with stand_in(messages.answer) as made:
        yield CASES[name].open(made.url), messages, made


@pytest.mark.parametrize("name", CASES)
def test_it_is_sent_as_the_carriers_document_says(name: str) -> None:
    with network(name) as (account, messages, _made):
        assert account.send_text(TEXT) == CASES[name].ref
        assert len(messages.sent) == 1


@pytest.mark.parametrize("name", CASES)
def test_it_is_sent_once_whatever_the_answer(name: str) -> None:
    for way, is_undone in (("429", True), ("503", True), ("500", False), ("after-500", False), ("drop", False)):
        with network(name) as (account, messages, made):
            made.fail("POST", way)
            with pytest.raises(CarrierError) as failed:
                account.send_text(TEXT)
            assert failed.value.is_undone == is_undone, way
            assert len(messages.sent) == (way == "after-500")
            assert sum(made.names.values()) == 1, "asked once"


def test_nothing_was_done_where_nobody_listens() -> None:
    with stand_in(lambda _asked: (200, {})) as made:
        url = made.url
    with pytest.raises(CarrierError) as failed:
        CASES["plivo"].open(url).send_text(TEXT)
    assert failed.value.is_undone


def test_telnyx_says_that_the_recipient_wrote_stop() -> None:
    told = {"errors": [{"code": "40300", "title": "Blocked due to STOP message", "detail": "They opted out."}]}
    with stand_in(lambda _asked: (403, told)) as made, pytest.raises(TextStopped, match="They opted out"):
        CASES["telnyx"].open(made.url).send_text(TEXT)


def test_bandwidth_needs_a_messaging_application() -> None:
    with pytest.raises(CarrierError, match="give its ID"):
        BandwidthKind().open(BANDWIDTH).send_text(TEXT)


def test_the_official_packages_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with network("plivo") as (_account, messages, made):
        for name in ("PLIVO_API_BASE_URI", "API_VOICE_BASE_URI"):
            monkeypatch.setattr(f"plivo.rest.client.{name}", f"{made.url}/v1/Account")
        client = plivo.RestClient(AUTH_ID, TOKEN)
        assert client.messages.create(src=OURS[1:], dst=THEIRS[1:], text=TEXT.body).message_uuid == ["db3c"]
        assert messages.sent[0]["src"] == OURS[1:]
    with network("bandwidth") as (account, messages, _made):
        account.send_text(TEXT)
        assert MessageRequest.from_dict(messages.sent[0]).to == [THEIRS]


# What comes in.


def request(body: bytes, media_type: str, **headers: str) -> CarrierRequest:
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return CarrierRequest(Door.MESSAGE, "POST", URL, {"content-type": media_type, **named}, body, NOON)


def form(**told: str) -> CarrierRequest:
    return request(urlencode(told).encode(), "application/x-www-form-urlencoded")


def document(told: object) -> CarrierRequest:
    return request(json.dumps(told).encode(), "application/json")


TELNYX = {
    "data": {
        "event_type": "message.received",
        "payload": {
            "id": "7ee4241c",
            "from": {"phone_number": THEIRS, "line_type": "Wireless"},
            "to": [{"phone_number": OURS, "status": "delivered"}],
            "text": "STOP",
        },
    }
}
BANDWIDTH_TOLD = [
    {
        "type": "message-received",
        "time": "2026-11-24T12:00:00.000Z",
        "description": "Incoming message received",
        "to": OURS,
        "message": {
            "id": "14762070468292kw2fuqty55yp2b2",
            "time": "2026-11-24T12:00:00.000Z",
            "to": [OURS],
            "from": THEIRS,
            "text": "STOP",
            "applicationId": "93de",
            "media": [],
            "owner": OURS,
            "direction": "in",
            "segmentCount": 1,
        },
    }
]
VONAGE_TOLD = {
    "channel": "sms",
    "message_uuid": "aaaaaaaa-bbbb",
    "to": OURS[1:],
    "from": THEIRS[1:],
    "timestamp": "2026-11-24T12:00:00Z",
    "text": "STOP",
    "message_type": "text",
    "sms": {"num_messages": "1", "keyword": "STOP"},
}


def opened(name: str) -> Any:
    if name in {"telnyx", "signalwire"}:
        credentials = {
            "telnyx": {"api_key": "K", "public_key": base64.b64encode(bytes(32)).decode(), "application_id": "1"},
            "signalwire": {"space_url": "example", "project_id": "p", "api_token": "t", "signing_key": "PSK"},
        }[name]
        return carrier_kind(name).open(credentials | {"account_sid": "a"})
    if name == "twilio":
        return TwilioKind().open({"account_sid": SID, "auth_token": TOKEN})
    return CASES[name].open("http://127.0.0.1:1")


HEARD = {
    "twilio": form(MessageSid="SM7", From=THEIRS, To=OURS, Body="STOP", NumMedia="0"),
    "signalwire": form(MessageSid="7ee4241c-f127", From=THEIRS, To=OURS, Body="STOP"),
    "telnyx": document(TELNYX),
    "plivo": form(From=THEIRS[1:], To=OURS[1:], Text="STOP", Type="sms", MessageUUID="db3c"),
    "vonage": document(VONAGE_TOLD),
    "bandwidth": document(BANDWIDTH_TOLD),
}


@pytest.mark.parametrize("name", HEARD)
def test_what_comes_in_is_heard(name: str) -> None:
    [text] = opened(name).texts(HEARD[name])
    assert (text.sender, text.recipient, text.body) == (THEIRS, OURS, "STOP")
    assert text.ref


@pytest.mark.parametrize("name", HEARD)
@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[", b"[]", b"{}", b"null", b'[{"type": 3}]', b"a=b", b'{"data": 1}']
)
def test_rubbish_is_told_from_a_text(name: str, body: bytes) -> None:
    for media_type in ("application/json", "application/x-www-form-urlencoded"):
        with suppress(BadCarrierRequest):
            assert list(opened(name).texts(request(body, media_type))) == []


def test_news_of_our_own_messages_is_no_text() -> None:
    assert opened("telnyx").texts(document({"data": {"event_type": "message.finalized", "payload": {}}})) == ()
    assert opened("bandwidth").texts(document([{"type": "message-delivered", "message": {}}])) == []
    assert opened("vonage").texts(document(VONAGE_TOLD | {"channel": "whatsapp"})) == ()


def test_bandwidths_own_model_reads_the_example() -> None:
    assert InboundCallback.from_dict(BANDWIDTH_TOLD[0]).message.text == "STOP"


def test_plivo_signs_messages_in_version_2() -> None:
    carrier, nonce = opened("plivo"), "12345"
    made = hmac.new(TOKEN.encode(), f"{URL}{nonce}".encode(), hashlib.sha256)
    signature = base64.b64encode(made.digest()).decode()
    assert validate_signature(URL, nonce, signature, TOKEN), "as the official package does"
    named = {"x_plivo_signature_v2": signature, "x_plivo_signature_v2_nonce": nonce}
    told = request(HEARD["plivo"].body, "application/x-www-form-urlencoded", **named)
    assert carrier.verify(told)
    for name, value in (("x_plivo_signature_v2", "x" + signature[1:]), ("x_plivo_signature_v2_nonce", "54321")):
        assert not carrier.verify(request(told.body, "application/x-www-form-urlencoded", **named | {name: value}))
    at_voice = CarrierRequest(Door.VOICE, "POST", URL, told.headers, told.body, NOON)
    assert not carrier.verify(at_voice), "a call's request is signed in version 3, its body with it"


def test_every_carrier_but_lines_of_ones_own_sends_texts() -> None:
    assert set(installed()) - set(HEARD) == {"asterisk", "lines", "sandbox"}
    assert isinstance(SandboxKind().open({"account_sid": "AC1", "auth_token": "s"}), TextCarrier)
    assert all(isinstance(opened(name), TextCarrier) for name in HEARD)
    assert not issubclass(LinesKind, TextCarrier)
