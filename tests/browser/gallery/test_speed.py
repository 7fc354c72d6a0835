"""The tracker reads a page of many nodes in pieces, and writes in few of them.

What is counted does not depend on how busy the machine is: the page's clock goes on by the same bit whenever it is
looked at. How long the pieces and the frames take in truth, `make bench` tells (benchmarks/busy_pages.py).
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext

from benchmarks.browser_trace import LONG_MS, pieces, traced
from tests.browser.gallery.business import Gallery
from tests.browser.gallery.visit import look_at, wait_for
from tests.patience import HANGS_AFTER_SECONDS

pytestmark = pytest.mark.browser

_MOST_NODES = 500
"""In one piece: for so many looks the clock below stays within the 10 ms that a piece may take."""
_CLOCK = """(() => {
  let [now, nodes] = [0, 0];
  window.pieces = [];
  window.writes = [];
  Date.now = () => {
    if (!nodes++) queueMicrotask(() => (pieces.push(nodes), (nodes = 0)));
    return (now += 10 / %d);
  };
  const told = (changes) => {
    const texts = new Set(changes.map(({ target }) => target).filter((text) => place.contains(text)));
    if (texts.size) writes.push(texts.size);
  };
  new MutationObserver(told).observe(document, { characterData: true, subtree: true });
})()"""
"""Tells how many nodes each piece has looked at, and how many texts were written at once."""


@dataclass(frozen=True, slots=True)
class Long:
    """A page of many nodes, of which every fiftieth has a number in it."""

    nodes: int
    address: str

    @property
    def fewest_pieces(self) -> int:
        return self.nodes // _MOST_NODES


PAGES = {
    "5,000": Long(5_000, "nodes=5000"),
    "100,000 in sections": Long(100_000, "nodes=100000&sections"),
    "100,000 in one list": Long(100_000, "nodes=100000"),
}
LEFT = "last.textContent.includes('(202) 555-0100')"
_FEWEST_TURNS = 3


@pytest.mark.parametrize("which", PAGES)
def test_the_page_answers_its_visitor_while_it_is_swapped(
    which: str, origin: str, visitor: Callable[..., BrowserContext]
) -> None:
    page = PAGES[which]
    look = look_at(visitor())
    look.page.add_init_script(_CLOCK % _MOST_NODES)
    look.page.goto(f"{origin}/live/speed.html?{page.address}")
    wait_for(lambda: not look.page.evaluate(LEFT), look, HANGS_AFTER_SECONDS)
    look.settle()
    nodes, writes = look.page.evaluate("[pieces, writes]")
    assert sum(nodes) >= page.nodes
    assert max(nodes) <= _MOST_NODES + 5, "a piece, and the looks at the clock for the visit itself"
    assert len(nodes) >= page.fewest_pieces
    # Each time that something is written, a browser may lay out the whole page: at once for what the first piece
    # found, the rest when all has been read.
    assert sum(writes) == page.nodes // 50
    assert len(writes) <= 2 + page.fewest_pieces // 50
    assert "100,000" not in which or look.page.evaluate("turns") >= _FEWEST_TURNS


def test_two_megabytes_in_one_text_are_read_and_written_without_a_long_task(
    gallery: Gallery,
    origin: str,
    browser: Browser,
    visitor: Callable[..., BrowserContext],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One text is one piece: the processor's time is all that there is to hold, three times what it takes."""
    if browser.browser_type.name != "chromium":
        pytest.skip("the processor's time for one task is told by Chromium only")
    look = look_at(visitor())
    with traced(browser, look.page) as events:
        look.page.goto(f"{origin}/live/hard-large.html")
        wait_for(lambda: not look.page.evaluate("text.textContent.endsWith('(202) 555-0100')"), look)
        look.settle()
    own = [each.cpu for each in pieces(events, gallery.url)]
    with capsys.disabled():
        sys.stdout.write(f"\nTwo megabytes in one text: longest piece of the tracker's work {max(own):.0f} ms\n")
    assert max(own) <= LONG_MS


def test_a_hundred_thousand_changes_at_once_are_looked_through_in_pieces(
    gallery: Gallery, origin: str, browser: Browser, visitor: Callable[..., BrowserContext]
) -> None:
    look = look_at(visitor())
    look.page.goto(f"{origin}/live/hard-inserts.html?nodes=50000")
    look.numbers(gallery.targets("us"))
    left = "[place.children[49950].innerHTML, place.children[49950].title].join().includes('202')"
    look.page.evaluate("turns = 0, setTimeout(function turn() { turns++; setTimeout(turn); }), steps[0]()")
    wait_for(lambda: not look.page.evaluate(left), look, HANGS_AFTER_SECONDS)
    assert look.page.evaluate("turns") >= _FEWEST_TURNS
