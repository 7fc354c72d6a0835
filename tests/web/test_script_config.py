"""What the script is told of its site."""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic_core import from_json, to_json

from swapboard.accounts.company import Consent, Site
from swapboard.accounts.page import PLAIN, Declined, PageOptions, Vanity, as_json
from swapboard.accounts.page import from_json as options_from
from swapboard.numbers.rules import NumberPlan, SwapTarget
from swapboard.sitecheck.script import read_setup
from swapboard.switchboard.directory import SiteEntry
from swapboard.web.script_config import ATTRIBUTES, COOKIES, LONGER, configuration, shape

US, POOL = "+12025550100", "+12025550143"


def told(
    consent: Consent = Consent.ALWAYS,
    page: PageOptions = PLAIN,
    hosts: tuple[str, ...] = ("www.example.com",),
    host: str = "calls.example.net",
) -> dict[str, object]:
    site = Site("s1", "c1", "0123456789abcdef", "Shop", hosts, consent, 20, None, 0, page)
    plan = NumberPlan(targets={US: SwapTarget("t1", US, US)}, pools={}, statics={}, rules=())
    return configuration(SiteEntry(site, 1800, plan, {POOL: US}), host)


def test_the_targets_and_the_numbers_that_stand_for_them_are_known() -> None:
    assert told()["known"] == {US: US, POOL: US}
    assert [each[:2] for each in told()["shapes"]] == [("+1", 10)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("page", "consent", "parts"),
    [
        (PLAIN, Consent.ALWAYS, []),
        (PLAIN, Consent.WAIT, ["choices"]),
        (PageOptions(forms=True), Consent.ALWAYS, ["forms"]),
        (PageOptions(calltrk=True), Consent.ALWAYS, ["forms", "compat"]),
        (PageOptions(vanity=(Vanity("1-800-PLUMBER", US),)), Consent.ALWAYS, ["vanity"]),
        (PageOptions(linked_hosts=("shop.example.org",)), Consent.ALWAYS, ["handover"]),
    ],
)
def test_parts_are_asked_for_where_the_set_up_needs_them(
    page: PageOptions, consent: Consent, parts: Sequence[str]
) -> None:
    assert told(consent, page)["parts"] == parts


def test_numbers_of_another_country_in_whatsapp_links_have_a_part_of_their_own() -> None:
    site = Site("s1", "c1", "0123456789abcdef", "Shop", (), Consent.ALWAYS, 20, None, 0, PLAIN)
    plan = NumberPlan(targets={US: SwapTarget("t1", US, US)}, pools={}, statics={}, rules=())
    british = {"+442079460100": US}
    assert configuration(SiteEntry(site, 1800, plan, british), "calls.example.net")["parts"] == ["abroad"]
    without = replace(site, page=PageOptions(whatsapp=False))
    assert configuration(SiteEntry(without, 1800, plan, british), "calls.example.net")["parts"] == []


def test_a_cookieless_site_reads_and_keeps_no_cookie() -> None:
    cookieless = told(Consent.COOKIELESS, hosts=("www.example.com",), host="calls.example.com")
    assert "cookies" not in cookieless
    assert cookieless["credentials"] == "omit"


@pytest.mark.parametrize(
    ("host", "credentials"),
    [("calls.example.com", "include"), ("calls.example.net", "omit"), ("calls.example.co.uk", "omit")],
)
def test_requests_carry_the_cookie_on_the_sites_own_domain_only(host: str, credentials: str) -> None:
    assert told(host=host)["credentials"] == credentials


def test_the_hosts_of_a_site_share_a_cookie() -> None:
    hosts = ("www.example.com", "shop.example.com", "www.example.co.uk", "127.0.0.1")
    assert told(hosts=hosts)["domains"] == ["example.com", "example.co.uk", "127.0.0.1"]
    assert "domains" not in told(hosts=())


def test_what_is_never_touched_is_the_owners_to_say() -> None:
    skip = str(told(page=PageOptions(skip=("code", "pre"), microdata=True, calltrk=True))["skip"]).split(",")
    assert {"code", "pre", "[data-calltrk-noswap]", "[data-swapboard=off]"} <= set(skip)
    assert "[itemprop=telephone]" not in skip
    assert "[itemprop=telephone]" in str(told()["skip"])


def test_check_site_reads_what_the_script_is_told() -> None:
    options = PageOptions(attributes=("data-phone",), skip=("code",), whatsapp=False)
    setup = read_setup(to_json(told(page=options)).decode())
    assert setup is not None
    assert setup.rules.attributes == (*ATTRIBUTES, "data-phone")
    assert "code" in setup.rules.skip
    assert not setup.rules.whatsapp


def test_options_are_kept_and_read_again() -> None:
    options = PageOptions(
        declined=Declined.CHANNEL_STATIC, forms=True, skip=("code",), vanity=(Vanity("1-800-X", US, "x {number}"),)
    )
    assert options_from(as_json(options)) == options
    assert as_json(PLAIN) == {}
    assert options_from({}) == PLAIN


@pytest.mark.parametrize(
    ("code", "length", "trunk"), [("1", 10, ""), ("44", 10, "0"), ("7", 10, "8"), ("36", 8, "06"), ("65", 8, "")]
)
def test_the_trunk_prefix_is_the_countrys(code: str, length: int, trunk: str) -> None:
    found = re.search(r"\(\?:(\d+)\(\?:\[", shape(code, length)[2])
    assert (found[1] if found else "") == trunk


def test_the_trackers_own_tests_use_the_same_patterns(tmp_path: Path) -> None:
    """tracker/test/config.ts repeats how numbers are written; both must stay alike."""
    tracker = Path(__file__).parents[2] / "tracker"
    script = tmp_path / "shapes.mjs"
    script.write_text(
        f"""import {{ build }} from "{tracker}/node_modules/esbuild/lib/main.js";
const {{ outputFiles }} = await build({{entryPoints: ["{tracker}/test/config.ts"], bundle: true, write: false,
  format: "esm", platform: "node"}});
const {{ shape, configure }} = await import("data:text/javascript," + encodeURIComponent(outputFiles[0].text));
console.log(JSON.stringify([shape("+1", 10), shape("+44", 10), shape("+36", 8), configure().not,
  configure().cookies]));"""
    )
    answer = subprocess.run(["node", script], capture_output=True, check=True, timeout=60).stdout
    assert from_json(answer) == [
        *(list(shape(code, length)) for code, length in (("1", 10), ("44", 10), ("36", 8))),
        LONGER,
        COOKIES,
    ]
