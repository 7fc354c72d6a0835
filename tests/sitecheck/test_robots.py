"""robots.txt: the examples of RFC 9309 and of the answers that a server can give."""

import pytest

from swapboard.sitecheck.robots import USER_AGENT, Robots, read_robots
from swapboard.visits.bots import is_bot

SITE = "https://www.example.com"


def allowed(text: str, path: str) -> bool:
    return read_robots(200, text).allows(SITE + path)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/", True),
        ("User-agent: *\nDisallow: /", "/", False),
        ("User-agent: *\nDisallow:", "/x", True),
        ("User-agent: *\nDisallow: /private/", "/private/x", False),
        ("User-agent: *\nDisallow: /private/", "/privately", True),
        # 2.2.1: the group of our own name alone counts, whatever its case, and groups of one name are one.
        ("User-agent: *\nDisallow: /\n\nUser-agent: swapboardbot\nDisallow: /a", "/b", True),
        ("User-agent: SwapboardBot\nDisallow: /a\n\nUser-agent: SwapboardBot\nDisallow: /b", "/a", False),
        ("User-agent: SwapboardBot\nDisallow: /a\n\nUser-agent: SwapboardBot\nDisallow: /b", "/b", False),
        ("User-agent: Other\nUser-agent: SwapboardBot\nDisallow: /", "/x", False),
        ("User-agent: OtherBot\nDisallow: /", "/x", True),
        # 2.2.2: the longest match wins; of two as long, the one that allows.
        ("User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/", True),
        (
            "User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif",
            "/example/page/disallowed.gif",
            False,
        ),
        ("User-agent: *\nDisallow: /folder\nAllow: /folder", "/folder/page", True),
        ("User-agent: *\nDisallow: /\nAllow: /p", "/page", True),
        # 2.2.3: the special characters.
        ("User-agent: *\nDisallow: *.gif$", "/a.gif", False),
        ("User-agent: *\nDisallow: *.gif$", "/a.gif?x", True),
        ("User-agent: *\nDisallow: /*/x", "/a/b/x", False),
        ("User-agent: * # all\nDisallow: /secret # not this", "/secret", False),
        # 2.2.2: percent-encoding makes no difference.
        ("User-agent: *\nDisallow: /foo/bar/%E3%83%84", "/foo/bar/ツ", False),
        ("\ufeffUser-agent: *\r\nDisallow: /x", "/x", False),
        ("<html>nonsense", "/x", True),
    ],
)
def test_rules(text: str, path: str, expected: bool) -> None:
    assert allowed(text.removeprefix("\ufeff"), path) is expected


def test_robots_txt_itself_is_always_allowed() -> None:
    assert allowed("User-agent: *\nDisallow: /", "/robots.txt")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_file_that_is_not_there_allows_everything(status: int) -> None:
    assert read_robots(status, "User-agent: *\nDisallow: /").allows(f"{SITE}/x")


@pytest.mark.parametrize("status", [None, 500, 503])
def test_a_file_that_cannot_be_reached_allows_nothing(status: int | None) -> None:
    robots = read_robots(status, "")
    assert not robots.allows(f"{SITE}/x")
    assert "cannot be reached" in robots.why


def test_the_pause() -> None:
    assert read_robots(200, "").delay_seconds(1) == 1
    assert read_robots(200, "User-agent: *\nCrawl-delay: 3").delay_seconds(1) == 3
    assert read_robots(200, "User-agent: *\nCrawl-delay: 900").delay_seconds(1) == 30
    assert Robots(None).delay_seconds(2) == 2


def test_sitemaps() -> None:
    assert read_robots(200, "Sitemap: https://www.example.com/s.xml").sitemaps == ["https://www.example.com/s.xml"]
    assert Robots(None).sitemaps == []


def test_the_server_takes_us_for_a_crawler_and_gives_us_no_number() -> None:
    assert is_bot(USER_AGENT)
