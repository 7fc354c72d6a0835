"""Words and files for callers, and what is heard where neither can be had."""

import asyncio
import math
import shutil
from array import array
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from swapboard.calls.flow import PRESS_1
from swapboard.calls.nodes import Dial, EndCall, Flow, Greeting, Survey
from swapboard.calls.step import Prompt
from swapboard.lines.media import speech
from swapboard.lines.media.speech import NoSound, Voice, telephone_sound
from swapboard.lines.media.tones import no_voice
from swapboard.lines.words import words_of_all
from swapboard.recordings.wave import wave_file
from tests.lines.tone_phone import SAMPLES, share_of


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


def test_without_a_voice_there_are_tones_and_the_log_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)

    assert asyncio.run(Voice(tmp_path).sound(Prompt("Welcome."))) == no_voice()
    assert "apt install espeak-ng" in caplog.text
    assert asyncio.run(Voice(tmp_path).file(Prompt("Welcome."))) is None


def test_a_file_that_is_gone_is_heard_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prompt = Prompt("", "https://www.example.com/hello.wav")

    async def there(_address: str) -> bytes:
        return a_wave(8_000)

    async def gone(_address: str) -> bytes:
        raise NoSound("gone")

    with fresh_for(monkeypatch, 0):
        monkeypatch.setattr(speech, "fetched", there)
        first = asyncio.run(Voice(tmp_path).sound(prompt))
        monkeypatch.setattr(speech, "fetched", gone)
        assert asyncio.run(Voice(tmp_path).sound(prompt)) == first


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
        "bye": EndCall(file="https://www.example.com/bye.wav"),
    }
    words = words_of_all({"f1": Flow("hello", steps), "f2": Flow("hello", steps)})

    assert [each.text or each.file for each in words] == [
        "Hello.",
        PRESS_1,
        "How was it?",
        "Its worth?",
        "https://www.example.com/bye.wav",
    ]
