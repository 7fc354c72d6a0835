"""Numbers for sessions: what each already holds, what it had, the longest idle, or the overflow's."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection

from swapboard.clock import Millis
from swapboard.numbers import store
from swapboard.numbers.pool import OFFERED_MORE, FreeNumber, Want, WantId, expiry, place
from swapboard.numbers.rules import Pool, SwapTarget
from swapboard.numbers.store import Exhaustion, LastLease, Lease
from swapboard.reports.pool_days import note_leases
from swapboard.storage.ids import new_id
from swapboard.switchboard.cooling import cool
from swapboard.switchboard.plans import HeldPlan, pending_of
from swapboard.visits.source import Source

_Had: TypeAlias = Mapping[tuple[str, str], LastLease]
"""By (visitor, target) what the visitor had last, and by (session, target) what that very session had."""
_Overflowed: TypeAlias = Mapping[WantId, str | None]


class Swap(NamedTuple):
    """Show `number` in place of `target`; both are E.164."""

    target: str
    number: str


class Request(NamedTuple):
    """A session on a page with `target` needs a number of `pool`."""

    session_id: str
    visitor_id: str
    source: Source
    target: SwapTarget
    pool: Pool
    beat_seconds: int
    now: Millis
    session_is_new: bool = False
    visitor_is_new: bool = False

    @property
    def want_id(self) -> WantId:
        return self.session_id, self.target.target_id


def lease(
    connection: Connection, company_id: str, held: HeldPlan, requests: Sequence[Request]
) -> dict[WantId, Swap]:
    """A swap for each request; one that is missing keeps the page's own number."""
    known = {request.session_id for request in requests if not request.session_is_new}
    live = store.live_leases(connection, company_id, known)
    seeking = {request.session_id for request in requests if request.want_id not in live}
    shown = store.overflowed(connection, company_id, known & seeking)
    swaps: dict[WantId, Swap] = {}
    renewed: dict[Lease, Millis] = {}
    open_requests: dict[WantId, Request] = {}
    for request in requests:
        if mine := live.get(request.want_id):
            renewed[mine] = expiry(request.now, request.beat_seconds)
            swaps[request.want_id] = Swap(request.target.number, mine.number)
        elif static := held.plan.statics.get(shown.get(request.want_id) or ""):
            swaps[request.want_id] = Swap(request.target.number, static.number)
        else:
            open_requests[request.want_id] = request
    store.renew_leases(connection, company_id, renewed)
    return swaps | _place(connection, company_id, held, list(open_requests.values()), shown)


def end_expired(connection: Connection, company_id: str, now: Millis) -> int:
    """Let the leases cool whose sessions missed three beats; tells how many."""
    expired = store.expired_leases(connection, company_id, now)
    cool(connection, company_id, pending_of(connection, company_id), [(each, each.expires_at) for each in expired])
    return len(expired)


def _place(
    connection: Connection, company_id: str, held: HeldPlan, requests: Sequence[Request], shown: _Overflowed
) -> dict[WantId, Swap]:
    if not requests:
        return {}
    had = _had(connection, company_id, requests)
    by_pool: dict[str, list[Request]] = defaultdict(list)
    for request in requests:
        by_pool[request.pool.pool_id].append(request)
    leases: list[Lease] = []
    exhaustions: list[Exhaustion] = []
    swaps: dict[WantId, Swap] = {}
    for pool_id, group in by_pool.items():
        placed = _choose(connection, company_id, pool_id, group, had)
        for request in group:
            if number := placed.get(request.want_id):
                leases.append(_lease(request, number, had))
                swaps[request.want_id] = Swap(request.target.number, number.number)
            else:
                instead = held.plan.instead(request.pool, request.source)
                exhaustion = _exhaustion(request, instead.number_id if instead else None)
                if shown.get(request.want_id, "") != exhaustion.number_id:
                    exhaustions.append(exhaustion)
                if instead:
                    swaps[request.want_id] = Swap(request.target.number, instead.number)
    store.add_leases(connection, company_id, leases)
    note_leases(connection, company_id, [each.session_id for each in leases], held.visits_filed_until_at)
    store.add_exhaustions(connection, company_id, exhaustions)
    return swaps


def _choose(
    connection: Connection, company_id: str, pool_id: str, requests: Sequence[Request], had: _Had
) -> Mapping[WantId, FreeNumber]:
    wants = [Want(*request.want_id, last_number_id=_last_number(request, had)) for request in requests]
    wanted = {want.last_number_id for want in wants if want.last_number_id}
    now, pending = max(each.now for each in requests), pending_of(connection, company_id)
    enough = len(wants) + (OFFERED_MORE if pending else 0)
    free = store.free_numbers(connection, company_id, pool_id, wanted, enough)
    if len(set(free)) < len(wants) and end_expired(connection, company_id, now):
        free = store.free_numbers(connection, company_id, pool_id, wanted, enough)
    return place(wants, free, pending.at(now) if pending else None)


def _had(connection: Connection, company_id: str, requests: Sequence[Request]) -> _Had:
    visitors = {request.visitor_id for request in requests if not request.visitor_is_new}
    found = store.last_leases(connection, company_id, visitors)
    by_visitor = {(each.visitor_id, each.target_id): each for each in found}
    return by_visitor | {(each.session_id, each.target_id): each for each in found}


def _last_number(request: Request, had: _Had) -> str | None:
    """The session's own, which a page that wakes up still shows; else the one its visitor had last."""
    last = had.get(request.want_id) or had.get((request.visitor_id, request.target.target_id))
    return last.number_id if last else None


def _begins_at(request: Request, had: _Had) -> Millis:
    """Now; but a clock that stands still or steps back must not make two leases of a session begin at once."""
    last = had.get((request.visitor_id, request.target.target_id))
    return max(request.now, last.from_at + 1) if last else request.now


def _lease(request: Request, number: FreeNumber, had: _Had) -> Lease:
    return Lease(
        session_id=request.session_id,
        target_id=request.target.target_id,
        from_at=_begins_at(request, had),
        number_id=number.number_id,
        number=number.number,
        pool_id=request.pool.pool_id,
        expires_at=expiry(request.now, request.beat_seconds),
    )


def _exhaustion(request: Request, number_id: str | None) -> Exhaustion:
    return Exhaustion(
        exhaustion_id=new_id(request.now),
        pool_id=request.pool.pool_id,
        target_id=request.target.target_id,
        session_id=request.session_id,
        number_id=number_id,
        happened_at=request.now,
    )
