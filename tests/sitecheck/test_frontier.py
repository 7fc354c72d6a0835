"""Which page comes next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.sitecheck.frontier import Frontier, normalized, origin_host


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://WWW.Example.com", "https://www.example.com/"),
        ("https://www.example.com:443/a#b", "https://www.example.com/a"),
        ("http://www.example.com:8080/a", "http://www.example.com:8080/a"),
        ("https://www.example.com/a?utm_source=x&b=%20c&gclid=1", "https://www.example.com/a?b=%20c"),
        ("https://www.example.com/a?", "https://www.example.com/a"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("mailto:a@example.com", None),
        ("javascript:void(0)", None),
        ("ftp://www.example.com/", None),
        ("https://", None),
        ("https://[", None),
        ("https://www.example.com:port/", None),
        ("https://www.example.com/" + "a" * 2000, None),
        ("", None),
    ],
)
def test_one_form_of_an_address(url: str, expected: str | None) -> None:
    assert normalized(url) == expected


def frontier() -> Frontier:
    return Frontier({"www.example.com"})


def test_each_page_once_first_come_first_served() -> None:
    waiting = frontier()
    added = [waiting.add(f"https://www.example.com/{path}") for path in ("b", "a", "b#x", "b?utm_medium=y")]
    assert added == [True, True, False, False]
    assert [waiting.next(), waiting.next(), waiting.next()] == [
        "https://www.example.com/b",
        "https://www.example.com/a",
        None,
    ]


def test_http_and_https_are_one_page() -> None:
    waiting = frontier()
    assert waiting.add("https://www.example.com/a")
    assert not waiting.add("http://www.example.com/a")


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example.com/",
        "https://www.example.com:8443/",
        "https://www.example.com/logout",
        "https://www.example.com/shop?add-to-cart=5",
        "https://www.example.com/wp-admin/",
        "https://www.example.com/x?action=delete",
        "https://www.example.com/photo.JPG",
        "https://www.example.com/price-list.pdf",
        "tel:+12025550100",
    ],
)
def test_what_is_not_visited(url: str) -> None:
    assert not frontier().add(url)


def test_endless_queries_end() -> None:
    waiting = frontier()
    assert sum(waiting.add(f"https://www.example.com/calendar?day={day}") for day in range(50)) == 5


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    once = normalized(text)
    assert once is None or normalized(once) == once


@given(st.lists(st.sampled_from("abcde"), max_size=20))
def test_nothing_comes_twice(paths: list[str]) -> None:
    waiting = frontier()
    for path in paths:
        waiting.add(f"https://www.example.com/{path}")
    given_out = [waiting.next() for _ in range(len(waiting))]
    assert len(given_out) == len(set(given_out)) == len(set(paths))


def test_host_and_port() -> None:
    assert origin_host("http://WWW.example.com:8080/a") == "www.example.com:8080"
