"""What advertising brought for its money, on the page and as a file; and what is worth a look."""

from datetime import date

import pytest
from sqlalchemy import Connection, select, update

from swapboard.calls.verdict import Verdict
from swapboard.reports.cost_store import put_costs
from swapboard.reports.costs import CostLine
from swapboard.storage.schema import calls, companies
from swapboard.switchboard.judging import judge
from tests.web.dashboard.shop import BILLBOARD, NOON, Browser, Clock, Shop
from tests.web.dashboard.test_pages import words_of
from tests.web.dashboard.test_reports import called, said, table

pytestmark = pytest.mark.anyio

DAY = date(2026, 11, 24)
GOOD = Verdict((), 100_00, True)


async def spent(shop: Shop, *lines: CostLine) -> None:
    await shop.exchange.change(
        lambda connection: put_costs(connection, shop.company_id, "google_ads", lines, NOON)
    )


def line(campaign: str, keyword: str, units: int, currency: str = "USD") -> CostLine:
    return CostLine(DAY, units * 1_000_000, currency, campaign, keyword=keyword, channel="Paid Search")


async def two_calls_of_the_emergency(shop: Shop, clock: Clock) -> None:
    admitted = await shop.visit()
    await called(shop, admitted.swaps[0].number, "+12125550111", "CA1")
    clock.pass_by(600)
    await called(shop, admitted.swaps[0].number, "+12125550111", "CA2", talk_seconds=0)
    await spent(shop, line("EMERGENCY", "x", 25), line("Boilers", "y", 10), line("Boilers", "z", 7, "CHF"))


async def test_costs_meet_their_calls(owner: Browser, shop: Shop, clock: Clock) -> None:
    await two_calls_of_the_emergency(shop, clock)

    def judge_the_first(connection: Connection) -> None:
        of_shop = select(calls.c.call_id).where(calls.c.company_id == shop.company_id, calls.c.call_ref == "CA1")
        judge(connection, shop.company_id, connection.execute(of_shop).scalar_one(), GOOD, NOON)

    await shop.exchange.change(judge_the_first)
    page = await said(owner, "/reports/roi")
    assert "Emergency 25.00 2 12.50 1 25.00 1 25.00 100.00 4.00" in page
    assert "Boilers 10.00 0 \u2013 0 \u2013 0 \u2013 \u2013 0.00" in page
    assert "What cost something 35.00 2 17.50" in page
    assert "7.00 CHF have no rate for their day" in page
    paid = (await owner.get("/reports/calls?paid=campaign")).text
    assert paid.count('class="row-link"') == 2
    assert "Only of what cost something By campaign" in words_of(paid)
    # Calls of a line that cost nothing are not behind it.
    assert "No call in these days fits." in await said(owner, "/reports/calls?paid=keyword")
    rows = list(table(await owner.get("/reports/roi.csv?by=campaign")))
    assert [(row["campaign"], row["cost"], row["cost_per_call"], row["roas"]) for row in rows] == [
        ("Emergency", "25.00", "12.50", "4.00"),
        ("Boilers", "10.00", "", "0.00"),
    ]


async def test_cells_make_the_sum_below_them(owner: Browser, shop: Shop) -> None:
    thirds = [CostLine(DAY, 3_333_333, "USD", each, channel="Paid Search") for each in ("Fix", "Mend", "Repair")]
    await spent(shop, *thirds)
    page = await said(owner, "/reports/roi")
    assert "Fix 3.34 0" in page
    assert "Mend 3.33 0" in page
    assert "Repair 3.33 0" in page
    assert "What cost something 10.00 0" in page


async def test_yen_have_no_cents(owner: Browser, shop: Shop, clock: Clock) -> None:
    await two_calls_of_the_emergency(shop, clock)
    in_yen = update(companies).where(companies.c.company_id == shop.company_id).values(currency="JPY")
    await shop.exchange.change(lambda connection: connection.execute(in_yen) and None)
    thirds = [CostLine(DAY, 333_333_333, "JPY", each, channel="Paid Search") for each in ("Fix", "Mend", "Repair")]
    await spent(shop, *thirds)
    page = await said(owner, "/reports/roi")
    assert "Fix 334 0" in page
    assert "Repair 333 0" in page
    assert "What cost something 1,000 0" in page
    assert "Spent, JPY 1,000" in await said(owner, "/reports")
    assert "Spent: 1,000 JPY" in await said(owner, "/costs")


async def test_what_costs_do_not_know_is_said(owner: Browser, shop: Shop, clock: Clock) -> None:
    await two_calls_of_the_emergency(shop, clock)
    assert "Costs are not told apart by what you ask for" in await said(
        owner, "/reports/roi?filter=device%3Aphone"
    )
    assert "No calls and no costs in these days." in await said(owner, "/reports/roi?days=yesterday")
    assert "What came of the money, by campaign" in await said(owner, "/reports/roi?by=outcome&and=colour")


async def test_what_is_worth_a_look_leads_to_its_calls(owner: Browser, shop: Shop, clock: Clock) -> None:
    for number in range(10):
        clock.pass_by(60)
        await called(shop, BILLBOARD, f"+121255501{number:02}", f"CA{number}", talk_seconds=0)
    clock.pass_by(3600)
    admitted = await shop.visit()
    for number in range(20):
        clock.pass_by(60)
        await called(shop, admitted.swaps[0].number, f"+121255502{number:02}", f"CB{number}")
    answer = await owner.get("/reports/suggestions?days=7d")
    page = words_of(answer.text)
    assert "No costs of keywords with calls in these days" in page
    assert "Billboard, Route 9 10 10 100% The missed calls" in page
    hours = answer.text.partition("Hours in which")[2]
    link = hours.partition('href="/reports/calls?')[2].partition('"')[0].replace("&amp;", "&")
    behind = await owner.get(f"/reports/calls?{link}")
    file = await owner.get("/reports/suggestions.csv?days=7d")
    assert [row["about"] for row in table(file)] == ["campaign", "hour"]
    assert behind.text.count('class="row-link"') == 10
    assert "Monday to Friday, 12\u20131\u00a0pm" in behind.text
    assert "Monday to Friday, 12\u20131\u00a0pm" in hours


@pytest.mark.parametrize(
    ("path", "words_"),
    [
        ("models?look_back=7", "1 new person"),
        ("models?by=campaign&look_back=nonsense", "Emergency 1 1 1 1"),
        ("paths?by=page", "Called 1 100%"),
        ("service/agents", "Share Time to answer"),
        ("service/pools", "Website visitors"),
        ("service/spam", "No spam in these days."),
        ("service/deliveries", "No platform is told of your calls yet"),
        ("suggestions", "No campaign fits the rule."),
        ("missed", "No call of these days was missed."),
    ],
)
async def test_every_page_shows_its_table(owner: Browser, shop: Shop, path: str, words_: str) -> None:
    admitted = await shop.visit()
    await called(shop, admitted.swaps[0].number, "+12125550111", "CA1")
    assert words_ in await said(owner, f"/reports/{path}")
    name, _mark, query = path.partition("?")
    file = await owner.get(f"/reports/{name}.csv?{query}")
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(file.text.splitlines()) == (1 if words_.startswith(("No ", "There", "Every")) else 2)
    assert (await owner.get("/reports/service/other")).status_code == 404
