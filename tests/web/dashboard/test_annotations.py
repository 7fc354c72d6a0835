"""Notes on days: written on their page, marked in the overview, sent along on the sheet."""

import re

import pytest

from swapboard.accounts.store import company_by_id
from swapboard.reports.report import read_report
from swapboard.reports.sheet_letter import sheet_letter
from swapboard.reports.sheet_pdf import sheet_pdf
from swapboard.switchboard.sheets import read_sheet
from tests.web.dashboard.shop import POOL, Browser, Shop
from tests.web.dashboard.test_pages import words_of

pytestmark = pytest.mark.anyio
NOTES = "/reports/notes"


async def written(browser: Browser, day: str = "2026-11-23", text: str = "<b>New</b> page") -> str:
    answer = await browser.send_form(NOTES, {"day": day, "text": text})
    assert answer.status_code == 303, answer.text
    (address,) = re.findall(rf'action="({NOTES}/[0-9a-f]+)"', (await browser.get(NOTES)).text)
    return str(address)


async def test_a_note_is_marked_on_its_day_and_on_no_other(owner: Browser, shop: Shop) -> None:
    await written(owner)
    await shop.ring(POOL[0])
    await shop.hang_up("CA1", 60)
    shown = (await owner.get("/reports?days=7d")).text
    assert "&lt;b&gt;New&lt;/b&gt; page" in shown
    assert shown.count('class="mark"') == 1
    today = (await owner.get("/reports?days=today")).text
    assert "page</bdi>" not in today
    assert 'class="mark"' not in today


async def test_it_is_changed_and_deleted(owner: Browser) -> None:
    one = await written(owner)
    assert (await owner.send_form(one, {"day": "2026-11-20", "text": "Radio"})).status_code == 303
    assert "Nov 20, 2026 Radio owner@example.com" in words_of((await owner.get(NOTES)).text)
    assert (await owner.send_form(f"{one}/delete", {})).status_code == 303
    assert "There is no note yet." in (await owner.get(NOTES)).text
    assert (await owner.send_form(one, {"day": "2026-11-20", "text": "Radio"})).status_code == 404


async def test_who_may_not_change_reports_reads_them_and_strangers_do_not(
    owner: Browser, shop: Shop, stranger: Shop
) -> None:
    one = await written(owner)
    await owner.log_in("reader@example.com")
    page = (await owner.get(NOTES)).text
    assert "&lt;b&gt;New&lt;/b&gt; page" in page
    assert "Delete" not in page
    assert (await owner.send_form(one, {"day": "2026-11-20", "text": "x"})).status_code == 403
    await owner.log_in("stranger@example.com")
    assert "page</bdi>" not in (await owner.get(NOTES)).text
    assert (await owner.send_form(f"{one}/delete", {})).status_code == 404


@pytest.mark.parametrize(
    ("day", "text"), [("yesterday", "x"), ("0001-01-01", "x"), ("2026-11-23", " "), ("", "x")]
)
async def test_what_cannot_be_kept_is_said(owner: Browser, day: str, text: str) -> None:
    answer = await owner.send_form(NOTES, {"day": day, "text": text})
    assert answer.status_code == 422
    assert "Write" in answer.text


async def test_what_was_typed_beside_a_mistake_stays(owner: Browser) -> None:
    new = await owner.send_form(NOTES, {"day": "yesterday", "text": "Radio spot"})
    assert 'value="Radio spot"' in new.text
    one = await written(owner)
    changed = await owner.send_form(one, {"day": "yesterday", "text": "Radio spot"})
    assert changed.status_code == 422
    assert changed.text.count('value="Radio spot"') == 1
    assert '<details class="fold" open>' in changed.text


async def test_it_goes_along_in_letters_and_as_pdf(owner: Browser, shop: Shop) -> None:
    await written(owner)
    report = read_report("/reports?days=7d")
    company = await shop.exchange.read(lambda connection: company_by_id(connection, shop.company_id))
    assert company
    now = shop.clock()
    sheet = await shop.exchange.read(lambda connection: read_sheet(connection, company, "All", report, now))
    (table,) = (each for each in sheet.tables if each.title == "What happened")
    assert table.rows == [("Nov 23", "<b>New</b> page")]
    letter = sheet_letter(sheet, "https://calls.example.com/reports", "why", None)
    assert "&lt;b&gt;New&lt;/b&gt; page" in (letter.html or "")
    assert sheet_pdf(sheet, "US").startswith(b"%PDF")


async def test_there_is_a_most(owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swapboard.reports.annotation_store.MOST_ANNOTATIONS", 1)
    await written(owner)
    answer = await owner.send_form(NOTES, {"day": "2026-11-23", "text": "One more"})
    assert answer.status_code == 409
    assert "Delete some first." in answer.text
