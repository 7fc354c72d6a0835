"""Costs by the API: told, told again, and listed a page at a time."""

import base64
import json
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Connection

from swapboard.clock import DAY
from swapboard.reports.cost_store import put_costs
from swapboard.reports.costs import CostLine
from swapboard.reports.rate_store import put_rates
from swapboard.reports.rates import Rate
from swapboard.storage.engine import writing
from swapboard.switchboard.claiming import Claim, claim
from swapboard.switchboard.currency_rates import NoRates
from swapboard.web.api.cost_settings import MOST_RATES
from swapboard.web.api.route import MAX_BODY_BYTES
from tests.one_server import on_one_server
from tests.web.api.house import House

pytestmark = pytest.mark.anyio


def line(day: str, micros: int, **more: object) -> dict[str, object]:
    return {"day": day, "micros": micros, "currency": "USD", **more}


async def test_a_day_that_is_told_again_is_replaced(house: House) -> None:
    first = [line("2026-11-23", 5), line("2026-11-24", 7, campaign="Spring"), line("2026-11-24", 8)]
    made = await house.ask("POST", "/costs", {"feed": "radio", "lines": first})
    assert (made.status_code, made.json()) == (201, {"feed": "radio", "lines": 3, "days": 2, "replaced": 0})
    again = await house.ask("POST", "/costs", {"feed": "radio", "lines": [line("2026-11-24", 9, keyword="drain")]})
    assert again.json()["replaced"] == 2
    listed = (await house.ask("GET", "/costs")).json()["data"]
    assert [(each["day"], each["micros"], each["keyword"]) for each in listed] == [
        ("2026-11-23", 5, ""),
        ("2026-11-24", 9, "drain"),
    ]


async def test_pages_and_days(house: House) -> None:
    lines = [line(f"2026-11-{day:02}", day) for day in range(1, 8)]
    await house.ask("POST", "/costs", {"feed": "radio", "lines": lines})
    seen, cursor = [], ""
    while cursor is not None:
        answer = (await house.ask("GET", f"/costs?first_day=2026-11-02&limit=4&cursor={cursor}")).json()
        seen += [each["micros"] for each in answer["data"]]
        cursor = answer["next_cursor"]
    assert seen == [2, 3, 4, 5, 6, 7]
    assert (await house.ask("GET", "/costs?last_day=2026-11-01")).json()["data"][0]["feed"] == "radio"


@on_one_server(
    "wrong",
    [
        {"feed": "a feed", "lines": [line("2026-11-24", 1)]},
        {"feed": "placement", "lines": [line("2026-11-24", 1)]},
        {"feed": "radio", "lines": []},
        {"feed": "radio", "lines": [line("2026-11-31", 1)]},
        {"feed": "radio", "lines": [line("2026-11-24", 1) | {"currency": "dollars"}]},
        {"feed": "radio", "lines": [line("2026-11-24", 10**16)]},
    ],
)
async def test_what_cannot_be_is_said(house: House, wrong: dict[str, object]) -> None:
    assert (await house.ask("POST", "/costs", wrong)).status_code == 422
    assert (await house.ask("GET", "/costs")).json()["data"] == []


def file(text: str, **more: object) -> dict[str, object]:
    return {"content": base64.b64encode(text.encode()).decode(), **more}


GOOGLE = (
    "Day,Campaign,Cost,Currency code\n2026-11-23,Spring,1.50,USD\n2026-11-24,Spring,2.25,USD\nTotal,,3.75,USD\n"
)


async def test_a_file_is_looked_at_taken_in_and_forgotten(house: House) -> None:
    looked = (await house.ask("POST", "/costs/files", file(GOOGLE, only_look=True))).json()
    assert (looked["taken"], looked["lines"], looked["first_day"], looked["last_day"]) == (
        *(False, 2),
        *("2026-11-23", "2026-11-24"),
    )
    assert looked["sums"] == [{"currency": "USD", "micros": 3_750_000}]
    assert (await house.get("/costs/feeds"))["data"] == []
    for replaced in (0, 2):
        taken = (await house.ask("POST", "/costs/files", file(GOOGLE, feed="radio"))).json()
        assert (taken["taken"], taken["feed"], taken["replaced"]) == (True, "radio", replaced)
    assert taken["was_known"] is True
    told = (await house.get("/costs/feeds"))["data"]
    assert [(each["feed"], each["first_day"], each["last_day"], each["days"]) for each in told] == [
        ("radio", "2026-11-23", "2026-11-24", 2)
    ]
    assert [each["micros"] for each in (await house.get("/costs"))["data"]] == [1_500_000, 2_250_000]
    assert (await house.ask("DELETE", "/costs/feeds", params={"feed": "radio"})).status_code == 204
    assert (await house.ask("DELETE", "/costs/feeds", params={"feed": "radio"})).status_code == 404
    assert (await house.get("/costs"))["data"] == []


async def test_a_file_is_read_as_it_is_said(house: House) -> None:
    layout = {"columns": {"day": "When", "cost": "Paid"}, "currency": "EUR", "decimal": ",", "campaign": "Fair"}
    text = "When;Paid\n24.11.2026;1.234,50\n"
    taken = (await house.ask("POST", "/costs/files", file(text, layout=layout))).json()
    assert (taken["layout"]["columns"], taken["feed"]) == (layout["columns"], "other")
    [kept] = (await house.get("/costs"))["data"]
    assert (kept["micros"], kept["currency"], kept["campaign"]) == (1_234_500_000, "EUR", "Fair")


async def test_a_file_that_cannot_be_read_changes_nothing(house: House) -> None:
    for text in ("", "nothing", "Day,Cost\nyesterday,1\n", "Day,Cost\n"):
        answer = await house.ask("POST", "/costs/files", file(text))
        assert answer.status_code == 422, text
        assert answer.json()["errors"][0]["pointer"] == "#/content"
    assert (await house.get("/costs"))["data"] == []


async def test_what_visits_call_a_campaign_is_said_and_taken_back(house: House) -> None:
    name = {"campaign": "Spring 2026", "visited_as": "spring"}
    assert (await house.ask("PUT", "/costs/campaign-names", name)).json() == name
    assert (await house.get("/costs/campaign-names"))["data"] == [name]
    assert (await house.get("/costs/campaign-names", "stranger"))["data"] == []
    await house.ask("PUT", "/costs/campaign-names", name | {"visited_as": ""})
    assert (await house.get("/costs/campaign-names"))["data"] == []


def test_as_many_rates_as_are_allowed_fit_into_a_body() -> None:
    longest = {"day": "2026-11-24", "base": "USD", "quote": "EUR", "worth": "999999999.000000000001"}
    assert len(json.dumps({"rates": [longest] * MOST_RATES}).encode()) <= MAX_BODY_BYTES


async def test_rates_are_told_and_listed_page_by_page(house: House) -> None:
    rates = [
        {"day": f"2026-11-{day}", "base": "EUR", "quote": "USD", "worth": f"1.0{day}"} for day in (22, 23, 24)
    ]
    assert (await house.ask("POST", "/costs/rates", {"rates": rates})).json() == {"rates": 3}
    first = await house.get("/costs/rates", limit=2)
    rest = await house.get("/costs/rates", limit=2, cursor=first["next_cursor"])
    assert [*first["data"], *rest["data"]] == rates[::-1]
    assert rest["next_cursor"] is None
    for wrong in ({"worth": "0"}, {"worth": "much"}, {"base": "euro"}, {"day": "2026-11-31"}):
        answer = await house.ask("POST", "/costs/rates", {"rates": [rates[0] | wrong]})
        assert answer.status_code == 422, wrong


async def test_the_bank_is_asked_or_its_silence_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def tell(_wanted: bool) -> list[Rate]:
        return [Rate(date(2026, 11, 24), "EUR", "USD", Decimal("1.0842"))]

    def refuse(_wanted: bool) -> list[Rate]:
        raise NoRates("The European Central Bank did not answer.")

    monkeypatch.setattr("swapboard.switchboard.currency_rates.ask_bank", tell)
    assert (await house.ask("POST", "/costs/rates/bank")).json() == {"rates": 1}
    monkeypatch.setattr("swapboard.switchboard.currency_rates.ask_bank", refuse)
    silent = await house.ask("POST", "/costs/rates/bank")
    assert (silent.status_code, silent.json()["code"]) == (502, "bank")
    assert [each["worth"] for each in (await house.get("/costs/rates"))["data"]] == ["1.0842"]


async def test_an_ad_account_is_asked_until_it_is_removed(house: House) -> None:
    meta = {"platform": "meta", "credentials": {"account_id": "act_12345", "access_token": "hush"}}
    asked = Claim(house.clock(), (("costs", DAY), ("counts", DAY), ("keywords", DAY)))
    with writing(house.exchange.engine) as connection:
        claim(connection, [asked])
    made = await house.make("/costs/ad-accounts", meta)
    assert (made["platform"], made["account"], made["grant"], made["asked_at"]) == ("meta", "12345", None, None)
    with writing(house.exchange.engine) as connection:
        (due,) = claim(connection, [asked])
    assert [each.name for each in due] == ["costs", "counts"], "at once, though they were asked for today"
    assert "hush" not in (await house.ask("GET", "/costs/ad-accounts")).text
    assert (await house.get("/costs/ad-accounts"))["data"] == [made]
    for wrong in (
        {"credentials": {"account_id": "x", "access_token": "hush"}},
        {"platform": "google_ads", "credentials": {"customer_id": "1234567890"}},
        {"platform": "radio"},
        {"credentials": {"password": "hush"}},
    ):
        assert (await house.ask("POST", "/costs/ad-accounts", meta | wrong)).status_code == 422, wrong
    one = {"platform": "meta", "account": "12345"}
    assert (await house.ask("DELETE", "/costs/ad-accounts", params=one)).status_code == 204
    assert (await house.ask("DELETE", "/costs/ad-accounts", params=one)).status_code == 404


async def test_what_no_file_can_mean_is_a_fault_and_none_of_ours(house: House) -> None:
    vast = "9" * 30
    for text in (f"Day,Cost\n2026-11-24,{vast}\n", f"Day,Cost,Clicks\n2026-11-24,1,{vast}\n"):
        assert (await house.ask("POST", "/costs/files", file(text))).status_code == 422
    many = "Day,Cost\n" + "2026-11-24,900000000000\n" * 2
    assert (await house.ask("POST", "/costs/files", file(many))).status_code == 422
    placement = await house.ask("POST", "/costs/files", file(GOOGLE, feed="placement"))
    assert placement.json()["errors"][0]["pointer"] == "#/feed"
    wide = f"Day,Cost ({'x' * 600})\n2026-11-24,2000000000\n"
    assert (await house.ask("POST", "/costs/files", file(wide))).status_code == 200
    [kept] = (await house.get("/costs"))["data"]
    assert kept["micros"] == 2 * 10**15


async def test_what_other_doors_kept_is_listed(house: House) -> None:
    ours = house.ids["us"]
    fine = Rate(date(2026, 11, 24), "EUR", "USD", Decimal("1.08423749201823"))
    less = CostLine(date(2026, 11, 24), 5, "USD", clicks=-1)

    def write(connection: Connection) -> None:
        put_rates(connection, ours, [fine])
        put_costs(connection, ours, "By hand", [less], house.clock())

    await house.exchange.change(write)
    assert [each["worth"] for each in (await house.get("/costs/rates"))["data"]] == ["1.08423749201823"]
    assert [each["clicks"] for each in (await house.get("/costs"))["data"]] == [-1]
    assert (await house.ask("DELETE", "/costs/feeds", params={"feed": "By hand"})).status_code == 204


async def test_that_the_bank_may_not_answer_is_described(house: House) -> None:
    described = (await house.ask("GET", "/openapi.json")).json()
    assert "502" in described["paths"]["/api/v1/costs/rates/bank"]["post"]["responses"]
