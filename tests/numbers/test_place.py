"""Places of numbers, which are loaded by whoever asks for the first."""

import subprocess
import sys

import pytest

from swapboard.numbers.e164 import place


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+12125550111", "New York, NY"),
        ("+442079460100", "London"),
        ("+18005550100", None),
        ("+88313000000", None),
    ],
)
def test_where_a_number_was_issued(number: str, expected: str | None) -> None:
    assert place(number) == expected


def test_the_server_starts_without_the_places() -> None:
    """They take 99 MB, which is half of what the server may have."""
    told = "import swapboard.web.app, sys; sys.exit('phonenumbers.geodata' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
