"""Codes of authenticator apps by the RFC's own vectors, and recovery codes that each fit once."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swapboard.accounts.second_factor import (
    RECOVERY_CODES,
    app_address,
    new_recovery_codes,
    new_secret,
    step_of,
    without,
)
from swapboard.clock import SECOND

RFC = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_the_vectors_of_rfc_6238(at: int, code: str) -> None:
    step = at // 30
    assert step_of(RFC, code, at * SECOND) == step
    assert step_of(RFC, f"{code[:3]} {code[3:]}", (at + 30) * SECOND) == step
    assert step_of(RFC, code, (at - 30) * SECOND) == step
    assert step_of(RFC, code, (at + 90) * SECOND) is None


@given(st.text(max_size=8).filter(lambda text: text.replace(" ", "") not in {"287082", "755224", "359152"}))
@settings(max_examples=50)
def test_what_is_no_code_fits_never(text: str) -> None:
    """At 59 s the codes of steps 0, 1 and 2 would do (RFC 4226, appendix D)."""
    assert step_of(RFC, text, 59 * SECOND) is None


def test_recovery_codes_fit_once_however_they_are_typed() -> None:
    codes, hashes = new_recovery_codes()
    assert len(set(codes)) == RECOVERY_CODES
    assert not any(code in repr(hashes) for code in codes)
    left = without(hashes, f" {codes[3].lower().replace('-', ' ')} ")
    assert left is not None
    assert len(left) == RECOVERY_CODES - 1
    assert without(left, codes[3]) is None
    assert without(hashes, "") is None


def test_an_app_is_told_the_issuer_and_the_address() -> None:
    secret = new_secret()
    assert secret != new_secret()
    address = app_address(secret, "ada@example.com")
    assert address.startswith("otpauth://totp/Swapboard:ada%40example.com?")
    assert f"secret={secret}" in address
