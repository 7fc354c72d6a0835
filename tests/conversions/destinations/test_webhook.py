"""Webhooks as their receivers see them: checked by the official library of Standard Webhooks."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook as Receiver
from standardwebhooks import WebhookVerificationError

from swapboard.clock import MINUTE, SECOND, Millis
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.destinations.request import Answer, Request
from swapboard.conversions.destinations.webhook import callrail
from swapboard.conversions.destinations.webhook.kind import OLD_IS_GOOD_FOR, WebhookKind
from swapboard.conversions.destinations.webhook.signature import PRIVATE_PREFIX, key_of, private_key_of, public_of
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome
from tests.conversions.people import FORM, MISSED, a_message

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
CALLRAIL_KEYS = frozenset(
    """answered business_phone_number call_type company_id company_name company_time_zone created_at customer_city
    customer_country customer_name customer_phone_number customer_state direction duration first_call
    formatted_duration id lead_status note recording recording_duration source_name start_time tags
    tracking_phone_number value voicemail keywords medium referring_url landing_page_url referrer_domain
    utm_source utm_medium utm_term utm_content utm_campaign ga gclid callernum trackingnum destinationnum
    callsource datetime landingpage referrer timestamp""".split()  # noqa: SIM905
)
"""Of CallRail's published sample what we can know."""
OLD_SECRET = "whsec_" + base64.b64encode(b"o" * 32).decode()
SETTINGS = {"url": "https://crm.example.com/hook", "secret": SECRET}


def now() -> Millis:
    """The official library refuses a message that is not of about now by this machine's clock."""
    return round(datetime.now(UTC).timestamp()) * SECOND


def sent(message: Message | None = None, **changes: str) -> Request:
    destination = destination_kind("webhook").open(SETTINGS | changes)
    (request,) = destination.preview([message or a_message()], now())
    return request


def is_signed_by(public_key: str, request: Request) -> bool:
    """Checked as the specification says, by cryptography's Ed25519: the official library knows only HMAC."""
    headers = request.headers
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + request.body
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key.removeprefix("whpk_")))
    for each in headers["webhook-signature"].split(" "):
        version, _comma, signature = each.partition(",")
        try:
            if version == "v1a":
                key.verify(base64.b64decode(signature), content)
                return True
        except InvalidSignature:
            continue
    return False


def test_the_receiver_s_library_accepts_it() -> None:
    request = sent()
    told = Receiver(SECRET).verify(request.body, dict(request.headers))
    assert told == json.loads(request.body)
    assert (told["type"], told["data"]["value"], told["data"]["currency"]) == ("conversion.made", "123.00", "USD")
    assert told["data"]["attribution"]["click_ids"] == {"gclid": "Cj0example"}
    assert request.headers["webhook-id"] == "d" * 32


def test_while_a_secret_is_replaced_both_are_good() -> None:
    request = sent(old_secret=OLD_SECRET)
    for secret in (SECRET, OLD_SECRET):
        Receiver(secret).verify(request.body, dict(request.headers))


def test_another_secret_and_another_body_are_not() -> None:
    request = sent()
    with pytest.raises(WebhookVerificationError):
        Receiver(OLD_SECRET).verify(request.body, dict(request.headers))
    with pytest.raises(WebhookVerificationError):
        Receiver(SECRET).verify(request.body.replace(b"123.00", b"999.00"), dict(request.headers))


@pytest.mark.parametrize(
    ("saying", "name"),
    [(Saying.RESTATE, "conversion.changed"), (Saying.RETRACT, "conversion.retracted")],
)
def test_changes_are_told(saying: Saying, name: str) -> None:
    destination = destination_kind("webhook").open(SETTINGS)
    (request,) = destination.preview([a_message(saying=saying)], now())
    assert json.loads(request.body)["type"] == name


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.TAKEN),
        (204, Outcome.TAKEN),
        (302, Outcome.FAILED),
        (400, Outcome.FAILED),
        (404, Outcome.FAILED),
        (410, Outcome.REFUSED),
        (429, Outcome.FAILED),
        (503, Outcome.FAILED),
    ],
)
def test_only_a_good_answer_takes_it_and_only_gone_refuses(status: int, outcome: Outcome) -> None:
    destination = destination_kind("webhook").open(SETTINGS)
    answer = Answer(status, {"retry-after": "17"}, b"so it is")
    (result,) = destination.send([a_message()], now(), lambda _request: answer)
    assert result.outcome is outcome
    assert f"HTTP {status}: so it is" == result.words


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"url": ""}, "Fill in Address."),
        ({"url": "ftp://crm.example.com"}, "must begin with https://"),
        ({"url": "https://user:word@crm.example.com"}, "hold no password"),
        ({"url": "https://"}, "must begin with https://"),
        ({"secret": ""}, "nothing to sign with"),
        ({"signing": "RSA"}, "Signature is one of"),
        ({"signing": "Ed25519"}, "nothing to sign with"),
        ({"private_key": "whsk_not base64!"}, "whsk_ and base64"),
        ({"private_key": "whsk_c2hvcnQ="}, "32 or 64 bytes"),
        ({"old_until": "soon"}, "as 2026-12-01T12:00:00Z"),
        ({"secret": "whsec_not base64!"}, "whsec_ and base64"),
        ({"secret": "whsec_c2hvcnQ="}, "24 to 64 bytes"),
    ],
)
def test_settings_that_cannot_be(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        destination_kind("webhook").open(SETTINGS | wrong)


def test_the_test_is_signed_too() -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Answer:
        asked.append(request)
        return Answer(204, {}, b"")

    assert destination_kind("webhook").open(SETTINGS).test(now(), answer).outcome is Outcome.TAKEN
    assert Receiver(SECRET).verify(asked[0].body, dict(asked[0].headers))["type"] == "ping"


def test_ed25519_is_signed_with_a_key_that_is_made_and_replaced() -> None:
    kind = WebhookKind()
    made = {"url": SETTINGS["url"], "signing": "Ed25519"}
    made |= kind.made(made)
    assert "secret" not in made, "nothing is made that is not asked for"
    (request,) = kind.open(made).preview([a_message()], now())
    assert is_signed_by(made["public_key"], request)
    assert not is_signed_by(made["public_key"], replace(request, body=request.body + b" "))
    with pytest.raises(WebhookVerificationError):
        Receiver(SECRET).verify(request.body, dict(request.headers))

    new = kind.replaced(made, now())
    assert new["public_key"] != made["public_key"]
    (request,) = kind.open(new).preview([a_message()], now())
    assert is_signed_by(new["public_key"], request)
    assert is_signed_by(made["public_key"], request), "the old one signs as well, for a time"
    (request,) = kind.open(new).preview([a_message()], now() + OLD_IS_GOOD_FOR)
    assert is_signed_by(new["public_key"], request)
    assert not is_signed_by(made["public_key"], request)


@pytest.mark.parametrize("read", [key_of, private_key_of])
@pytest.mark.parametrize("secret", ["\u2603", "whsec_?", "whsk_?"])
def test_what_is_no_secret_is_told_in_words(read: Callable[[str], object], secret: str) -> None:
    with pytest.raises(ValueError, match="leave it empty to have one made"):
        read(secret)


def test_the_longer_form_of_a_private_key_is_the_same_key() -> None:
    seed = b"k" * 32
    short, long = (PRIVATE_PREFIX + base64.b64encode(key).decode() for key in (seed, seed + b"p" * 32))
    assert public_of(short) == public_of(long)


def test_a_secret_is_replaced_and_the_old_one_ends() -> None:
    kind = WebhookKind()
    new = kind.replaced(SETTINGS, now())
    (request,) = kind.open(new).preview([a_message()], now())
    for secret in (SECRET, new["secret"]):
        Receiver(secret).verify(request.body, dict(request.headers))
    ended = replace(kind.open(new), old_until=now() - 1)
    (request,) = ended.preview([a_message()], now())
    Receiver(new["secret"]).verify(request.body, dict(request.headers))
    with pytest.raises(WebhookVerificationError):
        Receiver(SECRET).verify(request.body, dict(request.headers))


def test_an_old_message_sent_again_later_is_refused_by_its_timestamp() -> None:
    destination = destination_kind("webhook").open(SETTINGS)
    (request,) = destination.preview([a_message()], now() - 10 * MINUTE)
    with pytest.raises(WebhookVerificationError, match="too old"):
        Receiver(SECRET).verify(request.body, dict(request.headers))


@pytest.mark.parametrize("event", Event)
def test_each_event_bears_its_name_and_says_all_of_the_call(event: Event) -> None:
    message = replace(a_message(saying=event), details={"recording_id": "r" * 32})
    told = json.loads(sent(message).body)
    assert told["type"] == event
    assert (told["data"]["id"], told["data"]["recording_id"]) == ("c" * 32, "r" * 32)
    assert "conversion_id" not in told["data"]
    assert told["data"]["call"]["tracking_number"] == "+12025550120"
    assert told["data"]["link"].startswith("https://calls.example.com/calls/")


def test_callrail_s_signature_is_that_of_its_documentation_s_scheme() -> None:
    """base64(HMAC-SHA1(key, body)) of a known pair, worked out with OpenSSL:
    printf '{"answered":true}' | openssl dgst -sha1 -hmac 072e77e426f92738a72fe23c4d1953b4 -binary | base64
    """
    made = callrail.signature("072e77e426f92738a72fe23c4d1953b4", b'{"answered":true}')
    assert made == "sNHLcnGr8ePlPfZ+yP7e14GwOoQ="


def test_callrail_s_shape_for_programs_that_read_it() -> None:
    request = sent(shape="CallRail", callrail_key="old-key")
    told = json.loads(request.body)
    assert request.headers["Signature"] == callrail.signature("old-key", request.body)
    Receiver(SECRET).verify(request.body, dict(request.headers))
    assert set(told) >= CALLRAIL_KEYS
    assert (told["answered"], told["duration"], told["call_type"]) == (True, "63", "answered")
    assert told["customer_phone_number"] == told["callernum"] == "+12125550111"
    assert told["formatted_tracking_phone_number"] == "202-555-0120"
    assert (told["customer_city"], told["customer_state"], told["customer_country"]) == ("New York", "NY", "US")
    assert told["start_time"] == "2026-11-18T06:06:40.000-05:00"
    assert (told["gclid"], told["campaign"], told["keywords"]) == ("Cj0example", "spring", "emergency plumber")
    assert "changes" not in told
    missed = json.loads(sent(a_message(MISSED), shape="CallRail", callrail_key="k").body)
    assert (missed["answered"], missed["call_type"], missed["customer_name"]) == (False, "missed", "")
    changed = json.loads(sent(a_message(saying=Event.CHANGED), shape="CallRail", callrail_key="k").body)
    assert changed["changes"] == ["tags", "value", "lead_status"]


def test_callrail_s_shape_tells_of_no_forms() -> None:
    settings = SETTINGS | {"shape": "CallRail"}
    destination = destination_kind("webhook").open(settings | WebhookKind().made(settings))
    assert "calls only" in str(destination.objection(a_message(FORM), now()))
    assert destination.objection(a_message(), now()) is None


def test_secrets_are_not_shown() -> None:
    assert "ssss" not in repr(destination_kind("webhook").open(SETTINGS))
