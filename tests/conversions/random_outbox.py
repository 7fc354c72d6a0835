"""What may happen to a company's outbox, in any order, by the functions that the server calls."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from sqlalchemy import Connection, select

from swapboard.clock import DAY, HOUR, Millis
from swapboard.conversions.deliveries import Tried, claim, give_back, keep_settled, put_in
from swapboard.conversions.event import Event
from swapboard.conversions.forgotten import forget_contacts
from swapboard.conversions.message import Said, Saying
from swapboard.conversions.outbox import Outcome, Result, settle
from swapboard.conversions.receipts import keep_answer, to_ask
from swapboard.conversions.sending_again import BADLY, HOWEVER, replay, send_again
from swapboard.conversions.store import keep_said, remove_destination, what_was_said
from swapboard.leads.lead import ContactKind
from swapboard.storage.ids import new_id
from swapboard.storage.schema import deliveries
from tests.conversions.people import CALL, a_message

Told = tuple[ContactKind, str]
_ENDS = (
    Result(Outcome.TAKEN, "HTTP 204"),
    Result(Outcome.TAKEN, "HTTP 204"),
    Result(Outcome.REFUSED, "HTTP 400"),
    Result(Outcome.FAILED, "HTTP 503"),
    Result(Outcome.EARLY, "too soon"),
    # As a dry run ends, or an objection.
    Result(Outcome.WITHHELD, "Dry run"),
)


@dataclass
class RandomOutbox:
    """A company's destinations, the calls and forms they are told of, and the time, which goes on."""

    company_id: str
    destinations: list[str]
    contacts: Sequence[Told]
    random: Random
    now: Millis
    happened: set[str] = field(default_factory=set)
    """What did, by name."""

    def step(self, connection: Connection) -> None:
        """Anything, once."""
        usual, rare = ("_say", "_deliver"), ("_answer", "_again", "_replay", "_forget", "_announce")
        self.now += self.random.randrange(6 * HOUR)
        name = self.random.choice((*usual * 5, *rare))
        if getattr(self, name)(connection):
            self.happened.add(name)

    def remove(self, connection: Connection) -> None:
        """Delete one of the destinations."""
        gone = self.destinations.pop(self.random.randrange(len(self.destinations)))
        remove_destination(connection, self.company_id, gone)

    def _say(self, connection: Connection) -> bool:
        kind, contact_id = about = self.random.choice(self.contacts)
        destination = self.random.choice(self.destinations)
        said = what_was_said(connection, self.company_id, kind, contact_id).get(destination)
        cents = self.random.choice([None, 0, 500, 700])
        if said is None or not said.counts:
            now_said, saying = Said(new_id(self.now), True, cents), Saying.CONVERT
        else:
            saying = self.random.choice([Saying.RESTATE, Saying.RETRACT])
            now_said = Said(said.conversion_id, saying is Saying.RESTATE, cents)
        contact = replace(CALL, kind=kind, contact_id=contact_id, lead_id=f"lead of {contact_id}"[:32])
        message = replace(a_message(contact, saying, cents), conversion_id=now_said.conversion_id)
        put_in(connection, self.company_id, destination, replace(message, said_at=self.now))
        keep_said(connection, self.company_id, destination, about, now_said, self.now)
        return True

    def _announce(self, connection: Connection) -> bool:
        """An event, which is no conversion."""
        kind, contact_id = self.random.choice(self.contacts)
        message = a_message(replace(CALL, kind=kind, contact_id=contact_id), Event.ENDED)
        message = replace(message, conversion_id=contact_id, said_at=self.now)
        put_in(connection, self.company_id, self.random.choice(self.destinations), message)
        return True

    def _deliver(self, connection: Connection) -> bool:
        destination, many = self.random.choice(self.destinations), self.random.randrange(1, 9)
        tried = []
        for each in claim(connection, self.company_id, destination, many, self.now):
            result = self.random.choice(_ENDS)
            if result.outcome is Outcome.TAKEN and self.random.random() < 0.3:
                result = replace(result, receipt=f"r{self.random.randrange(5)}")
            settled = settle(result, each.tries, each.put_in_at, self.now, 0.5)
            tried.append(Tried(each, result, settled))
        if tried and self.random.random() < 0.1:
            give_back(connection, self.company_id, tried.pop().claimed, self.now)
        keep_settled(connection, self.company_id, tried, self.now)
        return bool(tried)

    def _answer(self, connection: Connection) -> bool:
        asked = [each for each in to_ask(connection, self.now, 10) if each.company_id == self.company_id]
        later = [Result(Outcome.REFUSED, "INVALID"), Result(Outcome.TAKEN, "counted"), None]
        return sum(keep_answer(connection, each, self.random.choice(later), self.now) for each in asked) > 0

    def _again(self, connection: Connection) -> bool:
        query = select(deliveries.c.delivery_id).where(deliveries.c.company_id == self.company_id)
        known = connection.scalars(query.order_by(deliveries.c.delivery_id)).all()
        ended = self.random.choice([BADLY, HOWEVER])
        return bool(known) and send_again(connection, self.company_id, self.random.choice(known), self.now, ended)

    def _replay(self, connection: Connection) -> bool:
        since = self.now - self.random.randrange(9 * DAY)
        destination, until = self.random.choice(self.destinations), since + DAY
        return replay(connection, self.company_id, destination, (since, until), self.now, HOWEVER) > 0

    def _forget(self, connection: Connection) -> bool:
        forget_contacts(connection, self.company_id, [self.random.choice(self.contacts)[1]])
        return True
