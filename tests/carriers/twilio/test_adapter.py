import pytest

from swapboard.carriers.installed import UnknownCarrier, carrier_kind
from swapboard.carriers.twilio import carrier
from swapboard.carriers.twilio.adapter import TwilioCarrier

GOOD = {"account_sid": "AC" + "a" * 32, "auth_token": "b" * 32}


def test_it_is_installed_under_its_name() -> None:
    assert carrier_kind("twilio") is carrier
    with pytest.raises(UnknownCarrier, match=r"no carrier 'tincan'; installed are: .*twilio"):
        carrier_kind("tincan")


def test_the_credentials_it_asks_for_open_it() -> None:
    asked = {each.name: each for each in carrier.credential_fields}
    assert {name for name, each in asked.items() if each.required} == set(GOOD)
    assert {name for name, each in asked.items() if each.secret} == {"auth_token", "signing_secret"}
    assert isinstance(carrier.open(GOOD), TwilioCarrier)


def test_blanks_around_credentials_do_not_matter() -> None:
    opened = carrier.open({name: f" {value}\n" for name, value in GOOD.items()} | {"signing_secret": " new  old "})
    assert opened.secrets == ("b" * 32, "new", "old")
    assert opened.account.account_sid == GOOD["account_sid"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"account_sid": ""}, "the account SID"),
        ({"auth_token": " "}, "the auth token"),
        ({"account_sid": "SK" + "a" * 32}, "begins with AC"),
        ({"account_sid": "AC123"}, "34 letters and digits"),
        ({"account_sid": "AC" + "/" * 32}, "34 letters and digits"),
    ],
)
def test_what_is_missing_or_wrong_is_said(change: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        carrier.open(GOOD | change)


def test_a_missing_credential_is_said() -> None:
    with pytest.raises(ValueError, match="the account SID"):
        carrier.open({})


def test_secrets_do_not_show() -> None:
    opened = carrier.open(GOOD | {"signing_secret": "hush-hush"})
    assert "hush" not in repr(opened)
    assert GOOD["auth_token"] not in repr(opened)
