"""The routing snapshot: a reader sees the old one or the new one, whole; whatever cannot be read is none."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.routes import NO_ROUTES, CarrierAccount, CompanyRoutes, Routes
from swapboard.calls.snapshot import read_snapshot, write_snapshot

NUMBERS = st.sampled_from([f"+120255501{index:02d}" for index in range(20)])
WORDS = st.text(max_size=20)


@st.composite
def routes(draw: st.DrawFn) -> Routes:
    carriers = draw(st.dictionaries(WORDS, st.builds(CarrierAccount, WORDS, WORDS, WORDS, WORDS), max_size=3))
    company = st.builds(
        CompanyRoutes, WORDS, st.none() | NUMBERS, st.integers(1, 600), st.dictionaries(NUMBERS, NUMBERS)
    )
    return Routes(carriers, draw(st.dictionaries(WORDS, company, max_size=3)))


def some(count: int) -> Routes:
    company = CompanyRoutes(
        "c", "+442079460009", 25, {f"+1202555{index:04d}": "+442079460001" for index in range(count)}
    )
    return Routes({"a": CarrierAccount("a", "c", "test", "sealed")}, {"c": company})


@given(routes())
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, told: Routes) -> None:
    file = tmp_path_factory.mktemp("snapshot") / "folder" / "routes.json"
    write_snapshot(file, told)
    assert read_snapshot(file) == told


def test_a_reader_never_sees_half_of_it(tmp_path: Path) -> None:
    file = tmp_path / "routes.json"
    write_snapshot(file, some(1))
    done = threading.Event()

    def write() -> None:
        for index in range(150):
            write_snapshot(file, some(1 + index % 2 * 2_000))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = 0
    while not done.is_set() or not seen:
        assert len(read_snapshot(file).companies["c"].destinations) in {1, 2_001}
        seen += 1
    writer.join()


def test_a_crash_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "routes.json"
    write_snapshot(file, some(3))
    (tmp_path / "routes.new").write_bytes(b'{"carriers": {"a": {"carr')
    assert read_snapshot(file) == some(3)
    write_snapshot(file, some(4))
    assert read_snapshot(file) == some(4)


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[]", b"\xff\xfe", b'{"carriers": []}', b"\x00" * 100])
def test_what_cannot_be_read_is_no_snapshot(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "routes.json"
    assert read_snapshot(file) == NO_ROUTES
    file.write_bytes(content)
    assert read_snapshot(file) == NO_ROUTES
    assert read_snapshot(tmp_path) == NO_ROUTES
