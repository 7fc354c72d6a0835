"""The lease rule as a pure function, by its properties."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import SECOND
from swapboard.numbers.pool import FreeNumber, Want, expiry, longest_idle, place

NUMBER_IDS = st.sampled_from([f"n{index}" for index in range(8)])


@st.composite
def free_numbers(draw: st.DrawFn) -> list[FreeNumber]:
    ids = draw(st.lists(NUMBER_IDS, unique=True))
    return [FreeNumber(number_id, f"+{number_id}", draw(st.integers(0, 5))) for number_id in ids]


@st.composite
def wants(draw: st.DrawFn) -> list[Want]:
    ids = draw(st.lists(st.tuples(st.sampled_from("stuvwxyz"), st.sampled_from("AB")), unique=True, max_size=10))
    return [Want(session, target, draw(st.none() | NUMBER_IDS)) for session, target in ids]


@given(wants(), free_numbers())
def test_no_number_is_given_twice_and_only_free_ones_are_given(asked: list[Want], free: list[FreeNumber]) -> None:
    placed = place(asked, free)
    given_ids = [number.number_id for number in placed.values()]
    assert len(given_ids) == len(set(given_ids))
    assert set(placed.values()) <= set(free)
    assert placed.keys() <= {want.want_id for want in asked}


@given(wants(), free_numbers())
def test_nobody_overflows_while_a_number_is_free(asked: list[Want], free: list[FreeNumber]) -> None:
    assert len(place(asked, free)) == min(len(asked), len(free))


@given(wants(), free_numbers())
def test_whoever_comes_back_gets_the_number_if_it_is_free(asked: list[Want], free: list[FreeNumber]) -> None:
    placed = place(asked, free)
    by_id = {number.number_id: number for number in free}
    first_to_ask: dict[str, Want] = {}
    for want in asked:
        if want.last_number_id in by_id:
            first_to_ask.setdefault(want.last_number_id, want)
    for number_id, want in first_to_ask.items():
        assert placed[want.want_id].number_id == number_id


@given(free_numbers().filter(bool))
def test_one_that_comes_alone_gets_the_longest_idle(free: list[FreeNumber]) -> None:
    """A replay places visit by visit."""
    want = Want("s", "A")
    assert min(free, key=longest_idle) == place([want], free)[want.want_id]


@given(wants(), free_numbers())
def test_strangers_get_the_longest_idle_in_the_order_they_come(asked: list[Want], free: list[FreeNumber]) -> None:
    placed = place(asked, free)
    back = {want.want_id for want in asked if placed.get(want.want_id, _NONE).number_id == want.last_number_id}
    given_back = {placed[want_id].number_id for want_id in back}
    rest = sorted((n for n in free if n.number_id not in given_back), key=lambda n: (n.left_at, n.number_id))
    strangers = [want.want_id for want in asked if want.want_id not in back]
    assert [placed.get(want_id) for want_id in strangers][: len(rest)] == rest[: len(strangers)]
    assert not any(want_id in placed for want_id in strangers[len(rest) :])


@given(wants(), free_numbers(), st.randoms(use_true_random=False))
def test_the_order_of_the_free_numbers_and_their_repetition_change_nothing(
    asked: list[Want], free: list[FreeNumber], chance: Random
) -> None:
    shuffled = [*free, *free]
    chance.shuffle(shuffled)
    assert place(asked, shuffled) == place(asked, free)


def test_a_lease_ends_after_three_missed_beats() -> None:
    assert expiry(1_000, 20) == 1_000 + 60 * SECOND


_NONE = FreeNumber("", "", 0)
