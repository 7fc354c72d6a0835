"""The auto-scale page: off at first, set by who may, and plain about what it will do, did and could not."""

import re

import pytest
from sqlalchemy import Connection

from swapboard.numbers.scaling import AUTO_SCALE
from swapboard.numbers.scaling_store import ScalingEvent, log_scaling, scaling_log, scalings, went_wrong
from swapboard.visits.visit import Presence
from tests.one_server import on_one_server
from tests.web.dashboard.shop import POOL, Browser, Clock, Shop

pytestmark = pytest.mark.anyio
PAGE = "/numbers/scaling"


def asked(shop: Shop, **changes: str) -> dict[str, str]:
    usual = {"pool": shop.pool_id, "on": "yes", "floor": "3", "ceiling": "8", "budget": "12.50", "price": "1.15"}
    return usual | changes


async def test_it_is_off_until_an_owner_sets_it_on(owner: Browser, shop: Shop) -> None:
    first = await owner.get(PAGE)
    assert first.status_code == 200
    assert "It is off: nothing is bought or given up." in first.text
    assert " checked" not in first.text
    answer = await owner.send_form(PAGE, asked(shop))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?pool={shop.pool_id}")
    page = (await owner.get(PAGE)).text
    assert re.search(r'name="on" value="yes" checked', page)
    assert 'name="budget" inputmode="decimal" required value="12.50"' in page
    assert "on, 3 to 8 numbers, 12.50 a month" in page
    assert "owner@example.com" in page.partition("What was set and done")[2]
    await owner.send_form(PAGE, {name: value for name, value in asked(shop).items() if name != "on"})
    assert "It is off" in (await owner.get(PAGE)).text


@on_one_server(
    ("changes", "told"),
    [
        ({"floor": "many"}, "Write how many numbers as whole numbers"),
        ({"ceiling": "-1"}, "Write how many numbers as whole numbers"),
        ({"ceiling": "9999999999"}, "Write how many numbers as whole numbers"),
        ({"ceiling": "2"}, "The most numbers cannot be fewer than the least."),
        ({"floor": "0"}, "The least number of numbers is 1 or more."),
        ({"budget": "lots"}, "Write an amount with at most two digits behind the point, like 40 or 1250.50."),
        ({"budget": "nan"}, "Write an amount with at most two digits behind the point, like 40 or 1250.50."),
        ({"budget": "1e99"}, "Write an amount with at most two digits behind the point, like 40 or 1250.50."),
        ({"budget": "0.001"}, "Write an amount with at most two digits behind the point, like 40 or 1250.50."),
        ({"budget": "0"}, "The monthly budget is more than nothing."),
        ({"price": "0"}, "A number costs more than nothing a month"),
    ],
)
async def test_what_cannot_be_is_told_and_kept_in_the_form(
    owner: Browser, shop: Shop, changes: dict[str, str], told: str
) -> None:
    answer = await owner.send_form(PAGE, asked(shop, **changes))
    assert answer.status_code == 422
    assert told in answer.text
    [(name, value)] = changes.items()
    assert re.search(rf'name="{name}"[^>]* value="{re.escape(value)}"', answer.text)

    def read(connection: Connection) -> object:
        return scalings(connection, shop.company_id)

    assert await shop.exchange.read(read) == {}


async def test_who_may_only_look_cannot_set_it(browser: Browser, shop: Shop) -> None:
    await browser.log_in("reader@example.com")
    page = await browser.get(PAGE)
    assert page.status_code == 200
    assert '<form class="stack"' not in page.text
    assert (await browser.send_form(PAGE, asked(shop))).status_code == 403


async def test_a_strangers_pool_is_not_set(owner: Browser, shop: Shop, stranger: Shop) -> None:
    assert (await owner.send_form(PAGE, asked(shop, pool=stranger.pool_id))).status_code == 404
    assert stranger.pool_id not in (await owner.get(PAGE, params={"pool": stranger.pool_id})).text


async def test_looking_at_pages_orders_nothing(owner: Browser, shop: Shop) -> None:
    await owner.send_form(PAGE, asked(shop, floor="8"))
    for path in (PAGE, "/numbers", "/numbers/sizing", "/"):
        assert (await owner.get(path)).status_code == 200

    def read(connection: Connection) -> list[ScalingEvent]:
        return [entry.kind for entry in scaling_log(connection, shop.company_id, shop.pool_id, 9)]

    assert await shop.exchange.read(read) == [ScalingEvent.SET]
    assert "It is about to buy 5 numbers." in (await owner.get(PAGE)).text


async def test_what_the_carrier_refused_stands_where_an_owner_sees_it(owner: Browser, shop: Shop) -> None:
    await owner.send_form(PAGE, asked(shop))
    words = "Twilio: no <money> left (HTTP 400)"

    def refuse(connection: Connection) -> None:
        scaling = scalings(connection, shop.company_id)[shop.pool_id]
        went_wrong(connection, shop.company_id, scaling, words, shop.clock() + 900_000, shop.clock())

    await shop.exchange.change(refuse)
    for path in ("/", "/numbers", PAGE):
        page = (await owner.get(path)).text
        assert "Twilio: no &lt;money&gt; left (HTTP 400)" in page, path
        assert 'role="alert"' in page
    assert "It tries again at" in page


async def test_a_pool_that_ran_out_is_told_on_every_page_that_an_owner_opens(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    assert "is too small" not in (await owner.get("/")).text
    sessions: list[str] = []
    for _ in range(40):
        sessions.append((await shop.visit()).session_id)
        if len(sessions) > 4:
            await shop.beat(sessions.pop(0), Presence.GONE)
        clock.pass_by(10)
    for path in ("/", "/numbers", "/numbers/sizing"):
        page = (await owner.get(path)).text
        assert "“Website visitors” is too small." in page, path
        assert re.search(r"\d+ visits found no number in the last seven days", page)
        assert "Numbers now: 3; needed: 4." in page
        assert f"/numbers/sizing?pool={shop.pool_id}" in page


async def test_the_log_tells_all_that_was_set_and_done(owner: Browser, shop: Shop) -> None:
    await owner.send_form(PAGE, asked(shop))

    def write(connection: Connection) -> None:
        for place, kind in enumerate(ScalingEvent):
            if kind is ScalingEvent.SET:
                continue
            detail = {"trouble": "no more"} if kind is ScalingEvent.FAILED else {"numbers": [POOL[0]], "needed": 4}
            log_scaling(connection, shop.company_id, shop.pool_id, kind, AUTO_SCALE, shop.clock() + place, detail)

    await shop.exchange.change(write)
    answer = await owner.get(PAGE)
    assert answer.status_code == 200
    log = answer.text.partition("What was set and done")[2]
    for words in (
        "bought",
        "taken back from quarantine",
        "put in quarantine",
        "given back to the carrier",
        "failed",
        "no more",
        "set",
    ):
        assert words in log
    assert log.count("(202) 555-0130") == len(ScalingEvent) - 2
