"""Typed keys are found in the sound and nothing else is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from swapboard.recordings.tones import tones, typed_spans
from swapboard.recordings.wave import read_wave, silenced, wave_file
from tests.recordings.sounds import RATE, silence, typed, voice


@settings(max_examples=25)
@given(st.text("0123456789*#", min_size=1, max_size=6))
def test_keys_are_read_from_the_sound(keys: str) -> None:
    sound = voice(0.5) + silence(0.2) + typed(keys)

    assert "".join(tone.key for tone in tones(read_wave(wave_file(RATE, [sound])))) == keys


def test_voices_are_no_keys() -> None:
    for pitch in range(90, 400, 25):
        assert tones(read_wave(wave_file(RATE, [voice(1, pitch)]))) == []


def test_nobody_can_read_the_keys_of_a_silenced_recording() -> None:
    caller = voice(2) + silence(0.5) + typed("4111111111111111") + silence(0.5) + voice(2)
    agent = voice(len(caller) / RATE, pitch=110)
    content = wave_file(RATE, [caller, agent])
    wave = read_wave(content)

    spans = typed_spans(tones(wave))
    after = read_wave(silenced(content, wave, spans))

    assert tones(after) == []
    assert len(spans) == 1, "a card's number is one span, whatever is said within it"
    assert not any(after.channels[1][int(2.6 * RATE) : int(5.4 * RATE)])
    assert after.channels[0][: 2 * RATE] == caller[: 2 * RATE]
    assert after.channels[1][-RATE:] == agent[-RATE:]


def test_a_menus_key_silences_only_itself() -> None:
    spans = typed_spans(tones(read_wave(wave_file(RATE, [voice(1) + typed("1") + voice(1)]))))

    assert len(spans) == 1
    assert spans[0][1] - spans[0][0] < 0.3
