"""Words and files for callers, and what is heard where neither can be had."""

import asyncio
import math
import shutil
import socket
import struct
from array import array
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from swapboard.calls.nodes import Dial, EndCall, Flow, Greeting, Survey
from swapboard.calls.recording import ANY_LINE, RecordingMode, RecordingPolicy
from swapboard.calls.routes import CompanyRoutes
from swapboard.calls.spoken import NOTICE, PRESS_1, QUESTION, in_language
from swapboard.calls.step import Prompt
from swapboard.lines.media import sound_hosts, speech
from swapboard.lines.media.sound_hosts import CALLER_WAITS_SECONDS, REST_SECONDS, NoAnswer, NoSound, SoundHosts
from swapboard.lines.media.speech import Voice, telephone_sound
from swapboard.lines.words import words_of_all
from swapboard.recordings.wave import wave_file
from tests.lines.tone_phone import SAMPLES, share_of
from tests.local_server import answering

LINE = "+12025550143"
ELSEWHERE = "https://www.example.com"


def a_wave(rate: int, hertz: int = 500) -> bytes:
    """A second of a tone."""
    return wave_file(
        rate, [array("h", [round(9_000 * math.sin(2 * math.pi * hertz * at / rate)) for at in range(rate)])]
    )


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_a_file_of_any_rate_sounds_the_same(rate: int) -> None:
    sound = telephone_sound(a_wave(rate))

    assert abs(len(sound) - 8_000) <= 1
    assert share_of([SAMPLES[byte] for byte in sound], 500) > 0.98


def test_a_file_as_studios_save_it_is_heard() -> None:
    """24 bits a sample: each of 16 with a byte before it."""
    whole = bytearray(a_wave(44_100))
    samples = bytes(each for at in range(44, len(whole), 2) for each in (0, whole[at], whole[at + 1]))
    struct.pack_into("<IHH", whole, 28, 44_100 * 3, 3, 24)
    struct.pack_into("<I", whole, 40, len(samples))
    struct.pack_into("<I", whole, 4, 36 + len(samples))
    sound = telephone_sound(bytes(whole[:44]) + samples)

    assert share_of([SAMPLES[byte] for byte in sound], 500) > 0.98


def test_a_machine_on_which_nothing_can_be_started_lets_the_call_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def refused(*_command: str, **_pipes: int) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/espeak-ng")
    monkeypatch.setattr(asyncio, "create_subprocess_exec", refused)
    assert asyncio.run(Voice(tmp_path).sound(Prompt("Welcome."))) is None
    assert "espeak-ng cannot be started: [Errno 12] Cannot allocate memory" in caplog.text


def test_what_is_no_wave_is_said() -> None:
    with pytest.raises(NoSound, match="cannot be read"):
        telephone_sound(b"ID3 is another kind")


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_words_are_spoken_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    voice, prompt = Voice(tmp_path), Prompt("-v is a word, too.")
    spoken = asyncio.run(voice.sound(prompt))
    monkeypatch.setattr(shutil, "which", lambda _name: None)

    assert len(spoken) > 4_000
    assert asyncio.run(voice.sound(prompt)) == spoken
    assert asyncio.run(voice.file(prompt)) is not None


def test_without_a_voice_there_is_nothing_and_the_log_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)

    assert asyncio.run(Voice(tmp_path).sound(Prompt("Welcome."))) is None
    assert "apt install espeak-ng" in caplog.text
    assert asyncio.run(Voice(tmp_path).file(Prompt("Welcome."))) is None


def test_a_file_that_is_gone_is_heard_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prompt = Prompt("", "https://www.example.com/hello.wav")

    async def there(_address: str, **_: object) -> bytes:
        return a_wave(8_000)

    async def gone(_address: str, **_: object) -> bytes:
        raise NoSound("gone")

    with fresh_for(monkeypatch, 0):
        monkeypatch.setattr(speech, "fetched", there)
        first = asyncio.run(Voice(tmp_path).sound(prompt))
        monkeypatch.setattr(speech, "fetched", gone)
        assert asyncio.run(Voice(tmp_path).sound(prompt)) == first


def test_nobody_waits_for_a_dead_host_and_the_words_are_spoken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def never(address: str, **_: object) -> bytes:
        asked.append(address)
        await asyncio.Event().wait()
        return b""

    async def words(text: str, _language: str) -> bytes:
        return a_wave(8_000, 500 if text == "Hello." else 700)

    async def call() -> None:
        voice = Voice(tmp_path)
        monkeypatch.setattr(sound_hosts, "CALLER_WAITS_SECONDS", 0.01)
        first = await voice.sound(Prompt("Hello.", "https://sounds.example.com/hello.wav"))
        assert first == telephone_sound(a_wave(8_000, 500))
        # From now on the call does not wait at all: an hour would be as good.
        monkeypatch.setattr(sound_hosts, "CALLER_WAITS_SECONDS", 3_600)
        again = await voice.sound(Prompt("Hello.", "https://sounds.example.com/hello.wav"))
        other = await voice.sound(Prompt("Bye.", "https://sounds.example.com/bye.wav"))
        assert (again, other) == (first, telephone_sound(a_wave(8_000, 700)))
        assert await voice.sound(Prompt("", "https://sounds.example.com/bye.wav")) is None
        await voice.close()

    monkeypatch.setattr(speech, "fetched", never)
    monkeypatch.setattr(speech, "spoken", words)
    asyncio.run(asyncio.wait_for(call(), 60))

    assert asked.count("https://sounds.example.com/hello.wav") == 1, "it is still on its way"


def test_a_file_that_was_too_slow_for_one_caller_is_heard_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = Prompt("", "https://sounds.example.com/hello.wav")

    async def calls() -> None:
        may_come = asyncio.Event()

        async def late(_address: str, **_: object) -> bytes:
            await may_come.wait()
            return a_wave(8_000)

        monkeypatch.setattr(speech, "fetched", late)
        monkeypatch.setattr(sound_hosts, "CALLER_WAITS_SECONDS", 0.01)
        voice = Voice(tmp_path)
        assert await voice.sound(prompt) is None
        may_come.set()
        while (heard := await voice.sound(prompt)) is None:
            await asyncio.sleep(0.01)
        assert heard == telephone_sound(a_wave(8_000))

    asyncio.run(asyncio.wait_for(calls(), 60))


@pytest.mark.parametrize(("error", "rests"), [(NoSound("404"), False), (NoAnswer("refused"), True)])
def test_a_missing_file_is_not_its_host_s_fault_and_all_are_tried_again_later(error: NoSound, rests: bool) -> None:
    now, asked = 0.0, 0

    async def fails() -> bytes:
        nonlocal asked
        asked += 1
        raise error

    async def comes() -> bytes:
        return b"sound"

    async def calls() -> None:
        nonlocal now
        hosts = SoundHosts(lambda: now)
        for _ in range(2):
            assert await hosts.sound("https://a.example.com/gone.wav", "gone", fails, waits=True) is None
        assert asked == 1
        beside = await hosts.sound("https://a.example.com/there.wav", "there", comes, waits=True)
        assert beside == (None if rests else b"sound")
        assert await hosts.sound("https://b.example.com/there.wav", "b", comes, waits=True) == b"sound"
        now = REST_SECONDS
        assert await hosts.sound("https://a.example.com/gone.wav", "gone", comes, waits=True) == b"sound"

    asyncio.run(calls())
    assert CALLER_WAITS_SECONDS <= 1


def test_whatever_goes_wrong_with_a_file_the_call_goes_on() -> None:
    async def fails() -> bytes:
        raise KeyError("a fault of ours")

    assert asyncio.run(SoundHosts().sound("https://a.example.com/x.wav", "x", fails, waits=True)) is None
    assert asyncio.run(SoundHosts().sound("http://[", "x", fails, waits=True)) is None


def test_a_host_that_refuses_is_at_fault() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(NoAnswer, match="does not answer"):
            asyncio.run(speech.fetched(f"http://127.0.0.1:{port}/hello.wav"))


@pytest.mark.parametrize("private", [True, False])
def test_a_private_address_is_fetched_from_where_that_is_allowed_only(tmp_path: Path, private: bool) -> None:
    with answering(Sound) as server:
        prompt = Prompt(file=f"http://127.0.0.1:{server.server_port}/hello.wav")
        found = asyncio.run(Voice(tmp_path, private_addresses=private).sound(prompt))
    assert (found is not None) is private


class Sound(BaseHTTPRequestHandler):
    """A sound at any address."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(a_wave(8_000))

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def fresh_for(monkeypatch: pytest.MonkeyPatch, seconds: int) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(speech, "FRESH_SECONDS", seconds)
        yield


def test_a_file_that_comes_drop_by_drop_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "FETCH_SECONDS", 0.2)
    monkeypatch.setattr(speech, "LONGEST_FILE_BYTES", 50)
    is_over = asyncio.Event()

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with suppress(ConnectionError):
            for _ in range(60):
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.02)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        is_over.set()

    async def fetch() -> None:
        async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(NoSound, match="took longer"):
                await speech.fetched(f"http://127.0.0.1:{port}/hello.wav")
            await is_over.wait()

    asyncio.run(fetch())


def test_which_words_are_made_ahead() -> None:
    steps = {
        "hello": Greeting(text="Hello.", then="ring"),
        "ring": Dial(whisper="{source}", press_1=True, then="survey"),
        "survey": Survey(text="How was it?", value_text="Its worth?", then="bye"),
        "bye": EndCall(file=f"{ELSEWHERE}/bye.wav"),
    }
    flows = {"f1": Flow("hello", steps), "f2": Flow("hello", steps)}
    told = {
        ANY_LINE: RecordingPolicy(RecordingMode.NOTICE),
        LINE: RecordingPolicy(RecordingMode.KEYPRESS, question_file=f"{ELSEWHERE}/question.wav"),
    }
    words = words_of_all(CompanyRoutes("c1", None, 25, {}, flows, recording=told, language="de-DE"), "")

    assert [each.text or each.file for each in words[:5]] == [
        "Hello.",
        PRESS_1,
        "How was it?",
        "Its worth?",
        f"{ELSEWHERE}/bye.wav",
    ]
    assert {(each.text, each.file, each.language) for each in words[5:]} >= {
        (NOTICE, "", "en-US"),
        ("", f"{ELSEWHERE}/question.wav", "en-US"),
        (QUESTION, "", "en-US"),
        (in_language(NOTICE, "de"), "", "de-DE"),
        (in_language(QUESTION, "de"), "", "de-DE"),
    }
