"""Pages as a browser parses them."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.sitecheck.document import (
    Comment,
    Element,
    Text,
    elements,
    parse_html,
    path_of,
    text_of,
    walk,
)


def texts(html: str) -> list[tuple[str, str]]:
    return [(path_of(node.parent), node.value) for node in walk(parse_html(html)) if isinstance(node, Text)]


def test_noscript_is_text_because_scripts_run() -> None:
    (noscript,) = elements(parse_html("<body><noscript><p>x</p></noscript>"), "noscript")
    assert text_of(noscript) == "<p>x</p>"


def test_noscript_in_the_head_does_not_end_it() -> None:
    root = parse_html("<head><noscript><img src=x></noscript><title>T</title></head><body>b")
    assert ("html > head > title", "T") in [(path_of(each), text_of(each)) for each in elements(root, "title")]


def test_broken_mark_up_becomes_what_browsers_make_of_it() -> None:
    assert texts("<table>out<tr><td>in</table>") == [
        ("html > body", "out"),
        ("html > body > table > tbody > tr > td", "in"),
    ]
    assert texts("<p>one<p>two</b>") == [
        ("html > body > p:nth-of-type(1)", "one"),
        ("html > body > p:nth-of-type(2)", "two"),
    ]


def test_a_template_keeps_its_content() -> None:
    assert texts("<body><template><p>x<template>y</template></template>") == [
        ("html > body > template > p", "x"),
        ("html > body > template > p > template", "y"),
    ]


def test_entities_and_attributes_are_decoded() -> None:
    (link,) = elements(parse_html('<a HREF="tel:&#43;1" data-x>&nbsp;&amp;</a>'), "a")
    assert dict(link.attributes) == {"href": "tel:+1", "data-x": ""}
    assert text_of(link) == "\xa0&"


def test_comments_are_kept() -> None:
    comments = [
        node.value for node in walk(parse_html("<p>x<!-- one --></p><!--two-->")) if isinstance(node, Comment)
    ]
    assert [each.strip() for each in comments] == ["one", "two"]


@given(st.text(alphabet="<>/=\"'&;!-abp template table td\x00\n", max_size=120))
def test_any_text_is_a_page(html: str) -> None:
    root = parse_html(html)
    for node in walk(root):
        assert isinstance(node, Element) or node.parent is not None
