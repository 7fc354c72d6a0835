"""The channel rules, row by row of GA4's page, and what Swapboard adds where GA4 says Unassigned."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.visits.channel import (
    CHANNELS,
    FURTHER_RULES,
    GA4_RULES,
    PAID_TWIN,
    Channel,
    Traffic,
    channel_of,
    is_paid,
)
from swapboard.visits.known_sites import Kind

GA4_ROWS: list[tuple[Traffic, Channel]] = [
    (Traffic("(direct)", "(none)"), "Direct"),
    (Traffic("(direct)", "(not set)"), "Direct"),
    (Traffic("anything", "cpc", campaign="x cross-network y"), "Cross-network"),
    (Traffic("google", "cpc", kind=Kind.SEARCH, network="cross-network"), "Cross-network"),
    (Traffic("amazon", "cpc", kind=Kind.SHOPPING), "Paid Shopping"),
    (Traffic("google", "cpc", campaign="summer-shop", kind=Kind.SEARCH), "Paid Shopping"),
    (Traffic("google", "cpc", campaign="uk-shopping-all", kind=Kind.SEARCH), "Paid Shopping"),
    (Traffic("google", "cpc", campaign="workshop", kind=Kind.SEARCH), "Paid Search"),
    (Traffic("google", "cpc", campaign="bishopsgate", kind=Kind.SEARCH), "Paid Search"),
    (Traffic("google", "cpc", campaign="eshop", kind=Kind.SEARCH), "Paid Shopping"),
    (Traffic("google", "cpc", kind=Kind.SEARCH), "Paid Search"),
    (Traffic("bing", "ppc", kind=Kind.SEARCH), "Paid Search"),
    (Traffic("bing", "cpm", kind=Kind.SEARCH), "Paid Search"),
    (Traffic("yahoo", "retargeting", kind=Kind.SEARCH), "Paid Search"),
    (Traffic("yahoo", "paid-search", kind=Kind.SEARCH), "Paid Search"),
    (Traffic("facebook", "paidsocial", kind=Kind.SOCIAL), "Paid Social"),
    (Traffic("facebook", "cpm", kind=Kind.SOCIAL), "Paid Social"),
    (Traffic("youtube", "cpv-cpc", kind=Kind.VIDEO), "Paid Video"),
    (Traffic("google", "cpc", kind=Kind.SEARCH, network="video"), "Paid Video"),
    *[
        (Traffic("dsp", medium), "Display")
        for medium in ("display", "banner", "expandable", "interstitial", "cpm")
    ],
    (Traffic("google", "display", kind=Kind.SEARCH), "Display"),
    (Traffic("google", "cpc", kind=Kind.SEARCH, network="display"), "Display"),
    (Traffic("flyer", "cpc"), "Paid Other"),
    (Traffic("flyer", "ppc"), "Paid Other"),
    (Traffic("flyer", "paid"), "Paid Other"),
    (Traffic("chatgpt.com", "cpc", kind=Kind.ASSISTANT), "Paid Other"),
    (Traffic("chatgpt.com", "ai-assistant"), "AI Assistant"),
    (Traffic("claude.ai", "referral", kind=Kind.ASSISTANT), "AI Assistant"),
    (Traffic("ebay", "referral", kind=Kind.SHOPPING), "Organic Shopping"),
    (Traffic("x", "y", campaign="shop"), "Organic Shopping"),
    (Traffic("facebook", "referral", kind=Kind.SOCIAL), "Organic Social"),
    *[
        (Traffic("x", medium), "Organic Social")
        for medium in ("social", "social-network", "social-media", "sm", "social network", "social media")
    ],
    (Traffic("youtube", "referral", kind=Kind.VIDEO), "Organic Video"),
    (Traffic("x", "my-video-spot"), "Organic Video"),
    (Traffic("google", "(not set)", kind=Kind.SEARCH), "Organic Search"),
    (Traffic("x", "organic"), "Organic Search"),
    (Traffic("x", "referral"), "Referral"),
    (Traffic("x", "app"), "Referral"),
    (Traffic("x", "link"), "Referral"),
    *[(Traffic("x", medium), "Email") for medium in ("email", "e-mail", "e_mail", "e mail")],
    (Traffic("e-mail", "y"), "Email"),
    (Traffic("x", "affiliate"), "Affiliates"),
    (Traffic("x", "audio"), "Audio"),
    (Traffic("sms", "y"), "SMS"),
    (Traffic("x", "sms"), "SMS"),
    (Traffic("x", "web-push"), "Mobile Push Notifications"),
    (Traffic("x", "mobile"), "Mobile Push Notifications"),
    (Traffic("x", "notification-1"), "Mobile Push Notifications"),
    (Traffic("firebase", "y"), "Mobile Push Notifications"),
    (Traffic("some-source", "some-medium", campaign="some-campaign"), "Unassigned"),
    (Traffic("(not set)", "(not set)"), "Unassigned"),
    (Traffic("some-source", "some-medium", is_referred=True), "Unassigned"),
]


@pytest.mark.parametrize(("traffic", "channel"), GA4_ROWS)
def test_a_row_of_ga4s_page(traffic: Traffic, channel: Channel) -> None:
    assert channel_of(traffic) == channel


def test_every_channel_has_a_row_above() -> None:
    assert {channel for _, channel in GA4_ROWS} == set(CHANNELS)


def test_the_rules_stand_in_ga4s_order() -> None:
    assert [name for name, _ in GA4_RULES] == [
        "Direct",
        "Cross-network",
        "Paid Shopping",
        "Paid Search",
        "Paid Social",
        "Paid Video",
        "Display",
        "Paid Other",
        "AI Assistant",
        "Organic Shopping",
        "Organic Social",
        "Organic Video",
        "Organic Search",
        "Referral",
        "Email",
        "Affiliates",
        "Audio",
        "SMS",
        "Mobile Push Notifications",
    ]


@pytest.mark.parametrize(
    ("traffic", "channel"),
    [
        (Traffic("newsletter-uk", "(not set)"), "Email"),
        (Traffic("october", "newsletter"), "Email"),
        (Traffic("klaviyo", "campaign", kind=Kind.MAIL), "Email"),
        (Traffic("foo", "partnership"), "Affiliates"),
        (Traffic("foo", "affiliates"), "Affiliates"),
        (Traffic("foo", "text"), "SMS"),
        (Traffic("foo", "podcast"), "Audio"),
        (Traffic("linktree", "(not set)", kind=Kind.REFERRAL), "Referral"),
        (Traffic("blog.example.org", "(not set)"), "Referral"),
        (Traffic("spring-leaflet", "(not set)", is_referred=True), "Referral"),
        (Traffic("spring-leaflet", "(not set)"), "Unassigned"),
        (Traffic("blog.example.org", "leaflet"), "Unassigned"),
        (Traffic("counterpartner", "leaflet"), "Unassigned"),
    ],
)
def test_where_ga4_says_unassigned(traffic: Traffic, channel: Channel) -> None:
    assert not any(is_met_by(traffic) for _, is_met_by in GA4_RULES)
    assert channel_of(traffic) == channel


@pytest.mark.parametrize(("traffic", "channel"), GA4_ROWS)
def test_an_ad_click_is_never_organic(traffic: Traffic, channel: Channel) -> None:
    paid = channel_of(traffic._replace(is_ad=True))
    assert paid == PAID_TWIN.get(channel, channel)
    assert not paid.startswith("Organic")


texts = st.text(max_size=30)
traffics = st.builds(
    Traffic,
    source=texts,
    medium=texts,
    campaign=texts,
    kind=st.none() | st.sampled_from(Kind),
    network=st.sampled_from(["", "cross-network", "video", "display"]),
    is_ad=st.booleans(),
    is_referred=st.booleans(),
)


@given(traffics)
def test_any_traffic_has_one_of_the_channels(traffic: Traffic) -> None:
    assert channel_of(traffic) in CHANNELS


@given(st.text(alphabet="abcdeprtgin-", max_size=14) | st.sampled_from(["cpc", "ppc", "paid_social", "cpm"]))
def test_paid_is_ga4s_expression(medium: str) -> None:
    assert is_paid(medium) == bool(re.match(r"^(.*cp.*|ppc|retargeting|paid.*)$", medium))


def test_no_further_rule_overrules_ga4() -> None:
    for traffic, channel in GA4_ROWS:
        if channel != "Unassigned":
            assert channel_of(traffic) == channel
    assert {name for name, _ in FURTHER_RULES} <= set(CHANNELS)
