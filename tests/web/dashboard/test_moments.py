"""Instants and lengths of time as people read them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import DAY, HOUR, MINUTE, SECOND, from_iso
from swapboard.language import duration, speaking
from swapboard.web.dashboard.moments import Moments, spelled
from swapboard.web.dashboard.periods import Period, bounds

NOW = from_iso("2026-11-24T17:00:05Z")
NEW_YORK = Moments("America/New_York", "US", NOW)
LONDON = Moments("Europe/London", "GB", NOW)


def test_a_clock_is_written_the_countrys_way() -> None:
    assert NEW_YORK.clock(NOW) == "12:00\u00a0pm"
    assert NEW_YORK.clock(NOW - 12 * HOUR) == "12:00\u00a0am"
    assert NEW_YORK.clock(NOW + HOUR, seconds=True) == "1:00:05\u00a0pm"
    assert LONDON.clock(NOW) == "17:00"
    assert LONDON.clock(NOW - 9 * HOUR, seconds=True) == "08:00:05"


def test_a_clock_is_written_the_readers_way_in_another_language() -> None:
    for language in ("de", "es", "fr"):
        with speaking(language):
            assert NEW_YORK.clock(NOW + HOUR) == "13:00"
            assert NEW_YORK.clock(NOW - 10 * HOUR, seconds=True) == "02:00:05"


def test_a_day_is_named_from_where_the_company_is() -> None:
    assert NEW_YORK.day(NOW) == "Today"
    assert NEW_YORK.day(NOW - 13 * HOUR) == "Yesterday"
    assert LONDON.day(NOW - 13 * HOUR) == "Today"
    assert NEW_YORK.day(NOW - 3 * DAY) == "Nov 21"
    assert [NEW_YORK.weekday(NOW + days * DAY) for days in range(2)] == ["Today", "Wed, Nov 25"]
    assert LONDON.weekday(NOW + DAY) == "Wed, 25 Nov"
    assert LONDON.day(NOW - 3 * DAY) == "21 Nov"
    assert NEW_YORK.day(NOW - 365 * DAY) == "Nov 24, 2025"
    assert LONDON.day(NOW - 365 * DAY) == "24 Nov 2025"


def test_paper_says_when_it_was_printed() -> None:
    assert NEW_YORK.printed() == "Nov 24, 2026, 12:00\u00a0pm EST"
    assert LONDON.printed() == "24 Nov 2026, 17:00 GMT"


def test_a_date_is_written_with_its_year_also_as_a_form_had_it() -> None:
    assert NEW_YORK.dated(date(2026, 11, 21)) == NEW_YORK.dated("2026-11-21") == "Nov 21, 2026"


def test_short_and_full() -> None:
    assert NEW_YORK.short(NOW) == "12:00\u00a0pm"
    assert NEW_YORK.short(NOW - DAY) == "Yesterday, 12:00\u00a0pm"
    assert LONDON.short(NOW - 4 * DAY) == "20 Nov, 17:00"
    assert NEW_YORK.full(NOW) == "Tuesday, Nov 24, 2026, 12:00:05\u00a0pm EST"
    assert LONDON.full(NOW) == "Tuesday, 24 Nov 2026, 17:00:05 GMT"


def test_a_day_begins_at_midnight_even_when_the_clocks_changed() -> None:
    # New York put its clocks back on 1 November 2026.
    november = Moments("America/New_York", "US", from_iso("2026-11-02T15:00:00Z"))

    assert november.day_start() == from_iso("2026-11-02T05:00:00Z")
    assert november.day_start(1) == from_iso("2026-11-01T04:00:00Z")
    assert november.day_start(2) == from_iso("2026-10-31T04:00:00Z")


def test_an_unknown_time_zone_is_utc() -> None:
    for name in ("Nowhere/Nothing", "", "../../etc/passwd", "\0"):
        assert Moments(name, "GB", NOW).clock(NOW) == "17:00"


@given(st.integers(0, 4_000_000_000_000), st.sampled_from(["America/New_York", "Europe/London", "Asia/Kolkata"]))
def test_iso_is_the_same_instant(at: int, zone: str) -> None:
    text = Moments(zone, "US", NOW).iso(at)

    assert datetime.fromisoformat(text).timestamp() == at // SECOND


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0:00"), (7, "0:07"), (63, "1:03"), (599.9, "9:59"), (3600, "1:00:00"), (3729, "1:02:09"), (-5, "0:00")],
)
def test_a_length_of_time(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (19.9, "19 s"),
        (63, "1 min 3 s"),
        (240, "4 min"),
        (3600, "1 h"),
        (3729, "1 h 2 min"),
        (-5, "0 s"),
    ],
)
def test_a_length_of_time_with_its_units(seconds: float, said: str) -> None:
    assert spelled(seconds) == said.replace(" ", "\u00a0")
    with speaking("de"):
        assert spelled(3720) == "1\u00a0Std.\u00a02\u00a0Min."


def test_periods_are_whole_days() -> None:
    midnight = from_iso("2026-11-24T05:00:00Z")

    assert bounds(Period.TODAY, NEW_YORK) == (midnight, None)
    assert bounds(Period.YESTERDAY, NEW_YORK) == (midnight - DAY, midnight)
    assert bounds(Period.WEEK, NEW_YORK) == (midnight - 6 * DAY, None)
    assert bounds(Period.MONTH, NEW_YORK)[0] == midnight - 29 * DAY - HOUR
    assert bounds(Period.EVER, NEW_YORK) == (None, None)


@given(st.sampled_from(Period), st.integers(0, 2_000_000_000_000))
def test_every_period_ends_after_it_began(period: Period, now: int) -> None:
    from_at, until_at = bounds(period, Moments("America/New_York", "US", now))

    assert (from_at or 0) <= now
    assert until_at is None or (from_at or 0) < until_at <= now + MINUTE
