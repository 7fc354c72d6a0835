"""Buying a number: once for each key, whatever happens on the way; nothing is bought without an order."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, update

from swapboard.carriers import installed
from swapboard.carriers.base import CarrierError, Fault, Links, OfferedNumber
from swapboard.clock import HOUR
from swapboard.numbers.inventory import add_pool, add_target, remove_pool, remove_target
from swapboard.numbers.matching import wanted_for
from swapboard.numbers.orders import NumberOrder, OrderState, open_order, unclear_orders
from swapboard.numbers.rules import Overflow, Pool
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import swap_targets
from swapboard.switchboard.buying import (
    AWAITED,
    ELSEWHERE,
    NoSuchCarrier,
    OrderReused,
    Purpose,
    buy_number,
    find_numbers,
    settle_orders,
)
from swapboard.switchboard.exchange import Exchange
from tests.building import NOW, Business, open_business, rows_of, settings_of

pytestmark = pytest.mark.anyio
WHO = "owner@example.com"
OFFERED = ("+12025550170", "+12125550170")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Shop:
    """A carrier that counts what it sells."""

    def __init__(self) -> None:
        self.sold: list[str] = []
        self.wants_papers = False
        self.asked: list[str | None] = []
        self.uncovered: dict[str | None, Fault] = {}
        self.refusal: Exception | None = None
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens while it is asked."""

    def search(self, _country: str, area_code: str | None, _limit: int) -> Sequence[OfferedNumber]:
        self.asked.append(area_code)
        if area_code in self.uncovered:
            raise CarrierError(f"no coverage of {area_code}", self.uncovered[area_code])
        return [OfferedNumber(each, None, None) for each in OFFERED if area_code in {None, each[2:5]}]

    def buy(self, number: str, _links: Links) -> OfferedNumber:
        self.sold.append(number)
        self.meanwhile()
        if self.refusal:
            raise self.refusal
        return OfferedNumber(number, None, None, f"PN{number}", is_awaited=self.wants_papers)

    def owned(self, number: str) -> OfferedNumber | None:
        """It breaks off at the first of those that it offers."""
        return {OFFERED[1]: None}[number]


class ShopKind:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def open(self, _credentials: object) -> Shop:
        return self._shop


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    shop = Shop()
    known = installed.carrier_kind
    monkeypatch.setattr(
        "swapboard.carriers.opening.carrier_kind", lambda kind: ShopKind(shop) if kind == "test" else known(kind)
    )
    return shop


@pytest.fixture
async def exchange(tmp_path: Path, database_url: str, engine: Engine) -> AsyncIterator[Exchange]:
    exchange = Exchange(settings_of(tmp_path, database_url), lambda: NOW)
    await exchange.start()
    yield exchange
    await exchange.stop()


@pytest.fixture
async def business(exchange: Exchange) -> Business:
    sealed = exchange.vault.seal({"account_sid": "AC1"})
    opened: Business = await exchange.change(lambda connection: open_business(connection, credentials=sealed))
    return opened


async def test_an_order_is_done_once_however_often_it_is_sent(
    exchange: Exchange, business: Business, shop: Shop, engine: Engine
) -> None:
    purpose = Purpose(pool_id=business.pools[0].pool_id, monthly_cents=115)
    again = [
        await buy_number(exchange, business.company_id, "key-1", OFFERED[0], business.carrier_id, purpose, WHO)
        for _ in range(3)
    ]
    assert shop.sold == [OFFERED[0]]
    assert {order.state for order in again} == {OrderState.BOUGHT}
    assert len({order.number_id for order in again}) == 1
    [number] = rows_of(engine, "numbers", number=OFFERED[0])
    assert (number["pool_id"], number["carrier_ref"], number["monthly_cents"]) == (
        business.pools[0].pool_id,
        f"PN{OFFERED[0]}",
        115,
    )
    [logged] = rows_of(engine, "number_events")
    assert (logged["kind"], logged["actor"]) == ("bought", WHO)
    # Its calls are routed at once.
    routes = exchange.directory.routes.companies[business.company_id]
    assert OFFERED[0] in routes.destinations


async def test_a_key_is_for_one_order_only(exchange: Exchange, business: Business, shop: Shop) -> None:
    purpose = Purpose(pool_id=business.pools[0].pool_id)
    ours, carrier_id = business.company_id, business.carrier_id
    await buy_number(exchange, ours, "key-1", OFFERED[0], carrier_id, purpose, WHO)
    with pytest.raises(OrderReused):
        await buy_number(exchange, ours, "key-1", OFFERED[1], carrier_id, purpose, WHO)
    assert shop.sold == [OFFERED[0]]


async def test_a_refusal_is_kept_in_the_carriers_words(
    exchange: Exchange, business: Business, shop: Shop, engine: Engine
) -> None:
    shop.refusal = CarrierError("21422: not available", Fault.REQUEST)
    purpose = Purpose(target_id=business.targets[0].target_id, placement="Flyer")
    for _ in range(2):
        order = await buy_number(
            exchange, business.company_id, "key-1", OFFERED[0], business.carrier_id, purpose, WHO
        )
        assert (order.state, order.problem) == (OrderState.FAILED, "21422: not available")
    assert shop.sold == [OFFERED[0]]
    assert rows_of(engine, "numbers", number=OFFERED[0]) == []


@pytest.mark.parametrize(
    "refusal",
    [CarrierError("no answer", Fault.CARRIER), KeyError("sid"), ValueError("no JSON"), ConnectionResetError()],
    ids=lambda each: type(each).__name__,
)
async def test_without_a_clear_answer_nobody_orders_again(
    exchange: Exchange, business: Business, shop: Shop, engine: Engine, refusal: Exception
) -> None:
    shop.refusal = refusal
    purpose = Purpose(pool_id=business.pools[0].pool_id)
    for _ in range(2):
        order = await buy_number(
            exchange, business.company_id, "key-1", OFFERED[0], business.carrier_id, purpose, WHO
        )
        assert order.state is OrderState.ORDERING
    assert shop.sold == [OFFERED[0]]
    with reading(engine) as connection:
        assert [each.number for each in unclear_orders(connection, business.company_id, NOW + 1)] == [OFFERED[0]]


async def test_a_search_buys_nothing_and_begins_with_the_targets_area(
    exchange: Exchange, business: Business, shop: Shop
) -> None:
    found = await find_numbers(
        exchange, business.company_id, business.carrier_id, "+12125550100", wanted_for("+12125550100"), 5
    )
    assert [each.number for each in found] == [OFFERED[1], OFFERED[0]]
    assert shop.asked == ["212", None]
    assert shop.sold == []


async def test_an_area_that_the_carrier_has_not_is_no_reason_to_offer_nothing(
    exchange: Exchange, business: Business, shop: Shop
) -> None:
    """As Telnyx, which refuses where it has no coverage: developers.telnyx.com, "Advanced orders"."""

    async def found() -> list[str]:
        line = "+12125550100"
        offered = await find_numbers(exchange, business.company_id, business.carrier_id, line, wanted_for(line), 5)
        return [each.number for each in offered]

    shop.uncovered["212"] = Fault.REQUEST
    assert await found() == [OFFERED[1], OFFERED[0]]
    shop.uncovered[None] = Fault.REQUEST
    with pytest.raises(CarrierError, match="no coverage of 212"):
        await found()
    shop.uncovered = {"212": Fault.ACCOUNT}
    with pytest.raises(CarrierError, match="no coverage of 212"):
        await found()


async def test_a_number_that_people_answer_is_not_offered(
    exchange: Exchange, business: Business, shop: Shop, engine: Engine
) -> None:
    """Its calls would go in circles: the sandbox sells a line's own number, and that of who answers it."""

    def answered(connection: Connection) -> None:
        ours = swap_targets.c.company_id == business.company_id
        connection.execute(update(swap_targets).where(ours).values(destination=OFFERED[1]))

    await exchange.change(answered)
    wanted = wanted_for("+12125550100")
    found = await find_numbers(exchange, business.company_id, business.carrier_id, "+12125550100", wanted, 1)
    assert [each.number for each in found] == [OFFERED[0]]


async def test_a_carrier_that_is_not_there(exchange: Exchange, business: Business, shop: Shop) -> None:
    stranger: Business = await exchange.change(open_business)
    purpose = Purpose(pool_id=business.pools[0].pool_id)
    for carrier_id in ("nowhere", stranger.carrier_id):
        with pytest.raises(NoSuchCarrier):
            await buy_number(exchange, business.company_id, "k", OFFERED[0], carrier_id, purpose, WHO)
    assert shop.sold == []


async def test_an_account_whose_adapter_is_not_installed_any_more_is_none(exchange: Exchange, shop: Shop) -> None:
    old: Business = await exchange.change(partial(open_business, carrier_kind="of a package that was removed"))
    purpose = Purpose(pool_id=old.pools[0].pool_id)
    with pytest.raises(NoSuchCarrier, match="There is no carrier 'of a package that was removed'"):
        await buy_number(exchange, old.company_id, "k", OFFERED[0], old.carrier_id, purpose, WHO)
    unclear = NumberOrder("k", OFFERED[0], old.carrier_id, WHO, purpose.facts(), OrderState.ORDERING, NOW - HOUR)
    await exchange.change(lambda connection: open_order(connection, old.company_id, unclear))
    await settle_orders(exchange, old.company_id)


async def test_an_order_that_cannot_be_looked_up_keeps_no_other_waiting(
    exchange: Exchange, business: Business, shop: Shop, engine: Engine
) -> None:
    facts = Purpose(pool_id=business.pools[0].pool_id).facts()
    for key, number in enumerate(OFFERED):
        at = NOW - 2 * HOUR + key
        order = NumberOrder(str(key), number, business.carrier_id, WHO, facts, OrderState.ORDERING, at)
        await exchange.change(partial(open_order, company_id=business.company_id, order=order))
    await settle_orders(exchange, business.company_id)
    states = {row["number"]: row["state"] for row in rows_of(engine, "number_orders")}
    assert states == {OFFERED[0]: "ordering", OFFERED[1]: "failed"}


@pytest.mark.parametrize("what", ["pool", "target"])
async def test_what_was_bought_for_something_that_is_gone_is_among_the_numbers(
    exchange: Exchange, business: Business, shop: Shop, engine: Engine, what: str
) -> None:
    """It costs, so that somebody must see it, and can assign or release it."""
    ours, target_id = business.company_id, business.targets[0].target_id
    another = replace(business.targets[0], target_id="another", number="+12025550190")
    pool = Pool("pool", target_id, Overflow.ORIGINAL)

    def open_both(connection: Connection) -> None:
        add_target(connection, ours, another, "A line", NOW)
        add_pool(connection, ours, pool, "New", NOW)

    def remove_both() -> None:
        with writing(engine) as connection:
            remove_pool(connection, ours, pool.pool_id)
            remove_target(connection, ours, another.target_id)

    await exchange.change(open_both)
    shop.meanwhile = remove_both
    purpose = Purpose(pool_id="pool") if what == "pool" else Purpose(target_id="another", placement="Flyer")
    order = await buy_number(exchange, ours, "key-1", OFFERED[0], business.carrier_id, purpose, WHO)
    assert order.state is OrderState.BOUGHT
    [number] = rows_of(engine, "numbers", number=OFFERED[0])
    assert (number["pool_id"], number["target_id"], number["kind"], number["status"]) == (
        None,
        None,
        "static",
        "paused",
    )
    assert number["placement"] == purpose.placement


class ShopThatSold(Shop):
    """It has all that it offers in our account."""

    def __init__(self, refusal: CarrierError | None, *, wants_papers: bool = False) -> None:
        super().__init__()
        self.refusal = refusal
        self.wants_papers = wants_papers

    def owned(self, number: str) -> OfferedNumber | None:
        return OfferedNumber(number, None, None, f"PN{number}", is_awaited=self.wants_papers)

    def configure(self, _carrier_ref: str, _links: Links) -> None:
        if self.refusal:
            raise self.refusal


@pytest.mark.parametrize(
    ("refusal", "wants_papers", "state", "status", "problem"),
    [
        (None, False, "bought", ["active"], None),
        (CarrierError("The application is gone.", Fault.REQUEST), False, "bought", ["paused"], ELSEWHERE),
        (CarrierError("The number is not active.", Fault.REQUEST), True, "bought", ["paused"], AWAITED),
        (CarrierError("no answer", Fault.CARRIER), False, "ordering", [], None),
    ],
)
async def test_what_was_bought_and_cannot_be_pointed_here_is_among_the_numbers(
    exchange: Exchange,
    business: Business,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    refusal: CarrierError | None,
    wants_papers: bool,
    state: str,
    status: list[str],
    problem: str | None,
) -> None:
    """It costs all the same; but nobody is shown what does not ring here, until a person has pointed it here."""
    kind = ShopKind(ShopThatSold(refusal, wants_papers=wants_papers))
    monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", lambda _kind: kind)
    facts = Purpose(pool_id=business.pools[0].pool_id).facts()
    order = NumberOrder("key-1", OFFERED[0], business.carrier_id, WHO, facts, OrderState.ORDERING, NOW - HOUR)
    await exchange.change(partial(open_order, company_id=business.company_id, order=order))
    await settle_orders(exchange, business.company_id)
    [settled] = rows_of(engine, "number_orders")
    assert (settled["state"], settled["problem"]) == (state, problem)
    assert [row["status"] for row in rows_of(engine, "numbers", number=OFFERED[0])] == status


async def test_a_number_that_does_not_ring_yet_is_shown_to_nobody(
    exchange: Exchange, business: Business, shop: Shop, engine: Engine
) -> None:
    """As one of Germany, until Plivo or Telnyx has seen the papers."""
    shop.wants_papers = True
    purpose = Purpose(pool_id=business.pools[0].pool_id)
    order = await buy_number(exchange, business.company_id, "key-1", OFFERED[0], business.carrier_id, purpose, WHO)
    assert (order.state, order.problem) == (OrderState.BOUGHT, AWAITED)
    [number] = rows_of(engine, "numbers", number=OFFERED[0])
    assert (number["status"], number["pool_id"]) == ("paused", business.pools[0].pool_id)
    [logged] = rows_of(engine, "number_events")
    assert (logged["kind"], logged["detail"]) == ("bought", {"problem": AWAITED})
