"""The token buckets: so many at once, so many a second from then on, and no memory without end."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import SECOND
from swapboard.web.limits import MOST_BUCKETS, RateLimit

NOW = 1_795_000_000_000


def test_a_burst_and_then_the_rate() -> None:
    limit = RateLimit(per_second=2, burst=3)
    assert [limit.allows("a", NOW) for _ in range(5)] == [True] * 3 + [False] * 2
    assert [limit.allows("a", NOW + SECOND) for _ in range(3)] == [True, True, False]
    assert [limit.allows("a", NOW + 60 * SECOND) for _ in range(4)] == [True] * 3 + [False]


def test_who_never_waits_still_gets_through_at_the_rate() -> None:
    limit = RateLimit(per_second=1, burst=1)
    passed = [limit.allows("a", NOW + quarter * SECOND // 4) for quarter in range(9)]
    assert passed == [True, False, False, False, True, False, False, False, True]


def test_nobody_pays_for_another() -> None:
    limit = RateLimit(per_second=1, burst=1)
    assert limit.allows("a", NOW)
    assert limit.allows("b", NOW)
    assert not limit.allows("a", NOW)


def test_a_token_that_is_given_back_can_be_taken_again() -> None:
    limit = RateLimit(per_second=1, burst=1)
    assert limit.allows("a", NOW)
    limit.give_back("a")
    assert limit.allows("a", NOW)
    assert not limit.allows("a", NOW)
    limit.give_back("nobody")
    assert [limit.allows("nobody", NOW) for _ in range(2)] == [True, False]


def test_the_bucket_that_was_used_least_lately_is_forgotten_first() -> None:
    limit = RateLimit(per_second=0.001, burst=1)
    assert limit.allows("kept", NOW)
    assert limit.allows("forgotten", NOW)
    for index in range(MOST_BUCKETS - 2):
        assert limit.allows(f"a{index}", NOW)
    assert not limit.allows("kept", NOW)
    assert limit.allows("one more", NOW)
    assert limit.allows("forgotten", NOW)
    assert not limit.allows("kept", NOW)


@given(
    per_second=st.integers(1, 100),
    burst=st.integers(1, 50),
    steps=st.lists(st.integers(-5_000, 5_000), max_size=200),
)
def test_never_more_than_the_burst_and_the_rate_however_the_clock_goes(
    per_second: int, burst: int, steps: list[int]
) -> None:
    limit = RateLimit(per_second, burst)
    now, forward, passed = NOW, 0, 0
    for step in steps:
        now += step
        forward += max(0, step)
        passed += limit.allows("a", now)
        assert passed <= burst + forward / SECOND * per_second + 1e-6
