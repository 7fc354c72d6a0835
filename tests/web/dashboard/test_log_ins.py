"""Where one is logged in: listed in plain words, ended one by one or all at once, and ended with the password."""

import re
import time

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import func, select, update
from starlette.applications import Starlette

from swapboard.accounts.company import Role
from swapboard.accounts.log_ins import LASTS, LONGEST, SEEN_EVERY
from swapboard.clock import HOUR, SECOND
from swapboard.storage.schema import log_ins, users
from tests.building import ON_SQLITE
from tests.web.dashboard.shop import PASSWORD, Browser, Clock, Shop
from tests.web.dashboard.test_members import another_browser
from tests.web.dashboard.test_second_step import set_up

pytestmark = [pytest.mark.anyio, ON_SQLITE]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
OTHERS = re.compile(r'name="log_in" value="(\w+)"')


async def rows(shop: Shop) -> int:
    return await shop.exchange.read(
        lambda connection: (
            connection.scalar(
                select(func.count()).select_from(log_ins).where(log_ins.c.company_id == shop.company_id)
            )
            or 0
        )
    )


async def test_a_browser_is_told_and_logged_out_by_another(owner: Browser, shop: Shop, app: Starlette) -> None:
    async with another_browser(app) as other, another_browser(app) as reader:
        other.headers["User-Agent"] = FIREFOX
        await other.log_in("owner@example.com")
        await reader.log_in("reader@example.com")
        page = (await owner.get("/me/log-ins")).text
        assert "Firefox on Linux" in page
        assert "Firefox auf Linux" in (await owner.get("/me/log-ins", headers={"Accept-Language": "de"})).text
        assert "127.0.0.1" in page
        (theirs,) = OTHERS.findall(page)
        # Nobody else's, whoever knows its id.
        assert (await reader.send_form("/me/log-ins/end", {"log_in": theirs})).status_code == 404
        assert (await other.get("/me")).status_code == 200
        assert (await owner.send_form("/me/log-ins/end", {"log_in": theirs})).status_code == 303
        assert (await other.get("/me")).headers["location"].startswith("/login")
        assert (await owner.send_form("/me/log-ins/end", {"log_in": theirs})).status_code == 404
    assert "ended_log_ins" in (await owner.get("/journal.csv")).text


async def test_all_others_go_at_once_and_a_password_ends_them_too(
    owner: Browser, shop: Shop, app: Starlette
) -> None:
    async with another_browser(app) as first, another_browser(app) as second:
        for each in (first, second):
            await each.log_in("owner@example.com")
        assert (await owner.send_form("/me/log-ins/end-others", {})).status_code == 303
        assert [(await each.get("/me")).status_code for each in (owner, first, second)] == [200, 303, 303]
        await first.log_in("owner@example.com")
        new = {"now": PASSWORD, "password": "another long one", "again": "another long one"}
        assert (await owner.send_form("/me/password", new)).status_code == 303
        assert [(await each.get("/me")).status_code for each in (owner, first)] == [200, 303]
    assert OTHERS.findall((await owner.get("/me/log-ins")).text) == []
    assert await rows(shop) == 1


async def test_a_copy_of_the_cookie_is_worth_nothing_after_logging_out(owner: Browser, shop: Shop) -> None:
    copied = dict(owner.cookies)
    await owner.send_form("/logout", {})
    owner.cookies.update(copied)
    assert (await owner.get("/me")).headers["location"].startswith("/login")
    assert await rows(shop) == 0


async def test_a_clock_that_is_set_back_logs_nobody_out(
    browser: Browser, shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does another server whose clock is a little behind."""
    with monkeypatch.context() as later:
        later.setattr(TimestampSigner, "get_timestamp", lambda _self: int(time.time()) + HOUR // SECOND)
        clock.now += HOUR
        assert (await browser.log_in("owner@example.com")).headers["location"] == "/"
    clock.now -= HOUR
    assert (await browser.get("/me")).status_code == 200
    name, signed = next(iter(browser.cookies.items()))
    browser.cookies.clear()
    browser.cookies.set(name, f"x{signed}")
    assert (await browser.get("/me")).headers["location"].startswith("/login")
    browser.cookies.clear()
    browser.cookies.set(name, signed)
    with monkeypatch.context() as much_later:
        much_later.setattr(
            TimestampSigner, "get_timestamp", lambda _self: int(time.time()) + LASTS // SECOND + 3_601
        )
        assert (await browser.get("/me")).headers["location"].startswith("/login")


async def test_whoever_logs_in_next_in_a_browser_ends_the_log_in_before(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    copied = dict(owner.cookies)
    await owner.log_in("reader@example.com")
    assert await rows(shop) == 1
    await set_up(owner, clock)
    # Even while they owe the app's code.
    await owner.log_in("reader@example.com")
    assert await rows(shop) == 0
    owner.cookies.update(copied)
    assert (await owner.get("/me")).headers["location"].startswith("/login")


async def test_logging_in_anew_in_one_browser_leaves_one_and_old_ones_are_dropped(
    owner: Browser, shop: Shop, clock: Clock, app: Starlette
) -> None:
    await owner.log_in("owner@example.com")
    assert await rows(shop) == 1
    async with another_browser(app) as other:
        clock.pass_by(LASTS / SECOND)
        assert (await owner.get("/me")).status_code == 303
        await other.log_in("owner@example.com")
    assert await rows(shop) == 1


async def test_last_seen_is_kept_to_ten_minutes(owner: Browser, shop: Shop, clock: Clock) -> None:
    async def seen() -> int:
        found: int | None = await shop.exchange.read(
            lambda connection: connection.scalar(
                select(log_ins.c.seen_at).where(log_ins.c.company_id == shop.company_id)
            )
        )
        return found or 0

    began = clock()
    clock.pass_by(SEEN_EVERY / SECOND - 1)
    await owner.get("/me")
    assert await seen() == began
    clock.pass_by(1)
    await owner.get("/me")
    assert await seen() == clock()


async def test_who_can_only_read_stays_logged_in_while_the_browser_is_used(
    owner: Browser, shop: Shop, clock: Clock, app: Starlette
) -> None:
    async with another_browser(app) as wall:
        await wall.log_in("reader@example.com")
        began = clock()
        while clock() + LASTS // 2 < began + LONGEST:
            clock.pass_by(LASTS / SECOND / 2)
            assert (await wall.get("/live/wall")).status_code == 200
        assert (await owner.get("/me")).status_code == 303, "an owner's ends, used or not"
        clock.pass_by(LASTS / SECOND / 2)
        assert (await wall.get("/live/wall")).headers["location"].startswith("/login")


async def test_who_only_read_and_may_do_more_now_has_a_log_in_like_others(
    shop: Shop, clock: Clock, app: Starlette
) -> None:
    async with another_browser(app) as wall, another_browser(app) as unused:
        for each in (wall, unused):
            await each.log_in("reader@example.com")
        clock.pass_by(LASTS / SECOND / 2)
        await wall.get("/live/wall")
        clock.pass_by(LASTS / SECOND / 2)
        assert [(await each.get("/live/wall")).status_code for each in (wall, unused)] == [200, 303]
        await shop.exchange.change(
            lambda connection: connection.execute(
                update(users).where(users.c.company_id == shop.company_id).values(role=Role.ANALYST)
            )
        )
        assert (await wall.get("/live/wall")).status_code == 303
