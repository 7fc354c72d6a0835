"""Crawlers, scripts and prefetches are no visitors; people in odd browsers are."""

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.visits.bots import is_bot, is_prefetch

ANDROID = "Mozilla/5.0 (Linux; Android 14; {phone}) AppleWebKit/537.36 (KHTML, like Gecko) {rest}"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) {rest}"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) {rest}"
CHROME = "Chrome/142.0.0.0 Mobile Safari/537.36"

PEOPLE = [
    WINDOWS.format(rest="Chrome/142.0.0.0 Safari/537.36"),
    WINDOWS.format(rest="Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"),
    WINDOWS.format(rest="Chrome/138.0.0.0 YaBrowser/25.8 Yowser/2.5 Safari/537.36"),
    WINDOWS.format(rest="Chrome/142.0.0.0 Safari/537.36 OPR/126.0.0.0"),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    IPHONE.format(rest="Version/18.1 Mobile/15E148 Safari/604.1"),
    IPHONE.format(rest="GSA/340.0.690 Mobile/15E148 Safari/604.1"),
    IPHONE.format(
        rest="Mobile/22B83 [FBAN/FBIOS;FBAV/485.0.0.45;FBDV/iPhone15,3;FBMD/iPhone;FBSN/iOS;FBLC/en_US]"
    ),
    IPHONE.format(rest="Mobile/15E148 Instagram 350.0.0.0 (iPhone15,3; iOS 18_1; en_GB; scale=3.00; 1290x2796)"),
    IPHONE.format(rest="Mobile/15E148 [LinkedInApp]/9.30.1234"),
    IPHONE.format(rest="Mobile/15E148 [Pinterest/iOS]"),
    IPHONE.format(rest="Mobile/15E148 Snapchat/13.0.0.0 (like Safari/8618.3.11.10.5, panda)"),
    IPHONE.format(rest="Version/18.0 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15"),
    ANDROID.format(phone="Pixel 8; wv", rest=f"Version/4.0 {CHROME} [FB_IAB/FB4A;FBAV/490.0.0.0;]"),
    ANDROID.format(phone="SM-A135F", rest=f"Version/4.0 {CHROME} musical_ly_2023105030 BytedanceWebview/d8a21c6"),
    ANDROID.format(phone="CUBOT KINGKONG 9", rest=CHROME),
    ANDROID.format(phone="CUBOT_X18_Plus", rest=CHROME),
    ANDROID.format(phone="Cubot Note 30", rest=CHROME),
    ANDROID.format(phone="KFMAWI", rest="Silk/120.1 like Chrome/120 Safari/537.36"),
]

CRAWLERS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "AdsBot-Google (+http://www.google.com/adsbot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "WhatsApp/2.23.20.0",
    WINDOWS.format(rest="HeadlessChrome/142.0.0.0 Safari/537.36"),
    ANDROID.format(phone="moto g power (2022)", rest=f"{CHROME} Chrome-Lighthouse"),
    "some-new-bot/0.1",
    "curl/8.5.0",
    "python-requests/2.32.0",
    "Go-http-client/2.0",
    "",
    "   ",
]


@pytest.mark.parametrize("user_agent", PEOPLE)
def test_people(user_agent: str) -> None:
    assert not is_bot(user_agent)


@pytest.mark.parametrize("user_agent", CRAWLERS)
def test_crawlers(user_agent: str) -> None:
    assert is_bot(user_agent)


def test_every_crawler_of_the_list() -> None:
    listed = json.loads(
        resources.files("crawleruseragents").joinpath("crawler-user-agents.json").read_text("utf-8")
    )
    instances = [instance for crawler in listed for instance in crawler["instances"]]
    assert len(instances) > 1000
    assert [instance for instance in instances if not is_bot(instance)] == []


@given(st.text(max_size=2000))
def test_any_text_is_answered(user_agent: str) -> None:
    assert isinstance(is_bot(user_agent), bool)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"sec-purpose": "prefetch"}, True),
        ({"sec-purpose": "prefetch;prerender"}, True),
        ({"sec-purpose": "prefetch;anonymous-client-ip"}, True),
        ({"purpose": "prefetch"}, True),
        ({"x-purpose": "preview"}, True),
        ({"x-moz": "prefetch"}, True),
        ({"sec-purpose": ""}, False),
        ({"sec-fetch-dest": "empty"}, False),
    ],
)
def test_prefetch(headers: dict[str, str], expected: bool) -> None:
    assert is_prefetch(headers) is expected
