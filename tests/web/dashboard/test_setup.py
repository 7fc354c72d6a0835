"""The set-up page's download for WordPress: it knows the site, and is its own people's only."""

import io
import zipfile

import pytest

from swapboard.switchboard.exchange import Exchange
from tests.web.dashboard.shop import Browser, Shop
from tests.web.dashboard.test_pages import words_of

pytestmark = pytest.mark.anyio


async def test_the_plugin_is_offered_and_knows_server_site_and_number(
    owner: Browser, shop: Shop, exchange: Exchange
) -> None:
    address = f"/setup/sites/{shop.site_id}/wordpress.zip"
    said = await owner.get("/setup")
    answer = await owner.get(address)
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    defaults = packed.read("swapboard/defaults.php").decode()
    entry = exchange.directory.site_of(shop.company_id, shop.site_id)

    assert entry is not None
    assert f'href="{address}"' in said.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="swapboard.zip"'
    assert answer.headers["cache-control"] == "no-store"
    assert f"'{exchange.settings.public_url}/t/{entry.site.site_key}.js'" in defaults
    assert "'(202) 555-0100'" in defaults
    assert "swapboard/swapboard.php" in packed.namelist()


async def test_practice_has_one_name(owner: Browser) -> None:
    shown = words_of((await owner.get("/setup")).text)
    assert "Practice network When a call comes in" in shown, shown
    assert "Practice network" in words_of((await owner.get("/setup/carriers/new?kind=sandbox")).text)


async def test_strangers_do_not_get_it(browser: Browser, shop: Shop, stranger: Shop) -> None:
    address = f"/setup/sites/{shop.site_id}/wordpress.zip"
    assert (await browser.get(address)).status_code == 303

    await browser.log_in("stranger@example.com")
    assert (await browser.get(address)).status_code == 404
    assert (await browser.get("/setup/sites/nosuchsite/wordpress.zip")).status_code == 404
