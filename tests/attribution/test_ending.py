"""How a lease ended: one rule for the match, for learning, for cooling and for replaying one's own past."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.ending import ending
from swapboard.attribution.hazard import RUNS_OUT_AFTER
from swapboard.clock import MINUTE, SECOND

FROM = 1_000_000
spans = st.integers(0, 30 * MINUTE)


@st.composite
def leases(draw: st.DrawFn) -> tuple[int, int | None, int]:
    """From, until, expires: ended by a good-bye, run out, or not ended in writing."""
    last_beat = FROM + draw(spans)
    expires = last_beat + RUNS_OUT_AFTER
    until = draw(st.one_of(st.none(), st.just(expires), st.integers(last_beat, expires - 1)))
    return FROM, until, expires


@given(leases(), spans)
def test_nothing_is_known_of_later(lease: tuple[int, int | None, int], after: int) -> None:
    at = FROM + after
    known = ending(*lease, at)
    assert FROM <= known.heard_at <= at
    assert known.left_at is None or known.left_at <= at
    assert known.away_at is None or known.away_at <= at


@given(leases(), spans)
def test_who_left_said_so_and_who_is_silent_did_not(lease: tuple[int, int | None, int], after: int) -> None:
    _, until, expires = lease
    known = ending(*lease, FROM + after)
    if known.left_at is not None:
        assert known.left_at == known.away_at == known.heard_at == until
        assert until < expires
    elif known.away_at is not None:
        assert known.away_at == expires
        assert known.heard_at == expires - RUNS_OUT_AFTER
    else:
        assert FROM + after < (expires if until is None else until)


@given(leases(), spans, spans)
def test_time_only_adds_to_what_is_known(lease: tuple[int, int | None, int], one: int, more: int) -> None:
    before, after = ending(*lease, FROM + one), ending(*lease, FROM + one + more)
    assert after.heard_at >= before.heard_at or after.left_at is not None
    if before.away_at is not None:
        assert after == before


@given(st.integers(0, 10 * MINUTE), spans)
def test_it_does_not_matter_when_the_end_is_written_down(stayed: int, after: int) -> None:
    expires = FROM + stayed + RUNS_OUT_AFTER
    assert ending(FROM, None, expires, FROM + after) == ending(FROM, expires, expires, FROM + after)


def test_examples() -> None:
    expires = FROM + RUNS_OUT_AFTER
    assert ending(FROM, None, expires, FROM + 5 * SECOND) == (FROM, None, None)
    assert ending(FROM, FROM + 50 * SECOND, expires, FROM + 40 * SECOND) == (FROM + 40 * SECOND, None, None)
    assert ending(FROM, FROM + 50 * SECOND, expires, FROM + MINUTE) == (FROM + 50 * SECOND,) * 3
    assert ending(FROM, None, expires, FROM + 5 * MINUTE) == (FROM, None, expires)
