"""What platforms were told equals a slow recount of the messages, whatever happened to them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select, text

from swapboard.clock import DAY, zone
from swapboard.conversions.conversion import Rule
from swapboard.conversions.deliveries import put_in
from swapboard.conversions.outbox import State
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.leads.lead import ContactKind
from swapboard.reports.delivered import Delivered, delivered
from swapboard.reports.dimension import OF_VISITS, Dimension
from swapboard.reports.filter import Term, read_filter
from swapboard.reports.question import question
from swapboard.reports.span import Span, last_days
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.schema import conversions, deliveries
from swapboard.visits.form_words import give_words, wordless
from tests.building import NOW, open_business
from tests.conversions.people import a_message
from tests.conversions.random_outbox import RandomOutbox, Told
from tests.reports.random_business import happen, known_of_call, known_of_visit

SPAN = last_days(7, NOW, zone("UTC"))
Known = dict[Told, Callable[[Dimension], str]]


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happened_platforms_were_told_what_a_recount_finds(engine: Engine, seed: int) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        outbox, known = _an_outbox(connection, random)
        stranger, _known = _an_outbox(connection, random)
        give_words(connection, outbox.company_id, wordless(connection, outbox.company_id)[::2])
    values = set[int]()
    for place in range(160):
        with writing(engine) as connection:
            random.choice([outbox, outbox, stranger]).step(connection)
            if place == 120:
                outbox.remove(connection)
        if place % 20 == 19:
            with reading(engine) as connection:
                values.update(_compared(connection, outbox, known))
    assert len(values) > 1
    assert outbox.happened >= {"_deliver", "_forget"}


def test_who_writes_counts_what_it_wrote(engine: Engine) -> None:
    with writing(engine) as connection:
        outbox, known = _an_outbox(connection, Random(3))
        for _time in range(4):
            for _step in range(20):
                outbox.step(connection)
            assert any(_compared(connection, outbox, known))


def test_a_message_costs_the_reading_of_its_own_day_whoever_put_it_in(engine: Engine) -> None:
    with writing(engine) as connection:
        outbox, _known = _an_outbox(connection, Random(4))
        for _step in range(60):
            outbox.step(connection)
    days = Span(SPAN.last - timedelta(30), SPAN.last, SPAN.zone)
    asked, read = [question(outbox.company_id, days)], 0

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal read
        read += "FROM deliveries" in " ".join(statement.split())

    event.listen(engine, "before_cursor_execute", note)
    other = open_engine(engine.url.render_as_string(hide_password=False))
    for _time in range(3):
        with reading(engine) as connection:
            before = delivered(connection, asked)
        read = 0
        with reading(engine) as connection:
            assert delivered(connection, asked) == before
        assert read == 0
        with writing(other) as connection:
            message = replace(a_message(), said_at=SPAN.until_at - 9)
            put_in(connection, outbox.company_id, outbox.destinations[0], message)
        with reading(engine) as connection:
            (rows,) = delivered(connection, asked)
        assert read == 1
        assert sum(each.waiting for each in rows) == sum(each.waiting for each in before[0]) + 1
    other.dispose()


def test_messages_of_a_database_that_was_restored_are_counted_anew(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite's file is replaced while no server runs")
    with writing(engine) as connection:
        outbox, _known = _an_outbox(connection, Random(5))
    asked = [question(outbox.company_id, SPAN)]
    restored = text("TRUNCATE deliveries, told_days CASCADE").execution_options(across_companies="a restore")
    for destination in sorted(outbox.destinations):
        with writing(engine) as connection:
            # As often changed as before, and another message.
            connection.execute(restored)
            put_in(connection, outbox.company_id, destination, replace(a_message(), said_at=SPAN.until_at - 9))
        with reading(engine) as connection:
            (rows,) = delivered(connection, asked)
        assert [each.destination_id for each in rows if each.waiting] == [destination]


def _an_outbox(connection: Connection, random: Random) -> tuple[RandomOutbox, Known]:
    business = open_business(connection)
    history = happen(connection, business, random, (SPAN.from_at, SPAN.until_at))
    known: Known = {(ContactKind.CALL, row["call_id"]): known_of_call(history, row) for row in history.calls}
    for row in history.forms:
        known[ContactKind.FORM, row["form_id"]] = known_of_visit(history.sessions[row["session_id"]])
    names = [f"{place}{business.company_id[1:]}" for place in range(3)]
    for name in names:
        record = DestinationRecord(name, business.company_id, "webhook", name, {}, "", Rule(), True, NOW)
        add_destination(connection, record)
    return RandomOutbox(business.company_id, names, list(known), random, NOW - 12 * DAY), known


def _compared(connection: Connection, outbox: RandomOutbox, known: Known) -> Sequence[int]:
    """What the destinations are worth, once it is as it should be: of both spans, asked together."""
    found: list[int] = []
    for typed in ("", "channel:paid", "-outcome=missed", "-device:phone"):
        terms = read_filter(typed)
        spans = SPAN, SPAN.before()
        of_each = delivered(connection, [question(outbox.company_id, span, (), terms) for span in spans])
        for span, rows in zip(spans, of_each, strict=True):
            assert list(rows) == [
                _recounted(connection, outbox.company_id, each, known, span, terms)
                for each in sorted(outbox.destinations)
            ]
            found += [row.value_cents for row in rows]
    return found


def _recounted(
    connection: Connection, company_id: str, destination: str, known: Known, span: Span, terms: Sequence[Term]
) -> Delivered:
    """Row by row; the tests' destinations are called what they are."""

    def fits(row: Any) -> bool:
        has_all = row.kind == ContactKind.CALL or all(term.dimension in OF_VISITS for term in terms)
        value = known[ContactKind(row.kind), row.contact_id]
        return has_all and all(term.met_by(value(term.dimension)) for term in terms)

    told, said = (
        connection.execute(
            select(table).where(table.c.company_id == company_id, table.c.destination_id == destination)
        ).all()
        for table in (deliveries, conversions)
    )
    sent = {(row.kind, row.contact_id, row.conversion_id) for row in told if row.state == State.SENT}
    ours = [row for row in told if span.from_at <= row.said_at < span.until_at and fits(row)]
    worth = [
        row.value_cents or 0
        for row in said
        if span.from_at <= row.said_at < span.until_at and row.counts and fits(row)
        if (row.kind, row.contact_id, row.conversion_id) in sent
    ]
    states = Counter(row.state for row in ours)
    counts = [states[each] for each in (State.SENT, State.WAITING, State.FAILED, State.WITHHELD)]
    return Delivered(destination, destination, *counts, conversions=len(worth), value_cents=sum(worth))
