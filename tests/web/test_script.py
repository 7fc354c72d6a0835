"""The script as browsers ask for it: caches, encodings, and a set-up that changes."""

import gzip
import json
import re
from pathlib import Path

import brotli
import httpx
import pytest
from sqlalchemy import Engine

from swapboard.numbers.inventory import add_target
from swapboard.numbers.rules import SwapTarget
from swapboard.storage.engine import writing
from tests.building import (
    BEAT_SECONDS,
    DESTINATION,
    NOW,
    ON_SQLITE,
    TARGETS,
    Business,
    Server,
    open_business,
    run,
    served,
    settings_of,
)

pytestmark = ON_SQLITE


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection)


async def ask(server: Server, business: Business, **headers: str) -> httpx.Response:
    named = {"accept-encoding": "identity"} | {name.replace("_", "-"): value for name, value in headers.items()}
    request = server.client.build_request("GET", f"/t/{business.site.site_key}.js", headers=named)
    return await server.client.send(request, stream=True)


async def raw(answer: httpx.Response) -> bytes:
    """The body as it came, not unpacked."""
    return b"".join([chunk async for chunk in answer.aiter_raw()])


def test_the_script_has_the_sites_set_up_in_it(migrated_url: str, tmp_path: Path, business: Business) -> None:
    async def use() -> None:
        async with served(settings_of(tmp_path, migrated_url)) as server:
            answer = await ask(server, business)
            text = (await raw(answer)).decode()
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/javascript")
            assert answer.headers["access-control-allow-origin"] == "*"
            assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert re.fullmatch(r"public, max-age=\d+", answer.headers["cache-control"])
            assert "__SWAPBOARD_CONFIG__" not in text
            for told in (business.site.site_key, TARGETS[0], f":{BEAT_SECONDS}"):
                assert told in text

    run(use())


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=1.0", "br"),
        ("", None),
        ("identity", None),
        ("zstd", None),
        ("br;q=0", None),
        ("br; q=0, gzip; q=0", None),
    ],
)
def test_it_comes_packed_as_the_browser_likes_it(
    migrated_url: str, tmp_path: Path, business: Business, accepted: str, encoding: str | None
) -> None:
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}

    async def use() -> None:
        async with served(settings_of(tmp_path, migrated_url)) as server:
            plain = await raw(await ask(server, business))
            answer = await ask(server, business, accept_encoding=accepted)
            assert answer.headers.get("content-encoding") == encoding
            assert "Accept-Encoding" in answer.headers["vary"]
            body = await raw(answer)
            assert unpack[encoding](body) == plain
            assert int(answer.headers["content-length"]) == len(body)

    run(use())


def test_a_browser_that_has_it_is_told_so_until_the_set_up_changes(
    engine: Engine, migrated_url: str, tmp_path: Path, business: Business
) -> None:
    async def use() -> None:
        async with served(settings_of(tmp_path, migrated_url)) as server:
            etag = (await ask(server, business)).headers["etag"]
            assert etag == (await ask(server, business, accept_encoding="br")).headers["etag"]
            for known in (etag, f'"other", {etag}', "*"):
                answer = await ask(server, business, if_none_match=known)
                assert (answer.status_code, await raw(answer)) == (304, b"")
                assert answer.headers["etag"] == etag
                assert "Accept-Encoding" in answer.headers["vary"]
            assert (await ask(server, business, if_none_match='W/"other"')).status_code == 200
            target = SwapTarget("t9", "+442079460177", DESTINATION)
            await server.exchange.configure(
                business.company_id,
                lambda connection: add_target(connection, business.company_id, target, "Another", NOW),
            )
            answer = await ask(server, business, if_none_match=etag)
            assert answer.status_code == 200
            assert answer.headers["etag"] != etag
            assert "+442079460177" in (await raw(answer)).decode()

    run(use())


def test_what_stands_in_the_set_up_cannot_leave_its_place(
    engine: Engine, migrated_url: str, tmp_path: Path
) -> None:
    """The set-up is JSON within JavaScript: what is a text there stays one, whatever is in it."""
    with writing(engine) as connection:
        business = open_business(connection)

    async def use() -> None:
        async with served(settings_of(tmp_path, migrated_url)) as server:
            text = (await raw(await ask(server, business))).decode()
            start = text.index('{"key"')
            configuration, _end = json.JSONDecoder().raw_decode(text[start:])
            assert configuration["key"] == business.site.site_key
            assert TARGETS[0] in json.dumps(configuration)

    run(use())
