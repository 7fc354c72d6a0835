"""A log-in under a name that nobody has takes as long as any other."""

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from swapboard.accounts.secrets import hash_of_nobody


def test_a_strangers_log_in_is_worked_on_as_hard_as_anybodys() -> None:
    hasher = PasswordHasher()
    nobody = hash_of_nobody(hasher)
    assert not hasher.check_needs_rehash(nobody)
    assert len(nobody) == len(hasher.hash("correct horse battery"))
    with pytest.raises(VerifyMismatchError):
        hasher.verify(nobody, "correct horse battery")
