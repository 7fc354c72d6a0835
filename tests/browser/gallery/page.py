"""The gallery's pages: files with marks, and a comment at the top that says what they show."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
PAGES = HERE / "pages"
_FACTS = re.compile(r"\s*<!--gallery(.*?)-->\n?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """A page: its source with marks, and how it is to be looked at."""

    name: str
    source: str
    site: str = "us"
    """The site of business.py whose script it has."""
    parts: tuple[str, ...] = ("lines",)
    """The parts of the tracker that may be loaded on demand; a number over several elements needs `lines`."""
    headers: dict[str, str] = field(default_factory=dict)
    """What its answer has beside the type."""
    swaps: bool = True
    """False where nothing on it is a number of ours."""
    restored: str | None = None
    """The number that stands in the marks when all is forgotten, where it is not what was written."""
    is_wide: bool = False
    """True where the number to show has another length, so that what follows in its line may move."""
    visits: int = 1
    """How many visits it tells of at least."""
    keeps_nodes: bool = True
    """False where the page itself replaces what was there when it was loaded."""
    is_async: bool = True
    """False where the page waits for the script, as a business may want that knows no flicker."""

    @property
    def media_type(self) -> str:
        return "application/xhtml+xml" if self.name.endswith(".xhtml") else "text/html; charset=utf-8"


@cache
def gallery_pages() -> dict[str, GalleryPage]:
    """All pages, by their names."""
    files = sorted(path for path in PAGES.iterdir() if path.suffix in {".html", ".xhtml"})
    return {path.name: _read(path) for path in files}


def _read(path: Path) -> GalleryPage:
    source = path.read_text()
    found = _FACTS.match(source)
    facts = json.loads(found[1]) if found else {}
    facts.pop("about", None)
    return GalleryPage(path.name, source[found.end() :] if found else source, **facts)
