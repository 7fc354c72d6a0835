"""Which page of a site comes next: each once, of the same host, up to a limit."""

import re
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urlunsplit

from swapboard.sitecheck.address import split

_LONGEST_URL = 2_000
_MOST_VARIANTS = 5
"""So many queries of one path: calendars and filters have no end."""
_CAMPAIGN = re.compile(r"^(utm_\w+|[gd]clid|[gw]braid|fbclid|msclkid|_ga|_gl)$")
# A visit may change something there, or shows what is for the owner only.
_NOT_TO_VISIT = re.compile(r"log-?out|sign-?out|add[-_]to[-_]cart|/wp-(admin|login)|[?&](action|delete|remove)=")
_NOT_PAGES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|mjs|json|xml|rss|pdf|zip|gz|mp[34]|mov|webm|woff2?|ttf|eot|docx?|xlsx?"
    r"|pptx?|ics|vcf|txt)$",
    re.IGNORECASE,
)


def normalized(url: str) -> str | None:
    """An address in its one form, without fragment and campaign parameters; None for what is no web page."""
    parts = split(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > _LONGEST_URL:
        return None
    is_default = parts.port in {None, {"http": 80, "https": 443}[parts.scheme]}
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    place = host if is_default else f"{host}:{parts.port}"
    query = "&".join(each for each in parts.query.split("&") if not _CAMPAIGN.match(each.partition("=")[0]))
    return urlunsplit((parts.scheme, place, parts.path or "/", query, ""))


def origin_host(url: str) -> str:
    """Host and port, which have to be the same for a page of the same site; the default ports count as one."""
    return split(url).netloc.lower()


@dataclass(slots=True)
class Frontier:
    """The pages that wait. Hosts are as `origin_host` gives them."""

    hosts: set[str]
    _waiting: deque[str] = field(default_factory=deque)
    _seen: set[str] = field(default_factory=set)
    _variants: dict[str, int] = field(default_factory=dict)

    def add(self, url: str) -> bool:
        """Have a page visited, unless it was seen before or is not to be visited; says whether it will be."""
        address = normalized(url)
        if address is None or origin_host(address) not in self.hosts or _key(address) in self._seen:
            return False
        if _NOT_TO_VISIT.search(address) or _NOT_PAGES.search(split(address).path):
            return False
        path = address.partition("?")[0]
        self._variants[path] = self._variants.get(path, 0) + 1
        if self._variants[path] > _MOST_VARIANTS:
            return False
        self.mark(address)
        self._waiting.append(address)
        return True

    def mark(self, url: str) -> bool:
        """Note that a page was seen; False when it was before."""
        key = _key(url)
        is_new = key not in self._seen
        self._seen.add(key)
        return is_new

    def next(self) -> str | None:
        """The page that waits longest, or None."""
        return self._waiting.popleft() if self._waiting else None

    def __len__(self) -> int:
        return len(self._waiting)


def _key(url: str) -> str:
    """http and https are the same page."""
    return url.partition("://")[2]
