"""Auto-scale at work, on both engines, with a stand-in that keeps Twilio's rules: it buys once only."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, update

from swapboard.accounts.secrets import Vault
from swapboard.carriers.base import Links, OfferedNumber
from swapboard.carriers.twilio.adapter import TwilioCarrier, TwilioKind
from swapboard.clock import DAY, HOUR, MINUTE, Millis
from swapboard.numbers.acting import Order, act
from swapboard.numbers.arrivals import kept_rhythms, visits_since
from swapboard.numbers.inventory import NewNumber, NumberKind, add_numbers, add_pool, add_target
from swapboard.numbers.lifecycle import Action
from swapboard.numbers.orders import OrderState
from swapboard.numbers.rules import Overflow, Pool, SwapTarget
from swapboard.numbers.scaling import AUTO_SCALE, Limits
from swapboard.numbers.scaling_store import ScalingEvent, scaling_log, scalings, set_scaling
from swapboard.settings import Settings
from swapboard.storage.engine import reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import companies, leases, numbers, swap_targets
from swapboard.switchboard import buying
from swapboard.switchboard.buying import AWAITED, LOST_AFTER, NOT_BOUGHT
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.scaling import EVERY, MOST_AT_ONCE
from tests.building import NOW, ON_SQLITE, Business, StillClock, open_business, rows_of, run, settings_of
from tests.twilio_stand_in import SID, TOKEN, Twilio

WHO = "owner@example.com"
LIMITS = Limits(floor=2, ceiling=10, budget_cents=1_000, number_cents=100)
POST = "POST /IncomingPhoneNumbers.json"


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def settings(migrated_url: str, tmp_path: Path) -> Settings:
    return settings_of(tmp_path, migrated_url, worker_apart=True)


@pytest.fixture
def business(engine: Engine, settings: Settings, twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> Business:
    """Three numbers in its pool, for a London line; for sale are thirty London numbers, and some of Leeds."""
    kind = TwilioKind(twilio.url)
    monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", lambda _kind: kind)
    twilio.for_sale["GB"] = [
        {"phone_number": f"+44113496{last:04d}", "locality": "Leeds", "region": ""} for last in range(5)
    ] + [{"phone_number": f"+442079460{last}", "locality": "", "region": ""} for last in range(300, 330)]
    sealed = Vault.open(settings.secret_file).seal({"account_sid": SID, "auth_token": TOKEN})
    with writing(engine) as connection:
        opened = open_business(connection, credentials=sealed, carrier_kind="twilio")
        connection.execute(
            update(numbers)
            .where(numbers.c.company_id == opened.company_id, numbers.c.pool_id.is_not(None))
            .values(monthly_cents=100, created_at=NOW - 90 * DAY)
        )
        return opened


def scale(engine: Engine, business: Business, limits: Limits = LIMITS, *, is_on: bool = True) -> str:
    pool_id = business.pools[0].pool_id
    with writing(engine) as connection:
        set_scaling(connection, business.company_id, pool_id, is_on, limits, WHO, NOW - 1)
    return pool_id


def look(settings: Settings, clock: StillClock, times: int = 1, wait: Millis = EVERY) -> None:
    """Look so many times, and wait after each."""

    async def looking(exchange: Exchange) -> None:
        for _ in range(times):
            await exchange.auto_scale.look()
            clock.now += wait

    work(settings, clock, looking)


def work(settings: Settings, clock: StillClock, use: Callable[[Exchange], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        exchange = Exchange(settings, clock)
        await exchange.start()
        try:
            await use(exchange)
        finally:
            await exchange.stop()

    run(all_of_it())


def shown(engine: Engine, pool_id: str) -> list[str]:
    return sorted(row["number"] for row in rows_of(engine, "numbers", pool_id=pool_id, status="active"))


def visits(connection: Connection, business: Business, by_hour: Callable[[int], int], until: Millis = NOW) -> None:
    """Four weeks of leases of four minutes, all on one number of the pool: `by_hour` counts by hours ago."""
    pool_id = business.pools[0].pool_id
    number_id = connection.execute(
        numbers.select().where(numbers.c.company_id == business.company_id, numbers.c.pool_id == pool_id)
    ).first()
    assert number_id is not None
    rows = []
    for hours_ago in range(1, 28 * 24 + 1):
        for place in range(by_hour(hours_ago)):
            at = until - until % HOUR - hours_ago * HOUR + place * MINUTE
            rows.append(
                {
                    "company_id": business.company_id,
                    "session_id": new_id(at),
                    "target_id": business.targets[0].target_id,
                    "from_at": at,
                    "number_id": number_id.number_id,
                    "pool_id": pool_id,
                    "state": "ended",
                    "until_at": at + 4 * MINUTE,
                    "expires_at": at + 5 * MINUTE,
                }
            )
    connection.execute(insert(leases), rows)


def test_off_is_the_default_and_off_does_nothing(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    look(settings, clock)
    scale(engine, business, Limits(8, 10, 5_000, 100), is_on=False)
    look(settings, clock)
    assert rows_of(engine, "number_orders") == []
    assert twilio.asked == {}


def test_it_buys_up_to_its_floor_once(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    pool_id = scale(engine, business, Limits(5, 10, 1_000, 100))
    look(settings, clock, times=4)
    assert twilio.asked[POST] == 2
    bought = sorted(each["phone_number"] for each in twilio.owned.values())
    assert bought == ["+442079460300", "+442079460301"], "of the target's own area, not Leeds"
    assert set(bought) <= set(shown(engine, pool_id))
    assert len(shown(engine, pool_id)) == 5
    orders = rows_of(engine, "number_orders")
    assert {(row["state"], row["actor"]) for row in orders} == {("bought", AUTO_SCALE)}
    assert {row["purpose"]["monthly_cents"] for row in orders} == {100}
    events = rows_of(engine, "number_events")
    assert [(row["kind"], row["actor"]) for row in events] == [("bought", AUTO_SCALE)] * 2
    with reading(engine) as connection:
        log = scaling_log(connection, business.company_id, pool_id, 10)
    assert [entry.kind for entry in log] == [ScalingEvent.BOUGHT, ScalingEvent.BOUGHT, ScalingEvent.SET]
    assert (log[-1].actor, log[-1].detail["budget_cents"]) == (WHO, 1_000)


@ON_SQLITE
def test_what_it_bought_rings_at_once(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    scale(engine, business, Limits(4, 10, 1_000, 100))

    async def use(exchange: Exchange) -> None:
        await exchange.auto_scale.look()
        assert "+442079460300" in exchange.directory.routes.companies[business.company_id].destinations

    work(settings, clock, use)
    [owned] = twilio.owned.values()
    assert owned["given"]["VoiceUrl"] == f"https://calls.example.com/carriers/{business.carrier_id}/voice"


def test_it_meets_the_rhythm_within_ceiling_and_budget(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    with writing(engine) as connection:
        visits(connection, business, lambda _hours_ago: 12)
        pool_id = business.pools[0].pool_id
        assert visits_since(connection, business.company_id, pool_id, NOW - NOW % HOUR - DAY) == 12 * 24
    scale(engine, business, Limits(1, 50, 700, 100))
    look(settings, clock, times=3)
    # Twelve an hour, for 24 minutes: 4.8 erlang, which at one in a hundred needs 11; the budget has seven.
    with reading(engine) as connection:
        found = kept_rhythms(connection, business.company_id)[pool_id]
    assert found.live_minutes == pytest.approx(4)
    assert found.visits == pytest.approx([12.0] * 168)
    assert len(shown(engine, pool_id)) == 7
    scale(engine, business, Limits(1, 9, 5_000, 100))
    look(settings, clock, times=3)
    assert len(shown(engine, pool_id)) == 9
    scale(engine, business, Limits(1, 50, 5_000, 100))
    look(settings, clock, times=3)
    assert len(shown(engine, pool_id)) == 11
    assert twilio.asked[POST] == 8


def test_what_was_given_back_this_month_is_still_paid_for(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    """Whoever gives up or moves away what auto-scale buys does not make it spend more than the budget."""
    pool_id = scale(engine, business, Limits(3, 10, 400, 100))
    for _ in range(3):
        with writing(engine) as connection:
            ids = [row["number_id"] for row in rows_of(engine, "numbers", pool_id=pool_id, status="active")]
            act(connection, business.company_id, Order(Action.RELEASE, ids, WHO), clock.now)
        look(settings, clock)
    assert twilio.asked[POST] == 1
    clock.now += 31 * DAY
    look(settings, clock)
    assert twilio.asked[POST] == 4


def test_killed_between_the_order_and_the_record_it_does_not_buy_twice(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock, monkeypatch: Any
) -> None:
    pool_id = scale(engine, business, Limits(4, 10, 1_000, 100))
    with monkeypatch.context() as patch:
        patch.setattr(buying, "_kept", _killed)
        look(settings, clock, wait=0)
    assert len(twilio.owned) == 1
    [order] = rows_of(engine, "number_orders")
    assert order["state"] == OrderState.ORDERING
    # Until the carrier's list has told, it counts as one that comes.
    clock.now += EVERY
    twilio.fail("GET", "500", "500", "500")
    look(settings, clock)
    assert twilio.asked[POST] == 1
    look(settings, clock)
    assert twilio.asked[POST] == 1
    [order] = rows_of(engine, "number_orders")
    assert order["state"] == OrderState.BOUGHT
    assert "+442079460300" in shown(engine, pool_id)
    assert len(shown(engine, pool_id)) == 4


def test_killed_before_the_carrier_was_asked_it_buys_once(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock, monkeypatch: Any
) -> None:
    pool_id = scale(engine, business, Limits(4, 10, 1_000, 100))
    with monkeypatch.context() as patch:
        patch.setattr("swapboard.switchboard.scaling.place_order", _killed)
        look(settings, clock, wait=LOST_AFTER + EVERY)
    assert twilio.asked[POST] == 0
    look(settings, clock)
    assert twilio.asked[POST] == 1
    orders = rows_of(engine, "number_orders")
    assert sorted((row["state"], row["problem"]) for row in orders) == [("bought", None), ("failed", NOT_BOUGHT)]
    assert len(shown(engine, pool_id)) == 4


async def _killed(*_: object) -> None:
    raise RuntimeError("killed")


@pytest.mark.parametrize("asked", ["search", "owned"])
def test_an_adapter_that_breaks_off_keeps_no_other_pool_waiting(
    engine: Engine,
    settings: Settings,
    business: Business,
    twilio: Twilio,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
) -> None:
    """Of the first pool, whatever is asked for: each quarter of an hour anew."""
    scale(engine, business, Limits(4, 10, 1_000, 100))
    if asked == "owned":
        with monkeypatch.context() as patch:
            patch.setattr("swapboard.switchboard.scaling.place_order", _killed)
            look(settings, clock)
    target = SwapTarget(new_id(NOW), "+442079460199", "+442079460198")
    pool = Pool(new_id(NOW + 1), target.target_id, Overflow.ORIGINAL)
    with writing(engine) as connection:
        add_target(connection, business.company_id, target, "Another line", NOW)
        add_pool(connection, business.company_id, pool, "Others", NOW + 1)
        limits = Limits(2, 10, 1_000, 100)
        set_scaling(connection, business.company_id, pool.pool_id, True, limits, WHO, NOW - 1)
        add_numbers(
            connection,
            business.company_id,
            [NewNumber(new_id(NOW), "+442079460197", NumberKind.POOL, NOW, pool_id=pool.pool_id)],
        )
    known, failed = getattr(TwilioCarrier, asked), list[str]()

    def breaks_off(account: TwilioCarrier, *words: Any) -> Any:
        if failed:
            return known(account, *words)
        failed.append(asked)
        raise KeyError("next_page_uri")

    monkeypatch.setattr(TwilioCarrier, asked, breaks_off)
    look(settings, clock)
    assert (failed, len(shown(engine, pool.pool_id))) == ([asked], 2)


@ON_SQLITE
def test_a_number_brought_in_by_hand_meanwhile_settles_the_order(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock, monkeypatch: Any
) -> None:
    pool_id = scale(engine, business, Limits(4, 10, 1_000, 100))
    with monkeypatch.context() as patch:
        patch.setattr(buying, "_kept", _killed)
        look(settings, clock)
    by_hand = new_id(NOW)
    with writing(engine) as connection:
        new = NewNumber(by_hand, "+442079460300", NumberKind.POOL, NOW, pool_id=pool_id)
        add_numbers(connection, business.company_id, [new])
    look(settings, clock)
    [order] = rows_of(engine, "number_orders")
    assert (order["state"], order["number_id"]) == (OrderState.BOUGHT, by_hand)
    assert len(shown(engine, pool_id)) == 4


def test_two_processes_do_not_buy_the_same_number_or_one_too_many(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    pool_id = scale(engine, business, Limits(7, 7, 1_000, 100))

    async def both() -> None:
        exchanges = [Exchange(settings, clock) for _ in range(2)]
        for exchange in exchanges:
            await exchange.start()
        try:
            # As if the one's claim had run out while it was still at work.
            await asyncio.gather(*(each.auto_scale._look_after(business.company_id) for each in exchanges))
        finally:
            for exchange in exchanges:
                await exchange.stop()

    run(both())
    clock.now += LOST_AFTER + EVERY
    look(settings, clock, times=2)
    assert len(twilio.owned) == 4
    assert len(shown(engine, pool_id)) == 7


@ON_SQLITE
def test_a_refusal_is_told_in_plain_words_and_tried_again_ever_more_rarely(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    pool_id = scale(engine, business, Limits(4, 10, 1_000, 100))
    asked = []
    for _ in range(6):
        twilio.fail("POST", "400")
        look(settings, clock)
        asked.append(twilio.asked[POST])
    assert asked[0] == 1
    assert asked[-1] in {3, 4}, "a quarter of an hour, half an hour, an hour: with a share by chance"
    with reading(engine) as connection:
        scaling = scalings(connection, business.company_id)[pool_id]
        log = scaling_log(connection, business.company_id, pool_id, 20)
    assert scaling.trouble == "Twilio: Unable to create record: Try again (HTTP 400, error 20400)"
    assert scaling.failures == asked[-1]
    assert scaling.retry_at is not None
    assert [entry.kind for entry in log].count(ScalingEvent.FAILED) == 1, "the same trouble once"
    twilio.failures.clear()
    clock.now += DAY
    look(settings, clock)
    with reading(engine) as connection:
        scaling = scalings(connection, business.company_id)[pool_id]
    assert (scaling.failures, scaling.trouble) == (0, None)
    assert len(shown(engine, pool_id)) == 4


@ON_SQLITE
def test_a_number_that_the_carrier_offers_and_does_not_sell_is_not_ordered_again_and_again(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    twilio.needs_address = {"+442079460300"}
    pool_id = scale(engine, business, Limits(5, 10, 1_000, 100))
    look(settings, clock, times=6)
    assert {"+442079460301", "+442079460302"} <= set(shown(engine, pool_id))
    assert twilio.asked[POST] == 3
    assert [row["state"] for row in rows_of(engine, "number_orders", number="+442079460300")] == ["failed"]


def test_what_it_bought_and_does_not_ring_yet_is_not_bought_once_more(
    engine: Engine,
    settings: Settings,
    business: Business,
    twilio: Twilio,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Papers take days, and each number costs."""
    buy = TwilioCarrier.buy

    def until_papers_are_seen(account: TwilioCarrier, number: str, links: Links) -> OfferedNumber:
        return replace(buy(account, number, links), is_awaited=True)

    monkeypatch.setattr(TwilioCarrier, "buy", until_papers_are_seen)
    pool_id = scale(engine, business, Limits(5, 10, 1_000, 100))
    look(settings, clock, times=1)
    with reading(engine) as connection:
        assert scalings(connection, business.company_id)[pool_id].trouble == AWAITED
    look(settings, clock, times=3, wait=DAY)
    assert twilio.asked[POST] == 2
    [one, another] = [row["number_id"] for row in rows_of(engine, "numbers", pool_id=pool_id, status="paused")]
    with writing(engine) as connection:
        act(connection, business.company_id, Order(Action.ACTIVATE, [one], WHO), clock())
        act(connection, business.company_id, Order(Action.ACTIVATE, [another], WHO), clock())
        act(connection, business.company_id, Order(Action.PAUSE, [another], WHO), clock())
    look(settings, clock, times=2, wait=DAY)
    assert twilio.asked[POST] == 3, "what a person paused is not to come"


def test_the_only_number_that_is_offered_is_ordered_again(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    """So that the owner reads what the carrier says, and not that there is none."""
    twilio.for_sale["GB"] = [{"phone_number": "+442079460300", "locality": "", "region": ""}]
    twilio.needs_address = {"+442079460300"}
    pool_id = scale(engine, business, Limits(5, 10, 1_000, 100))
    look(settings, clock, times=6)
    assert twilio.asked[POST] > 1
    with reading(engine) as connection:
        trouble = scalings(connection, business.company_id)[pool_id].trouble
    assert "Requires an Address" in (trouble or "")


def test_without_a_number_of_the_kind_it_buys_none(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    twilio.for_sale["GB"] = twilio.for_sale["GB"][:5]
    pool_id = scale(engine, business, Limits(4, 10, 1_000, 100))
    look(settings, clock)
    assert twilio.asked[POST] == 0
    with reading(engine) as connection:
        trouble = scalings(connection, business.company_id)[pool_id].trouble
    assert trouble is not None
    assert trouble.startswith("The carrier has no number like +442079460100 for sale now (area code 20).")


@ON_SQLITE
def test_a_toll_free_line_gets_toll_free_numbers_only(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    with writing(engine) as connection:
        connection.execute(
            update(swap_targets)
            .where(swap_targets.c.company_id == business.company_id)
            .values(number="+18885550100")
        )
    scale(engine, business, Limits(4, 10, 1_000, 100))
    look(settings, clock)
    assert twilio.asked["GET /AvailablePhoneNumbers/US/TollFree.json"] >= 1
    assert twilio.asked["GET /AvailablePhoneNumbers/US/Local.json"] == 0
    assert twilio.asked[POST] == 0


def test_surplus_goes_to_quarantine_little_by_little_and_comes_back_before_anything_is_bought(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    pool_id = business.pools[0].pool_id
    with writing(engine) as connection:
        # Seven more, of long ago; one of them is live.
        for place in range(7):
            new = NewNumber(
                new_id(NOW), f"+4420794604{place:02d}", NumberKind.POOL, NOW - 60 * DAY, pool_id=pool_id
            )
            add_numbers(connection, business.company_id, [new])
        live = numbers.c.number == "+442079460400"
        connection.execute(
            update(numbers).where(numbers.c.company_id == business.company_id, live).values(live_session_id="s1")
        )
        visits(connection, business, lambda _hours_ago: 1)
    scale(engine, business, Limits(2, 20, 5_000, 100))
    look(settings, clock, times=8, wait=DAY // 2)
    quarantined = rows_of(engine, "numbers", pool_id=pool_id, status="quarantined")
    # One an hour, for 24 minutes, needs 3; a quarter and one more is 5; of ten, one a day goes.
    assert len(quarantined) == 4
    assert "+442079460400" not in {row["number"] for row in quarantined}
    assert all(row["quarantined_at"] for row in quarantined)
    assert len(shown(engine, pool_id)) == 6
    log = [row for row in rows_of(engine, "number_events") if row["kind"] == "quarantined"]
    assert {row["actor"] for row in log} == {AUTO_SCALE}
    scale(engine, business, Limits(11, 20, 5_000, 100))
    look(settings, clock, times=2)
    assert len(shown(engine, pool_id)) == 11
    assert twilio.asked[POST] == 1
    assert rows_of(engine, "numbers", pool_id=pool_id, status="quarantined") == []


@ON_SQLITE
@pytest.mark.parametrize("days", [30, 60])
def test_after_its_quarantine_surplus_goes_back_to_the_carrier_and_what_a_person_put_there_does_not(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock, days: int
) -> None:
    pool_id = business.pools[0].pool_id
    with writing(engine) as connection:
        of_company = companies.c.company_id == business.company_id
        connection.execute(update(companies).where(of_company).values(quarantine_days=days))
        for place in range(7):
            number = f"+4420794604{place:02d}"
            new = NewNumber(new_id(NOW), number, NumberKind.POOL, NOW - 60 * DAY, pool_id=pool_id)
            new = replace(new, carrier_id=business.carrier_id)
            add_numbers(connection, business.company_id, [new])
        visits(connection, business, lambda _hours_ago: 1)
    with writing(engine) as connection:
        by_hand = [row["number_id"] for row in rows_of(engine, "numbers", number="+442079460406")]
        act(connection, business.company_id, Order(Action.QUARANTINE, by_hand, WHO), clock.now)
    scale(engine, business, Limits(2, 20, 5_000, 100))
    look(settings, clock, times=8, wait=DAY // 2)
    resting = {row["number_id"] for row in rows_of(engine, "numbers", pool_id=pool_id, status="quarantined")}
    assert len(resting) == 5, "one by hand, four by itself: the pool shows 5"
    assert rows_of(engine, "number_returns") == []
    clock.now += (days - 9) * DAY
    look(settings, clock)
    assert rows_of(engine, "numbers", status="released") == []
    clock.now += 10 * DAY
    with writing(engine) as connection:
        visits(connection, business, lambda _hours_ago: 1, until=clock.now)
    look(settings, clock)
    [left] = rows_of(engine, "numbers", pool_id=pool_id, status="quarantined")
    assert left["number_id"] == by_hand[0]
    gone = {row["number_id"] for row in rows_of(engine, "numbers", status="released")}
    assert gone == resting - set(by_hand)
    wanted = rows_of(engine, "number_returns")
    at_carrier = {row["number_id"] for row in rows_of(engine, "numbers", carrier_id=business.carrier_id)}
    assert {row["number_id"] for row in wanted} == gone & at_carrier
    assert all(row["actor"] == AUTO_SCALE and row["due_at"] <= clock.now for row in wanted)
    with reading(engine) as connection:
        log = scaling_log(connection, business.company_id, pool_id, 10)
    assert log[0].kind is ScalingEvent.RETURNED


@ON_SQLITE
def test_it_orders_so_many_at_a_look_and_no_more(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    scale(engine, business, Limits(30, 40, 9_000, 100))
    look(settings, clock)
    assert twilio.asked[POST] == MOST_AT_ONCE


def test_set_again_to_the_same_it_writes_nothing(engine: Engine, business: Business) -> None:
    pool_id = business.pools[0].pool_id
    for place, budget in enumerate((1_000, 1_000, 2_000)):
        with writing(engine) as connection:
            limits = Limits(2, 10, budget, 100)
            set_scaling(connection, business.company_id, pool_id, True, limits, WHO, NOW + place)
    with reading(engine) as connection:
        log = scaling_log(connection, business.company_id, pool_id, 10)
    assert [entry.detail["budget_cents"] for entry in log] == [2_000, 1_000]
    assert log[0].detail["before"]["budget_cents"] == 1_000
