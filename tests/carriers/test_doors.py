"""Each carrier's doors, by HTTP into the real application, with what nobody should send: never a 5xx, and the next
call gets through (invariant 4).

Whoever is not the carrier is told so. What the carrier itself sends, and makes no sense, still dials.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import Engine
from twilio.request_validator import RequestValidator

from swapboard.accounts.secrets import Vault
from swapboard.carriers.base import Carrier, CarrierRequest, Door, Links, Signer
from swapboard.carriers.installed import carrier_kind
from swapboard.carriers.sandbox.dialect import OwnSide, Sent
from swapboard.clock import system_clock
from swapboard.settings import Settings
from swapboard.storage.engine import writing
from swapboard.web.webhooks import MAX_BODY_BYTES
from tests.building import (
    DEFAULT_DESTINATION,
    DESTINATION,
    ON_SQLITE,
    Business,
    Server,
    counts,
    open_business,
    pool_number,
    run,
    served,
    settings_of,
    until,
)
from tests.carriers.signalwire.network import SIGNALWIRE
from tests.carriers.stories.cast import CAST
from tests.carriers.stories.plug import Plug
from tests.carriers.telnyx.network import TELNYX, TelnyxDialect

pytestmark = ON_SQLITE

CALLER = "+12125550111"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
SPEAKS_JSON = frozenset(("bandwidth", "vonage"))
LINES: Mapping[str, Mapping[str, str]] = {
    "lines": {"server": "192.0.2.10", "username": "u", "password": "p" * 16, "numbers": pool_number(0, 0)},
    "asterisk": {
        "url": "http://127.0.0.1:8088",
        "username": "u",
        "password": "p" * 16,
        "endpoint": "PJSIP/{number}@trunk",
        "numbers": pool_number(0, 0),
    },
}
NASTY = "\"><script>alert(1)</script>'; DROP TABLE calls;--\x00\u202e\ud83d\ude00" + "9" * 900
NAMES = (
    *("CallSid", "From", "To", "CallStatus", "CallUUID", "Event", "callId", "eventType", "from", "to", "status"),
    *("conversation_uuid", "uuid", "direction", "timestamp", "recording_url", "RecordingUrl", "Digits", "dtmf"),
    *("startTime", "answerTime", "endTime", "duration", "DialCallStatus", "MessageSid", "message_uuid", "channel"),
)


def own_side(links: Links, call_ref: str) -> OwnSide:
    """A call to a number of ours that begins now."""
    now = system_clock()
    voice, status = links.door(Door.VOICE), links.door(Door.STATUS)
    return OwnSide(call_ref, CALLER, pool_number(0, 0), "ringing", voice, status, now, now)


def signed(plug: Plug, url: str, body: bytes, content_type: str) -> Mapping[str, str]:
    """The headers with which this very body would be the carrier's own; none where it cannot be signed at all."""
    made = {"content-type": content_type}
    request = CarrierRequest(Door.VOICE, "POST", url, made, body, system_clock())
    carrier = _opened(plug.kind)
    try:
        if isinstance(carrier, Signer) and plug.kind != SIGNALWIRE.kind:
            return made | dict(carrier.sign(request))
    except ValueError:
        return made
    if plug.kind == TELNYX.kind:
        assert isinstance(plug.dialect, TelnyxDialect)
        moment = str(system_clock() // 1000)
        signature = base64.b64encode(plug.dialect.private_key.sign(f"{moment}|".encode() + body)).decode()
        return made | {"telnyx-timestamp": moment, "telnyx-signature-ed25519": signature}
    assert plug.kind == SIGNALWIRE.kind
    key = RequestValidator(plug.credentials["signing_key"])
    form = dict(pair.split("=", 1) for pair in body.decode("latin-1").split("&") if "=" in pair)
    return made | {"x-signalwire-signature": key.compute_signature(url, form)}


@cache
def _opened(kind: str) -> Carrier:
    return carrier_kind(kind).open(next(plug.credentials for plug in CAST if plug.kind == kind))


def senseless(plug: Plug) -> Iterator[bytes]:
    """Bodies that tell of no call."""
    yield b""
    yield b"\xff\xfe\x00\x01"
    yield b"{"
    yield b"null"
    yield b"[" * 9_000
    yield b'{"a": 1' + b"0" * 5_000 + b"}"
    yield b"&".join(b"a%d=1" % index for index in range(500))
    if plug.kind in SPEAKS_JSON:
        for value in (
            None,
            7,
            [],
            {},
            {"a": {"b": []}},
            NASTY,
            "\ud800",
            ["\ud800"],
            True,
            1e308,
            "2026-13-45T99",
        ):
            yield json.dumps(dict.fromkeys(NAMES, value)).encode()
        yield json.dumps(
            [{"type": "message-received", "message": {"id": "m1", "from": "\ud800", "to": NASTY}}]
        ).encode()
        yield json.dumps({"eventType": "initiate", "callId": NASTY, "to": 7, "from": []}).encode()
    else:
        yield urlencode(dict.fromkeys(NAMES, NASTY[:60].encode("utf-8", "replace"))).encode()
        yield urlencode(dict.fromkeys(NAMES, "")).encode()
        yield b"CallSid=%ff%fe&From=%00&To=%zz"
        yield b"CallSid=CA1&CallSid=CA2&CallUUID=a&CallUUID=b"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_of(tmp_path, database_url)


def a_business(engine: Engine, settings: Settings, kind: str, credentials: Mapping[str, str]) -> Business:
    sealed = Vault.open(settings.secret_file).seal(dict(credentials))
    with writing(engine) as connection:
        return open_business(connection, carrier_kind=kind, credentials=sealed)


async def send(server: Server, sent: Sent) -> httpx.Response:
    return await server.client.request(sent.method, sent.url, content=sent.body, headers=dict(sent.headers))


async def gets_through(server: Server, plug: Plug, links: Links) -> bool:
    """True when an ordinary call does."""
    arrival = plug.dialect.arrival(own_side(links, plug.dialect.new_ref("call")))
    answer = await send(server, plug.dialect.sent(arrival, system_clock()))
    return answer.status_code == 200 and DESTINATION[1:] in answer.text


@pytest.mark.parametrize("plug", CAST, ids=lambda plug: plug.kind)
def test_who_is_not_the_carrier_is_told_so(engine: Engine, settings: Settings, plug: Plug) -> None:
    business = a_business(engine, settings, plug.kind, plug.credentials)
    links = Links(settings.public_url, business.carrier_id)
    arrival = plug.dialect.arrival(own_side(links, plug.dialect.new_ref("call")))
    stranger = plug.stranger.arrival(own_side(links, plug.stranger.new_ref("call")))
    good, forged = plug.dialect.sent(arrival, system_clock()), plug.stranger.sent(stranger, system_clock())
    unsigned = {"content-type": good.headers.get("Content-Type", FORM)}
    bad: list[tuple[int, str, str, Mapping[str, Any], bytes]] = [
        (403, "POST", good.url, unsigned, good.body),
        (403, "POST", forged.url, forged.headers, forged.body),
        (403, "POST", good.url, dict.fromkeys(good.headers, b"\xff\xfe"), good.body),
        (403, "POST", good.url, dict.fromkeys(good.headers, "\u00e9".encode("latin-1") * 900), good.body),
        (403, "POST", good.url, {**unsigned, "authorization": "Basic " + "=" * 4_000}, good.body),
        (403, "POST", good.url, {**unsigned, "authorization": "Bearer a.b.c"}, good.body),
        (403, "GET", f"{good.url}?state=%ff%fe%00&state=x", {}, b""),
        (413, "POST", good.url, good.headers, b"a" * (MAX_BODY_BYTES + 1)),
        (413, "POST", good.url, {**good.headers, "content-length": "9" * 30}, good.body),
        (405, "PUT", good.url, good.headers, good.body),
        (405, "DELETE", good.url, good.headers, good.body),
        (404, "POST", good.url.replace(business.carrier_id, "nobody"), good.headers, good.body),
        (404, "POST", good.url.replace("/voice", "/nothing"), good.headers, good.body),
        *((403, "POST", links.door(door), unsigned, b"\xff\x00{") for door in Door),
    ]

    async def use() -> None:
        async with served(settings) as server:
            before = counts(engine)
            for expected, method, url, headers, body in bad:
                answer = await send(server, Sent(method, url, headers, body))
                assert answer.status_code == expected, (method, url, headers)
                assert DESTINATION[1:] not in answer.text
                assert DEFAULT_DESTINATION[1:] not in answer.text
            assert counts(engine) == before
            assert await gets_through(server, plug, links)
            first, again = [await send(server, good) for _ in range(2)]
            assert first.status_code == 200
            assert (again.status_code, again.text) == (200, first.text), "the carrier asks once more"
            await until(lambda: counts(engine)["calls"] == 2)

    run(use())


@pytest.mark.parametrize("plug", CAST, ids=lambda plug: plug.kind)
def test_what_the_carrier_says_and_makes_no_sense_still_dials(
    engine: Engine, settings: Settings, plug: Plug
) -> None:
    business = a_business(engine, settings, plug.kind, plug.credentials)
    links = Links(settings.public_url, business.carrier_id)

    async def use() -> None:
        async with served(settings) as server:
            dialled = 0
            for body in senseless(plug):
                for content_type in (FORM, JSON):
                    for door in Door:
                        url = links.door(door)
                        headers = signed(plug, url, body, content_type)
                        answer = await send(server, Sent("POST", url, headers, body))
                        told = (door, content_type, body[:80], answer.text[:200])
                        assert answer.status_code in {200, 204, 400, 403}, told
                        if door is Door.VOICE and answer.status_code == 200:
                            assert DEFAULT_DESTINATION[1:] in answer.text, told
                            dialled += 1
                        assert (answer.status_code, door) != (400, Door.VOICE), told
            assert dialled >= 3, "some of it was signed"
            assert await gets_through(server, plug, links)
            await until(lambda: server.exchange.spool.is_empty and not server.carriers.is_writing)

    run(use())


@pytest.mark.parametrize("kind", LINES)
def test_nobody_tells_by_http_what_happens_on_own_lines(engine: Engine, settings: Settings, kind: str) -> None:
    business = a_business(engine, settings, kind, LINES[kind])
    links = Links(settings.public_url, business.carrier_id)
    bodies = [
        b"",
        b"\xff\xfe\x00",
        b"{",
        b"[" * 9_000,
        b"CallSid=CA1&From=%2B1",
        b'{"kind": "arrived"}',
        b"a=" * 9_000,
    ]
    logins = [{}, {"authorization": b"\xff\xfe"}, {"authorization": "Basic dTpwcHBwcHBwcHBwcHBwcHBw"}]

    async def use() -> None:
        async with served(settings) as server:
            before = counts(engine)
            for door in Door:
                url = links.door(door)
                for headers in logins:
                    for body in bodies:
                        assert (await send(server, Sent("POST", url, headers, body))).status_code == 403
                    assert (await send(server, Sent("GET", f"{url}?state=%ff", headers, b""))).status_code == 403
                assert (await send(server, Sent("PUT", url, {}, b""))).status_code == 405
                large = await send(server, Sent("POST", url, {}, b"a" * (MAX_BODY_BYTES + 1)))
                assert large.status_code == 413
            assert counts(engine) == before
            assert not server.exchange.directory.degraded

    run(use())
