"""A visit arrives: find or begin its session, decide what each number on the page becomes, write it down."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from swapboard.clock import Millis
from swapboard.leads.uncrediting import uncredit_visitors
from swapboard.numbers.conditions import Arrival
from swapboard.numbers.pool import WantId
from swapboard.numbers.rules import NumberPlan, Outcome
from swapboard.reports.unfiling import unfile
from swapboard.storage.commit import Job
from swapboard.storage.ids import Randomness, new_id, randomness_for
from swapboard.switchboard.companies import company_by_company
from swapboard.switchboard.leasing import Request, Swap, lease
from swapboard.switchboard.plans import hold
from swapboard.visits import store
from swapboard.visits.device import device_of
from swapboard.visits.source import Source, classify
from swapboard.visits.store import NewEvent, NewSession
from swapboard.visits.visit import EventKind, Presence, Session, continues, is_amp_id, is_told_again

_IDS_OF_A_GUEST = 2
"""The visitor's and the session's."""


class Visit(NamedTuple):
    """One page view, as the tracker told it and the collector understood it."""

    company_id: str
    session_seconds: int
    site_id: str
    beat_seconds: int
    visitor_id: str | None
    session_id: str | None
    url: str
    referrer: str
    own_hosts: tuple[str, ...]
    title: str
    targets: tuple[str, ...]
    user_agent: str
    time_zone: str
    cookies: dict[str, str]
    opted_out: bool
    visible: bool
    now: Millis
    region: str | None = None
    """ISO 3166: `US-TX` or `US`, where a proxy told it."""


class Admitted(NamedTuple):
    """The answer to a visit."""

    visitor_id: str
    session_id: str
    swaps: tuple[Swap, ...]


class _Guest(NamedTuple):
    """A visit that has found its session."""

    visit: Visit
    source: Source
    """Where this very visit came from; the session may have begun with another."""
    session: Session
    session_is_new: bool
    visitor_is_new: bool


def admit(connection: Connection, visits: Sequence[Visit]) -> list[Admitted]:
    """Admit a batch of visits of any companies; durable once the transaction commits."""
    return company_by_company(connection, visits, _admit_company)


ADMIT: Job[Visit, Admitted] = Job("admit", admit, True, Visit._make, Admitted._make)


def _admit_company(connection: Connection, company_id: str, visits: Sequence[Visit]) -> list[Admitted]:
    held = hold(connection, company_id)
    plan, visits_filed_until_at, leads_credited_until_at = held
    guests = _seat(connection, company_id, visits)
    _write(connection, company_id, guests)
    begun = [guest.session for guest in guests if guest.session_is_new]
    unfile(connection, company_id, [new.session_id for new in begun if new.started_at < visits_filed_until_at])
    late = [new.visitor_id for new in begun if new.started_at < leads_credited_until_at]
    uncredit_visitors(connection, company_id, late)
    requests, fixed = _decide(plan, guests)
    swaps = lease(connection, company_id, held, requests) | fixed
    return [
        Admitted(guest.session.visitor_id, guest.session.session_id, _swaps(plan, guest, swaps))
        for guest in guests
    ]


def _seat(connection: Connection, company_id: str, visits: Sequence[Visit]) -> list[_Guest]:
    """Find each visit's session, or begin one."""
    sessions = store.sessions_by_id(connection, company_id, {v.session_id for v in visits if v.session_id})
    visitors = store.known_visitors(connection, company_id, {v.visitor_id for v in visits if v.visitor_id})
    latest = _latest(connection, company_id, visits)
    randomness = randomness_for(_IDS_OF_A_GUEST * len(visits))
    guests = []
    for visit in visits:
        session = sessions.get(visit.session_id or "") or latest.get(visit.visitor_id or "")
        guest = _guest(visit, None if session and session.is_forgotten else session, visitors, randomness)
        if is_amp_id(visit.visitor_id):
            # A page's other numbers are asked for at the same moment.
            latest[guest.session.visitor_id] = guest.session
        guests.append(guest)
    return guests


def _latest(connection: Connection, company_id: str, visits: Sequence[Visit]) -> dict[str, Session]:
    """AMP's pages know the visitor but not the session: by visitor, the one that began last."""
    visitors = {visit.visitor_id for visit in visits if visit.visitor_id and is_amp_id(visit.visitor_id)}
    ids = store.latest_session_ids(connection, company_id, visitors)
    found = store.sessions_by_id(connection, company_id, set(ids.values()))
    return {session.visitor_id: session for session in found.values()}


def _guest(visit: Visit, session: Session | None, visitors: set[str], randomness: Randomness) -> _Guest:
    source = classify(visit.url, visit.referrer, own_hosts=visit.own_hosts)
    if session and continues(session, source, visit.now, visit.session_seconds):
        return _Guest(visit, source, session, session_is_new=False, visitor_is_new=False)
    visitor_id = visit.visitor_id if visit.visitor_id in visitors else None
    if session:
        visitor_id = session.visitor_id
    given = visit.visitor_id if is_amp_id(visit.visitor_id) else None
    new = Session(
        session_id=new_id(visit.now, randomness),
        visitor_id=visitor_id or given or new_id(visit.now, randomness),
        last_seen_at=visit.now,
        source=source,
        started_at=visit.now,
        device=device_of(visit.user_agent),
        time_zone=visit.time_zone,
        is_returning=visitor_id is not None,
        region=visit.region,
    )
    return _Guest(visit, source, new, session_is_new=True, visitor_is_new=visitor_id is None)


def _decide(plan: NumberPlan, guests: Sequence[_Guest]) -> tuple[list[Request], dict[WantId, Swap]]:
    """What must be leased, and what a rule already fixed to a static number."""
    requests: list[Request] = []
    fixed: dict[WantId, Swap] = {}
    for guest in guests:
        for number in guest.visit.targets if guest.visit.visible else ():
            if number not in plan.targets:
                continue
            target = plan.lender(plan.targets[number])
            decision = plan.decide(_arrival(guest.session), target)
            if decision.outcome is Outcome.STATIC and decision.static:
                fixed[guest.session.session_id, target.target_id] = Swap(target.number, decision.static.number)
            elif decision.pool:
                requests.append(
                    Request(
                        session_id=guest.session.session_id,
                        visitor_id=guest.session.visitor_id,
                        source=guest.session.source,
                        target=target,
                        pool=decision.pool,
                        beat_seconds=guest.visit.beat_seconds,
                        now=guest.visit.now,
                        session_is_new=guest.session_is_new,
                        visitor_is_new=guest.visitor_is_new,
                    )
                )
    return requests, fixed


def _arrival(session: Session) -> Arrival:
    """What rules ask is what the session began with, so that its number stays the same while it lasts."""
    return Arrival(
        source=session.source,
        device=session.device,
        time_zone=session.time_zone,
        is_returning=session.is_returning,
        at=session.started_at,
        region=session.region,
    )


def _swaps(plan: NumberPlan, guest: _Guest, swaps: dict[WantId, Swap]) -> tuple[Swap, ...]:
    """What each number on the page becomes; those that share one lease become the same number."""
    session_id, targets = guest.session.session_id, plan.targets
    found = (
        (number, swaps.get((session_id, plan.lender(targets[number]).target_id)))
        for number in guest.visit.targets
        if number in targets
    )
    return tuple(Swap(number, swap.number) for number, swap in found if swap)


def _write(connection: Connection, company_id: str, guests: Sequence[_Guest]) -> None:
    back = [guest for guest in guests if not guest.session_is_new]
    store.add_sessions(connection, company_id, [_new_session(guest) for guest in guests if guest.session_is_new])
    seen = {guest.session.session_id: (guest.visit.now, _presence(guest.visit)) for guest in back}
    store.mark_seen(connection, company_id, seen)
    store.add_events(connection, company_id, [_page_view(each) for each in back if _is_view(each)])


def _is_view(guest: _Guest) -> bool:
    return not is_told_again(guest.session, guest.source, guest.visit.now)


def _presence(visit: Visit) -> Presence:
    return Presence.VISIBLE if visit.visible else Presence.HIDDEN


def _new_session(guest: _Guest) -> NewSession:
    visit, session = guest.visit, guest.session
    return NewSession(
        session_id=session.session_id,
        visitor_id=session.visitor_id,
        site_id=visit.site_id,
        started_at=visit.now,
        presence=_presence(visit),
        source=session.source,
        landing_title=visit.title,
        user_agent=visit.user_agent,
        device=session.device,
        time_zone=visit.time_zone,
        cookies=visit.cookies,
        opted_out=visit.opted_out,
        is_returning=session.is_returning,
        region=session.region,
    )


def _page_view(guest: _Guest) -> NewEvent:
    visit = guest.visit
    return NewEvent(new_id(visit.now), guest.session.session_id, visit.now, EventKind.PAGE, visit.url, visit.title)
