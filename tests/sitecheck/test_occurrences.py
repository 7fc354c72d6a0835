"""Every occurrence on a page, and what becomes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.sitecheck.business import Business
from swapboard.sitecheck.document import Element, parse_html, walk
from swapboard.sitecheck.occurrence import Fate, Place
from swapboard.sitecheck.occurrences import occurrences
from swapboard.sitecheck.reasons import Reason
from swapboard.sitecheck.swapping import DEFAULT_RULES, Rules
from tests.sitecheck.local_site import NUMBER

BUSINESS = Business((NUMBER,))
# As Japanese keyboards write digits.
FULLWIDTH = "".join(chr(ord(each) + 0xFEE0) if each.isdigit() else each for each in "202-555-0100")


def told(html: str, rules: Rules = DEFAULT_RULES) -> list[tuple[Place, Reason | None, str]]:
    found = occurrences(parse_html(html), BUSINESS, rules)
    assert {each.number for each in found} <= {NUMBER}
    return [(each.place, each.reason, each.written) for each in found]


@pytest.mark.parametrize(
    ("html", "place", "written"),
    [
        ("<p>Call (202) 555-0100 now</p>", Place.TEXT, "(202) 555-0100"),
        ("202&nbsp;555&nbsp;0100", Place.TEXT, "202 555 0100"),
        ("<p><b>(202)</b> 555-<i>0100</i>", Place.TEXT, "(202) 555-0100"),
        ("<p>(202)<!-- - --> 555-0100", Place.TEXT, "(202) 555-0100"),
        ("<pre>T  202-555-0100\n</pre>", Place.TEXT, "202-555-0100"),
        ("<table>202-555-0100<tr><td>x</table>", Place.TEXT, "202-555-0100"),
        ('<a href="tel:+12025550100">x</a>', Place.LINK, "+12025550100"),
        ('<a href="TEL:(202)%20555-0100;ext=7">x</a>', Place.LINK, "(202)%20555-0100"),
        ('<map><area href="tel:2025550100"></map>', Place.LINK, "2025550100"),
        ('<a href="sms:+12025550100">x</a>', Place.LINK, "+12025550100"),
        ('<a href="https://wa.me/12025550100">x</a>', Place.LINK, "12025550100"),
        ('<button aria-label="Call 202-555-0100">x</button>', Place.ATTRIBUTE, "202-555-0100"),
        ('<p title="202-555-0100">x</p>', Place.ATTRIBUTE, "202-555-0100"),
        ('<input placeholder="202-555-0100">', Place.ATTRIBUTE, "202-555-0100"),
        ("<select><option>202-555-0100</select>", Place.TEXT, "202-555-0100"),
        ('<iframe srcdoc="<p>202-555-0100</p>"></iframe>', Place.TEXT, "202-555-0100"),
        ('<i><template shadowrootmode="open"><p>202-555-0100</template></i>', Place.TEXT, "202-555-0100"),
    ],
)
def test_swapped(html: str, place: Place, written: str) -> None:
    assert told(html) == [(place, None, written)]


@pytest.mark.parametrize(
    ("html", "place", "reason"),
    [
        ("<div>202</div><div>555</div><div>0100</div>", Place.TEXT, Reason.SPLIT),
        ("<p>(202)<br>555-0100</p>", Place.TEXT, Reason.SPLIT),
        ("<div>202</div> <div>-</div> <div>555</div> <div>.</div> <div>0100</div>", Place.TEXT, Reason.SPLIT),
        (f"<p>{FULLWIDTH}</p>", Place.TEXT, Reason.NOTATION),
        ("<p>Call 555-0100</p>", Place.TEXT, Reason.NO_AREA_CODE),
        ('<a href="callto:+12025550100">x</a>', Place.LINK, Reason.LINK),
        ('<a href="https://api.whatsapp.com/send?phone=12025550100">x</a>', Place.LINK, Reason.LINK),
        ("<style>a::after { content: '202-555-0100' }</style>", Place.STYLE, Reason.STYLE),
        ('<img src="/call-202-555-0100.png" alt="Call us">', Place.IMAGE, Reason.IMAGE),
        ("<textarea>202-555-0100</textarea>", Place.TEXT, Reason.INPUT),
        ('<input value="202-555-0100">', Place.ATTRIBUTE, Reason.INPUT),
        ('<input type="submit" value="Call 202-555-0100">', Place.ATTRIBUTE, Reason.ATTRIBUTE),
        ("<div contenteditable><p>202-555-0100</p></div>", Place.TEXT, Reason.EDITABLE),
        ('<div data-swapboard="off"><p>202-555-0100</p></div>', Place.TEXT, Reason.OFF),
        ('<div data-swapboard="off"><a href="tel:2025550100">x</a></div>', Place.LINK, Reason.OFF),
        ("<script>var phone = '202-555-0100'</script>", Place.SCRIPT, Reason.SCRIPT),
        ('<span itemprop="telephone">202-555-0100</span>', Place.TEXT, Reason.MICRODATA_SHOWN),
        ('<a itemprop="telephone" href="tel:2025550100">x</a>', Place.LINK, Reason.MICRODATA_SHOWN),
        ("<b onclick=\"ring('2025550100')\">x</b>", Place.ATTRIBUTE, Reason.SCRIPT),
        ('<iframe sandbox srcdoc="<p>202-555-0100</p>"></iframe>', Place.TEXT, Reason.FRAME),
        ('<i><template shadowrootmode="closed">202-555-0100</template></i>', Place.TEXT, Reason.SHADOW),
    ],
)
def test_missed(html: str, place: Place, reason: Reason) -> None:
    (found,) = occurrences(parse_html(f"<body>{html}"), BUSINESS)
    assert (found.place, found.reason, found.fate) == (place, reason, Fate.MISSED)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<title>Call 202-555-0100</title>", Reason.HEAD),
        ('<meta name="description" content="202-555-0100">', Reason.HEAD),
        ('<body><meta itemprop="telephone" content="202-555-0100">', Reason.MICRODATA),
        ('<script type="application/ld+json">{"telephone": "+12025550100"}</script>', Reason.JSON_LD),
        ("<!-- 202-555-0100 -->", Reason.COMMENT),
        ("<body><noscript>Call 202-555-0100</noscript>", Reason.NOSCRIPT),
        ("<body><template><p>202-555-0100</p></template>", Reason.TEMPLATE),
        ('<p data-phone="2025550100">x</p>', Reason.DATA),
        ('<a href="https://www.example.com/call/202-555-0100">x</a>', Reason.WEB_ADDRESS),
    ],
)
def test_rightly_kept(html: str, reason: Reason) -> None:
    (found,) = occurrences(parse_html(html), BUSINESS)
    assert (found.reason, found.fate) == (reason, Fate.KEPT)


@pytest.mark.parametrize(
    "html",
    ["<p>Order 92025550100</p>", "<p>+44 2025550100</p>", "<p>x</p>", ""],
)
def test_what_is_no_occurrence(html: str) -> None:
    assert told(html) == []


def test_a_picture_without_the_number_in_words_is_found_by_its_description() -> None:
    found = told('<img src="/banner.png" alt="Call 202-555-0100">')
    assert (Place.ATTRIBUTE, None, "202-555-0100") in found
    assert (Place.IMAGE, Reason.IMAGE, "Call 202-555-0100") in found


def test_what_the_site_sets_for_the_script() -> None:
    skip = (*DEFAULT_RULES.skip, "code")
    rules = Rules(None, ("data-phone", "href"), skip, whatsapp=False, vanity=(("202-555-CALL", NUMBER),))
    assert told('<p data-phone="2025550100">x</p>', rules) == [(Place.ATTRIBUTE, None, "2025550100")]
    assert told("<code>202-555-0100</code>", rules) == [(Place.TEXT, Reason.OFF, "202-555-0100")]
    assert told('<a href="https://wa.me/12025550100">x</a>', rules) == [
        (Place.LINK, Reason.LINK, "https://wa.me/12025550100")
    ]
    assert told("<p>Ring 202 555 call, not 9202-555-CALL</p>", rules) == [(Place.TEXT, None, "202 555 call")]


def test_a_number_that_the_script_is_not_told_of() -> None:
    assert told("<p>202-555-0100</p>", Rules(("+442079460958",))) == [
        (Place.TEXT, Reason.NOT_LOOKED_FOR, "202-555-0100")
    ]


def test_where_it_stands() -> None:
    (found,) = occurrences(
        parse_html("<p>x</p><p>Please do call <b>us</b> at 202-555-0100, or come</p>"), BUSINESS
    )
    assert found.path == "html > body > p:nth-of-type(2)"
    assert found.excerpt == "Please do call us at 202-555-0100, or come"


def test_words_between_pieces_keep_them_apart() -> None:
    assert told("<p>Suite 202</p><p>or</p><p>Building 555</p><p>Room 0100</p>") == []
    assert told("<p>202</p><p>or</p><p>555</p><p>0100</p>") == []


def test_several_numbers() -> None:
    business = Business((NUMBER, "+442079460958"), frozenset({"+12025550143"}))
    found = occurrences(parse_html("<p>202-555-0100, +44 20 7946 0958 or (202) 555-0143"), business)
    assert [each.number for each in found] == [NUMBER, "+442079460958", "+12025550143"]


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<div data-swapboard=off>",
        "</div>",
        "<!--",
        "-->",
        "202-555-0100",
        "(202) ",
        "555-0100",
        "<a href='tel:+12025550100'>",
        "</a>",
        "x",
        " ",
        "<template>",
        "<script>",
        "</script>",
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_any_page_is_read_and_each_place_is_told_once(html: str) -> None:
    root = parse_html(html)
    # Not the source's own count: a parser copies elements that are not closed.
    written = [
        value
        for node in walk(root)
        for value in (node.attributes.values() if isinstance(node, Element) else [node.value])
    ]
    found = occurrences(root, BUSINESS)
    assert all((each.fate is Fate.SWAPPED) == (each.reason is None) for each in found)
    assert len(found) <= sum(value.count("0100") for value in written)
