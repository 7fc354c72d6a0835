"""One person or two: joined and parted by hand, with a trail; and which channels earned the leads."""

import re

import pytest
from markupsafe import escape

from swapboard.reports.counting import CountedBy
from tests.web.dashboard.shop import BILLBOARD, Browser, Clock, Shop

pytestmark = pytest.mark.anyio

ANN, BOB = "+12125550111", "+12125550122"


async def people(browser: Browser) -> list[str]:
    return re.findall(r"href=\"/leads/([0-9a-f]{32})\"", (await browser.get("/leads")).text)


async def two_calls(shop: Shop, clock: Clock, *callers: str | None) -> list[str]:
    found = []
    for place, caller in enumerate(callers):
        clock.pass_by(60)
        found.append(await shop.ring(BILLBOARD, caller, ref=f"CA{place}"))
        await shop.hang_up(f"CA{place}", talk_seconds=20)
    return found


async def test_an_office_s_number_is_two_people_once_somebody_says_so(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    first, second = await two_calls(shop, clock, ANN, ANN)
    await owner.send_fields(f"/calls/{second}/verdict", {"qualified": "yes", "value": "", "tags": ""})
    (lead_id,) = await people(owner)
    assert f'value="call:{first}"' in (await owner.get(f"/leads/{lead_id}")).text
    answer = await owner.send_fields(f"/leads/{lead_id}/part", {"contact": f"call:{second}"})
    other_id = answer.headers["location"].removeprefix("/leads/")
    assert other_id != lead_id
    html = (await owner.get(f"/leads/{other_id}")).text
    assert "(212) 555-0111" in html
    assert "Parted from another person" in html
    assert "owner@example.com" in html
    assert "Became a good lead" in html
    assert "Became a good lead" not in (await owner.get(f"/leads/{lead_id}")).text
    # A third call from the office is nobody's that we know.
    await shop.ring(BILLBOARD, ANN, ref="CA7")
    assert len(await people(owner)) == 3
    # They were one after all: what they share tells again who it is.
    await owner.send_fields(f"/leads/{other_id}/join", {"who": "(212) 555-0111"})
    assert len(await people(owner)) == 2
    assert "Another person was joined to this one" in (await owner.get(f"/leads/{lead_id}")).text
    await shop.ring(BILLBOARD, ANN, ref="CA8")
    assert len(await people(owner)) == 2


async def test_two_numbers_of_one_person_are_joined(owner: Browser, shop: Shop, clock: Clock) -> None:
    await two_calls(shop, clock, ANN, BOB)
    newer, older = await people(owner)
    answer = await owner.send_fields(f"/leads/{newer}/join", {"who": "212 555 0111"})
    assert answer.headers["location"] == f"/leads/{older}"
    html = (await owner.get(f"/leads/{older}")).text
    assert "(212) 555-0111" in html
    assert "(212) 555-0122" in html
    assert (await owner.get(f"/leads/{newer}")).status_code == 404


@pytest.mark.parametrize("who", ["", "somebody", "+12125550199", "nobody@example.com", ANN, '"><b>'])
async def test_who_is_not_known_cannot_be_joined(owner: Browser, shop: Shop, clock: Clock, who: str) -> None:
    await two_calls(shop, clock, ANN)
    (lead_id,) = await people(owner)
    answer = await owner.send_fields(f"/leads/{lead_id}/join", {"who": who})
    assert answer.status_code == 422
    assert f'value="{escape(who)}" autofocus aria-invalid="true"' in answer.text, (
        "what was typed stands there still"
    )
    assert 'id="join-fault"' in answer.text
    assert await people(owner) == [lead_id]


@pytest.mark.parametrize("chosen", [[], ["call:none"], ["both"], ["visit:x"], ["call"]])
async def test_nobody_and_everybody_cannot_be_parted(
    owner: Browser, shop: Shop, clock: Clock, chosen: list[str]
) -> None:
    calls = await two_calls(shop, clock, ANN, ANN)
    (lead_id,) = await people(owner)
    contacts = [f"call:{each}" for each in calls] if chosen == ["both"] else chosen
    answer = await owner.send_fields(f"/leads/{lead_id}/part", {"contact": contacts})
    is_none_of_ours = chosen == ["visit:x"]
    assert answer.status_code == (400 if is_none_of_ours else 422)
    assert ("Choose at least one call or form of the other person" in answer.text) is not is_none_of_ours
    assert answer.text.count(" checked>") == (2 if chosen == ["both"] else 0), "what was ticked is so still"
    assert await people(owner) == [lead_id]


async def test_readers_and_strangers_change_nobody(
    browser: Browser, shop: Shop, stranger: Shop, clock: Clock
) -> None:
    calls = await two_calls(shop, clock, ANN, ANN)
    await browser.log_in("owner@example.com")
    (lead_id,) = await people(browser)
    for who, expected in (("reader@example.com", (403, 403)), ("stranger@example.com", (404, 404))):
        await browser.log_in(who)
        part = await browser.send_fields(f"/leads/{lead_id}/part", {"contact": f"call:{calls[0]}"})
        join = await browser.send_fields(f"/leads/{lead_id}/join", {"who": ANN})
        assert (part.status_code, join.status_code) == expected
    await browser.log_in("owner@example.com")
    assert await people(browser) == [lead_id]


async def test_every_column_gives_each_lead_away_once(owner: Browser, shop: Shop, clock: Clock) -> None:
    await two_calls(shop, clock, ANN)
    visit = await shop.visit()
    clock.pass_by(20)
    await shop.ring(visit.swaps[0].number, BOB, ref="CB1")
    await shop.hang_up("CB1", talk_seconds=20)
    for by in CountedBy:
        html = (await owner.get(f"/leads/credit?by={by}&period=7d")).text
        assert "2 leads" in html
        rows = re.findall(r"<tr><th scope=\"row\"><bdi>(.*?)</bdi></th>(.*?)</tr>", html)
        figures = {channel: re.findall(r"number\">([\d.]+)<", cells) for channel, cells in rows}
        assert {"Offline", "Paid Search"} <= set(figures)
        columns = list(zip(*(map(float, each) for each in figures.values()), strict=True))
        assert all(sum(column) == pytest.approx(2, abs=0.15) for column in columns)
    assert "Nobody got in touch" in (await owner.get("/leads/credit?period=yesterday")).text
    assert (await owner.get("/leads/credit?period=x&by=y")).status_code == 200


async def test_visits_count_as_far_back_as_somebody_says(browser: Browser, shop: Shop, clock: Clock) -> None:
    await two_calls(shop, clock, ANN)
    await browser.log_in("owner@example.com")
    assert 'name="days" type="number" min="1" max="730" required value="90"' in await page_of(browser)
    for wrong in ("", "0", "731", "-3", "1.5", "a month", "²", "9" * 5000):
        assert (await browser.send_form("/leads/credit", {"days": wrong})).status_code == 422
    answer = await browser.send_form("/leads/credit", {"days": "30"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/leads/credit")
    after = await page_of(browser)
    assert "Visits of the 30 days before a lead count from now on." in after
    assert 'value="30"' in after
    assert "over the visits of the 30 days" in after
    assert "count from now on" not in await page_of(browser), "it is said once"
    await browser.log_in("reader@example.com")
    assert 'name="days"' not in await page_of(browser)
    assert (await browser.send_form("/leads/credit", {"days": "60"})).status_code == 403


async def page_of(browser: Browser) -> str:
    return (await browser.get("/leads/credit")).text
