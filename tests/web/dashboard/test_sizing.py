"""The sizing page: by own visits, by three answers, with the vendors' rules beside ours."""

import re

import pytest
from sqlalchemy import Connection, update

from swapboard.numbers.inventory import add_pool
from swapboard.numbers.rules import Overflow, Pool
from swapboard.numbers.target_listing import list_targets
from swapboard.storage.ids import new_id
from swapboard.storage.schema import numbers
from swapboard.visits.visit import Presence
from swapboard.web.dashboard import pool_choice
from tests.one_server import on_one_server
from tests.web.dashboard.shop import Browser, Clock, Shop

pytestmark = pytest.mark.anyio


async def test_three_answers_and_the_vendors_rules(owner: Browser) -> None:
    asked = {"visits": "200", "minutes": "3", "share": "100", "quiet": "0", "promise": "1", "price": "1.15"}
    answer = await owner.get("/numbers/sizing", params=asked)
    assert answer.status_code == 200
    assert re.search(r"18 <small>numbers advised", answer.text)
    assert "21.5%" in answer.text
    assert "one for every 20 daily visitors" in answer.text
    assert 'class="overflow" points="' in answer.text
    assert "Too few visits yet" in answer.text


async def test_a_pool_beyond_those_to_choose_from_is_the_one_that_is_asked_for(
    owner: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_choice, "MOST_POOLS", 1)

    def write(connection: Connection) -> str:
        [target] = list_targets(connection, shop.company_id, 1).rows
        pool = Pool(new_id(shop.clock()), target.target_id, Overflow.ORIGINAL)
        add_pool(connection, shop.company_id, pool, "The hundred and first", shop.clock() + 1)
        return pool.pool_id

    pool_id = await shop.exchange.configure(shop.company_id, write)
    for path in ("/numbers/sizing", "/numbers/scaling"):
        shown = (await owner.get(path, params={"pool": pool_id})).text
        assert f'<option value="{pool_id}" selected>The hundred and first</option>' in shown
    form = {"pool": pool_id, "on": "yes", "floor": "1", "ceiling": "4", "budget": "20", "price": "1"}
    assert (await owner.send_form("/numbers/scaling", form)).status_code == 303


@on_one_server("visits", ["", "nan", "-5", "1e99", "lots", "12,5"])
async def test_odd_answers_do_no_harm(owner: Browser, visits: str) -> None:
    answer = await owner.get("/numbers/sizing", params={"visits": visits, "minutes": "600"})
    assert answer.status_code == 200


async def test_what_is_no_answer_is_told_with_what_is_taken(owner: Browser) -> None:
    answer = await owner.get("/numbers/sizing", params={"visits": "lots", "minutes": "4,5", "share": "500"})
    assert "“lots” cannot be; 60 is taken instead." in answer.text
    assert "“500” cannot be; 100 is taken instead." in answer.text
    assert answer.text.count("is taken instead") == 2
    thousand = await owner.get("/numbers/sizing", params={"visits": "1,000"})
    assert 'name="visits" inputmode="decimal" required value="1000"' in thousand.text
    assert "is taken instead" not in thousand.text


@pytest.mark.parametrize(("share", "taken"), [("33.333", "33.333"), ("33,333", "100")])
async def test_a_share_is_no_thousands(owner: Browser, share: str, taken: str) -> None:
    answer = await owner.get("/numbers/sizing", params={"share": share})
    assert f'name="share" inputmode="decimal" required value="{taken}"' in answer.text
    assert ("is taken instead" in answer.text) is (taken == "100")


@pytest.mark.parametrize("visits", ["1200", "1,200", "1.200"])
async def test_answers_are_read_as_people_write_them(owner: Browser, visits: str) -> None:
    answer = await owner.get("/numbers/sizing", params={"visits": visits, "minutes": "4,5", "share": "80%"})
    assert "cannot be" not in answer.text
    for name, value in (("visits", "1200"), ("minutes", "4.5"), ("share", "80")):
        assert f'name="{name}" inputmode="decimal" required value="{value}"' in answer.text


async def test_own_visits_are_replayed_and_the_alarm_sounds(owner: Browser, shop: Shop, clock: Clock) -> None:
    sessions: list[str] = []
    for _ in range(120):
        admitted = await shop.visit()
        sessions.append(admitted.session_id)
        if len(sessions) > 4:
            await shop.beat(sessions.pop(0), Presence.GONE)
        clock.pass_by(10)
    answer = await owner.get("/numbers/sizing", params={"quiet": "0"})
    assert "Replayed 120 visits" in answer.text
    assert "is too small" in answer.text
    assert "numbers advised, 3 now" in answer.text
    assert 'class="bar-full"' in answer.text
    [advised] = re.findall(r"(\d+) <small>numbers advised, 3 now", answer.text)
    assert monthly(answer.text, advised) == f"{int(advised) * 1.15:.2f}", "what is usual"

    def price(connection: Connection) -> None:
        of_pool = numbers.c.company_id == shop.company_id, numbers.c.pool_id == shop.pool_id
        connection.execute(update(numbers).where(*of_pool).values(monthly_cents=200))

    await shop.exchange.change(price)
    answer = await owner.get("/numbers/sizing", params={"quiet": "0"})
    assert monthly(answer.text, advised) == f"{int(advised) * 2:.2f}", "what its numbers cost"


def monthly(page: str, advised: str) -> str:
    """The cost of the size that is advised by own visits, in the first table."""
    row = page.partition('<tr class="marked">')[2].partition("</tr>")[0]
    assert row.startswith(f'<th scope="row" class="number">{advised}')
    return re.findall(r"<td class=\"number\">([^<]*)</td>", row)[-1]


async def test_a_strangers_pool_is_not_shown(owner: Browser, stranger: Shop, shop: Shop) -> None:
    answer = await owner.get("/numbers/sizing", params={"pool": stranger.pool_id})
    assert stranger.pool_id not in answer.text
    assert shop.pool_id in answer.text
