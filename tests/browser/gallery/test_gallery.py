"""Each page of the gallery, in each browser: the numbers change, and nothing else does."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.gallery.business import Gallery
from tests.browser.gallery.page import gallery_pages
from tests.browser.gallery.visit import Look, look_at, states_of, wait_for

pytestmark = pytest.mark.browser

PAGES = gallery_pages()


def test_the_gallery_is_large_enough() -> None:
    assert len(PAGES) >= 60


@pytest.mark.parametrize("name", PAGES)
def test_page(
    name: str,
    gallery: Gallery,
    origin: str,
    reference: Look,
    visitor: Callable[..., BrowserContext],
) -> None:
    page = PAGES[name]
    written = states_of(reference, f"{origin}/plain/{name}")
    live = look_at(visitor())
    live.page.goto(f"{origin}/live/{name}")
    numbers = live.numbers(gallery.targets(page.site), page.swaps) if page.visits else []
    expected = states_of(reference, f"{origin}/{mode(numbers)}/{name}")
    assert page.swaps == (expected.texts != written.texts)

    live.wait_until_ready()
    live.becomes(expected.texts[0])
    assert page.is_wide or live.boxes() == written.boxes
    assert not page.keeps_nodes or live.lost_nodes() == 0
    assert live.shift() <= written.shift
    for step, text in enumerate(expected.texts[1:]):
        live.do(step)
        live.becomes(text)
    live.settle()
    live.becomes(expected.texts[-1])

    live.page.evaluate("window.swapboard('forget')")
    restored = states_of(reference, f"{origin}/{mode([page.restored])}/{name}") if page.restored else written
    live.becomes(restored.texts[-1])
    assert [text for text in live.said if text not in reference.said] == [], live.said
    assert live.unexpected(gallery, origin, page.site, page.parts) == []
    wait_for(lambda: "_swb" not in str(live.page.context.storage_state()), live)


def mode(numbers: list[str]) -> str:
    """Where the website has the page with these numbers."""
    return "as" + "".join(number.replace("+", "-") for number in numbers)
