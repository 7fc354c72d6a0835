"""A page beats: its lease goes on, comes back, or ends; what the visitor did is written down."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from swapboard.clock import Millis
from swapboard.leads.lead import ContactKind
from swapboard.numbers import store as number_store
from swapboard.numbers.pool import WantId
from swapboard.numbers.rules import NumberPlan
from swapboard.numbers.store import Lease
from swapboard.storage.commit import Job
from swapboard.storage.ids import new_id
from swapboard.switchboard.companies import company_by_company
from swapboard.switchboard.converting import convert
from swapboard.switchboard.cooling import cool
from swapboard.switchboard.enrolling import enroll
from swapboard.switchboard.leasing import Request, Swap, lease
from swapboard.switchboard.plans import hold, pending_of
from swapboard.visits import store as visit_store
from swapboard.visits.forms import SentForm, add_forms, not_sent_again
from swapboard.visits.store import NewEvent
from swapboard.visits.visit import EventKind, Presence, Session, has_ended, meant


@dataclass(frozen=True, slots=True)
class Happening:
    """Something the visitor did, so many milliseconds before the beat."""

    kind: EventKind
    age: Millis
    url: str = ""
    title: str = ""
    properties: Mapping[str, object] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    """What a form that was sent says, as far as it may be kept."""


@dataclass(frozen=True, slots=True)
class Beat:
    """What a page says of itself every few seconds."""

    company_id: str
    session_seconds: int
    beat_seconds: int
    session_id: str
    presence: Presence
    happenings: tuple[Happening, ...]
    now: Millis
    site_id: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """The answer to a beat: whether the session still goes on, and swaps where its number had to change."""

    alive: bool
    swaps: tuple[Swap, ...] = ()


def hear(connection: Connection, beats: Sequence[Beat]) -> list[Heard]:
    """Hear a batch of beats of any companies."""
    return company_by_company(connection, beats, _hear_company)


HEAR: Job[Beat, Heard] = Job("hear", hear, apart=True)


def _hear_company(connection: Connection, company_id: str, beats: Sequence[Beat]) -> list[Heard]:
    held = hold(connection, company_id)
    plan = held.plan
    sessions = visit_store.sessions_by_id(connection, company_id, {beat.session_id for beat in beats})
    beats = _as_meant(beats, sessions)
    alive = [beat for beat in beats if _goes_on(beat, sessions.get(beat.session_id))]
    _write(connection, company_id, alive)
    _take_forms(
        connection, company_id, [each for beat in alive for each in _forms(beat, sessions[beat.session_id])]
    )
    had = number_store.latest_leases(connection, company_id, {beat.session_id for beat in alive})
    lost = _lost(connection, company_id, had)
    _leave(connection, company_id, alive, had.values())
    said_last = {beat.session_id: beat.presence for beat in alive}
    live = _live(had)
    here = [
        (beat, had if beat.presence is Presence.VISIBLE else live)
        for beat in alive
        if said_last[beat.session_id] is not Presence.GONE
    ]
    wanted = [each for beat, last in here for each in _requests(plan, beat, sessions[beat.session_id], last)]
    shown = lease(connection, company_id, held, wanted)
    answers = {id(beat): Heard(alive=True) for beat in alive}
    answers |= {id(beat): Heard(True, _changed(plan, beat, last, lost, shown)) for beat, last in here}
    return [answers.get(id(beat)) or _unheard(plan, sessions.get(beat.session_id)) for beat in beats]


def _as_meant(beats: Sequence[Beat], sessions: Mapping[str, Session]) -> list[Beat]:
    """In the order they came, for what one says depends on what the one before it said."""
    said = {session_id: session.presence for session_id, session in sessions.items()}
    as_meant = []
    for beat in beats:
        presence = said[beat.session_id] = meant(beat.presence, said.get(beat.session_id))
        as_meant.append(beat if presence is beat.presence else replace(beat, presence=presence))
    return as_meant


def _unheard(plan: NumberPlan, session: Session | None) -> Heard:
    """Of a session that has ended; of a forgotten one, another tab would begin anew if it were told so."""
    if session is None or not session.is_forgotten:
        return Heard(alive=False)
    return Heard(True, tuple(Swap(target.number, target.number) for target in plan.targets.values()))


def _goes_on(beat: Beat, session: Session | None) -> bool:
    if session is None or session.is_forgotten:
        return False
    return not has_ended(session, beat.now, beat.session_seconds)


def _write(connection: Connection, company_id: str, beats: Sequence[Beat]) -> None:
    seen = {beat.session_id: (beat.now, beat.presence) for beat in beats}
    visit_store.mark_seen(connection, company_id, seen)
    visit_store.add_events(
        connection, company_id, [_event(beat, each) for beat in beats for each in beat.happenings]
    )


def _event(beat: Beat, happening: Happening) -> NewEvent:
    return NewEvent(
        event_id=new_id(beat.now),
        session_id=beat.session_id,
        happened_at=beat.now - happening.age,
        kind=happening.kind,
        url=happening.url,
        title=happening.title,
        properties=happening.properties,
    )


def _take_forms(connection: Connection, company_id: str, told: Sequence[SentForm]) -> None:
    sent = not_sent_again(connection, company_id, told)
    add_forms(connection, company_id, sent)
    enroll(connection, company_id, sent)
    for form in sent:
        convert(connection, company_id, ContactKind.FORM, form.form_id, form.sent_at)


def _forms(beat: Beat, session: Session) -> Iterator[SentForm]:
    for happening in beat.happenings:
        if happening.kind is EventKind.FORM and happening.fields:
            yield SentForm(
                form_id=new_id(beat.now),
                session_id=session.session_id,
                visitor_id=session.visitor_id,
                site_id=beat.site_id,
                sent_at=beat.now - happening.age,
                name=str(happening.properties.get("name", ""))[:100],
                url=happening.url,
                fields=happening.fields,
            )


def _leave(connection: Connection, company_id: str, beats: Sequence[Beat], had: Iterable[Lease]) -> None:
    gone = {beat.session_id: beat.now for beat in beats if beat.presence is Presence.GONE}
    ended = [(each, gone[each.session_id]) for each in had if each.session_id in gone and each.until_at is None]
    cool(connection, company_id, pending_of(connection, company_id), ended)


def _live(had: Mapping[WantId, Lease]) -> Mapping[WantId, Lease]:
    """What a hidden page may keep: it takes no number (DESIGN 6), and is told of one once it is looked at."""
    return {want_id: last for want_id, last in had.items() if last.until_at is None}


def _requests(plan: NumberPlan, beat: Beat, session: Session, had: Mapping[WantId, Lease]) -> list[Request]:
    """What the page shows must be kept, or taken again if the page slept too long."""
    return [
        Request(
            session_id=session.session_id,
            visitor_id=session.visitor_id,
            source=session.source,
            target=target,
            pool=pool,
            beat_seconds=beat.beat_seconds,
            now=beat.now,
        )
        for target in plan.targets.values()
        if (last := had.get((session.session_id, target.target_id))) and (pool := plan.pools.get(last.pool_id))
    ]


def _lost(connection: Connection, company_id: str, had: Mapping[WantId, Lease]) -> set[WantId]:
    """Whose page was told since its lease ended that no number is left, and so does not show it any more."""
    ended = {want_id: last.until_at for want_id, last in had.items() if last.until_at is not None}
    overflows = number_store.last_overflows(connection, company_id, {session_id for session_id, _ in ended})
    return {want_id for want_id, until_at in ended.items() if overflows.get(want_id, -1) >= until_at}


def _changed(
    plan: NumberPlan,
    beat: Beat,
    had: Mapping[WantId, Lease],
    lost: Collection[WantId],
    shown: Mapping[WantId, Swap],
) -> tuple[Swap, ...]:
    """What the page must show now if that is not what it shows; its own number when none is left for it."""
    changed = []
    for target in plan.targets.values():
        want_id = beat.session_id, plan.lender(target).target_id
        if last := had.get(want_id):
            number = shown[want_id].number if want_id in shown else target.number
            if number != last.number or want_id in lost:
                changed.append(Swap(target.number, number))
    return tuple(changed)
