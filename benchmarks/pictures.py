"""Pictures of every page of the demo's dashboard, in both themes and three widths, and docs/pages.md with them.

    make pages

One sheet for each page, as lossy WebP: a hundred are 5 MB, as PNG they were ten times that. On the way it tells of
each page that moves while it loads, is too wide, or has something cut or lying on something else. Needs Debian's
package chromium. Pillow comes with fpdf2.
"""

import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import FloatRect, Page, sync_playwright
from rich.console import Console

from benchmarks.layout import misplaced, shifts
from benchmarks.paint import demo, empty_server, sign_in
from benchmarks.tour import stops

WIDTHS = (360, 768, 1280)
THEMES = ("light", "dark")
TALLEST = 1800
"""Pixels of a page that are shown: a list goes on in the same way."""
SCALE, QUALITY, BETWEEN = 0.5, 35, 24
ON_THE_FRONT = "live-call"
"""The page whose picture is in the README, too."""


PARTS = {
    "live": "Live",
    "calls visits words spam trust": "Calls",
    "leads": "People who called",
    "reports shared": "Reports",
    "numbers": "Numbers",
    "destinations access costs": "Conversions and costs",
    "setup": "Set-up and its assistant",
    "company companies people role keys journal me reference": "Company, people, log-in",
    "welcome login forgotten join": "On the way in",
    "empty": "Where there is nothing yet",
    "error": "What cannot be shown",
    "components": "What all pages are made of",
}
"""What begins the pages' names, and what these pages are."""
_HEAD = """# Every page, seen

Each picture shows one page of the demo: on a telephone (360 pixels), a tablet (768) and a desk (1280), each in the
light and in the dark theme. Long pages are cut off below. `make pages` takes them anew, by walking through a fresh
demo as a person would, with a colleague, a shared report and an empty company; it says what is too wide, cut, or
lies on something else. They are WebP at half the size, so that all together are about 5 MB; open one to see it
larger.
"""


def main(docs: Path) -> None:
    """Walk, take each page, say what was wrong, and write the page of the docs."""
    folder = docs / "images" / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    console = Console()
    names: set[str] = set()
    with demo() as home, empty_server() as welcome, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with browser.new_context(storage_state=sign_in(browser, home), reduced_motion="reduce") as context:
            for name, page in stops(browser, context.new_page(), home):
                for said in _taken(page, folder / f"{name}.webp"):
                    console.print(f"{name}: {said}", markup=False)
                if name == ON_THE_FRONT:
                    page.screenshot(path=docs / "images" / "live.png", animations="disabled")
                names.add(name)
        with browser.new_context(reduced_motion="reduce") as context:
            page = context.new_page()
            for name, address in (
                ("welcome", welcome),
                ("components", (docs / "components.html").absolute().as_uri()),
            ):
                page.goto(address)
                for said in _taken(page, folder / f"{name}.webp"):
                    console.print(f"{name}: {said}", markup=False)
                names.add(name)
        browser.close()
    (docs / "pages.md").write_text(_document(sorted(names)), encoding="utf-8")
    size = sum((folder / f"{name}.webp").stat().st_size for name in names)
    console.print(f"{len(names)} pages, {size / 1e6:.1f} MB")


def _document(names: Sequence[str]) -> str:
    parts = [
        f"\n## {title}\n\n" + "\n".join(_shown(name) for name in names if name.partition("-")[0] in begins.split())
        for begins, title in PARTS.items()
    ]
    return _HEAD + "\n".join(parts) + "\n"


def _shown(name: str) -> str:
    seen = f"![{name}: 360, 768 and 1280 pixels wide, light and dark](images/pages/{name}.webp)"
    return f"<details><summary>{name}</summary>\n\n{seen}\n\n</details>\n"


def _taken(page: Page, file: Path) -> list[str]:
    """Take its sheet; what is wrong with it, in words."""
    told, shown = [], []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        told += [f"at {width}: {each}" for each in misplaced(page) + shifts(page)]
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            shown.append(_photo(page, width))
    page.set_viewport_size({"width": WIDTHS[-1], "height": 800})
    page.emulate_media(color_scheme="light")
    across = sum(each.width + BETWEEN for each in shown) - BETWEEN
    sheet = Image.new("RGB", (across, max(each.height for each in shown)), "#808080")
    left = 0
    for each in shown:
        sheet.paste(each, (left, 0))
        left += each.width + BETWEEN
    small = (round(sheet.width * SCALE), round(sheet.height * SCALE))
    sheet.resize(small, Image.Resampling.LANCZOS).save(file, quality=QUALITY, method=4)
    return told


def _photo(page: Page, width: int) -> Image.Image:
    tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": tall}
    picture = Image.open(BytesIO(page.screenshot(full_page=True, clip=clip, animations="disabled")))
    return picture.convert("RGB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
