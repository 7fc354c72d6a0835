"""GA4's default channel group, row by row, as addresses in a browser: https://support.google.com/analytics/answer/9756891.

Each row is tried with every word that the page names, in capitals too, and with what only resembles it.
"""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.visits.channel import Channel
from swapboard.visits.source import classify

PAGE = "https://www.example.com/boilers"

SEARCH = [
    "google",
    "bing",
    "yahoo",
    "duckduckgo",
    "baidu",
    "yandex",
    "naver",
    "seznam",
    "ecosia.org",
    "qwant",
    "msn",
]
SOCIAL = [
    "facebook",
    "instagram",
    "linkedin",
    "tiktok",
    "twitter",
    "reddit",
    "pinterest",
    "quora",
    "t.co",
    "fb",
    "ig",
]
VIDEO = ["youtube", "vimeo", "twitch", "dailymotion", "netflix", "hulu.com", "ted"]
SHOPS = [
    "amazon",
    "ebay",
    "etsy",
    "walmart",
    "alibaba.com",
    "shopify",
    "mercadolibre",
    "Google Shopping",
    "IGShopping",
]
LISTED = [*SEARCH, *SOCIAL, *VIDEO, *SHOPS]
PAID_MEDIA = [
    "cpc",
    "ppc",
    "CPC",
    "cpm",
    "cpv-cpc",
    "retargeting",
    "paid",
    "paid-social",
    "paidsearch",
    "Paid_Search",
]
NOT_PAID = ["prepaid", "ppc-x", "retargeting-2", "unpaid", "re-targeting"]


def channel(source: str, medium: str = "", campaign: str = "") -> Channel:
    tags = {"utm_source": source, "utm_medium": medium, "utm_campaign": campaign}
    query = urlencode({name: value for name, value in tags.items() if value})
    return classify(f"{PAGE}?{query}" if query else PAGE).channel


def test_1_direct() -> None:
    assert channel("") == "Direct"
    assert channel("(direct)", "(none)") == "Direct"
    assert channel("(direct)", "(not set)") == "Direct"
    assert channel("(direct)", "leaflet") == "Unassigned"


@pytest.mark.parametrize("campaign", ["cross-network", "UK Cross-Network 7", "x-cross-networks"])
@pytest.mark.parametrize(("source", "medium"), [("google", "cpc"), ("flyer", "email"), ("facebook", "social")])
def test_2_cross_network_is_in_the_campaigns_name(source: str, medium: str, campaign: str) -> None:
    assert channel(source, medium, campaign) == "Cross-network"
    assert channel(source, medium, campaign.replace("-", " ")) != "Cross-network"


@pytest.mark.parametrize("medium", PAID_MEDIA)
@pytest.mark.parametrize(
    ("sources", "expected"),
    [(SHOPS, "Paid Shopping"), (SEARCH, "Paid Search"), (SOCIAL, "Paid Social"), (VIDEO, "Paid Video")],
)
def test_3_to_6_a_paid_click_on_a_listed_site(medium: str, sources: list[str], expected: Channel) -> None:
    for source in sources:
        assert (source, channel(source, medium)) == (source, expected)
        assert (source, channel(source.upper(), medium)) == (source, expected)


@pytest.mark.parametrize(
    "campaign", ["shop", "Shop now", "my-shop", "shopping", "eshopping", "windowshopping", "e shop", "uk_shop_2"]
)
def test_3_and_9_a_shopping_campaign(campaign: str) -> None:
    assert channel("google", "cpc", campaign) == "Paid Shopping"
    assert channel("flyer", "paid", campaign) == "Paid Shopping"
    assert channel("flyer", "leaflet", campaign) == "Organic Shopping"
    assert channel("google", "organic", campaign) == "Organic Shopping"


@pytest.mark.parametrize("campaign", ["bishopsgate", "workshop-ads"])
def test_a_shop_after_some_letters_is_no_shop_but_after_an_e_it_is(campaign: str) -> None:
    assert channel("google", "cpc", campaign) == "Paid Search"
    assert channel("google", "cpc", "eshop") == "Paid Shopping"


@pytest.mark.parametrize("medium", ["display", "banner", "expandable", "interstitial", "cpm", "Display", "CPM"])
def test_7_display(medium: str) -> None:
    assert channel("dsp", medium) == "Display"
    # A listed source with cpm was taken by the rows before.
    assert channel("google", medium) == ("Paid Search" if medium.lower() == "cpm" else "Display")


def test_8_paid_other() -> None:
    for medium in PAID_MEDIA:
        assert channel("flyer", medium) == ("Display" if medium == "cpm" else "Paid Other")
    for medium in NOT_PAID:
        assert channel("flyer", medium) == "Unassigned"


def test_9_to_12_organic() -> None:
    for medium in ("", "organic", "leaflet", *NOT_PAID):
        assert {channel(source, medium) for source in SHOPS} == {"Organic Shopping"}
        assert {channel(source, medium) for source in SOCIAL} == {"Organic Social"}
        assert {channel(source, medium) for source in VIDEO} == {"Organic Video"}
        assert {channel(source, medium) for source in SEARCH} == {"Organic Search"}
    for medium in ("social", "social-network", "social-media", "sm", "social network", "Social Media"):
        assert channel("flyer", medium) == "Organic Social"
        assert channel("google", medium) == "Organic Social"
    assert channel("flyer", "social-post") == "Unassigned"
    assert channel("flyer", "tv-video-spot") == channel("google", "video") == "Organic Video"
    assert channel("flyer", "Organic") == "Organic Search"
    assert channel("flyer", "organic-2") == "Unassigned"


@pytest.mark.parametrize(
    "source", ["chatgpt.com", "perplexity", "gemini.google.com", "copilot.microsoft.com", "claude.ai"]
)
def test_ai_assistants(source: str) -> None:
    assert channel(source) == channel(source, "ai-assistant") == channel(source, "referral") == "AI Assistant"
    assert channel("flyer", "AI-Assistant") == "AI Assistant"
    assert channel("flyer", "ai-assistants") == "Unassigned"
    assert channel(source, "cpc") == "Paid Other"


@pytest.mark.parametrize(
    ("expected", "media", "resembling"),
    [
        ("Referral", ["referral", "app", "link", "Link"], ["referrals", "apps", "backlink"]),
        ("Email", ["email", "e-mail", "e_mail", "e mail", "Email", "b2b-email"], ["mail", "e.mail"]),
        ("Affiliates", ["affiliate", "Affiliate"], ["affiliated"]),
        ("Audio", ["audio"], ["audio-ad"]),
        ("SMS", ["sms", "SMS"], ["sms-7"]),
        (
            "Mobile Push Notifications",
            ["push", "web-push", "mobile", "my-mobile-x", "notification", "notifications"],
            ["pushed", "mobil"],
        ),
    ],
)
def test_13_to_18_by_the_medium(expected: Channel, media: list[str], resembling: list[str]) -> None:
    assert {channel("flyer", medium) for medium in media} == {expected}
    assert {channel("flyer", medium) for medium in resembling} == {"Unassigned"}


def test_14_17_18_by_the_source() -> None:
    assert channel("email", "leaflet") == channel("E-Mail", "leaflet") == "Email"
    assert channel("sms", "leaflet") == channel("SMS") == "SMS"
    assert channel("firebase", "leaflet") == "Mobile Push Notifications"


def test_what_fits_no_row_is_unassigned() -> None:
    assert channel("flyer") == channel("flyer", "print", "autumn") == channel("", "print") == "Unassigned"


@given(st.sampled_from(LISTED), st.sampled_from(PAID_MEDIA), st.sampled_from(["x", "-", "not-"]))
def test_a_name_that_only_contains_a_listed_one_is_not_it(source: str, medium: str, more: str) -> None:
    for name in (f"{more}{source}", f"{source}{more}x.example.org"):
        assert channel(name, medium) in ("Paid Other", "Display")
