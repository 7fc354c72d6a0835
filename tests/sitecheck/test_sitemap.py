"""Sitemaps."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.sitecheck.sitemap import LONGEST_BYTES, Sitemap, read_sitemap

URLS = b"""<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> https://www.example.com/a </loc><lastmod>2026-11-01</lastmod></url>
<url><loc>https://www.example.com/b?x=1&amp;y=2</loc></url></urlset>"""
PAGES = Sitemap(pages=("https://www.example.com/a", "https://www.example.com/b?x=1&y=2"))


def test_a_sitemap() -> None:
    assert read_sitemap(URLS) == PAGES
    assert read_sitemap(gzip.compress(URLS)) == PAGES


@pytest.mark.parametrize("encoding", [b"Shift_JIS", b"GB2312", b"unheard-of"])
def test_letters_that_the_parser_does_not_know(encoding: bytes) -> None:
    assert read_sitemap(URLS.replace(b"UTF-8", encoding)) == PAGES
    assert read_sitemap(URLS.replace(b"UTF-8", encoding)[:-9]) == Sitemap()


def test_an_index() -> None:
    index = b"<sitemapindex><sitemap><loc>https://www.example.com/s1.xml</loc></sitemap></sitemapindex>"
    assert read_sitemap(index) == Sitemap(sitemaps=("https://www.example.com/s1.xml",))


def test_a_plain_list() -> None:
    assert read_sitemap(b"https://www.example.com/a\nnonsense\nhttps://www.example.com/b\n") == Sitemap(
        pages=("https://www.example.com/a", "https://www.example.com/b")
    )


@pytest.mark.parametrize("content", [b"", b"<html><p>not here", b"<urlset><url>", b"\x1f\x8bno gzip", b"<a/>"])
def test_what_is_none(content: bytes) -> None:
    assert read_sitemap(content) == Sitemap()


def test_entities_are_not_unfolded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "https://www.example.com/x">]><urlset><url><loc>&a;</loc></url></urlset>'
    assert read_sitemap(bomb) == Sitemap()


def test_what_unfolds_to_gigabytes_is_cut() -> None:
    packed = gzip.compress(b"https://www.example.com/a\n" * (LONGEST_BYTES // 10))
    assert len("\n".join(read_sitemap(packed).pages)) <= LONGEST_BYTES


@given(st.binary(max_size=80))
def test_any_bytes_are_read(content: bytes) -> None:
    read_sitemap(content)


def test_a_blank_line_before_the_declaration_hides_no_page() -> None:
    content = b'\n\r\n<?xml version="1.0"?><urlset><url><loc>https://example.com/a</loc></url></urlset>'
    assert read_sitemap(content).pages == ("https://example.com/a",)
