"""Google Analytics: what goes there is kept there, and what would be lost there does not go."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import HOUR
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.base import Destination
from swapboard.conversions.destinations.google_analytics.cookies import client_id, session_id
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.destinations.request import Answer, Request
from swapboard.conversions.message import Saying
from swapboard.conversions.outbox import Outcome
from swapboard.demo.stand_ins.analytics import Analytics
from tests.conversions.people import CALL, COOKIES, FORM, NOW, ORIGIN, a_message, from_visit

ID = "G-AB12CD34EF"
SETTINGS = {"measurement_id": ID, "api_secret": "the-secret"}


def stream(**changes: str) -> Destination:
    return destination_kind("google_analytics").open(SETTINGS | changes)


def kept(contact: Contact = CALL, **settings: str) -> dict[str, object]:
    """What Analytics keeps of a contact."""
    analytics = Analytics(ID, "the-secret", lambda: NOW)
    (result,) = stream(**settings).send([a_message(contact)], NOW, analytics)
    assert result.outcome is Outcome.TAKEN
    (found,) = analytics.kept
    return found


def test_a_call_joins_the_visitor_s_session() -> None:
    assert kept() == {
        "client_id": "1234567890.1700000000",
        "timestamp_micros": NOW * 1000,
        "events": [
            {
                "name": "phone_call",
                "params": {
                    "transaction_id": "k" * 32,
                    "engagement_time_msec": 1,
                    "session_id": "1760000000",
                    "value": 123.0,
                    "currency": "USD",
                    "lead_source": "google",
                    "call_status": "answered",
                    "talk_seconds": "63",
                },
            }
        ],
    }


def test_names_are_the_company_s() -> None:
    assert kept(FORM)["events"][0]["name"] == "generate_lead"  # type: ignore[index]
    assert kept(FORM, form_event="quote")["events"][0]["name"] == "quote"  # type: ignore[index]


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_a_visit_says_of_itself_is_kept(source: str, medium: str) -> None:
    kept(replace(CALL, origin=replace(ORIGIN, source=source, medium=medium)))


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        ("GS1.1.1760000000.5.1.1760000100.0.0.0", "1760000000"),
        ("GS2.1.s1760000000$o5$g1$t1760000100$j60$l0$h0", "1760000000"),
        ("GS2.1.o5$t1760000100$s1760000000", "1760000000"),
        ("GS2.1.o5$t1760000100", None),
        ("GS2.1.s$o5", None),
        ("GS3.1.s1760000000", None),
        ("", None),
    ],
)
def test_both_forms_of_the_session_s_cookie(cookie: str, expected: str | None) -> None:
    assert session_id({"_ga_AB12CD34EF": cookie}, ID) == expected


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        ("GA1.1.1234567890.1700000000", "1234567890.1700000000"),
        ("GA1.2-2.1234567890.1700000000", "1234567890.1700000000"),
        ("GA1.1.1234567890", None),
        ("1234567890.1700000000", None),
        ("GA1.1.one.two", None),
        ("", None),
    ],
)
def test_the_visitor_s_cookie(cookie: str, expected: str | None) -> None:
    assert client_id({"_ga": cookie}) == expected


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (a_message(saying=Saying.RETRACT), "takes no changes"),
        (a_message(saying=Saying.RESTATE), "takes no changes"),
        (a_message(from_visit({})), "no Google Analytics cookie"),
        (a_message(replace(CALL, happened_at=NOW - 72 * HOUR - 1)), "72 hours"),
    ],
)
def test_what_analytics_would_lose_is_not_sent(message: object, words: str) -> None:
    assert words in str(stream().objection(message, NOW))  # type: ignore[arg-type]
    assert stream().objection(a_message(replace(CALL, happened_at=NOW - 72 * HOUR)), NOW) is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"measurement_id": ""}, "Fill in Measurement ID"),
        ({"measurement_id": "UA-1234-1"}, "looks like G-"),
        ({"api_secret": " "}, "Fill in API secret"),
        ({"call_event": "phone call"}, "cannot be an event's name"),
        ({"call_event": "ga_call"}, "cannot be an event's name"),
        ({"call_event": "session_start"}, "Google's own events"),
        ({"form_event": "x" * 41}, "cannot be an event's name"),
    ],
)
def test_settings_that_cannot_be(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        stream(**wrong)


def test_the_test_leaves_nothing_there() -> None:
    analytics = Analytics(ID, "the-secret", lambda: NOW)
    assert stream().test(NOW, analytics).outcome is Outcome.TAKEN
    assert analytics.kept == []
    asked: list[Request] = []

    def answer(request: Request) -> Answer:
        asked.append(request)
        return Answer(500, {}, b"")

    stream(call_event="rang", form_event="wrote").test(NOW, answer)
    assert [name in asked[0].body for name in (b'"rang"', b'"wrote"')] == [True, True], "both are looked at"
    told = b'{"validationMessages": [{"description": "Bad.", "validationCode": "VALUE_INVALID"}]}'
    refused = stream().test(NOW, lambda _request: Answer(200, {}, told))
    assert (refused.outcome, refused.words) == (Outcome.REFUSED, "Bad.")
    assert stream().test(NOW, lambda _request: Answer(200, {}, b"<html>")).outcome is Outcome.FAILED
    assert stream().test(NOW, lambda _request: Answer(500, {}, b"")).outcome is Outcome.FAILED


def test_the_secret_is_marked_and_not_shown() -> None:
    (request,) = stream().preview([a_message()], NOW)
    assert request.secrets == ("the-secret",)
    assert "the-secret" in request.url
    assert "the-secret" not in repr(stream())


def test_an_address_in_europe() -> None:
    (request,) = stream(url="https://region1.google-analytics.com/").preview([a_message()], NOW)
    assert request.url.startswith("https://region1.google-analytics.com/mp/collect?measurement_id=G-AB12CD34EF&")
    assert COOKIES["_ga"].endswith("1700000000")
