"""Which parts of a recording have card numbers in them, and what is left of those."""

import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.card_numbers import redact
from swapboard.calls.transcript import Segment, Side, SpokenWord, Transcript
from swapboard.recordings.look import look
from swapboard.recordings.muting import card_spans, muted
from swapboard.recordings.tones import tones
from swapboard.recordings.unpacked import wave_of_mp3
from swapboard.recordings.wave import Samples, read_wave, silenced, wave_file
from tests.recordings.sounds import RATE, mp3, silence, typed, voice


def loudness(samples: Samples) -> float:
    return sum(map(abs, samples)) / len(samples)


def said(words: list[str], side: Side = Side.CALLER) -> Segment:
    return Segment(side, tuple(SpokenWord(word, float(at), at + 0.5) for at, word in enumerate(words)))


def test_every_digit_lies_in_a_span_and_other_words_do_not() -> None:
    digits = ["four", "one"] * 8
    words = ["my", "card", "is", *digits, "thank", "you"]
    transcript = Transcript("en", "script", redact([said(words)]))
    [(begins, ends)] = card_spans(transcript)
    assert 2.5 < begins <= 3.0
    assert 3 + len(digits) - 0.5 <= ends < 3 + len(digits)


def test_nothing_is_muted_where_no_card_was_said() -> None:
    assert card_spans(Transcript("en", "script", redact([said(["call", "me", "at", "555", "0100"])]))) == []


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 5)), max_size=8))
def test_spans_cover_what_was_said_and_never_overlap(moments: list[tuple[float, float]]) -> None:
    words = [SpokenWord("[card number]", begins, begins + long) for begins, long in moments]
    transcript = Transcript("en", "x", tuple(Segment(Side.CALLER, (word,)) for word in words))
    spans = card_spans(transcript)
    assert all(any(a <= max(0.0, w.begins) and w.ends <= b for a, b in spans) for w in words)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize("content", [b"ID3 an mp3", b"OggS", b"\xff\xfbcut"])
def test_what_cannot_be_decoded_cannot_be_muted(content: bytes) -> None:
    assert muted(content, [(0, 1)]) is None


def test_an_mp3_is_silent_in_the_span_and_heard_around_it_on_both_sides() -> None:
    wave = read_wave(muted(mp3(voice(2), voice(2, 110)), [(0.5, 1.0)]) or b"")
    assert (wave.rate, len(wave.channels)) == (RATE, 2)
    assert wave.seconds == pytest.approx(2, abs=0.2)
    for channel in wave.channels:
        assert not any(channel[RATE // 2 : RATE])
        assert loudness(channel[RATE // 10 : RATE // 2]) > 100
        assert loudness(channel[RATE : RATE * 3 // 2]) > 100


def test_a_recording_that_comes_as_mp3_is_kept_as_wav_without_its_typed_keys() -> None:
    caller = voice(1) + typed("4111") + voice(1)
    seen = look(mp3(caller, silence(len(caller) / RATE)))
    wave = read_wave(seen.content)
    assert (seen.media_type, seen.seconds) == ("audio/wav", pytest.approx(len(caller) / RATE, abs=0.2))
    assert any(seen.turns)
    assert tones(wave) == []
    assert loudness(wave.channels[0][RATE // 10 : RATE // 2]) > 100


def test_both_sides_are_silent_in_the_span_and_heard_around_it() -> None:
    content = wave_file(RATE, [voice(2), voice(2, 110)])
    wave = read_wave(muted(content, [(0.5, 1.0)]) or b"")
    for channel in wave.channels:
        assert not any(channel[RATE // 2 : RATE])
        assert any(channel[: RATE // 2])
        assert any(channel[RATE:])


def test_an_mp3_is_unpacked_with_little_beside_the_file_that_comes_of_it() -> None:
    packed = mp3(voice(2) * 20, voice(2, 110) * 20)
    tracemalloc.start()
    try:
        unpacked = wave_of_mp3(packed) or bytearray()
        wave = read_wave(unpacked)
        quiet = silenced(unpacked, wave, [(1, 2)])
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert wave.seconds == pytest.approx(40, abs=0.5)
    assert not any(read_wave(quiet).channels[1][RATE : 2 * RATE])
    # One copy, and what a growing one has in reserve; it was five.
    assert most < 1.6 * len(unpacked)
