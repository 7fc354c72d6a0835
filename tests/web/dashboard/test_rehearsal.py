"""The page that plays the company's own past with pools of other sizes."""

import asyncio
import json
import re
from collections.abc import AsyncIterator

import pytest

from swapboard.storage.commit import Unavailable
from swapboard.storage.writer import Overloaded
from swapboard.switchboard import rehearsal
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.filed_rehearsals import GONE_AFTER, Rehearsed, Running, begin_running
from swapboard.switchboard.rehearsal import Rehearsals, sizes_about
from swapboard.visits.visit import Presence
from tests.building import rows_of
from tests.web.dashboard.shop import Browser, Clock, Shop
from tests.web.dashboard.test_pages import words_of

pytestmark = pytest.mark.anyio


async def until_done(browser: Browser, path: str) -> str:
    """The page once nothing runs any more."""
    async with asyncio.timeout(60):
        while True:
            answer = await browser.get(path)
            assert answer.status_code == 200
            if "Playing…" not in answer.text:
                return answer.text
            await asyncio.sleep(0.05)


def anew(exchange: Exchange) -> Rehearsals:
    """As a server that starts anew, or another process, has them."""
    return Rehearsals(exchange.settings.database_url, exchange.read, exchange.change, exchange.clock)


async def test_the_past_is_played_with_other_sizes(
    owner: Browser, shop: Shop, exchange: Exchange, clock: Clock
) -> None:
    for index in range(6):
        first, second = await shop.visit(), await shop.visit()
        clock.pass_by(30)
        await shop.ring(first.swaps[0].number, f"+1212555{100 + index:04d}", ref=f"CA{index}")
        for each in (first, second):
            await shop.beat(each.session_id, Presence.GONE)
        clock.pass_by(600)
    empty = await owner.get("/numbers/rehearsal")
    assert "Play the last 90 days" in empty.text
    begun = await owner.send_form("/numbers/rehearsal", {"pool": shop.pool_id})
    assert begun.status_code == 303
    text = await until_done(owner, begun.headers["location"])
    assert re.search(r"Played: [0-9:]+\s[ap]m\. Visits: 12, calls: 6\.", text)
    assert re.findall(r'<th scope="row" class="number">(\d+)', text) == [str(size) for size in sizes_about(3)]
    # With one number, every second visit finds none.
    assert '<td class="number">50.0%</td>' in text
    assert 'class="accuracy" points="' in text
    assert "Play it again" in text

    exchange.rehearsals = anew(exchange)
    later = (await owner.get(begun.headers["location"])).text
    assert words_of(later) == words_of(text), "a server that starts anew has it"
    assert (await owner.send_form("/numbers/rehearsal", {"pool": shop.pool_id})).status_code == 303
    await until_done(owner, begun.headers["location"])
    assert len(rows_of(exchange.engine, "pool_rehearsals")) == 1


async def test_a_process_that_cannot_be_started_has_failed_and_may_be_tried_again(
    owner: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    begun = await owner.send_form("/numbers/rehearsal", {"pool": shop.pool_id})
    text = await until_done(owner, begun.headers["location"])
    assert "This did not work" in text
    monkeypatch.undo()
    await owner.send_form("/numbers/rehearsal", {"pool": shop.pool_id})
    assert "This did not work" not in await until_done(owner, begun.headers["location"])


async def test_a_failure_hides_nothing_that_was_found_before(
    owner: Browser, shop: Shop, exchange: Exchange, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/numbers/rehearsal?pool={shop.pool_id}"

    async def played() -> str:
        await owner.send_form("/numbers/rehearsal", {"pool": shop.pool_id})
        return words_of(await until_done(owner, path))

    before = await played()
    when = re.findall(r"Played: [^V]+Visits", before)
    clock.pass_by(3600)
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    failed = await played()
    assert "This did not work" in failed
    assert "The figures are of the last one that worked." in failed
    assert len(when) == 1
    assert re.findall(r"Played: [^V]+Visits", failed) == when

    monkeypatch.undo()
    elsewhere = anew(exchange)
    clock.pass_by(60)
    elsewhere.begin(shop.company_id, shop.pool_id, 3, exchange.clock())
    async with asyncio.timeout(60):
        while len(elsewhere._tasks):
            await asyncio.sleep(0.05)
    assert "This did not work" not in (await owner.get(path)).text, "another process has played it since"


async def test_one_that_another_process_plays_is_seen_and_not_begun_twice(
    owner: Browser, shop: Shop, exchange: Exchange, clock: Clock
) -> None:
    path = f"/numbers/rehearsal?pool={shop.pool_id}"
    half = Rehearsed(numbers=1, visits=9, overflow=1, calls=2, untracked=1, right=0.5, confidence=0.5)
    theirs = Running(exchange.clock(), [1, 3], [half])
    now = exchange.clock()
    assert await exchange.change(lambda c: begin_running(c, shop.company_id, shop.pool_id, theirs, now))
    assert "Playing… 1 of 2 sizes are done." in (await owner.get(path)).text
    await owner.send_form("/numbers/rehearsal", {"pool": shop.pool_id})
    async with asyncio.timeout(60):
        while exchange.rehearsals._tasks:
            await asyncio.sleep(0.05)
    assert "Playing… 1 of 2 sizes are done." in (await owner.get(path)).text
    # Its process ends without a word, and is waited for no longer.
    clock.pass_by(GONE_AFTER // 1000 + 1)
    gone = (await owner.get(path)).text
    assert "Playing…" not in gone
    assert "Play the last 90 days" in gone
    await owner.send_form("/numbers/rehearsal", {"pool": shop.pool_id})
    assert "Played: " in await until_done(owner, path)
    [row] = rows_of(exchange.engine, "pool_rehearsals")
    assert (row["running"], row["heard_at"]) == (None, None)


async def test_how_far_it_is_is_told_to_other_processes(
    shop: Shop, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = Rehearsed(numbers=1, visits=9, overflow=1, calls=2, untracked=1, right=0.5, confidence=0.5)
    go_on = asyncio.Event()

    async def slowly(_asked: object) -> AsyncIterator[Rehearsed]:
        yield done
        await go_on.wait()

    monkeypatch.setattr(rehearsal, "_played_apart", slowly)
    monkeypatch.setattr(rehearsal, "TOLD_EVERY_SECONDS", 0.01)
    exchange.rehearsals.begin(shop.company_id, shop.pool_id, 4, exchange.clock())
    elsewhere = anew(exchange)
    async with asyncio.timeout(60):
        while not (seen := await elsewhere.latest(shop.company_id, shop.pool_id)) or not seen.results:
            await asyncio.sleep(0.01)
        assert (seen.is_running, seen.results, list(seen.sizes)) == (True, [done], sizes_about(4))
        go_on.set()
        while (seen := await elsewhere.latest(shop.company_id, shop.pool_id)) and seen.is_running:
            await asyncio.sleep(0.01)
    assert seen is not None
    assert (seen.is_running, seen.results) == (False, [done])


async def test_one_that_breaks_off_is_not_said_to_run(
    owner: Browser, shop: Shop, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    await owner.send_form("/numbers/rehearsal", {"pool": shop.pool_id})
    await until_done(owner, f"/numbers/rehearsal?pool={shop.pool_id}")
    assert rows_of(exchange.engine, "pool_rehearsals") == []


async def test_one_that_breaks_off_in_an_unknown_way_is_told_of_no_more(
    shop: Shop, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was said to run for as long as the server did, and none could be begun."""
    tells: set[asyncio.Task[None]] = set()

    async def nonsense(_asked: object) -> AsyncIterator[Rehearsed]:
        tells.update(each for each in asyncio.all_tasks() if "_tell" in repr(each.get_coro()))
        yield Rehearsed(**json.loads("no JSON"))

    monkeypatch.setattr(rehearsal, "_played_apart", nonsense)
    exchange.rehearsals.begin(shop.company_id, shop.pool_id, 4, exchange.clock())
    async with asyncio.timeout(60):
        await asyncio.gather(*exchange.rehearsals._tasks)
    assert [each.cancelling() or each.cancelled() for each in tells] == [True]
    assert rows_of(exchange.engine, "pool_rehearsals") == []
    last = await exchange.rehearsals.latest(shop.company_id, shop.pool_id)
    assert last is not None
    assert last.failed


@pytest.mark.parametrize("fault", [Unavailable("the disk is full"), Overloaded()], ids=["full disk", "crowd"])
async def test_what_cannot_be_kept_has_failed(
    owner: Browser, shop: Shop, exchange: Exchange, fault: Exception
) -> None:
    async def refuse(_change: object) -> None:
        raise fault

    exchange.rehearsals = Rehearsals(exchange.settings.database_url, exchange.read, refuse, exchange.clock)
    begun = await owner.send_form("/numbers/rehearsal", {"pool": shop.pool_id})
    assert "This did not work" in await until_done(owner, begun.headers["location"])


async def test_another_companys_pool_is_not_played(owner: Browser, stranger: Shop, shop: Shop) -> None:
    begun = await owner.send_form("/numbers/rehearsal", {"pool": stranger.pool_id})
    assert shop.pool_id in begun.headers["location"]
    assert stranger.pool_id not in await until_done(owner, begun.headers["location"])


def test_sizes_lie_around_what_there_is() -> None:
    assert sizes_about(8) == [2, 4, 8, 16, 32]
    assert sizes_about(1) == [1, 2, 4]
    assert sizes_about(0) == [1]
