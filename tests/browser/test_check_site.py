"""What a site's check predicts, held against what the real script does in a real browser."""

import json
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser

from swapboard.sitecheck import rendering
from swapboard.sitecheck.business import Business
from swapboard.sitecheck.check import NotShown
from swapboard.sitecheck.document import parse_html
from swapboard.sitecheck.occurrence import Fate, Occurrence, Place
from swapboard.sitecheck.occurrences import occurrences
from swapboard.sitecheck.rendering import BrowserRenderer
from swapboard.sitecheck.script import ScriptSetup, read_setup
from swapboard.sitecheck.seen import Seen, seen_occurrences
from tests.browser.conftest import Demo
from tests.sitecheck.local_site import LocalSite, serving

pytestmark = pytest.mark.browser
IN_CHROMIUM = pytest.mark.parametrize("browser", ["chromium"], indirect=True)

PAGES = {
    "texts": """
        <p>Call (202) 555-0100 now</p><p>202.555.0100, 202 555 0100 or 2025550100</p><p>202&nbsp;555&nbsp;0100</p>
        <p>+1 202-555-0100 ext. 7</p><p>1-202-555-0100</p><p>(202)
             555-0100</p><pre>T  202-555-0100</pre><code>202-555-0100</code><button>202-555-0100</button>
        <p>Order 92025550100, INV2025550100, 202-555-01001, +44 2025550100, DE89 3704 2025 5501 00</p>
        <p>Call 555-0100</p><p>202*555*0100</p><svg><text>202-555-0100</text></svg><q>202-555-0100</q>""",
    "pieces": """
        <p><b>(202)</b> 555-<i>0100</i></p><p>(202) <span>555</span>-<em><u>0100</u></em></p>
        <p>(202)<br>555-0100</p><div><div>202</div><div>555</div><div>0100</div></div>
        <p>202-<!-- x -->555-0100</p><p><b>9</b>2025550100</p><p>202-555-<code>0100</code></p>
        <p>202-555<span data-swapboard="off">-</span>0100</p><ul><li>202</li><li>555-0100</li></ul>""",
    "links": """
        <a href="tel:+12025550100">x</a><a href="TEL:+1(202)555-0100;ext=7">x</a>
        <a href="tel:(202)%20555-0100">x</a>
        <a href="sms:+12025550100?body=hi">x</a><a href="https://wa.me/12025550100">x</a>
        <a href="callto:+12025550100">x</a><a href="https://api.whatsapp.com/send?phone=12025550100">x</a>
        <a href="https://www.example.com/2025550100">x</a><map><area href="tel:2025550100"></map>
        <svg><a href="tel:2025550100"><text>x</text></a></svg>""",
    "attributes": """
        <button aria-label="Call 202-555-0100">x</button><p title="202-555-0100" data-phone="2025550100">x</p>
        <img src="/none.png" alt="Call 202-555-0100"><input placeholder="202-555-0100" value="202-555-0100">
        <input type="submit" value="Call 202-555-0100"><textarea placeholder="202-555-0100">202-555-0100</textarea>
        <select><option label="202-555-0100">202-555-0100</option></select>
        <div contenteditable title="202-555-0100">202-555-0100</div>""",
    "untouched": """
        <div data-swapboard="off"><p>202-555-0100 <a href="tel:+12025550100">x</a></p></div>
        <div data-swapboard="on">202-555-0100</div><noscript>202-555-0100</noscript>
        <style>a::after { content: '202-555-0100' }</style><script>var phone = '202-555-0100'</script>
        <script async src="https://www.google-analytics.com/analytics.js"></script>
        <script type="application/ld+json">{"@type": "Plumber", "telephone": "202-555-0100"}</script>
        <meta itemprop="telephone" content="202-555-0100"><span itemprop="telephone">202-555-0100</span>
        <template><p>202-555-0100</p></template><!-- 202-555-0100 --><object><p>202-555-0100</p></object>""",
    "broken": """
        <table>202-555-0100<tr><td>202-555-0100</table><p>one<b>202-555-0100<p>two 202-555-0100</b>
        <a href=tel:2025550100>202-555-0100<a href="tel:2025550100">x<div>202-555-0100</span></i>
        <font color=red>202-555-<b>0100</font></b><noscript><img src=x></noscript>
        <li>202-555-0100<li>202-555-0100""",
    "elsewhere": """
        <iframe srcdoc="<p>202-555-0100</p>"></iframe>
        <div><template shadowrootmode="open"><p>202-555-0100</p></template></div>
        <iframe srcdoc="<p>202-555-0100</p><a href='tel:+12025550100'>x</a>"></iframe>
        <iframe sandbox srcdoc="<p>202-555-0100</p>"></iframe>""",
}


@pytest.fixture
def site() -> Iterator[LocalSite]:
    with serving() as running:
        yield running


@pytest.fixture
def renderer(browser: Browser) -> BrowserRenderer:
    return BrowserRenderer(browser, frozenset({"127.0.0.1"}))


@pytest.fixture
def business(demo: Demo) -> Business:
    return Business((demo.target,), site_key=demo.site_key)


@pytest.fixture
def setup(demo: Demo) -> ScriptSetup:
    told = read_setup(httpx.get(f"{demo.dashboard}/t/{demo.site_key}.js", trust_env=False).text)
    assert told is not None
    assert (told.site_key, demo.target in told.targets) == (demo.site_key, True)
    return told


def tag(demo: Demo) -> str:
    return f'<script async src="{demo.dashboard}/t/{demo.site_key}.js"></script>'


def put(site: LocalSite, demo: Demo, html: str) -> str:
    whole = f"<!doctype html><html><head><title>202-555-0100</title>{tag(demo)}</head><body>{html}</body></html>"
    site.put("/", whole)
    return whole


def told(found: list[Occurrence]) -> list[tuple[str, str, str]]:
    """Where each stands and what becomes of it. A closed shadow root cannot be looked into from outside."""
    return sorted(
        (each.place, each.path.rpartition(" | ")[2], "swapped" if each.fate is Fate.SWAPPED else "stays")
        for each in found
        if each.place is not Place.IMAGE
    )


@IN_CHROMIUM
@pytest.mark.parametrize("name", PAGES)
def test_the_prediction_is_what_the_script_does(
    name: str, site: LocalSite, demo: Demo, renderer: BrowserRenderer, business: Business, setup: ScriptSetup
) -> None:
    html = put(site, demo, PAGES[name])
    seen = renderer.show(f"{site.url}/", business)
    assert (seen.has_asked, seen.trouble) == (True, ())
    predicted = occurrences(parse_html(html), business, setup.rules)
    shown = told(seen_occurrences(seen, business, setup.rules))
    assert [each for each in told(predicted) if each not in shown] == []
    assert shown == told(predicted)
    assert len(shown) > 2


@IN_CHROMIUM
def test_a_search_engine_sees_the_page_as_it_is_and_takes_no_number(
    site: LocalSite, demo: Demo, renderer: BrowserRenderer, business: Business
) -> None:
    put(site, demo, PAGES["texts"])
    before = sessions(demo)
    seen = renderer.show(f"{site.url}/", business)
    assert seen.crawler_swaps == ()
    assert all(each.number == demo.target for each in occurrences(seen.crawler, Business(business.numbers)))
    assert len(occurrences(seen.crawler, business)) == len(occurrences(seen.visitor, both(seen, business)))
    assert sessions(demo) == before


def both(seen: Seen, business: Business) -> Business:
    return Business((*business.numbers, *seen.stand_ins.values()))


def sessions(demo: Demo) -> str:
    answer = httpx.get(
        f"{demo.dashboard}/api/v1/sessions?limit=1",
        headers={"Authorization": f"Bearer {demo.api_key}"},
        trust_env=False,
    )
    assert answer.status_code == 200
    return str(answer.json()["data"][0]["id"])


@IN_CHROMIUM
def test_a_policy_that_blocks_the_script_blocks_it(
    site: LocalSite, demo: Demo, renderer: BrowserRenderer, business: Business
) -> None:
    site.put("/", f"{tag(demo)}<p>202-555-0100", Content_Security_Policy="script-src 'self'")
    seen = renderer.show(f"{site.url}/", business)
    assert not seen.has_asked
    assert any("Content Security Policy" in each for each in seen.trouble)


@IN_CHROMIUM
def test_a_page_that_never_rests_is_not_waited_for(
    site: LocalSite, renderer: BrowserRenderer, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "_ANSWER_MS", 3_000)
    site.put(
        "/", "<p>202-555-0100<script>addEventListener('load', () => setTimeout(() => { for (;;); }))</script>"
    )
    with pytest.raises(NotShown, match="Timeout"):
        renderer.show(f"{site.url}/", business)


def command(url: str, *options: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: Playwright runs in this one already."""
    words = ["check-site", url, "--number", "+12025550100", "--delay", "0", "--render", "--json", *options]
    return subprocess.run(
        [sys.executable, "-m", "swapboard", *words], capture_output=True, text=True, timeout=120, check=False
    )


def test_the_command_says_which_way_it_looked(site: LocalSite, demo: Demo) -> None:
    put(site, demo, PAGES["texts"])
    done = command(site.url, "--site-key", demo.site_key, "--browser", "/usr/bin/chromium")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert (report["method"], report["pages"][0]["seen_in"]) == ("browser", "browser")
    assert {each["code"] for each in report["pages"][0]["findings"]} == {"missed_no_area_code"}
    assert report["summary"]["swapped"] > 5


def test_a_browser_that_does_not_start(site: LocalSite) -> None:
    done = command(site.url, "--browser", "/bin/false")
    assert done.returncode == 2
    assert "No browser starts" in done.stderr
