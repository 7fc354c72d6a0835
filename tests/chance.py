"""Chance decides the same on each run: luck passes no test, and fails none."""

import os
import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from types import SimpleNamespace

from swapboard.storage import ids

SEED = os.environ.get("SWAPBOARD_TEST_SEED", "")
"""Whoever looks for what hangs on luck asks for other ids, tokens and examples."""
_CHANCE = Random()
_USUAL_BYTES = 32


def fix() -> None:
    """From now on ids and tokens of this process are drawn from what `begin` began, those of modules at first."""
    ids.new_id.__defaults__ = (_CHANCE.randbytes,)
    vars(ids)["os"] = SimpleNamespace(urandom=_CHANCE.randbytes)
    secrets.token_bytes = _drawn
    secrets.randbits = _drawn_bits
    begin("")
    if not SEED:
        # For pytest's workers, and whatever a test starts: what is in no order stands in the same one each time.
        os.environ.setdefault("PYTHONHASHSEED", "0")


def begin(test: str) -> None:
    """Each test has its own, whichever ran before it."""
    _CHANCE.seed(SEED + test)
    random.seed(SEED + test)


@contextmanager
def of_its_own(shared: str) -> Iterator[None]:
    """What several tests share is not drawn by whichever ran before the first of them; the test then goes on."""
    drawn, others = _CHANCE.getstate(), random.getstate()
    begin(shared)
    try:
        yield
    finally:
        _CHANCE.setstate(drawn)
        random.setstate(others)


def _drawn(nbytes: int | None = None) -> bytes:
    return _CHANCE.randbytes(nbytes or _USUAL_BYTES)


def _drawn_bits(k: int) -> int:
    return _CHANCE.getrandbits(k)
