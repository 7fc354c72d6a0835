"""Meta: what goes there is kept there once, and what would spoil the rest does not go."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from facebook_business.adobjects.serverside.action_source import ActionSource
from facebook_business.adobjects.serverside.custom_data import CustomData
from facebook_business.adobjects.serverside.event import Event
from facebook_business.adobjects.serverside.user_data import UserData
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import DAY
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.base import Destination
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.destinations.request import Answer, Request
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome
from tests.conversions.destinations.graph import Graph
from tests.conversions.people import CALL, FORM, NOW, ORIGIN, a_message

SETTINGS = {"dataset_id": "1234567890123", "access_token": "EAAexample"}


def dataset(**changes: str) -> Destination:
    return destination_kind("meta").open(SETTINGS | changes)


def kept(contact: Contact, **settings: str) -> dict[str, Any]:
    graph = Graph(NOW)
    (result,) = dataset(**settings).send([a_message(contact)], NOW, graph)
    assert result.outcome is Outcome.TAKEN, result
    (event,) = graph.kept.values()
    return event


def test_a_call_is_told_with_the_click_and_the_hashed_number() -> None:
    origin = replace(ORIGIN, click_ids={"fbclid": "IwAR"}, cookies={"_fbp": "fb.1.1700000000000.12"})
    event = kept(replace(CALL, origin=origin))
    assert (event["event_name"], event["action_source"], event["event_id"]) == ("Contact", "phone_call", "k" * 32)
    assert event["user_data"] == {
        "ph": [hashlib.sha256(b"12125550111").hexdigest()],
        "em": [hashlib.sha256(b"ann@example.com").hexdigest()],
        "fbc": f"fb.1.{NOW - 60_000}.IwAR",
        "fbp": "fb.1.1700000000000.12",
        "client_user_agent": "Mozilla/5.0",
    }
    assert event["custom_data"] == {"value": 123.0, "currency": "USD"}


@pytest.mark.parametrize("cookie", ["fb.1.1700000000000.IwAR", "fb.1.1700000000000.IwAR.AQYBAQIA"])
@pytest.mark.parametrize("click_ids", [{"fbclid": "IwAR"}, {}])
def test_meta_s_own_cookie_is_the_better_word_for_the_click(cookie: str, click_ids: dict[str, str]) -> None:
    origin = replace(ORIGIN, click_ids=click_ids, cookies={"_fbc": cookie})
    assert kept(replace(CALL, origin=origin))["user_data"]["fbc"] == cookie


@pytest.mark.parametrize("cookie", ["fb.1.1700000000000.Old", "fb.1.1700000000000.IwARlonger"])
def test_the_cookie_of_an_earlier_ad_is_not_the_click_of_this_one(cookie: str) -> None:
    origin = replace(ORIGIN, click_ids={"fbclid": "IwAR"}, cookies={"_fbc": cookie})
    assert kept(replace(CALL, origin=origin))["user_data"]["fbc"] == f"fb.1.{NOW - 60_000}.IwAR"


def test_a_form_is_a_lead_of_the_website() -> None:
    event = kept(FORM)
    assert (event["event_name"], event["action_source"]) == ("Lead", "website")
    assert event["event_source_url"] == "https://www.example.com/"
    assert kept(FORM, form_event="Schedule")["event_name"] == "Schedule"


@pytest.mark.parametrize("missing", [{"landing_page": None}, {"user_agent": None}])
def test_a_form_that_no_page_or_browser_is_known_of_is_not_the_website_s(missing: dict[str, None]) -> None:
    event = kept(replace(FORM, origin=replace(ORIGIN, **missing)))
    assert event["action_source"] == "system_generated"
    assert "event_source_url" not in event


@pytest.mark.parametrize("cookie", ["", "IwAR", "fb.1.17.Own", "fb.1.1700000000000.a b"])
def test_a_cookie_that_meta_could_not_read_is_left_out(cookie: str) -> None:
    origin = replace(ORIGIN, click_ids={"fbclid": "IwAR"}, cookies={"_fbc": cookie})
    assert kept(replace(CALL, origin=origin))["user_data"]["fbc"] == f"fb.1.{NOW - 60_000}.IwAR"
    assert "fbc" not in kept(replace(CALL, origin=replace(origin, click_ids={})))["user_data"]


@pytest.mark.parametrize("body", [b"<html>Log in", b"{}", b'{"events_received": 0}'])
def test_an_answer_that_counts_no_event_is_none_of_meta_s(body: bytes) -> None:
    (result,) = dataset().send([a_message()], NOW, lambda _request: Answer(200, {}, body))
    assert result.outcome is Outcome.FAILED


def test_an_event_that_meta_leaves_out_holds_up_no_other() -> None:
    def leaves_one_out(request: Request) -> Answer:
        told = json.loads(request.body)["data"]
        return Answer(200, {}, b'{"events_received": %d}' % sum(each["event_id"] != "left out" for each in told))

    messages = [replace(a_message(), conversion_id=name) for name in ("a", "left out", "c")]
    results = dataset().send(messages, NOW, leaves_one_out)
    assert [each.outcome for each in results] == [Outcome.TAKEN, Outcome.FAILED, Outcome.TAKEN]


def test_the_same_again_is_kept_once() -> None:
    graph = Graph(NOW)
    for _twice in range(2):
        dataset().send([a_message()], NOW, graph)
    assert len(graph.kept) == 1


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_one_bad_event_spoils_no_other(good: list[bool]) -> None:
    """Meta's clock is not ours: what is just too old there spoils the request, and only itself in the end."""
    graph = Graph(NOW)
    messages = [
        replace(
            a_message(replace(CALL, happened_at=NOW if is_good else NOW - 8 * DAY)), conversion_id=f"{place:032x}"
        )
        for place, is_good in enumerate(good)
    ]
    results = dataset().send(messages, NOW, graph)
    assert [each.outcome is Outcome.TAKEN for each in results] == good
    assert len(graph.kept) == sum(good)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (a_message(saying=Saying.RESTATE), "takes no changes"),
        (a_message(replace(CALL, happened_at=NOW - 7 * DAY - 1)), "more than 7 days ago"),
        (a_message(replace(CALL, phone=None, email=None)), "nothing of this person"),
    ],
)
def test_what_meta_could_not_use_is_not_sent(message: Message, words: str) -> None:
    assert words in str(dataset().objection(message, NOW))
    assert dataset().objection(a_message(), NOW) is None


@pytest.mark.parametrize(
    ("status", "error", "outcome"),
    [
        (400, {"code": 190, "message": "Expired."}, Outcome.FAILED),
        (400, {"code": 4, "message": "Too many calls."}, Outcome.FAILED),
        (400, {"code": 100, "message": "Later.", "is_transient": True}, Outcome.FAILED),
        (500, {"code": 1, "message": "Unknown."}, Outcome.FAILED),
        (400, {"code": 100, "message": "Invalid parameter."}, Outcome.REFUSED),
    ],
)
def test_only_what_is_wrong_with_the_event_is_for_good(
    status: int, error: dict[str, object], outcome: Outcome
) -> None:
    answer = Answer(status, {}, json.dumps({"error": error}).encode())
    (result,) = dataset().send([a_message()], NOW, lambda _request: answer)
    assert result.outcome is outcome
    assert str(error["message"]) in result.words


@pytest.mark.parametrize(("status", "code"), [(400, 4), (429, 0), (503, 2)])
def test_how_long_meta_asks_to_wait_is_waited(status: int, code: int) -> None:
    body = b'{"error": {"message": "Too many calls.", "code": %d}}' % code
    (result,) = dataset().send(
        [a_message(CALL)], NOW, lambda _request: Answer(status, {"retry-after": "900"}, body)
    )
    assert (result.outcome, result.retry_after_seconds) == (Outcome.FAILED, 900.0)


def test_the_test_asks_for_the_dataset() -> None:
    graph = Graph(NOW)
    assert dataset().test(NOW, graph).outcome is Outcome.TAKEN
    assert dataset(access_token="old").test(NOW, graph).outcome is Outcome.FAILED
    assert "do not exist" in dataset(dataset_id="5").test(NOW, graph).words
    assert graph.kept == {}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"dataset_id": "x"}, "is a number"),
        ({"access_token": ""}, "Fill in Access token"),
        ({"call_event": "Call!"}, "cannot be an event's name"),
    ],
)
def test_settings_that_cannot_be(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        dataset(**wrong)


def test_the_token_is_marked_and_not_shown() -> None:
    (request,) = dataset().preview([a_message()], NOW)
    assert request.secrets == ("EAAexample",)
    assert "EAAexample" not in repr(dataset())


@pytest.mark.parametrize("contact", [CALL, FORM])
def test_meta_s_own_package_writes_the_same_event(contact: Contact) -> None:
    origin = replace(ORIGIN, cookies={"_fbc": "fb.1.1700000000000.Own", "_fbp": "fb.1.1700000000000.12"})
    event = kept(replace(contact, email=" Ann@Example.com", origin=origin))
    person = UserData(
        phone="+1 (212) 555-0111",
        email=" Ann@Example.com",
        fbc="fb.1.1700000000000.Own",
        fbp="fb.1.1700000000000.12",
        client_user_agent="Mozilla/5.0",
    )
    official = Event(
        event_name=event["event_name"],
        event_time=NOW // 1000,
        event_id="k" * 32,
        action_source=ActionSource(event["action_source"]),
        event_source_url=event.get("event_source_url"),
        user_data=person,
        custom_data=CustomData(value=123.0, currency="USD"),
    ).normalize()
    worth = official.pop("custom_data")
    assert {name: value for name, value in event.items() if name != "custom_data"} == official
    assert (worth["value"], worth["currency"].upper()) == (123.0, event["custom_data"]["currency"])
