"""Numbers in the database cool by what was learned: who called leaves less, and the coolest is given next."""

import pytest
from sqlalchemy import Engine

from swapboard.attribution.learned import Learned
from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.clock import MINUTE, SECOND
from swapboard.storage.engine import writing
from swapboard.switchboard.beating import hear
from swapboard.switchboard.chores import CALLS_CURVE
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.sweeping import sweep
from swapboard.switchboard.visiting import admit
from swapboard.visits.visit import Presence
from tests.building import NOW, Business, a_beat, a_visit, open_business, rows_of


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection, numbers=2)


def ring(connection: object, business: Business, number: str) -> None:
    arrived = CallEvent(
        "c1", "", EventKind.ARRIVED, 0, NOW + 30 * SECOND, Facts(dialled=number, caller="+12125550111")
    )
    told = Told(business.company_id, business.carrier_id, (arrived,), {}, NOW + 30 * SECOND)
    receive(connection, [told])  # type: ignore[arg-type]


def heats(engine: Engine) -> dict[str, float]:
    return {row["number"]: row["heat"] for row in rows_of(engine, "numbers", kind="pool")}


def two_visits_of_which_one_calls(engine: Engine, business: Business) -> tuple[str, str]:
    """The numbers of the one that called and left first, and of the other that left a minute later."""
    with writing(engine) as connection:
        [caller] = admit(connection, [a_visit(business)])
        [other] = admit(connection, [a_visit(business, now=NOW + 1)])
        called, quiet = caller.swaps[0].number, other.swaps[0].number
        ring(connection, business, called)
        hear(connection, [a_beat(business, other.session_id, Presence.GONE, NOW + 10 * MINUTE)])
        sweep(connection, [NOW + 20 * MINUTE])
    return called, quiet


def test_before_anything_was_learned_the_longest_idle_is_given(engine: Engine, business: Business) -> None:
    called, quiet = two_visits_of_which_one_calls(engine, business)
    assert set(heats(engine).values()) == {1.0}
    with writing(engine) as connection:
        [next_one] = admit(connection, [a_visit(business, now=NOW + 21 * MINUTE)])
    assert next_one.swaps[0].number == called != quiet


def test_who_called_leaves_a_cooler_number_which_is_given_next(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        keep = CALLS_CURVE.keep
        keep(connection, business.company_id, (Learned(version=1), 20), NOW)
    called, quiet = two_visits_of_which_one_calls(engine, business)
    assert heats(engine)[called] < 0.5 < heats(engine)[quiet]
    with writing(engine) as connection:
        [next_one] = admit(connection, [a_visit(business, now=NOW + 21 * MINUTE)])
    assert next_one.swaps[0].number == called


def test_a_curve_that_is_learned_while_numbers_are_out_counts_at_once(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        [visit] = admit(connection, [a_visit(business)])
        hear(connection, [a_beat(business, visit.session_id, Presence.GONE, NOW + MINUTE)])
    assert set(heats(engine).values()) == {1.0}
    with writing(engine) as connection:
        chore = CALLS_CURVE
        chore.keep(connection, business.company_id, (Learned(version=1), 20), NOW)
        hear(connection, [a_beat(business, visit.session_id, now=NOW + 2 * MINUTE)])
        hear(connection, [a_beat(business, visit.session_id, Presence.GONE, NOW + 3 * MINUTE)])
    assert set(heats(engine).values()) != {1.0}
