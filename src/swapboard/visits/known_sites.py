"""The sites known by name (sources.toml): search engines, social networks, shops, mail, assistants …"""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import TypeAlias

from swapboard.visits.hosts import host_of

Entry: TypeAlias = dict[str, str]


class Kind(StrEnum):
    """What sort of place a site is; the tables of sources.toml."""

    SEARCH = "search"
    ASSISTANT = "assistant"
    SOCIAL = "social"
    VIDEO = "video"
    SHOPPING = "shopping"
    MAIL = "mail"
    ADS = "ads"
    PAYMENT = "payment"
    REFERRAL = "referral"


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site of sources.toml, and how to read the keyword from a search engine's address."""

    name: str
    kind: Kind
    query: tuple[str, ...] = ()
    charset: str = "utf-8"


@dataclass(frozen=True, slots=True)
class _Place:
    """A host of a site, and which sub-domains of it count (None: all)."""

    site: KnownSite
    within: frozenset[str] | None = None


_ASKED = "q query search"  # what most search engines call the words that were typed
_ITSELF = frozenset({"", "www", "m"})
_LONGEST_NAME = 100  # longer ones are no site's name, and would fill the cache
_AD_SUFFIX = re.compile(r"[-.+]*ad(?:s|vertising)?\Z")


class KnownSites:
    """The tables of a sources.toml. Raises ValueError when two sites claim one host or name."""

    def __init__(self, toml: str) -> None:
        self.places: dict[str, _Place] = {}
        self.names: dict[str, KnownSite] = {}
        self.ad_names: set[str] = set()
        self.apps: dict[str, KnownSite] = {}
        self.pages: dict[str, dict[str, KnownSite]] = {}
        for kind, table in tomllib.loads(toml).items():
            self._read_table(Kind(kind), table)

    def at(self, host: str) -> KnownSite | None:
        """The site of a host (as `host_of` spells it) or of an Android package."""
        domain, beneath = host, ""
        while domain:
            place = self.places.get(domain)
            if place and (place.within is None or beneath in place.within):
                return place.site
            label, _, domain = domain.partition(".")
            beneath = f"{beneath}.{label}" if beneath else label
        return self.apps.get(host)

    def at_page(self, host: str, url: str) -> KnownSite | None:
        """The site to which a page of another site belongs, as x.com/i/grok to Grok."""
        pages = self.pages.get(host.removeprefix("www."))
        if not pages:
            return None
        path = url.partition(host)[2].partition("?")[0].partition("#")[0].rstrip("/") + "/"
        return next((site for start, site in pages.items() if path.startswith(start)), None)

    def called(self, name: str) -> tuple[KnownSite | None, bool]:
        """The site that `fb`, `m.facebook.com`, an address or `FB Ads` means, and whether the name says "ads"."""
        name = name.strip().lower().replace(" ", "-").replace("_", "-")
        site = self.names.get(name) or self.at(host_of(name) if "/" in name else name)
        if site:
            return site, name in self.ad_names
        site = self.names.get(_AD_SUFFIX.sub("", name))
        return site, site is not None

    def _read_table(self, kind: Kind, table: dict[str, str | Entry | list[Entry]]) -> None:
        for name, entry in table.items():
            if isinstance(entry, list):
                for group in entry:
                    self._read_group(kind, group)
            else:
                self._read_site(kind, name, {"domains": entry} if isinstance(entry, str) else entry)

    def _read_site(self, kind: Kind, name: str, entry: Entry) -> None:
        site = _site(kind, name, entry)
        within = frozenset(entry["within"].split()) | _ITSELF if "within" in entry else None
        self._claim_hosts(entry.get("domains", ""), _Place(site))
        self._claim_hosts(entry.get("exact", ""), _Place(site, _ITSELF))
        for tld in entry.get("tlds", "").split():
            self._claim_hosts(f"{name}.{tld}", _Place(site, within))
        self._claim_names(f"{name} {entry.get('names', '')} {entry.get('ads', '')}", site)
        self.ad_names.update(entry.get("ads", "").split())
        self.apps.update((app.lower(), site) for app in entry.get("apps", "").split())
        for page in entry.get("paths", "").split():
            host, _, path = page.partition("/")
            self.pages.setdefault(host, {})[f"/{path}/"] = site

    def _read_group(self, kind: Kind, group: Entry) -> None:
        for host in group.get("named", "").split():
            name = host.partition(".")[0]
            site = self.names.get(name)
            if site is None:
                site = _site(kind, name, group)
                self._claim_names(name, site)
            elif site.kind is not kind:
                raise ValueError(f"{host}: {name} is already the name of a {site.kind} site")
            self._claim_hosts(host, _Place(site))
        for host in group.get("hosts", "").split():
            self._claim_hosts(host, _Place(_site(kind, host, group)))

    def _claim_hosts(self, hosts: str, place: _Place) -> None:
        for host in hosts.split():
            if host in self.places:
                raise ValueError(f"{host} stands under {self.places[host].site.name} and {place.site.name}")
            self.places[host] = place

    def _claim_names(self, names: str, site: KnownSite) -> None:
        for name in names.split():
            if name in self.names:
                raise ValueError(f"{name} is the name of two sites")
            self.names[name] = site


def _site(kind: Kind, name: str, entry: Entry) -> KnownSite:
    query = tuple(entry.get("query", _ASKED).split()) if kind is Kind.SEARCH else ()
    return KnownSite(name, kind, query, entry.get("charset", "utf-8"))


KNOWN = KnownSites(resources.files(__package__).joinpath("sources.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8192)
def site_at(host: str) -> KnownSite | None:
    """The known site of a host, itself or beneath it, or None."""
    return KNOWN.at(host)


def site_at_page(host: str, url: str) -> KnownSite | None:
    """The known site that one page of another site belongs to, or None."""
    return KNOWN.at_page(host, url)


def site_called(source: str) -> tuple[KnownSite | None, bool]:
    """The known site a source name stands for (or None), and whether the name says that it is an ad."""
    return _called(source) if len(source) <= _LONGEST_NAME else (None, False)


@lru_cache(maxsize=8192)
def _called(source: str) -> tuple[KnownSite | None, bool]:
    return KNOWN.called(source)
