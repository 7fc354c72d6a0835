"""A log-in under a name that nobody has takes as long as any other; the key is there whole, or not at all."""

import os
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from swapboard.accounts.secrets import Vault, hash_of_nobody
from swapboard.setting_values import SettingsError


def test_a_strangers_log_in_is_worked_on_as_hard_as_anybodys() -> None:
    hasher = PasswordHasher()
    nobody = hash_of_nobody(hasher)
    assert not hasher.check_needs_rehash(nobody)
    assert len(nobody) == len(hasher.hash("correct horse battery"))
    with pytest.raises(VerifyMismatchError):
        hasher.verify(nobody, "correct horse battery")


def test_a_full_disk_leaves_no_half_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret.key"
    with Path("/dev/full").open("wb", buffering=0) as full, monkeypatch.context() as disk:
        opened = os.open
        disk.setattr(os, "open", lambda path, *more: os.dup(full.fileno()) if opened(path, *more) else -1)
        with pytest.raises(OSError, match="No space left"):
            Vault.open(file)
    assert not list(tmp_path.iterdir())
    assert Vault.open(file).unseal(Vault.open(file).seal({"a": "b"})) == {"a": "b"}


def test_of_two_that_start_at_once_both_have_the_key_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, durable, others = tmp_path / "secret.key", os.fsync, list[Vault]()

    def fsync(descriptor: int) -> None:
        durable(descriptor)
        assert not file.exists(), "nobody sees a key that is not there whole"
        monkeypatch.setattr(os, "fsync", durable)
        others.append(Vault.open(file))

    monkeypatch.setattr(os, "fsync", fsync)
    ours = Vault.open(file)
    assert ours.unseal(others[0].seal({"a": "b"})) == {"a": "b"}
    assert (list(tmp_path.iterdir()), file.stat().st_mode & 0o777) == ([file], 0o600)


def test_a_file_system_that_has_one_name_a_file_keeps_the_key_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_source: str, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    file = tmp_path / "secret.key"
    sealed = Vault.open(file).seal({"a": "b"})
    assert Vault.open(file).unseal(sealed) == {"a": "b"}
    assert (list(tmp_path.iterdir()), file.stat().st_mode & 0o777) == ([file], 0o600)


@pytest.mark.parametrize("content", [b"", b"half a ke", b"\xff" * 44])
def test_a_damaged_key_is_told_and_kept(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret.key"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match="is empty or damaged"):
        Vault.open(file)
    assert file.read_bytes() == content
