"""docs/walk-through.md, step by step and command by command; `make pictures` keeps its pictures."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from swapboard.numbers.e164 import national
from tests.browser.camera import camera
from tests.browser.conftest import Demo
from tests.browser.test_installation import light
from tests.browser.test_spine import arrive, log_in, number_on

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("browser", ["chromium"], indirect=True, scope="session"),
]

PAGE = (Path(__file__).parents[2] / "docs" / "walk-through.md").read_text()


def test_walk_through(demo: Demo, profile: Callable[[], BrowserContext]) -> None:
    context, shots = profile(), camera("")
    board, platforms = light(context.new_page()), light(context.new_page())
    platforms.goto(f"{demo.site}/platforms")
    shots.take(platforms, "walk-1-platforms")

    log_in(board, demo)
    analytics, ads = (platforms.get_by_role("region", name=name) for name in ("Google Analytics 4", "Google Ads"))
    connect(board, demo, "google_analytics", analytics)
    connect(board, demo, "google_ads", ads)
    shots.take(board, "walk-2-google-ads")

    visitor = arrive(light(profile().new_page()), demo)
    shown = number_on(visitor)
    expect(visitor.locator("header .call")).to_have_text(national(shown))
    shots.take(visitor, "walk-3-click")

    dialled = run("call", demo, {"+12025550143": shown})
    call_id = facts(dialled)["call"]
    assert facts(dialled)["keyword"] == "emergency plumber near me"
    (event,) = arrived(platforms, analytics)
    cookies = {each["name"]: each["value"] for each in visitor.context.cookies()}
    assert cookies["_ga"].removeprefix("GA1.1.") in event
    assert cookies["_ga_BRIGHTWTR1"].split("$")[0].removeprefix("GS2.1.s") in event
    top(analytics)
    shots.take(platforms, "walk-4-analytics")

    told = run("explain", demo, {"019a3c0e7f5b4d2c8e1f6a7b8c9d0e1f": call_id})
    assert "The platform does not know the click so soon; it is told later." in told
    assert "next try: " in told
    board.goto(f"{demo.dashboard}/calls/{call_id}")
    card = board.get_by_role("region", name="Who was told of it, and why")
    for summary in card.locator("summary").all():
        summary.click()
    expect(card).to_contain_text("Next try: ")
    shots.take(card, "walk-5-waiting")

    board.goto(f"{demo.dashboard}/calls?period=7d&status=answered&campaign=emergency-2026")
    board.locator("#results a[href*='/calls/']").last.click()
    click = board.locator(".click-id bdi").first.inner_text()
    board.get_by_label("Worth, USD", exact=True).fill("250")
    board.get_by_role("region", name="Your word on it").get_by_role("button", name="Save").click()
    (conversion,) = arrived(platforms, ads)
    assert f'"gclid": "{click}"' in conversion
    assert '"conversionValue": 250.0' in conversion
    top(ads)
    shots.take(platforms, "walk-6-google-ads")


def connect(board: Page, demo: Demo, kind: str, platform: Locator) -> None:
    """Add the destination with the settings that its platform's page shows, and try them."""
    board.goto(f"{demo.dashboard}/destinations/new?kind={kind}")
    board.locator("details.rare summary").click()
    for pair in platform.locator("dl > div").all():
        # The hint below a field is a part of its label: only the words above it are the same as the platform's.
        label = board.locator(f"xpath=//label[normalize-space(text()[1])='{pair.locator('dt').inner_text()}']")
        label.locator("input").fill(pair.locator("dd").inner_text())
    board.get_by_role("button", name="Make it").click()
    board.get_by_role("button", name="Try the saved settings").click()
    expect(board.locator("p.notice")).to_contain_text("It works.")


def arrived(page: Page, platform: Locator) -> list[str]:
    """What is there, once anything is."""
    for _ in range(400):
        page.reload()
        if documents := platform.locator("pre").all_inner_texts():
            return documents
        page.wait_for_timeout(250)
    raise AssertionError(platform.inner_text())


def top(platform: Locator) -> None:
    """Scroll so that the platform begins at the window's upper edge."""
    platform.evaluate("each => each.scrollIntoView()")


def run(name: str, demo: Demo, instead: dict[str, str]) -> str:
    """What the page's command prints, with what is this demo's own in the place of what the page shows."""
    (line,) = re.findall(rf"^(?:\S+=\S+ )*\.venv/bin/swapboard {name} .*$", PAGE, re.MULTILINE)
    words = [instead.get(word, word) for word in shlex.split(line.partition("swapboard ")[2])]
    where = ["--url", demo.dashboard] if name == "call" else []
    done = subprocess.run(
        [sys.executable, "-m", "swapboard", *words, *where],
        env={**os.environ, "SWAPBOARD_DATA_DIR": demo.data_dir, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def facts(text: str) -> dict[str, str]:
    """The lines of a printed call by their names."""
    pairs = (re.split(r"  +", line.strip(), maxsplit=1) for line in text.splitlines())
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
