"""This browser's notifications, in real ones.

Firefox takes its messages from a push service of this machine, decrypts them and gives them to the page's worker;
it shows nothing where there is no desktop. Chromium takes messages from Google only, so there the worker is handed
what would have come, and shows it.
"""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from swapboard.demo.business import EMAIL
from tests.browser.conftest import Demo, launched
from tests.browser.push_service import PushService, push_service
from tests.browser.test_spine import log_in
from tests.browser.test_walk_through import run
from tests.patience import HANGS_AFTER_SECONDS

pytestmark = pytest.mark.browser

DELIVERED = 100


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


@pytest.fixture
def firefox(playwright: Playwright, service: PushService) -> Iterator[Page]:
    """A page of somebody who has said yes to notifications."""
    settings: dict[str, str | float | bool] = {
        "dom.push.enabled": True,
        "dom.push.connection.enabled": True,
        "dom.push.serverURL": service.socket,
        "dom.push.testing.allowInsecureServerURL": True,
        "permissions.default.desktop-notification": 1,
    }
    with launched(playwright, "firefox", firefox_settings=settings) as browser:
        context = browser.new_context()
        yield context.new_page()
        context.close()


def test_a_browser_that_was_asked_is_told_when_it_rings(demo: Demo, firefox: Page, service: PushService) -> None:
    page = firefox
    log_in(page, demo)
    page.goto(f"{demo.dashboard}/destinations/new?kind=web_push")
    page.get_by_role("button", name="Let this browser notify me").click()
    expect(page.locator("[data-push-said]")).to_have_text("This browser may be notified now. Save it.")
    expect(page.locator("[name='setting-contact']")).to_have_value(EMAIL)
    page.get_by_role("button", name="Make it").click()

    page.get_by_role("button", name="Try the saved settings").click()
    expect(page.locator("p.notice")).to_contain_text("It works.")
    assert (service.acks.get(timeout=HANGS_AFTER_SECONDS), service.refused) == (DELIVERED, [])
    run("call", demo, {"+12025550143": demo.static_number})
    assert (service.acks.get(timeout=HANGS_AFTER_SECONDS), service.refused) == (DELIVERED, [])
    # Others go on with the same demo, and nobody answers for this browser any more.
    page.get_by_text("Remove this destination").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page).to_have_url(f"{demo.dashboard}/destinations")


@pytest.fixture
def chromium(playwright: Playwright) -> Iterator[BrowserContext]:
    """A profile of a Chromium that can notify."""
    with launched(playwright, "chromium", is_whole=True) as browser:
        yield browser.new_context()


def test_the_worker_shows_what_it_is_told(demo: Demo, chromium: BrowserContext) -> None:
    context = chromium
    context.grant_permissions(["notifications"], origin=demo.dashboard)
    page = context.new_page()
    log_in(page, demo)
    developer = context.new_cdp_session(page)
    found: list[str] = []
    developer.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(each["registrationId"] for each in told["registrations"]),
    )
    developer.send("ServiceWorker.enable")
    page.evaluate(
        "async () => { await navigator.serviceWorker.register('/push-worker.js'); "
        "await navigator.serviceWorker.ready; }"
    )
    told = {"title": "A call rings", "body": "(202) 555-0142", "url": f"{demo.dashboard}/calls/1", "tag": "1"}
    handed = {"origin": demo.dashboard, "registrationId": found[-1], "data": json.dumps(told)}
    developer.send("ServiceWorker.deliverPushMessage", handed)
    assert shown(page) == [[told["title"], told["body"], told["tag"], told["url"]]]


def shown(page: Page) -> list[list[str]]:
    """The notifications that the browser shows, once there is one."""
    for _ in range(400):
        told: list[list[str]] = page.evaluate(
            """async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(
                (each) => [each.title, each.body, each.tag, each.data.url])"""
        )
        if told:
            break
        page.wait_for_timeout(250)
    return told
