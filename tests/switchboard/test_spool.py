"""The spool: an event is on disk before `add` returns, and leaves it once the database has it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.switchboard import spool as spool_module
from swapboard.switchboard.ringing import Told
from swapboard.switchboard.spool import Reading, Spool
from tests.building import NOW


def told(call_ref: str, **raw: str) -> Told:
    facts = Facts(dialled="+12025550100", caller="+12125550111", outcome=Outcome.BUSY, talk_seconds=3)
    events = (
        CallEvent(call_ref, "", EventKind.ARRIVED, 0, NOW, facts),
        CallEvent(call_ref, "l", EventKind.LEG_ENDED, 1, NOW),
    )
    return Told("c" * 32, "d" * 32, events, raw, NOW)


def read(spool: Spool) -> tuple[list[Told], Reading]:
    """Everything in the file, and the pass that read it."""
    reading, found = spool.read(), []
    while piece := reading.next():
        found += piece
    return found, reading


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "spool.jsonl"


@pytest.fixture
def spool(file: Path) -> Spool:
    return Spool(file)


def test_nothing_waits_at_first(spool: Spool) -> None:
    assert spool.is_empty
    waiting, reading = read(spool)
    spool.forget(reading)
    assert waiting == []


def test_only_its_owner_may_read_what_waits(spool: Spool, file: Path) -> None:
    spool.add(told("CA1"))
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_told_waits_in_its_order(spool: Spool, file: Path) -> None:
    asked = [told("one", body='{"a": "b"}\n\n'), told("two", body="ü\u2028\x85"), told("three")]
    for each in asked:
        spool.add(each)
    assert not spool.is_empty
    assert read(Spool(file))[0] == asked


def test_a_long_file_is_read_a_piece_at_a_time(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [told(f"call {index}", body="x" * 300) for index in range(40)]
    for each in asked:
        spool.add(each)
    monkeypatch.setattr(spool_module, "PIECE_BYTES", 2_000)
    reading = spool.read()
    first = reading.next()
    assert 0 < len(first) < len(asked)
    waiting, reading = read(spool)
    assert waiting == asked
    spool.forget(reading)
    assert spool.is_empty


def test_what_the_database_has_is_forgotten_and_what_came_meanwhile_is_not(spool: Spool) -> None:
    spool.add(told("one"))
    waiting, reading = read(spool)
    spool.add(told("two"))
    spool.forget(reading)
    assert waiting == [told("one")]
    waiting, reading = read(spool)
    assert waiting == [told("two")]
    spool.forget(reading)
    assert spool.is_empty


def test_more_came_meanwhile_than_was_read_and_all_of_it_stays(spool: Spool) -> None:
    spool.add(told("one"))
    _, reading = read(spool)
    later = [told("two"), told("three"), told("four")]
    for each in later:
        spool.add(each)
    spool.forget(reading)
    waiting, reading = read(spool)
    assert waiting[-3:] == later
    spool.forget(reading)
    assert spool.is_empty


def test_two_processes_on_one_file_forget_nothing_that_neither_read(spool: Spool, file: Path) -> None:
    """An old server ends while the new one starts: both read the same, one forgets, then something comes in."""
    other = Spool(file)
    spool.add(told("one"))
    _, ours = read(spool)
    _, theirs = read(other)
    other.forget(theirs)
    other.add(told("two"))
    spool.forget(ours)
    assert read(spool)[0] == [told("two")]


@given(st.integers(1, 400))
def test_a_line_cut_short_spoils_no_other(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    file = tmp_path_factory.mktemp("spool") / "spool.jsonl"
    spool = Spool(file)
    spool.add(told("one"))
    whole = file.read_bytes()
    spool.add(told("two"))
    file.write_bytes(file.read_bytes()[: len(whole) + cut])
    rest = len(file.read_bytes()) - len(whole)
    assert read(spool)[0][0] == told("one")
    spool.add(told("three"))
    waiting, reading = read(spool)
    whole_second = [told("two")] if rest >= len(whole) - 1 else []
    assert waiting == [told("one"), *whole_second, told("three")]
    spool.forget(reading)
    assert spool.is_empty


def test_a_line_cut_short_at_the_end_is_no_reason_to_wait_for_ever(spool: Spool, file: Path) -> None:
    spool.add(told("one"))
    with file.open("ab") as torn:
        torn.write(b'\n{"company_id": "c')
    waiting, reading = read(spool)
    assert waiting == [told("one")]
    spool.forget(reading)
    assert spool.is_empty


@pytest.mark.parametrize("torn", [b'\n{"company_id": "c', b'{"company_id": "c'])
def test_nor_is_one_that_is_all_there_is(spool: Spool, file: Path, torn: bytes) -> None:
    file.write_bytes(torn)
    _, reading = read(spool)
    spool.forget(reading)
    assert spool.is_empty


@pytest.mark.parametrize(
    "rubbish", [b"{}\n", b"\xff\xfe\n", b"null\n", b'{"company_id": 1}\n', b"\x00\n", b"\n\n"]
)
def test_rubbish_is_left_out(spool: Spool, file: Path, rubbish: bytes) -> None:
    spool.add(told("one"))
    with file.open("ab") as written:
        written.write(rubbish)
    spool.add(told("two"))
    waiting, reading = read(spool)
    assert waiting == [told("one"), told("two")]
    spool.forget(reading)
    assert spool.is_empty


def test_a_disk_that_takes_nothing_is_said_and_the_event_is_held(spool: Spool, file: Path) -> None:
    file.mkdir()
    for name in ("one", "two"):
        with pytest.raises(OSError, match="directory"):
            spool.add(told(name))
    assert spool.held_events() == (told("one"), told("two"))
    spool.let_go(1)
    assert spool.held_events() == (told("two"),)
    assert not spool.is_empty


def test_memory_has_its_limit_too(spool: Spool, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.mkdir()
    monkeypatch.setattr(spool_module, "MOST_HELD", 1)
    for name in ("one", "two"):
        with pytest.raises(OSError, match="directory"):
            spool.add(told(name))
    assert spool.held_events() == (told("one"),)


def test_a_full_disk_holds_the_event_and_leaves_no_rubbish(spool: Spool, file: Path) -> None:
    # A device that refuses every byte as a full disk does; Linux has one that anybody may write to.
    file.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        spool.add(told("one"))
    file.unlink()
    spool.add(told("two"))
    assert spool.held_events() == (told("one"),)
    assert read(spool)[0] == [told("two")]
