"""A webhook's parameters: from its form, from a JSON body, or from the address of a GET."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from swapboard.carriers.base import BadCarrierRequest, CarrierRequest

MAX_FIELDS = 2_000
"""Ten times what any carrier sends; what is read before its signature is may not take long."""


def parameters(request: CarrierRequest) -> dict[str, str]:
    """The parameters by name, of one that a form repeats its first value. Raises BadCarrierRequest where there is
    nothing that can be read.

    Carriers send nearly each name once, but not all (https://github.com/twilio/twilio-node/issues/722).
    """
    if request.method == "GET":
        return _firsts(_form(urlsplit(request.url).query))
    if is_json(request):
        return _json(request.body)
    return _firsts(form_of(request))


def form_of(request: CarrierRequest) -> Mapping[str, Sequence[str]]:
    """All values of each name in the body, as signatures cover them. Raises BadCarrierRequest."""
    try:
        return _form(request.body.decode())
    except UnicodeDecodeError as error:
        raise BadCarrierRequest("The body is not UTF-8.") from error


def is_json(request: CarrierRequest) -> bool:
    """True when the body says that it is JSON."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


@lru_cache(maxsize=8)
def _form(text: str) -> Mapping[str, Sequence[str]]:
    """What was read for the signature need not be read anew for what it tells."""
    try:
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:  # not UTF-8, or too many
        raise BadCarrierRequest(f"The form cannot be read: {error}.") from error


def _firsts(form: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in form.items()}


def _once_each(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise BadCarrierRequest(f"{name[:40]!r} is given twice.")
        found[name] = value
    return found


def _json(body: bytes) -> dict[str, str]:
    try:
        document = json.loads(body, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise BadCarrierRequest(f"The body is not JSON that can be read: {error}.") from error
    if not isinstance(document, dict):
        raise BadCarrierRequest("The JSON body is not an object.")
    return {name: str(value) for name, value in document.items() if isinstance(value, str | int)}
