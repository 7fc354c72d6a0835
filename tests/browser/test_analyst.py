"""An analyst's way: from the first report to one that is saved and e-mailed, and a plot to keep."""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from swapboard.demo.business import EMAIL, PASSWORD
from tests.browser.conftest import Demo
from tests.browser.test_spine import log_in
from tests.mail_stand_in import MailServer, mail_server

# The pages are the same in Firefox; by WebDriver BiDi, Playwright is told of no download in it.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("browser", ["chromium"], indirect=True, scope="session"),
]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def letters() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def served(demo: Demo, letters: MailServer, tmp_path: Path) -> Iterator[Demo]:
    """A copy of the demo, served with a mail server, which a demo has not."""
    source = Path(demo.data_dir)
    shutil.copy(source / "secret.key", tmp_path)
    database = "swapboard.db"
    with (
        closing(sqlite3.connect(source / database)) as known,
        closing(sqlite3.connect(tmp_path / database)) as copy,
    ):
        known.backup(copy)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    settings = os.environ | {
        "SWAPBOARD_DATA_DIR": str(tmp_path),
        "SWAPBOARD_PORT": str(port),
        "SWAPBOARD_PUBLIC_URL": url,
        "SWAPBOARD_SMTP_URL": letters.url,
        "SWAPBOARD_MAIL_FROM": "calls@example.com",
    }
    with subprocess.Popen([sys.executable, "-m", "swapboard", "serve"], env=settings) as process:
        try:
            with httpx.Client(transport=httpx.HTTPTransport(retries=8), trust_env=False) as http:
                http.get(url)
            yield replace(demo, dashboard=url)
        finally:
            process.terminate()


def test_a_report_is_narrowed_saved_and_mailed(
    served: Demo, letters: MailServer, profile: Callable[[], BrowserContext]
) -> None:
    board = profile().new_page()
    board.goto(f"{served.dashboard}/login")
    board.get_by_label("E-mail").fill(EMAIL)
    board.get_by_label("Password").fill(PASSWORD)
    board.get_by_role("button", name="Log in").click()
    board.get_by_role("link", name="Reports", exact=True).click()
    board.get_by_role("link", name="Campaigns", exact=True).click()
    board.get_by_label("Only").fill("channel:paid")
    board.get_by_role("button", name="Show").click()
    expect(board.locator("table.report-lines tbody")).to_contain_text("emergency-2026")

    board.get_by_text("Save this report").click()
    board.get_by_label("Name").fill("Paid campaigns")
    board.get_by_role("button", name="Save", exact=True).click()
    expect(board.get_by_role("heading", level=1)).to_have_text("Paid campaigns")

    board.get_by_label("How often").select_option("weekly")
    board.get_by_label("To (e-mail addresses, with commas between)").fill("ada@example.com")
    board.get_by_role("button", name="Send it regularly").click()
    expect(board.locator("#mail")).to_contain_text("Each Monday")
    expect(board.locator("#mail")).to_contain_text("ada@example.com")

    board.get_by_role("button", name="Send me one now").click()
    letter = sent_to(EMAIL, board, letters)
    assert "Paid campaigns" in letter["Subject"]
    written = letter.get_body(("html",))
    assert written is not None
    assert "emergency-2026" in written.get_content()
    assert [each.get_content_type() for each in letter.iter_attachments()] == ["application/pdf"]

    board.get_by_role("link", name="Open the report").click()
    expect(board.get_by_label("Only")).to_have_value("channel:paid")
    expect(board).to_have_url(re.compile("days=30d"))


def test_plots_and_tables_are_saved_as_pictures(demo: Demo, profile: Callable[[], BrowserContext]) -> None:
    board = profile().new_page()
    log_in(board, demo)
    for path, place, name in (
        ("/reports", 0, "by-day.png"),
        ("/reports", 1, "hours.png"),
        ("/reports/by/campaign?and=outcome", 0, "lines.png"),
        ("/reports/roi", 1, "forms.png"),
        ("/reports/models", 0, "models.png"),
        ("/reports/paths", 0, "ways.png"),
        ("/reports/service/agents", 0, "rows.png"),
    ):
        board.goto(f"{demo.dashboard}{path}")
        with board.expect_download() as saving:
            board.get_by_role("button", name="Save as a picture").nth(place).click()
        assert saving.value.suggested_filename == name
        picture = saving.value.path().read_bytes()
        assert picture.startswith(PNG)
        assert len(picture) > 5_000


def sent_to(address: str, page: Page, letters: MailServer) -> EmailMessage:
    """The letter, once it is there."""
    for _ in range(480):
        if found := [each for each in letters.taken if each["To"] == address and "Paid" in each["Subject"]]:
            return found[0]
        page.wait_for_timeout(250)
    raise AssertionError(page.locator("#mail").inner_text())
