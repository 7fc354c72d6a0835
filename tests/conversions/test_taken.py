"""That a conversion is marked as taken while a message of it is sent, whatever happens in whatever order."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import ColumnElement, Connection, Engine, insert, select, update

from swapboard.conversions.conversion import Rule
from swapboard.conversions.deliveries import Tried, claim, keep_settled, put_in
from swapboard.conversions.message import Message, Said, Saying
from swapboard.conversions.outbox import ASKED_AFTER, Outcome, Result, Settled, State
from swapboard.conversions.receipts import Asked, keep_answer
from swapboard.conversions.store import DestinationRecord, add_destination, keep_said
from swapboard.conversions.taken import mark_anew, mark_taken
from swapboard.leads.lead import ContactKind
from swapboard.storage.commit import carry_out
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import conversions, deliveries
from tests.accounts.test_actor import both_at_once
from tests.building import ON_POSTGRESQL, open_business
from tests.conversions.people import CALL, NOW, a_message
from tests.conversions.random_outbox import RandomOutbox
from tests.databases import is_waited_for
from tests.patience import HANGS_AFTER_SECONDS

CONTACTS = [(kind, f"{kind.value}{place}") for kind in ContactKind for place in range(4)]


def an_outbox(connection: Connection, random: Random, *names: str) -> RandomOutbox:
    company_id = open_business(connection).company_id
    for name in names:
        record = DestinationRecord(name, company_id, "webhook", name, {"url": "x"}, "", Rule(), True, NOW)
        add_destination(connection, record)
    return RandomOutbox(company_id, list(names), CONTACTS, random, NOW)


def as_marked(connection: Connection, company_id: str) -> dict[tuple[str, str, str], bool]:
    rows = connection.execute(select(conversions).where(conversions.c.company_id == company_id))
    return {(row.destination_id, row.kind, row.contact_id): row.taken for row in rows}


def as_recounted(connection: Connection, company_id: str) -> dict[tuple[str, str, str], bool]:
    sent = {
        (row.destination_id, row.kind, row.contact_id, row.conversion_id)
        for row in connection.execute(select(deliveries).where(deliveries.c.company_id == company_id))
        if row.state == State.SENT
    }
    rows = connection.execute(select(conversions).where(conversions.c.company_id == company_id)).all()
    keys = [(row.destination_id, row.kind, row.contact_id) for row in rows]
    return {key: (*key, row.conversion_id) in sent for key, row in zip(keys, rows, strict=True)}


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_to_messages_what_was_taken_is_marked(engine: Engine, seed: int) -> None:
    random, seen = Random(seed), set[bool]()
    with writing(engine) as connection:
        ours = an_outbox(connection, random, "a", "b")
        theirs = an_outbox(connection, random, "c", "d")
    for place in range(180):
        with writing(engine) as connection:
            outbox = random.choice([ours, ours, theirs])
            outbox.step(connection)
            if place == 120:
                ours.remove(connection)
            for each in (ours, theirs):
                marked = as_marked(connection, each.company_id)
                assert marked == as_recounted(connection, each.company_id)
                seen |= set(marked.values())
    assert seen == {True, False}
    assert ours.happened >= {"_say", "_deliver", "_answer", "_again", "_replay", "_forget", "_announce"}


@pytest.mark.parametrize("sent_first", [True, False])
def test_of_two_workers_at_once_the_later_sees_what_the_earlier_wrote(engine: Engine, *, sent_first: bool) -> None:
    """One learns that the platform refused the first message after all, while the other sends the second."""
    with writing(engine) as connection:
        company_id = an_outbox(connection, Random(1), "a").company_id
    _settle(engine, company_id, _said(engine, company_id, Saying.CONVERT), receipt="r")
    second = _said(engine, company_id, Saying.RESTATE)

    def refused(connection: Connection) -> None:
        asked = Asked(company_id, "a", "r")
        assert keep_answer(connection, asked, Result(Outcome.REFUSED, "INVALID"), NOW + ASKED_AFTER)

    def sent(connection: Connection) -> None:
        keep_settled(connection, company_id, [second], NOW)

    first, last = (sent, refused) if sent_first else (refused, sent)
    both_at_once(engine, first, last)
    with reading(engine) as connection:
        assert as_marked(connection, company_id) == as_recounted(connection, company_id)
        assert list(as_marked(connection, company_id).values()) == [True]


def test_a_conversion_that_counts_again_is_another_one_and_not_taken_yet(engine: Engine) -> None:
    with writing(engine) as connection:
        company_id = an_outbox(connection, Random(1), "a").company_id
    _settle(engine, company_id, _said(engine, company_id, Saying.CONVERT))
    with writing(engine) as connection:
        assert list(as_marked(connection, company_id).values()) == [True]
        keep_said(connection, company_id, "a", (CALL.kind, CALL.contact_id), Said("k" * 32, False, None), NOW)
        assert list(as_marked(connection, company_id).values()) == [True]
        keep_said(connection, company_id, "a", (CALL.kind, CALL.contact_id), Said("m" * 32, True, None), NOW)
        assert list(as_marked(connection, company_id).values()) == [False]


def _said(engine: Engine, company_id: str, saying: Saying) -> Tried:
    """A message about the same call, which a worker has sent."""
    message = a_message(saying=saying)
    said = Said(message.conversion_id, True, message.value_cents)
    with writing(engine) as connection:
        put_in(connection, company_id, "a", message)
        keep_said(connection, company_id, "a", (CALL.kind, CALL.contact_id), said, NOW)
    with writing(engine) as connection:
        (claimed,) = claim(connection, company_id, "a", 10, NOW)
    return Tried(claimed, Result(Outcome.TAKEN, "HTTP 204"), Settled(State.SENT, NOW))


def _settle(engine: Engine, company_id: str, tried: Tried, receipt: str | None = None) -> None:
    tried = tried._replace(result=replace(tried.result, receipt=receipt))
    with writing(engine) as connection:
        keep_settled(connection, company_id, [tried], NOW)


@ON_POSTGRESQL
def test_a_recount_that_waits_for_a_worker_that_waits_for_it_goes_on_after_it(engine: Engine) -> None:
    """A worker may lock conversions in another order, as they lie."""
    with writing(engine) as connection:
        outbox = an_outbox(connection, Random(1), "a")
        for _kind, contact_id in CONTACTS:
            said = Said("k" * 32, True, None)
            keep_said(connection, outbox.company_id, "a", (ContactKind.CALL, contact_id), said, NOW)
        connection.execute(update(conversions).where(of(outbox)).values(taken=True))
    first, *_, last = sorted(contact_id for _kind, contact_id in CONTACTS)
    lock = select(conversions.c.contact_id).where(of(outbox)).with_for_update()
    with ThreadPoolExecutor(1) as threads:
        with writing(engine) as connection:
            # So that it is always the recount whom PostgreSQL ends.
            connection.exec_driver_sql("SET LOCAL deadlock_timeout = '60s'")
            connection.execute(lock.where(conversions.c.contact_id == last)).all()
            ids = [contact_id for _kind, contact_id in CONTACTS]
            recount = threads.submit(carry_out, engine, mark_anew, outbox.company_id, ids)
            while not is_waited_for(engine):
                assert not recount.done()
                time.sleep(0.01)
            connection.execute(lock.where(conversions.c.contact_id == first)).all()
        recount.result(timeout=HANGS_AFTER_SECONDS)
    with reading(engine) as connection:
        assert not any(as_marked(connection, outbox.company_id).values())


def mark_as_they_lie(connection: Connection, company_id: str, sent: list[tuple[str, Message]]) -> None:
    """As PostgreSQL chooses to, once there are many."""
    connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
    connection.exec_driver_sql("SET LOCAL enable_mergejoin = off")
    mark_taken(connection, company_id, sent)


@ON_POSTGRESQL
def test_a_worker_that_waits_at_the_first_holds_none_of_the_rest(engine: Engine) -> None:
    """So it and a recount, which has the same order, never wait for each other."""
    contacts = sorted((contact_id for _kind, contact_id in CONTACTS), reverse=True)
    with writing(engine) as connection:
        outbox = an_outbox(connection, Random(1), "a")
        for contact_id in contacts:
            said = Said("k" * 32, True, None)
            keep_said(connection, outbox.company_id, "a", (ContactKind.CALL, contact_id), said, NOW)
        known = connection.scalars(select(conversions.c.contact_id).where(of(outbox))).all()
        one = connection.execute(select(conversions).where(of(outbox)).limit(1)).mappings().one()
        others = [{**one, "contact_id": f"other{place}"} for place in range(2_000)]
        connection.execute(insert(conversions), others)
        connection.exec_driver_sql("ANALYZE conversions")
    lock = select(conversions.c.contact_id).where(of(outbox)).with_for_update(nowait=True)
    sent = [("a", a_message(replace(CALL, contact_id=contact_id))) for contact_id in known]
    with ThreadPoolExecutor(1) as threads:
        with writing(engine) as connection:
            connection.execute(lock.where(conversions.c.contact_id == min(known))).all()
            worker = threads.submit(carry_out, engine, mark_as_they_lie, outbox.company_id, sent)
            while not is_waited_for(engine):
                assert not worker.done()
                time.sleep(0.01)
            connection.execute(lock.where(conversions.c.contact_id.in_(known))).all()
        worker.result(timeout=HANGS_AFTER_SECONDS)


def of(outbox: RandomOutbox) -> ColumnElement[bool]:
    return conversions.c.company_id == outbox.company_id
