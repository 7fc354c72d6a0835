"""The garbage collector rests while a program loads, and is as it was afterwards."""

import gc

import pytest

from swapboard.memory import unswept


def test_nothing_is_swept_while_a_program_loads() -> None:
    with unswept():
        assert not gc.isenabled()
        with unswept():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_cannot_be_loaded_does_not_end_the_sweeping() -> None:
    with pytest.raises(ImportError), unswept():
        raise ImportError
    assert gc.isenabled()
