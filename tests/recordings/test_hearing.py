"""From sound to words: by sides, without card numbers, by engines that really decode."""

import shutil
import tracemalloc
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest

from swapboard.calls.card_numbers import REDACTED
from swapboard.calls.phrases import SaidBy, spot
from swapboard.calls.transcript import Side, plain_text
from swapboard.recordings import decoding
from swapboard.recordings.hearing import NotHeard, Sound, Stopped, sound_of, write_down
from swapboard.recordings.recording import Kind
from swapboard.recordings.wave import Samples, wave_file
from swapboard.recordings.whisper import NEEDED, Whisper, open_engine, trouble_with
from tests.recordings.script_engine import Script
from tests.recordings.sounds import RATE, silence, voice
from tests.recordings.sphinx import RATE as SPHINX_RATE
from tests.recordings.sphinx import Sphinx, speak
from tests.recordings.tiny_whisper import build

TALK = wave_file(RATE, [voice(2) + silence(2), silence(2) + voice(2, pitch=120)])


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("model"))


def test_each_channel_is_a_side_and_cards_are_gone() -> None:
    engine = Script("my card is 4111 1111 1111 1111", "thank you")

    found = write_down(TALK, Kind.TALK, "", engine)

    assert {line.side for line in found.segments} == {Side.CALLER, Side.AGENT}
    assert f"my card is {REDACTED}" in plain_text(found.segments)
    assert (found.language, found.engine) == ("en", "script")


def test_silence_is_not_heard_and_one_channel_is_nobodys() -> None:
    engine = Script("hello")
    quiet = wave_file(RATE, [voice(2), silence(2)])

    assert [line.side for line in write_down(quiet, Kind.TALK, "en", engine).segments] == [Side.CALLER]
    assert len(engine.heard) == 1

    one = wave_file(RATE, [voice(2)])
    assert [line.side for line in write_down(one, Kind.TALK, "en", Script("hm")).segments] == [Side.UNKNOWN]
    assert [line.side for line in write_down(one, Kind.MESSAGE, "en", Script("hm")).segments] == [Side.CALLER]


def test_a_long_talk_is_not_copied_before_it_is_heard() -> None:
    content = wave_file(RATE, [silence(60)] * 2)
    tracemalloc.start()
    try:
        sounds = sound_of(content)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [sound.seconds for sound in sounds] == [60, 60]
    assert most < len(content) / 20


def test_whoever_is_told_to_stop_stops() -> None:
    with pytest.raises(Stopped):
        write_down(TALK, Kind.TALK, "", Script("a", "b"), lambda: False)


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_a_generated_voice_is_understood(tmp_path: Path) -> None:
    said = [speak("the price is too high", tmp_path), speak("what is the price", tmp_path)]
    longest = max(len(each) for each in said) + SPHINX_RATE
    both = [each + type(each)("h", bytes(2 * (longest - len(each)))) for each in said]

    found = write_down(wave_file(SPHINX_RATE, both), Kind.TALK, "en", Sphinx())

    caller = [line.text for line in found.segments if line.side is Side.CALLER]
    assert caller == ["the price is too high"]
    [hit] = spot(found.segments, ["price"])
    assert hit.count_by(SaidBy.CALLER) == 1
    at = hit.at(SaidBy.CALLER)
    assert at is not None
    assert 0.1 < at < 1.5


def test_whisper_loads_a_model_and_decodes(model: Path) -> None:
    """Random weights say nothing that means anything; but each word has its time, within the sound."""
    engine = open_engine(model, threads=1)
    assert engine
    assert engine.trouble is None

    pieces = list(engine.hear(Sound(RATE, voice(3)), "en"))

    words = [word for piece in pieces for word in piece.words]
    assert {piece.language for piece in pieces} <= {"en"}
    assert all(type(word.begins) is float and 0 <= word.begins <= word.ends <= 31 for word in words)


def test_whisper_finds_the_language_out_by_itself(model: Path) -> None:
    found = write_down(TALK, Kind.TALK, "", Whisper(model, threads=1))

    assert found.engine == f"whisper {model.name}"
    assert all(line.text for line in found.segments)


@pytest.mark.parametrize("name", NEEDED)
def test_a_model_that_is_not_whole_says_what_is_missing(model: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(model, tmp_path / "part")
    (tmp_path / "part" / name).unlink()

    trouble = trouble_with(tmp_path / "part")

    assert trouble
    assert name in trouble
    assert "hf download" in trouble


def test_a_folder_that_is_not_there_says_how_to_get_a_model(tmp_path: Path) -> None:
    assert "There is no folder" in (trouble_with(tmp_path / "none") or "")


def test_a_model_that_is_damaged_is_said_to_be(model: Path, tmp_path: Path) -> None:
    shutil.copytree(model, tmp_path / "bad")
    (tmp_path / "bad" / "model.bin").write_bytes(b"no model")

    with pytest.raises(NotHeard, match="cannot be loaded") as caught:
        list(Whisper(tmp_path / "bad", threads=1).hear(Sound(RATE, voice(1)), "en"))

    assert not caught.value.permanent


@pytest.mark.parametrize("layout", ["mono", "stereo"])
def test_what_is_no_wav_file_is_decoded(layout: str) -> None:
    channels = [voice(1), voice(1, pitch=90)][: 2 if layout == "stereo" else 1]

    sounds = sound_of(encoded(channels, layout))

    assert [sound.rate for sound in sounds] == [16_000] * len(channels)
    assert all(abs(sound.seconds - 1) < 0.2 for sound in sounds)
    assert all(max(sound.samples) > 1_000 for sound in sounds)


def test_notes_in_other_letters_keep_nobody_from_hearing() -> None:
    """What a program wrote into the file about it, in the letters of Windows, was called a fault of the model."""
    made = encoded([voice(1)], "mono")
    assert b"Lavf" in made
    assert sound_of(made.replace(b"Lavf", b"L\xe4vf"))


def test_what_is_no_sound_is_not_heard() -> None:
    with pytest.raises(NotHeard, match="cannot be decoded"):
        sound_of(b"\xff\xfbnot an mp3 at all")


def test_a_small_file_that_goes_on_for_days_is_not_unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour of silence is 700 KB as FLAC, and was held in memory whole, however many there were."""
    monkeypatch.setattr(decoding, "LONGEST_SECONDS", 1)
    assert sound_of(encoded([voice(1)], "mono"))
    with pytest.raises(NotHeard, match="more than four hours") as caught:
        sound_of(encoded([voice(3)], "mono"))
    assert caught.value.permanent


def encoded(channels: list[Samples], layout: str) -> bytes:
    """The channels as FLAC."""
    file = BytesIO()
    with av.open(file, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=RATE, layout=layout)
        mixed = np.stack([np.array(each, dtype=np.int16) for each in channels], axis=1).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(mixed, format="s16", layout=layout)
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return file.getvalue()
