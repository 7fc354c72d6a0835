"""Sound files that people send: each usual kind becomes a telephone's; what cannot says what to send instead."""

import struct
from array import array
from io import BytesIO
from math import pi, sin

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swapboard.recordings.uploaded import LARGEST_BYTES, LONGEST_SECONDS, NotASound, telephone_sound
from swapboard.recordings.wave import product, read_wave, wave_file
from tests.recordings.sounds import silence, voice


def tone(rate: int, hertz: int = 500, seconds: float = 1.0) -> "array[int]":
    return array("h", [round(9_000 * sin(2 * pi * hertz * at / rate)) for at in range(int(rate * seconds))])


def share_at(samples: "array[int]", hertz: int, rate: int = 8_000) -> float:
    """How much of the sound's power is at this frequency."""
    waves = [
        [f(2 * pi * hertz * at / rate) for at in range(len(samples))] for f in (sin, lambda x: sin(x + pi / 2))
    ]
    power = product(samples, samples)
    return sum(product(samples, wave) ** 2 for wave in waves) * 2 / len(samples) / power


def test_a_decoder_is_not_sent_to_look_for_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of 1 KB that said a gigabyte came before its samples took half a minute of a core, at each try."""
    monkeypatch.delattr("miniaudio.stream_memory")
    mu_law = struct.pack("<4sIHHIIHHH", b"fmt ", 18, 7, 1, 16_000, 16_000, 1, 8, 0)
    before = mu_law + struct.pack("<4sI", b"fact", 0) + struct.pack("<4sI", b"junk", 0x54537FFF)
    samples = struct.pack("<4sI", b"data", 1_000) + bytes(1_000)
    with pytest.raises(NotASound, match="The file is damaged"):
        telephone_sound(struct.pack("<4sI4s", b"RIFF", 1_058, b"WAVE") + before + samples)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_wave_file_becomes_a_telephones(rate: int, channels: int) -> None:
    made = telephone_sound(wave_file(rate, [tone(rate)] * channels))

    wave = read_wave(made.content)
    assert (wave.rate, len(wave.channels)) == (8_000, 1)
    assert abs(made.seconds - 1.0) < 0.01
    assert abs(wave.seconds - 1.0) < 0.01
    assert share_at(wave.channels[0], 500) > 0.98


def test_what_no_telephone_carries_does_not_come_back_as_another_tone() -> None:
    # 7,000 Hz folds to 1,000 where nobody filters.
    mixed = array("h", [a // 2 + b // 2 for a, b in zip(tone(48_000, 500), tone(48_000, 7_000), strict=True)])
    wave = read_wave(telephone_sound(wave_file(48_000, [mixed])).content)
    assert share_at(wave.channels[0], 500) > 0.9
    assert share_at(wave.channels[0], 1_000) < 0.05


def encoded(kind: str, codec: str, samples: "array[int]", rate: int) -> bytes:
    """The sound as another program writes it: FFmpeg."""
    made = BytesIO()
    with av.open(made, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples))
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate = rate
        for each in (frame, None):
            container.mux(stream.encode(each))
    return made.getvalue()


@pytest.mark.parametrize(("kind", "codec"), [("mp3", "libmp3lame"), ("flac", "flac")])
def test_other_files_are_heard_too(kind: str, codec: str) -> None:
    wave = read_wave(telephone_sound(encoded(kind, codec, tone(44_100, 440), 44_100)).content)

    assert wave.rate == 8_000
    assert share_at(wave.channels[0][1_000:-1_000], 440) > 0.9


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"hello, this is no sound", "no sound file"),
        (b"\x00\x00\x00\x20ftypM4A ", "M4A.*Save it as"),
        (b"OggS\x00\x02" + bytes(40), "Ogg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "damaged"),
        (b"fLaC" + bytes(80), "damaged"),
        (b"\xff\xfb" + bytes(400), "damaged|no sound in"),
        (b"RIFF" + bytes(LARGEST_BYTES), "larger than 10 MB"),
        (wave_file(8_000, [silence(1)]), "silent"),
        (wave_file(8_000, [voice(0.1)]), "less than a fifth"),
        (wave_file(1_000, [tone(1_000, 100, LONGEST_SECONDS + 1)]), "longer than 2 minutes"),
    ],
)
def test_what_cannot_be_played_says_why(content: bytes, words: str) -> None:
    with pytest.raises(NotASound, match=words):
        telephone_sound(content)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([b"RIFF", b"fLaC", b"ID3\x03", b"\xff\xfb"]), st.binary(max_size=600))
def test_no_file_breaks_it(begins: bytes, rest: bytes) -> None:
    try:
        made = telephone_sound(begins + rest)
    except NotASound:
        return
    assert read_wave(made.content).rate == 8_000


@settings(max_examples=40, deadline=None)
@given(st.integers(12, 60), st.binary(min_size=1, max_size=8))
def test_no_damage_breaks_it(at: int, damage: bytes) -> None:
    good = wave_file(8_000, [voice(0.3)])
    try:
        made = telephone_sound(good[:at] + damage + good[at + len(damage) :])
    except NotASound:
        return
    assert abs(read_wave(made.content).seconds - made.seconds) < 0.01
