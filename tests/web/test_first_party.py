"""The cookie that the server sets on the site's own domain, and what a visitor who declines sees."""

import pytest
from starlette.responses import Response

from swapboard.accounts.company import Consent, Site
from swapboard.accounts.page import Declined, PageOptions
from swapboard.numbers.rules import NumberPlan, StaticNumber, SwapTarget
from swapboard.switchboard.directory import SiteEntry
from swapboard.switchboard.leasing import Swap
from swapboard.web.first_party import asked_host, forget_visitor, keep_visitor, kept_visitor, own_page_headers
from swapboard.web.visits import VisitMessage, declined

US, FROM_ADS = "+12025550100", "+12025550177"
PAGE = "https://www.example.com"
OWN = "calls.example.com"


def site(consent: Consent = Consent.ALWAYS, page: PageOptions | None = None) -> Site:
    hosts = ("www.example.com",)
    return Site("s1", "c1", "0123456789abcdef", "Shop", hosts, consent, 20, None, 0, page or PageOptions())


def test_an_answer_may_be_read_with_the_cookie_by_the_sites_own_page_only() -> None:
    own = own_page_headers("calls.example.com", {"origin": PAGE}, site())
    assert own["Access-Control-Allow-Origin"] == PAGE
    assert own["Access-Control-Allow-Credentials"] == "true"
    assert own_page_headers("calls.example.net", {"origin": PAGE}, site()) == {}
    assert own_page_headers("calls.example.com", {}, site()) == {}
    assert own_page_headers("calls.example.com", {"origin": PAGE}, site(Consent.COOKIELESS)) == {}


def test_the_visitor_is_kept_on_the_registrable_domain_and_read_again() -> None:
    answer = Response()
    keep_visitor(answer, OWN, "v1", secure=True)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(
        "_swbv=v1; Domain=example.com; HttpOnly; Max-Age=34560000; Path=/; SameSite=lax; Secure"
    )
    assert kept_visitor({"cookie": "a=b; _swbv=v1"}) == "v1"


@pytest.mark.parametrize("other", ['seen={"a": 1}', "cart[items]=2", "flag", "name=Jos\xe9 P", 'q="a', "_swbv="])
def test_whatever_the_sites_other_cookies_look_like(other: str) -> None:
    assert kept_visitor({"cookie": f"{other}; _swbv=v1; {other}"}) == "v1"


def test_a_server_without_https_sets_a_cookie_that_comes_back() -> None:
    answer = Response()
    keep_visitor(answer, OWN, "v1", secure=False)
    assert "Secure" not in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("told", "host"),
    [
        ("calls.example.com", "calls.example.com"),
        ("Calls.Example.com:8443", "calls.example.com"),
        ("[::1]:8000", "[::1]"),
        ("", ""),
        ("a b", ""),
        ("x" * 500, ""),
    ],
)
def test_the_servers_own_host_is_as_the_browser_asked_for_it(told: str, host: str) -> None:
    assert asked_host({"host": told}) == host
    assert asked_host({}) == ""


def test_and_forgotten() -> None:
    answer = Response()
    forget_visitor(answer, OWN)
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert "Domain=example.com" in answer.headers["set-cookie"]


@pytest.mark.parametrize("cookie", ["", "_swbv=", "x", "=;;=", '_swbv="', '_swbv="\\000"', "_swbv=a b"])
def test_no_visitor_is_read_from_what_is_none(cookie: str) -> None:
    # A quoted \000 was once read as the NUL that PostgreSQL cannot hold.
    assert kept_visitor({"cookie": cookie}) is None


def test_no_visitor_has_so_long_a_name() -> None:
    assert kept_visitor({"cookie": "_swbv=" + "x" * 65}) is None


@pytest.mark.parametrize(
    ("wanted", "url", "swaps"),
    [
        (Declined.CHANNEL_STATIC, f"{PAGE}/?gclid=abc", (Swap(US, FROM_ADS),)),
        (Declined.CHANNEL_STATIC, f"{PAGE}/", ()),
        (Declined.ORIGINAL, f"{PAGE}/?gclid=abc", ()),
    ],
)
def test_who_declines_sees_the_channels_number_where_the_owner_wants_it(
    wanted: Declined, url: str, swaps: tuple[Swap, ...]
) -> None:
    plan = NumberPlan(
        targets={US: SwapTarget("t1", US, US)},
        pools={},
        statics={"n1": StaticNumber("n1", FROM_ADS, "t1", "Paid Search")},
        rules=(),
    )
    entry = SiteEntry(site(page=PageOptions(declined=wanted)), 1800, plan, {})
    welcome = declined(entry, VisitMessage(url=url, targets=[US, US, "+12025550199"], consent="denied"))
    assert (welcome.visitor_id, welcome.session_id, welcome.swaps) == (None, None, swaps)
