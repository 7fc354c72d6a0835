"""A log-in under a name that nobody has takes as long as any other; the key is there whole, or not at all."""

import os
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from swapboard.accounts.secrets import Vault, hash_of_nobody
from swapboard.settings import SettingsError


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
    assert not file.exists()
    assert Vault.open(file).unseal(Vault.open(file).seal({"a": "b"})) == {"a": "b"}


@pytest.mark.parametrize("content", [b"", b"half a ke", b"\xff" * 44])
def test_a_damaged_key_is_told_and_kept(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret.key"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match="is empty or damaged"):
        Vault.open(file)
    assert file.read_bytes() == content
