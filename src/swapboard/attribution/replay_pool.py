"""The pool of a replay: its numbers, who holds them and who held them, and which of them a visit is given."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from operator import attrgetter

from swapboard.attribution.evidence import Link
from swapboard.attribution.hazard import LONGEST_AGE, RUNS_OUT_AFTER
from swapboard.attribution.pending import Pending
from swapboard.attribution.tail import Tail
from swapboard.attribution.watch import Watch, Watched
from swapboard.clock import Millis
from swapboard.numbers.pool import OFFERED_MORE, ORDINARY, longest_idle

CONSIDERED = 1 + OFFERED_MORE
"""How many of the longest-idle numbers are offered to a visit; 1 is to give the longest-idle."""
HOLDERS = 64
"""So many of a number's latest holders are weighed one by one."""
_LONG_AGO = 1_000_000
_heard_at = attrgetter("heard_at")


class Guest(Watched, eq=False):
    """A session of the log, and the number it was shown last."""

    number: "Number | None" = None
    is_live: bool = False


@dataclass(slots=True, eq=False)
class Number:
    """A number of the pool, with those that held it lately and those of long before."""

    number_id: str
    left_at: Millis = -LONGEST_AGE
    """When its last lease ended; as long before the log as nobody calls, when it was never shown."""
    heat: float = ORDINARY
    """See `numbers.pool.FreeNumber`."""
    holders: list[Guest] = field(default_factory=list)
    tail: Tail = field(default_factory=Tail)


class Pool:
    """All numbers, and the leases that are live."""

    def __init__(
        self,
        size: int,
        watch: Watch,
        considered: int = CONSIDERED,
        holders: int = HOLDERS,
        links: Mapping[str, Link] = {},
    ) -> None:
        most = max(200, _LONG_AGO // size)
        self.numbers = [Number(f"n{index:06d}", tail=Tail(most)) for index in range(size)]
        self.free: OrderedDict[str, Number] = OrderedDict((each.number_id, each) for each in self.numbers)
        self.live: dict[str, Guest] = {}
        self._runs_out_at: Millis = 0
        """No lease runs out before. Looked at by beats, the longest silent would have to be known after each."""
        self.last_numbers: OrderedDict[str, Number | None] = OrderedDict()
        """By visitor."""
        self.pending: Pending | None = None
        """Known once something was learned."""
        self.watch = watch
        self._considered = considered
        self._holders = holders
        self._links = links

    def by_chance(self, text: str) -> Number:
        """A number for the text, the same each time."""
        hashed = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
        return self.numbers[hashed % len(self.numbers)]

    def seat(self, guest: Guest, now: Millis) -> bool:
        """Give the session a number; False where every one is live."""
        self.end_silent(now)
        number = self.choose(guest, now)
        if number is None:
            return False
        del self.free[number.number_id]
        if guest.number is None:
            guest.counted_to = now
        if guest.number is not number:
            self._hold(guest, number)
        guest.number = number
        guest.is_live = True
        self.live[guest.session_id] = guest
        self.last_numbers[guest.visitor_id] = number
        return True

    def _hold(self, guest: Guest, number: Number) -> None:
        holders = number.holders
        if guest.number is not None and guest in holders:
            holders.remove(guest)
        holders.append(guest)
        if len(holders) > self._holders:
            many = len(holders) // 3
            number.tail.take(holders[:many], self._links)
            del holders[:many]

    def choose(self, guest: Guest, now: Millis) -> Number | None:
        """The visitor's last number, else the coolest of the longest idle; None where every one is live."""
        free = self.free
        last = guest.number or self.last_numbers.get(guest.visitor_id)
        if last is not None and last.number_id in free:
            return last
        if not free:
            return None
        offered = islice(free.values(), self._considered)
        return self.pending.coolest(offered, now) if self.pending else min(offered, key=longest_idle)

    def end_silent(self, now: Millis) -> None:
        """Let the leases end of who fell silent, before others do: numbers are free in their order."""
        while self.live and self._runs_out_at <= now:
            silent = min(self.live.values(), key=_heard_at)
            self._runs_out_at = silent.heard_at + RUNS_OUT_AFTER
            if self._runs_out_at <= now:
                del self.live[silent.session_id]
                self._free(silent, self._runs_out_at)

    def leave(self, guest: Guest, now: Millis) -> None:
        """The session said good-bye."""
        del self.live[guest.session_id]
        self._free(guest, now)

    def _free(self, guest: Guest, at: Millis) -> None:
        """The lease ends: the number begins to cool."""
        guest.is_live = False
        number = guest.number
        assert number is not None
        number.heat = self.pending.heat(guest, number, at) if self.pending else ORDINARY
        number.left_at = at
        self.free[number.number_id] = number
        self.watch.went(guest, at)
