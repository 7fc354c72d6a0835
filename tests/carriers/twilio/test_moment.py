import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.carriers.twilio.moment import moment, told_moment

NOON = 1_795_521_600_000
TOLD = "Tue, 24 Nov 2026 12:00:00 +0000"


@pytest.mark.parametrize(
    ("timestamp", "received_at", "happened_at"),
    [
        (TOLD, NOON, NOON),
        (TOLD, NOON + 700, NOON + 700),
        (TOLD, NOON + 999, NOON + 999),
        (TOLD, NOON + 1_000, NOON),
        (TOLD, NOON + 60_000, NOON),
        (TOLD, NOON - 2_000, NOON - 2_000),
        ("Tue, 24 Nov 2026 13:00:00 +0100", NOON + 5_000, NOON),
        ("Tue, 24 Nov 2026 12:00:00 -0000", NOON + 5_000, NOON),
        ("Tue, 24 Nov 2026 12:00:00", NOON + 5_000, NOON),
        (None, NOON + 5_000, NOON + 5_000),
        ("", NOON + 5_000, NOON + 5_000),
        ("yesterday", NOON + 5_000, NOON + 5_000),
        ("Tue, 99 Nov 2026 12:00:00 +0000", NOON + 5_000, NOON + 5_000),
        ("Tue, 24 Nov 9999 12:00:00 +0000", NOON + 5_000, NOON + 5_000),
        ("Thu, 01 Jan 1970 00:00:00 +2300", NOON + 5_000, NOON + 5_000),
        ("Tue, 24 Nov 2026 12:00:00 +9999", NOON + 5_000, NOON + 5_000),
    ],
)
def test_when_it_happened(timestamp: str | None, received_at: int, happened_at: int) -> None:
    assert moment(timestamp, received_at) == happened_at


@given(st.text(max_size=40), st.integers(0, 2**45))
def test_never_after_we_heard_of_it(timestamp: str, received_at: int) -> None:
    assert 0 <= moment(timestamp, received_at) <= received_at


@pytest.fixture
def in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server whose own clock is not UTC's."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_new_york")
@pytest.mark.parametrize("zone", ["+0000", "-0000", "GMT"])
def test_a_listed_moment_is_utcs_where_no_zone_is_told(zone: str) -> None:
    assert told_moment(f"Tue, 24 Nov 2026 12:10:00 {zone}") == 1_795_522_200_000


def test_what_is_no_moment_is_none() -> None:
    assert told_moment(None) is told_moment("soon") is None
