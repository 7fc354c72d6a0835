"""Is a webhook Vonage's own? By its signed token, by the hash of the body in it, and by its age.

`Authorization: Bearer` a JWT (HS256) by the account's signature secret; its `payload_hash` is the body's SHA-256,
which Vonage's own package does not look at, nor at the token's age.
https://developer.vonage.com/en/getting-started/concepts/webhooks ("Decoding signed webhooks"). How a GET's query
is hashed is not told plainly: of a GET, which has no body, the token and its age are checked.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

import jwt
from jwt.types import Options

from swapboard.carriers.base import CarrierRequest
from swapboard.clock import SECOND

LONGEST_AGE_SECONDS = 300
_OPTIONS: Options = {
    "require": ["iat"],
    # By PyJWT's own clock; ours is the moment at which the request came.
    "verify_iat": False,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_aud": False,
}


def is_signed(request: CarrierRequest, secret: str, application_id: str) -> bool:
    """True when the secret signed a token for this very body, lately. Never raises."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return False
    try:
        claims = jwt.decode(token.strip(), secret, algorithms=["HS256"], options=_OPTIONS)
    except (jwt.PyJWTError, ValueError):  # ValueError: what no header should have in it
        return False
    return (
        claims.get("application_id", application_id) == application_id
        and _is_fresh(claims["iat"], request)
        and (request.method == "GET" or _is_of_body(claims.get("payload_hash"), request.body))
    )


def signed(request: CarrierRequest, secret: str, application_id: str) -> Mapping[str, str]:
    """The header of this very request."""
    claims = {
        "iat": request.received_at // SECOND,
        "jti": secrets.token_hex(16),
        "iss": "Vonage",
        "payload_hash": hashlib.sha256(request.body).hexdigest(),
        "application_id": application_id,
    }
    return {"Authorization": f"Bearer {jwt.encode(claims, secret, 'HS256')}"}


def _is_fresh(issued_at: object, request: CarrierRequest) -> bool:
    if not isinstance(issued_at, int | float):
        return False
    return abs(request.received_at / SECOND - issued_at) <= LONGEST_AGE_SECONDS


def _is_of_body(told: object, body: bytes) -> bool:
    wanted = hashlib.sha256(body).hexdigest()
    return isinstance(told, str) and hmac.compare_digest(told.lower().encode("utf-8", "replace"), wanted.encode())
