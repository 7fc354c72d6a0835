"""A whole check, against a real server on this machine."""

import json
from collections.abc import Callable, Iterator

import pytest

from swapboard.sitecheck.business import Business
from swapboard.sitecheck.check import check_site
from swapboard.sitecheck.crawl import Crawl
from swapboard.sitecheck.fetch import Fetcher, open_http
from swapboard.sitecheck.site import SiteReport
from tests.sitecheck.local_site import KEY, NUMBER, LocalSite

TAG = f'<script async src="/t/{KEY}.js"></script>'
Check = Callable[[], SiteReport]


@pytest.fixture
def check(site: LocalSite) -> Iterator[Check]:
    with open_http() as http:

        def run() -> SiteReport:
            crawl = Crawl(f"{site.url}/", Fetcher(http, frozenset({"127.0.0.1"})), 10, 0, lambda _: None)
            return check_site(crawl, Business((NUMBER,), site_key=KEY), [], None, lambda *_: None)

        yield run


def put_script(site: LocalSite, **setup: object) -> None:
    written = json.dumps({"key": KEY, "targets": [NUMBER]} | setup, separators=(",", ":"))
    site.put(f"/t/{KEY}.js", f"(function(){{}})({written})", Content_Type="text/javascript")


def codes(report: SiteReport) -> set[str]:
    return {each.code for each in report.all_findings} - {"no_structured_data", "pages_skipped"}


def test_a_site(site: LocalSite, check: Check) -> None:
    put_script(site)
    site.put("/", f'{TAG}<p>(202) 555-0100</p><a href="/two">x</a>')
    site.put("/two", f"{TAG}<p>202.555.0100</p>")
    report = check()
    assert (codes(report), len(report.pages), report.is_fine) == (set(), 2, True)
    assert site.asked.count(f"/t/{KEY}.js") == 1


def test_the_scripts_own_set_up_is_what_counts(site: LocalSite, check: Check) -> None:
    put_script(site, skip=",code", vanity=[["202-555-CALL", NUMBER, "###"]])
    site.put("/", f"{TAG}<code>202-555-0100</code><p>202-555-CALL</p>")
    (page,) = check().pages
    assert [(each.written, each.fate.value) for each in page.occurrences] == [
        ("202-555-0100", "missed"),
        ("202-555-CALL", "swapped"),
    ]


def test_a_script_that_does_not_look_for_the_number(site: LocalSite, check: Check) -> None:
    put_script(site, targets=["+442079460958"])
    site.put("/", f"{TAG}<p>202-555-0100</p>")
    assert codes(check()) == {"script_lacks_number"}


@pytest.mark.parametrize(("body", "status"), [("", 404), ("<html>hello", 200)])
def test_a_script_that_is_not_there(site: LocalSite, check: Check, body: str, status: int) -> None:
    site.put("/", f"{TAG}<p>202-555-0100</p>")
    site.put(f"/t/{KEY}.js", body, status)
    assert codes(check()) == {"script_does_not_load"}
