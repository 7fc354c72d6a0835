"""The report pages."""

import codecs
import csv
import io
import re
from html import unescape
from urllib.parse import quote, urlencode

import httpx
import pytest

from swapboard.clock import DAY, HOUR, MINUTE, SECOND
from swapboard.reports.span import Span
from swapboard.web.dashboard import spans
from swapboard.web.dashboard.moments import Moments
from swapboard.web.dashboard.report_query import Days, read_asked
from swapboard.web.dashboard.sankey import END_LETTERS
from tests.one_server import on_one_server
from tests.web.dashboard.shop import BILLBOARD, NOON, Browser, Clock, Shop
from tests.web.dashboard.test_pages import words_of

pytestmark = pytest.mark.anyio

NEW_YORK = Moments("America/New_York", "US", NOON)


async def called(shop: Shop, dialled: str, caller: str, ref: str, talk_seconds: int = 63) -> None:
    await shop.ring(dialled, caller, ref=ref)
    await shop.hang_up(ref, talk_seconds)


async def a_paid_call_and_a_missed_one(shop: Shop, clock: Clock) -> None:
    admitted = await shop.visit()
    await called(shop, admitted.swaps[0].number, "+12125550111", "CA1")
    clock.pass_by(3600)
    await called(shop, BILLBOARD, "+12125550112", "CA2", talk_seconds=0)


def table(file: httpx.Response) -> "csv.DictReader[str]":
    """A saved table as a spreadsheet opens it: Excel takes it for UTF-8 by its mark alone."""
    assert file.content.startswith(codecs.BOM_UTF8)
    return csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))


async def said(browser: Browser, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text[:300]
    return words_of(answer.text)


async def test_without_a_keyword_it_is_said_why(owner: Browser, shop: Shop, clock: Clock) -> None:
    page = "https://www.example.com/"
    came = [(page, "https://www.google.com/"), (f"{page}?gclid=1", ""), (page, "")]
    for place, (url, referrer) in enumerate(came):
        admitted = await shop.visit(url, referrer)
        await called(shop, admitted.swaps[0].number, f"+12125550{111 + place}", f"CA{place}")
        clock.pass_by(60)
    await called(shop, BILLBOARD, "+12125550199", "CA9")
    shown = await said(owner, "/reports/by/keyword")
    for name in ("Not provided 1 1", "Not known 1 1", "No keyword 1 2"):
        assert name in shown, shown
    assert "Not provided" in await said(owner, "/reports/models?by=keyword")
    html = (await owner.get("/reports/by/keyword")).text
    behind = re.findall(r'href="(/reports/calls\?[^"]+filter=keyword%3D[^"]+)">(\d)</a>', html)
    assert sorted(number for address, number in behind if "of=" not in address) == ["1", "1", "2"]
    for address, number in behind:
        assert (await owner.get(unescape(address))).text.count('class="row-link"') == int(number), address
    told = table(await owner.get("/reports/by/keyword.csv"))
    assert {row["keyword"]: row["calls"] for row in told} == {"(not provided)": "1", "": "1", "(not set)": "2"}


async def test_a_call_that_goes_on_is_not_drawn_as_missed(owner: Browser, shop: Shop) -> None:
    bars = r'class="(bar-open|bar-rest|bar)"[^>]+height="([0-9.]+)"'

    async def heights() -> dict[str, float]:
        found: dict[str, float] = {}
        for name, height in re.findall(bars, (await owner.get("/reports")).text):
            found[name] = max(found.get(name, 0.0), float(height))
        return found

    await shop.ring(BILLBOARD)
    assert await heights() == {"bar-open": 184.0, "bar-rest": 0.0, "bar": 0.0}
    assert "ringing, or turned away" in await said(owner, "/reports")
    await shop.answer()
    talking = await said(owner, "/reports")
    assert await heights() == {"bar-rest": 184.0, "bar": 184.0}
    assert "Answered 100" in talking, talking
    assert "ringing, or turned away" not in talking
    await shop.hang_up(talk_seconds=63)
    assert await heights() == {"bar-rest": 184.0, "bar": 184.0}


async def test_what_a_visit_has_not_is_not_called_unknown(owner: Browser, shop: Shop) -> None:
    admitted = await shop.visit("https://www.example.com/", "https://www.google.com/")
    await called(shop, admitted.swaps[0].number, "+12125550111", "CA1")
    for by, name in (("campaign", "No campaign"), ("adgroup", "No ad group"), ("placement", "No placement")):
        shown = await said(owner, f"/reports/by/{by}")
        assert name in shown, shown
        assert "Not known" not in shown, shown


async def test_a_call_to_a_placement_is_called_alike_where_credit_and_ways_are_told(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    await a_paid_call_and_a_missed_one(shop, clock)
    for page in ("models", "paths"):
        assert "Offline" in await said(owner, f"/reports/{page}"), page
    assert "No visit is known" not in await said(owner, "/reports/paths")
    assert "Offline" in (await owner.get("/reports/paths.csv")).text
    assert "Offline (without a visit)" in await said(owner, "/reports/paths"), (
        "visits of that channel are another line"
    )


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
async def test_the_last_names_in_the_drawing_of_ways_are_not_cut(
    owner: Browser, shop: Shop, clock: Clock, language: str
) -> None:
    await a_paid_call_and_a_missed_one(shop, clock)
    html = (await owner.get("/reports/paths", headers={"accept-language": language})).text
    lines = re.findall(r"<tspan[^>]*>([^<]+)</tspan>", html)
    assert lines
    assert max(map(len, lines)) <= END_LETTERS


async def test_the_overview_has_the_figures(owner: Browser, shop: Shop, clock: Clock) -> None:
    await a_paid_call_and_a_missed_one(shop, clock)
    shown = await said(owner, "/reports")
    assert "Calls 2 none before First-time callers 2 none before Answered 50%" in shown
    assert "Missed 1 none before New people 2 none before" in shown
    assert "Paid Search 1 1" in shown
    assert "Emergency 1 1" in shown


async def test_an_empty_company_is_told_so(owner: Browser) -> None:
    assert "No calls in these days." in await said(owner, "/reports")
    assert "No visits and no calls in these days." in await said(owner, "/reports/by/keyword")
    assert "No call of these days was missed." in await said(owner, "/reports/missed")
    assert "Nobody got in touch for the first time in these days." in await said(owner, "/reports/models")
    assert "Nobody got in touch for the first time in these days." in await said(owner, "/reports/paths")
    assert "Nothing fits the filter in these days." in await said(owner, "/reports/by/keyword?filter=place:x")


@pytest.mark.parametrize("phone", ["abc", "<script>", "%2B1", "%00", "%2B" * 50])
async def test_a_phone_that_is_none_shuts_no_page(owner: Browser, phone: str) -> None:
    assert "Calls that rang this phone: Not known" in await said(owner, f"/reports/calls?of=rang&phone={phone}")


async def test_each_figure_leads_to_its_calls(owner: Browser, shop: Shop, clock: Clock) -> None:
    await a_paid_call_and_a_missed_one(shop, clock)
    table = (await owner.get("/reports/by/number?and=outcome")).text
    links = re.findall(r'href="(/reports/calls\?[^"]+)"[^>]*>(\d+)<', table)
    # Of each line its calls, first-time callers, new people, and those answered or missed; and of their sum.
    assert len(links) == 13
    for link, number in links:
        behind = await owner.get(link.replace("&amp;", "&"))
        assert behind.text.count('class="row-link"') == int(number)
    new = re.search(r'href="(/reports/calls[^"]+)">2 new people', (await owner.get("/reports/models")).text)
    assert new is not None
    assert (await owner.get(new[1].replace("&amp;", "&"))).text.count('class="row-link"') == 2


async def test_the_days_and_the_hours_of_the_week_are_files(owner: Browser, shop: Shop, clock: Clock) -> None:
    await a_paid_call_and_a_missed_one(shop, clock)
    days = list(table(await owner.get("/reports/days.csv?days=7d")))
    assert [(row["day"], row["calls"], row["missed"]) for row in days][-1] == ("2026-11-24", "2", "1")
    assert (days[0]["day_before"], days[0]["calls_before"]) == ("2026-11-11", "0")
    hours = list(table(await owner.get("/reports/hours.csv?days=7d")))
    assert len(hours) == 168
    rang = [
        (row["day_of_week"], row["hour"], row["calls"], row["answered"]) for row in hours if row["calls"] != "0"
    ]
    assert rang == [("tuesday", "12", "1", "1"), ("tuesday", "13", "1", "0")]


async def test_missed_calls_show_when_the_caller_was_answered(owner: Browser, shop: Shop, clock: Clock) -> None:
    await a_paid_call_and_a_missed_one(shop, clock)
    assert "None of these callers called again within a week" in await said(owner, "/reports/missed")
    clock.pass_by(2 * 3600)
    await called(shop, BILLBOARD, "+12125550112", "CA3")
    shown = await said(owner, "/reports/missed")
    assert "1 of these callers called again within a week, and was answered. Half of them waited no" in shown
    assert "after 2 hours" in shown


async def test_the_form_chooses_what_by(owner: Browser) -> None:
    answer = await owner.get("/reports/by?by=device&and=&days=7d&filter=channel%3Apaid")
    assert answer.headers["location"] == "/reports/by/device?days=7d&filter=channel%3Apaid"
    assert (await owner.get("/reports/by/colour")).status_code == 404


async def test_a_csv_has_all_lines_and_no_formula(owner: Browser, shop: Shop, clock: Clock) -> None:
    hostile = '=HYPERLINK("http://example.net")'
    tags = urlencode({"utm_source": "x", "utm_medium": "cpc", "utm_campaign": hostile})
    admitted = await shop.visit(f"https://shop.example.com/?{tags}")
    await called(shop, admitted.swaps[0].number, "+12125550111", "CA1")
    answer = await owner.get("/reports/by/campaign.csv?and=number&days=today")
    assert "attachment" in answer.headers["content-disposition"]
    (line,) = table(answer)
    assert line["campaign"] == f"'{hostile}"
    assert line["number"] == admitted.swaps[0].number
    assert (line["calls"], line["calls_before"]) == ("1", "0")
    by_channel = await owner.get("/reports/by/channel.csv")
    assert next(table(by_channel))["visits"] == "1"


@on_one_server(
    ("query", "words_"),
    [
        ("filter=spring", "stands alone"),
        ("filter=" + quote("<script>:x"), "stands alone"),
        ("days=own&from=2026-11-28&to=2026-11-01", "must not come before"),
        ("from=never", "Write a day like 2026-11-24."),
        ("from=0001-01-01&to=9999-12-31", "Write a day like 2026-11-24."),
    ],
)
@on_one_server("page", ["/reports", "/reports/by/channel", "/reports/missed", "/reports/calls"])
async def test_what_cannot_be_read_is_said(owner: Browser, page: str, query: str, words_: str) -> None:
    answer = await owner.get(f"{page}?{query}")
    assert answer.status_code == 200
    assert words_ in words_of(answer.text)
    assert "<script>:" not in answer.text


async def test_a_strangers_calls_are_in_no_report(
    owner: Browser, shop: Shop, stranger: Shop, clock: Clock
) -> None:
    await a_paid_call_and_a_missed_one(stranger, clock)
    assert "Calls 0 First-time callers 0 Answered \u2013 Missed 0" in await said(owner, "/reports")
    assert "No calls in these days." in await said(owner, "/reports/by/number")
    assert "No calls in these days." in await said(owner, "/reports/calls")
    for narrowed in ("filter=channel:paid", "of=missed", "when=weekday-9"):
        assert "No call in these days fits." in await said(owner, f"/reports/calls?{narrowed}")


@pytest.mark.parametrize(
    ("query", "days", "first", "last"),
    [
        ({}, Days.MONTH, "2026-10-26", "2026-11-24"),
        ({"days": "7d"}, Days.WEEK, "2026-11-18", "2026-11-24"),
        ({"days": "yesterday"}, Days.YESTERDAY, "2026-11-23", "2026-11-23"),
        ({"days": "month"}, Days.THIS_MONTH, "2026-11-01", "2026-11-24"),
        ({"days": "last-month"}, Days.LAST_MONTH, "2026-10-01", "2026-10-31"),
        ({"from": "2026-11-01", "to": "2026-11-02"}, Days.OWN, "2026-11-01", "2026-11-02"),
        ({"from": "2026-11-01"}, Days.OWN, "2026-11-01", "2026-11-24"),
        ({"to": "2026-11-01"}, Days.OWN, "2026-11-01", "2026-11-01"),
        # The form sends the dates along: who changed them means them, who changed the list means that.
        ({"days": "7d", "from": "2026-11-01", "to": "2026-11-02", "was": "2026-11-01/2026-11-02"}, Days.WEEK,
         "2026-11-18", "2026-11-24"),
        ({"days": "7d", "from": "2026-11-01", "to": "2026-11-03", "was": "2026-11-01/2026-11-02"}, Days.OWN,
         "2026-11-01", "2026-11-03"),
    ],
)  # fmt: skip
def test_which_days_are_meant(query: dict[str, str], days: Days, first: str, last: str) -> None:
    asked = read_asked(query, NEW_YORK)
    assert (asked.days, str(asked.span.first), str(asked.span.last)) == (days, first, last)
    assert not asked.trouble
    again = read_asked(dict(part.split("=") for part in asked.query().split("&")), NEW_YORK)
    assert again == asked


def test_lengths_and_days_in_words() -> None:
    spoken = [spans.long_time(each) for each in (SECOND, 90 * MINUTE, HOUR, 5 * HOUR, DAY, 3 * DAY)]
    assert spoken == ["1 minute", "2 hours", "1 hour", "5 hours", "1 day", "3 days"]
    asked = read_asked({"days": "7d"}, NEW_YORK)
    assert spans.days(asked.span, NEW_YORK) == "Nov 18 to today"
    assert spans.days(Span(asked.span.last, asked.span.last, asked.span.zone), NEW_YORK) == "Today"
