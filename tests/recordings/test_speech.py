"""Who spoke when, and the waveform."""

from array import array

import pytest

from swapboard.recordings.speech import Turn, talk_share, turns, waveform
from swapboard.recordings.wave import read_wave, wave_file
from tests.recordings.sounds import RATE, silence, voice

CALLER = silence(1) + voice(3) + silence(4) + voice(2)
OFFICE = silence(5) + voice(2, pitch=120) + silence(3)


def test_each_channel_has_its_turns_in_order() -> None:
    spoken = turns(read_wave(wave_file(RATE, [CALLER, OFFICE])))

    assert [turn.channel for turn in spoken] == [0, 1, 0]
    for turn, (begins, ends) in zip(spoken, [(1, 4), (5, 7), (8, 10)], strict=True):
        assert turn.begins == pytest.approx(begins, abs=0.1)
        assert turn.ends == pytest.approx(ends, abs=0.1)
    assert talk_share(spoken, 0) == pytest.approx(5 / 7, abs=0.02)


def test_hiss_is_nobodys_turn() -> None:
    hiss = array("h", ((at * 7919 % 201) - 100 for at in range(3 * RATE)))

    assert turns(read_wave(wave_file(RATE, [hiss]))) == []
    assert talk_share([], 0) is None


def test_a_breath_does_not_end_a_turn() -> None:
    spoken = turns(read_wave(wave_file(RATE, [voice(1) + silence(0.3) + voice(1)])))

    assert spoken == [Turn(0, 0.0, spoken[0].ends)]


def test_the_waveform_is_as_loud_as_the_sound() -> None:
    quiet, loud = waveform(read_wave(wave_file(RATE, [silence(10), CALLER])), 100)

    assert quiet == [0] * 100
    assert loud[5] == 0
    assert 15 <= max(loud[10:40]) <= 100
    assert len(waveform(read_wave(wave_file(RATE, [silence(0.001)])))[0]) == 8
