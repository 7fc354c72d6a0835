"""The second step of a log-in: an authenticator app's codes (TOTP, RFC 6238), and recovery codes."""

import base64
import secrets
from collections.abc import Sequence

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from swapboard.accounts.secrets import hash_api_key, same
from swapboard.clock import SECOND, Millis

STEP_SECONDS = 30
RECOVERY_CODES = 10
_SECRET_BYTES, _RECOVERY_BYTES = 20, 10
_DIGITS = 6


def new_secret() -> str:
    """A secret for an app, as it is typed in: base32."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def app_address(secret: str, email: str) -> str:
    """What the QR code says: `otpauth://totp/…`."""
    return _totp(secret).get_provisioning_uri(email, "Swapboard")


def step_of(secret: str, code: str, now: Millis) -> int | None:
    """The step of 30 seconds whose code this is, or None; one before and one after now do, for clocks differ.

    The caller sees to it that no step is used twice.
    """
    typed = code.replace(" ", "")
    if len(typed) != _DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    here = now // (STEP_SECONDS * SECOND)
    for step in (here, max(0, here - 1), here + 1):
        try:
            _totp(secret).verify(typed.encode(), step * STEP_SECONDS)
        except InvalidToken:
            continue
        return step
    return None


def new_recovery_codes() -> tuple[Sequence[str], Sequence[str]]:
    """Codes to hand out, each for one log-in, and the hashes of them to keep; each has 80 random bits."""
    codes = [
        _grouped(base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()) for _ in range(RECOVERY_CODES)
    ]
    return codes, [_hash(code) for code in codes]


def without(hashes: Sequence[str], code: str) -> Sequence[str] | None:
    """The hashes without the one of this recovery code; None when it is none of them."""
    known = _hash(code)
    left = [each for each in hashes if not same(each, known)]
    return left if len(left) < len(hashes) else None


def _hash(code: str) -> str:
    return hash_api_key("".join(code.upper().split()).replace("-", ""))


def _grouped(code: str) -> str:
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def _totp(secret: str) -> TOTP:
    # SHA-1, six digits: what every app can do; the RFC's own choice.
    return TOTP(base64.b32decode(secret), _DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303
