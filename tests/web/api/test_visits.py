"""A website's own server tells of a visit; the rules are those of the page, on both engines."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from swapboard.storage.engine import reading
from swapboard.storage.schema import leases, sessions
from swapboard.web.visits import Dropped, Visits
from tests.web.api.house import AD, POOL, TARGET, House

pytestmark = pytest.mark.anyio

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
NOBODY = {"visitor": None, "session": None, "swaps": {}, "beat": 20, "cookie": None}


@pytest.fixture
def visits(app: FastAPI) -> Visits:
    found: Visits = app.state.visits
    return found


def a_visit(**changes: Any) -> dict[str, Any]:
    return {"url": AD, "user_agent": BROWSER, "address": "203.0.113.7", **changes}


async def tell(house: House, site_id: str, who: str = "site", **changes: Any) -> httpx.Response:
    return await house.ask("POST", f"/sites/{site_id}/visit", a_visit(**changes), who=who)


async def welcomed(house: House, site_id: str, **changes: Any) -> dict[str, Any]:
    answer = await tell(house, site_id, **changes)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def rows(house: House, table: Any) -> list[Any]:
    with reading(house.exchange.engine) as connection:
        return list(connection.execute(table.select().where(table.c.company_id == house.ids["us"])))


async def test_a_visitor_gets_a_number_that_is_leased(house: House) -> None:
    site_id = (await house.furnish())["site"]
    answer = await welcomed(
        house, site_id, title="Blocked drains", cookies={"_ga": "GA1.1.5.6", "login": "secret"}
    )
    swap = answer["swaps"][TARGET]
    assert swap["number"] in POOL
    assert swap["display"] == f"(202) 555-{swap['number'][-4:]}"
    assert answer["beat"] == 20
    value = f"{answer['visitor']}/{answer['session']}/{house.clock()}"
    assert answer["cookie"] == {"name": "_swb", "value": value, "max_age": 400 * 86400, "domain": "example.com"}
    session = await house.get(f"/sessions/{answer['session']}")
    assert (session["channel"], session["landing_page"]) == ("Paid Search", AD)
    assert rows(house, sessions)[0].cookies == {"_ga": "GA1.1.5.6"}
    assert [lease.session_id for lease in rows(house, leases)] == [answer["session"]]


async def test_a_company_of_many_numbers_has_all_of_them_swapped(house: House) -> None:
    site_id = (await house.furnish())["site"]
    for place in range(60):
        await house.make("/swap-targets", {"number": f"+1303555{100 + place:04}", "destination": "+12025550199"})
    swaps = (await welcomed(house, site_id))["swaps"]
    assert swaps[TARGET]["number"] in POOL


async def test_of_a_page_that_shows_very_many_numbers_the_first_fifty_are_heard(house: House) -> None:
    site_id = (await house.furnish())["site"]
    others = [f"+1202555{number:04}" for number in range(200, 300)]
    many = await welcomed(house, site_id, targets=[*others[:49], TARGET, *others[49:]])
    assert list(many["swaps"]) == [TARGET]
    assert (await welcomed(house, site_id, targets=[*others, TARGET]))["swaps"] == {}


async def test_a_visitor_of_very_many_cookies_keeps_the_ones_that_matter(house: House) -> None:
    site_id = (await house.furnish())["site"]
    jar = {f"_ga_{number:08}": "GS1.1.1.1" for number in range(30)} | {
        f"shop_{'x' * 90}_{n}": "1" for n in range(250)
    }
    await welcomed(house, site_id, cookies={**jar, "_ga": "GA1.1.5.6", "_gcl_aw": "GCL.1.abc"})
    kept = rows(house, sessions)[0].cookies
    assert len(kept) == 20
    assert {"_ga", "_gcl_aw"} < kept.keys() < {"_ga", "_gcl_aw", *(f"_ga_{number:08}" for number in range(30))}


async def test_the_cookie_goes_on_with_the_session(house: House) -> None:
    site_id = (await house.furnish())["site"]
    first = await welcomed(house, site_id)
    cookies = {first["cookie"]["name"]: first["cookie"]["value"]}
    house.clock.pass_by(30)
    again = await welcomed(house, site_id, url="https://shop.example.com/contact", cookies=cookies)
    assert (again["visitor"], again["session"], again["swaps"]) == (
        first["visitor"],
        first["session"],
        first["swaps"],
    )
    house.clock.pass_by(1800)
    later = await welcomed(house, site_id, url="https://shop.example.com/", cookies=cookies)
    assert later["visitor"] == first["visitor"]
    assert later["session"] != first["session"]


async def test_ids_can_be_told_without_a_cookie(house: House) -> None:
    site_id = (await house.furnish())["site"]
    first = await welcomed(house, site_id)
    again = await welcomed(house, site_id, visitor=first["visitor"], session=first["session"])
    assert again["session"] == first["session"]


@pytest.mark.parametrize("cookie", ["x", "//", "a/b", "a/b/c/d/e", "a/b/-1", "x" * 4000, "💥/💥/💥", "a/b/²"])
async def test_a_broken_cookie_begins_anew(house: House, cookie: str) -> None:
    site_id = (await house.furnish())["site"]
    assert (await welcomed(house, site_id, cookies={"_swb": cookie}))["swaps"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"user_agent": GOOGLEBOT}, Dropped.CRAWLER),
        ({"user_agent": ""}, Dropped.CRAWLER),
        ({"user_agent": "python-requests/2.32"}, Dropped.CRAWLER),
        ({"sec_purpose": "prefetch;prerender"}, Dropped.PREFETCH),
    ],
)
async def test_crawlers_and_prefetches_see_the_original_and_leave_no_trace(
    house: House, visits: Visits, changes: dict[str, str], reason: Dropped
) -> None:
    site_id = (await house.furnish())["site"]
    assert await welcomed(house, site_id, **changes) == NOBODY
    assert rows(house, sessions) == rows(house, leases) == []
    assert visits.dropped == {reason: 1}


async def test_consent_is_waited_for(house: House) -> None:
    site_id = (await house.furnish())["site"]
    await house.patch(f"/sites/{site_id}", {"consent": "wait"})
    assert await welcomed(house, site_id) == NOBODY
    assert rows(house, sessions) == []
    assert (await welcomed(house, site_id, consent="granted"))["swaps"]


async def test_without_cookies_the_script_shows_the_number(house: House) -> None:
    """A server could not hand the session over, and the script would take a second number."""
    site_id = (await house.furnish())["site"]
    await house.patch(f"/sites/{site_id}", {"consent": "cookieless"})
    assert await welcomed(house, site_id) == NOBODY
    assert rows(house, sessions) == []


async def test_an_opt_out_of_sale_is_kept(house: House) -> None:
    site_id = (await house.furnish())["site"]
    assert (await welcomed(house, site_id, sec_gpc=True))["swaps"]
    assert [session.opted_out for session in rows(house, sessions)] == [True]


async def test_only_the_numbers_that_the_page_shows(house: House) -> None:
    site_id = (await house.furnish())["site"]
    answer = await welcomed(house, site_id, targets=["+12025550199"])
    assert (answer["swaps"], bool(answer["session"])) == ({}, True)
    assert rows(house, leases) == []


async def test_the_last_number_taken_leaves_the_original(house: House) -> None:
    site_id = (await house.furnish())["site"]
    seen = [(await welcomed(house, site_id, address=f"203.0.113.{n}"))["swaps"] for n in range(4)]
    numbers = [swaps[TARGET]["number"] for swaps in seen if swaps]
    assert sorted(numbers) == sorted(POOL)


async def test_another_sites_page_is_refused(house: House) -> None:
    site_id = (await house.furnish())["site"]
    answer = await tell(house, site_id, url="https://shop.example.net/")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert rows(house, sessions) == []


async def test_an_address_that_comes_too_often_is_refused_and_others_are_not(house: House, visits: Visits) -> None:
    site_id = (await house.furnish())["site"]
    burst = 20 * house.exchange.settings.visits_per_second
    site = house.exchange.directory.site_of(house.ids["us"], site_id)
    assert site
    for _ in range(burst):
        visits.check_rate(site.site, "203.0.113.7", house.clock())
    answer = await tell(house, site_id)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert answer.headers["retry-after"] == "1"
    assert (await tell(house, site_id, address="203.0.113.8")).status_code == 200


async def test_visitors_whose_address_is_not_told_do_not_count_as_one(house: House, visits: Visits) -> None:
    site_id = (await house.furnish())["site"]
    site = house.exchange.directory.site_of(house.ids["us"], site_id)
    assert site
    for _ in range(20 * house.exchange.settings.visits_per_second):
        visits.check_rate(site.site, "", house.clock())
    assert (await tell(house, site_id, address="")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"url": None}, "#/url"),
        ({"user_agent": None}, "#/user_agent"),
        ({"cookies": {"a": 1}}, "#/cookies/a"),
        ({"targets": "x"}, "#/targets"),
        ({"unknown": 1}, "#/unknown"),
        ({"url": "x" * 9000}, "#/url"),
    ],
)
async def test_what_is_wrong_is_named(house: House, changes: dict[str, Any], pointer: str) -> None:
    site_id = (await house.furnish())["site"]
    answer = await tell(house, site_id, **changes)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_strangers_site_is_not_there(house: House) -> None:
    site_id = (await house.furnish("stranger"))["site"]
    assert (await tell(house, site_id)).status_code == 404
    assert (await tell(house, "nosuchsite")).status_code == 404
