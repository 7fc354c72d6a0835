"""TikTok and LinkedIn: what goes there is kept there once, and one bad event spoils no other."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import DAY
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.base import Destination
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.destinations.linkedin.faults import bad_events
from swapboard.conversions.destinations.request import Answer
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome
from tests.conversions.destinations.social_ads import LinkedInAccount, TikTokPixel
from tests.conversions.people import CALL, FORM, NOW, ORIGIN, a_message, from_visit

SETTINGS = {
    "tiktok": {"source_id": "C4ABCDEFGH", "access_token": "tok"},
    "linkedin": {"account_id": "508", "conversion_id": "104012", "access_token": "AQX"},
}
PHONE, EMAIL = (hashlib.sha256(text).hexdigest() for text in (b"+12125550111", b"ann@example.com"))


def opened(kind: str, **changes: str) -> Destination:
    return destination_kind(kind).open(SETTINGS[kind] | changes)


def several(contacts: list[Contact]) -> list[Message]:
    return [replace(a_message(each), conversion_id=f"{place:032x}") for place, each in enumerate(contacts)]


def test_tiktok_is_told_of_a_call_with_the_click_and_the_hashed_number() -> None:
    pixel = TikTokPixel(NOW)
    contact = from_visit({"_ttp": "ttp1"}, ttclid="E.C.P.x")
    for _twice in range(2):
        (result,) = opened("tiktok").send([a_message(contact)], NOW, pixel)
        assert result.outcome is Outcome.TAKEN, result
    (event,) = pixel.kept.values()
    assert (event["event"], event["event_id"], event["event_time"]) == ("Contact", "k" * 32, NOW // 1000)
    assert event["user"] == {
        "ttclid": "E.C.P.x",
        "ttp": "ttp1",
        "phone": PHONE,
        "email": EMAIL,
        "user_agent": "Mozilla/5.0",
    }
    assert event["properties"] == {"value": 123.0, "currency": "USD"}
    opened("tiktok", form_event="SubmitForm").send([a_message(FORM)], NOW, pixel)
    assert ("SubmitForm", "k" * 32) in pixel.kept


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_one_bad_event_spoils_no_other_at_tiktok(good: list[bool]) -> None:
    pixel = TikTokPixel(NOW)
    messages = several([CALL if is_good else replace(CALL, happened_at=NOW - 29 * DAY) for is_good in good])
    results = opened("tiktok").send(messages, NOW, pixel)
    assert [each.outcome is Outcome.TAKEN for each in results] == good
    assert len(pixel.kept) == sum(good)


@pytest.mark.parametrize(
    ("code", "outcome", "wait"),
    [
        (40100, Outcome.FAILED, 60.0),
        (40105, Outcome.FAILED, None),
        (50000, Outcome.FAILED, None),
        (40002, Outcome.REFUSED, None),
    ],
)
def test_what_tiktok_answers_with_200_is_no_success(code: int, outcome: Outcome, wait: float | None) -> None:
    (result,) = opened("tiktok").send([a_message()], NOW, TikTokPixel(NOW, answer_code=code))
    assert (result.outcome, result.retry_after_seconds) == (outcome, wait)
    assert f"code {code}" in result.words
    (odd,) = opened("tiktok").send([a_message()], NOW, lambda _request: Answer(200, {}, b"<html>"))
    assert odd.outcome is Outcome.FAILED


def test_tiktok_s_test_shows_an_event_only_where_tests_are_shown() -> None:
    pixel = TikTokPixel(NOW)
    assert "takes the token" in opened("tiktok").test(NOW, pixel).words
    assert opened("tiktok", access_token="old").test(NOW, pixel).outcome is Outcome.FAILED
    assert opened("tiktok", test_code="TEST1").test(NOW, pixel).outcome is Outcome.TAKEN
    assert opened("tiktok", test_code="TEST1", source_id="C5").test(NOW, pixel).outcome is Outcome.REFUSED
    assert (len(pixel.tested), pixel.kept) == (1, {})


def test_linkedin_is_told_of_a_call_by_its_click_and_address() -> None:
    account = LinkedInAccount(NOW)
    contact = from_visit({"li_fat_id": "cookie"}, li_fat_id="click")
    for _twice in range(2):
        (result,) = opened("linkedin").send([a_message(contact)], NOW, account)
        assert result.outcome is Outcome.TAKEN, result
    (event,) = account.kept.values()
    assert event["conversionHappenedAt"] == NOW
    assert event["user"]["userIds"] == [
        {"idType": "SHA256_EMAIL", "idValue": EMAIL},
        {"idType": "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID", "idValue": "click"},
    ]
    assert event["conversionValue"] == {"currencyCode": "USD", "amount": "123.00"}
    assert "+12125550111" not in str(event)


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_one_that_linkedin_refuses_spoils_no_other(good: list[bool]) -> None:
    account = LinkedInAccount(NOW, unknown_clicks={"stranger"})
    messages = several([from_visit(li_fat_id="known" if is_good else "stranger") for is_good in good])
    results = opened("linkedin").send(messages, NOW, account)
    assert [each.outcome is Outcome.TAKEN for each in results] == good
    assert len(account.kept) == sum(good)
    assert all("malformed" in each.words for each in results if each.outcome is Outcome.REFUSED)


@pytest.mark.parametrize(
    ("names", "many"),
    [
        ("Index: {place}, ERROR :: /user/userIds :: is malformed\nERROR :: /user :: again\n", [5, 3]),
        ("The ids are malformed, indices [{place}] (0-indexed). ", [5, 4, 3]),
        ("ERROR :: /user/userIds :: is malformed", [5, 2, 1, 1, 3, 1, 2, 1, 1]),
    ],
)
def test_one_for_which_linkedin_refuses_all_spoils_no_other(names: str, many: list[int]) -> None:
    account = LinkedInAccount(NOW, unknown_clicks={"stranger"}, refuses_all=names)
    good = [False, True, True, False, True]
    messages = several([from_visit(li_fat_id="known" if is_good else "stranger") for is_good in good])
    results = opened("linkedin").send(messages, NOW, account)
    assert [each.outcome is Outcome.TAKEN for each in results] == good
    assert (len(account.kept), account.requests) == (3, many)
    assert all("malformed" in each.words for each in results if each.outcome is Outcome.REFUSED)


@pytest.mark.parametrize(
    ("message", "places"),
    [
        ("Conversion time should be within 90 days, indices [1, 3] (0-indexed).", [1, 3]),
        ("Index: 0, ERROR :: /a :: x\nIndex: 12, ERROR :: /b :: y", [0, 12]),
        ("A version must be present.", []),
    ],
)
def test_the_events_that_linkedin_names(message: str, places: list[int]) -> None:
    assert list(bad_events(message)) == places


def test_linkedin_s_access_is_a_token_or_a_way_to_one() -> None:
    account = LinkedInAccount(NOW)
    oauth = {"access_token": "", "client_id": "app", "client_secret": "hush", "refresh_token": "AQV"}
    (result,) = opened("linkedin", **oauth).send([a_message()], NOW, account)
    assert result.outcome is Outcome.TAKEN
    (signed_in,) = opened("linkedin", **oauth | {"access_token": "old"}).send([a_message()], NOW, account)
    assert signed_in.outcome is Outcome.TAKEN, "what was pasted before stands back"
    (lost,) = opened("linkedin", **oauth | {"refresh_token": "old"}).send([a_message()], NOW, account)
    assert (lost.outcome, "invalid_grant" in lost.words) == (Outcome.FAILED, True)
    (revoked,) = opened("linkedin", access_token="old").send([a_message()], NOW, account)
    assert (revoked.outcome, "Invalid access token" in revoked.words) == (Outcome.FAILED, True)
    (retired,) = opened("linkedin", version="202401").send([a_message()], NOW, account)
    assert (retired.outcome, "write a newer one" in retired.words) == (Outcome.FAILED, True)


def test_linkedin_s_test_looks_for_the_conversion() -> None:
    account = LinkedInAccount(NOW)
    assert opened("linkedin").test(NOW, account).outcome is Outcome.TAKEN
    assert "no conversion of this ID" in opened("linkedin", conversion_id="5").test(NOW, account).words
    assert "Not enough permissions" in opened("linkedin", account_id="9").test(NOW, account).words
    tag = LinkedInAccount(NOW, method="INSIGHT_TAG")
    assert "make another" in opened("linkedin").test(NOW, tag).words
    assert account.kept == {}


@pytest.mark.parametrize("others", [10, 99, 100, 250])
def test_linkedin_s_test_finds_the_conversion_among_many(others: int) -> None:
    account = LinkedInAccount(NOW, others=others)
    assert opened("linkedin").test(NOW, account).outcome is Outcome.TAKEN
    assert "no conversion of this ID" in opened("linkedin", conversion_id="999").test(NOW, account).words


def test_an_answer_that_names_fewer_is_no_success() -> None:
    (result,) = opened("linkedin").send([a_message()], NOW, lambda _request: Answer(200, {}, b'{"elements": []}'))
    assert result.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("kind", "contact", "words"),
    [
        ("tiktok", replace(CALL, happened_at=NOW - 28 * DAY - 1), "more than 28 days ago"),
        ("tiktok", replace(CALL, phone=None, email=None), "nothing of this person"),
        ("tiktok", replace(CALL, origin=replace(ORIGIN, landing_page=None)), "an event set needs none"),
        ("linkedin", replace(CALL, happened_at=NOW - 90 * DAY - 1), "more than 90 days ago"),
        ("linkedin", replace(CALL, email=None), "knows no numbers"),
    ],
)
def test_what_they_could_not_use_is_not_sent(kind: str, contact: Contact, words: str) -> None:
    assert words in str(opened(kind).objection(a_message(contact), NOW))
    assert opened(kind).objection(a_message(), NOW) is None
    assert "takes no changes" in str(opened(kind).objection(a_message(saying=Saying.RETRACT), NOW))
    assert destination_kind(kind).is_advertising


@pytest.mark.parametrize(
    ("kind", "wrong", "words"),
    [
        ("tiktok", {"source_id": "C4/x"}, "letters and digits"),
        ("tiktok", {"source": "fax"}, "is one of: web, offline"),
        ("linkedin", {"account_id": "urn:li"}, "are numbers"),
        ("linkedin", {"access_token": ""}, "or the OAuth client ID"),
        ("linkedin", {"version": "2026"}, "a year and a month"),
    ],
)
def test_settings_that_cannot_be(kind: str, wrong: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        opened(kind, **wrong)


@pytest.mark.parametrize(("kind", "secret"), [("tiktok", "tok-secret"), ("linkedin", "AQX-secret")])
def test_no_secret_is_shown(kind: str, secret: str) -> None:
    destination = opened(kind, access_token=secret)
    (request,) = destination.preview([a_message()], NOW)
    assert secret not in str(request.headers) or secret in request.secrets
    assert secret not in repr(destination)
