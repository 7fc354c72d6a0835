import pytest

from swapboard.calls.step import Dial, Step
from swapboard.carriers.base import CarrierError, Links
from swapboard.carriers.installed import carrier_kind
from swapboard.carriers.sandbox import carrier
from swapboard.carriers.sandbox.adapter import SandboxCarrier
from swapboard.carriers.sandbox.invented import is_invented
from swapboard.carriers.twilio import carrier as twilio

LINKS = Links("https://calls.example.com", "c1")
GOOD = {"account_sid": "AC5", "auth_token": "hush-hush"}


@pytest.fixture
def sandbox() -> SandboxCarrier:
    return carrier.open(GOOD)


def test_it_is_installed_under_its_name() -> None:
    assert carrier_kind("sandbox") is carrier


def test_secrets_do_not_show(sandbox: SandboxCarrier) -> None:
    assert "hush" not in repr(sandbox)


@pytest.mark.parametrize("name", GOOD)
def test_what_is_missing_is_said(name: str) -> None:
    assert {each.name for each in carrier.credential_fields if each.required} == set(GOOD)
    with pytest.raises(ValueError, match="Please give"):
        carrier.open(GOOD | {name: " "})


@pytest.mark.parametrize(
    ("country", "area_code", "first", "how_many"),
    [
        ("US", "202", "+12025550100", 100),
        ("us", "212", "+12125550100", 100),
        ("US", None, "+12025550100", 1000),
        ("CA", "416", "+14165550100", 100),
        ("CA", None, "+14165550100", 300),
        ("GB", None, "+442079460000", 1000),
        ("GB", "020", "+442079460000", 1000),
    ],
)
def test_invented_numbers(
    sandbox: SandboxCarrier, country: str, area_code: str | None, first: str, how_many: int
) -> None:
    found = sandbox.search(country, area_code, 5_000)
    assert found[0].number == first
    assert len({each.number for each in found}) == how_many
    assert all(is_invented(each.number) for each in found)
    assert sandbox.search(country, area_code, 7) == found[:7]


@pytest.mark.parametrize(
    ("country", "area_code"),
    [
        ("US", "416"),
        ("US", "000"),
        ("US", "20"),
        ("US", "x"),
        ("US", "2025"),
        ("CA", "202"),
        ("GB", "113"),
        ("DE", None),
    ],
)
def test_where_no_numbers_are_set_aside(sandbox: SandboxCarrier, country: str, area_code: str | None) -> None:
    assert sandbox.search(country, area_code, 10) == []


def test_nobody_wants_fewer_than_none(sandbox: SandboxCarrier) -> None:
    assert sandbox.search("US", "202", -1) == []


def test_a_number_is_bought_configured_and_released_for_nothing(sandbox: SandboxCarrier) -> None:
    bought = sandbox.buy("+12025550143", LINKS)
    assert bought.number == "+12025550143"
    assert bought.carrier_ref == sandbox.buy("+12025550143", LINKS).carrier_ref
    assert bought.carrier_ref != sandbox.buy("+12025550144", LINKS).carrier_ref
    assert bought.carrier_ref is not None
    sandbox.configure(bought.carrier_ref, LINKS)
    sandbox.release(bought.carrier_ref)


@pytest.mark.parametrize(
    "number", ["+12025550200", "+12025551143", "+120255501", "+442079461000", "+4420794600001", ""]
)
def test_a_number_that_may_be_somebodys_is_not_sold(sandbox: SandboxCarrier, number: str) -> None:
    with pytest.raises(CarrierError, match="invented numbers only") as raised:
        sandbox.buy(number, LINKS)
    assert raised.value.permanent


def test_what_it_does_not_have(sandbox: SandboxCarrier) -> None:
    for ask in (
        lambda: sandbox.configure("PN1", LINKS),
        lambda: sandbox.release("' OR 1=1"),
        lambda: sandbox.recording("RE1"),
    ):
        with pytest.raises(CarrierError) as raised:
            ask()
        assert raised.value.permanent
    assert list(sandbox.calls(0)) == []


def test_its_last_resort_is_twilios() -> None:
    step = Step(Dial(("+12025550101",), 25))
    assert carrier.last_resort(step) == twilio.last_resort(step)
