"""However much a company was told, what is done with one message looks at what is about the same call or form."""

import re
from typing import Any

import pytest
from sqlalchemy import Engine, event

from swapboard.conversions.conversion import Rule
from swapboard.conversions.deliveries import Tried, claim, keep_settled, put_in
from swapboard.conversions.forgotten import forget_contacts
from swapboard.conversions.message import Saying
from swapboard.conversions.outbox import ASKED_AFTER, Outcome, Result, Settled, State
from swapboard.conversions.receipts import Asked, keep_answer, to_ask
from swapboard.conversions.sending_again import HOWEVER, replay, send_again
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.storage.engine import writing
from tests.building import open_business
from tests.conversions.people import CALL, NOW, a_message

_ALL_THAT_WAS_TOLD = re.compile(
    r"SCAN (deliveries|conversions)"
    r"|SEARCH (deliveries|conversions)[^(]*\(company_id=\?( AND (destination_id=\?|delivery_id<\?))?\)"
)


def test_nothing_goes_through_all_that_a_company_was_told(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by what it has counted")
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if re.match("(SELECT|UPDATE|DELETE)", statement):
            asked.append((statement, parameters))

    with writing(engine) as connection:
        company_id = open_business(connection).company_id
        record = DestinationRecord("a", company_id, "webhook", "a", {"url": "x"}, "", Rule(), True, NOW)
        add_destination(connection, record)
        event.listen(engine, "before_cursor_execute", note)
        for saying in (Saying.CONVERT, Saying.RESTATE):
            put_in(connection, company_id, "a", a_message(saying=saying))
        (claimed,) = claim(connection, company_id, "a", 9, NOW)
        sent = Tried(claimed, Result(Outcome.TAKEN, "Taken.", receipt="r"), Settled(State.SENT, NOW))
        keep_settled(connection, company_id, [sent], NOW)
        then = NOW + ASKED_AFTER
        assert to_ask(connection, then, 9) == [Asked(company_id, "a", "r")]
        keep_answer(connection, Asked(company_id, "a", "r"), None, then)
        keep_answer(connection, Asked(company_id, "a", "r"), Result(Outcome.REFUSED, "No."), then + ASKED_AFTER)
        assert send_again(connection, company_id, claimed.delivery_id, then)
        replay(connection, company_id, "a", (NOW, NOW + 1), then, HOWEVER)
        forget_contacts(connection, company_id, [CALL.contact_id])
        cursor = connection.connection.cursor()
        plans = {
            statement: str(cursor.execute(f"EXPLAIN QUERY PLAN {statement}", told).fetchall())
            for statement, told in asked
        }
    assert len(plans) > 12
    assert [statement for statement, plan in plans.items() if _ALL_THAT_WAS_TOLD.search(plan)] == []
