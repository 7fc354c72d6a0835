"""Behind every number of every report stand as many calls: by best match and by probability, filtered, and on the
days on which clocks change."""

import re
from datetime import date
from html import unescape
from random import Random
from urllib.parse import quote

import pytest

from swapboard.accounts.store import site_by_id
from swapboard.numbers.inventory import NewNumber, NumberKind, add_numbers, add_pool
from swapboard.numbers.rules import Overflow, Pool
from swapboard.numbers.target_listing import list_targets
from swapboard.reports.cost_store import put_costs
from swapboard.reports.costs import CostLine
from swapboard.storage.engine import writing
from swapboard.storage.ids import new_id
from tests.building import Business
from tests.reports.random_business import happen, ring_phones
from tests.web.dashboard.shop import POOL, Browser, Shop

pytestmark = pytest.mark.anyio

# New York's clocks go back on the first of November.
DAYS = "days=own&from=2026-10-28&to=2026-11-05"
SPAN = (1793160000000, 1793941200000)
FILTER = quote("-device:desktop")
BY_VISITS = [f"{DAYS}", f"{DAYS}&counted=probability", f"{DAYS}&filter={FILTER}&counted=probability"]
PAGES = [
    *(f"/reports?{query}" for query in BY_VISITS),
    *(f"/reports/by/campaign?{query}&and=outcome" for query in BY_VISITS),
    f"/reports/by/place?{DAYS}&and=channel&counted=probability",
    *(f"/reports/roi?{query}&by=channel&and=campaign" for query in BY_VISITS),
    f"/reports/suggestions?{DAYS}&counted=probability",
    *(f"/reports/service/agents?{query}" for query in BY_VISITS),
    f"/reports/service/spam?{DAYS}&filter={FILTER}",
    f"/reports/service/pools?{DAYS}&filter={FILTER}&counted=probability",
    *(f"/reports/models?{query}" for query in BY_VISITS),
    f"/reports/models?{DAYS}&filter={quote('outcome:answered')}",
]
LOOKED_AT = 10
OF_OTHER = "+12025550139"
SPENT = [
    CostLine(date(2026, 11, 1), 5_000_000, "USD", campaign, channel="Paid Search")
    for campaign in ("Spring sale", "Nobody's")
]
_LINK = re.compile(r'<a href="(/reports/calls\?[^"]+)"[^>]*>([\d.,]+)(?: new (?:person|people))?</a>')


async def happened(shop: Shop) -> None:
    with writing(shop.exchange.engine) as connection:
        site = site_by_id(connection, shop.company_id, shop.site_id)
        assert site is not None
        business = Business(shop.company_id, site, (), (), "", "", shop.carrier_id)
        random = Random(3)
        ring_phones(connection, happen(connection, business, random, SPAN), random)


async def listed(owner: Browser, address: str) -> float:
    answer = await owner.get(unescape(address))
    assert answer.status_code == 200, address
    shares = re.search(r"together these are ([\d.,]+) calls", answer.text)
    forms = re.search(r"And ([\d.,]+) new (?:person|people) who sent a form", answer.text)
    calls = _number(shares[1]) if shares else answer.text.count('class="row-link"')
    return calls + (_number(forms[1]) if forms else 0)


def _number(text: str) -> float:
    return float(text.replace(",", ""))


async def test_behind_each_number_stand_its_calls(owner: Browser, shop: Shop) -> None:
    await happened(shop)
    await shop.exchange.change(
        lambda connection: put_costs(connection, shop.company_id, "google_ads", SPENT, SPAN[0])
    )
    for page in PAGES:
        # What calls are worth is an amount, not how many they are.
        links = [each for each in _LINK.findall((await owner.get(page)).text) if "of=valued" not in each[0]]
        assert links or "suggestions" in page, page
        for address, number in Random(page).sample(links, min(len(links), LOOKED_AT)):
            # Each part is rounded to one place.
            assert await listed(owner, address) == pytest.approx(_number(number), abs=0.11), (page, address)


async def test_what_one_reads_of_each_line_makes_the_sum(owner: Browser, shop: Shop) -> None:
    await happened(shop)
    counted = 0
    for by in ("campaign", "keyword", "page", "channel"):
        html = (await owner.get(f"/reports/by/{by}?{DAYS}&counted=probability")).text
        *lines, together = re.findall(r"<tr><th scope=\"row\".*?</tr>", html, re.DOTALL)
        figures = [_calls_and_new_people(line) for line in lines]
        counted += sum(bool(calls % 1) for calls, _people in figures)
        assert tuple(map(sum, zip(*figures, strict=True))) == pytest.approx(_calls_and_new_people(together)), by
    assert counted > 3


def _calls_and_new_people(line: str) -> tuple[float, float]:
    calls = re.search(r'/reports/calls\?(?![^"]*of=)[^"]*">([\d.,]+)</a>', line)
    people = re.search(r'/reports/calls\?[^"]*of=new">([\d.,]+)</a>', line)
    return (_number(calls[1]) if calls else 0.0), (_number(people[1]) if people else 0.0)


async def test_behind_two_pools_of_one_name_stand_each_ones_calls(owner: Browser, shop: Shop) -> None:
    """The API refuses a second pool of a name; some companies have two from before."""
    now, other = shop.clock(), new_id(shop.clock())
    with writing(shop.exchange.engine) as connection:
        target_id = next(iter(list_targets(connection, shop.company_id, 1).rows)).target_id
        pool = Pool(other, target_id, Overflow.ORIGINAL, None)
        add_pool(connection, shop.company_id, pool, "Website visitors", now)
        of_other = NewNumber(new_id(now), OF_OTHER, NumberKind.POOL, now, pool_id=other)
        add_numbers(connection, shop.company_id, [of_other])
    for ref, dialled in (("CA1", POOL[0]), ("CA2", OF_OTHER), ("CA3", OF_OTHER)):
        await shop.ring(dialled, ref=ref)
        await shop.hang_up(ref, 60)
    links = _LINK.findall((await owner.get("/reports/service/pools")).text)
    behind = [(number, await listed(owner, address)) for address, number in links]
    assert sorted(behind) == [("1", 1), ("2", 2)]
    # A link of before asks by the name, and finds both.
    by_name = quote('pool="Website visitors"')
    assert await listed(owner, f"/reports/calls?filter={by_name}") == 3
    assert await listed(owner, "/reports/calls?pool=nothing") == 0
