"""Which parts of a recording have card numbers in them, and what is left of those."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.card_numbers import redact
from swapboard.calls.transcript import Segment, Side, SpokenWord, Transcript
from swapboard.recordings.muting import card_spans, muted
from swapboard.recordings.wave import read_wave, wave_file
from tests.recordings.sounds import RATE, voice


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


def test_what_is_no_wave_cannot_be_muted() -> None:
    assert muted(b"ID3 an mp3", [(0, 1)]) is None


def test_both_sides_are_silent_in_the_span_and_heard_around_it() -> None:
    content = wave_file(RATE, [voice(2), voice(2, 110)])
    wave = read_wave(muted(content, [(0.5, 1.0)]) or b"")
    for channel in wave.channels:
        assert not any(channel[RATE // 2 : RATE])
        assert any(channel[: RATE // 2])
        assert any(channel[RATE:])
