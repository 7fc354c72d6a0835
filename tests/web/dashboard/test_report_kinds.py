"""Every report is one thing wherever it is shown: its page, its file, its sheet, its link, the menu."""

import re
from html import unescape
from random import Random

import pytest

from swapboard.accounts.store import company_by_id, site_by_id
from swapboard.reports.report import NotSendable, read_report
from swapboard.reports.report_kind import Kind
from swapboard.reports.sheet import Sheet
from swapboard.reports.sheet_letter import sheet_letter
from swapboard.reports.sheet_pdf import sheet_pdf
from swapboard.storage.engine import writing
from swapboard.switchboard.sheets import read_sheet
from tests.building import Business
from tests.reports.random_business import happen, ring_phones
from tests.web.dashboard.shop import Browser, Shop
from tests.web.dashboard.test_pages import words_of

pytestmark = pytest.mark.anyio

DAYS = "days=own&from=2026-10-28&to=2026-11-05"
SPAN = (1793160000000, 1793941200000)
ADDRESSES = [
    f"/reports?{DAYS}",
    f"/reports/missed?{DAYS}",
    f"/reports/roi?{DAYS}&by=channel&and=campaign",
    f"/reports/suggestions?{DAYS}",
    f"/reports/models?{DAYS}&by=campaign&look_back=7",
    f"/reports/paths?{DAYS}&by=device&look_back=7",
    f"/reports/service/agents?{DAYS}",
    f"/reports/service/spam?{DAYS}",
    f"/reports/service/pools?{DAYS}",
    f"/reports/service/deliveries?{DAYS}",
    f"/reports/by/outcome?{DAYS}&and=channel",
    f"/reports/models?{DAYS}&by=channel&look_back=7&filter=-device%3Adesktop",
    f"/reports/paths?{DAYS}&by=channel&look_back=7&filter=-device%3Adesktop",
]


TITLES = {ADDRESSES[2]: "By channel and campaign", ADDRESSES[4]: "By campaign", ADDRESSES[5]: "By device"}


async def happened(shop: Shop) -> None:
    with writing(shop.exchange.engine) as connection:
        site = site_by_id(connection, shop.company_id, shop.site_id)
        assert site is not None
        business = Business(shop.company_id, site, (), (), "", "", shop.carrier_id)
        random = Random(3)
        ring_phones(connection, happen(connection, business, random, SPAN), random)


async def sheet_of(shop: Shop, address: str) -> Sheet:
    company = await shop.exchange.read(lambda connection: company_by_id(connection, shop.company_id))
    assert company is not None
    report, now = read_report(address), shop.clock()
    return await shop.exchange.read(lambda connection: read_sheet(connection, company, "It", report, now))


async def test_a_sheet_says_what_its_page_says(owner: Browser, shop: Shop) -> None:
    await happened(shop)
    assert {read_report(address).kind for address in ADDRESSES} == set(Kind)
    for address in ADDRESSES:
        sheet = await sheet_of(shop, address)
        page = words_of((await owner.get(address)).text)
        assert sheet.tables[0].title == TITLES.get(address, sheet.tables[0].title), address
        if "suggestions" not in address and "deliveries" not in address:
            assert any(table.rows for table in sheet.tables), address
        if "missed" in address:
            assert f"{sheet.tiles[0].value} calls were not answered" in page
            continue
        if read_report(address).kind in {Kind.OVERVIEW, Kind.ROI, Kind.MODELS, Kind.PATHS}:
            assert [tile for tile in sheet.tiles if tile.value not in page] == [], address
        for table in sheet.tables:
            for row in table.rows:
                # How much it grew is written in another way.
                told = [text for head, text in zip(table.head, row, strict=True) if head != "Change"]
                assert [text for text in told if text not in page] == [], (address, row)
        assert sheet_pdf(sheet, "US").startswith(b"%PDF-")
        letter = sheet_letter(sheet, "https://x.example.com", "Why.", None)
        assert sheet.tables[0].title in letter.plain
        assert sheet.about in letter.plain
        # A page without lines says nothing about them.
        assert sheet.about in page or not sheet.tables[0].rows


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_sheet_names_the_filter_that_it_counts_with_and_no_other(shop: Shop, address: str) -> None:
    sheet = await sheet_of(shop, f"{address}&filter=channel%3Apaid")
    assert sheet.only == "channel:paid"


async def test_what_a_report_cannot_be_narrowed_by_is_told_with_what_it_can(owner: Browser, shop: Shop) -> None:
    await happened(shop)
    pools = f"/reports/service/pools?{DAYS}&filter="
    page = words_of((await owner.get(f"{pools}outcome%3Amissed")).text)
    assert "This report counts visits, which have no 'outcome'; it can be narrowed by: channel, source" in page
    assert "pool." in page
    # Nor is it sent or shared, for it would show more than was meant.
    with pytest.raises(NotSendable, match="no 'outcome'"):
        read_report(f"{pools}outcome%3Amissed")
    file = await owner.get(f"{pools}outcome%3Amissed".replace("?", ".csv?"))
    assert (file.status_code, "no 'outcome'" in words_of(file.text)) == (422, True)
    fine = (await owner.get(f"{pools}channel%3Apaid")).text
    assert "This report counts visits, which" not in fine
    offered = re.search(r'id="filter-help".*?</details>', fine, re.DOTALL)
    assert offered is not None
    assert "<code>pool</code>" in offered[0]
    assert "<code>outcome</code>" not in offered[0]


async def test_with_no_destination_no_filter_is_to_blame_and_a_folded_form_says_its_filter(owner: Browser) -> None:
    page = words_of((await owner.get("/reports/service/deliveries?days=7d&filter=channel%3Apaid")).text)
    assert "Nothing fits the filter" not in page
    assert "No platform is told of your calls yet" in page
    assert "Last 7 days · channel:paid" in page


async def test_a_filter_narrows_page_file_and_sheet_alike(owner: Browser, shop: Shop) -> None:
    await happened(shop)
    # A visit of paid search sees a number.
    await shop.visit()
    for path, column, days in (("models", -1, DAYS), ("paths", 6, DAYS), ("service/pools", 3, "days=7d")):
        counts = []
        for only in ("", f"&filter={'' if 'pools' in path else '-'}channel%3Apaid", "&filter=channel%3Anothing"):
            address = f"/reports/{path}?{days}{only}"
            rows = (await owner.get(address.replace("?", ".csv?"))).text.splitlines()[1:]
            counts.append(sum(float(row.split(",")[column]) for row in rows))
            page = words_of((await owner.get(address)).text)
            sheet = await sheet_of(shop, address)
            assert all(tile.value in page for tile in sheet.tiles if path != "service/pools"), address
        everybody, some, nobody = counts
        assert everybody >= some > nobody == 0, path
        assert everybody > some or path == "service/pools"


async def test_each_report_of_the_menu_is_saved_sent_and_shared(owner: Browser, shop: Shop) -> None:
    menu = re.search(r'<nav id="reports-nav".*?</nav>', (await owner.get("/reports")).text, re.DOTALL)
    assert menu is not None
    links = [unescape(link) for link in re.findall(r'href="(/reports[^"]*)"', menu[0])]
    reports = [link for link in links if link not in {"/reports/saved", "/reports/notes"}]
    assert len(reports) == len(links) - 2
    assert {read_report(link).kind for link in reports} == set(Kind)
    for link in reports:
        page = (await owner.get(link)).text
        address = unescape(re.findall(r'name="address" value="([^"]*)"', page)[0])
        saved = await owner.send_form("/reports/saved", {"name": "It", "address": address, "shared": "yes"})
        view = str(saved.headers["location"])
        assert (await owner.get(f"{view}/report.pdf")).content.startswith(b"%PDF-"), link
        given = await owner.send_form(f"{view}/links", {"days": "30", "password": ""})
        # What it shows: `web/test_shared_reports.py`.
        assert re.search(r"/shared/[^<\s]+", given.text), link
        await owner.send_form(f"{view}/delete", {})


@pytest.mark.parametrize("address", [*ADDRESSES, f"/reports/calls?{DAYS}&of=missed&when=weekday-9"])
async def test_a_permanent_link_keeps_all_of_the_report(owner: Browser, address: str) -> None:
    moving = address.replace(DAYS, "days=7d")
    page = (await owner.get(moving)).text
    fixed = re.search(r'<a href="([^"]+)">A link to exactly these days', page)
    assert fixed is not None
    said = unescape(fixed[1])
    assert "days=own&from=2026-11-18&to=2026-11-24" in said
    for word in moving.partition("days=7d")[2].split("&"):
        assert word in said
    assert said.partition("?")[0] == moving.partition("?")[0]
    saved = unescape(re.findall(r'name="address" value="([^"]*)"', page)[0])
    assert set(saved.partition("?")[2].split("&")) >= set(moving.partition("?")[2].split("&"))


@pytest.mark.parametrize("address", ADDRESSES)
async def test_each_report_is_a_file_with_the_same_lines(owner: Browser, shop: Shop, address: str) -> None:
    await happened(shop)
    path, _mark, query = address.partition("?")
    page = (await owner.get(address)).text
    files = [unescape(link) for link in re.findall(r'href="([^"]+\.csv\?[^"]*)"', page)]
    assert files, address
    # The overview has no lines of its own: its days are one file, its hours another.
    assert files[0].partition("?")[0].removesuffix(".csv") == (f"{path}/days" if path == "/reports" else path)
    assert set(query.split("&")) <= set(files[0].partition("?")[2].split("&"))
    for file in files:
        answer = await owner.get(file)
        assert answer.status_code == 200
        assert answer.text.splitlines()[0].count(",") > 0
