"""Pictures of every page of the demo's dashboard, in both themes and three widths, for docs/pages.md.

    .venv/bin/python -m benchmarks.pictures docs/images/pages

One sheet for each page. On the way it tells of each page that moves while it loads, is too wide, or has something cut
or lying on something else. Needs Debian's package chromium.
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import FloatRect, Page, sync_playwright
from rich.console import Console

from benchmarks.layout import misplaced, shifts
from benchmarks.paint import demo, sign_in
from benchmarks.tour import stops

WIDTHS = (360, 768, 1280)
THEMES = ("light", "dark")
TALLEST = 1800
"""Pixels of a page that are shown: a list goes on in the same way."""
SCALE, QUALITY, BETWEEN = 0.5, 35, 24


def main(folder: Path) -> None:
    """Walk, take each page, say what was wrong, and write the page of the docs."""
    folder.mkdir(parents=True, exist_ok=True)
    console = Console()
    names: set[str] = set()
    with demo() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with browser.new_context(storage_state=sign_in(browser, home), reduced_motion="reduce") as context:
            for name, page in stops(browser, context.new_page(), home):
                for said in _taken(page, folder / f"{name}.webp"):
                    console.print(f"{name}: {said}", markup=False)
                names.add(name)
        browser.close()
    size = sum((folder / f"{name}.webp").stat().st_size for name in names)
    console.print(f"{len(names)} pages, {size / 1e6:.1f} MB")


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
