"""The script's tag on a page: how often, where from, and with which site key."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from swapboard.sitecheck.address import join, split
from swapboard.sitecheck.document import Element, elements, text_of
from swapboard.sitecheck.policy import Load

# The path as it is without SWAPBOARD_PATH_PREFIX; a key is 12 or 16 hexadecimal digits (`web/api/sites.py`).
_ANY_KEY = re.compile(r"/t/([0-9a-f]{12,16})\.js$")
_TAG_MANAGERS = re.compile(
    r"googletagmanager\.com/gtm\.js|assets\.adobedtm\.com|tags\.tiqcdn\.com|cdn\.matomo\.cloud"
)


@dataclass(frozen=True, slots=True)
class Snippet:
    """One `<script>` that loads the tracker."""

    load: Load
    site_key: str

    @property
    def collector(self) -> str:
        """Where it sends visits: its own address without `.js`."""
        return f"{self.load.url.partition('?')[0].removesuffix('.js')}/visit"


def snippets(root: Element, page_url: str, site_key: str | None) -> list[Snippet]:
    """The tracker's tags. Without a site key, every address that ends like one of ours counts."""
    return [
        tag for tag, element in _tags(root, page_url, site_key) if _is_run(element) and "src" in element.attributes
    ]


def snippets_held_back(root: Element, page_url: str, site_key: str | None) -> list[Snippet]:
    """Tags that a consent tool turns into text until the visitor agrees (`type="text/plain"`)."""
    found = _tags(root, page_url, site_key)
    return [tag for tag, element in found if element.attributes.get("type", "").strip().lower() == "text/plain"]


def _tags(root: Element, page_url: str, site_key: str | None) -> list[tuple[Snippet, Element]]:
    base = base_url(root, page_url)
    return [
        (Snippet(Load(url, attributes.get("nonce", ""), attributes.get("integrity", "")), key), element)
        for element in elements(root, "script")
        if (attributes := element.attributes)
        and (url := join(base, (attributes.get("src") or attributes.get("data-src", "")).strip()))
        and (key := _key(url, site_key))
    ]


def base_url(root: Element, page_url: str) -> str:
    """What relative addresses on the page start from: the first `<base href>`, or the page."""
    given = (each.attributes["href"] for each in elements(root, "base") if "href" in each.attributes)
    return join(page_url, next(given, ""))


def tag_managers(root: Element) -> list[str]:
    """Tag managers on the page, any of which may add the script in the browser."""
    sources = (f"{each.attributes.get('src', '')} {text_of(each)}" for each in elements(root, "script"))
    return sorted({match[0] for source in sources for match in _TAG_MANAGERS.finditer(source)})


def metas_before(root: Element, snippet: Snippet | None, page_url: str) -> Iterator[str]:
    """The policies in the head's `<meta>`; with a snippet, those before it, as later ones come too late for it."""
    base = base_url(root, page_url)
    for element in elements(root, "meta", "script"):
        if element.tag == "script":
            if snippet and join(base, element.attributes.get("src", "").strip()) == snippet.load.url:
                return
        elif element.attributes.get("http-equiv", "").lower() == "content-security-policy" and _in_head(element):
            yield element.attributes.get("content", "")


def _key(url: str, site_key: str | None) -> str | None:
    path = split(url).path
    if site_key and path.endswith(f"/{site_key}.js"):
        return site_key
    found = _ANY_KEY.search(path)
    return found[1] if found else None


def _is_run(element: Element) -> bool:
    """Not one that a consent tool holds back (`type="text/plain"`), nor one in a template."""
    kind = element.attributes.get("type", "").strip().lower()
    in_template = any(each.tag in {"template", "noscript"} for each in element.ancestors())
    return (
        "src" in element.attributes
        and not in_template
        and kind in {"", "text/javascript", "application/javascript", "module"}
    )


def _in_head(element: Element) -> bool:
    return any(each.tag == "head" for each in element.ancestors())
