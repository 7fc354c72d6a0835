"""The pages' door by HTTP: what DESIGN 5.1 promises, and what is sent by mistake or in malice, on each engine."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, select

from swapboard.accounts.page import PageOptions
from swapboard.accounts.store import change_site
from swapboard.clock import DAY, SECOND, Millis
from swapboard.numbers.conditions import Field
from swapboard.numbers.rule_store import add_rule
from swapboard.numbers.rules import Outcome, Rule
from swapboard.settings import Settings
from swapboard.storage.engine import writing
from swapboard.storage.schema import sessions, visit_events
from swapboard.switchboard.beating import HEAR
from swapboard.switchboard.visiting import ADMIT
from swapboard.web.collector import ENDED, MAX_BODY_BYTES
from swapboard.web.visits import BURST, Dropped
from tests.building import (
    BEAT_SECONDS,
    BROWSER,
    FALLBACK,
    NOW,
    PAGE,
    TARGETS,
    Business,
    Server,
    counts,
    doubly_live,
    hanging_database,
    open_business,
    pool_number,
    rows_of,
    run,
    served,
    settings_of,
    until,
    without_database,
)
from tests.patience import HANGS_AFTER_SECONDS

HOST = "www.example.com"
SQL = "'; DROP TABLE sessions; --"
HTML = '"><script>alert(1)</script>'
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
AD = f"{PAGE}emergency?utm_source=google&utm_medium=cpc&utm_campaign=spring&utm_term=plumber&gclid=Cj0KCQ-1"


class Clock:
    now: Millis = NOW

    def __call__(self) -> Millis:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(migrated_url: str, tmp_path: Path) -> Settings:
    return settings_of(tmp_path, migrated_url)


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection, hosts=["example.com"])


Use = Callable[[Server], Awaitable[None]]


@pytest.fixture
def serve(settings: Settings, business: Business, clock: Clock) -> Callable[[Use], None]:
    """Runs what a test does against a server with the business in it."""

    def with_server(use: Use) -> None:
        async def all_of_it() -> None:
            async with served(settings, clock) as server:
                await use(server)

        run(all_of_it())

    return with_server


Serve = Callable[[Use], None]


def message(**changes: Any) -> dict[str, Any]:
    """A visit with every field of the contract."""
    return {
        "visitor": None,
        "session": None,
        "url": AD,
        "referrer": "https://www.google.com/",
        "title": "Emergency plumber",
        "targets": [TARGETS[0]],
        "time_zone": "Europe/London",
        "cookies": {"_ga": "GA1.1.1.2", "_gcl_aw": "GCL.1.x"},
        "consent": None,
        "visible": True,
    } | changes


async def post(server: Server, path: str, content: bytes | str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await server.client.post(path, content=content, headers={"content-type": "text/plain", **named})


def door(business: Business, name: str) -> str:
    return f"/t/{business.site.site_key}/{name}"


def is_refused(answer: httpx.Response, *statuses: int) -> bool:
    """A clear 4xx: JSON, with a reason, which a page of any origin may read."""
    assert answer.headers["content-type"] == "application/json", answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    assert len(answer.json()["error"]) > 10
    return answer.status_code in statuses


# What is ordinary.


def test_a_visit_is_answered_with_ids_swaps_and_the_beat(engine: Engine, business: Business, serve: Serve) -> None:
    async def use(server: Server) -> None:
        answer = await post(server, door(business, "visit"), json.dumps(message()))
        told = answer.json()
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cache-control"] == "no-store"
        assert set(told) == {"visitor", "session", "swaps", "beat"}
        assert told["beat"] == BEAT_SECONDS
        assert set(told["swaps"]) == {TARGETS[0]}
        shown = told["swaps"][TARGETS[0]]["number"]
        assert shown in {pool_number(0, index) for index in range(3)}
        (session,) = rows_of(engine, "sessions")
        assert (session["session_id"], session["visitor_id"]) == (told["session"], told["visitor"])
        assert (session["channel"], session["campaign"], session["term"]) == ("Paid Search", "spring", "plumber")
        assert session["click_ids"] == {"gclid": "Cj0KCQ-1"}
        (lease,) = rows_of(engine, "leases")
        assert (lease["session_id"], lease["state"], lease["from_at"]) == (told["session"], "live", NOW)

    serve(use)


@pytest.mark.parametrize(
    ("named", "headers", "region"),
    [
        (("cf-ipcountry", "cf-region-code"), {"cf_ipcountry": "US", "cf_region_code": "TX"}, "US-TX"),
        (("cf-ipcountry", "cf-region-code"), {"cf_ipcountry": "XX", "cf_region_code": "TX"}, None),
        (("cf-ipcountry",), {"cf_ipcountry": "US", "cf_region_code": "TX"}, "US"),
        ((), {"cf_ipcountry": "US"}, None),
    ],
    ids=["both", "nowhere", "the country only", "not believed"],
)
def test_rules_know_where_a_visit_is_by_what_the_proxy_says(
    engine: Engine,
    business: Business,
    settings: Settings,
    named: tuple[str, ...],
    headers: dict[str, str],
    region: str | None,
) -> None:
    with writing(engine) as connection:
        texans = Rule("texas", "Texans keep theirs", Outcome.LEAVE, {Field.REGION: ("US-TX",)})
        add_rule(connection, business.company_id, texans, 0, NOW)

    async def all_of_it() -> None:
        async with served(replace(settings, place_headers=named), Clock()) as server:
            told = (await post(server, door(business, "visit"), json.dumps(message()), **headers)).json()
            (session,) = rows_of(engine, "sessions")
            assert session["region"] == region
            assert bool(told["swaps"]) is (region != "US-TX")
            again = {"visitor": told["visitor"], "session": told["session"]}
            later = (await post(server, door(business, "visit"), json.dumps(message(**again)))).json()
            assert later["swaps"] == told["swaps"], "what the visit began with stays"

    run(all_of_it())


def test_a_second_page_keeps_session_and_number_and_another_browser_gets_its_own(
    business: Business, serve: Serve, clock: Clock
) -> None:
    async def use(server: Server) -> None:
        first = (await server.visit(business)).json()
        clock.now += 15 * SECOND
        ids = {"visitor": first["visitor"], "session": first["session"]}
        second = (await server.visit(business, url=f"{PAGE}contact", **ids)).json()
        other = (await server.visit(business)).json()
        assert second == first
        assert other["swaps"] != first["swaps"]
        assert (other["session"], other["visitor"]) != (first["session"], first["visitor"])

    serve(use)


@pytest.mark.parametrize(
    "targets", [f'["{TARGETS[0]}"]', f"[{','.join(TARGETS)}]", " ".join(TARGETS)], ids=["json", "joined", "spaces"]
)
def test_lists_may_come_as_texts_as_old_libraries_make_pages_write_them(
    engine: Engine, business: Business, serve: Serve, targets: str
) -> None:
    async def use(server: Server) -> None:
        first = await server.visit(business, targets=targets)
        assert TARGETS[0] in first.json()["swaps"]
        events = json.dumps([{"kind": "tap", "target": TARGETS[0]}])
        beat = json.dumps({"session": first.json()["session"], "state": "visible", "events": events})
        assert (await post(server, door(business, "beat"), beat)).status_code == 204
        assert [event["kind"] for event in rows_of(engine, "visit_events")] == ["tap"]
        assert is_refused(await post(server, door(business, "beat"), beat.replace("[{", "[[")), 400)

    serve(use)


@pytest.mark.parametrize("written", [list, " ".join], ids=["json", "spaces"])
def test_of_a_page_that_shows_very_many_numbers_the_first_fifty_are_heard(
    engine: Engine, business: Business, serve: Serve, written: Callable[[list[str]], object]
) -> None:
    others = [f"+1202555{number:04}" for number in range(200, 300)]

    async def use(server: Server) -> None:
        many = await server.visit(business, targets=written([*others[:49], TARGETS[0], *others[49:]]))
        assert (many.status_code, list(many.json()["swaps"])) == (200, [TARGETS[0]])
        late = await server.visit(business, targets=written([*others, TARGETS[0]]))
        assert (late.status_code, late.json()["swaps"]) == (200, {})

    serve(use)


def test_of_very_many_cookies_a_visit_keeps_the_ones_that_matter(
    engine: Engine, business: Business, serve: Serve
) -> None:
    jar = {f"_ga_{number:08}": "GS1.1.1.1" for number in range(30)} | {"_ga": "GA1.1.5.6", "_fbp": "fb.1.1.1"}

    async def use(server: Server) -> None:
        answer = await server.visit(business, cookies=jar)
        assert (answer.status_code, list(answer.json()["swaps"])) == (200, [TARGETS[0]])
        [session] = rows_of(engine, "sessions")
        assert len(session["cookies"]) == 20
        assert {"_ga", "_fbp"} < session["cookies"].keys()

    serve(use)


def test_beats_are_204_and_a_cooled_number_comes_back_with_the_next(
    engine: Engine, business: Business, serve: Serve, clock: Clock
) -> None:
    async def use(server: Server) -> None:
        first = (await server.visit(business)).json()
        for state in ("visible", "hidden", "gone"):
            clock.now += 5 * SECOND
            answer = await server.beat(business, first["session"], state)
            assert (answer.status_code, answer.content) == (204, b"")
            assert answer.headers["access-control-allow-origin"] == "*"
        (lease,) = rows_of(engine, "leases")
        assert (lease["state"], lease["until_at"]) == ("ended", clock.now)
        clock.now += 60 * SECOND
        assert (await server.beat(business, first["session"])).status_code == 204
        live = rows_of(engine, "leases", state="live")
        assert [each["number_id"] for each in live] == [lease["number_id"]]

    serve(use)


def test_who_comes_back_to_a_number_that_is_taken_gets_another_in_the_beats_answer(
    business: Business, serve: Serve, clock: Clock
) -> None:
    async def use(server: Server) -> None:
        first = (await server.visit(business)).json()
        await server.beat(business, first["session"], "gone")
        clock.now += 10 * SECOND
        others = [(await server.visit(business)).json()["swaps"] for _ in range(3)]
        assert first["swaps"] in others
        answer = await server.beat(business, first["session"])
        assert (answer.status_code, answer.json()) == (200, {"swaps": {TARGETS[0]: {"number": FALLBACK}}})

    serve(use)


def test_what_a_visitor_did_comes_with_a_beat(
    engine: Engine, business: Business, serve: Serve, clock: Clock
) -> None:
    async def use(server: Server) -> None:
        first = (await server.visit(business)).json()
        clock.now += 10 * SECOND
        done = [{"kind": "tap", "age_ms": 120, "target": TARGETS[0]}, {"kind": "page", "url": f"{PAGE}drains"}]
        assert (await server.beat(business, first["session"], events=done)).status_code == 204
        rows = {row["kind"]: row for row in rows_of(engine, "visit_events")}
        assert rows["tap"]["happened_at"] == clock.now - 120
        assert rows["tap"]["properties"] == {"target": TARGETS[0]}
        assert rows["page"]["url"] == f"{PAGE}drains"

    serve(use)


def test_an_event_from_before_a_page_slept_costs_the_beat_nothing_else(
    engine: Engine, business: Business, serve: Serve
) -> None:
    async def use(server: Server) -> None:
        session = (await post(server, door(business, "visit"), json.dumps(message()))).json()["session"]
        ages = (DAY + 1, 10**30, 120, DAY, -2_000_000_000)
        done = [{"kind": "custom", "age_ms": age_ms} for age_ms in ages]
        beat = {"session": session, "state": "visible", "events": done}
        assert (await post(server, door(business, "beat"), json.dumps(beat))).status_code == 204
        happened = sorted(row["happened_at"] for row in rows_of(engine, "visit_events"))
        assert happened == [NOW - DAY] * 3 + [NOW - 120, NOW]

    serve(use)


def test_a_session_that_is_over_is_gone_and_so_is_an_unknown_one(
    business: Business, serve: Serve, clock: Clock
) -> None:
    async def use(server: Server) -> None:
        first = (await server.visit(business)).json()
        clock.now += 31 * 60 * SECOND
        assert (await server.beat(business, first["session"])).status_code == ENDED
        assert (await server.beat(business, "nobody's")).status_code == ENDED

    serve(use)


@pytest.mark.parametrize("known_by", ["visitor", "session", "the server's cookie"])
def test_who_wants_to_be_forgotten_is(
    engine: Engine, business: Business, serve: Serve, clock: Clock, known_by: str
) -> None:
    async def use(server: Server) -> None:
        first = (await server.visit(business)).json()
        ids = {"visitor": [first["visitor"]], "session": [None, first["session"]]}.get(known_by, [])
        # Its cookie is on this very client, as calls.example.com is the site's own.
        server.client.cookies = {} if ids else {"_swbv": first["visitor"]}  # type: ignore[assignment]
        answer = await post(server, door(business, "beat"), json.dumps({"forget": ids}))
        assert (answer.status_code, answer.content) == (204, b"")
        assert '_swbv=""' in answer.headers["set-cookie"]
        assert first["visitor"] not in str(rows_of(engine, "sessions"))
        assert rows_of(engine, "leases", state="live") == []

    serve(use)


@pytest.mark.parametrize("ids", ['"x"', "{}", "[1, {}]", '["' + "x" * 100 + '"]', "[]", "null", "[1,2,3,4]"])
def test_a_wish_that_names_nobody_harms_nobody(engine: Engine, business: Business, serve: Serve, ids: str) -> None:
    async def use(server: Server) -> None:
        first = (await server.visit(business)).json()
        server.client.cookies.clear()
        answer = await post(server, door(business, "beat"), f'{{"forget": {ids}}}')
        assert answer.status_code in {204, 400}, answer.text
        assert rows_of(engine, "sessions")[0]["visitor_id"] == first["visitor"]

    serve(use)


async def link_hosts(server: Server, business: Business) -> None:
    """The site has another host, to which sessions are handed over."""
    site = replace(business.site, page=PageOptions(linked_hosts=("shop.example.org",)))
    await server.exchange.configure(business.company_id, lambda connection: change_site(connection, site))


def test_a_session_goes_on_at_another_host_by_the_word_in_a_link(
    engine: Engine, business: Business, serve: Serve, clock: Clock
) -> None:
    async def use(server: Server) -> None:
        await link_hosts(server, business)
        first = (await server.visit(business)).json()
        clock.now += 4 * 60 * SECOND
        answer = await post(server, door(business, "beat"), json.dumps({"link": first["session"]}))
        word = answer.json()["link"]
        assert word != first["link"]
        clock.now += 4 * 60 * SECOND
        await server.beat(business, first["session"])
        server.client.cookies.clear()
        there = f"https://shop.example.org/cart#_swb={word}"
        # Tampered, old, and on another machine it is worth nothing.
        for url, browser in (
            (there + "0", BROWSER),
            (f"https://shop.example.org/cart?_swb={first['link']}", BROWSER),
            (there, "Mozilla/5.0 (iPhone)"),
        ):
            other = (await server.visit(business, url=url, headers={"User-Agent": browser})).json()
            assert other["session"] != first["session"]
            assert other["visitor"] != first["visitor"]
        again = (await server.visit(business, url=there)).json()
        assert (again["visitor"], again["session"]) == (first["visitor"], first["session"])
        assert again["swaps"] == first["swaps"]
        assert "_swb=" not in str(rows_of(engine, "visit_events") + rows_of(engine, "sessions"))

    serve(use)


def test_a_word_is_given_to_sessions_that_go_on_only(business: Business, serve: Serve, clock: Clock) -> None:
    async def use(server: Server) -> None:
        first = (await server.visit(business)).json()
        await link_hosts(server, business)
        for nobody in ("x", "0" * 32):
            answer = await post(server, door(business, "beat"), json.dumps({"link": nobody}))
            assert (answer.status_code, answer.content) == (ENDED, b"")
        for wrong in ("null", "[]", '""', "7", '"' + "x" * 65 + '"'):
            assert is_refused(await post(server, door(business, "beat"), f'{{"link": {wrong}}}'), 400)
        clock.now += 31 * 60 * SECOND
        answer = await post(server, door(business, "beat"), json.dumps({"link": first["session"]}))
        assert (answer.status_code, answer.content) == (ENDED, b"")

    serve(use)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{}", "session: Field required."),
        ("[]", "body: Input should be an object."),
        ('{"forget": 7}', "forget: Input should be a valid array."),
        ('{"link": 7}', "link: Input should be a valid string."),
    ],
)
def test_which_message_it_is_follows_from_its_fields(
    business: Business, serve: Serve, body: str, reason: str
) -> None:
    async def use(server: Server) -> None:
        assert (await post(server, door(business, "beat"), body)).json() == {"error": reason}

    serve(use)


def test_how_a_message_is_spaced_and_ordered_does_not_matter(
    engine: Engine, business: Business, serve: Serve
) -> None:
    async def use(server: Server) -> None:
        first = (await server.visit(business)).json()
        await link_hosts(server, business)
        link = await post(server, door(business, "beat"), f' {{"more": 1, "link": "{first["session"]}"}}')
        assert link.json()["link"]
        forget = await post(server, door(business, "beat"), f'\n{{ "forget" : ["{first["visitor"]}"] }}')
        assert forget.status_code == 204
        assert rows_of(engine, "sessions")[0]["visitor_id"] != first["visitor"]

    serve(use)


def test_a_page_without_our_number_leases_none(engine: Engine, business: Business, serve: Serve) -> None:
    async def use(server: Server) -> None:
        for targets in ([], ["+12025550199"], ["call us", ""]):
            answer = await server.visit(business, targets=targets)
            assert (answer.status_code, answer.json()["swaps"]) == (200, {})
        assert rows_of(engine, "leases") == []

    serve(use)


def test_a_hidden_page_leases_none_until_it_is_seen(engine: Engine, business: Business, serve: Serve) -> None:
    async def use(server: Server) -> None:
        told = (await server.visit(business, visible=False)).json()
        assert told["swaps"] == {}
        assert rows_of(engine, "leases") == []
        ids = {"visitor": told["visitor"], "session": told["session"]}
        assert (await server.visit(business, **ids)).json()["swaps"] != {}

    serve(use)


def test_who_asks_not_to_be_sold_is_given_a_number_and_no_cookie_is_kept(
    engine: Engine, business: Business, serve: Serve
) -> None:
    async def use(server: Server) -> None:
        answer = await post(server, door(business, "visit"), json.dumps(message()), sec_gpc="1")
        assert answer.json()["swaps"] != {}
        (session,) = rows_of(engine, "sessions")
        assert (session["opted_out"], session["cookies"]) == (True, {})

    serve(use)


# Who gets no number.


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"user_agent": GOOGLEBOT}, Dropped.CRAWLER),
        ({"user_agent": ""}, Dropped.CRAWLER),
        ({"user_agent": "curl/8.5.0"}, Dropped.CRAWLER),
        ({"sec_purpose": "prefetch"}, Dropped.PREFETCH),
        ({"sec_purpose": "prefetch;prerender"}, Dropped.PREFETCH),
        ({"purpose": "prefetch"}, Dropped.PREFETCH),
    ],
)
def test_crawlers_and_prefetches_see_the_original_and_leave_no_trace(
    engine: Engine, business: Business, serve: Serve, headers: dict[str, str], reason: Dropped
) -> None:
    async def use(server: Server) -> None:
        before = counts(engine)
        answer = await post(server, door(business, "visit"), json.dumps(message(visible=False)), **headers)
        assert answer.status_code == 200
        assert answer.json() == {"visitor": None, "session": None, "swaps": {}, "beat": BEAT_SECONDS}
        assert counts(engine) == before
        assert server.collector.dropped == {reason: 1}

    serve(use)


def test_a_prepared_page_that_is_looked_at_gets_its_number(business: Business, serve: Serve) -> None:
    """Chromium's request still says `prerender` at the moment in which the page is shown."""

    async def use(server: Server) -> None:
        answer = await post(
            server, door(business, "visit"), json.dumps(message()), sec_purpose="prefetch;prerender"
        )
        assert answer.json()["swaps"]
        assert server.collector.dropped == {}

    serve(use)


OTHERS = ("https://example.org", "https://example.com.example.org", "https://notexample.com", "null", HTML, "")


def test_pages_of_others_are_turned_away(engine: Engine, business: Business, serve: Serve) -> None:
    async def use(server: Server) -> None:
        before = counts(engine)
        for origin in OTHERS:
            for name, told in (("visit", message()), ("beat", {"session": "s", "state": "gone"})):
                answer = await post(server, door(business, name), json.dumps(told), origin=origin)
                assert is_refused(answer, 403), origin
        assert counts(engine) == before
        assert server.collector.dropped == {Dropped.FOREIGN_ORIGIN: 2 * len(OTHERS)}

    serve(use)


def test_a_refusal_may_be_read_by_a_page_that_sends_cookies(business: Business, serve: Serve) -> None:
    async def use(server: Server) -> None:
        headers = {"host": "calls.example.com", "origin": f"https://{HOST}"}
        answer = await post(server, door(business, "visit"), "{", **headers)
        assert answer.status_code == 400
        assert answer.headers["access-control-allow-origin"] == headers["origin"]
        assert answer.headers["access-control-allow-credentials"] == "true"

    serve(use)


def test_the_sites_own_pages_are_let_in(business: Business, serve: Serve) -> None:
    async def use(server: Server) -> None:
        for origin in ("https://www.example.com", "https://example.com:8443", "http://EXAMPLE.com"):
            answer = await post(server, door(business, "visit"), json.dumps(message()), origin=origin)
            assert answer.status_code == 200

    serve(use)


# What is wrong.

NOT_JSON: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"visitor=1&url=x",
    "cut short": json.dumps(message()).encode()[:-9],
    "two documents": b'{"url":"https://www.example.com/"}{"url":"x"}',
    "not UTF-8": b'{"url":"https://www.example.com/\xff\xfe"}',
    "UTF-16": json.dumps(message()).encode("utf-16"),
    "a list": b"[]",
    "a number": b"12",
    "null": b"null",
    "deeply nested": b'{"url":' + b"[" * 3_000 + b"]" * 3_000 + b"}",
    "deep in a field that is not known": b'{"url":"https://www.example.com/","x":'
    + b'{"a":' * 900
    + b"1"
    + b"}" * 901,
    "a NUL": b'{"url":"https://www.example.com/\\u0000"}',
    "a raw NUL": b'{"url":"https://www.example.com/\x00"}',
    "half a surrogate pair that is cut short": b'{"url":"https://www.example.com/\\ud800',
    "half a pair, deeply nested": b'{"url":' + b"[" * 3_000 + b'"\\ud800"' + b"]" * 3_000 + b"}",
}


@pytest.mark.parametrize("name", ["visit", "beat"])
def test_a_body_that_is_none_is_a_400(engine: Engine, business: Business, serve: Serve, name: str) -> None:
    async def use(server: Server) -> None:
        before = counts(engine)
        for what, body in NOT_JSON.items():
            assert is_refused(await post(server, door(business, name), body), 400), what
        assert counts(engine) == before
        assert (await server.visit(business)).status_code == 200

    serve(use)


def test_a_text_that_was_cut_within_an_emoji_costs_no_number_and_no_form(
    engine: Engine, business: Business, serve: Serve
) -> None:
    async def use(server: Server) -> None:
        told = json.dumps(message(title="Pipes \ud83d", cookies={"_ga\udfff": "x"}))
        assert "\\ud83d" in told
        answer = await post(server, door(business, "visit"), told)
        assert answer.status_code == 200
        session = answer.json()["session"]
        done = [{"kind": "custom", "name": "\ud83d", "props": {"whole \U0001f600": "\\ud83d"}}]
        beat = json.dumps({"session": session, "state": "visible", "events": done})
        assert (await post(server, door(business, "beat"), beat)).status_code == 204

    serve(use)
    with engine.connect() as connection:
        assert connection.execute(select(sessions.c.landing_title)).scalars().all() == ["Pipes ?"]
        properties = connection.execute(select(visit_events.c.properties)).scalar_one()
    assert properties == {"name": "?", "props": {"whole \U0001f600": "\\ud83d"}}


WRONG_VISITS: dict[str, dict[str, Any]] = {
    "no address": {"url": None},
    "an address that is a number": {"url": 5},
    "targets that are no list": {"targets": {"+442079460100": 1}},
    "targets that are numbers": {"targets": [442079460100]},
    "cookies that are a list": {"cookies": ["_ga"]},
    "a cookie that is no text": {"cookies": {"_ga": {"a": 1}}},
    "a long visitor": {"visitor": "v" * 65},
    "a session that is an object": {"session": {"id": "s"}},
    "a long time zone": {"time_zone": "z" * 65},
    "visible, perhaps": {"visible": "perhaps"},
    "a long consent": {"consent": "g" * 21},
}


def test_a_visit_with_a_wrong_field_is_a_400_that_names_it(
    engine: Engine, business: Business, serve: Serve
) -> None:
    async def use(server: Server) -> None:
        before = counts(engine)
        for what, changes in WRONG_VISITS.items():
            answer = await post(server, door(business, "visit"), json.dumps(message(**changes)))
            assert is_refused(answer, 400), what
            assert answer.json()["error"].startswith(next(iter(changes))), what
        assert counts(engine) == before

    serve(use)


WRONG_BEATS: dict[str, dict[str, Any]] = {
    "no state": {"session": "s"},
    "no session": {"state": "gone"},
    "an unknown state": {"session": "s", "state": "asleep"},
    "a long session": {"session": "s" * 65, "state": "gone"},
    "events that are none": {"session": "s", "state": "gone", "events": "tap"},
    "an unknown kind": {"session": "s", "state": "gone", "events": [{"kind": "theft"}]},
    "an age that is no number": {"session": "s", "state": "gone", "events": [{"kind": "tap", "age_ms": "soon"}]},
    "too many events": {"session": "s", "state": "gone", "events": [{"kind": "tap"}] * 101},
}


def test_a_beat_with_a_wrong_field_is_a_400(engine: Engine, business: Business, serve: Serve) -> None:
    async def use(server: Server) -> None:
        before = counts(engine)
        for what, told in WRONG_BEATS.items():
            assert is_refused(await post(server, door(business, "beat"), json.dumps(told)), 400), what
        assert counts(engine) == before

    serve(use)


@pytest.mark.parametrize("name", ["visit", "beat"])
def test_a_body_that_is_too_long_is_a_413_and_one_that_just_fits_is_not(
    engine: Engine, business: Business, serve: Serve, name: str
) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 1024 + 1):
            yield b" " * 1024

    async def use(server: Server) -> None:
        before = counts(engine)
        told = json.dumps(message()).encode()
        assert is_refused(await post(server, door(business, name), told.ljust(MAX_BODY_BYTES + 1)), 413)
        assert is_refused(await server.client.post(door(business, name), content=in_pieces()), 413)
        assert counts(engine) == before
        assert (await post(server, door(business, "visit"), told.ljust(MAX_BODY_BYTES))).status_code == 200

    serve(use)


def test_a_length_that_is_none_is_a_4xx(engine: Engine, business: Business, serve: Serve) -> None:
    async def use(server: Server) -> None:
        before = counts(engine)
        for length in ("abc", "-1", "1e3", "²", "9" * 5_000, "", "0x10", "1 2"):
            request = server.client.build_request("POST", door(business, "visit"), content=b"{}")
            request.headers["content-length"] = length
            assert is_refused(await server.client.send(request), 400, 413), length[:20]
        assert counts(engine) == before

    serve(use)


def test_the_type_of_the_body_does_not_matter(business: Business, serve: Serve) -> None:
    async def use(server: Server) -> None:
        for media_type in ("application/json", "text/plain;charset=utf-16", "image/png", "", "x" * 300):
            answer = await post(server, door(business, "visit"), json.dumps(message()), content_type=media_type)
            assert answer.status_code == 200
            assert answer.json()["swaps"] != {}

    serve(use)


KEYS = ("nobody", SQL, "%3Cscript%3E", "%00", "%ED%A0%80", "..%5c..%5cetc", "x" * 2_000, "%F0%9F%98%80")


def test_an_unknown_site_is_a_404(engine: Engine, business: Business, serve: Serve) -> None:
    async def use(server: Server) -> None:
        before = counts(engine)
        for key in KEYS:
            for method, path in (("POST", f"/t/{key}/visit"), ("POST", f"/t/{key}/beat"), ("GET", f"/t/{key}.js")):
                answer = await server.client.request(method, path, content=json.dumps(message()))
                assert is_refused(answer, 404), path
        assert counts(engine) == before

    serve(use)


def test_another_method_is_a_405_that_says_which_to_use(engine: Engine, business: Business, serve: Serve) -> None:
    async def use(server: Server) -> None:
        before = counts(engine)
        for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
            for name in ("visit", "beat"):
                answer = await server.client.request(method, door(business, name), content=json.dumps(message()))
                assert is_refused(answer, 405)
                assert answer.headers["allow"] == "POST"
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            answer = await server.client.request(method, f"/t/{business.site.site_key}.js")
            assert is_refused(answer, 405)
            assert answer.headers["allow"] == "GET"
        assert counts(engine) == before

    serve(use)


NASTY = {
    "SQL": SQL,
    "HTML": HTML,
    "a percent-encoded NUL": "%00",
    "a surrogate by percents": "%ED%A0%80",
    "bytes that are no text": "%FF%FE",
    "a lone percent": "%",
    "control characters": "\x01\x02\x7f\u2028\u202e",
    "an emoji": "\U0001f4de",
    "very long": "a" * 1_200,
}


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY.keys())
def test_what_is_nasty_in_every_field_is_kept_as_text_and_harms_nothing(
    engine: Engine, business: Business, serve: Serve, nasty: str
) -> None:
    def url(name: str) -> str:
        return f"https://{HOST}/{nasty}?{name}={nasty}&utm_source={nasty}&utm_medium=cpc&gclid={nasty}#{nasty}"

    fields: dict[str, Any] = {
        "visitor": nasty[:64],
        "session": nasty[:64],
        "url": url("utm_campaign"),
        "referrer": f"https://www.google.com/{nasty[:500]}?q={nasty[:500]}",
        "title": nasty[:500],
        "targets": [nasty[:300], TARGETS[0]],
        "time_zone": nasty[:64],
        "cookies": {nasty[:64]: nasty[:64]},
        "consent": nasty[:20],
    }

    async def use(server: Server) -> None:
        for name, value in fields.items():
            answer = await post(server, door(business, "visit"), json.dumps(message(**{name: value})))
            assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), (
                name,
                answer.text,
            )
            assert TARGETS[0] in answer.json()["swaps"]
        told = answer.json()
        done = {
            "kind": "custom",
            "url": url("x")[:2_000],
            "title": nasty[:500],
            "name": nasty[:500],
            nasty[:500]: {"a": [nasty[:500]]},
        }
        assert (await server.beat(business, told["session"], events=[done])).status_code == 204
        (event,) = rows_of(engine, "visit_events")
        assert event["title"] == nasty[:500]
        assert event["properties"][nasty[:500]] == {"a": [nasty[:500]]}
        assert len(rows_of(engine, "sessions")) == len(fields)
        assert doubly_live(engine) == []

    serve(use)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400, "-0.0", "1e-400"])
def test_odd_numbers_in_an_event_never_end_in_a_5xx(
    engine: Engine, business: Business, serve: Serve, number: str
) -> None:
    async def use(server: Server) -> None:
        session = (await server.visit(business)).json()["session"]
        body = f'{{"session":"{session}","state":"visible","events":[{{"kind":"custom","value":{number}}}]}}'
        answer = await post(server, door(business, "beat"), body)
        assert answer.status_code == 204 or is_refused(answer, 400)
        kept = rows_of(engine, "visit_events")
        assert len(kept) == (answer.status_code == 204)

    serve(use)


def test_a_replayed_visit_takes_no_second_number_and_a_replayed_beat_counts_once_more_at_most(
    engine: Engine, business: Business, serve: Serve
) -> None:
    async def use(server: Server) -> None:
        first = (await server.visit(business)).json()
        again = json.dumps(message(visitor=first["visitor"], session=first["session"], url=PAGE))
        for _ in range(5):
            assert (await post(server, door(business, "visit"), again)).json() == first
        assert len(rows_of(engine, "leases")) == 1
        assert len(rows_of(engine, "sessions")) == 1

    serve(use)


def test_ids_of_another_company_are_nobodys_here(engine: Engine, business: Business, serve: Serve) -> None:
    with writing(engine) as connection:
        other = open_business(connection)

    async def use(server: Server) -> None:
        theirs = (await server.visit(other)).json()
        mine = (await server.visit(business, visitor=theirs["visitor"], session=theirs["session"])).json()
        assert mine["session"] != theirs["session"]
        assert mine["visitor"] != theirs["visitor"]
        assert (await server.beat(business, theirs["session"], "gone")).status_code == ENDED
        (lease,) = rows_of(engine, "leases", company_id=other.company_id)
        assert lease["state"] == "live"

    serve(use)


# When there is too much, or no database.


def test_an_address_that_comes_too_often_is_a_429_and_may_come_again(
    settings: Settings, business: Business, clock: Clock
) -> None:
    async def use() -> None:
        async with served(settings_with(settings, visits_per_second=1), clock) as server:
            for _ in range(BURST):
                assert (await server.beat(business, "nobody's")).status_code == ENDED
            answer = await server.visit(business)
            assert is_refused(answer, 429)
            assert answer.headers["retry-after"] == "1"
            assert server.collector.dropped == {Dropped.TOO_MANY: 1}
            clock.now += SECOND
            assert (await server.visit(business)).status_code == 200

    run(use())


def settings_with(settings: Settings, **changes: Any) -> Settings:
    return replace(settings, **changes)


def test_too_much_that_waits_is_a_503_with_a_time_to_come_back(
    engine: Engine, settings: Settings, business: Business
) -> None:
    async def use() -> None:
        async with served(settings_with(settings, max_waiting=3)) as server:
            with hanging_database(engine, "companies"):
                waiting = [asyncio.create_task(server.visit(business)) for _ in range(3)]
                await until(lambda: server.exchange.writer.unanswered >= 3)
                answer = await server.visit(business)
                assert answer.status_code == 503
                assert int(answer.headers["retry-after"]) >= 1
                assert "keeps its number" in answer.json()["error"]
                assert server.collector.dropped == {Dropped.OVERLOADED: 1}
            assert [each.status_code for each in await asyncio.gather(*waiting)] == [200] * 3

    run(use())


def test_a_database_that_is_away_is_a_503_and_the_script_is_still_given(
    migrated_url: str, settings: Settings, business: Business
) -> None:
    async def use() -> None:
        async with served(settings) as server:
            with without_database(migrated_url, server.exchange.engine):
                for answer in (await server.visit(business), await server.beat(business, "s")):
                    assert answer.status_code == 503
                    assert int(answer.headers["retry-after"]) >= 1
                assert (await server.client.get(f"/t/{business.site.site_key}.js")).status_code == 200

            async def is_back() -> bool:
                return (await server.visit(business)).status_code == 200

            async with asyncio.timeout(HANGS_AFTER_SECONDS):
                while not await is_back():
                    await asyncio.sleep(0.02)

    run(use())


@pytest.mark.parametrize("job", [ADMIT, HEAR], ids=["visit", "beat"])
def test_a_fault_of_ours_in_one_piece_of_work_harms_no_other(
    business: Business, serve: Serve, monkeypatch: pytest.MonkeyPatch, job: Any
) -> None:
    """A 500 there is, for it is our fault; but what comes after is served."""

    async def use(server: Server) -> None:
        first = (await server.visit(business)).json()
        submit = server.exchange.writer.submit

        async def broken(asked: Any, work: Any) -> Any:
            if asked is job:
                raise RuntimeError("the moon is full")
            return await submit(asked, work)

        monkeypatch.setattr(server.exchange.writer, "submit", broken)
        for answer in (await server.visit(business), await server.beat(business, first["session"])):
            assert "moon" not in answer.text
        monkeypatch.undo()
        assert (await server.visit(business)).status_code == 200

    serve(use)
