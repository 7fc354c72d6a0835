"""Calls whose end nobody told us of: when they are held to be over, though we never heard it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from swapboard.calls.call import CallEvent, EventKind
from swapboard.clock import HOUR, MINUTE, Millis

LONGEST_CALL: Millis = 4 * HOUR
"""Twilio ends a call after four hours (https://www.twilio.com/docs/voice/api/call-resource, TimeLimit): a call
that began before the last look may have ended since."""
GIVEN_UP_AFTER: Millis = LONGEST_CALL + HOUR
"""By then the carrier's list has been read several times since the longest call was over."""
SETTLED_AFTER: Millis = 10 * MINUTE
"""How long a list may lag behind, and clocks lie apart."""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that rings or talks, as far as we heard."""

    call_ref: str
    started_at: Millis


@dataclass(frozen=True, slots=True)
class ReadList:
    """A carrier's list that was read to its end: every call that began from `since` on until `at` stands on it."""

    since: Millis
    at: Millis
    call_refs: Collection[str]

    def misses(self, call: OpenCall) -> bool:
        """True when the call would be on the list if the carrier knew it."""
        in_reach = self.since + SETTLED_AFTER <= call.started_at <= self.at - SETTLED_AFTER
        return in_reach and call.call_ref not in self.call_refs


def given_up(calls: Iterable[OpenCall], read: ReadList | None, now: Millis) -> Iterator[CallEvent]:
    """For each call of which nothing more is to be heard, the event that ends it, if nothing better is told later.

    `read` is None when the carrier's list could not be read.
    """
    for call in calls:
        if call.started_at <= now - GIVEN_UP_AFTER or (read is not None and read.misses(call)):
            yield CallEvent(call.call_ref, "", EventKind.GIVEN_UP, 0, now)
