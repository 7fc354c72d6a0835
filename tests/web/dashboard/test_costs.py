"""Costs in the dashboard: a file looked at, corrected, taken in once, and held against visits and rates."""

import re
from datetime import date

import httpx
import pytest
from sqlalchemy import Connection

from swapboard.reports.cost_file_store import layout_of
from swapboard.reports.cost_store import costs_between, list_costs
from swapboard.reports.costs import MICROS
from swapboard.storage.schema import numbers
from tests.reports import exports
from tests.switchboard.test_currency_rates import open_bank
from tests.web.dashboard.shop import ORIGIN, Browser, Shop

pytestmark = pytest.mark.anyio

NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)
RATES = b"Date,USD,\n2026-10-30,1.5000,\n"


async def send(browser: Browser, path: str, content: bytes, name: str = "costs.csv") -> httpx.Response:
    return await browser.post(path, files={"file": (name, content)}, headers={"Origin": ORIGIN})


async def sent(owner: Browser, content: bytes) -> str:
    answer = await send(owner, "/costs/files", content)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def as_shown(page: str) -> dict[str, str]:
    """The form of the page, as a browser would send it back."""
    chosen = {}
    for name, options in re.findall(r'<select name="([a-z_-]+)">(.*?)</select>', page):
        picked = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        chosen[name] = (picked[1] or picked[2]) if picked else ""
    typed = re.findall(r'<input name="([a-z_-]+)" value="([^"]*)"', page)
    return chosen | dict(typed)


async def spent(shop: Shop) -> dict[str, int]:
    kept = await shop.exchange.read(lambda connection: costs_between(connection, shop.company_id, *NOVEMBER))
    sums: dict[str, int] = {}
    for each in kept:
        sums[each.line.currency] = sums.get(each.line.currency, 0) + each.line.micros
    return sums


async def test_a_file_is_looked_at_then_counts_once(owner: Browser, shop: Shop) -> None:
    where = await sent(owner, exports.GOOGLE_ADS)
    page = (await owner.get(where)).text
    assert "1,252.26 USD" in page
    assert "2 rows of totals left out" in page
    assert await spent(shop) == {}
    form = as_shown(page)
    assert (form["platform"], form["column-cost"], form["feed"]) == ("google_ads", "Cost", "google_ads")
    taken = await owner.send_form(where, form | {"do": "take"})
    assert taken.headers["location"] == "/costs?period=30d&taken=3"
    assert await spent(shop) == {"USD": 1_252_260_000}
    again = await sent(owner, exports.GOOGLE_ADS)
    await owner.send_form(again, as_shown((await owner.get(again)).text) | {"do": "take"})
    assert await spent(shop) == {"USD": 1_252_260_000}, "the same days again are replaced"
    page = (await owner.get("/costs?period=30d")).text
    assert "Spent: 1,252.26 USD" in page
    assert "Nov 3, 2026 to Nov 23, 2026" in page, "the gap until yesterday"
    assert (await owner.get(where)).status_code == 404, "a file that was taken in is not kept"


async def test_columns_are_corrected_and_remembered(owner: Browser, shop: Shop) -> None:
    where = await sent(owner, exports.OWN)
    page = (await owner.get(where)).text
    assert "Say which column holds: cost." in page
    form = as_shown(page) | {"column-cost": "Betrag in Euro", "column-campaign": "Radio", "currency": "eur"}
    looked = await owner.send_form(where, form | {"do": "look"})
    assert (looked.status_code, "2,250.50 EUR" in looked.text) == (200, True)
    assert await spent(shop) == {}
    assert (await owner.send_form(where, form | {"column-cost": "", "do": "take"})).status_code == 422
    assert (await owner.send_form(where, form | {"do": "take"})).status_code == 303
    again = (await owner.get(await sent(owner, exports.OWN))).text
    assert "it is read the same way" in again
    assert "2,250.50 EUR" in again


async def test_other_currencies_count_once_there_is_a_rate(owner: Browser, shop: Shop) -> None:
    where = await sent(owner, exports.META)
    await owner.send_form(where, as_shown((await owner.get(where)).text) | {"do": "take"})
    page = (await owner.get("/costs")).text
    assert "Spent: 0.00 USD" in page
    assert "costs in EUR without a rate" in page
    assert "+ 100.00 EUR" in page
    assert (await send(owner, "/costs/rates", RATES)).status_code == 303
    page = (await owner.get("/costs")).text
    assert "Spent: 150.02 USD" in page
    assert "without a rate" not in page
    wrong = await send(owner, "/costs/rates", b"nothing")
    assert (wrong.status_code, "These rates cannot be read." in wrong.text) == (422, True)
    unread = await send(owner, "/costs/rates", bytes(range(128, 160)))
    assert (unread.status_code, "letters cannot be read" in unread.text) == (422, True)


async def test_the_bank_is_asked_for_rates(owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_bank() as bank:
        monkeypatch.setattr("swapboard.switchboard.currency_rates.URL", bank.url)
        answer = await owner.send_form("/costs/rates/bank", {})
        assert (answer.status_code, answer.headers["location"]) == (303, "/costs?rates=3#rates")
        bank.status = 503
        failed = await owner.send_form("/costs/rates/bank", {})
    assert (failed.status_code, "Bank answered with HTTP 503" in failed.text) == (422, True)


async def test_a_campaign_that_no_visit_names_is_told_and_named(owner: Browser, shop: Shop) -> None:
    await shop.visit()
    where = await sent(owner, exports.GOOGLE_ADS.replace(b",Emergency,", b",Emergency 2026,"))
    await owner.send_form(where, as_shown((await owner.get(where)).text) | {"do": "take"})
    unmatched = (await owner.get("/costs")).text.partition("Campaigns that no visit names")[2]
    assert "Emergency 2026" in unmatched
    assert '<option value="Emergency">' in unmatched
    await owner.send_form("/costs/names", {"campaign": "Emergency 2026", "visited_as": "Emergency"})
    page = (await owner.get("/costs")).text
    assert "visits call it" in page
    assert "Emergency 2026" not in page.partition("Campaigns that no visit names")[2].partition("What is in")[0]
    await owner.send_form("/costs/names", {"campaign": "Emergency 2026", "visited_as": ""})
    assert "visits call it" not in (await owner.get("/costs")).text


async def test_a_placement_costs_on_each_of_its_days(owner: Browser, shop: Shop) -> None:
    await shop.exchange.change(
        lambda connection: connection.execute(
            numbers.update()
            .where(numbers.c.company_id == shop.company_id, numbers.c.placement == "Billboard, Route 9")
            .values(placement_cents=31_00, starts_on="2026-11-23", ends_on="2026-12-23")
        )
    )
    page = (await owner.get("/costs")).text
    assert "Spent: 2.00 USD" in page, "two of its 31 days are over or begun"
    assert "Billboard, Route 9" in page
    assert "Campaigns that no visit names" not in page, "its calls come by its number, so that none is missing"


async def test_what_a_placement_cost_stays_when_its_number_goes_and_comes_back(owner: Browser, shop: Shop) -> None:
    stands = numbers.c.company_id == shop.company_id, numbers.c.placement == "Billboard, Route 9"
    runs = {"placement_cents": 31_00, "starts_on": "2026-11-23", "ends_on": "2026-12-23"}

    def release(connection: Connection) -> None:
        gone = {**runs, "status": "released", "released_at": shop.exchange.clock()}
        connection.execute(numbers.update().where(*stands).values(gone))

    def bring_back(connection: Connection) -> None:
        row = connection.execute(numbers.select().where(*stands)).one()
        again = {"number_id": "again", "status": "active", "released_at": None}
        connection.execute(numbers.insert().values(row._asdict() | again))

    for change in (release, bring_back):
        await shop.exchange.change(change)
        assert "Spent: 2.00 USD" in (await owner.get("/costs")).text, change


async def test_a_placement_may_run_for_many_years(owner: Browser, shop: Shop) -> None:
    long = {"placement_cents": 3_653, "starts_on": "2020-01-01", "ends_on": "2029-12-31"}
    await shop.exchange.change(
        lambda connection: connection.execute(
            numbers.update()
            .where(numbers.c.company_id == shop.company_id, numbers.c.placement == "Billboard, Route 9")
            .values(long)
        )
    )
    assert "Spent: 0.30 USD" in (await owner.get("/costs")).text, "a cent on each of its days"
    for path in ("/reports", "/reports/roi", "/numbers/placements"):
        assert (await owner.get(path)).status_code == 200, path


async def test_a_feed_is_removed(owner: Browser, shop: Shop) -> None:
    where = await sent(owner, exports.MICROSOFT)
    await owner.send_form(where, as_shown((await owner.get(where)).text) | {"do": "take"})
    assert await spent(shop) == {"USD": 50 * MICROS}
    await owner.send_form("/costs/feeds", {"feed": "microsoft"})
    assert await spent(shop) == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"PK\x03\x04", "Excel file or a zip"), (b"", "The file is empty."), (b"one column\n1\n", "only one column")],
)
async def test_what_is_no_table_is_refused(owner: Browser, content: bytes, words: str) -> None:
    answer = await send(owner, "/costs/files", content)
    assert (answer.status_code, words in answer.text) == (422, True)


async def test_no_file_is_told(owner: Browser) -> None:
    answer = await owner.post("/costs/files", files={"file": ("", b"")}, headers={"Origin": ORIGIN})
    assert (answer.status_code, "Choose a file first." in answer.text) == (422, True)


async def test_a_reader_may_look_only_and_a_stranger_sees_none_of_it(
    owner: Browser, browser: Browser, shop: Shop, stranger: Shop
) -> None:
    where = await sent(owner, exports.GOOGLE_ADS)
    await owner.send_form(where, as_shown((await owner.get(where)).text) | {"do": "take"})
    draft = await sent(owner, exports.META)
    await browser.log_in("reader@example.com")
    assert "1,252.26" in (await browser.get("/costs")).text
    assert (await send(browser, "/costs/files", exports.META)).status_code == 403
    assert (await browser.send_form("/costs/feeds", {"feed": "google_ads"})).status_code == 403
    assert (await browser.send_form("/costs/rates/bank", {})).status_code == 403
    await browser.log_in("stranger@example.com")
    assert "1,252.26" not in (await browser.get("/costs")).text
    assert (await browser.get(draft)).status_code == 404
    await browser.send_form("/costs/feeds", {"feed": "google_ads"})
    assert await spent(shop) == {"USD": 1_252_260_000}


async def test_lines_keep_ad_group_and_keyword(owner: Browser, shop: Shop) -> None:
    where = await sent(owner, exports.GOOGLE_ADS)
    form = as_shown((await owner.get(where)).text)
    await owner.send_form(where, form | {"do": "take"})
    kept = await shop.exchange.read(lambda connection: list_costs(connection, shop.company_id, NOVEMBER, 100))
    assert [(each.line.ad_group, each.line.keyword, each.line.clicks) for each in kept.rows] == [
        ("Drains", "blocked drain", 1207),
        ("Pipes", "burst pipe", 0),
        ("Boilers", "new boiler", 7),
    ]
    missing = await shop.exchange.read(lambda connection: layout_of(connection, shop.company_id, "another"))
    assert missing is None
