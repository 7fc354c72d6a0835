"""One WordPress for all tests here: installed, with the plugin that the set-up page offers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from swapboard.demo.business import EMAIL, PASSWORD
from tests.browser.camera import camera
from tests.browser.conftest import Demo, until_loaded
from tests.browser.wordpress.office import Office, choose_permalinks, install_wordpress
from tests.browser.wordpress.stack import Stack, running_wordpress

WINDOW: ViewportSize = {"width": 1000, "height": 700}
OWN = "(202) 555-0100"
"""The demo's number, as the business writes it."""


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with running_wordpress() as stack:
        yield stack
        complaints = [line for line in stack.php_errors().splitlines() if "plugins/swapboard" in line]
    assert complaints == []


@pytest.fixture(scope="session")
def office(browser: Browser, stack: Stack, download: Path) -> Iterator[Office]:
    """The administrator's browser, right after the installation."""
    context = browser.new_context(viewport=WINDOW)
    page = context.new_page()
    install_wordpress(page, stack)
    office = Office(page, stack, download, camera("wordpress"))
    choose_permalinks(office, "Post name")
    yield office
    context.close()


@pytest.fixture(scope="session")
def download(browser: Browser, demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin as the server's set-up page hands it out."""
    with browser.new_context(viewport=WINDOW) as context:
        page = context.new_page()
        log_in_to_swapboard(page, demo)
        page.goto(f"{demo.dashboard}/setup")
        camera("wordpress").take(page.locator("section").first, "1-set-up")
        with page.expect_download() as download:
            page.get_by_role("link", name="WordPress plugin").first.click()
        assert download.value.suggested_filename == "swapboard.zip"
        packed = tmp_path_factory.mktemp("download") / "swapboard.zip"
        download.value.save_as(packed)
    return packed


@pytest.fixture
def plugin(office: Office) -> Office:
    """The administrator's browser, with the plugin active."""
    if not office.has_plugin():
        office.upload_plugin()
    return office


def log_in_to_swapboard(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.dashboard}/login")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{demo.dashboard}/")
    until_loaded(page)


def line(demo: Demo) -> str:
    """As it stands on the set-up page."""
    return f'<script async src="{demo.dashboard}/t/{demo.site_key}.js"></script>'
