"""The table of known sites: broad enough, without contradictions, and every line does what it says."""

import codecs
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib import resources

import pytest

from swapboard.visits.hosts import host_of
from swapboard.visits.known_sites import KNOWN, Kind, KnownSites, site_at, site_at_page, site_called

TOML = resources.files("swapboard.visits").joinpath("sources.toml").read_text(encoding="utf-8")
TABLES: dict[str, dict[str, str | dict[str, str] | list[dict[str, str]]]] = tomllib.loads(TOML)
FIELDS = {
    "domains",
    "exact",
    "tlds",
    "within",
    "names",
    "ads",
    "apps",
    "paths",
    "query",
    "charset",
    "named",
    "hosts",
}


def entries() -> Iterator[tuple[Kind, str, dict[str, str]]]:
    for kind, table in TABLES.items():
        for name, entry in table.items():
            groups = entry if isinstance(entry, list) else [entry]
            for group in groups:
                yield Kind(kind), name, {"domains": group} if isinstance(group, str) else group


def hosts() -> Iterator[tuple[Kind, str]]:
    for kind, name, entry in entries():
        for field in ("domains", "exact", "named", "hosts"):
            yield from ((kind, host) for host in entry.get(field, "").split())
        yield from ((kind, f"{name}.{tld}") for tld in entry.get("tlds", "").split())


@pytest.mark.parametrize(
    ("kind", "at_least"),
    [
        (Kind.SEARCH, 400),
        (Kind.SOCIAL, 400),
        (Kind.VIDEO, 80),
        (Kind.SHOPPING, 150),
        (Kind.MAIL, 120),
        (Kind.ASSISTANT, 50),
        (Kind.PAYMENT, 50),
    ],
)
def test_the_table_is_broad(kind: Kind, at_least: int) -> None:
    assert len({host for of, host in hosts() if of is kind}) >= at_least


def test_the_sites_are_many_not_only_their_country_domains() -> None:
    sites = Counter(kind for kind, name, entry in entries() if name != "more")
    for kind, _, entry in entries():
        sites[kind] += len(f"{entry.get('named', '')} {entry.get('hosts', '')}".split())
    assert sites[Kind.SEARCH] >= 150
    assert sites[Kind.SOCIAL] >= 300
    assert sites[Kind.VIDEO] >= 45
    assert sites[Kind.SHOPPING] >= 50
    assert sites[Kind.MAIL] >= 50
    assert sites[Kind.ASSISTANT] >= 25


def test_no_host_stands_twice() -> None:
    assert [host for host, count in Counter(host for _, host in hosts()).items() if count > 1] == []


def test_every_host_is_one_and_leads_to_its_kind() -> None:
    for kind, host in hosts():
        assert host_of(f"https://{host}/") == host
        for spelling in (host, f"www.{host}"):
            site = site_at(spelling)
            assert site is not None, spelling
            assert site.kind is kind, spelling


def test_every_name_app_and_page_leads_to_its_site() -> None:
    for kind, name, entry in entries():
        for alias in [*entry.get("names", "").split(), *entry.get("ads", "").split()]:
            site, says_ad = site_called(alias.upper())
            assert site is not None
            assert (site.name, site.kind) == (name, kind)
            assert says_ad is (alias in entry.get("ads", "").split())
        for package in entry.get("apps", "").split():
            assert KNOWN.at(package.lower()) == KNOWN.names[name]
        for page in entry.get("paths", "").split():
            assert site_at_page(page.partition("/")[0], f"https://{page}") == KNOWN.names[name]


def test_every_field_is_understood() -> None:
    for _, name, entry in entries():
        assert set(entry) <= FIELDS, name
        assert all(value.split() for value in entry.values()), name
        assert ("within" not in entry) or ("tlds" in entry), name
        assert entry.get("query", "") == entry.get("query", "").lower(), name
        codecs.lookup(entry.get("charset", "utf-8"))


def test_every_search_engine_has_a_parameter_and_nothing_else_has() -> None:
    assert all(bool(place.site.query) is (place.site.kind is Kind.SEARCH) for place in KNOWN.places.values())


@pytest.mark.parametrize(
    ("toml", "what"),
    [
        ('[search]\na = "a.example"\nb = "a.example"', "a.example stands under a and b"),
        ('[search]\na = "a.example"\n[social]\na = "b.example"', "a is the name of two sites"),
        ('[search]\na = "a.example"\n[[social.more]]\nnamed = "a.example.net"', "already the name of a search"),
        ('[serach]\na = "a.example"', "serach"),
    ],
)
def test_a_contradiction_is_refused(toml: str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        KnownSites(toml)


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("google.com", Kind.SEARCH),
        ("www.google.co.uk", Kind.SEARCH),
        ("images.google.de", Kind.SEARCH),
        ("maps.google.com", Kind.SEARCH),
        ("news.google.com", Kind.SEARCH),
        ("mail.google.com", Kind.MAIL),
        ("gemini.google.com", Kind.ASSISTANT),
        ("notebooklm.google.com", Kind.ASSISTANT),
        ("groups.google.com", Kind.SOCIAL),
        ("plus.google.com", Kind.SOCIAL),
        ("shopping.google.com", Kind.SHOPPING),
        ("pay.google.com", Kind.PAYMENT),
        ("docs.google.com", Kind.REFERRAL),
        ("anything.google.com", None),
        ("google.evil.com", None),
        ("google.com.evil.test", None),
        ("notgoogle.com", None),
        ("not-linkedin.com", None),
        ("linkedin.com.evil.test", None),
        ("lnkd.in", Kind.SOCIAL),
        ("l.facebook.com", Kind.SOCIAL),
        ("lm.facebook.com", Kind.SOCIAL),
        ("out.reddit.com", Kind.SOCIAL),
        ("t.co", Kind.SOCIAL),
        ("xt.co", None),
        ("x.com", Kind.SOCIAL),
        ("netflix.com", Kind.VIDEO),
        ("fixx.com", None),
        ("m.youtube.com", Kind.VIDEO),
        ("uk.search.yahoo.com", Kind.SEARCH),
        ("yahoo.com", Kind.SEARCH),
        ("finance.yahoo.com", None),
        ("mail.yahoo.com", Kind.MAIL),
        ("smile.amazon.de", Kind.SHOPPING),
        ("aws.amazon.com", Kind.REFERRAL),
        ("someone.tumblr.com", Kind.SOCIAL),
        ("cac-excel.officeapps.live.com", Kind.REFERRAL),
        ("notofficeapps.live.com", None),
        ("custom.chatgpt.com", Kind.ASSISTANT),
        ("chatgpt.com.custom.org", None),
        ("com", None),
        ("", None),
    ],
)
def test_a_host_is_matched_exactly_or_from_a_dot(host: str, kind: Kind | None) -> None:
    site = site_at(host)
    assert (site.kind if site else None) is kind


@pytest.mark.parametrize(
    ("source", "name", "says_ad"),
    [
        ("google", "google", False),
        ("Google", "google", False),
        ("google.com", "google", False),
        ("GOOGLE_ADS", "google", True),
        ("Google Ads", "google", True),
        ("adwords", "google", True),
        ("fb", "facebook", False),
        ("fb-ads", "facebook", True),
        ("fbad", "facebook", True),
        ("m.facebook.com", "facebook", False),
        ("https://m.facebook.com/x", "facebook", False),
        ("//facebook.com/", "facebook", False),
        ("android-app://com.google.android.gm/", "gmail", False),
        ("https://example.org/facebook", None, False),
        ("ig", "instagram", False),
        ("threads", "threads", False),
        ("Reddit-ads", "reddit", True),
        ("Google Shopping", "google-shopping", False),
        ("ads", None, False),
        ("ad", None, False),
        ("", None, False),
        ("not-linkedin", None, False),
        ("facebook group", None, False),
        ("x" * 5000, None, False),
    ],
)
def test_a_source_name_is_matched_whole(source: str, name: str | None, says_ad: bool) -> None:
    site, ad = site_called(source)
    assert (site.name if site else None) == name
    assert ad is says_ad
