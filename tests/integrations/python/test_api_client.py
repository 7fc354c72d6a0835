"""The typed client against the API: over a real port, or a server of our own for what is hard to bring about."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from anyio.to_thread import run_sync
from fastapi import FastAPI

from integrations.generate.__main__ import main, written
from swapboard_client.api import Api, ApiError
from swapboard_client.api.operations import Operations
from tests.web.api.conftest import anyio_backend, app, clock, exchange, house
from tests.web.api.house import BILLBOARD, House
from tests.web.api.serving import listening

__all__ = ["anyio_backend", "app", "clock", "exchange", "house"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The API has its own tests on both engines."""
    return sqlite_url


@pytest.mark.anyio
async def test_it_asks_the_whole_api(house: House, app: FastAPI) -> None:
    ids = await house.furnish()
    call_id = await house.ring(ids["company"], BILLBOARD, talk_seconds=0)

    def ask(url: str) -> None:
        with Api(url, key=house.keys["owner"]) as api:
            lists = [name for name in vars(Operations) if name.startswith("each_")]
            assert len(lists) >= 15
            for name in lists:
                assert isinstance(list(getattr(api, name)()), list)
            [call] = api.each_calls(status="missed")
            assert (call["id"], call["caller"]["withheld"]) == (call_id, False)
            assert [json.loads(line)["id"] for line in api.export_calls()] == [call_id]
            with pytest.raises(ApiError, match="after: There is no such call"):
                list(api.export_calls(after="nobody"))
            assert api.change_call(call_id, {"tags": ["later"]})["tags"] == ["later"]
            by = api.breakdown_reports(by=["channel", "placement"])
            assert [line["now"]["calls"] for line in by["lines"]] == [1]
            made = api.create_site({"name": "Two"}, idempotency_key="once")
            assert api.create_site({"name": "Two"}, idempotency_key="once") == made
            assert api.remove_site(made["id"]) is None
            with pytest.raises(ApiError, match="404 not_found: There is nothing at this address"):
                api.get_call("../keys")
            with pytest.raises(ApiError, match="404 not_found: There is no such call") as refused:
                api.get_call("nobody")
            assert refused.value.retry_after_seconds is None
            with pytest.raises(ApiError) as invalid:
                api.create_site({"name": "", "beat_seconds": 1})
            assert {each["pointer"] for each in invalid.value.errors} == {"#/name", "#/beat_seconds"}

    async with listening(app) as url:
        await run_sync(ask, url)


def client(answer: Callable[[httpx.Request], httpx.Response], waits: list[float]) -> Api:
    return Api(
        "https://calls.example.com", key="k", transport=httpx.MockTransport(answer), sleep=waits.append, tries=3
    )


def test_a_list_is_read_page_by_page_to_its_end() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        cursor = request.url.params.get("cursor", "0")
        return httpx.Response(200, json={"data": [{"id": cursor}], "next_cursor": {"0": "1", "1": None}[cursor]})

    calls = client(answer, []).each_calls(spam=False)
    assert next(calls)["id"] == "0"
    assert len(asked) == 1
    assert [each["id"] for each in calls] == ["1"]
    assert asked[1] == {"limit": "200", "cursor": "1", "spam": "false"}


def test_a_server_without_time_is_asked_again_when_it_says() -> None:
    waits: list[float] = []
    answers = iter([429, 503, 200])
    keys = set()

    def answer(request: httpx.Request) -> httpx.Response:
        keys.add(request.headers["idempotency-key"])
        return httpx.Response(next(answers), json={"id": "1"}, headers={"Retry-After": "7"})

    assert client(answer, waits).create_site({"name": "x"})["id"] == "1"
    assert waits == [7, 7]
    assert len(keys) == 1


def test_an_export_too_is_asked_for_again() -> None:
    waits: list[float] = []
    answers = iter([429, 200])

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(next(answers), text="1\n2\n", headers={"Retry-After": "7"})

    assert list(client(answer, waits).export_calls()) == ["1", "2"]
    assert waits == [7]


def test_only_what_may_be_sent_twice_is_sent_again_without_an_answer() -> None:
    waits: list[float] = []

    def lost(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone", request=request)

    with pytest.raises(httpx.ReadError):
        client(lost, waits).change_call("1", {"tags": []})
    assert waits == []
    with pytest.raises(httpx.ReadError):
        client(lost, waits).get_call("1")
    assert waits == [1, 1]


@pytest.mark.parametrize("no_id", ["", ".", ".."])
def test_what_is_no_id_names_nothing_above_it(no_id: str) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(204)

    with pytest.raises(ValueError, match="is no id"):
        client(answer, []).remove_recording_calls("1", no_id)
    assert asked == []


def test_an_answer_that_is_no_problem_is_told_as_it_is() -> None:
    with pytest.raises(ApiError, match="502 no_problem: Bad gateway"):
        client(lambda _: httpx.Response(502, text="Bad gateway"), []).get_call("1")


def test_the_files_are_as_the_api_has_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["--check"]) == 0
    stale = {tmp_path / "integrations/x.py": "new"}
    assert len(written()) == 3
    monkeypatch.setattr("integrations.generate.__main__.ROOT", tmp_path / "integrations")
    monkeypatch.setattr("integrations.generate.__main__.written", lambda: stale)
    assert main(["--check"]) == 1
