"""What a carrier tells in one field, read with mistrust: an id, a count, the keys that were pressed."""

from collections.abc import Mapping

from swapboard.calls.call import EventKind
from swapboard.calls.flow_state import Awaits
from swapboard.carriers.base import BadCarrierRequest

MAX_REF_LENGTH = 64
MAX_KEYS = 32
_SIGNS = dict.fromkeys(map(ord, "_-:"))
"""What ids have beside letters and digits; Telnyx's begin with `v3:`."""
_KINDS = {
    Awaits.ARRIVAL: EventKind.ARRIVED,
    Awaits.DIAL: EventKind.DIAL_ENDED,
    Awaits.KEYS: EventKind.KEYS,
    Awaits.MESSAGE: EventKind.MESSAGE,
}


def awaited_kind(awaits: Awaits) -> EventKind:
    """What a carrier tells of a call that it comes back with in this state. Raises BadCarrierRequest."""
    try:
        return _KINDS[awaits]
    except KeyError:
        raise BadCarrierRequest(f"no carrier comes back with a call in the state {awaits.value!r}.") from None


def count(text: str | None) -> int | None:
    """A count of seconds or callbacks; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None


def pressed_keys(text: str) -> str:
    """The keys among what was told; some carriers tell other things there, such as `hangup`."""
    return "".join(each for each in text[:MAX_KEYS] if each in "0123456789*#")


def known_ref(ref: str) -> str | None:
    """The carrier's id of a call or a recording; None when it is not fit to be one."""
    letters = ref.translate(_SIGNS)
    return ref if len(ref) <= MAX_REF_LENGTH and letters.isascii() and letters.isalnum() else None


def needed_ref(told: Mapping[str, str], name: str) -> str:
    """An id that the request must have, in the field of this name. Raises BadCarrierRequest."""
    ref = told.get(name, "")
    if not ref:
        raise BadCarrierRequest(f"{name} is missing.")
    if known_ref(ref) is None:
        raise BadCarrierRequest(f"{name} is not an id: {ref[:40]!r}.")
    return ref
