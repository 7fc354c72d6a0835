"""The country of a time zone."""

import pytest

from swapboard.visits.place import country_of, region_of


@pytest.mark.parametrize(
    ("time_zone", "country"),
    [
        ("America/New_York", "US"),
        ("America/Indiana/Knox", "US"),
        ("Europe/London", "GB"),
        ("Europe/Zurich", "CH"),
        ("Asia/Kolkata", "IN"),
        ("Asia/Calcutta", "IN"),
        ("Europe/Kiev", "UA"),
        ("US/Pacific", "US"),
        ("UTC", None),
        ("Etc/GMT+5", None),
        ("", None),
        ("nowhere", None),
    ],
)
def test_the_country_of_a_time_zone(time_zone: str, country: str | None) -> None:
    assert country_of(time_zone) == country


@pytest.mark.parametrize(
    ("country", "part", "region"),
    [
        ("US", "TX", "US-TX"),
        ("us", "tx", "US-TX"),
        ("US", "US-TX", "US-TX"),
        ("GB", "ENG", "GB-ENG"),
        ("FR", "", "FR"),
        ("FR", "Provence", "FR"),
        ("XX", "TX", None),
        ("T1", "", None),
        ("", "TX", None),
        ("USA", "", None),
        ("ÄÖ", "", None),
    ],
)
def test_what_a_proxy_says_of_a_visitors_place(country: str, part: str, region: str | None) -> None:
    assert region_of(country, part) == region
