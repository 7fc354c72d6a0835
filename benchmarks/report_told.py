"""Four destinations that were told of all that a large company's callers did."""

from collections.abc import Iterator, Sequence
from random import Random

from sqlalchemy import Engine, func, select

from benchmarks.report_company import Row, in_batches, write_rows
from swapboard.clock import SECOND, Millis, system_clock
from swapboard.conversions.conversion import Rule
from swapboard.conversions.deliveries import MESSAGE
from swapboard.conversions.message import Saying
from swapboard.conversions.outbox import State
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.leads.lead import ContactKind
from swapboard.storage.engine import reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import calls, conversions, deliveries, destinations, forms
from tests.conversions.people import a_message

DESTINATIONS = 4
_WITHHELD = 0.1
_CENTS = (None, 500, 12_300)
Contact = tuple[ContactKind, str, Millis]


def tell_all(engine: Engine, company_id: str) -> None:
    """Make the destinations, and write what they were told, unless there are some; one in ten was held back."""
    with reading(engine) as connection:
        if connection.scalar(select(func.count()).select_from(destinations)):
            return
        rang = select(calls.c.call_id, calls.c.started_at).where(calls.c.company_id == company_id)
        wrote = select(forms.c.form_id, forms.c.sent_at).where(forms.c.company_id == company_id)
        contacts = [(ContactKind.CALL, *row) for row in connection.execute(rang).tuples()]
        contacts += [(ContactKind.FORM, *row) for row in connection.execute(wrote).tuples()]
    now = system_clock()
    names = [f"Destination {place}" for place in range(1, DESTINATIONS + 1)]
    records = [
        DestinationRecord(new_id(now), company_id, "webhook", name, {}, "", Rule(), True, now) for name in names
    ]
    with writing(engine) as connection:
        for record in records:
            add_destination(connection, record)
    in_order = sorted(contacts, key=lambda each: each[2])
    for some in in_batches(_told(company_id, [each.destination_id for each in records], in_order)):
        with writing(engine) as connection:
            write_rows(connection, conversions, [conversion for conversion, _delivery in some])
            write_rows(connection, deliveries, [delivery for _conversion, delivery in some])


def _told(company_id: str, known: Sequence[str], contacts: Sequence[Contact]) -> Iterator[tuple[Row, Row]]:
    random, message = Random(1), MESSAGE.dump_python(a_message(), mode="json")  # noqa: S311 no secret
    for kind, contact_id, happened_at in contacts:
        at = happened_at + SECOND
        for destination_id in known:
            state = State.WITHHELD if random.random() < _WITHHELD else State.SENT
            about = {
                "company_id": company_id,
                "destination_id": destination_id,
                "kind": kind,
                "contact_id": contact_id,
                "conversion_id": new_id(at),
                "said_at": at,
            }
            said = {"counts": True, "value_cents": random.choice(_CENTS), "taken": state is State.SENT}
            sent = {"delivery_id": new_id(at), "order_key": contact_id, "saying": Saying.CONVERT, "state": state}
            times = {"due_at": at, "ended_at": at, "attempts": 1}
            yield about | said, about | sent | times | {"message": message}
