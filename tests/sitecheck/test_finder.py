"""Numbers in a text, by the script's own rules: the cases are those of `tracker/test/find.test.ts`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.sitecheck.finder import find, national_digits

US = "+12025550100"
GB = "+442079460958"
SINGAPORE = "+6561234567"


def found(text: str, *numbers: str) -> list[tuple[str, str]]:
    return [(spot.number, text[spot.start : spot.end]) for spot in find(text, numbers)]


@pytest.mark.parametrize(
    "written",
    [
        "(202) 555-0100",
        "(202)555-0100",
        "202.555.0100",
        "202 555 0100",
        "202/555-0100",
        "202 / 555 - 0100",
        "2025550100",
        "12025550100",
        "+12025550100",
        "+1 202-555-0100",
        "+1 (202) 555-0100",
        "(+1) 202 555 0100",
        "1 (202) 555-0100",
        "001 202 555 0100",
        "011 1 202 555 0100",
        "202\u00a0555\u00a00100",
        "202\u2011555\u20110100",
        "202\u2009555\u20090100",
        "202\u00b7555\u00b70100",
        "202\u202c 555\u200b0100",
        "(202)\n      555-0100",
    ],
)
def test_a_number_of_north_america(written: str) -> None:
    for text in (written, f"Call {written}.", f"Call {written}, or come by", f"Phone:{written}"):
        assert found(text, US) == [(US, written)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("202-555-0100 ext. 7", "202-555-0100"),
        ("202-555-0100x7", "202-555-0100"),
        ("202-555-0100 24/7", "202-555-0100"),
        ("24/7 202-555-0100", "202-555-0100"),
        ("Suite 21 202-555-0100", "202-555-0100"),
        ("Suite 5, (202) 555-0100", "(202) 555-0100"),
        ("Tel.202-555-0100", "202-555-0100"),
        ("Tel+1 202-555-0100", "+1 202-555-0100"),
        ("tel:%2B1-202-555-0100;ext=7", "%2B1-202-555-0100"),
        ("tel:(202)%20555-0100", "(202)%20555-0100"),
    ],
)
def test_beside_other_text(text: str, written: str) -> None:
    assert found(text, US) == [(US, written)]


@pytest.mark.parametrize(
    "written",
    [
        "020 7946 0958",
        "(020) 7946 0958",
        "02079460958",
        "20 7946 0958",
        "+44 20 7946 0958",
        "+44 (0)20 7946 0958",
        "+44 (0) 20 7946 0958",
        "0044 20 7946 0958",
    ],
)
def test_a_number_with_a_trunk_prefix(written: str) -> None:
    assert found(f"Ring {written} today", GB) == [(GB, written)]


@pytest.mark.parametrize(
    "text",
    [
        "4202-555-0100",
        "202-555-01001",
        "21-202-555-0100",
        "202-555-0100-12",
        "0.2025550100",
        "202-555-0101",
        "555-0100",
        "+44 2025550100",
        "+2025550100",
        "INV2025550100",
        "order #2025550100",
        "ref_2025550100",
        "2025550100_a",
        "https://www.example.com/?id=2025550100",
        "DE89 3704 2025 5501 00",
        "$2,025,550,100",
        "20:25:55:01:00",
        "202+555+0100",
        "",
    ],
)
def test_what_is_no_number_or_another(text: str) -> None:
    assert found(text, US) == []


def test_a_card_number_around_an_eight_digit_number() -> None:
    assert found("4111 6123 4567 1111", SINGAPORE) == []
    assert found("6123 4567 1111 1111", SINGAPORE) == []
    assert found("Call 6123 4567 now", SINGAPORE) == [(SINGAPORE, "6123 4567")]


def test_several_numbers_are_told_apart() -> None:
    text = "US (202) 555-0100, UK 020 7946 0958, again +1 202 555 0100"
    assert [number for number, _ in found(text, US, GB)] == [US, GB, US]
    assert found(text) == []


SEPARATORS = st.sampled_from(["", " ", "-", ".", "\u00a0", "\u2011", " - ", "/"])


@given(st.sampled_from(["", "+1", "1", "+1 ", "1-", "001 "]), st.booleans(), SEPARATORS, SEPARATORS)
def test_however_it_is_written(prefix: str, is_bracketed: bool, first: str, second: str) -> None:
    written = f"{prefix}{'(202)' if is_bracketed else '202'}{first}555{second}0100"
    (spot,) = find(f"Call {written} now", [US])
    assert f"Call {written} now"[spot.start : spot.end] == written


@given(st.text(alphabet="0123456789 +-().x\n\u00a0", max_size=60))
def test_what_is_found_has_the_digits_of_the_number(text: str) -> None:
    for spot in find(text, [US, GB]):
        digits = "".join(filter(str.isdigit, text[spot.start : spot.end]))
        assert digits.endswith(national_digits(spot.number))
        assert not text[spot.end :][:1].isdigit()
