"""The adapter for Google Ads, against a stand-in that enforces its documented rules."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import stamina

from swapboard.keywords.click import Click, read_answer
from swapboard.keywords.google_ads import AdsAccount, AdsError
from tests.keywords.stand_in import CREDENTIALS, StandIn, google

ACCOUNT = AdsAccount.of(CREDENTIALS)
DAY = date(2026, 11, 23)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with google(StandIn()) as serving, stamina.set_testing(True, attempts=3):
        yield serving


def test_all_pages_of_a_day_are_read(stand_in: StandIn) -> None:
    assert list(stand_in.opened(ACCOUNT).clicks_of(DAY)) == [
        Click("Cj0KCQ-one", "emergency plumber", "Emergency", "111"),
        Click("Cj0KCQ-shopping", None, "Everything", "222"),
        Click("Cj0KCQ-two", "blocked drain", "Emergency", "111"),
    ]


def test_a_day_without_clicks_is_no_error(stand_in: StandIn) -> None:
    assert list(stand_in.opened(ACCOUNT).clicks_of(date(2026, 11, 20))) == []


def test_a_manager_s_account_and_an_old_token_are_named(stand_in: StandIn) -> None:
    account = replace(ACCOUNT, login_customer_id="9876543210", developer_token="old")
    list(stand_in.opened(account).clicks_of(DAY))
    assert stand_in.headers[0]["login-customer-id"] == "9876543210"
    assert stand_in.headers[0]["developer-token"] == "old"
    list(stand_in.opened(ACCOUNT).clicks_of(DAY))
    assert not {"login-customer-id", "developer-token"} & stand_in.headers[-1].keys()


def test_too_long_ago_is_refused_in_google_s_words(stand_in: StandIn) -> None:
    with pytest.raises(AdsError, match="more than 90 days ago") as refused:
        list(stand_in.opened(ACCOUNT).clicks_of(date(2026, 8, 1)))
    assert refused.value.permanent


def test_a_revoked_token_is_refused_in_google_s_words(stand_in: StandIn) -> None:
    with pytest.raises(AdsError, match="expired or revoked") as refused:
        list(stand_in.opened(replace(ACCOUNT, refresh_token="gone")).clicks_of(DAY))
    assert refused.value.permanent
    assert "gone" not in str(refused.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_asked_again(stand_in: StandIn, status: int) -> None:
    stand_in.faults = [(status, {"error": {"code": status, "message": "Busy."}})] * 2
    assert len(list(stand_in.opened(ACCOUNT).clicks_of(DAY))) == 3
    stand_in.faults = [(status, {"error": {"code": status, "message": "Busy."}})] * 3
    with pytest.raises(AdsError, match="Busy") as refused:
        list(stand_in.opened(ACCOUNT).clicks_of(DAY))
    assert not refused.value.permanent


def test_an_answer_that_is_none_is_an_error_not_a_crash(stand_in: StandIn) -> None:
    stand_in.faults = [(200, {"results": [{"clickView": {"gclid": 5}}]})]
    with pytest.raises(AdsError, match="could not be read"):
        list(stand_in.opened(ACCOUNT).clicks_of(DAY))


def test_an_answer_that_does_not_unpack_is_an_error_that_may_pass(stand_in: StandIn) -> None:
    """What is raised else keeps every other account of the company from being asked."""
    stand_in.encoding = "gzip"
    with stamina.set_testing(True, attempts=2), pytest.raises(AdsError, match="did not answer") as refused:
        list(stand_in.opened(ACCOUNT).clicks_of(DAY))
    assert not refused.value.permanent


def test_nobody_there_is_an_error_that_may_pass() -> None:
    with stamina.set_testing(True, attempts=2), pytest.raises(AdsError, match="did not answer") as refused:
        list(StandIn(url="http://127.0.0.1:9").opened(ACCOUNT).clicks_of(DAY))
    assert not refused.value.permanent


@pytest.mark.parametrize("name", ["customer_id", "client_id", "client_secret", "refresh_token"])
def test_credentials_that_lack_something_say_what(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        AdsAccount.of({**CREDENTIALS, name: ""})


@pytest.mark.parametrize("customer_id", ["12345", "123-456-789a", "\uff11\uff12\uff13-456-7890"])
def test_a_customer_id_has_ten_digits(customer_id: str) -> None:
    with pytest.raises(ValueError, match="ten digits"):
        AdsAccount.of({**CREDENTIALS, "customer_id": customer_id})


def test_secrets_do_not_show() -> None:
    assert "secret" not in repr(ACCOUNT)
    assert "refresh token" not in repr(ACCOUNT)


def test_what_is_no_answer_raises() -> None:
    with pytest.raises(ValueError, match="validation error"):
        read_answer(b"[]")
