"""The sessions of a replayed log, as many of the latest as are remembered."""

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from sys import intern

from swapboard.attribution.evidence import Link, who_of
from swapboard.attribution.replay_pool import Guest, Number
from swapboard.attribution.traffic import VisitLine
from swapboard.clock import Millis
from swapboard.visits.bots import is_bot
from swapboard.visits.device import device_of

SESSIONS_KEPT = 40_000
VISITORS_KEPT = 50_000


class Guests:
    """Who came, by session."""

    def __init__(self, links: Mapping[str, Link] = {}) -> None:
        self.by_session: dict[str, Guest] = {}
        self._by_visitor: dict[str, list[Guest]] = {}
        self._in_order: deque[str] = deque()
        self._links = links

    def begin(
        self, line: VisitLine, now: Millis, on_phone: bool, last_numbers: OrderedDict[str, Number | None]
    ) -> Guest:
        """A session that was not there before; its visitor is put to those whose last numbers are known."""
        visitor_id = line.visitor
        returning = visitor_id in last_numbers
        others = self._by_visitor.get(visitor_id)
        guest = Guest(
            line.session,
            visitor_id,
            came_at=now,
            heard_at=now,
            who=who_of(on_phone, returning),
            region=intern(line.region) if line.region else "",
            counted_to=now,
            may_be_linked=others is not None or visitor_id in self._links,
        )
        self.by_session[line.session] = guest
        if others is None:
            self._by_visitor[visitor_id] = [guest]
        else:
            # All but the first are so already.
            others[0].may_be_linked = True
            others.append(guest)
        self._in_order.append(line.session)
        if len(self.by_session) > SESSIONS_KEPT:
            self._forget()
        if not returning:
            last_numbers[visitor_id] = None
            # Several where numbers went to visitors that were forgotten.
            while len(last_numbers) > VISITORS_KEPT:
                last_numbers.popitem(last=False)
        return guest

    def _forget(self) -> None:
        first = self._in_order.popleft()
        if self.by_session[first].is_live:
            self._in_order.append(first)
            return
        guest = self.by_session.pop(first)
        # It may be among a number's holders for long, and its visitor come again.
        guest.may_be_linked = True
        others = self._by_visitor[guest.visitor_id]
        # The first but for those that were live: a log in which all are one visitor's takes no longer for it.
        others.remove(guest)
        if not others:
            del self._by_visitor[guest.visitor_id]

    def of_visitors(self, visitor_ids: Iterable[str]) -> Iterator[Guest]:
        """All that is remembered of these visitors."""
        return chain.from_iterable(self._by_visitor.get(each, ()) for each in visitor_ids)


@lru_cache(maxsize=4096)
def is_on_phone(user_agent: str) -> bool | None:
    """Whether a user agent is a phone's or a tablet's; None for a crawler's."""
    return None if is_bot(user_agent) else device_of(user_agent) != "desktop"
