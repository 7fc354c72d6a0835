"""Several numbers on one page: each its own lease, or one for all by configuration."""

from dataclasses import replace

from sqlalchemy import Connection, Engine

from swapboard.accounts.store import touch_config
from swapboard.clock import HOUR
from swapboard.numbers.conditions import Arrival
from swapboard.numbers.explain import explain
from swapboard.numbers.inventory import add_target, change_target, remove_target
from swapboard.numbers.plan import load_plan
from swapboard.storage.engine import writing
from swapboard.switchboard.beating import hear
from swapboard.switchboard.visiting import admit
from tests.building import (
    NOW,
    Business,
    a_beat,
    a_source,
    a_visit,
    doubly_live,
    open_business,
    pool_number,
    rows_of,
)


def share(connection: Connection, business: Business) -> None:
    """The second number shows what the first one shows."""
    first, second = business.targets
    change_target(connection, business.company_id, replace(second, shares_with=first.target_id), "Second")
    touch_config(connection, business.company_id)


def test_each_number_gets_a_lease_from_its_own_pool(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, targets=2)
        [shown] = admit(connection, [a_visit(business)])
    assert [swap.number[:5] for swap in shown.swaps] == [pool_number(0, 0)[:5], pool_number(1, 0)[:5]]
    assert len(rows_of(engine, "leases")) == 2


def test_numbers_that_share_take_one_lease_and_show_the_same(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, targets=2)
        share(connection, business)
        [shown] = admit(connection, [a_visit(business)])
        [again] = admit(connection, [a_visit(business, session_id=shown.session_id, now=NOW + 1)])
    assert [swap.target for swap in shown.swaps] == [target.number for target in business.targets]
    assert len({swap.number for swap in shown.swaps}) == 1
    assert again.swaps == shown.swaps
    assert len(rows_of(engine, "leases")) == 1
    assert doubly_live(engine) == []


def test_a_page_with_only_the_sharing_number_gets_one_too(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, targets=2)
        share(connection, business)
        second = business.targets[1].number
        [shown] = admit(connection, [a_visit(business, targets=(second,))])
    [swap] = shown.swaps
    assert (swap.target, swap.number[:5]) == (second, "+1202")


def test_a_page_that_wakes_up_hears_the_new_number_for_both(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, targets=2, numbers=1)
        share(connection, business)
        [slept] = admit(connection, [a_visit(business)])
        # It fell silent; somebody else has the only number now.
        later = NOW + HOUR // 4
        [other] = admit(connection, [a_visit(business, now=later)])
        [heard] = hear(connection, [a_beat(business, slept.session_id, now=later + 1)])
    assert other.swaps[0].number == slept.swaps[0].number
    assert {swap.target for swap in heard.swaps} == {target.number for target in business.targets}
    assert len({swap.number for swap in heard.swaps}) == 1


def test_the_explanation_follows_and_the_lender_may_go(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, targets=2)
        share(connection, business)
        plan = load_plan(connection, business.company_id)
        second = plan.targets[business.targets[1].number]
        told = explain(plan, Arrival(a_source()), second)
        assert told.decision == plan.decide(Arrival(a_source()), second)
        assert told.decision.pool is not None
        assert told.decision.pool.pool_id == business.pools[0].pool_id
    with writing(engine) as connection:
        other = open_business(connection)
        extra = replace(other.targets[0], target_id="extra", number="+442079460150", shares_with=None)
        add_target(connection, other.company_id, extra, "Extra", NOW)
        sharing = replace(other.targets[0], shares_with="extra")
        change_target(connection, other.company_id, sharing, "First")
        remove_target(connection, other.company_id, "extra")
        assert [t.shares_with for t in load_plan(connection, other.company_id).targets.values()] == [None]
