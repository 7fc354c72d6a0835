"""Where a visit came from: tags, click ids and referrers, alone and against each other."""

from pathlib import Path
from typing import get_args
from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from swapboard.visits.channel import CHANNELS, Channel
from swapboard.visits.click_ids import CLICK_IDS, COMPANIONS, ClickId
from swapboard.visits.source import Source, classify

PAGE = "https://www.example.com/emergency-plumber"
AD_ID = "Cj0KCQiA_example-Click-ID"


def arrive(referrer: str = "", **parameters: str) -> Source:
    return classify(f"{PAGE}?{urlencode(parameters)}" if parameters else PAGE, referrer)


def told(source: Source) -> tuple[Channel, str, str]:
    return source.channel, source.source, source.medium


# ── without any tag ──


def test_nothing_known_is_direct() -> None:
    assert classify(PAGE) == Source("Direct", "(direct)", "(none)", landing_page=PAGE)


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("https://www.google.com/", ("Organic Search", "google", "organic")),
        ("https://www.google.co.uk/url?sa=t", ("Organic Search", "google", "organic")),
        ("https://maps.google.com/", ("Organic Search", "google", "organic")),
        ("https://news.google.com/", ("Organic Search", "google", "organic")),
        ("https://www.bing.com/", ("Organic Search", "bing", "organic")),
        ("https://cn.bing.com/", ("Organic Search", "bing", "organic")),
        ("https://duckduckgo.com/", ("Organic Search", "duckduckgo", "organic")),
        ("https://uk.search.yahoo.com/", ("Organic Search", "yahoo", "organic")),
        ("https://search.brave.com/", ("Organic Search", "brave", "organic")),
        ("https://yandex.ru/", ("Organic Search", "yandex", "organic")),
        ("https://l.facebook.com/", ("Organic Social", "facebook", "referral")),
        ("https://t.co/abc", ("Organic Social", "twitter", "referral")),
        ("https://out.reddit.com/x", ("Organic Social", "reddit", "referral")),
        ("https://www.linkedin.com/", ("Organic Social", "linkedin", "referral")),
        ("https://www.yelp.com/biz/x", ("Organic Social", "yelp", "referral")),
        ("https://m.youtube.com/", ("Organic Video", "youtube", "referral")),
        ("https://www.amazon.de/dp/x", ("Organic Shopping", "amazon", "referral")),
        ("https://mail.google.com/", ("Email", "gmail", "email")),
        ("https://outlook.live.com/", ("Email", "outlook", "email")),
        ("https://chatgpt.com/", ("AI Assistant", "chatgpt.com", "ai-assistant")),
        ("https://gemini.google.com/app", ("AI Assistant", "gemini.google.com", "ai-assistant")),
        ("https://x.com/i/grok", ("AI Assistant", "grok.com", "ai-assistant")),
        ("https://x.com/i/grokking", ("Organic Social", "twitter", "referral")),
        ("https://www.bing.com/chat?q=x", ("AI Assistant", "copilot.microsoft.com", "ai-assistant")),
        ("https://ads.doubleclick.net/x", ("Display", "google-display", "display")),
        ("https://en.wikipedia.org/wiki/Plumber", ("Referral", "wikipedia", "referral")),
        ("https://www.blog.example.org/post", ("Referral", "blog.example.org", "referral")),
        ("http://192.0.2.7/page", ("Referral", "192.0.2.7", "referral")),
        ("https://not-linkedin.com/", ("Referral", "not-linkedin.com", "referral")),
        ("https://google.evil.com/", ("Referral", "google.evil.com", "referral")),
        ("https://google.com@evil.test/", ("Referral", "evil.test", "referral")),
        ("https://evil.test/?x=https://www.google.com/", ("Referral", "evil.test", "referral")),
        ("https://WWW.GOOGLE.COM.:443/", ("Organic Search", "google", "organic")),
        (
            "android-app://com.google.android.googlequicksearchbox/https/www.google.com",
            ("Organic Search", "google", "organic"),
        ),
        ("android-app://com.google.android.gm/", ("Email", "gmail", "email")),
        ("android-app://com.linkedin.android/", ("Organic Social", "linkedin", "referral")),
        ("android-app://com.reddit.frontpage", ("Organic Social", "reddit", "referral")),
        ("android-app://org.telegram.messenger/", ("Organic Social", "telegram", "referral")),
        ("android-app://com.Slack/", ("Organic Social", "slack", "referral")),
        ("android-app://org.example.reader/", ("Referral", "org.example.reader", "referral")),
        ("about:blank", ("Direct", "(direct)", "(none)")),
        ("file:///home/x.html", ("Direct", "(direct)", "(none)")),
        ("https://www.example.com/other", ("Direct", "(direct)", "(none)")),
        ("https://shop.example.com/", ("Direct", "(direct)", "(none)")),
        ("https://www.paypal.com/checkoutnow", ("Direct", "(direct)", "(none)")),
        ("https://checkout.stripe.com/c/pay", ("Direct", "(direct)", "(none)")),
        ("https://x.klarna.com/", ("Direct", "(direct)", "(none)")),
    ],
)
def test_a_referrer(referrer: str, expected: tuple[Channel, str, str]) -> None:
    assert told(arrive(referrer)) == expected


def test_the_whole_referrer_is_kept() -> None:
    source = arrive("https://WWW.blog.example.org:8080/post?id=7#top")
    assert source.referrer == "https://WWW.blog.example.org:8080/post?id=7#top"


@pytest.mark.parametrize(
    "own", ["https://www.paypal.com/x", "https://blog.example.net/y", "https://booking.example.org/"]
)
def test_own_and_payment_pages_leave_no_referrer(own: str) -> None:
    source = classify(PAGE, own, own_hosts=["example.net", "https://booking.example.org"])
    assert (source.channel, source.referrer) == ("Direct", "")


def test_the_companys_other_site_is_own_only_where_it_says_so() -> None:
    assert arrive("https://blog.example.net/").channel == "Referral"
    assert classify(PAGE, "https://notexample.net/", own_hosts={"example.net"}).channel == "Referral"


@pytest.mark.parametrize(
    ("referrer", "term"),
    [
        ("https://www.bing.com/search?q=emergency+plumber", "emergency plumber"),
        ("https://m.bing.com/search?Q=plumber", "plumber"),
        ("https://search.yahoo.com/search?p=plumber%20near%20me&ei=UTF-8", "plumber near me"),
        ("https://yandex.ru/search/?text=%D1%81%D0%B0%D0%BD%D1%82%D0%B5%D1%85%D0%BD%D0%B8%D0%BA", "сантехник"),
        ("https://www.baidu.com/s?ie=utf-8&wd=%E6%B0%B4%E7%AE%A1", "水管"),
        ("https://www.baidu.com/s?wd=%CB%AE%B9%DC", "水管"),
        ("https://search.naver.com/search.naver?where=nexearch&query=plumber", "plumber"),
        ("https://www.google.com/webhp?tab=mw#q=plumber+london", "plumber london"),
        ("https://www.google.com/", None),
        ("https://www.google.com/search?q=&sa=t", None),
        ("https://www.google.com/search?q=%00%20", None),
        ("https://www.facebook.com/search?q=plumber", None),
    ],
)
def test_the_keyword_a_search_engine_still_tells(referrer: str, term: str | None) -> None:
    assert arrive(referrer).term == term


# ── click identifiers ──

CLICK_CHANNELS: dict[str, tuple[Channel, str, str]] = {
    "gclid": ("Paid Search", "google", "cpc"),
    "gbraid": ("Paid Search", "google", "cpc"),
    "wbraid": ("Paid Search", "google", "cpc"),
    "gad_source": ("Paid Search", "google", "cpc"),
    "gad_campaignid": ("Paid Search", "google", "cpc"),
    "gad": ("Paid Search", "google", "cpc"),
    "dclid": ("Display", "dfa", "cpm"),
    "msclkid": ("Paid Search", "bing", "cpc"),
    "yclid": ("Paid Search", "yandex", "cpc"),
    "sznclid": ("Paid Search", "seznam", "cpc"),
    "bd_vid": ("Paid Search", "baidu", "cpc"),
    "vmcid": ("Paid Search", "yahoo", "cpc"),
    "ttclid": ("Paid Social", "tiktok", "cpc"),
    "twclid": ("Paid Social", "twitter", "cpc"),
    "li_fat_id": ("Paid Social", "linkedin", "cpc"),
    "rdt_cid": ("Paid Social", "reddit", "cpc"),
    "ScCid": ("Paid Social", "snapchat", "cpc"),
    "epik": ("Paid Social", "pinterest", "cpc"),
    "ndclid": ("Paid Social", "nextdoor", "cpc"),
    "qclid": ("Paid Social", "quora", "cpc"),
    "oppref": ("Paid Other", "chatgpt.com", "cpc"),
    "tblci": ("Paid Other", "taboola", "cpc"),
    "dicbo": ("Paid Other", "outbrain", "cpc"),
    "obclid": ("Paid Other", "outbrain", "cpc"),
    "irclickid": ("Affiliates", "impact", "affiliate"),
    "cjevent": ("Affiliates", "cj", "affiliate"),
    "awc": ("Affiliates", "awin", "affiliate"),
    "zanpid": ("Affiliates", "awin", "affiliate"),
    "ranSiteID": ("Affiliates", "rakuten-affiliate", "affiliate"),
    "sscid": ("Affiliates", "shareasale", "affiliate"),
    "tduid": ("Affiliates", "tradedoubler", "affiliate"),
    "fbclid": ("Organic Social", "facebook", "referral"),
    "igshid": ("Organic Social", "instagram", "referral"),
    "igsh": ("Organic Social", "instagram", "referral"),
    "srsltid": ("Organic Search", "google", "organic"),
    "ysclid": ("Organic Search", "yandex", "organic"),
    "mc_cid": ("Email", "mailchimp", "email"),
    "mc_eid": ("Email", "mailchimp", "email"),
    "_hsenc": ("Email", "hubspot", "email"),
    "_hsmi": ("Email", "hubspot", "email"),
    "_kx": ("Email", "klaviyo", "email"),
    "mkt_tok": ("Email", "marketo", "email"),
    "ck_subscriber_id": ("Email", "convertkit", "email"),
}


def test_every_click_id_is_in_the_table_above_and_in_the_documentation() -> None:
    documented = Path(__file__, "../../../docs/sources.md").resolve().read_text(encoding="utf-8")
    assert {click.parameter for click in CLICK_IDS} == set(CLICK_CHANNELS)
    for parameter in [*CLICK_CHANNELS, *COMPANIONS]:
        assert f"`{parameter}`" in documented


@pytest.mark.parametrize(("parameter", "expected"), CLICK_CHANNELS.items())
def test_a_click_id_alone(parameter: str, expected: tuple[Channel, str, str]) -> None:
    source = arrive(**{parameter: AD_ID})
    assert told(source) == expected
    assert source.click_ids == {parameter: AD_ID}


@pytest.mark.parametrize("click", CLICK_IDS, ids=lambda click: click.parameter)
def test_a_paid_click_outranks_the_referrer_and_a_link_does_not(click: ClickId) -> None:
    source = arrive("https://www.blog.example.org/", **{click.parameter: AD_ID})
    assert (source.channel != "Referral") is click.is_proof


@pytest.mark.parametrize("spelling", ["sccid", "SCCID", "ScCid"])
def test_a_click_id_keeps_its_own_spelling_and_its_value(spelling: str) -> None:
    assert arrive(**{spelling: "aB-3"}).click_ids == {"ScCid": "aB-3"}


def test_a_google_ad_with_all_its_helpers() -> None:
    source = arrive("https://www.google.com/", gclid=AD_ID, gad_source="1", gad_campaignid="4711", gclsrc="aw.ds")
    assert told(source) == ("Paid Search", "google", "cpc")
    assert source.campaign_id == "4711"
    assert source.campaign is None
    assert source.click_ids == {"gclid": AD_ID, "gad_source": "1", "gad_campaignid": "4711", "gclsrc": "aw.ds"}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"gclid": "x", "gclsrc": "3p.ds", "msclkid": "y"}, ("Paid Search", "bing", "cpc")),
        ({"gclid": "x", "gclsrc": "3p.ds"}, ("Paid Other", "sa360", "cpc")),
        ({"yclid": "YSS.1000012345.EAI"}, ("Paid Search", "yahoo", "cpc")),
        ({"dclid": "x", "gad_source": "7"}, ("Display", "dfa", "cpm")),
        ({"gclid": "x", "fbclid": "y"}, ("Paid Search", "google", "cpc")),
        ({"gclid": "null"}, ("Direct", "(direct)", "(none)")),
        ({"gclid": "{gclid}"}, ("Direct", "(direct)", "(none)")),
        ({"gclid": ""}, ("Direct", "(direct)", "(none)")),
    ],
)
def test_click_ids_that_are_not_what_they_seem(
    parameters: dict[str, str], expected: tuple[Channel, str, str]
) -> None:
    assert told(arrive(**parameters)) == expected


@pytest.mark.parametrize(
    ("referrer", "parameters", "channel"),
    [
        ("", {"network": "g"}, "Paid Search"),
        ("", {"network": "s"}, "Paid Search"),
        ("", {"network": "d"}, "Display"),
        ("", {"network": "ytv"}, "Paid Video"),
        ("", {"network": "vp"}, "Paid Video"),
        ("", {"network": "x"}, "Cross-network"),
        ("", {"hsa_src": "d"}, "Display"),
        ("https://www.youtube.com/", {}, "Paid Video"),
        ("https://abc.safeframe.googlesyndication.com/", {}, "Display"),
        ("https://www.youtube.com/", {"network": "g"}, "Paid Search"),
    ],
)
@pytest.mark.parametrize(
    "tags", [{"gclid": "x"}, {"utm_source": "google", "utm_medium": "cpc"}], ids=["gclid", "utm"]
)
def test_the_network_of_a_google_ad(
    referrer: str, parameters: dict[str, str], channel: Channel, tags: dict[str, str]
) -> None:
    assert arrive(referrer, **tags, **parameters).channel == channel


def test_the_network_of_another_engines_ad_is_left_alone() -> None:
    assert arrive(msclkid="x", network="d").channel == "Paid Search"
    assert arrive(utm_source="google", utm_medium="organic", network="d").channel == "Organic Search"


# ── UTM tags ──

UTM = {
    "utm_source": "Google",
    "utm_medium": "CPC",
    "utm_campaign": "Spring Boilers",
    "utm_id": "c-17",
    "utm_term": "boiler repair",
    "utm_content": "headline b",
    "utm_source_platform": "Google Ads",
    "utm_creative_format": "text",
    "utm_marketing_tactic": "prospecting",
}


def test_all_utm_tags_as_they_were_given() -> None:
    source = arrive("https://www.google.com/", **UTM)
    assert source == Source(
        "Paid Search",
        "Google",
        "CPC",
        campaign="Spring Boilers",
        campaign_id="c-17",
        term="boiler repair",
        content="headline b",
        referrer="https://www.google.com/",
        landing_page=f"{PAGE}?{urlencode(UTM)}",
    )


@pytest.mark.parametrize(
    ("tags", "referrer", "expected"),
    [
        ({"source": "newsletter", "medium": "email"}, "https://www.google.com/", ("Email", "newsletter", "email")),
        ({"source": "facebook", "medium": "cpc"}, "", ("Paid Social", "facebook", "cpc")),
        ({"source": "facebook", "medium": "cpc"}, "https://l.facebook.com/", ("Paid Social", "facebook", "cpc")),
        ({"source": "facebook", "medium": "social"}, "", ("Organic Social", "facebook", "social")),
        ({"source": "m.facebook.com"}, "", ("Organic Social", "m.facebook.com", "(not set)")),
        (
            {"source": "https://www.facebook.com/x", "medium": "cpc"},
            "",
            ("Paid Social", "https://www.facebook.com/x", "cpc"),
        ),
        ({"source": "fb-ads"}, "", ("Paid Social", "fb-ads", "(not set)")),
        ({"source": "google"}, "", ("Organic Search", "google", "(not set)")),
        ({"source": "chatgpt.com"}, "", ("AI Assistant", "chatgpt.com", "ai-assistant")),
        ({"source": "not-linkedin", "medium": "cpc"}, "", ("Paid Other", "not-linkedin", "cpc")),
        ({"source": "flyer"}, "", ("Unassigned", "flyer", "(not set)")),
        ({"source": "flyer", "medium": "print"}, "https://x.example.org/", ("Unassigned", "flyer", "print")),
        ({"source": "flyer"}, "https://x.example.org/", ("Referral", "flyer", "(not set)")),
        ({"source": "profile"}, "https://www.google.com/", ("Organic Search", "profile", "organic")),
        ({"source": "october"}, "https://mail.google.com/", ("Email", "october", "email")),
        ({"medium": "cpc"}, "", ("Paid Other", "(not set)", "cpc")),
        ({"medium": "cpc"}, "https://www.bing.com/", ("Paid Search", "bing", "cpc")),
        ({"medium": "paid"}, "https://www.ebay.co.uk/", ("Paid Shopping", "ebay", "paid")),
        ({"campaign": "spring"}, "", ("Unassigned", "(not set)", "(not set)")),
        ({"campaign": "spring"}, "https://www.google.com/", ("Organic Search", "google", "organic")),
        ({"campaign": "my cross-network run"}, "", ("Cross-network", "(not set)", "(not set)")),
        ({"source": "null", "medium": "undefined"}, "", ("Direct", "(direct)", "(none)")),
        ({"source": "{network}", "medium": " "}, "", ("Direct", "(direct)", "(none)")),
    ],
)
def test_utm_tags(tags: dict[str, str], referrer: str, expected: tuple[Channel, str, str]) -> None:
    assert told(arrive(referrer, **{f"utm_{name}": value for name, value in tags.items()})) == expected


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"utm_campaign": "spring", "gclid": "x"}, ("Paid Search", "google", "cpc")),
        ({"utm_source": "google", "gclid": "x"}, ("Paid Search", "google", "cpc")),
        ({"utm_medium": "ppc", "msclkid": "x"}, ("Paid Search", "bing", "ppc")),
        ({"utm_source": "google", "utm_medium": "pmax", "gad_source": "1"}, ("Paid Search", "google", "pmax")),
        ({"utm_source": "google", "utm_medium": "organic", "gclid": "x"}, ("Paid Search", "google", "organic")),
        ({"utm_source": "google", "utm_medium": "display", "gclid": "x"}, ("Display", "google", "display")),
        ({"utm_source": "google", "utm_medium": "video", "gclid": "x"}, ("Paid Video", "google", "video")),
        ({"utm_source": "tiktok", "utm_medium": "social", "ttclid": "x"}, ("Paid Social", "tiktok", "social")),
        ({"utm_source": "crm", "utm_medium": "email", "gclid": "x"}, ("Email", "crm", "email")),
        ({"utm_source": "facebook", "utm_medium": "paid", "fbclid": "x"}, ("Paid Social", "facebook", "paid")),
        (
            {"utm_source": "facebook", "utm_medium": "social", "fbclid": "x"},
            ("Organic Social", "facebook", "social"),
        ),
        ({"utm_source": "ig", "fbclid": "x"}, ("Organic Social", "ig", "(not set)")),
        ({"utm_source": "october", "mc_cid": "x"}, ("Email", "october", "email")),
    ],
)
def test_utm_tags_and_a_click_id(parameters: dict[str, str], expected: tuple[Channel, str, str]) -> None:
    assert told(arrive(**parameters)) == expected


@pytest.mark.parametrize(
    ("query", "campaign"),
    [
        ("UTM_Campaign=spring", "spring"),
        ("utm_campaign=spring&utm_campaign=autumn", "spring"),
        ("utm_campaign=&utm_campaign=autumn", "autumn"),
        ("a=b&amp;utm_campaign=spring", "spring"),
        ("utm_campaign=spring%20sale+%E2%82%AC", "spring sale €"),
        ("utm_campaign=%ff%fe", "��"),
        ("utm_campaign=a%00b%0Ac", "abc"),
        ("mtm_campaign=spring", "spring"),
        ("pk_campaign=spring", "spring"),
        ("piwik_campaign=spring", "spring"),
        ("x#utm_campaign=spring", "spring"),
        ("x#/route?utm_campaign=spring", "spring"),
        ("x#:~:text=utm_campaign", None),
        ("utm_campaign", None),
        ("my_utm_campaign=spring", None),
    ],
)
def test_how_a_tag_may_be_written(query: str, campaign: str | None) -> None:
    assert classify(f"{PAGE}?{query}").campaign == campaign


def test_matomos_names() -> None:
    source = arrive(mtm_source="bing", mtm_medium="cpc", mtm_kwd="plumber", mtm_content="b", mtm_cid="7")
    assert told(source) == ("Paid Search", "bing", "cpc")
    assert (source.term, source.content, source.campaign_id) == ("plumber", "b", "7")


# ── ValueTrack ──


def test_value_track() -> None:
    source = arrive(
        gclid=AD_ID,
        keyword="emergency plumber",
        matchtype="e",
        network="g",
        device="m",
        campaignid="11",
        adgroupid="22",
        creative="33",
        targetid="kwd-44",
        loc="1006886",
        placement="{placement}",
    )
    assert source.term == "emergency plumber"
    assert source.campaign_id == "11"
    assert source.value_track == {
        "keyword": "emergency plumber",
        "matchtype": "e",
        "network": "g",
        "device": "m",
        "campaignid": "11",
        "adgroupid": "22",
        "creative": "33",
        "targetid": "kwd-44",
        "loc_physical_ms": "1006886",
    }


def test_hubspots_names() -> None:
    source = arrive(utm_source="adwords", utm_medium="ppc", hsa_kw="plumber", hsa_cam="1", hsa_grp="2", hsa_mt="p")
    assert (source.channel, source.term, source.campaign_id) == ("Paid Search", "plumber", "1")
    assert source.value_track == {"keyword": "plumber", "campaignid": "1", "adgroupid": "2", "matchtype": "p"}


def test_a_sites_own_parameters_are_no_value_track() -> None:
    source = arrive("https://www.google.com/", keyword="taps", device="all", placement="2")
    assert (source.term, dict(source.value_track)) == (None, {})


def test_where_the_keyword_comes_from() -> None:
    bing = "https://www.bing.com/search?q=typed"
    assert arrive(bing, gclid="x", keyword="bought", utm_term="tagged").term == "tagged"
    assert arrive(bing, gclid="x", keyword="bought").term == "bought"
    assert arrive(bing, gclid="x", utm_term="{keyword}").term == "typed"
    assert arrive(gclid="x").term is None


# ── ?ref= ──


@pytest.mark.parametrize(
    ("hint", "referrer", "expected"),
    [
        ("producthunt", "", ("Organic Social", "producthunt", "(not set)")),
        ("blog.example.org", "", ("Referral", "blog.example.org", "(not set)")),
        ("producthunt", "https://www.google.com/", ("Organic Search", "google", "organic")),
        ("https://www.google.com/search?q=x", "", ("Organic Search", "google", "(not set)")),
        ("https://www.blog.example.org/post", "", ("Referral", "blog.example.org", "(not set)")),
        ("nav-top", "", ("Direct", "(direct)", "(none)")),
        ("index.html", "", ("Direct", "(direct)", "(none)")),
        ("www.example.com", "", ("Direct", "(direct)", "(none)")),
        ("https://shop.example.com/cart", "", ("Direct", "(direct)", "(none)")),
        ("https://www.paypal.com/", "", ("Direct", "(direct)", "(none)")),
    ],
)
@pytest.mark.parametrize("name", ["ref", "source", "utm_referrer", "referrer", "referer"])
def test_a_hint(name: str, hint: str, referrer: str, expected: tuple[Channel, str, str]) -> None:
    assert told(classify(f"{PAGE}?{urlencode({name: hint})}", referrer)) == expected


# ── whatever comes ──

NASTY = [
    "http://[::1",
    "http://[]",
    "https://\x00",
    "\ud800",
    "https://www.example.com/?utm_source=\ud800&utm_campaign=%ed%a0%80",
    "https://" + "a" * 100_000,
    "https://www.example.com/?" + "utm_source=x&" * 10_000,
    "https://www.example.com/?utm_source=" + "%41" * 10_000,
    "https://www.example.com/?utm_source=" + "a." * 10_000,
    "javascript:alert(document.cookie)",
    "https://www.example.com/?utm_source=' OR 1=1 --&utm_medium=<script>alert(1)</script>",
    "?&=&&==&#?&",
    "https://exa mple.com/ ?utm_source= x ",
    "//////",
    "android-app://",
]
addresses = (
    st.sampled_from(NASTY)
    | st.text()
    | st.builds("https://{}/?{}".format, st.text(max_size=30), st.text(max_size=60))
    | st.builds(
        lambda host, names, value: f"https://{host}/?" + "&".join(f"{name}={value}" for name in names),
        st.sampled_from(["www.google.com", "example.com", "t.co", "xn--x", "[::1]"]),
        st.lists(st.sampled_from([*UTM, *CLICK_CHANNELS, "network", "keyword", "ref", "gclsrc"]), max_size=6),
        st.text(max_size=20),
    )
)


@given(addresses, addresses, st.lists(st.text(max_size=30) | st.just("example.com"), max_size=3))
@example(NASTY[3], NASTY[3], [NASTY[3]])
def test_it_never_raises_and_its_text_can_be_stored(url: str, referrer: str, own_hosts: list[str]) -> None:
    source = classify(url, referrer, own_hosts=own_hosts)
    assert source.channel in CHANNELS
    assert source.source
    assert source.medium
    texts = [source.source, source.medium, source.campaign, source.term, source.content, source.referrer]
    texts += [source.landing_page, *source.click_ids.values(), *source.value_track.values()]
    for text in texts:
        assert text is None or "\x00" not in text
        (text or "").encode()


@pytest.mark.parametrize("url", NASTY)
@pytest.mark.parametrize("referrer", NASTY)
def test_nasty_addresses(url: str, referrer: str) -> None:
    assert classify(url, referrer, own_hosts=NASTY).channel in get_args(Channel)


tag_values = st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=40).map(
    str.strip
)
plain = tag_values.filter(
    lambda text: text != "" and text.isprintable() and text[0] not in "{[%_(" and text[0] not in "nNuU"
)


@given(plain, plain, plain, plain)
def test_utm_tags_come_back_as_they_went_out(source: str, medium: str, campaign: str, term: str) -> None:
    query = urlencode({"utm_source": source, "utm_medium": medium, "utm_campaign": campaign, "utm_term": term})
    for url in (f"{PAGE}?{query}", f"{PAGE}?a=b&{query}&gclid=x#top", f"{PAGE}#{query}"):
        found = classify(url, "https://www.google.com/")
        assert (found.source, found.medium, found.campaign, found.term) == (source, medium, campaign, term)


@given(st.from_regex(r"[a-z][a-z0-9]{0,20}", fullmatch=True), st.text(max_size=40))
def test_an_own_host_is_never_a_referrer(label: str, path: str) -> None:
    for own in ("www.example.com", "example.com", f"{label}.example.com", f"{label}.example.net"):
        source = classify(PAGE, f"https://{own}/{quote(path)}", own_hosts=["example.net"])
        assert (source.channel, source.source, source.referrer) == ("Direct", "(direct)", "")


@given(st.from_regex(r"[a-z][a-z0-9-]{0,20}[a-z]", fullmatch=True))
def test_a_host_that_only_looks_like_a_known_one_is_not(label: str) -> None:
    for known in ("google.com", "facebook.com", "linkedin.com", "youtube.com", "paypal.com"):
        for host in (f"{label}-{known}", f"{known}.{label}.example.org"):
            assert told(arrive(f"https://{host}/")) == ("Referral", host, "referral")
