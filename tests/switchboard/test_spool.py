"""The spool: an event is on disk before `add` returns, and leaves it once the database has it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.switchboard.ringing import Told
from swapboard.switchboard.spool import Spool
from tests.building import NOW


def told(call_ref: str, **raw: str) -> Told:
    facts = Facts(dialled="+12025550100", caller="+12125550111", outcome=Outcome.BUSY, talk_seconds=3)
    events = (
        CallEvent(call_ref, "", EventKind.ARRIVED, 0, NOW, facts),
        CallEvent(call_ref, "l", EventKind.LEG_ENDED, 1, NOW),
    )
    return Told("c" * 32, "d" * 32, events, raw, NOW)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool.jsonl")


def test_nothing_waits_at_first(spool: Spool) -> None:
    assert spool.waiting() == ([], 0)


def test_what_is_told_waits_in_its_order(spool: Spool, tmp_path: Path) -> None:
    asked = [told("one", body='{"a": "b"}\n\n'), told("two", body="ü\u2028\x85"), told("three")]
    for each in asked:
        spool.add(each)
    assert Spool(tmp_path / "spool.jsonl").waiting()[0] == asked


def test_what_the_database_has_is_forgotten_and_what_came_meanwhile_is_not(spool: Spool) -> None:
    spool.add(told("one"))
    waiting, size = spool.waiting()
    spool.add(told("two"))
    spool.forget(size)
    assert waiting == [told("one")]
    waiting, size = spool.waiting()
    assert waiting == [told("two")]
    spool.forget(size)
    assert spool.waiting() == ([], 0)


@given(st.integers(1, 400))
def test_a_line_cut_short_spoils_no_other(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    file = tmp_path_factory.mktemp("spool") / "spool.jsonl"
    spool = Spool(file)
    spool.add(told("one"))
    whole = file.read_bytes()
    spool.add(told("two"))
    file.write_bytes(file.read_bytes()[: len(whole) + cut])
    rest = len(file.read_bytes()) - len(whole)
    first, _ = spool.waiting()
    assert first[0] == told("one")
    spool.add(told("three"))
    waiting, size = spool.waiting()
    whole_second = [told("two")] if rest >= len(whole) - 1 else []
    assert waiting == [told("one"), *whole_second, told("three")]
    spool.forget(size)
    assert spool.waiting() == ([], 0)


@pytest.mark.parametrize(
    "rubbish", [b"{}\n", b"\xff\xfe\n", b"null\n", b'{"company_id": 1}\n', b"\x00\n", b"\n\n"]
)
def test_rubbish_is_left_out(spool: Spool, tmp_path: Path, rubbish: bytes) -> None:
    spool.add(told("one"))
    with (tmp_path / "spool.jsonl").open("ab") as file:
        file.write(rubbish)
    spool.add(told("two"))
    waiting, size = spool.waiting()
    assert waiting == [told("one"), told("two")]
    spool.forget(size)
    assert spool.waiting() == ([], 0)


def test_a_disk_that_takes_nothing_is_said(spool: Spool, tmp_path: Path) -> None:
    (tmp_path / "spool.jsonl").mkdir()
    with pytest.raises(OSError, match="directory"):
        spool.add(told("one"))
