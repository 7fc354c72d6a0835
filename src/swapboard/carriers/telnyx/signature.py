"""Is a webhook Telnyx's own? Ed25519 over the moment and the body, by the account's public key.

https://developers.telnyx.com/api-reference/callbacks/texml-call-completed ("Headers"): `telnyx-timestamp` in
seconds, `telnyx-signature-ed25519` in Base64, of `timestamp|body`. The official client refuses what is older or
newer than five minutes; so do we. The address is not covered: what it says must do no harm.
"""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from swapboard.carriers.base import CarrierRequest
from swapboard.clock import SECOND

WINDOW_SECONDS = 300
SIGNATURE_HEADER = "telnyx-signature-ed25519"
TIMESTAMP_HEADER = "telnyx-timestamp"
_KEY_BYTES = 32


def public_key(text: str) -> Ed25519PublicKey:
    """The key from its Base64. Raises ValueError."""
    key = base64.b64decode(text, validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError(f"an Ed25519 key has {_KEY_BYTES} bytes, not {len(key)}")
    return Ed25519PublicKey.from_public_bytes(key)


def is_signed(request: CarrierRequest, key: Ed25519PublicKey) -> bool:
    """True when the key's owner signed this body, not long ago. Whatever cannot be read is not signed."""
    timestamp = request.headers.get(TIMESTAMP_HEADER, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    if abs(request.received_at // SECOND - int(timestamp)) > WINDOW_SECONDS:
        return False
    try:
        signature = base64.b64decode(request.headers.get(SIGNATURE_HEADER, ""), validate=True)
        key.verify(signature, f"{timestamp}|".encode() + request.body)
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True
