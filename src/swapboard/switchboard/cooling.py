"""A session leaves its number, which begins to cool: how hot it is decides how soon it is given again."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from swapboard.attribution.ending import ending
from swapboard.attribution.evidence import who_of
from swapboard.attribution.holder import Holder
from swapboard.attribution.holders import ON_PHONE, add_calls, add_taps
from swapboard.attribution.pending import Pending
from swapboard.clock import Millis
from swapboard.numbers import store
from swapboard.numbers.store import Ended, Lease
from swapboard.visits import store as visit_store
from swapboard.visits.visit import Session


def cool(
    connection: Connection, company_id: str, pending: Pending | None, ended: Iterable[tuple[Lease, Millis]]
) -> None:
    """End the leases, each at its moment. Before anything was learned, each number is as hot as any other."""
    leases = list(ended)
    heats = _heats(connection, company_id, pending, leases) if pending and leases else {}
    ends = [Ended(each, at, heats[each.number_id]) if heats else Ended(each, at) for each, at in leases]
    store.end_leases(connection, company_id, ends)


def _heats(
    connection: Connection, company_id: str, pending: Pending, ended: Sequence[tuple[Lease, Millis]]
) -> Mapping[str, float]:
    """By number."""
    latest = max(at for _lease, at in ended)
    sessions = visit_store.sessions_by_id(connection, company_id, {lease.session_id for lease, _at in ended})
    holders = {lease.session_id: _holder(sessions[lease.session_id], lease, at) for lease, at in ended}
    add_taps(connection, company_id, latest, holders)
    add_calls(connection, company_id, latest, holders)
    before = store.before_leases(connection, company_id, [lease.number_id for lease, _at in ended])
    return {
        lease.number_id: pending.heat(holders[lease.session_id], before[lease.number_id], at)
        for lease, at in ended
    }


def _holder(session: Session, lease: Lease, at: Millis) -> Holder:
    """The session as it goes."""
    end = ending(lease.from_at, at, lease.expires_at, at)
    return Holder(
        session_id=session.session_id,
        visitor_id=session.visitor_id,
        came_at=min(session.started_at, lease.from_at),
        heard_at=end.heard_at,
        left_at=end.left_at,
        who=who_of(session.device in ON_PHONE, session.is_returning),
    )
