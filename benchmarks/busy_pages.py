"""How long the tracker keeps pages of many nodes busy, in its own script and in what Chromium draws for it.

    .venv/bin/python -m benchmarks.busy_pages

A frame is compared with those that the page itself causes by changing one letter in each of twenty lines, about
as many as the tracker changes in one piece of its work: that is the browser's own price. Processor time, but on a
busy machine that, too, goes up and down by half; what any machine holds, tests/browser/gallery/test_speed.py asks.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.browser_trace import LONG_MS, Event, pieces, traced
from tests.browser.conftest import launched
from tests.browser.gallery.business import Gallery, running_server
from tests.browser.gallery.origin import running_origin
from tests.browser.gallery.test_speed import LEFT, PAGES
from tests.browser.gallery.visit import EYE, look_at, wait_for
from tests.patience import HANGS_AFTER_SECONDS

_CONTROL = """async () => {
  const frame = () => new Promise((seen) => requestAnimationFrame(seen));
  const frames = () => frame().then(frame).then(() => new Promise((seen) => setTimeout(seen)));
  performance.mark("control");
  for (const word of ["v", "w", "x"]) {
    await frames();
    let line = last;
    for (let left = 20; left; left--) {
      line = line.previousElementSibling || line.parentNode.previousElementSibling.lastElementChild;
      line.firstChild.replaceData(0, 1, word);
    }
    await frames();
  }
}"""
_SMALL = 1.5
"""Of two frames of equal work, the longer one may cost so many times the other; they differ by a third."""


@dataclass(frozen=True, slots=True)
class Busy:
    """What the main thread did after the tracker began."""

    own: list[float]
    """The processor's time for each piece of the tracker's work."""
    frames: list[float]
    """For each task in which the page was drawn."""
    control: float
    """For the longest frame of the page's own."""

    @property
    def is_good(self) -> bool:
        """No piece of the tracker's work is long, and no frame is much longer than the page's own."""
        return max(self.own) <= LONG_MS and max(self.frames) <= max(LONG_MS, _SMALL * self.control)

    def __str__(self) -> str:
        long_frames = sum(each > LONG_MS for each in self.frames)
        return (
            f"longest piece of the tracker's work {max(self.own):.0f} ms of {sum(self.own):.0f}; longest frame"
            f" {max(self.frames):.0f} ms, where the page's own changes cost {self.control:.0f} ms;"
            f" {long_frames} frames are long"
        )


def main() -> None:
    """Print a line for each page; fails where the tracker keeps one busy."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder)) as gallery,
        running_origin(gallery) as origin,
        sync_playwright() as playwright,
        launched(playwright, "chromium", is_whole=True) as browser,
    ):
        found = {
            which: _look(browser, gallery, f"{origin}/live/speed.html?{PAGES[which].address}") for which in PAGES
        }
    for which, busy in found.items():
        sys.stdout.write(f"Page of {which} nodes: {busy}\n")
    sys.exit(not all(busy.is_good for busy in found.values()))


def _look(browser: Browser, gallery: Gallery, address: str) -> Busy:
    with browser.new_context() as context:
        context.add_init_script(EYE)
        look = look_at(context)
        with traced(browser, look.page) as events:
            look.page.goto(address)
            wait_for(lambda: not look.page.evaluate(LEFT), look, HANGS_AFTER_SECONDS)
            look.settle()
            look.page.evaluate(_CONTROL)
    return _busy(events, gallery.url)


def _busy(events: list[Event], server: str) -> Busy:
    own = pieces(events, server)
    first = min(each.begin for each in own)
    control = next(each.begin for each in events if each.name == "control")
    frames = [each for each in events if "SendBeginMainFrame" in each.said and each.begin > first]
    return Busy(
        [each.cpu for each in own],
        [each.cpu for each in frames if each.begin < control],
        max(each.cpu for each in frames if each.begin > control),
    )


if __name__ == "__main__":
    main()
