"""Name, address and phone in structured data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.sitecheck.document import parse_html
from swapboard.sitecheck.structured import Listing, comparable, structured_data


def ld(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


def listings(html: str) -> list[tuple[str, str | None, str | None, str]]:
    return [
        (each.kind, each.name, each.address, each.telephone) for each in structured_data(parse_html(html)).listings
    ]


BUSINESS = """{"@context": "https://schema.org", "@type": "Plumber", "name": "Brightwater",
  "address": {"@type": "PostalAddress", "streetAddress": "1 Main St", "addressLocality": "Washington",
  "addressRegion": "DC", "postalCode": "20001", "addressCountry": {"@type": "Country", "name": "US"}},
  "telephone": "+1 202-555-0100"}"""


def test_json_ld() -> None:
    assert listings(ld(BUSINESS)) == [
        ("Plumber", "Brightwater", "1 Main St, Washington, DC, 20001, US", "+1 202-555-0100")
    ]


@pytest.mark.parametrize(
    "json",
    [
        "[%s]",
        '{"@graph": [%s]}',
        '{"@type": "WebPage", "about": %s}',
        '{"@type": "Thing", "name": "Other", "x": [[%s]]}',
    ],
)
def test_wherever_it_stands_in_json_ld(json: str) -> None:
    assert len(listings(ld(json % BUSINESS))) == 1


def test_a_contact_point_belongs_to_its_business() -> None:
    json = (
        '{"@type": "Organization", "name": "B",'
        ' "contactPoint": {"@type": "ContactPoint", "telephone": ["1", "2"]}}'
    )
    assert listings(ld(json)) == [("ContactPoint", "B", None, "1"), ("ContactPoint", "B", None, "2")]


def test_a_plain_address_and_a_full_type() -> None:
    json = (
        '{"@type": ["https://schema.org/Dentist"], "name": "D", "address": "1 Main St", "telephone": 2025550100}'
    )
    assert listings(ld(json)) == [("Dentist", "D", "1 Main St", "2025550100")]


@pytest.mark.parametrize("json", ["{", "{'a': 1}", '{"a": 1,}', ""])
def test_broken_json_ld_is_told(json: str) -> None:
    data = structured_data(parse_html(ld(json)))
    assert len(data.broken) == 1
    assert data.broken[0].startswith("html > head > script")


def test_line_breaks_in_texts_are_read_as_google_does() -> None:
    assert listings(ld('{"@type": "Plumber", "name": "A\nB", "telephone": "1"}'))[0][1] == "A\nB"


def test_microdata() -> None:
    html = """<div itemscope itemtype="https://schema.org/Plumber"><h1 itemprop="name">Bright
      water</h1><div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">
      <span itemprop="streetAddress">1 Main St</span> <span itemprop="postalCode">20001</span></div>
      <a itemprop="telephone" href="tel:+12025550100">(202) 555-0100</a></div>"""
    assert listings(html) == [("Plumber", "Bright water", "1 Main St, 20001", "tel:+12025550100")]


def test_microdata_of_an_item_within_is_not_the_outer_ones() -> None:
    html = """<div itemscope itemtype="https://schema.org/Article"><meta itemprop="name" content="News">
      <div itemprop="author" itemscope itemtype="https://schema.org/Person"><meta itemprop="telephone" content="1">
      </div></div>"""
    assert listings(html) == [("Person", None, None, "1")]


def test_where_it_stands() -> None:
    (listing,) = structured_data(parse_html(ld(BUSINESS))).listings
    assert isinstance(listing, Listing)
    assert (listing.source, listing.path) == ("JSON-LD", "html > head > script")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 Main Street, Suite 5", "1 main st ste. 5"),
        ("Brightwater Plumbing", "BRIGHTWATER  plumbing"),
        ("", None),
    ],
)
def test_what_is_the_same(one: str, other: str | None) -> None:
    assert comparable(one) == comparable(other)


def test_what_is_not_the_same() -> None:
    assert comparable("Brightwater Plumbing") != comparable("Brightwater Plumbing LLC")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["telephone", "name", "address", "@type", "@graph"]), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(VALUES)
def test_any_json_is_read(value: object) -> None:
    import json

    assert structured_data(parse_html(ld(json.dumps(value)))).broken == ()
