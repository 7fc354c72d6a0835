"""Files that are replaced in one step."""

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
