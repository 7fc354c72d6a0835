"""A visit's steps, and who may have made a call."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.listing import CandidateRecord
from swapboard.visits.listing import SessionDetail, TimelineEvent
from swapboard.visits.visit import EventKind
from swapboard.web.dashboard.story import steps_of, suspects_of
from swapboard.web.dashboard.written import percent


@dataclass(frozen=True, slots=True)
class Seen:
    """Of a session, when it was last heard of."""

    last_seen_at: int


def visit_of(events: Sequence[TimelineEvent], last_seen_at: int = 1000) -> SessionDetail:
    return SessionDetail(Seen(last_seen_at), tuple(events))  # type: ignore[arg-type]


def event(at: int, kind: EventKind = EventKind.PAGE) -> TimelineEvent:
    return TimelineEvent(str(at), at, kind, "https://shop.example.com/", "", {})


def candidate(rank: int, probability: float) -> CandidateRecord:
    return CandidateRecord(f"s{rank}", rank, probability, "because", None, None, None, None, None, None)


@given(st.lists(st.integers(0, 1000), min_size=1))
def test_the_landing_comes_first_and_the_rest_in_order(moments: list[int]) -> None:
    first, *rest = steps_of(visit_of([event(at) for at in moments]), ())
    assert first.is_landing
    assert first.at == moments[0]
    assert [step.at for step in rest] == sorted(moments[1:])
    assert not any(step.is_landing for step in rest)


def test_a_page_is_open_until_the_next_or_until_the_visit_was_last_heard_of() -> None:
    events = [event(0), event(2_000, EventKind.TAP), event(5_000), event(9_000)]
    read = [step.read_seconds for step in steps_of(visit_of(events, 12_500), ())]
    assert read == [5, None, 4, 3.5]


def test_a_page_of_which_nothing_was_heard_again_was_open_for_no_time_that_we_know() -> None:
    assert [step.read_seconds for step in steps_of(visit_of([event(7_000)], 7_000), ())] == [0]


@given(st.lists(st.integers(0, 10_000), min_size=1, unique=True), st.integers(0, 5_000))
def test_the_pages_of_a_visit_last_as_long_as_the_visit(moments: list[int], rest: int) -> None:
    moments.sort()
    steps = steps_of(visit_of([event(at) for at in moments], moments[-1] + rest), ())
    assert sum(step.read_seconds or 0 for step in steps) == pytest.approx((moments[-1] + rest - moments[0]) / 1000)


def test_what_is_hardly_probable_is_counted_not_listed() -> None:
    found = suspects_of([candidate(1, 0.7), candidate(2, 0.2), candidate(3, 0.009), candidate(4, 0.001)])

    assert [each.rank for each in found.likely] == [1, 2]
    assert found.others == 2
    assert found.others_probability == pytest.approx(0.01)
    assert found.nobody_probability == pytest.approx(0.09)


def test_the_first_is_listed_however_improbable() -> None:
    assert [each.rank for each in suspects_of([candidate(1, 0.002), candidate(2, 0.001)]).likely] == [1]


@given(st.lists(st.floats(0.0001, 1), max_size=20))
def test_all_shares_make_one(weights: list[float]) -> None:
    total = sum(weights) + 0.03
    found = suspects_of(
        [candidate(rank, each / total) for rank, each in enumerate(sorted(weights, reverse=True), 1)]
    )

    listed = sum(each.probability for each in found.likely)
    assert listed + found.others_probability + found.nobody_probability == pytest.approx(1)
    assert len(found.likely) + found.others == len(weights)


def test_what_is_read_of_the_suspects_makes_a_hundred() -> None:
    found = suspects_of([candidate(1, 0.485), candidate(2, 0.006), candidate(3, 0.004)])
    exact = (0.485, found.others_probability, found.nobody_probability)
    assert [round(each * 100) for each in exact] == [48, 1, 50]
    assert [percent(each) for each in exact] == ["48%", "1%", "50%"]
    assert [percent(*each) for each in zip(exact, found.percents, strict=True)] == ["49%", "1%", "50%"]
    sure = suspects_of([candidate(1, 0.997)])
    assert sure.percents == (100, 0, 0)
    assert [percent(0.997, 100), percent(0.003, 0), percent(0.0, 0)] == [">99%", "<1%", "0%"]


@given(st.lists(st.floats(0, 0.2), max_size=5))
def test_the_more_probable_never_reads_less(probabilities: list[float]) -> None:
    ranked = sorted(probabilities, reverse=True)
    found = suspects_of([candidate(rank, each) for rank, each in enumerate(ranked, start=1)])
    assert sum(found.percents) == 100
    likely = found.percents[:-2]
    assert list(likely) == sorted(likely, reverse=True)
