"""Values that no visit could have are told, and none that one may have."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.numbers.condition_values import contradiction_of, fault_of
from swapboard.numbers.conditions import Field, condition


@pytest.mark.parametrize(
    ("asked", "value", "is_fine"),
    [
        (Field.CHANNEL, "paid search", True),
        (Field.CHANNEL, "!Direct", True),
        (Field.CHANNEL, "Paid*", True),
        (Field.CHANNEL, "Paid Serach", False),
        (Field.DEVICE, "phone", True),
        (Field.DEVICE, "watch", False),
        (Field.VISITOR, "new", True),
        (Field.VISITOR, "old", False),
        (Field.HOUR, "8-18", True),
        (Field.HOUR, "25", False),
        (Field.HOUR, "8-8", False),
        (Field.HOUR, "noon", False),
        (Field.COUNTRY, "GB", True),
        (Field.COUNTRY, "England", False),
        (Field.CAMPAIGN, "anything at all", True),
    ],
)
def test_slips_of_the_pen_are_told(asked: Field, value: str, is_fine: bool) -> None:
    assert (fault_of(asked, value) is None) is is_fine


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (Field.COUNTRY, "UK"),
        (Field.COUNTRY, "EU"),
        (Field.REGION, "Narnia/City"),
        (Field.REGION, "UK-LND"),
        (Field.REGION, "Narnia/*"),
        (Field.LANDING_PAGE, "drains"),
        (Field.REFERRER, "google"),
        (Field.CLICK_ID, "gclid=abc"),
        (Field.HOUR, "13pm"),
        (Field.HOUR, "8:30"),
    ],
)
def test_what_no_visit_could_ever_have_is_refused(asked: Field, value: str) -> None:
    assert fault_of(asked, value) is not None
    assert fault_of(asked, f"!{value}") is not None


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (Field.COUNTRY, "xk"),
        (Field.COUNTRY, "GB"),
        (Field.REGION, "Asia/Calcutta"),
        (Field.REGION, "utc"),
        (Field.REGION, "US-*"),
        (Field.REGION, "Europe/*"),
        (Field.LANDING_PAGE, "*drains*"),
        (Field.REFERRER, "google.*"),
        (Field.CLICK_ID, "*"),
    ],
)
def test_what_a_visit_may_have_stands(asked: Field, value: str) -> None:
    assert fault_of(asked, value) is None


@pytest.mark.parametrize(
    ("asked", "values", "is_left"),
    [
        (Field.DEVICE, ["phone", "!phone"], False),
        (Field.DEVICE, ["phone", "tablet", "!Phone"], True),
        (Field.DEVICE, ["!phone", "!tablet"], True),
        (Field.CAMPAIGN, ["spring*", "!spring*"], False),
        (Field.CAMPAIGN, ["spring sale", "!*sale*"], False),
        (Field.CAMPAIGN, ["spring*", "!spring sale"], True),
        (Field.CAMPAIGN, ["*", "!*"], False),
        (Field.HOUR, ["9-11", "!8-18"], False),
        (Field.HOUR, ["8-18", "!9-11"], True),
    ],
)
def test_what_asks_for_what_it_excludes_is_told(asked: Field, values: list[str], is_left: bool) -> None:
    assert (contradiction_of(asked, values) is None) is is_left


@given(
    st.lists(st.text("ab*", min_size=1, max_size=3), min_size=1), st.lists(st.text("ab*", min_size=1, max_size=3))
)
def test_what_contradicts_itself_fits_no_visit(wanted: list[str], excluded: list[str]) -> None:
    values = [*wanted, *(f"!{value}" for value in excluded)]
    if contradiction_of(Field.CAMPAIGN, values):
        asked = condition(Field.CAMPAIGN, values)
        for length in range(5):
            assert not any(asked.holds(["".join(text)]) for text in product("ab", repeat=length))
