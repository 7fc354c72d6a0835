"""The match rule by its properties: it sums to one, whatever the order, and nobody is a candidate too early."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.curve import Curve
from swapboard.attribution.evidence import Known, Link, Share
from swapboard.attribution.hazard import LONGEST_AGE
from swapboard.attribution.holder import Holder, places_of
from swapboard.attribution.match import match
from swapboard.attribution.posterior import Posterior, candidates
from swapboard.attribution.ring import Ring
from swapboard.clock import DAY, HOUR, MINUTE, SECOND

CALL_AT = 10 * DAY
CURVE = Curve.prior()
AGES = st.integers(0, 9 * DAY)


@st.composite
def holders(draw: st.DrawFn, session_id: str) -> Holder:
    came_at = CALL_AT - draw(AGES)
    heard_at = draw(st.integers(came_at, CALL_AT))
    return Holder(
        session_id=session_id,
        visitor_id=draw(st.sampled_from("uvw")),
        came_at=came_at,
        heard_at=heard_at,
        left_at=draw(st.none() | st.just(heard_at)),
        hidden_at=draw(st.none() | st.just(heard_at)),
        tapped_at=draw(st.none() | st.integers(came_at, heard_at)),
        who=draw(st.integers(0, 3)),
        region=draw(st.sampled_from(["", "US-NY", "US-CA"])),
        called=draw(st.sampled_from([0.0, 0.4, 1.0])),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Ring, list[Holder], dict[str, Link]]:
    ids = draw(st.lists(st.sampled_from([f"s{index}" for index in range(9)]), unique=True))
    held = [draw(holders(each)) for each in ids]
    caller = draw(st.none() | st.sampled_from(["+12125550111", "+13105550122"]))
    known = None
    if caller and draw(st.booleans()):
        shares = tuple(Share(each.session_id, each.visitor_id, 0.9 / len(held)) for each in held[:3])
        known = Known(CALL_AT - draw(AGES), "n1", shares, 0.1)
    links = {"u": Link("+12125550111", draw(st.floats(0, 1)), "s0")} if draw(st.booleans()) else {}
    areas = {"US-NY": 2.5, "US-CA": 0.1} if caller else {}
    withheld = () if caller else draw(nameless(held))
    return Ring(CALL_AT, "n1", caller, areas, known, 20, 8, withheld), held, links


def nameless(held: list[Holder]) -> st.SearchStrategy[tuple[Known, ...]]:
    shares = st.lists(st.sampled_from(held), max_size=3) if held else st.just([])
    calls = st.builds(
        lambda ago, made: Known(
            CALL_AT - ago, "n1", tuple(Share(s.session_id, s.visitor_id, 0.3) for s in made), 0.1
        ),
        AGES,
        shares,
    )
    return st.lists(calls, max_size=3).map(tuple)


def probabilities(posterior: Posterior) -> dict[str, float]:
    return {each.holder.session_id: posterior.probability(each) for each in posterior.weighed}


@given(cases(), st.sampled_from([0.0, 1e-3]))
def test_candidates_and_nobody_sum_to_one(case: tuple[Ring, list[Holder], dict[str, Link]], least: float) -> None:
    ring, held, links = case
    posterior = match(ring, held, CURVE, links, {0: 2.0, 70: 500.0}, least)
    found = probabilities(posterior)
    assert all(0.0 <= each <= 1.0 for each in found.values())
    rest = posterior.rest_weight / posterior.total
    assert sum(found.values()) + rest + posterior.nobody == pytest.approx(1.0)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_holders_changes_nothing(
    case: tuple[Ring, list[Holder], dict[str, Link]], chance: Random
) -> None:
    ring, held, links = case
    shuffled = list(held)
    chance.shuffle(shuffled)
    one, other = match(ring, held, CURVE, links), match(ring, shuffled, CURVE, links)
    assert probabilities(one) == pytest.approx(probabilities(other))
    named = [each.session_id for each in candidates(one, ring.at, 5)]
    assert len(named) == min(5, len(one.weighed))


@given(cases())
def test_it_is_the_same_each_time(case: tuple[Ring, list[Holder], dict[str, Link]]) -> None:
    ring, held, links = case
    assert probabilities(match(ring, held, CURVE, links)) == probabilities(match(ring, held, CURVE, links))


def test_whoever_left_too_long_ago_is_no_candidate() -> None:
    at = LONGEST_AGE + DAY
    gone = Holder("s", "v", 0, 0, left_at=0)
    assert match(Ring(at, "n1"), [gone], CURVE, {}).weighed == []


def best_of(*held: Holder, ring: Ring | None = None) -> str | None:
    best = match(ring or Ring(CALL_AT, "n1", "+12125550111"), held, CURVE, {}).best()
    return best.holder.session_id if best else None


def left(session_id: str, ago: int, **facts: object) -> Holder:
    return Holder(session_id, session_id, CALL_AT - ago - MINUTE, CALL_AT - ago, left_at=CALL_AT - ago, **facts)  # type: ignore[arg-type]


def live(session_id: str, **facts: object) -> Holder:
    return Holder(session_id, session_id, CALL_AT - MINUTE, CALL_AT - 5 * SECOND, **facts)  # type: ignore[arg-type]


def test_who_is_there_is_more_probable_than_who_left() -> None:
    assert best_of(live("here"), left("gone", 5 * MINUTE)) == "here"


def test_who_just_tapped_is_more_probable_than_who_only_looks() -> None:
    assert best_of(live("looks"), left("tapped", 2 * SECOND, tapped_at=CALL_AT - 4 * SECOND)) == "tapped"


def test_nobody_when_everybody_left_days_ago() -> None:
    assert best_of(left("gone", 5 * DAY)) is None


def test_who_called_before_calls_again_rather_than_somebody_new() -> None:
    known = Known(CALL_AT - 30 * MINUTE, "n1", (Share("before", "before", 0.98),), 0.02)
    ring = Ring(CALL_AT, "n1", "+12125550111", {}, known, 50, 4)
    assert best_of(live("here"), left("before", 60 * MINUTE, called=0.98), ring=ring) == "before"


def test_who_may_have_called_makes_no_first_call_with_that_number() -> None:
    """Who made the last call calls again. Who half may have was weighed as calling for the first time, too."""
    known = Known(CALL_AT - 30 * MINUTE, "n1", (Share("s", "v", 0.4), Share("other", "w", 0.4)), 0.0)
    ring = Ring(CALL_AT, "n1", "+12125550111", {}, known, 50, 4)

    def first_call(session_id: str, visitor_id: str, called: float) -> float:
        held = Holder(session_id, visitor_id, 0, CALL_AT - HOUR, left_at=CALL_AT - HOUR, called=called)
        [found] = match(ring, [held], CURVE, {}).weighed
        [place] = places_of((held,), CALL_AT)
        return (found.weight - found.again) / CURVE.flat_at(CALL_AT)[place]

    unheard = first_call("new", "new", 0.0)
    assert first_call("s", "v", 0.4) == pytest.approx(0.6 * unheard)
    of_others = 1.0 - 0.5 * (1.0 - CURVE.after_call)
    assert first_call("s", "v", 0.7) == pytest.approx(0.6 * unheard * of_others)
    assert first_call("later", "v", 0.0) == pytest.approx(0.6 * unheard + 0.4 * CURVE.same_number)


def test_who_called_may_call_again_however_long_ago_the_visit_was() -> None:
    known = Known(CALL_AT - 30 * MINUTE, "n1", (Share("before", "before", 0.98),), 0.02)
    long_gone = left("before", LONGEST_AGE + DAY, called=0.98)
    assert best_of(long_gone, ring=Ring(CALL_AT, "n1", "+12125550111", {}, known, 50, 4)) == "before"
    assert not match(Ring(CALL_AT, "n1"), [long_gone], CURVE, {}).weighed


def test_who_called_with_its_number_withheld_may_call_so_again() -> None:
    held = [left("before", 60 * MINUTE, called=0.9), left("other", 50 * MINUTE)]
    earlier = (
        Known(CALL_AT - 30 * MINUTE, "n1", (Share("before", "before", 0.9),), 0.1),
        Known(CALL_AT - 5 * DAY, "n1", (Share("long ago", "long ago", 0.9),), 0.1),
    )
    assert best_of(*held, ring=Ring(CALL_AT, "n1", withheld=earlier)) == "before"
    assert best_of(*held, ring=Ring(CALL_AT, "n1")) != "before"


def test_who_was_too_improbable_to_be_remembered_may_have_called_all_the_same() -> None:
    """Ten had a hundredth each: together they are a tenth, for those who held the number by then only."""
    held = [left(f"s{index}", 60 * MINUTE) for index in range(10)] + [live("new")]
    known = Known(CALL_AT - 30 * MINUTE, "n1", (Share("s0", "s0", 0.5),), 0.1)
    found = match(Ring(CALL_AT, "n1", "+12125550111", {}, known, 50, 4), held, CURVE, {})
    again = {each.holder.session_id: each.again for each in found.weighed}
    assert again["new"] == 0.0
    assert sum(again[f"s{index}"] for index in range(1, 10)) == pytest.approx(again["s0"] * 0.4 / 0.5)
    elsewhere = match(Ring(CALL_AT, "n2", "+12125550111", {}, known, 50, 4), held, CURVE, {})
    assert [each.holder.session_id for each in elsewhere.weighed if each.again] == ["s0"]


def test_a_tie_to_the_caller_says_nothing_of_who_made_the_last_call() -> None:
    """A tie makes a first call a thousand times likelier: it took all that the others shared."""
    held = [left("tied", 60 * MINUTE), left("other", 60 * MINUTE)]
    known = Known(CALL_AT - 30 * MINUTE, "n1", (Share("s0", "tied", 0.3),), 0.1)
    found = match(Ring(CALL_AT, "n1", "+12125550111", {}, known, 50, 4), held, CURVE, {})
    tied, other = sorted(found.weighed, key=lambda each: each.holder.session_id == "other")
    assert tied.weight - tied.again > 100 * (other.weight - other.again)
    assert tied.again == pytest.approx(0.7 * other.again)


def test_a_tap_that_led_to_a_call_leads_to_no_other() -> None:
    def tapper(*, called: bool) -> Holder:
        found = Holder("s", "v", CALL_AT - MINUTE, CALL_AT, tapped_at=CALL_AT - 8 * SECOND)
        if called:
            found.believe(0.99, CALL_AT - 5 * SECOND, withheld=False)
        return found

    other = Holder("t", "w", CALL_AT - MINUTE, CALL_AT)
    ring = Ring(CALL_AT, "n1", "+12125550111")
    before, after = (match(ring, [tapper(called=called), other], CURVE, {}) for called in (False, True))
    assert before.weighed[0].weight > 5 * before.weighed[1].weight
    assert after.weighed[0].weight < before.weighed[0].weight / 90
    again = tapper(called=True)
    again.tapped_at = CALL_AT - SECOND
    assert match(ring, [again], CURVE, {}).weighed[0].weight > 5 * after.weighed[0].weight
