"""The settings of a site: what its owner decides of hosts, consent and the pages."""

import re

import pytest
from sqlalchemy import Connection

from swapboard.accounts.company import Consent, Site
from swapboard.accounts.page import FORM_FIELDS, PLAIN, Declined, Vanity
from swapboard.accounts.store import sites_of
from tests.one_server import on_one_server
from tests.web.dashboard.shop import Browser, Shop

pytestmark = pytest.mark.anyio

FIELDS = {
    "name": "Our shop",
    "hosts": "www.example.com\r\n\r\nshop.example.com",
    "linked_hosts": "other.example.com",
    "beat_seconds": "30",
    "consent": "wait",
    "declined": "channel_static",
    "whatsapp": "on",
    "forms": "on",
    "vanity": "1-800-FLOWERS = +12025550100\r\nCALL-NOW=+12025550101 | Ring {number}",
    "attributes": "data-phone",
    "skip": "code\r\n.price",
    "form_fields": "name\r\nphone",
}


async def site_of(shop: Shop) -> Site:
    def read(connection: Connection) -> Site:
        return sites_of(connection, shop.company_id)[0]

    return await shop.exchange.read(read)


async def test_what_is_saved_is_what_the_page_then_shows(owner: Browser, shop: Shop) -> None:
    path = f"/setup/sites/{(await site_of(shop)).site_id}"
    saved = await owner.send_form(path, FIELDS)
    assert (saved.status_code, saved.headers["location"]) == (303, f"{path}?saved=1")
    site = await site_of(shop)
    assert (site.name, site.hosts, site.consent, site.beat_seconds) == (
        "Our shop",
        ("www.example.com", "shop.example.com"),
        Consent.WAIT,
        30,
    )
    options = site.page
    assert options.declined is Declined.CHANNEL_STATIC
    assert (options.forms, options.whatsapp, options.microdata, options.calltrk) == (True, True, False, False)
    assert options.vanity == (
        Vanity("1-800-FLOWERS", "+12025550100"),
        Vanity("CALL-NOW", "+12025550101", "Ring {number}"),
    )
    assert (options.attributes, options.skip) == (("data-phone",), ("code", ".price"))
    assert (options.form_fields, options.linked_hosts) == (("name", "phone"), ("other.example.com",))
    shown = (await owner.get(f"{path}?saved=1")).text
    assert "Saved." in shown
    assert "CALL-NOW = +12025550101 | Ring {number}" in shown
    assert '<option value="wait" selected>' in shown
    again = await owner.send_form(path, FIELDS)
    assert again.status_code == 303
    assert await site_of(shop) == site


def stamp(text: str) -> str:
    return re.findall(r'name="stamp" value="([^"]+)"', text)[0]


async def test_who_saves_second_is_asked_and_not_obeyed(owner: Browser, shop: Shop) -> None:
    path = f"/setup/sites/{(await site_of(shop)).site_id}"
    opened = stamp((await owner.get(path)).text)
    more = {"hosts": "www.example.com\nnew.example.com"}
    assert (await owner.send_form(path, {**FIELDS, **more, "stamp": opened})).status_code == 303

    wrong = await owner.send_form(path, {**FIELDS, "beat_seconds": "often", "stamp": opened})
    assert (wrong.status_code, stamp(wrong.text)) == (422, opened)
    late = await owner.send_form(path, {**FIELDS, "stamp": opened})
    assert late.status_code == 409
    assert "Somebody changed this since you opened it." in late.text
    assert "shop.example.com</textarea>" in late.text
    assert (await site_of(shop)).hosts == ("www.example.com", "new.example.com")
    assert (await owner.send_form(path, {**FIELDS, "stamp": stamp(late.text)})).status_code == 303
    assert (await site_of(shop)).hosts == ("www.example.com", "shop.example.com")


async def test_set_up_leads_there_and_as_usual_is_as_usual(owner: Browser, shop: Shop) -> None:
    site = await site_of(shop)
    assert f'href="/setup/sites/{site.site_id}"' in (await owner.get("/setup")).text
    shown = (await owner.get(f"/setup/sites/{site.site_id}")).text
    assert "\n".join(FORM_FIELDS) in shown
    assert site.page == PLAIN


@on_one_server(
    ("field", "value", "words"),
    [
        ("name", "", "Name: "),
        ("hosts", "www.example.com\nnot a host", "Hosts, line 2: Write a host name"),
        ("beat_seconds", "soon", "Sign of life: "),
        ("beat_seconds", "1", "Sign of life: "),
        ("consent", "perhaps", "Consent: "),
        ("declined", "nothing", "Visitors who decline: "),
        ("vanity", "1-800-FLOWERS", "Numbers in letters, line 1: "),
        ("skip", "a, b", "Never touched, line 1: Write one CSS selector"),
        ("attributes", "on click", "More attributes, line 1: "),
        ("linked_hosts", "https://x", "Your other hosts, line 1: "),
        ("form_fields", "a b", "Fields that may be kept, line 1: "),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    owner: Browser, shop: Shop, field: str, value: str, words: str
) -> None:
    before = await site_of(shop)
    told = {**FIELDS, field: value, "attributes": FIELDS["attributes"] if field != "attributes" else value}
    answer = await owner.send_form(f"/setup/sites/{before.site_id}", told)
    assert answer.status_code == 422
    assert words in answer.text
    assert "data-phone" in answer.text or field == "attributes"
    assert await site_of(shop) == before


async def test_texts_are_escaped(owner: Browser, shop: Shop) -> None:
    site = await site_of(shop)
    answer = await owner.send_form(
        f"/setup/sites/{site.site_id}", {**FIELDS, "skip": "</textarea><script>x</script>"}
    )
    assert "<script>x" not in answer.text


async def test_another_companys_site_is_not_there(owner: Browser, stranger: Shop) -> None:
    path = f"/setup/sites/{(await site_of(stranger)).site_id}"
    assert (await owner.get(path)).status_code == 404
    assert (await owner.send_form(path, FIELDS)).status_code == 404
    assert (await site_of(stranger)).name != "Our shop"


async def test_who_may_only_look_cannot_save(browser: Browser, shop: Shop) -> None:
    await browser.log_in("reader@example.com")
    path = f"/setup/sites/{(await site_of(shop)).site_id}"
    shown = await browser.get(path)
    assert shown.status_code == 200
    assert '<button class="button button-main">Save' not in shown.text
    assert (await browser.send_form(path, FIELDS)).status_code == 403
