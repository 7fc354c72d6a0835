"""Microsoft Advertising: what goes there is kept once, changes find it again, one refusal spoils no other."""

import csv
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.access.provider import PROVIDERS
from swapboard.clock import DAY, HOUR
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.base import Destination, SignsIn
from swapboard.conversions.destinations.feed import Feed, standing_of
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.destinations.microsoft_ads.answers import fault_of
from swapboard.conversions.destinations.request import Answer
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome
from tests.conversions.destinations.bing import Bing
from tests.conversions.people import NOW, ORIGIN, a_message, from_visit

SETTINGS = {
    "customer_id": "111",
    "account_id": "222",
    "goal": "Phone call",
    "developer_token": "DEV",
    "client_id": "app",
    "client_secret": "hush",
    "refresh_token": "M.refresh",
}
CLICKED = from_visit(msclkid="f894f652ea334e739002f7167ab8f8e3")
LATER = NOW + DAY


def account(**changes: str) -> Destination:
    return destination_kind("microsoft_ads").open(SETTINGS | changes)


def at(contact: Contact, hours_before: int) -> Contact:
    return replace(contact, happened_at=NOW - hours_before * HOUR)


def test_a_call_is_kept_once_with_its_worth() -> None:
    bing = Bing(LATER)
    for _twice in range(2):
        (result,) = account().send([a_message(CLICKED)], LATER, bing)
        assert result.outcome is Outcome.TAKEN, result
    assert bing.kept == {("f894f652ea334e739002f7167ab8f8e3", "Phone call", "2026-11-18T11:06:40.000Z"): 123.0}


def test_changes_find_what_was_told_and_go_with_it() -> None:
    bing = Bing(LATER)
    kept, gone = a_message(CLICKED), a_message(at(CLICKED, 2))
    told = [
        replace(gone, saying=Saying.RETRACT, said_at=LATER),
        kept,
        gone,
        replace(kept, saying=Saying.RESTATE, value_cents=9_900, said_at=LATER),
    ]
    results = account().send(told, LATER, bing)
    assert [each.outcome for each in results] == [Outcome.TAKEN] * 4
    assert bing.requests == [("OfflineConversions", 2), ("OfflineConversionAdjustments", 2)]
    assert list(bing.kept.values()) == [99.0]


def test_people_without_a_click_are_told_hashed_if_asked_for() -> None:
    bing = Bing(LATER)
    nobody = from_visit()
    assert "no Microsoft click" in str(account().objection(a_message(nobody), NOW))
    known = account(people="yes")
    assert known.objection(a_message(nobody), NOW) is None
    (result,) = known.send([a_message(nobody, value_cents=None)], LATER, bing)
    assert result.outcome is Outcome.TAKEN
    ((found_by, _goal, _when),) = bing.kept
    assert re.fullmatch("[0-9a-f]{64}", found_by)


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_one_that_is_refused_spoils_no_other(good: list[bool]) -> None:
    bing = Bing(LATER, unknown_clicks={"stranger"})
    messages = [
        a_message(at(CLICKED if is_good else from_visit(msclkid="stranger"), place))
        for place, is_good in enumerate(good)
    ]
    results = account().send(messages, LATER, bing)
    assert [each.outcome is Outcome.TAKEN for each in results] == good
    assert len(bing.kept) == sum(good)
    assert all("MicrosoftClickIdInvalid" in each.words for each in results if each.outcome is Outcome.REFUSED)


@pytest.mark.parametrize(
    ("fault", "outcome", "wait"),
    [
        ((429, 117, "CallRateExceeded"), Outcome.FAILED, 60.0),
        ((401, 109, "AuthenticationTokenExpired"), Outcome.FAILED, None),
        ((403, 106, "UserIsNotAuthorized"), Outcome.FAILED, None),
        ((500, 0, "InternalError"), Outcome.FAILED, None),
        ((400, 100, "NullRequest"), Outcome.REFUSED, None),
    ],
)
def test_only_what_is_wrong_with_the_request_is_for_good(
    fault: tuple[int, int, str], outcome: Outcome, wait: float | None
) -> None:
    (result,) = account().send([a_message(CLICKED)], LATER, Bing(LATER, fault=fault))
    assert (result.outcome, result.retry_after_seconds) == (outcome, wait)
    assert fault[2] in result.words


@pytest.mark.parametrize(("status", "code"), [(503, 0), (429, 117), (503, 9)])
def test_how_long_microsoft_asks_to_wait_is_waited(status: int, code: int) -> None:
    body = json.dumps({"Errors": [{"Code": code, "ErrorCode": "Busy"}]}).encode()
    result = fault_of(Answer(status, {"retry-after": "900"}, body))
    assert (result.outcome, result.retry_after_seconds) == (Outcome.FAILED, 900.0)


def test_an_answer_that_cannot_be_read_is_no_success() -> None:
    def post(request: object) -> Answer:
        return (
            Answer(200, {}, b'{"access_token": "x"}') if "/token" in str(request) else Answer(200, {}, b"<html>")
        )

    (result,) = account().send([a_message(CLICKED)], LATER, post)
    assert result.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("contact", "words"),
    [
        (from_visit(msclkid="=1+1"), "none that Microsoft makes"),
        (replace(CLICKED, happened_at=NOW - 91 * DAY), "more than 90 days ago"),
        (
            replace(CLICKED, origin=replace(CLICKED.origin, started_at=NOW - 91 * DAY)),
            "click was more than 90 days",
        ),
    ],
)
def test_what_microsoft_could_not_use_is_not_sent(contact: Contact, words: str) -> None:
    for kind in (account(), destination_kind("microsoft_ads_feed").open({"goal": "Phone call"})):
        assert words in str(kind.objection(a_message(contact), NOW))
        assert kind.objection(a_message(CLICKED), NOW) is None
        assert kind.not_before(a_message(CLICKED)) == ORIGIN.started_at + HOUR  # type: ignore[operator]


def test_the_test_looks_for_the_goal() -> None:
    bing = Bing(LATER)
    assert account().test(NOW, bing).outcome is Outcome.TAKEN
    assert "there are: Phone call." in account(goal="Calls").test(NOW, bing).words
    assert "AADSTS70000" in account(refresh_token="old").test(NOW, bing).words
    assert "InvalidCredentials" in account(developer_token="other").test(NOW, bing).words
    assert bing.kept == {}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"account_id": "F123ABC"}, "number in the address"),
        ({"goal": "x" * 101}, "at most 100"),
        ({"developer_token": ""}, "Fill in Developer token"),
    ],
)
def test_settings_that_cannot_be(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        account(**wrong)


def test_no_secret_is_shown() -> None:
    told = [a_message(CLICKED), a_message(CLICKED, Saying.RETRACT)]
    requests = account().preview(told, NOW)
    assert [each.url.rpartition("/v13/")[2] for each in requests] == [
        "OfflineConversions/Apply",
        "OfflineConversionAdjustments/Apply",
    ]
    assert all("DEV" in each.secrets for each in requests)
    shown = repr(account())
    assert not any(secret in shown for secret in ("DEV", "hush", "M.refresh"))


def lines(messages: list[Message]) -> list[str]:
    feed = destination_kind("microsoft_ads_feed").open({"goal": "Phone call, long"})
    assert isinstance(feed, Feed)
    (file,) = feed.files
    return feed.write(file, standing_of(messages), LATER).splitlines()


def test_the_file_has_each_conversion_once_as_it_stands() -> None:
    kept, gone = a_message(CLICKED), replace(a_message(at(CLICKED, 2)), conversion_id="g" * 32)
    told = [
        kept,
        gone,
        replace(kept, saying=Saying.RESTATE, value_cents=9_900),
        replace(gone, saying=Saying.RETRACT),
    ]
    zone, columns, *rows = lines(told)
    assert zone == "Parameters:TimeZone=+0000"
    assert columns == "Microsoft Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency"
    assert list(csv.reader(rows)) == [
        ["f894f652ea334e739002f7167ab8f8e3", "Phone call, long", "2026-11-18 11:06:40", "99.00", "USD"]
    ]


def test_a_file_s_goal_is_no_formula() -> None:
    with pytest.raises(ValueError, match="no =, \\+, - or @ in front"):
        destination_kind("microsoft_ads_feed").open({"goal": "=1+1"})


@pytest.mark.parametrize(("kind", "provider"), [("microsoft_ads", "microsoft"), ("linkedin", "linkedin")])
def test_access_can_be_got_by_signing_in(kind: str, provider: str) -> None:
    known = destination_kind(kind)
    assert isinstance(known, SignsIn)
    assert known.sign_in.provider == provider
    assert provider in PROVIDERS
    assert {"client_id", "client_secret", "refresh_token"} <= {field.name for field in known.fields}
