"""One spelling for a host, and which hosts belong together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.visits.hosts import LONGEST_HOST, host_of, is_any_of, is_public, is_same_site, is_within


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.com/a?b#c", "www.example.com"),
        ("HTTPS://WWW.EXAMPLE.COM", "www.example.com"),
        ("https://user:secret@example.com:8443/", "example.com"),
        ("https://example.com./", "example.com"),
        ("https://example.com?x=https://other.example/", "example.com"),
        ("https://example.com\\@other.example/", "example.com"),
        ("//example.com/x", "example.com"),
        ("example.com/x", "example.com"),
        ("m.example.co.uk", "m.example.co.uk"),
        ("  https://example.com/", "example.com"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://localhost:8000/", "localhost"),
        ("http://192.0.2.7/x", "192.0.2.7"),
        ("http://[2001:DB8::1]:80/x", "[2001:db8::1]"),
        ("android-app://com.google.android.gm/", "com.google.android.gm"),
        ("android-app://com.Slack", "com.slack"),
    ],
)
def test_host_of(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "about:blank",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "mailto:a@example.com",
        "chrome-extension://abcdefghijklmnop/page.html",
        "just words",
        "/path/only",
        "http://",
        "https:///nothing",
        "http://[::1::2]/",
        "http://[not-ipv6]/",
        "https://exa mple.com/",
        "https://exa\x00mple.com/",
        "https://ex%61mple.com/",
        "https://.example.com/",
        "https://a..example.com/",
        "https://" + "a" * 64 + ".example.com/",
        "https://" + "a." * 200 + "com/",
        "https://" + "ü" * 300 + ".example/",
        "https://" + "x" * 100_000,
    ],
)
def test_what_is_no_address_has_no_host(url: str) -> None:
    assert host_of(url) == ""


@given(st.text())
def test_any_text_has_a_clean_host_or_none(text: str) -> None:
    for url in (text, f"https://{text}/", f"https://{text}.example.com/"):
        host = host_of(url)
        assert len(host) <= LONGEST_HOST
        assert host.isascii()
        assert host == host.lower().strip()
        assert host_of(f"https://{host}/") == host


def test_beneath_means_a_label_boundary() -> None:
    assert is_within("example.com", "example.com")
    assert is_within("a.b.example.com", "example.com")
    assert not is_within("notexample.com", "example.com")
    assert not is_within("example.com.evil.test", "example.com")
    assert not is_within("com", "example.com")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("www.example.com", "shop.example.com", True),
        ("www.example.co.uk", "example.co.uk", True),
        ("example.co.uk", "other.co.uk", False),
        ("one.myshopify.com", "two.myshopify.com", False),
        ("one.github.io", "two.github.io", False),
        ("localhost", "localhost", True),
        ("localhost", "otherhost", False),
        ("192.0.2.7", "198.51.2.7", False),
        ("[2001:db8::1]", "[2001:db8::2]", False),
        ("example.com", "", False),
    ],
)
def test_one_site_is_one_registrable_domain(one: str, other: str, same: bool) -> None:
    assert is_same_site(one, other) is same
    assert is_same_site(other, one) is same


def test_own_hosts_in_any_writing() -> None:
    own = ["WWW.Example.com", "https://booking.example.net/start", "*.example.org", ""]
    assert is_any_of("example.com", own)
    assert is_any_of("m.example.com", own)
    assert is_any_of("booking.example.net", own)
    assert not is_any_of("example.net", own)
    assert is_any_of("a.example.org", own)
    assert not is_any_of("notexample.com", own)
    assert not is_any_of("", own)


def test_a_file_is_no_public_host() -> None:
    assert is_public("example.com")
    assert not is_public("index.html")
    assert not is_public("")
