"""Who answered, spam, pools and destinations equal a slow, obviously right recount."""

from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.clock import DAY, MINUTE, SECOND, zone
from swapboard.reports.agents import Agent, agents
from swapboard.reports.delivered import Delivered, delivered
from swapboard.reports.grid_csv import write_csv
from swapboard.reports.pool_health import pool_health
from swapboard.reports.rows_grid import rows_grid
from swapboard.reports.spam_calls import spam_calls
from swapboard.reports.span import last_days
from swapboard.reports.store import question
from swapboard.storage.engine import reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import (
    call_legs,
    conversions,
    deliveries,
    destinations,
    exhaustions,
    leases,
)
from swapboard.switchboard.ringing import Told, receive
from tests.building import BILLBOARD, NOW, Business, open_business
from tests.reports.random_business import History, happen

SPAN = last_days(7, NOW, zone("UTC"))
PHONES = (None, "+442079460001", "+442079460002")


def _legs(connection: Connection, history: History, random: Random) -> list[dict[str, Any]]:
    rows = []
    for call in history.calls:
        for number in random.sample(PHONES, random.randrange(3)):
            at = call["started_at"]
            answered_at = at + random.randrange(40 * SECOND) if random.random() < 0.6 else None
            ended_at = (answered_at or at) + random.randrange(1, 9) * MINUTE
            rows.append(
                {
                    "company_id": call["company_id"],
                    "call_id": call["call_id"],
                    "leg_ref": f"{len(rows)}",
                    "number": number,
                    "status": "answered" if answered_at else "no_answer",
                    "started_at": at,
                    "answered_at": answered_at,
                    "ended_at": ended_at,
                }
            )
    if rows:
        connection.execute(insert(call_legs), rows)
    return rows


@pytest.mark.parametrize("seed", range(2))
def test_who_answered_and_spam_are_what_a_recount_finds(engine: Engine, seed: int) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        history = happen(connection, business, random, (SPAN.from_at, SPAN.until_at))
        legs = _legs(connection, history, random)
        other = happen(connection, stranger, random, (SPAN.from_at, SPAN.until_at))
        _legs(connection, other, random)
    ours = {row["call_id"]: row for row in history.calls if SPAN.from_at <= row["started_at"] < SPAN.until_at}
    with reading(engine) as connection:
        asked = question(business.company_id, SPAN)
        expected = {}
        for number in {leg["number"] for leg in legs}:
            rang = [
                leg
                for leg in legs
                if leg["number"] == number and leg["call_id"] in ours and not ours[leg["call_id"]]["is_spam"]
            ]
            picked_up = [leg for leg in rang if leg["answered_at"]]
            if rang:
                expected[number or ""] = Agent(
                    number or "",
                    len(rang),
                    len(picked_up),
                    sum((leg["answered_at"] - leg["started_at"]) // 1000 for leg in picked_up),
                    sum((leg["ended_at"] - leg["answered_at"]) // 1000 for leg in picked_up),
                )
        assert {each.number: each for each in agents(connection, asked)} == expected
        spam = spam_calls(connection, asked)
        lost = [row for row in ours.values() if row["is_spam"]]
        assert (spam.all_calls, spam.spam) == (len(ours), len(lost))
        assert spam.turned_away == sum(row["status"] == "blocked" for row in lost)
        assert spam.talk_seconds == sum(row["talk_seconds"] or 0 for row in lost)
        assert {each.number for each in spam.numbers} == {row["tracking_number"] for row in lost}


def _needed_a_number(connection: Connection, business: Business, age: int, *, got_one: bool) -> None:
    at, pool = NOW - age, business.pools[0]
    row = {"company_id": business.company_id, "session_id": new_id(at), "pool_id": pool.pool_id}
    row["target_id"] = business.targets[0].target_id
    if got_one:
        lease = {"from_at": at, "number_id": new_id(at), "state": "ended", "until_at": at, "expires_at": at}
        connection.execute(insert(leases).values(row | lease))
        connection.execute(insert(leases).values(row | lease | {"from_at": at + MINUTE}))
    else:
        connection.execute(insert(exhaustions).values(row | {"exhaustion_id": new_id(at), "happened_at": at}))


def test_a_visit_with_two_leases_is_one_and_other_days_are_left_out(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=3)
        for age, got_one in ((MINUTE, True), (DAY, True), (2 * DAY, False), (30 * DAY, True), (30 * DAY, False)):
            _needed_a_number(connection, business, age, got_one=got_one)
    with reading(engine) as connection:
        (found,) = pool_health(connection, business.company_id, SPAN)
    assert (found.numbers, found.shown, found.without, found.calls, found.confidence) == (3, 2, 1, 0, None)
    assert found.without_share == pytest.approx(1 / 3)


def test_destinations_have_their_messages_and_conversions_of_these_days(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        destination = _destination(connection, business)
        told = [("sent", 0, 1200), ("sent", 1, None), ("failed", 2, 500), ("waiting", 30, 900)]
        for place, (state, days_ago, cents) in enumerate(told):
            _tell(connection, business, destination, f"{place}", state, NOW - days_ago * DAY, cents)
    with reading(engine) as connection:
        (found,) = delivered(connection, business.company_id, SPAN)
        assert found == Delivered(destination, "=Ads", 2, 0, 1, 0, conversions=3, value_cents=1700)
        text = write_csv(rows_grid(Delivered, delivered(connection, business.company_id, SPAN)))
    assert text.splitlines()[1] == f"{destination},'=Ads,2,0,1,0,3,1700"


def _destination(connection: Connection, business: Business) -> str:
    row = {"company_id": business.company_id, "destination_id": new_id(NOW), "kind": "webhook", "name": "=Ads"}
    rest = {"settings": {}, "credentials": "", "rule": {}, "is_on": True, "created_at": NOW}
    connection.execute(insert(destinations).values(row | rest))
    return row["destination_id"]


def _tell(
    connection: Connection,
    business: Business,
    destination: str,
    contact: str,
    state: str,
    at: int,
    cents: int | None,
) -> None:
    about = {"company_id": business.company_id, "destination_id": destination, "kind": "call"}
    about |= {"contact_id": contact, "conversion_id": contact}
    connection.execute(insert(conversions).values(about | {"counts": True, "value_cents": cents, "said_at": at}))
    message = {"delivery_id": new_id(at), "order_key": "x", "saying": "count", "message": {}, "state": state}
    times = {"said_at": at, "due_at": at, "attempts": 0}
    connection.execute(insert(deliveries).values(about | message | times))


def test_a_phone_that_picks_up_is_counted_though_its_day_was_counted_before(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
    asked = question(business.company_id, SPAN)
    leg = "leg"
    news = (
        CallEvent("c1", "", EventKind.ARRIVED, 0, NOW, Facts(dialled=BILLBOARD, caller="+442079460123")),
        CallEvent("c1", leg, EventKind.LEG_STARTED, 1, NOW, Facts(leg_number=PHONES[1])),
        CallEvent("c1", leg, EventKind.LEG_ANSWERED, 2, NOW + 4 * SECOND),
        CallEvent("c1", leg, EventKind.LEG_ENDED, 3, NOW + MINUTE, Facts(outcome=Outcome.ANSWERED)),
    )
    answered = []
    for event in news:
        with writing(engine) as connection:
            receive(connection, [Told(business.company_id, business.carrier_id, (event,), {}, NOW)])
            cold = agents(connection, asked)
        with reading(engine) as connection:
            assert agents(connection, asked) == cold
        answered.append(sum(agent.answered for agent in cold))
    assert answered == [0, 0, 0, 1]
