"""The country of a time zone."""

import pytest

from swapboard.visits.place import country_of


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
