"""What does not work stands on every page, in plain words, for as long as it does not."""

import pytest

from swapboard.storage.commit import Unavailable
from swapboard.storage.writer import Overloaded
from swapboard.switchboard.condition import Trouble
from swapboard.web.dashboard.troubles import told_of
from tests.building import until, without_database
from tests.web.dashboard.shop import Browser, Shop

pytestmark = pytest.mark.anyio


def test_every_trouble_has_its_words() -> None:
    assert all(text.strip() for trouble in Trouble for text in told_of(trouble))


@pytest.mark.parametrize("path", ["/", "/calls", "/numbers", "/numbers/inventory", "/setup"])
async def test_a_trouble_stands_on_each_page_until_it_is_over(owner: Browser, shop: Shop, path: str) -> None:
    assert "What is safe" not in (await owner.get(path)).text
    shop.exchange.condition.note(Trouble.SNAPSHOT_UNWRITTEN, True)
    told = (await owner.get(path)).text
    assert "The copy of your call routes on disk is out of date." in told
    assert "Since Tuesday, Nov 24, 2026, 12:00:00\u00a0pm EST" in told
    assert "What does not work now" in told
    shop.exchange.condition.note(Trouble.SNAPSHOT_UNWRITTEN, False)
    assert "What is safe" not in (await owner.get(path)).text


async def test_who_may_only_look_is_not_told_to_mend_it(browser: Browser, shop: Shop) -> None:
    await browser.log_in("reader@example.com")
    shop.exchange.condition.note(Trouble.SNAPSHOT_UNWRITTEN, True)
    told = (await browser.get("/calls")).text
    assert "What is safe" in told
    assert "What helps" not in told


async def test_another_companys_carrier_is_not_our_trouble(owner: Browser, shop: Shop, stranger: Shop) -> None:
    shop.exchange.condition.note(Trouble.LISTS_UNREAD, True, stranger.company_id)
    assert "list of calls" not in (await owner.get("/calls")).text


async def test_a_database_that_takes_nothing_is_noticed_and_forgotten(
    owner: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise Unavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(shop.exchange.writer, "submit", refuse)
        with pytest.raises(Unavailable):
            await shop.exchange._sweep()
        assert "can be read, but not written" in (await owner.get("/calls")).text
    await shop.exchange._sweep()
    assert "can be read, but not written" not in (await owner.get("/calls")).text


@pytest.mark.parametrize("error", [Unavailable("the disk is full"), Overloaded()])
async def test_whose_change_cannot_be_written_is_told_what_helps(
    owner: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def refuse(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(shop.exchange.writer, "submit", refuse)
        answer = await owner.send_form("/reports/notes", {"day": "2026-11-20", "text": "Radio spot"})
    assert answer.status_code == 503
    assert "nothing can be changed" in answer.text
    assert int(answer.headers["retry-after"]) > 0


async def test_a_silent_database_says_since_when(owner: Browser, shop: Shop, database_url: str) -> None:
    with without_database(database_url, shop.exchange.engine):
        await until(lambda: shop.exchange.directory.degraded)
        page = await owner.get("/calls")
    assert page.status_code == 503
    assert "It has been silent since Tuesday, 24 Nov 2026, 17:00:00 UTC" in page.text
    assert "Nothing can be changed" in page.text
