"""Plays a simulated log through the switchboard itself: visits, beats, calls and nights, in a database.

What `attribution/replay.py` does in memory, by the code that a company's server runs. The log's clock goes on with
its lines; an hour of it is one transaction.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, select

from swapboard.attribution.hours import HOURS
from swapboard.attribution.learned import evidence_from_json
from swapboard.attribution.store import learned
from swapboard.attribution.traffic import BeatLine, CallLine, CopyLine, Line, TapLine, VisitLine
from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.clock import DAY, HOUR, SECOND, Millis
from swapboard.numbers.rules import Overflow
from swapboard.storage.engine import writing
from swapboard.storage.schema import call_evidence, numbers
from swapboard.switchboard.beating import Beat, Happening, hear
from swapboard.switchboard.chore import Chore
from swapboard.switchboard.chores import CALLS_CURVE, YOUNG_CURVE
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.sweeping import sweep
from swapboard.switchboard.visiting import admit
from swapboard.visits.visit import EventKind as Deed
from swapboard.visits.visit import Presence
from tests.building import NOW, Business, a_beat, a_visit, open_business

BEGINS: Millis = NOW // DAY * DAY
BEATS_AT_ONCE = 200


class Answer(NamedTuple):
    """What the switchboard concluded of a call once it had ended."""

    line: CallLine
    number: str
    best: str | None
    """The log's session; None for nobody."""
    confidence: float
    truth: float
    """The probability of the right answer."""


class RealPath:
    """A company in a database, whose only visitors and callers are the log's."""

    def __init__(self, engine: Engine, size: int, *, learns: bool = True) -> None:
        self._engine = engine
        self._learns = learns
        with writing(engine) as connection:
            self.business: Business = open_business(
                connection, numbers=size, overflow=Overflow.ORIGINAL, now=BEGINS
            )
            self.pool = _numbers(connection, self.business)
        self.shown: dict[str, str] = {}
        """By the log's session."""
        self._sessions: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._visitors: dict[str, str] = {}
        self._beats: dict[str, Beat] = {}

    def play(self, lines: Iterable[Line]) -> Iterator[Answer]:
        """Each call that came to a number which the switchboard had shown, or a stranger's."""
        for hour, of_hour in groupby(lines, lambda line: round(line.t * SECOND) // HOUR):
            with writing(self._engine) as connection:
                yield from self._hour(connection, of_hour)
            if self._learns and hour % HOURS == HOURS - 1:
                with writing(self._engine) as connection:
                    self._learn(CALLS_CURVE, connection, BEGINS + (hour + 1) * HOUR)

    def _hour(self, connection: Connection, lines: Iterable[Line]) -> Iterator[Answer]:
        for line in lines:
            now = BEGINS + round(line.t * SECOND)
            if isinstance(line, BeatLine) and line.state == "visible" and line.session not in self._beats:
                self._wait(connection, line.session, now)
                continue
            self._let_beat(connection)
            if isinstance(line, VisitLine | BeatLine):
                # A server does it every few seconds; a replay knows at once who fell silent.
                sweep(connection, [now])
            answer = self._line(connection, line, now)
            if answer is not None:
                if self._learns:
                    # A server looks every other minute whether there are enough new calls.
                    self._learn(YOUNG_CURVE, connection, now + 2)
                yield answer
        self._let_beat(connection)

    def _learn(self, chore: Chore[Any, Any], connection: Connection, now: Millis) -> None:
        company_id = self.business.company_id
        chore.keep(connection, company_id, chore.work(chore.look(connection, company_id, now)), now)

    def _line(self, connection: Connection, line: Line, now: Millis) -> Answer | None:
        if isinstance(line, VisitLine):
            self._visit(connection, line, now)
        elif isinstance(line, CallLine):
            return self._call(connection, line, now)
        elif line.session in self._sessions:
            presence, deeds = Presence.VISIBLE, tuple[Happening, ...]()
            if isinstance(line, BeatLine):
                presence = Presence(line.state)
            elif isinstance(line, TapLine | CopyLine):
                kind = Deed.TAP if isinstance(line, TapLine) else Deed.COPY
                deeds = (Happening(kind, 0),)
            self._hear(connection, [(line.session, self._beat(line.session, presence, now, deeds))])
        return None

    def _visit(self, connection: Connection, line: VisitLine, now: Millis) -> None:
        visit = a_visit(
            self.business,
            visitor_id=self._visitors.get(line.visitor),
            session_id=self._sessions.get(line.session),
            url=line.url,
            referrer=line.referrer or "",
            user_agent=line.user_agent or "",
            time_zone=line.region or "",
            now=now,
        )
        [admitted] = admit(connection, [visit])
        self._visitors[line.visitor] = admitted.visitor_id
        self._sessions[line.session] = admitted.session_id
        self._names[admitted.session_id] = line.session
        for swap in admitted.swaps:
            self._show(line.session, swap.number)

    def _show(self, session: str, number: str) -> None:
        if number in self.pool:
            self.shown[session] = number

    def _beat(self, session: str, presence: Presence, now: Millis, deeds: tuple[Happening, ...] = ()) -> Beat:
        return a_beat(self.business, self._sessions[session], presence, now, deeds)

    def _wait(self, connection: Connection, session: str, now: Millis) -> None:
        """Beats come together, as they do when many wait for the writer."""
        if session in self._sessions:
            self._beats[session] = self._beat(session, Presence.VISIBLE, now)
            if len(self._beats) >= BEATS_AT_ONCE:
                self._let_beat(connection)

    def _let_beat(self, connection: Connection) -> None:
        beats, self._beats = self._beats, {}
        if beats:
            self._hear(connection, list(beats.items()))

    def _hear(self, connection: Connection, beats: list[tuple[str, Beat]]) -> None:
        for (session, _), heard in zip(beats, hear(connection, [beat for _, beat in beats]), strict=True):
            for swap in heard.swaps:
                self._show(session, swap.number)

    def _call(self, connection: Connection, line: CallLine, now: Millis) -> Answer | None:
        number = self._by_chance(line.id) if line.dialled_by is None else self.shown.get(line.dialled_by)
        if number is None:
            return None
        facts = Facts(dialled=number, caller=line.caller, withheld=line.caller is None)
        for sequence, kind in enumerate((EventKind.ARRIVED, EventKind.CALL_ENDED)):
            event = CallEvent(line.id, "", kind, sequence, now + sequence, facts)
            told = Told(self.business.company_id, self.business.carrier_id, (event,), {}, now + sequence)
            [[changed]] = receive(connection, [told])
        return self._answer(connection, changed.call_id, line, number)

    def _answer(self, connection: Connection, call_id: str, line: CallLine, number: str) -> Answer:
        company_id = self.business.company_id
        row = connection.execute(
            select(call_evidence).where(
                call_evidence.c.company_id == company_id, call_evidence.c.call_id == call_id
            )
        ).one()
        evidence = evidence_from_json(row.evidence, row.happened_at)
        probabilities, nobody = evidence.weigh(learned(connection, company_id).curve)
        best = max(probabilities, key=probabilities.__getitem__, default=None)
        if best is None or probabilities[best] < nobody:
            best, confidence = None, nobody
        else:
            confidence = probabilities[best]
        right = nobody if line.dialled_by is None else probabilities.get(self._sessions[line.dialled_by], 0.0)
        return Answer(line, number, self._names[best] if best else None, confidence, right)

    def _by_chance(self, text: str) -> str:
        hashed = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
        return self.pool[hashed % len(self.pool)]


def _numbers(connection: Connection, business: Business) -> list[str]:
    """The pool in the order in which numbers that were never shown are given, as a replay's are."""
    query = select(numbers.c.number).where(numbers.c.company_id == business.company_id, numbers.c.kind == "pool")
    return list(connection.execute(query.order_by(numbers.c.number_id)).scalars())
