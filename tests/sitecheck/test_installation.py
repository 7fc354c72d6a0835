"""The script's tag on a page, and what keeps it from working."""

import pytest

from swapboard.sitecheck.business import Business
from swapboard.sitecheck.document import parse_html
from swapboard.sitecheck.finding import Finding
from swapboard.sitecheck.installation import installation_findings
from swapboard.sitecheck.snippet import snippets
from tests.sitecheck.local_site import KEY, NUMBER

PAGE = "https://www.example.com/contact/"
SCRIPT = f"https://calls.example.com/t/{KEY}.js"
TAG = f'<script async src="{SCRIPT}"></script>'


def findings(html: str, url: str = PAGE, site_key: str | None = KEY, policy: str = "") -> list[Finding]:
    root = parse_html(html)
    business = Business((NUMBER,), site_key=site_key)
    headers = {"content-security-policy": policy}
    return list(installation_findings(url, headers, root, snippets(root, url, site_key), business))


def codes(html: str, url: str = PAGE, site_key: str | None = KEY, policy: str = "") -> list[str]:
    return [each.code for each in findings(html, url, site_key, policy)]


@pytest.mark.parametrize(
    "html",
    [
        TAG,
        f"<body><p>x</p>{TAG}",
        f'<script src="//calls.example.com/t/{KEY}.js?v=2"></script>',
        f'<base href="https://calls.example.com/t/"><script src="{KEY}.js"></script>',
        f'<script src="/first-party/{KEY}.js" type="module"></script>',
        f"{TAG}<script src='/app/0123456789abcdee.js'></script>",
    ],
)
def test_the_script_once(html: str) -> None:
    assert codes(html) == []


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<p>x", "script_missing"),
        (f"<noscript>{TAG}</noscript>", "script_missing"),
        (f"<body><template>{TAG}</template>", "script_missing"),
        (f"<!-- {TAG} -->", "script_missing"),
        (TAG + TAG, "script_twice"),
        ('<script src="https://calls.example.com/t/fedcba9876543210.js"></script>', "script_wrong_key"),
        (f'<script src="http://calls.example.com/t/{KEY}.js"></script>', "script_insecure"),
        (f'<script type="text/plain" src="{SCRIPT}"></script>', "script_waits"),
        (f'<script type="text/plain" data-src="{SCRIPT}"></script>', "script_waits"),
        (
            "<script>(function(){x.src='https://www.googletagmanager.com/gtm.js?id=GTM-X'})()</script>",
            "script_not_in_source",
        ),
        ("<html amp><body><p>x", "amp_not_tracked"),
        ("<html ⚡><body><amp-call-tracking config='https://calls.example.com/t/0/amp'>", "amp_not_tracked"),
    ],
)
def test_what_is_wrong_with_the_tag(html: str, code: str) -> None:
    assert codes(html) == [code]


def test_an_amp_page_with_amps_own_call_tracking() -> None:
    assert codes(f"<html amp><body><amp-call-tracking config='https://calls.example.com/t/{KEY}/amp'>") == []


def test_without_a_site_key_any_of_ours_counts() -> None:
    assert codes(TAG, site_key=None) == []
    assert codes('<script src="/static/chunks/0123456789abcdef.js"></script>', site_key=None) == ["script_missing"]


def test_a_policy_in_the_header() -> None:
    (blocked,) = findings(TAG, policy="script-src 'self'")
    assert blocked.code == "script_blocked"
    assert blocked.what_to_do == "Add https://calls.example.com to script-src."
    assert blocked.details == ("script-src 'self'",)


def test_a_policy_that_lets_the_script_in_but_not_talk() -> None:
    (blocked,) = findings(TAG, policy="script-src calls.example.com; connect-src 'self'")
    assert (blocked.code, blocked.what_to_do) == (
        "connection_blocked",
        "Add https://calls.example.com to connect-src.",
    )


def test_strict_dynamic_wants_a_nonce() -> None:
    policy = "script-src 'nonce-abc' 'strict-dynamic'"
    (blocked,) = findings(TAG, policy=policy)
    assert "nonce" in blocked.what_to_do
    assert codes(f'<script nonce="abc" src="{SCRIPT}"></script>', policy=policy) == []


META = '<meta http-equiv="Content-Security-Policy" content="{}">'


def test_a_policy_in_a_meta_element_counts_from_there_on() -> None:
    script_only = META.format("script-src 'self'")
    assert codes(f"<head>{script_only}{TAG}</head>") == ["script_blocked"]
    assert codes(f"<head>{TAG}{script_only}</head>") == []
    assert codes(f"<head>{TAG}{META.format('connect-src none.example.com')}</head>") == ["connection_blocked"]


def test_a_meta_element_in_the_body_counts_for_nothing() -> None:
    assert codes(f"<body>{META.format('default-src none.example.com')}{TAG}") == []


def test_a_policy_that_only_reports_counts_for_nothing() -> None:
    root = parse_html(TAG)
    headers = {"content-security-policy-report-only": "default-src 'none'"}
    tags = snippets(root, PAGE, KEY)
    assert list(installation_findings(PAGE, headers, root, tags, Business((NUMBER,), site_key=KEY))) == []
