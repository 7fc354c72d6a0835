"""The score says why, never contradicts a person, and cuts nobody off with whom somebody talked."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.spam import (
    POINTS,
    Attestation,
    Earlier,
    Policy,
    Ringing,
    Signal,
    Traffic,
    Treatment,
    Word,
    assess,
    pumping,
    treat,
    word_on,
)
from swapboard.clock import DAY, HOUR, MINUTE

NOW = 1_795_000_000_000
CALLER, OURS, TRAP = "+12125550111", "+12025550100", "+12025550199"
CALM = Ringing(NOW, OURS, CALLER)
EAGER = Policy(reject_from=0.0)

numbers = st.sampled_from([OURS, TRAP, "+12025550101", "+12025550102", "+12025550103"])
earlier = st.builds(Earlier, numbers, st.integers(NOW - 40 * DAY, NOW + HOUR), st.integers(0, 600), st.booleans())
ringings = st.builds(
    Ringing,
    at=st.just(NOW),
    dialled=st.none() | numbers,
    caller=st.none() | st.sampled_from([CALLER, "+12025550177", "+19995550100", "+442079460001"]),
    withheld=st.booleans(),
    attestation=st.none() | st.sampled_from(Attestation),
    word=st.none() | st.sampled_from(Word),
    earlier=st.lists(earlier, max_size=12).map(tuple),
    honeypots=st.sampled_from([frozenset(), frozenset({TRAP})]),
)


@given(ringings)
def test_the_reasons_make_the_score(ringing: Ringing) -> None:
    found = assess(ringing)
    assert 0 <= found.score <= 1
    assert len({reason.signal for reason in found.reasons}) == len(found.reasons)
    points = sum(reason.points for reason in found.reasons)
    assert (found.score > 0.02) == (points > 0) or abs(points) < 1e-9


@given(ringings)
def test_a_person_has_the_last_word(ringing: Ringing) -> None:
    assert assess(replace(ringing, word=Word.BLOCK)).score > 0.999
    allowed = replace(ringing, word=Word.ALLOW)
    assert assess(allowed).score < 0.001
    assert treat(assess(allowed), EAGER, allowed, over_cap=True) is Treatment.PUT_THROUGH
    blocked = replace(ringing, word=Word.BLOCK)
    assert treat(assess(blocked), Policy(reject_from=None), blocked, over_cap=False) is Treatment.REJECT


@given(ringings, st.booleans())
def test_whoever_talked_to_somebody_is_never_cut_off(ringing: Ringing, over_cap: bool) -> None:
    known = replace(ringing, word=None, earlier=(*ringing.earlier, Earlier(OURS, NOW - DAY, 30)))
    assert treat(assess(known), EAGER, known, over_cap=over_cap) is Treatment.PUT_THROUGH


def test_a_quiet_caller_is_not_suspected() -> None:
    assert assess(CALM).reasons == ()
    assert assess(CALM).score == pytest.approx(0.02)
    assert treat(assess(CALM), Policy(), CALM, over_cap=False) is Treatment.PUT_THROUGH
    assert treat(assess(CALM), Policy(), CALM, over_cap=True) is Treatment.OVER_CAP


@pytest.mark.parametrize(
    ("changes", "signal", "count"),
    [
        ({"honeypots": frozenset({OURS})}, Signal.HONEYPOT, 1),
        ({"honeypots": frozenset({TRAP}), "earlier": (Earlier(TRAP, NOW - 29 * DAY),)}, Signal.HONEYPOT, 1),
        ({"earlier": tuple(Earlier(f"+1202555010{n}", NOW - 9 * MINUTE) for n in (1, 2))}, Signal.NUMBERS, 1),
        ({"earlier": tuple(Earlier(f"+1202555010{n}", NOW - MINUTE) for n in (1, 2, 3))}, Signal.NUMBERS, 2),
        ({"earlier": (Earlier(OURS, NOW - MINUTE),) * 5}, Signal.CALLS, 1),
        ({"attestation": Attestation.C}, Signal.ATTESTED_C, 1),
        ({"attestation": Attestation.A}, Signal.ATTESTED_A, 1),
        ({"caller": "+19995550100"}, Signal.IMPOSSIBLE, 1),
        ({"caller": "+12025550177"}, Signal.NEIGHBOUR, 1),
        ({"caller": None, "withheld": True}, Signal.WITHHELD, 1),
        ({"earlier": (Earlier(OURS, NOW - DAY, 5, True),)}, Signal.SPAM_BEFORE, 1),
        ({"earlier": (Earlier(OURS, NOW - DAY, 30),)}, Signal.TALKED_BEFORE, 1),
    ],
)
def test_each_signal_by_itself(changes: dict[str, object], signal: Signal, count: int) -> None:
    (reason,) = assess(replace(CALM, **changes)).reasons  # type: ignore[arg-type]
    assert (reason.signal, reason.count) == (signal, count)
    assert reason.points == POINTS[signal] * count


@pytest.mark.parametrize(
    "changes",
    [
        {"honeypots": frozenset({TRAP}), "earlier": (Earlier(TRAP, NOW - 31 * DAY),)},
        {"earlier": tuple(Earlier(f"+1202555010{n}", NOW - 11 * MINUTE) for n in (1, 2, 3))},
        {"earlier": (Earlier(OURS, NOW - MINUTE),) * 4},
        {"earlier": (Earlier(OURS, NOW - DAY, 29),)},
        {"attestation": Attestation.B},
        {"earlier": (Earlier(TRAP, NOW + HOUR),), "honeypots": frozenset({TRAP})},
    ],
)
def test_what_is_too_long_ago_or_too_little_says_nothing(changes: dict[str, object]) -> None:
    assert assess(replace(CALM, **changes)).reasons == ()  # type: ignore[arg-type]


def test_the_number_itself_goes_before_the_longest_beginning() -> None:
    words = {"+1900*": Word.BLOCK, "+190055*": Word.ALLOW, "+19005550100": Word.BLOCK, "+1*": Word.ALLOW}
    assert word_on("+19005550100", words) is Word.BLOCK
    assert word_on("+19005550101", words) is Word.ALLOW
    assert word_on("+19004440100", words) is Word.BLOCK
    assert word_on("+12025550100", words) is Word.ALLOW
    assert word_on("+442079460001", words) is None
    assert word_on(None, words) is None


def test_the_cap_that_is_reached_first_counts() -> None:
    assert Policy().cap_seconds is None
    assert Policy(cap_minutes=10).cap_seconds == 600
    assert Policy(cap_cents=100, cents_a_minute=2.0).cap_seconds == 3000
    assert Policy(cap_minutes=60, cap_cents=100, cents_a_minute=2.0).cap_seconds == 3000
    assert Policy(cap_minutes=10, cap_cents=100, cents_a_minute=2.0).cap_seconds == 600
    assert Policy(cap_cents=100).cap_seconds is None


def test_pumped_traffic_is_much_and_from_one_range() -> None:
    pumped = {f"+5345550{n:03d}": 600 for n in range(10)}
    found = pumping(Traffic(pumped, 600.0))
    assert found is not None
    assert (found.prefix, found.minutes, found.all_minutes, found.usual_minutes) == ("+5345550", 100, 100, 10)
    assert pumping(Traffic(pumped, 3000.0)) is None, "no more than usual"
    assert pumping(Traffic({"+53455500001": 3599}, 0.0)) is None, "under an hour"
    spread = {f"+{20 + n}5550100": 600 for n in range(30)}
    assert pumping(Traffic(spread, 600.0)) is None, "from everywhere"
    assert pumping(Traffic()) is None
