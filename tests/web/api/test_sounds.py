"""Sounds: sent, played by a flow, fetched by whoever has the address, replaced, removed; on both engines."""

import base64
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from swapboard.calls.nodes import Greeting
from swapboard.calls.sound import MOST_SOUNDS
from swapboard.recordings.wave import read_wave, wave_file
from swapboard.switchboard.exchange import Exchange
from swapboard.web.sounds import SoundDoor
from tests.recordings.sounds import RATE, voice
from tests.web.api.house import ANOTHER_HOST, BILLBOARD, House

pytestmark = pytest.mark.anyio
HELLO, OTHER = wave_file(RATE, [voice(1)]), wave_file(RATE, [voice(2, 240)])
GREETED = {
    "hello": {"kind": "greeting", "file": "sound:Hello", "text": "Welcome.", "then": "ring"},
    "ring": {"kind": "dial", "targets": [{"number": "destination"}], "otherwise": "bye"},
    "bye": {"kind": "hang_up", "text": "Good-bye."},
}


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()


@pytest.fixture
async def carrier(exchange: Exchange) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a key, who fetches what an address stands for."""
    transport = httpx.ASGITransport(Starlette(routes=SoundDoor(exchange).routes()))
    async with httpx.AsyncClient(transport=transport, base_url=ANOTHER_HOST) as client:
        yield client


async def greeted(house: House) -> dict[str, str]:
    """A number whose callers hear the sound."""
    await house.furnish()
    sound = await house.make("/sounds", {"name": "Hello", "content": coded(HELLO)})
    flow = {"name": "Desk", "start": "hello", "steps": GREETED, "numbers": [BILLBOARD]}
    return {"sound": sound["id"], "flow": (await house.make("/flows", flow))["id"]}


def heard(house: House) -> str:
    """Where the carrier is sent for the greeting."""
    routes = house.exchange.directory.routes
    way = routes.way(house.ids[f"carrier of {house.ids['us']}"], BILLBOARD)
    assert way is not None
    hello = way.flow.steps["hello"]
    assert isinstance(hello, Greeting)
    assert hello.text == "Welcome."
    return hello.file


async def test_a_sound_is_sent_seen_and_heard(house: House) -> None:
    made = await house.make("/sounds", {"name": " Hello ", "content": coded(HELLO)})
    assert (made["name"], made["file"], made["seconds"], made["flows"]) == ("Hello", "sound:Hello", 1.0, [])
    assert (await house.get("/sounds"))["data"] == [made]
    assert (await house.get(f"/sounds/{made['id']}")) == made
    content = await house.ask("GET", f"/sounds/{made['id']}/content")
    assert content.headers["content-type"] == "audio/wav"
    assert abs(read_wave(content.content).seconds - 1.0) < 0.01


async def test_a_flow_plays_it_from_an_address_that_nobody_guesses(
    house: House, carrier: httpx.AsyncClient
) -> None:
    await greeted(house)
    address = heard(house)
    assert address.startswith(f"{ANOTHER_HOST}/sounds/")
    answer = await carrier.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert read_wave(answer.content).rate == 8_000
    _, _, company_id, sound_id, token, version = urlsplit(address).path.split("/")
    for wrong in (
        f"/sounds/{company_id}/{sound_id}/{token[::-1]}/{version}",
        f"/sounds/{house.ids['them']}/{sound_id}/{token}/{version}",
        f"/sounds/{company_id}/{sound_id}/{'0' * len(token)}/{version}",
    ):
        assert (await carrier.get(wrong)).status_code == 404


async def test_what_replaces_it_is_heard_at_once_by_its_own_address(
    house: House, carrier: httpx.AsyncClient
) -> None:
    ids = await greeted(house)
    before = heard(house)
    changed = await house.patch(f"/sounds/{ids['sound']}", {"content": coded(OTHER)})
    assert (changed["seconds"], changed["flows"]) == (2.0, ["Desk"])
    assert heard(house) != before
    for address in (heard(house), before):  # a call that is on may still ask for the old one
        assert abs(read_wave((await carrier.get(address)).content).seconds - 2.0) < 0.01


async def test_without_the_database_it_is_heard_all_the_same(
    house: House, carrier: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await greeted(house)

    async def no_database(_look: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(house.exchange, "read", no_database)
    assert (await carrier.get(heard(house))).status_code == 200


async def test_own_lines_have_it_without_asking_the_network(house: House) -> None:
    await greeted(house)
    own = house.exchange.sounds.own
    content = own(heard(house))
    assert content is not None
    assert abs(read_wave(content).seconds - 1.0) < 0.01
    assert own(heard(house).replace("/sounds/", "/sounds/x")) is None
    assert own("https://www.example.com/sounds/a/b/c/d.wav") is None


async def test_a_notice_of_recording_plays_it_and_keeps_it(house: House, carrier: httpx.AsyncClient) -> None:
    ids = await house.furnish()
    sound = await house.make("/sounds", {"name": "We record", "content": coded(HELLO)})
    policy = {"mode": "notice", "notice_file": "sound:We record"}
    own = await house.patch(f"/recording/policies/{ids['billboard']}", policy)
    assert own["notice_file"] == "sound:We record"
    assert (await house.get(f"/sounds/{sound['id']}"))["recording_notices_of"] == [BILLBOARD]

    way = house.exchange.directory.routes.way(house.ids[f"carrier of {house.ids['us']}"], BILLBOARD)
    [address] = [node.file for node in way.flow.steps.values() if getattr(node, "file", "")] if way else []
    assert (await carrier.get(address)).status_code == 200

    refused = await house.ask("DELETE", f"/sounds/{sound['id']}")
    assert (refused.status_code, BILLBOARD in refused.json()["detail"]) == (409, True)
    await house.delete(f"/recording/policies/{ids['billboard']}")
    await house.delete(f"/sounds/{sound['id']}")


@pytest.mark.parametrize("file", ["sound:Nobody sent it", "http://www.example.com/a.wav", "welcome.wav"])
async def test_a_notice_plays_no_sound_that_is_not_there(house: House, file: str) -> None:
    answer = await house.ask("PATCH", "/recording/policies/default", {"question_file": file})
    assert (answer.status_code, "question_file" in answer.text) == (422, True)


async def test_it_stays_while_a_flow_plays_it(house: House, carrier: httpx.AsyncClient) -> None:
    ids = await greeted(house)
    address = heard(house)
    refused = await house.ask("DELETE", f"/sounds/{ids['sound']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert "Desk" in refused.json()["detail"]
    await house.delete(f"/flows/{ids['flow']}")
    await house.delete(f"/sounds/{ids['sound']}")
    assert (await carrier.get(address)).status_code == 404
    assert house.exchange.sounds.own(address) is None


async def test_a_flow_without_its_sound_is_refused_and_says_so(house: House) -> None:
    flow = {"name": "Desk", "start": "hello", "steps": GREETED}
    refused = await house.ask("POST", "/flows", flow)
    assert refused.status_code == 422
    assert "there is no sound “Hello”" in refused.text


@pytest.mark.parametrize(
    ("new", "status", "words"),
    [
        ({"name": "Hello", "content": coded(b"no sound at all")}, 422, "WAV, MP3 or FLAC"),
        ({"name": "Hello", "content": "not base64!"}, 422, "base64"),
        ({"name": "  ", "content": coded(HELLO)}, 422, "name"),
        ({"name": "two\nlines", "content": coded(HELLO)}, 422, "name"),
        ({"name": "Hello"}, 422, "content"),
        ({"name": "Taken", "content": coded(HELLO)}, 409, "already"),
        ({"name": "Huge", "content": "A" * 16_000_000}, 413, "longer"),
    ],
)
async def test_what_is_no_sound_is_refused(house: House, new: object, status: int, words: str) -> None:
    await house.make("/sounds", {"name": "Taken", "content": coded(HELLO)})
    answer = await house.ask("POST", "/sounds", new)
    assert answer.status_code == status, answer.text
    assert words in answer.text


async def test_there_is_a_limit(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swapboard.web.api.sounds.MOST_SOUNDS", 1)
    assert MOST_SOUNDS > 1
    await house.make("/sounds", {"name": "One", "content": coded(HELLO)})
    refused = await house.ask("POST", "/sounds", {"name": "Two", "content": coded(HELLO)})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many")
