"""The page a visitor came from: whose it is, and the keyword that a search engine may still tell."""

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from swapboard.visits.hosts import host_of, is_any_of, is_same_site, publisher_of
from swapboard.visits.known_sites import Kind, KnownSite, site_at, site_at_page
from swapboard.visits.parameters import is_filled, without_control

# How GA4 writes the medium of a link from such a site; mail and ad servers as their channels are called.
_MEDIUM = {Kind.SEARCH: "organic", Kind.ASSISTANT: "ai-assistant", Kind.MAIL: "email", Kind.ADS: "display"}


class Referrer(NamedTuple):
    """An address on somebody else's site; every field is empty where there is none."""

    url: str = ""
    host: str = ""
    site: KnownSite | None = None

    @property
    def source(self) -> str:
        """The known site's name, else the host without www."""
        return self.site.name if self.site else self.host.removeprefix("www.")

    @property
    def medium(self) -> str:
        """organic, ai-assistant, email, display or referral."""
        return medium_of(self.site) or "referral"


NOWHERE = Referrer()


def medium_of(site: KnownSite | None) -> str | None:
    """The medium of a link from a site of this kind, where that is more than a referral."""
    return _MEDIUM.get(site.kind) if site else None


def referrer_from(url: str, page_host: str, own_hosts: Collection[str]) -> Referrer:
    """The referrer, or NOWHERE when it is none, the company's own site or a payment page."""
    if not url:
        return NOWHERE
    find = _remembered if len(url) <= _LONGEST else _find
    return find(url, page_host, tuple(own_hosts))


def _find(url: str, page_host: str, own_hosts: tuple[str, ...]) -> Referrer:
    host = publisher_of(host_of(url))
    if not host or is_same_site(host, page_host) or is_any_of(host, own_hosts):
        return NOWHERE
    site = site_at_page(host, url) or site_at(host)
    return NOWHERE if site and site.kind is Kind.PAYMENT else Referrer(url, host, site)


_LONGEST = 300  # most browsers send the host only; addresses with a path are longer, and would fill the cache
_remembered = lru_cache(maxsize=4096)(_find)


def search_term(referrer: Referrer) -> str | None:
    """What was typed into the search engine, where its address says so; most have kept it back since 2011."""
    if not referrer.site or not referrer.site.query or "=" not in referrer.url:
        return None
    page, _, fragment = referrer.url.partition("#")
    for query in (page.partition("?")[2], fragment):
        pairs = (pair.partition("=") for pair in reversed(query.split("&")))
        asked = {name.lower(): value for name, _, value in pairs}
        for name in referrer.site.query:
            term = _decoded(asked.get(name, ""), referrer.site.charset)
            if is_filled(term):
                return term
    return None


def _decoded(value: str, charset: str) -> str:
    raw = unquote_to_bytes(value.replace("+", " "))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode(charset, "replace")
    return " ".join(without_control(text).split())
