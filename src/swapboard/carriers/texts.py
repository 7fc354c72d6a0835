"""Text messages as carriers' requests bring them, read with mistrust."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from swapboard.carriers.base import BadCarrierRequest, CarrierRequest, Text
from swapboard.carriers.caller import number_in
from swapboard.carriers.told import known_ref

LONGEST_BODY = 1_600


def text_of(sender: object, recipient: object, body: object, ref: object) -> Sequence[Text]:
    """The message; nothing where it is not from one phone number to another. Raises BadCarrierRequest."""
    known = known_ref(str(ref or ""))
    if not known:
        raise BadCarrierRequest("The message has no id.")
    ours, theirs = number_in(str(recipient or "")), number_in(str(sender or ""))
    if ours is None or theirs is None:
        return ()
    return (Text(theirs, ours, _printable(str(body or "")), known),)


def json_of(request: CarrierRequest) -> Any:
    """The JSON body. Raises BadCarrierRequest."""
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadCarrierRequest("The body is not JSON that can be read.") from error


def part(whole: object, name: str) -> Any:
    """What an object has under a name; None where it is none."""
    return whole.get(name) if isinstance(whole, Mapping) else None


def _printable(body: str) -> str:
    kept = (letter for letter in body if letter.isprintable() or letter == "\n")
    return "".join(kept).strip()[:LONGEST_BODY]
