"""What does not work at the moment, and since when: for people, who should hear it before they notice it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from swapboard.clock import Clock, Millis


class Trouble(StrEnum):
    """What can be out of order while calls still get through."""

    DATABASE_SILENT = "database_silent"
    """It does not answer: calls are routed by memory or by the snapshot."""
    NOT_WRITTEN = "not_written"
    """It can be read but not written: a full disk, or somebody who holds it."""
    EVENTS_WAIT = "events_wait"
    """Events of calls are in the spool, and the database has not taken them yet."""
    ONLY_IN_MEMORY = "only_in_memory"
    """The disk does not take events either."""
    SNAPSHOT_UNWRITTEN = "snapshot_unwritten"
    """The routes on disk are older than those in use."""
    FALLBACK_UNWRITTEN = "fallback_unwritten"
    """So are the documents for carriers."""
    CAP_REACHED = "cap_reached"
    """The day's limit on talk is reached: unknown callers are refused."""
    PUMPED = "pumped"
    """Somebody seems to make calls for the minutes."""
    LISTS_UNREAD = "lists_unread"
    """A carrier does not let us read its list of calls."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A trouble that is not over."""

    trouble: Trouble
    since: Millis


class Condition:
    """The troubles of one process; those of one company are told to that company only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since: dict[tuple[str, Trouble], Millis] = {}
        self._lock = Lock()

    def note(self, trouble: Trouble, is_so: bool, company_id: str = "") -> None:
        """Note whether it is so now; one that was so already goes on since then."""
        key = company_id, trouble
        with self._lock:
            if is_so:
                self._since.setdefault(key, self._clock())
            else:
                self._since.pop(key, None)

    def standing(self, company_id: str) -> Sequence[Standing]:
        """What the company's people should know, worst first."""
        with self._lock:
            known = [
                Standing(trouble, at) for (whose, trouble), at in self._since.items() if whose in {"", company_id}
            ]
        order = list(Trouble)
        return sorted(known, key=lambda each: order.index(each.trouble))
