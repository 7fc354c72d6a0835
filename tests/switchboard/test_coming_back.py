"""Who comes back, and which number it then sees."""

from sqlalchemy import Engine

from swapboard.numbers.rules import Overflow
from swapboard.storage.engine import writing
from swapboard.switchboard.beating import hear
from swapboard.switchboard.visiting import admit
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
