"""The live stream, over real HTTP: what it says when, and what it leaves behind."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

import httpx
import pytest
import uvicorn
from sqlalchemy import Connection, delete
from starlette.applications import Starlette

from swapboard.accounts.brand import brand_of
from swapboard.accounts.company import Role
from swapboard.accounts.log_ins import LogIn, end_all
from swapboard.accounts.people import person_by_email, user_by_email
from swapboard.accounts.store import company_by_id
from swapboard.clock import DAY, HOUR
from swapboard.storage.schema import users
from swapboard.switchboard import live as live_bus
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard.guard import Desk
from swapboard.web.dashboard.live import PARTS, render_parts
from swapboard.web.dashboard.moments import Moments
from tests.building import until, without_database
from tests.patience import HANGS_AFTER_SECONDS
from tests.web.dashboard.shop import BILLBOARD, PASSWORD, Clock, Shop

pytestmark = pytest.mark.anyio


class Stream:
    """A browser's end of the stream."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def message(self) -> tuple[str, str]:
        """The next message: its kind and its HTML. Raises EOFError when the stream has ended."""
        kind, data = "", []
        async with asyncio.timeout(HANGS_AFTER_SECONDS):
            async for line in self._lines:
                if not line and not kind and not data:
                    continue  # After a comment, which browsers ignore, too.
                if not line:
                    return kind, "\n".join(data)
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name.rstrip(":") == "data":
                    data.append(value)
        raise EOFError

    async def news(self) -> str:
        """The next message that changes something."""
        while True:
            kind, html = await self.message()
            if not kind:
                return html

    async def until(self, words: str) -> str:
        """The first message with the words."""
        async with asyncio.timeout(HANGS_AFTER_SECONDS):
            while words not in (html := await self.news()):
                pass
        return html

    async def ends(self) -> bool:
        """Read to the end; True when the stream ends, whatever it says before."""
        try:
            while True:
                await self.message()
        except (EOFError, httpx.RemoteProtocolError):
            return True


@pytest.fixture
async def address(app: Starlette) -> AsyncIterator[str]:
    """The dashboard on a port of its own."""
    config = uvicorn.Config(app, port=0, lifespan="off", log_level="warning", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()
    yield f"http://{host}:{port}"
    server.should_exit = True
    await serving


@asynccontextmanager
async def watching(address: str, email: str = "owner@example.com") -> AsyncIterator[Stream]:
    """Somebody looks at the live page."""
    async with httpx.AsyncClient(base_url=address, timeout=HANGS_AFTER_SECONDS) as client:
        fields = {"email": email, "password": PASSWORD, "next": "/"}
        assert (await client.post("/login", data=fields, headers={"Origin": address})).status_code == 303
        headers = {"Accept": "text/html, text/event-stream"}
        async with client.stream("GET", "/live/events", headers=headers) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert answer.headers["cache-control"] == "no-store"
            yield Stream(answer)


def watchers(exchange: Exchange, shop: Shop) -> int:
    """How many look at the database for the company: one for each audience."""
    return len(exchange.live._watchers[shop.company_id])


def viewers(app: Starlette) -> int:
    return sum(len(feed.viewers) for feed in app.state.live_feeds._feeds.values())


async def test_a_call_shows_as_it_rings_is_answered_and_ends(address: str, shop: Shop, clock: Clock) -> None:
    admitted = await shop.visit()
    async with watching(address) as stream:
        first = await stream.news()
        for part in ("calls", "today", "pools", "latest", "visitors"):
            assert f'hx-target="#live-{part}"' in first
        assert "The lines are quiet" in first

        call_id = await shop.ring(admitted.swaps[0].number)
        ringing = await stream.until("ringer-ringing")
        assert f'data-call="{call_id}"' in ringing
        for fact in ("Ringing", "(212) 555-0111", "Paid Search", "Emergency", "emergency plumber"):
            assert fact in ringing
        clock.pass_by(4)
        await shop.answer()
        assert "Talking" in await stream.until("ringer-in_progress")
        clock.pass_by(63)
        await shop.hang_up(talk_seconds=63)
        assert "Answered 1:03" in await stream.until("ringer-answered")


async def test_only_what_changed_is_sent(address: str, shop: Shop) -> None:
    async with watching(address) as stream:
        await stream.news()
        await shop.ring(BILLBOARD)
        news = await stream.until("ringer-ringing")

        assert 'hx-target="#live-today"' in news
        assert 'hx-target="#live-latest"' in news
        assert 'hx-target="#live-visitors"' not in news
        assert 'hx-target="#live-pools"' not in news


async def test_a_silent_stream_says_that_it_is_there(
    address: str, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_bus, "LOOK_AGAIN_SECONDS", 0.01)
    async with watching(address) as stream:
        await stream.news()
        assert await stream.message() == ("still", "")


async def test_what_another_process_wrote_is_found_too(
    address: str, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_bus, "LOOK_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(shop.exchange.live, "ring", lambda _company_id: None)
    async with watching(address) as stream:
        await stream.news()
        await shop.ring(BILLBOARD)
        assert await stream.until("ringer-ringing")


async def test_what_strangers_write_cannot_end_a_message(address: str, shop: Shop) -> None:
    title = "one\r\ndata: two\n\nevent: still\u2028three</hx-partial><script>alert(1)</script>"
    await shop.visit(title=title)
    async with watching(address) as stream:
        news = await stream.news()
        assert "three&lt;/hx-partial&gt;&lt;script&gt;" in news
        assert news.count("</hx-partial>") == len(PARTS) + 1
        assert "<script>" not in news


async def test_the_answer_begins_before_the_first_look(
    address: str, exchange: Exchange, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_look = asyncio.Event()
    changes = exchange.live.changes

    async def later(company_id: str) -> AsyncIterator[None]:
        await may_look.wait()
        async for _ in changes(company_id):
            yield

    monkeypatch.setattr(exchange.live, "changes", later)
    async with watching(address) as stream:
        may_look.set()
        assert "The lines are quiet" in await stream.news()


async def test_another_companys_calls_are_not_heard(address: str, shop: Shop, stranger: Shop) -> None:
    async with watching(address, "stranger@example.com") as stream:
        await stream.news()
        await shop.ring(BILLBOARD, "+12125550177")
        await stranger.ring(BILLBOARD, "+12125550188")
        news = await stream.until("ringer-ringing")

        assert "(212) 555-0188" in news
        assert "(212) 555-0177" not in news


async def test_who_leaves_is_forgotten(address: str, app: Starlette, exchange: Exchange, shop: Shop) -> None:
    async with watching(address) as first, watching(address) as second:
        await first.news()
        await second.news()
        assert viewers(app) == 2
    await until(lambda: watchers(exchange, shop) == viewers(app) == 0)


async def test_the_database_is_looked_at_once_for_all_who_see_the_same(
    address: str, app: Starlette, exchange: Exchange, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []
    feeds, render = app.state.live_feeds, app.state.live_feeds._render

    def counted(connection: Connection, desk: Desk) -> Mapping[str, str]:
        rendered.append(desk.user.role)
        parts: Mapping[str, str] = render(connection, desk)
        return parts

    monkeypatch.setattr(feeds, "_render", counted)
    async with (
        watching(address) as first,
        watching(address) as second,
        watching(address, "reader@example.com") as third,
    ):
        streams = (first, second, third)
        assert len({await each.news() for each in streams}) == 1
        assert watchers(exchange, shop) == 2
        before = len(rendered)
        await shop.ring(BILLBOARD)
        news = [await each.until("ringer-ringing") for each in streams]
        assert len(set(news)) == 1
        # As often as there was something new, for owners and for readers; not for each of the three.
        assert set(rendered[before:]) == {Role.OWNER, Role.READ_ONLY}
        assert len(rendered) - before <= 2 * 4


async def test_nothing_that_is_sent_depends_on_the_person(exchange: Exchange, shop: Shop) -> None:
    def parts(connection: Connection, name: str) -> Mapping[str, str]:
        person = person_by_email(connection, "owner@example.com")
        user = user_by_email(connection, shop.company_id, "owner@example.com")
        company = company_by_id(connection, shop.company_id)
        assert person
        assert user
        assert company
        moments = Moments(company.time_zone, company.country, exchange.clock())
        who, looks = replace(person, email=f"{name}@example.com"), brand_of(connection, company)
        log_in = LogIn(
            person.company_id, person.person_id, name, name, name, company.created_at, company.created_at
        )
        return render_parts(connection, Desk(replace(user, name=name), company, moments, who, log_in, looks))

    await shop.ring((await shop.visit()).swaps[0].number)
    one, other = [await exchange.read(partial(parts, name=name)) for name in ("one", "other")]
    assert one == other


async def test_a_page_is_told_its_release_and_company_and_how_times_are_written(address: str, shop: Shop) -> None:
    async with watching(address) as stream:
        kind, edition = await stream.message()
        assert kind == "edition"
        assert edition.endswith(f"-{shop.company_id}")
    async with httpx.AsyncClient(base_url=address) as client:
        fields = {"email": "owner@example.com", "password": PASSWORD, "next": "/"}
        await client.post("/login", data=fields, headers={"Origin": address})
        for path in ("/", "/live/wall"):
            assert f'data-edition="{edition}"' in (await client.get(path)).text
        for language, hours in (("en", 12), ("de", 24)):
            page = await client.get("/", headers={"Accept-Language": language})
            assert f'data-hours="{hours}"' in page.text


async def test_today_is_told_beside_the_same_day_of_earlier_weeks(
    address: str, exchange: Exchange, shop: Shop, clock: Clock
) -> None:
    today = clock.now
    for week in range(3, 0, -1):
        clock.now = today - 7 * week * DAY - HOUR
        for number in range(4):
            await shop.ring(BILLBOARD, f"+121255501{week}{number}", ref=f"CA{week}{number}")
            await shop.hang_up(f"CA{week}{number}", talk_seconds=60)
    clock.now = today
    async with watching(address) as stream:
        news = await stream.news()
        assert "Fewer than usual: by this time on a Tuesday it is mostly 4." in news


async def test_who_leaves_in_the_middle_of_news_is_forgotten(address: str, exchange: Exchange, shop: Shop) -> None:
    async with watching(address) as stream:
        for number in range(5):
            await shop.ring(BILLBOARD, ref=f"CA{number}")
        await stream.news()
    await until(lambda: watchers(exchange, shop) == 0)


async def test_a_person_who_was_removed_hears_nothing_more(address: str, exchange: Exchange, shop: Shop) -> None:
    async with watching(address) as stream:
        await stream.news()
        await exchange.change(
            lambda connection: connection.execute(delete(users).where(users.c.company_id == shop.company_id))
        )
        exchange.live.ring(shop.company_id)
        assert await stream.ends()
    await until(lambda: watchers(exchange, shop) == 0)


async def test_a_log_in_that_was_ended_hears_nothing_more(address: str, exchange: Exchange, shop: Shop) -> None:
    async with watching(address) as ended, watching(address, "reader@example.com") as other:
        await ended.news()
        await other.news()

        def end(connection: Connection) -> None:
            person = person_by_email(connection, "owner@example.com")
            assert person
            end_all(connection, person)

        await exchange.change(end)
        await shop.ring(BILLBOARD)
        assert await ended.ends()
        assert await other.until("ringer-ringing")


async def test_a_database_that_dies_ends_the_stream_and_it_can_be_opened_again(
    address: str, exchange: Exchange, shop: Shop, database_url: str
) -> None:
    async with watching(address) as stream:
        await stream.news()
        with without_database(database_url, exchange.engine):
            exchange.live.ring(shop.company_id)
            assert await stream.ends()
    await until(lambda: watchers(exchange, shop) == 0)
    async with watching(address) as stream:
        assert "The lines are quiet" in await stream.news()
