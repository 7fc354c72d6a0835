"""Short links: codes that can be typed, and addresses that keep what they had."""

import os
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.numbers.short_link import is_web_address, short_code, tagged, with_scheme
from swapboard.visits.source import classify

TEXT = st.text(min_size=1, max_size=20).filter(lambda text: text.strip() == text and "\x00" not in text)


@given(st.binary(min_size=8, max_size=8))
def test_a_code_can_be_read_from_paper(chance: bytes) -> None:
    code = short_code(lambda _size: chance)
    assert len(code) == 7
    assert not set(code) & set("01lio")
    assert code.isalnum()
    assert code == code.lower()


def test_codes_differ() -> None:
    assert len({short_code(os.urandom) for _ in range(1_000)}) == 1_000


@given(TEXT, TEXT, TEXT)
def test_the_visit_counts_as_the_placement(source: str, medium: str, campaign: str) -> None:
    address = tagged("https://shop.example.com/offer?a=1&b=#top", source, medium, campaign)
    query = parse_qs(urlsplit(address).query, keep_blank_values=True)
    assert query == {
        "a": ["1"],
        "b": [""],
        "utm_source": [source],
        "utm_medium": [medium],
        "utm_campaign": [campaign],
    }
    assert urlsplit(address).fragment == "top"


@pytest.mark.parametrize(
    "query", ["c=caf%E9", "flag", "a=1;b=2", "q=two%20words&sig=a/b~c", "k=%2B%26", "a=1&a=2", "item[]=1", "{id}"]
)
def test_the_address_keeps_its_own_query_letter_by_letter(query: str) -> None:
    """A shop of Latin-1 finds no `caf\ufffd`, and a signature is of the letters that it stands in."""
    address = tagged(f"https://shop.example.com/x?{query}#top", "flyer", None, None)
    assert address == f"https://shop.example.com/x?{query}&utm_source=flyer#top"
    assert tagged(f"https://shop.example.com/x?{query}", None, None, None) == f"https://shop.example.com/x?{query}"


def test_the_address_has_the_last_word_and_the_source_is_understood() -> None:
    own = "https://shop.example.com/?utm_source=mine"
    assert tagged(own, "flyer", "print", None) == f"{own}&utm_medium=print"
    found = classify(tagged("https://shop.example.com/", "flyer", "print", "Spring"))
    assert (found.source, found.medium, found.campaign) == ("flyer", "print", "Spring")


@pytest.mark.parametrize(
    ("url", "is_fine"),
    [
        ("https://shop.example.com/x?y=1", True),
        ("http://shop.example.com", True),
        ("javascript:alert(1)", False),
        ("//shop.example.com", False),
        ("https://", False),
        ("https://[", False),
        ("https://shop.example.com/a b", False),
        ("data:text/html,x", False),
    ],
)
def test_only_pages_can_be_led_to(url: str, is_fine: bool) -> None:
    assert is_web_address(url) is is_fine


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" shop.example.com ", "https://shop.example.com"),
        ("shop.example.com/@us?a=b", "https://shop.example.com/@us?a=b"),
        ("http://shop.example.com", "http://shop.example.com"),
        ("us@shop.example.com", "us@shop.example.com"),
        ("tel:+442079460100", "tel:+442079460100"),
        ("/offer", "/offer"),
        ("shop", "shop"),
        ("", ""),
    ],
)
def test_an_address_may_be_typed_without_its_scheme(typed: str, meant: str) -> None:
    """Somebody's e-mail address is none: a browser would take the name in it for who signs in."""
    assert with_scheme(typed) == meant
