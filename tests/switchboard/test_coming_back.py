"""Who comes back, and which number it then sees."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from swapboard.clock import MINUTE
from swapboard.numbers.rules import Overflow
from swapboard.storage.engine import writing
from swapboard.switchboard.beating import Heard, hear
from swapboard.switchboard.leasing import end_expired
from swapboard.switchboard.visiting import admit
from swapboard.visits.listing import session_by_id
from swapboard.visits.visit import Presence
from tests.building import NOW, PAGE, a_beat, a_visit, open_business

CLICK = f"{PAGE}?utm_source=news&utm_medium=email&utm_campaign=may"


def test_a_tab_that_wakes_up_gets_its_own_number_back_not_another_tabs(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=5)
        [first] = admit(connection, [a_visit(business)])
        [second] = admit(connection, [a_visit(business, visitor_id=first.visitor_id, url=CLICK, now=NOW + 1)])
        both = [first.session_id, second.session_id]
        hear(connection, [a_beat(business, each, Presence.GONE, NOW + 2) for each in both])
        [woken] = hear(connection, [a_beat(business, first.session_id, now=NOW + 3)])
        [shown] = admit(connection, [a_visit(business, session_id=first.session_id, now=NOW + 4)])
    assert woken.swaps == ()
    assert shown.swaps == first.swaps != second.swaps


def test_a_page_that_was_told_to_show_its_own_number_hears_when_it_has_one_again(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=1, overflow=Overflow.ORIGINAL)
        [first] = admit(connection, [a_visit(business)])
        hear(connection, [a_beat(business, first.session_id, Presence.GONE, NOW + 1)])
        [other] = admit(connection, [a_visit(business, now=NOW + 2)])
        [without] = hear(connection, [a_beat(business, first.session_id, now=NOW + 3)])
        hear(connection, [a_beat(business, other.session_id, Presence.GONE, NOW + 4)])
        [again] = hear(connection, [a_beat(business, first.session_id, now=NOW + 5)])
        [then] = hear(connection, [a_beat(business, first.session_id, now=NOW + 6)])
    assert [swap.number for swap in without.swaps] == [swap.target for swap in first.swaps]
    assert again.swaps == first.swaps
    assert then.swaps == ()


LEAVING = {
    "a page that goes elsewhere": (Presence.GONE, Presence.HIDDEN),
    "a tab that is closed": (Presence.HIDDEN, Presence.GONE, Presence.HIDDEN),
    "a tap on a link that leads away": (Presence.VISIBLE, Presence.GONE),
}


@pytest.mark.parametrize("together", [True, False], ids=["at once", "one by one"])
@pytest.mark.parametrize("said", LEAVING.values(), ids=LEAVING.keys())
def test_what_browsers_say_of_a_page_that_leaves_leaves_its_number(
    engine: Engine, said: Sequence[Presence], together: bool
) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=1)
        [first] = admit(connection, [a_visit(business)])
        beats = [a_beat(business, first.session_id, each, NOW + 1 + place) for place, each in enumerate(said)]
        heard = (
            hear(connection, beats) if together else [each for beat in beats for each in hear(connection, [beat])]
        )
        [other] = admit(connection, [a_visit(business, now=NOW + 10)])
        gone = session_by_id(connection, business.company_id, first.session_id)
    assert all(each == Heard(alive=True) for each in heard)
    assert [swap.number for swap in other.swaps] == [swap.number for swap in first.swaps]
    assert gone is not None
    assert gone.session.presence is Presence.GONE


def test_a_hidden_tab_keeps_its_number_and_one_that_went_and_is_seen_again_has_it_back(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=1, overflow=Overflow.ORIGINAL)
        [first] = admit(connection, [a_visit(business)])
        hear(connection, [a_beat(business, first.session_id, Presence.HIDDEN, NOW + 1)])
        [other] = admit(connection, [a_visit(business, now=NOW + 2)])
        said = (Presence.GONE, Presence.HIDDEN, Presence.VISIBLE, Presence.HIDDEN)
        hear(connection, [a_beat(business, first.session_id, each, NOW + 3) for each in said])
        [another] = admit(connection, [a_visit(business, now=NOW + 4)])
    assert other.swaps == another.swaps == ()


def test_a_hidden_tab_whose_number_went_takes_none_until_it_is_looked_at(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=1, overflow=Overflow.ORIGINAL)
        [first] = admit(connection, [a_visit(business)])
        later = NOW + MINUTE
        end_expired(connection, business.company_id, later)
        hidden = hear(connection, [a_beat(business, first.session_id, Presence.HIDDEN, later + 1)])
        [other] = admit(connection, [a_visit(business, now=later + 2)])
        hear(connection, [a_beat(business, other.session_id, Presence.GONE, later + 3)])
        [looked_at] = hear(connection, [a_beat(business, first.session_id, Presence.VISIBLE, later + 4)])
        [another] = admit(connection, [a_visit(business, now=later + 5)])
    assert hidden == [Heard(alive=True)]
    assert other.swaps == first.swaps
    assert looked_at.alive
    assert another.swaps == ()
