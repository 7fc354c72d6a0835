"""A whole site, from a real server on this machine."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from swapboard.sitecheck.crawl import CannotCheck, Crawl, Skipped, links_of
from swapboard.sitecheck.document import parse_html
from swapboard.sitecheck.fetch import Fetcher, open_http
from tests.sitecheck.local_site import Answer, LocalSite

Open = Callable[..., Crawl]


class Pauses(list[float]):
    """What the crawl slept, in seconds."""


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def crawl(site: LocalSite, pauses: Pauses) -> Iterator[Open]:
    with open_http() as http:

        def open_crawl(path: str = "/", pages: int = 50) -> Crawl:
            fetcher = Fetcher(http, frozenset({"127.0.0.1"}))
            return Crawl(f"{site.url}{path}", fetcher, pages, 1.0, pauses.append)

        yield open_crawl


def paths(crawl: Crawl) -> list[str]:
    return [page.fetched.url.partition("127.0.0.1")[2].partition("/")[2] for page in crawl.pages()]


def link(*targets: str) -> str:
    return "".join(f'<a href="{target}">x</a>' for target in targets)


def test_pages_are_visited_once_start_first(site: LocalSite, crawl: Open) -> None:
    site.put("/", link("/b", "/a", "/b#x", "/", "mailto:a@example.com", "https://www.example.com/"))
    site.put("/a", link("/b", "/c"))
    site.put("/b", link("/a"))
    site.put("/c", link("/"))
    assert paths(crawl()) == ["", "b", "a", "c"]
    assert [each for each in site.asked if each not in {"/robots.txt", "/sitemap.xml"}] == ["/", "/b", "/a", "/c"]


def test_a_pause_between_pages(site: LocalSite, crawl: Open, pauses: Pauses) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 4", Content_Type="text/plain")
    site.put("/", link("/a"))
    site.put("/a")
    paths(crawl())
    assert pauses == [4.0, 4.0]  # before the sitemap and before the second page


def test_the_limit(site: LocalSite, crawl: Open) -> None:
    site.put("/", link(*(f"/{number}" for number in range(9))))
    for number in range(9):
        site.put(f"/{number}")
    run = crawl(pages=3)
    assert paths(run) == ["", "0", "1"]
    assert run.left == 7


def test_robots_txt(site: LocalSite, crawl: Open) -> None:
    site.put("/robots.txt", "User-agent: SwapboardBot\nDisallow: /private", Content_Type="text/plain")
    site.put("/", link("/private/x", "/a"))
    site.put("/a", link("/go"))
    site.put("/go", status=302, Location="/private/y")
    site.put("/private/y")
    run = crawl()
    assert paths(run) == ["", "a"]
    why = "robots.txt does not allow it"
    assert run.skipped == [Skipped(f"{site.url}/private/x", why), Skipped(f"{site.url}/go", why)]
    assert not [each for each in site.asked if each.startswith("/private")]


def test_sitemaps_seed(site: LocalSite, crawl: Open) -> None:
    site.put("/robots.txt", f"Sitemap: {site.url}/index.xml", Content_Type="text/plain")
    site.put("/index.xml", f"<sitemapindex><sitemap><loc>{site.url}/s.xml</loc></sitemap></sitemapindex>")
    site.put(
        "/s.xml",
        f"<urlset><url><loc>{site.url}/hidden</loc></url><url><loc>http://x.example.com/</loc></url></urlset>",
    )
    site.put("/", link("/a"))
    site.put("/a")
    site.put("/hidden")
    assert paths(crawl()) == ["", "a", "hidden"]


def test_what_is_not_followed(site: LocalSite, crawl: Open) -> None:
    site.put("/", '<a rel="nofollow" href="/a">x</a>' + link("/b"))
    site.put("/b", '<meta name="robots" content="noindex, nofollow">' + link("/c"))
    for path in ("/a", "/c"):
        site.put(path)
    assert paths(crawl()) == ["", "b"]


def test_what_is_no_page_is_told(site: LocalSite, crawl: Open) -> None:
    site.put("/", link("/gone", "/broken", "/data", "/away"))
    site.put("/broken", status=500)
    site.put("/data", "{}", Content_Type="application/json")
    site.put("/away", status=301, Location="https://www.example.com/")
    run = crawl()
    assert paths(run) == [""]
    assert [each.why for each in run.skipped] == [
        "the server answers HTTP 404",
        "the server answers HTTP 500",
        "it is no page (application/json)",
        "it leads to another site (www.example.com)",
    ]


def test_pages_that_redirect_to_one_are_one(site: LocalSite, crawl: Open) -> None:
    site.put("/", link("/old", "/new", "/older"))
    site.put("/old", status=301, Location="/new")
    site.put("/older", status=301, Location="/new")
    site.put("/new")
    assert paths(crawl()) == ["", "new"]


def test_a_start_that_redirects(site: LocalSite, crawl: Open) -> None:
    site.put("/start", status=301, Location="/home")
    site.put("/home", link("/start", "/a"))
    site.put("/a")
    assert paths(crawl("/start")) == ["home", "a"]


@pytest.mark.parametrize(
    ("told", "seconds"), [("7", 7.0), ("3600", 60.0), ("soon", 5.0), ("\N{SUPERSCRIPT TWO}", 5.0)]
)
def test_a_busy_server_is_asked_again_later(
    site: LocalSite, crawl: Open, pauses: Pauses, told: str, seconds: float
) -> None:
    site.answers["/"] = [Answer("wait", 503, {"Retry-After": told}), Answer("<p>x")]
    assert paths(crawl()) == [""]
    assert seconds in pauses


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("/", Answer("", 404), "HTTP 404"),
        ("/", Answer("", 500), "HTTP 500"),
        ("/", Answer("{}", 200, {"Content-Type": "application/json"}), "it is no page"),
        ("/robots.txt", Answer("", 500), "robots.txt cannot be reached"),
        ("/robots.txt", Answer("User-agent: *\nDisallow: /", 200), "Let SwapboardBot in by robots.txt"),
    ],
)
def test_a_start_that_cannot_be_checked(
    site: LocalSite, crawl: Open, path: str, answer: Answer, words: str
) -> None:
    site.put("/", "<p>x")
    site.answers[path] = answer
    with pytest.raises(CannotCheck, match=words):
        paths(crawl())


def test_a_start_where_nothing_answers_is_not_put_down_to_robots_txt_alone() -> None:
    def unknown(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Name or service not known", request=request)

    with httpx.Client(transport=httpx.MockTransport(unknown)) as http:
        fetcher = Fetcher(http, frozenset({"wwww.example.com"}))
        run = Crawl("https://wwww.example.com/", fetcher, 50, 1.0, Pauses().append)
        with pytest.raises(CannotCheck, match="Name or service not known") as told:
            paths(run)
    assert "Is the address right?" in str(told.value)


def test_links_are_read_against_the_base() -> None:
    root = parse_html(
        '<base href="/shop/"><a href="a">x</a><iframe src="f"></iframe><link rel="amphtml" href="/amp">'
    )
    assert sorted(links_of(root, "https://www.example.com/x/y")) == [
        "https://www.example.com/amp",
        "https://www.example.com/shop/a",
        "https://www.example.com/shop/f",
    ]
