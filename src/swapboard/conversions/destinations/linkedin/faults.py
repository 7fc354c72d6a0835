"""Which events LinkedIn names where it refuses all that came together for one that is wrong.

`Index: 2, ERROR :: /user :: …` with 422, a line for each fault; or a sentence with 400 that ends in
`indices [2, 5] (0-indexed)`. Its documentation has neither; whoever tells it of several at once met both.
"""

import re
from collections.abc import Mapping

_LINES = re.compile(r"Index: (\d{1,6}),\s*(.*?)\s*(?=Index: \d|\Z)", re.DOTALL)
_LISTED = re.compile(r"indices \[([\d,\s]+)\]")
_PLACE = re.compile(r"\d{1,6}")


def bad_events(message: str) -> Mapping[int, str]:
    """The places of the events that are wrong, each with why; empty where the answer names none."""
    found = {int(place): why for place, why in _LINES.findall(message)}
    if found:
        return found
    listed = _LISTED.search(message)
    return {int(place): message for place in _PLACE.findall(listed[1])} if listed else {}
