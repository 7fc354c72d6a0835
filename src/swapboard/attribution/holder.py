"""A session that held a number, and where in the table of rates it stands at a moment.

`holders.py` fetches them from the database, `watch.py` counts their time.
"""

from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from swapboard.attribution.evidence import PROFILES, profile_of
from swapboard.attribution.hazard import (
    CELLS,
    EDGES,
    FIRST_CELL,
    HIDDEN,
    LIVE,
    LONGEST_AGE,
    SILENT_AFTER,
    TAP_LASTS,
    TAPPED,
    Phase,
)
from swapboard.attribution.slopes import PART_EDGES, first_part
from swapboard.clock import Millis

CALLED = 0.5
"""A session of which more than this is believed has called."""
_INNER_LEFT, _INNER_SILENT = PART_EDGES[Phase.LEFT][1:-1], PART_EDGES[Phase.SILENT][1:-1]
LAST_PLACE = FIRST_CELL[Phase.SILENT] - 1
"""Of whoever left before all cells, and is believed to have called."""
TOO_LONG_AGO = -1
"""In place of a place in the table of rates: whoever is there does not count."""
_LEFT_PLACES = tuple(first_part(profile, Phase.LEFT) for profile in range(PROFILES))
"""By profile: all who left share these few integers, which are then at hand, where each had one somewhere."""


class Holder(msgspec.Struct, eq=False):
    """A session that held a number, as it was known when the call arrived.

    What every call asks of dozens comes first, side by side: much of a call's time is waiting for memory.
    """

    session_id: str
    visitor_id: str
    came_at: Millis
    heard_at: Millis
    left_at: Millis | None = None
    tapped_at: Millis | None = None
    region: str = ""
    called: float = 0.0
    """Our belief that it made a call already."""
    first_place: int = 0
    """Of one who left: where its profile's parts begin in the table of rates."""
    placed_for: Millis | None = None
    """The moment it had left when that was worked out."""
    may_be_linked: bool = True
    """Whether its visitor may have called before, from this visit or another; asked of dozens, where few have."""
    hidden_at: Millis | None = None
    who: int = 0
    """See `evidence.who_of`."""
    called_at: Millis = -1
    """When it probably made its last call; the taps before led to that one, and to no other."""
    unnamed: float = 0.0
    """Our belief that it made one from a number that was withheld."""

    def believe(self, belief: float, at: Millis, *, withheld: bool) -> None:
        """It made a call at the moment, so much is believed."""
        self.may_be_linked = True
        self.called = 1.0 - (1.0 - self.called) * (1.0 - belief)
        if withheld:
            self.unnamed = 1.0 - (1.0 - self.unnamed) * (1.0 - belief)
        if belief > CALLED:
            self.called_at = max(self.called_at, at)


def places_of(holders: Iterable[Holder], at: Millis) -> list[int]:
    """Each session's place in the table of rates, or TOO_LONG_AGO."""
    places, inner = [], _INNER_LEFT
    for holder in holders:
        left_at, tapped_at = holder.left_at, holder.tapped_at
        if left_at is None or (tapped_at is not None and at - tapped_at < TAP_LASTS):
            places.append(_place_of(holder, at))
            continue
        if holder.placed_for is not left_at:
            profile = profile_of(holder.who, left_at - holder.came_at)
            holder.first_place, holder.placed_for = _LEFT_PLACES[profile], left_at
        age = at - left_at
        places.append(holder.first_place + bisect_right(inner, age) if age < LONGEST_AGE else TOO_LONG_AGO)
    return places


def _place_of(holder: Holder, at: Millis) -> int:
    """Of one who is there, or fell silent, or tapped lately."""
    tapped_at, heard_at = holder.tapped_at, holder.heard_at
    if tapped_at is not None and at - tapped_at < TAP_LASTS:
        return _place_on_page(holder, TAPPED, at - tapped_at)
    age = at - heard_at
    if age <= SILENT_AFTER:
        if holder.hidden_at is not None:
            return _place_on_page(holder, HIDDEN, at - holder.hidden_at)
        return _place_on_page(holder, LIVE, at - holder.came_at)
    if age >= LONGEST_AGE:
        return TOO_LONG_AGO
    profile = profile_of(holder.who, heard_at - holder.came_at)
    return first_part(profile, Phase.SILENT) + bisect_right(_INNER_SILENT, age)


def _place_on_page(holder: Holder, phase: int, age: Millis) -> int:
    if age >= LONGEST_AGE:
        return TOO_LONG_AGO
    return holder.who * CELLS + FIRST_CELL[phase] + bisect_right(EDGES[phase], age, 1, len(EDGES[phase]) - 1) - 1
