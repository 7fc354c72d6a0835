"""Plain CSS selectors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.sitecheck.document import elements, parse_html
from swapboard.sitecheck.selectors import is_plain, matches

(ELEMENT,) = elements(parse_html('<code id="one" class="a b" data-x="off" hidden>x</code>'), "code")


@pytest.mark.parametrize(
    "selector",
    ["code", "*", "#one", ".a", ".b.a", "code#one.a", "[hidden]", "[data-x=off]", '[data-x="off"]', "[ DATA-X ]"],
)
def test_what_matches(selector: str) -> None:
    assert is_plain(selector)
    assert matches(ELEMENT, selector)


@pytest.mark.parametrize("selector", ["pre", "#two", ".c", ".a.c", "[data-x=on]", "[title]", "code.c"])
def test_what_does_not(selector: str) -> None:
    assert is_plain(selector)
    assert not matches(ELEMENT, selector)


@pytest.mark.parametrize("selector", ["", "div code", "a > b", ":hover", "[x^=y]", "a,b", "[", "a b"])
def test_what_is_not_plain_means_nothing(selector: str) -> None:
    assert not is_plain(selector)
    assert not matches(ELEMENT, selector)


@given(st.text(max_size=20))
def test_any_text_is_asked(selector: str) -> None:
    matches(ELEMENT, selector)
