"""WAV files: taken apart, put together, silenced in part."""

import struct
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.recordings.wave import NoWave, read_wave, silenced, wave_file
from tests.recordings.sounds import RATE, voice

SAMPLES = st.lists(st.integers(-32_768, 32_767), min_size=1, max_size=300)


@given(SAMPLES, st.booleans())
def test_what_was_written_is_read(samples: list[int], is_stereo: bool) -> None:
    channels = [array("h", samples)] + ([array("h", samples[::-1])] if is_stereo else [])

    wave = read_wave(wave_file(RATE, channels))

    assert [channel[:] for channel in wave.channels] == channels
    assert wave.seconds == len(samples) / RATE


@given(st.binary(max_size=200))
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(NoWave):
        read_wave(content)


@given(st.integers(0, 60), SAMPLES)
def test_a_file_that_is_cut_off_is_refused_or_shorter(cut: int, samples: list[int]) -> None:
    content = wave_file(RATE, [array("h", samples)])
    try:
        wave = read_wave(content[: len(content) - cut])
    except NoWave:
        return
    assert list(wave.channels[0]) == samples[: len(wave.channels[0])]


@pytest.mark.parametrize(("coding", "loud", "quiet"), [(7, 0x80, 0xFF), (6, 0xAA, 0xD5)])
def test_telephone_codings_are_read_and_silenced(coding: int, loud: int, quiet: int) -> None:
    data = bytes([loud] * RATE)
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, coding, 1, RATE, RATE, 1, 8)
    body = b"WAVE" + fmt + struct.pack("<4sI", b"data", len(data)) + data
    content = struct.pack("<4sI", b"RIFF", len(body)) + body

    wave = read_wave(content)
    assert wave.channels[0][:1][0] > 30_000

    after = read_wave(silenced(content, wave, [(0.25, 0.5)]))
    assert abs(after.channels[0][:][RATE // 3]) <= 8
    assert after.channels[0][:1] == after.channels[0][-1:] == wave.channels[0][:1]
    assert silenced(content, wave, [(0.25, 0.5)]).count(quiet) >= RATE // 4


@given(st.floats(-1, 3), st.floats(-1, 3))
def test_silence_is_only_where_it_was_asked_for(begins: float, ends: float) -> None:
    sound = voice(1)
    content = wave_file(RATE, [sound, sound])

    after = read_wave(silenced(content, read_wave(content), [(begins, ends)]))

    first, last = (min(RATE, max(0, int(each * RATE))) for each in (begins, max(begins, ends)))
    for channel in after.channels:
        assert channel[:first] == sound[:first]
        assert not any(channel[first:last])
        assert channel[last:] == sound[last:]
