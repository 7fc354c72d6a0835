"""Which number would do for which target: toll-free for toll-free, else as near as can be."""

from itertools import pairwise

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.numbers import matching
from swapboard.numbers.matching import (
    Kind,
    area_code,
    country_of,
    distance,
    in_e164,
    kind_of,
    mismatch,
    nearest_first,
    wanted_for,
)

WASHINGTON, NEW_YORK, TORONTO, LONDON = "+12025550100", "+12125550100", "+14165550100", "+442079460100"
FREE, OTHER_FREE = "+18005550100", "+18885550100"
NUMBERS = st.sampled_from(
    [WASHINGTON, NEW_YORK, TORONTO, LONDON, FREE, OTHER_FREE, "+12025550199", "+13015550100", "+15185550100"]
)


@pytest.mark.parametrize(
    ("number", "kind", "country", "code"),
    [
        (WASHINGTON, Kind.LOCAL, "US", "202"),
        (TORONTO, Kind.LOCAL, "CA", "416"),
        (LONDON, Kind.LOCAL, "GB", "20"),
        (FREE, Kind.TOLL_FREE, "US", "800"),
        (OTHER_FREE, Kind.TOLL_FREE, "US", "888"),
    ],
)
def test_what_a_number_is(number: str, kind: Kind, country: str, code: str) -> None:
    assert (kind_of(number), country_of(number), area_code(number)) == (kind, country, code)


def test_what_to_buy() -> None:
    assert (wanted_for(WASHINGTON).country, wanted_for(WASHINGTON).area_codes) == ("US", ("202", None))
    assert wanted_for(OTHER_FREE).area_codes[:2] == ("888", "800")
    assert None not in wanted_for(FREE).area_codes, "a local number does not stand for a toll-free one"
    assert (wanted_for(LONDON).country, wanted_for(LONDON).area_codes) == ("GB", ("20", None))


def test_the_same_area_then_the_nearest() -> None:
    offered = [TORONTO, FREE, NEW_YORK, "+13015550100", "+12025550199", LONDON]
    ranked = nearest_first(WASHINGTON, offered)
    assert ranked[0] == "+12025550199"
    assert set(ranked[1:3]) == {NEW_YORK, "+13015550100"}
    assert ranked[3:] == [TORONTO, LONDON, FREE]
    assert nearest_first(FREE, [WASHINGTON, OTHER_FREE])[0] == OTHER_FREE
    # Another area code of the same state is nearer than another state's.
    assert nearest_first(NEW_YORK, ["+13035550100", "+15185550100"])[0] == "+15185550100"


@given(NUMBERS, st.lists(NUMBERS, unique=True))
def test_nothing_is_nearer_than_the_same_kind_country_and_area(target: str, offered: list[str]) -> None:
    ranked = nearest_first(target, offered)
    assert sorted(ranked) == sorted(offered)
    for one, other in pairwise(ranked):
        assert distance(target, one) <= distance(target, other)
    fitting = [number for number in offered if mismatch(target, number) is None]
    assert set(ranked[: len(fitting)]) == set(fitting)


@pytest.mark.parametrize(
    ("target", "number", "odd"),
    [
        (WASHINGTON, "+12025550199", None),
        (WASHINGTON, NEW_YORK, "another area code"),
        (WASHINGTON, FREE, "toll-free"),
        (FREE, WASHINGTON, "not toll-free"),
        (FREE, OTHER_FREE, None),
        (WASHINGTON, LONDON, "another country"),
    ],
)
def test_what_a_caller_would_find_odd(target: str, number: str, odd: str | None) -> None:
    assert mismatch(target, number) == odd


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+442079460100", "020"),
        ("+442079460100", "20"),
        ("+390669401234", "06"),
        ("+4930901820", "030"),
        ("+78121234567", "812"),
        ("+12025550100", "202"),
        ("+24101441234", "01"),
    ],
)
def test_an_area_code_as_people_write_it_is_the_beginning_of_its_numbers(number: str, written: str) -> None:
    code = in_e164(country_of(number) or "", written)
    assert number.startswith(f"+{phonenumbers.parse(number).country_code}{code}")
    assert in_e164("GB", None) is None


def test_the_same_area_code_counts_for_more_than_the_same_town(monkeypatch: pytest.MonkeyPatch) -> None:
    towns = {WASHINGTON: "Washington, DC", "+13015550100": "Washington, DC", "+12025550199": "Bethesda, MD"}
    monkeypatch.setattr(matching, "place", towns.get)
    assert nearest_first(WASHINGTON, ["+13015550100", "+12025550199"]) == ["+12025550199", "+13015550100"]
