"""Is a webhook Plivo's own? By its signature, version 3.

HMAC-SHA256 with the auth token over the address, the sorted parameters of its query, the sorted parameters of the
form and a nonce that Plivo makes for each request. There is no time in it, so that a request which comes again
later is not told from the first: what it tells has the same identity, and changes nothing.
https://www.plivo.com/docs/voice/concepts/signature-validation; the parts are joined as the official package does
(plivo 4.63, `plivo/utils/signature_v3.py`), whose validator the tests use.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from swapboard.carriers.base import CarrierRequest
from swapboard.carriers.parameters import form_of

SIGNATURE_HEADER = "X-Plivo-Signature-V3"
NONCE_HEADER = "X-Plivo-Signature-V3-Nonce"
_SIGNATURES = ("x-plivo-signature-v3", "x-plivo-signature-ma-v3")
"""By the account's own token, and by its main account's: of a subaccount these are two."""
_NONCE = NONCE_HEADER.lower()
_OF_TEXTS, _NONCE_OF_TEXTS = "x-plivo-signature-v2", "x-plivo-signature-v2-nonce"


def is_signed(request: CarrierRequest, auth_token: str) -> bool:
    """True when the token signed this very request. Whatever cannot be read is not signed; never raises."""
    nonce = request.headers.get(_NONCE, "")
    given = [each.strip() for name in _SIGNATURES for each in request.headers.get(name, "").split(",")]
    if not nonce or not any(given):
        return False
    try:
        wanted = _signature(request, nonce, auth_token)
    except ValueError:  # BadCarrierRequest is one; so is an address that is none
        return False
    return any(hmac.compare_digest(wanted.encode(), each.encode("utf-8", "replace")) for each in given)


def is_text_signed(request: CarrierRequest, auth_token: str) -> bool:
    """True when the token signed the address of a message's request: in version 2, which leaves the body out.

    https://www.plivo.com/docs/messaging/concepts/signature-validation; as the official package does.
    """
    given, nonce = request.headers.get(_OF_TEXTS, ""), request.headers.get(_NONCE_OF_TEXTS, "")
    if not given or not nonce:
        return False
    parts = urlsplit(request.url)
    content = f"{parts.scheme}://{parts.netloc}{parts.path}{nonce}"
    made = hmac.new(auth_token.encode(), content.encode("utf-8", "surrogatepass"), hashlib.sha256)
    wanted = base64.b64encode(made.digest())
    return any(hmac.compare_digest(wanted, each.strip().encode("utf-8", "replace")) for each in given.split(","))


def signed(request: CarrierRequest, auth_token: str) -> Mapping[str, str]:
    """The headers of this very request. Raises BadCarrierRequest for a body that is no form."""
    nonce = secrets.token_hex(10)
    return {SIGNATURE_HEADER: _signature(request, nonce, auth_token), NONCE_HEADER: nonce}


def _signature(request: CarrierRequest, nonce: str, auth_token: str) -> str:
    form = form_of(request) if request.method != "GET" and request.body else {}
    content = f"{_address(request.url, is_followed=bool(form))}{_joined(form)}.{nonce}"
    made = hmac.new(auth_token.encode(), content.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


def _address(url: str, *, is_followed: bool) -> str:
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    pairs = "&".join(f"{name}={value}" for name in sorted(query) for value in sorted(query[name]))
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    if not (pairs or is_followed):
        return address
    return f"{address}?{pairs}{'.' if pairs and is_followed else ''}"


def _joined(form: Mapping[str, Sequence[str]]) -> str:
    return "".join(f"{name}{value}" for name in sorted(form) for value in sorted(form[name]))
