import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.carriers.caller import MAX_NAME_LENGTH, Caller, caller_of, number_in, printable


@pytest.mark.parametrize(
    "address",
    [
        "", " ", "Anonymous", "anonymous", "ANONYMOUS", "Restricted", "RESTRICTED", "unavailable", "Unknown",
        "BLOCKED", "Private", "+266696687", "266696687", "+7378742833", "+2562533", "+8656696", "+86282452253",
        "86282452253", "sip:anonymous@anonymous.invalid", "sip:Anonymous@198.51.100.7:5060", "sip:@example.com",
        "client:anonymous", "+anonymous", "+Restricted", "anonymous@anonymous.invalid",
    ],
)  # fmt: skip
def test_a_withheld_number(address: str) -> None:
    assert caller_of(address) == Caller(None, withheld=True)


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("+12125550111", "+12125550111"),
        ("12125550111", "+12125550111"),
        (" 12125550111", "+12125550111"),
        ("+442079460123", "+442079460123"),
        ("sip:+12125550111@example.com", "+12125550111"),
        ("sip:12125550111@198.51.100.7:5060;transport=udp", "+12125550111"),
        ("SIPS:%2B12125550111@example.com", "+12125550111"),
        ("sip:+12125550111;user=phone@example.com", "+12125550111"),
        ("tel:+12125550111", "+12125550111"),
        ("tel:+1-212-555-0111", "+12125550111"),
        ("tel:+1(212)555.0111;phone-context=example.com", "+12125550111"),
    ],
)
def test_a_number(address: str, number: str) -> None:
    assert caller_of(address) == Caller(number, withheld=False)
    assert number_in(address) == number


@pytest.mark.parametrize(
    ("address", "name"), [("sip:alice@example.com", "alice"), ("client:front_desk", "front_desk")]
)
def test_a_caller_without_a_number_is_not_withheld(address: str, name: str) -> None:
    assert caller_of(address) == Caller(None, withheld=False, name=name)


@pytest.mark.parametrize(
    "address", ["911", "+", "+1", "12", "not a number", "+1212555011x", "<script>", "+" + "9" * 60]
)
def test_what_is_no_number_is_nobody(address: str) -> None:
    assert caller_of(address) == Caller(None, withheld=False)


def test_a_name_is_fit_to_keep() -> None:
    assert printable("  ANN\x00\x1b[31m SMITH\ud800 ") == "ANN[31m SMITH"
    assert printable("\x00\n") is None
    assert len(printable("x" * 500) or "") == MAX_NAME_LENGTH


@given(st.text(max_size=60))
def test_anything_is_somebody_or_nobody(address: str) -> None:
    caller = caller_of(address)
    assert not (caller.withheld and caller.number)
    assert caller.number is None or caller.number[1:].isdigit()
