"""Is a webhook Twilio's own? As the official RequestValidator says, in every scheme that it knows.

- A form: HMAC of the address and the sorted parameters, of each its different values, sorted.
- JSON: HMAC of the address, whose `bodySHA256` is the body's hash.
- HMAC-SHA1 with the account's auth token or, announced by `X-Twilio-Webhooks-Signature-Settings`, the algorithm
  named there with a shared key's secret.

https://www.twilio.com/docs/usage/webhooks/webhooks-security
https://www.twilio.com/docs/usage/webhooks/webhook-shared-keys
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from swapboard.carriers.base import BadCarrierRequest, CarrierRequest
from swapboard.carriers.parameters import form_of, is_json

_SETTINGS = SIGNATURE_SETTINGS_HEADER.lower()
_HASHES = {HMAC_SHA1: "sha1", HMAC_SHA256: "sha256"}


def is_signed(
    request: CarrierRequest, secrets: Sequence[str], headers: Sequence[str] = (SIGNATURE_HEADER,)
) -> bool:
    """True when one of the secrets signed this very request. Whatever cannot be read is not signed; never raises.

    `headers` are those that may have the signature, of carriers that sign as Twilio does.
    Twilio signs the address with or without its port, not always the same; the validator takes both.
    """
    signature = next(filter(None, (request.headers.get(name.lower()) for name in headers)), "")
    algorithm: str = get_signature_algorithm(request.headers.get(_SETTINGS, ""))
    if not signature or algorithm.upper() not in _HASHES:
        return False
    try:
        content = _signed_content(request)
        return any(_fits(secret, request.url, content, signature, algorithm) for secret in secrets)
    except ValueError:  # BadCarrierRequest is one; so is an address that is none
        return False


class _Form(dict[str, Sequence[str]]):
    """As Django has forms, which the validator knows."""

    def getlist(self, name: str) -> Sequence[str]:
        """All values of the name."""
        return self[name]


def _fits(secret: str, url: str, content: _Form | str, signature: str, algorithm: str) -> bool:
    if isinstance(content, _Form) and _is_form_signed(secret, url, content, signature, algorithm):
        return True
    fits: bool = RequestValidator(secret).validate(url, content, signature, algorithm)
    return fits


def _is_form_signed(secret: str, url: str, form: _Form, signature: str, algorithm: str) -> bool:
    """The same in a fifth of the time, for a form whose address was signed as we know it: nearly all are."""
    signed_text = url + "".join(f"{name}{value}" for name in sorted(form) for value in sorted(set(form[name])))
    made = hmac.digest(secret.encode(), signed_text.encode(), _HASHES[algorithm.upper()])
    return hmac.compare_digest(b64encode(made), signature.encode())


def signed(request: CarrierRequest, secret: str, header: str = SIGNATURE_HEADER) -> Mapping[str, str]:
    """The header of this very request. Raises BadCarrierRequest for a body that Twilio would not sign."""
    content = _signed_content(request)
    form = content if isinstance(content, _Form) else {}
    return {header: RequestValidator(secret).compute_signature(request.url, form)}


def _signed_content(request: CarrierRequest) -> _Form | str:
    """What the signature covers beside the address: the form's parameters, or a body by its hash."""
    is_form = request.method != "GET" and bool(request.body) and not is_json(request)
    if is_form:
        return _Form(form_of(request))
    if "bodySHA256" in parse_qs(urlsplit(request.url).query):
        return request.body.decode()
    if request.body:
        raise BadCarrierRequest("A body without its hash in the address is not signed.")
    return _Form()
