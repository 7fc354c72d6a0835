"""Signatures of https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md:
HMAC-SHA256 (`whsec_…`, version v1) and Ed25519 (`whsk_…` and `whpk_…`, version v1a) over `id.timestamp.body`.
While a secret is replaced, the old and the new one sign side by side.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from swapboard.language import _

PREFIX = "whsec_"
PRIVATE_PREFIX, PUBLIC_PREFIX = "whsk_", "whpk_"
_LEAST_BYTES, _MOST_BYTES = 24, 64
_SEED_BYTES = 32


def key_of(secret: str) -> bytes:
    """The key in a secret. Raises ValueError."""
    try:
        key = base64.b64decode(secret.strip().removeprefix(PREFIX), validate=True)
    except ValueError as error:
        raise ValueError(_("A signing secret is whsec_ and base64; leave it empty to have one made.")) from error
    if not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        raise ValueError(
            _("A signing secret has %(least_bytes)s to %(most_bytes)s bytes, and this one %(key)s.")
            % {"least_bytes": _LEAST_BYTES, "most_bytes": _MOST_BYTES, "key": len(key)}
        )
    return key


def secret_of(key: bytes) -> str:
    """A secret as people copy it."""
    return PREFIX + base64.b64encode(key).decode()


def private_key_of(secret: str) -> Ed25519PrivateKey:
    """The key in a `whsk_…`: its 32 bytes, or those with the public key behind them. Raises ValueError."""
    try:
        key = base64.b64decode(secret.strip().removeprefix(PRIVATE_PREFIX), validate=True)
    except ValueError as error:
        raise ValueError(_("A private key is whsk_ and base64; leave it empty to have one made.")) from error
    if len(key) not in {_SEED_BYTES, 2 * _SEED_BYTES}:
        raise ValueError(
            _("A private key has %(seed_bytes)s or %(what)s bytes, and this one %(key)s.")
            % {"seed_bytes": _SEED_BYTES, "what": 2 * _SEED_BYTES, "key": len(key)}
        )
    return Ed25519PrivateKey.from_private_bytes(key[:_SEED_BYTES])


def new_private_key() -> str:
    """A private key as people copy it."""
    return PRIVATE_PREFIX + base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def public_of(secret: str) -> str:
    """The public key of a private one, as receivers are given it. Raises ValueError."""
    return PUBLIC_PREFIX + base64.b64encode(private_key_of(secret).public_key().public_bytes_raw()).decode()


def signed(
    keys: Sequence[bytes], private_keys: Sequence[Ed25519PrivateKey], message_id: str, seconds: int, body: bytes
) -> Mapping[str, str]:
    """The three headers; the signature names every key's, the newest first."""
    content = f"{message_id}.{seconds}.".encode() + body
    signatures = [("v1", hmac.digest(key, content, hashlib.sha256)) for key in keys]
    signatures += [("v1a", key.sign(content)) for key in private_keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"{name},{base64.b64encode(each).decode()}" for name, each in signatures),
    }
