"""Files that are replaced in one step."""

import os
from pathlib import Path

import pytest

from swapboard.storage.whole_file import replace_file


def test_two_that_write_at_once_leave_a_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second begins when the first has written, and not replaced yet."""
    path, replace = tmp_path / "new folder" / "routes.json", Path.replace

    def slowly(fresh: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "replace", replace)
        replace_file(path, b"short")
        assert path.read_bytes() == b"short"
        return replace(fresh, target)

    monkeypatch.setattr(Path, "replace", slowly)
    replace_file(path, b"longer than that")
    assert path.read_bytes() == b"longer than that"
    assert list(path.parent.iterdir()) == [path]


def test_what_a_crash_left_half_written_is_swept_when_the_file_is_next_replaced(tmp_path: Path) -> None:
    path = tmp_path / "routes.json"
    left, being_written, others = (
        tmp_path / name
        for name in ("routes.json.0123abcd.new", "routes.json.4567abcd.new", "other.json.0123abcd.new")
    )
    for each in (left, being_written, others):
        each.write_bytes(b"{")
    for each in (left, others):
        os.utime(each, (0, 0))

    replace_file(path, b"{}")

    assert set(tmp_path.iterdir()) == {path, being_written, others}


def test_what_fails_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "routes.json"
    replace_file(path, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("swapboard.storage.whole_file.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
