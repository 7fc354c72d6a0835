"""Webhooks as their receivers see them: checked by the official library of Standard Webhooks."""

import base64
import json
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook as Receiver
from standardwebhooks import WebhookVerificationError

from swapboard.clock import SECOND, Millis
from swapboard.conversions.destinations.base import Answer, Request, destination_kind
from swapboard.conversions.message import Saying
from swapboard.conversions.outbox import Outcome
from tests.conversions.people import a_message

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
OLD_SECRET = "whsec_" + base64.b64encode(b"o" * 32).decode()
SETTINGS = {"url": "https://crm.example.com/hook", "secret": SECRET}


def now() -> Millis:
    """The official library refuses a message that is not of about now by this machine's clock."""
    return round(datetime.now(UTC).timestamp()) * SECOND


def sent(**changes: str) -> Request:
    destination = destination_kind("webhook").open(SETTINGS | changes)
    (request,) = destination.preview([a_message()], now())
    return request


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
        ({"secret": ""}, "Fill in Signing secret."),
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


def test_secrets_are_not_shown() -> None:
    assert "ssss" not in repr(destination_kind("webhook").open(SETTINGS))
