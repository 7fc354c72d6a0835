"""What went wrong is told in a sentence; a fault of ours keeps its traceback."""

import errno
import os
from pathlib import Path

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError

from swapboard.cli.app import main
from swapboard.cli.problems import Problem, in_words, reading_file, writing_file
from swapboard.setting_values import SettingsError


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Problem("No."), "No."),
        (SettingsError("Not so."), "Not so."),
        (
            OSError(errno.ENOSPC, "No space left on device", "/data/x"),
            "/data/x: No space left on device. Make room",
        ),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "/x: Permission denied. Let this user use it"),
        (
            OperationalError("", {}, Exception("database or disk is full")),
            "The database cannot be written (database",
        ),
        (
            OperationalError("", {}, Exception("connection refused\nhint")),
            "The database does not answer (connection ref",
        ),
        (ProgrammingError("", {}, Exception("no such column")), "The database cannot be used (no such column)"),
    ],
)
def test_what_the_machine_refuses_is_told_in_words(error: Exception, said: str) -> None:
    told = in_words(error)
    assert told
    assert told.startswith(said)
    assert "\n" not in told


@pytest.mark.parametrize(
    "error",
    [
        KeyError("x"),
        FileNotFoundError(errno.ENOENT, "No such file", "x"),
        ValueError(),
        IntegrityError("", {}, Exception("UNIQUE constraint failed: calls.call_id")),
        DataError("", {}, Exception("integer out of range")),
    ],
)
def test_a_fault_of_ours_is_not_hidden(error: Exception) -> None:
    assert in_words(error) is None


@pytest.mark.parametrize("code", [errno.EACCES, errno.ENOSPC])
def test_a_file_that_was_named_is_told_of_in_the_same_words(code: int) -> None:
    refused = OSError(code, os.strerror(code), "/x")
    with pytest.raises(Problem) as caught, writing_file("/x"):
        raise refused
    said = in_words(refused)
    assert said is not None
    assert str(caught.value) == said.replace("/x:", "/x cannot be written:")
    with (
        pytest.raises(Problem, match=r"^x.toml cannot be read: No such file or directory\.$"),
        reading_file("x.toml"),
    ):
        Path("/nowhere/x.toml").read_bytes()


def test_the_command_ends_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "secret.key").touch()
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("SWAPBOARD_DATABASE_URL", raising=False)
    monkeypatch.setattr("sys.argv", ["swapboard", "serve", "--port", "1"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "secret.key is empty or damaged. Put it back from a backup" in capsys.readouterr().err
