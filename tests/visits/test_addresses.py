"""Addresses as browsers, apps, caches and mistakes make them: each still tells the same source."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.visits.channel import Channel
from swapboard.visits.hosts import is_within, publisher_of
from swapboard.visits.known_sites import KNOWN, Kind
from swapboard.visits.source import Source, classify

PAGE = "https://www.example.com/boilers"


def told(source: Source) -> tuple[Channel, str, str]:
    return source.channel, source.source, source.medium


# ── the landing page ──


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=google&utm_medium=cpc",
        "UTM_SOURCE=google&Utm_Medium=cpc",
        "utm%5Fsource=google&utm_medium=cpc",
        "a=1&amp;utm_source=google&amp;utm_medium=cpc",
        "utm_source=&utm_source=google&utm_medium=%20&utm_medium=cpc",
        "utm_source=google&utm_medium=cpc&utm_source=bing&utm_medium=email",
        "utm_source=%67oogle&utm_medium=c%70c",
        "utm_source=google+&utm_medium=+cpc",
        "utm_source= google &utm_medium=cpc",
        "&&utm_source=google&=&utm_medium=cpc&=x&",
        "utm_source=google&utm_medium=cpc&utm_term=50%&utm_content=%zz%",
        "utm_source=google&utm_medium=cpc#utm_source=bing&utm_medium=email",
        "#utm_source=google&utm_medium=cpc",
        "#/boilers?utm_source=google&utm_medium=cpc",
        "#!/boilers?a=b&utm_source=google&utm_medium=cpc",
        "x=" + "y" * 50_000 + "&utm_source=google&utm_medium=cpc",
    ],
)
def test_one_tag_in_many_writings(query: str) -> None:
    assert told(classify(f"{PAGE}?{query}")) == ("Paid Search", "google", "cpc")


@pytest.mark.parametrize(
    ("raw", "campaign"),
    [
        ("a+b", "a b"),
        ("a%2Bb", "a+b"),
        ("a%20b", "a b"),
        ("50%25", "50%"),
        ("50%", "50%"),
        ("%zz", "%zz"),
        ("%E2%82", "�"),
        ("%e2%82%ac", "€"),
        ("a%2520b", "a%20b"),  # written twice: GA4 decodes once too
        ("a%26b%3Dc", "a&b=c"),
        ("caf%C3%A9", "café"),
        ("café", "café"),
        ("a=b", "a=b"),
        ("<b>&", "<b>"),
        ("%3Cscript%3E", "<script>"),
        ("%00", None),
        ("(not set)", None),
        ("(not%20set)", None),
        ("undefined", None),
        ("nullable", "nullable"),
        ("undefined-behaviour", "undefined-behaviour"),
        ("%7Bcampaignid%7D", None),
        ("{campaignid} x", "{campaignid} x"),
    ],
)
def test_how_a_value_is_read(raw: str, campaign: str | None) -> None:
    assert classify(f"{PAGE}?utm_campaign={raw}").campaign == campaign


def test_all_tags_in_the_fragment() -> None:
    tags = "utm_id=7&utm_source_platform=Ads&utm_creative_format=text&utm_marketing_tactic=remarketing&gclid=x"
    source = classify(f"{PAGE}#{tags}")
    assert (source.campaign_id, source.click_ids, source.landing_page) == ("7", {"gclid": "x"}, PAGE)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("gad_source=1", ("Paid Search", "google", "cpc")),
        ("gad_source=5&gad_campaignid=7&gbraid=x", ("Paid Search", "google", "cpc")),
        ("gad_source=1&utm_source=google&utm_medium=pmax", ("Paid Search", "google", "pmax")),
        ("srsltid=x", ("Organic Search", "google", "organic")),
        ("srsltid=x&gclid=y", ("Paid Search", "google", "cpc")),
        ("srsltid=x&utm_source=google&utm_medium=cpc", ("Paid Search", "google", "cpc")),
        ("fbclid=x", ("Organic Social", "facebook", "referral")),
        ("fbclid=x&utm_medium=paid", ("Paid Social", "facebook", "paid")),
        ("fbclid=x&utm_source=ig&utm_medium=social", ("Organic Social", "ig", "social")),
        ("gclid=x&gclsrc=aw.ds", ("Paid Search", "google", "cpc")),
        ("gclid=x&utm_campaign=summer-shop", ("Paid Shopping", "google", "cpc")),
        ("oppref=x", ("Paid Other", "chatgpt.com", "cpc")),
    ],
)
@pytest.mark.parametrize("referrer", ["", "https://www.example.com/", "https://www.paypal.com/"])
def test_ad_clicks_whether_a_page_was_before_it_or_not(
    query: str, expected: tuple[Channel, str, str], referrer: str
) -> None:
    assert told(classify(f"{PAGE}?{query}", referrer)) == expected


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("https://www.google.com/", ("Organic Search", "google", "organic")),
        ("https://l.facebook.com/", ("Organic Social", "facebook", "referral")),
        ("https://www.instagram.com/", ("Organic Social", "instagram", "referral")),
        ("https://blog.example.org/", ("Referral", "blog.example.org", "referral")),
    ],
)
def test_fbclid_says_nothing_where_the_referrer_speaks(referrer: str, expected: tuple[Channel, str, str]) -> None:
    assert told(classify(f"{PAGE}?fbclid=x", referrer)) == expected


# ── the referrer ──


@pytest.mark.parametrize(
    "referrer",
    [
        "https://www.linkedin.com/feed/",
        "HTTPS://WWW.LINKEDIN.COM/",
        "https://linkedin.com",
        "https://linkedin.com./",
        "https://user:secret@linkedin.com:443/x",
        "https://%20:@linkedin.com/",
        "  https://lnkd.in/abc \n",
        "//www.linkedin.com/x",
        "https://de.linkedin.com/in/x#top",
        "https://linkedin.com?x=https://www.google.com/",
        "https://www.linkedin.com/" + "x" * 50_000,
        "android-app://com.linkedin.android",
        "android-app://com.linkedin.android/https/www.linkedin.com/feed",
        "https://www-linkedin-com.cdn.ampproject.org/c/s/www.linkedin.com/pulse/x",
    ],
)
def test_one_site_in_many_writings(referrer: str) -> None:
    assert told(classify(PAGE, referrer)) == ("Organic Social", "linkedin", "referral")


@pytest.mark.parametrize(
    "referrer",
    [
        "https://not-linkedin.com/",
        "https://notlinkedin.com/",
        "https://linkedin.com.example.org/",
        "https://linkedin.example.org/",
        "https://www.linkedin.co/",
        "https://example.org/linkedin.com",
        "https://example.org/?u=https://www.linkedin.com/",
        "https://example.org#https://www.linkedin.com/",
        "https://www.linkedin.com@example.org/",
        "https://www.linkedin.com:443@example.org/",
        "https://example.org\\@www.linkedin.com/",
        "https://xn--lnkedin-x2a.com/",
        "https://l\u0131nkedin.com/",
        "https://[2001:db8::1]/linkedin.com",
        "http://192.0.2.7/linkedin.com",
        "android-app://com.linkedin.android.evil/",
        "https://www-notlinkedin-com.cdn.ampproject.org/",
        "https://cdn.ampproject.org.example.org/",
    ],
)
def test_what_only_looks_like_a_site_is_a_referral(referrer: str) -> None:
    source = classify(PAGE, referrer)
    assert (source.channel, source.medium) == ("Referral", "referral")
    assert source.source != "linkedin"


@pytest.mark.parametrize(
    "referrer",
    [
        "javascript:alert('https://www.google.com/')",
        "data:text/html,https://www.google.com/",
        "file:///C:/www.google.com/x.html",
        "about:srcdoc",
        "chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb/www.google.com",
        "mailto:someone@google.com",
        "ios-app://544007664/",
        "http://[2001:db8::zz]/",
        "https://exa mple.org/",
        "https://-/",
    ],
)
def test_what_is_no_web_address_is_no_referrer(referrer: str) -> None:
    source = classify(PAGE, referrer)
    assert source.channel in ("Direct", "Referral")
    assert source.source != "google"


@pytest.mark.parametrize(
    ("referrer", "source"),
    [
        ("https://BÜCHER.example/", "xn--bcher-kva.example"),
        ("https://www.xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://[2001:DB8:0::1]:8443/x", "[2001:db8::1]"),
        ("https://www.trade-news-example-org.cdn.ampproject.org/x", "trade-news-example-org.cdn.ampproject.org"),
        ("https://trade--news-example-org.cdn.ampproject.org/x", "trade-news.example.org"),
        ("android-app://org.example.reader/http/feeds", "org.example.reader"),
    ],
)
def test_the_host_of_an_unknown_site(referrer: str, source: str) -> None:
    assert told(classify(PAGE, referrer)) == ("Referral", source, "referral")


@pytest.mark.parametrize(
    "referrer",
    [
        "https://www-example-com.cdn.ampproject.org/v/s/www.example.com/boilers",
        "https://blog-example-com.cdn.ampproject.org/",
        "https://EXAMPLE.COM.:8443/",
        "https://shop.example.com/",
        "https://sandbox.paypal.com/",
        "https://checkout.stripe.com/c/pay/cs_test",
        "https://buy.stripe.com/x",
        "https://js.klarna.com/",
        "https://checkoutshopper-live.adyen.com/",
        "https://acs2.3dsecure.io/",
        "https://pay.google.com/",
    ],
)
def test_own_pages_their_caches_and_payment_pages_are_no_referrer(referrer: str) -> None:
    assert told(classify(PAGE, referrer)) == ("Direct", "(direct)", "(none)")


@pytest.mark.parametrize(
    ("host", "publisher"),
    [
        ("www-example-com.cdn.ampproject.org", "www.example.com"),
        ("my--site-example-co-uk.cdn.ampproject.org", "my-site.example.co.uk"),
        ("0-en--us-example-com-0.cdn.ampproject.org", "en-us.example.com"),
        ("cdn.ampproject.org", "cdn.ampproject.org"),
        ("abc.cdn.ampproject.org", "abc.cdn.ampproject.org"),
        ("xn--bcher-kva.cdn.ampproject.org", "xn--bcher-kva.cdn.ampproject.org"),
        ("a.b-com.cdn.ampproject.org", "a.b-com.cdn.ampproject.org"),
        ("www.example.com", "www.example.com"),
    ],
)
def test_whose_page_an_amp_cache_shows(host: str, publisher: str) -> None:
    assert publisher_of(host) == publisher


labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True).filter(
    lambda label: label[2:4] != "--"
)


@given(st.lists(labels, min_size=1, max_size=3), st.sampled_from(["com", "co.uk", "plumbing"]))
def test_an_amp_cache_and_back(names: list[str], suffix: str) -> None:
    host = ".".join([*names, suffix])
    label = host.replace("-", "--").replace(".", "-")
    label = f"0-{label}-0" if label[2:4] == "--" else label
    assert publisher_of(f"{label}.cdn.ampproject.org") == host


# ── what always holds ──

anything = st.text(max_size=200) | st.builds(
    "{}://{}/{}".format, st.sampled_from(["http", "https", "android-app", "x"]), st.text(), st.text()
)
tagged = st.builds(
    lambda pairs: f"{PAGE}?" + "&".join(f"{name}={quote(value)}" for name, value in pairs),
    st.lists(
        st.tuples(
            st.sampled_from(
                ["utm_source", "utm_medium", "utm_campaign", "gclid", "fbclid", "ref", "keyword", "id"]
            ),
            st.text(max_size=12) | st.sampled_from(["google", "fb-ads", "cpc", "email", "{x}", "null"]),
        ),
        max_size=5,
    ),
)
referrers = anything | st.sampled_from(
    ["https://www.google.com/search?q=a+b", "https://t.co/x", "https://paypal.com/"]
)


@given(anything, anything)
def test_any_two_texts_have_a_source_and_always_the_same(url: str, referrer: str) -> None:
    assert classify(url, referrer) == classify(url, referrer)


@given(tagged, referrers)
def test_what_was_kept_of_a_visit_tells_the_same_source_again(url: str, referrer: str) -> None:
    """Attribution can be made anew from the stored landing page and referrer (a fragment is not stored)."""
    once = classify(url, referrer)
    assert classify(once.landing_page, once.referrer) == once


KNOWN_HOSTS = sorted(host for host, place in KNOWN.places.items() if place.site.kind is not Kind.REFERRAL)


@given(st.sampled_from(KNOWN_HOSTS), st.from_regex(r"[a-z][a-z0-9-]{0,12}[a-z]", fullmatch=True))
def test_no_host_beside_a_known_one_is_taken_for_it(host: str, label: str) -> None:
    known = KNOWN.places[host].site
    for other in (
        f"{label}{host}",
        f"{label}-{host}",
        f"{host}.{label}.example.org",
        f"{host}-{label}.example.org",
    ):
        if not any(is_within(other, domain) for domain in KNOWN.places):
            found = classify(PAGE, f"https://{other}/")
            assert (found.channel, found.medium) == ("Referral", "referral"), (other, known)
