"""The outbox on both engines: order, claims, races."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from swapboard.clock import DAY, HOUR, MINUTE
from swapboard.conversions.conversion import Rule
from swapboard.conversions.deliveries import Claimed, Tried, claim, keep_settled, never_told, put_in
from swapboard.conversions.delivery_log import attempts_of, deliveries_of, list_deliveries
from swapboard.conversions.destinations.answers import by_status
from swapboard.conversions.destinations.request import Answer
from swapboard.conversions.message import Saying
from swapboard.conversions.outbox import (
    ASKED_AFTER,
    ASKED_UNTIL,
    CLAIMED_FOR,
    Circuit,
    Outcome,
    Result,
    Settled,
    State,
    learn,
    settle,
)
from swapboard.conversions.receipts import Asked, keep_answer, to_ask
from swapboard.conversions.sending_again import send_again
from swapboard.conversions.standing import standing_conversions
from swapboard.conversions.store import (
    DestinationRecord,
    add_destination,
    destinations_due,
    remove_destination,
)
from swapboard.leads.lead import ContactKind
from swapboard.storage.engine import reading, writing
from tests.building import Business, counts, open_business, rows_of
from tests.conversions.people import CALL, NOW, a_message

DESTINATION = "d" * 31 + "1"
TAKEN = Result(Outcome.TAKEN, "HTTP 204")
BUSY = Result(Outcome.FAILED, "HTTP 503")


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        business = open_business(connection)
        record = DestinationRecord(
            DESTINATION, business.company_id, "webhook", "Ours", {"url": "x"}, "", Rule(), True, NOW
        )
        add_destination(connection, record)
        return business


def waiting(engine: Engine, business: Business, *leads: str, saying: Saying = Saying.CONVERT) -> None:
    """Put in a message about a call of each of these leads."""
    with writing(engine) as connection:
        for place, lead in enumerate(leads):
            contact = replace(CALL, lead_id=lead, contact_id=f"{lead}{place}")
            put_in(connection, business.company_id, DESTINATION, replace(a_message(contact), saying=saying))


def taken(engine: Engine, business: Business, now: int = NOW + 100, limit: int = 100) -> Sequence[Claimed]:
    with writing(engine) as connection:
        return claim(connection, business.company_id, DESTINATION, limit, now)


def ended(engine: Engine, business: Business, claimed: Claimed, result: Result, now: int = NOW + 200) -> None:
    settled = settle(result, claimed.tries, claimed.put_in_at, now, 0.5)
    with writing(engine) as connection:
        keep_settled(connection, business.company_id, [Tried(claimed, result, settled)], now)


def leads_of(claimed: Sequence[Claimed]) -> list[str | None]:
    return [each.message.contact.lead_id for each in claimed]


def test_a_lead_s_messages_wait_for_one_another_and_others_do_not(engine: Engine, business: Business) -> None:
    waiting(engine, business, "ann", "ann", "bob", "ann")
    first = taken(engine, business)
    assert sorted(map(str, leads_of(first))) == ["ann", "bob"]
    assert taken(engine, business) == []
    for each in first:
        ended(engine, business, each, TAKEN)
    (second,) = taken(engine, business)
    assert (second.message.contact.contact_id, second.attempts) == ("ann1", 1)
    ended(engine, business, second, BUSY)
    assert taken(engine, business) == [], "what comes after waits as well"
    (again,) = taken(engine, business, NOW + 3_600_000)
    assert (again.delivery_id, again.attempts) == (second.delivery_id, 2)


def test_what_waits_behind_a_failure_hides_nobody(engine: Engine, business: Business) -> None:
    waiting(engine, business, "ann")
    (failed,) = taken(engine, business)
    ended(engine, business, failed, BUSY)
    waiting(engine, business, "ann", "ann", "ann")
    with writing(engine) as connection:
        for place, lead in enumerate(("bob", "carl")):
            later = replace(a_message(replace(CALL, lead_id=lead, contact_id=lead)), said_at=NOW + 9 + place)
            put_in(connection, business.company_id, DESTINATION, later)
    assert leads_of(taken(engine, business, NOW + 250, limit=1)) == ["bob"]
    assert leads_of(taken(engine, business, NOW + 250, limit=2)) == ["carl"]
    assert taken(engine, business, NOW + 250) == []


@pytest.mark.parametrize("saying", [Saying.RESTATE, Saying.RETRACT])
@pytest.mark.parametrize(("later", "is_unheard"), [(TAKEN, False), (Result(Outcome.REFUSED, "no"), True)])
def test_what_was_refused_later_was_never_told(
    engine: Engine, business: Business, saying: Saying, later: Result, is_unheard: bool
) -> None:
    with writing(engine) as connection:
        put_in(connection, business.company_id, DESTINATION, a_message())
    (first,) = taken(engine, business)
    ended(engine, business, first, Result(Outcome.TAKEN, "for now", receipt="r1"))
    with writing(engine) as connection:
        assert keep_answer(connection, Asked(business.company_id, DESTINATION, "r1"), later, NOW + DAY) == 1
        put_in(connection, business.company_id, DESTINATION, replace(a_message(), saying=saying))
    correction = taken(engine, business)
    with reading(engine) as connection:
        unheard = never_told(connection, business.company_id, DESTINATION, correction)
    assert unheard == (frozenset({first.message.conversion_id}) if is_unheard else frozenset())


def test_what_is_sent_again_is_corrected_though_its_lead_became_another(
    engine: Engine, business: Business
) -> None:
    first = a_message(replace(CALL, lead_id="ann"))
    later = replace(first, saying=Saying.RETRACT, contact=replace(CALL, lead_id="bob"), said_at=NOW + 1)
    withheld = Result(Outcome.WITHHELD, "no")
    for message in (first, later):
        with writing(engine) as connection:
            put_in(connection, business.company_id, DESTINATION, message)
        (claimed,) = taken(engine, business)
        ended(engine, business, claimed, withheld)
    with writing(engine) as connection:
        told = list_deliveries(connection, business.company_id).rows
        assert send_again(connection, business.company_id, min(each.delivery_id for each in told), NOW + DAY)
    both = taken(engine, business, NOW + DAY)
    assert [each.message.saying for each in both] == [Saying.CONVERT, Saying.RETRACT]
    with reading(engine) as connection:
        assert never_told(connection, business.company_id, DESTINATION, both) == frozenset()


def test_messages_of_one_moment_keep_their_order(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        for saying in (Saying.CONVERT, Saying.RESTATE, Saying.RETRACT):
            put_in(connection, business.company_id, DESTINATION, replace(a_message(), saying=saying))
    said = []
    for _ in range(3):
        (each,) = taken(engine, business)
        said.append(each.message.saying)
        ended(engine, business, each, TAKEN)
    assert said == [Saying.CONVERT, Saying.RESTATE, Saying.RETRACT]


def test_a_contact_s_later_message_waits_though_its_lead_became_another(
    engine: Engine, business: Business
) -> None:
    with writing(engine) as connection:
        for lead in ("ann", "ann and bob"):
            put_in(connection, business.company_id, DESTINATION, a_message(replace(CALL, lead_id=lead)))
    assert leads_of(taken(engine, business)) == ["ann"]


def test_whoever_died_with_a_claim_loses_it(engine: Engine, business: Business) -> None:
    waiting(engine, business, "ann")
    (dead,) = taken(engine, business)
    assert taken(engine, business, NOW + CLAIMED_FOR) == []
    (alive,) = taken(engine, business, NOW + 100 + CLAIMED_FOR)
    assert (alive.delivery_id, alive.message, alive.attempts) == (dead.delivery_id, dead.message, 2)
    ended(engine, business, alive, TAKEN)
    ended(engine, business, dead, BUSY)
    with reading(engine) as connection:
        (told,) = list_deliveries(connection, business.company_id).rows
        tries = attempts_of(connection, business.company_id, told.delivery_id)
    assert (told.state, told.words) == (State.SENT, "HTTP 204")
    assert [(each.attempt, each.result.words) for each in tries] == [(2, "HTTP 204")]


def test_many_workers_claim_each_message_once(engine: Engine, business: Business) -> None:
    waiting(engine, business, *(f"lead {index}" for index in range(60)))

    def work(_worker: int) -> list[str]:
        found: list[str] = []
        while claimed := taken(engine, business, limit=7):
            found += [each.delivery_id for each in claimed]
        return found

    with ThreadPoolExecutor(4) as threads:
        found = [each for some in threads.map(work, range(4)) for each in some]
    # On PostgreSQL a worker passes over what another is just taking, and finds nothing left at the end.
    found += [each.delivery_id for each in taken(engine, business)]
    assert (len(found), len(set(found))) == (60, 60)


def test_what_failed_is_sent_again_when_somebody_says_so(engine: Engine, business: Business) -> None:
    waiting(engine, business, "ann")
    (first,) = taken(engine, business)
    with writing(engine) as connection:
        assert not send_again(connection, business.company_id, first.delivery_id, NOW)
    ended(engine, business, first, Result(Outcome.REFUSED, "INVALID_GCLID"))
    assert taken(engine, business, NOW + 10**9) == []
    with writing(engine) as connection:
        assert send_again(connection, business.company_id, first.delivery_id, NOW + 10**9)
        assert not send_again(connection, "another company", first.delivery_id, NOW)
    (again,) = taken(engine, business, NOW + 10**9)
    assert again.attempts == 2
    with reading(engine) as connection:
        told = deliveries_of(connection, business.company_id, ContactKind.CALL, "ann0")
    assert [each.state for each in told[DESTINATION]] == [State.WAITING]


def test_what_is_sent_again_waits_as_if_it_were_new(engine: Engine, business: Business) -> None:
    waiting(engine, business, "ann")
    now = NOW + 100
    for _ in range(7):
        (failed,) = taken(engine, business, now)
        ended(engine, business, failed, BUSY, now)
        now += 2 * HOUR
    (last,) = taken(engine, business, now)
    ended(engine, business, last, Result(Outcome.REFUSED, "INVALID_GCLID"), now)
    now += DAY
    with writing(engine) as connection:
        assert send_again(connection, business.company_id, last.delivery_id, now)
    (again,) = taken(engine, business, now)
    assert (again.attempts, again.tries) == (9, 1)
    ended(engine, business, again, BUSY, now)
    (second,) = taken(engine, business, now + MINUTE)
    assert (second.attempts, second.tries) == (10, 2)


def test_of_more_conversions_than_are_compared_the_latest_are(
    engine: Engine, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("swapboard.conversions.standing.MOST", 2)
    with writing(engine) as connection:
        for place in range(3):
            message = a_message(replace(CALL, lead_id=f"{place}", contact_id=f"{place}"))
            message = replace(message, conversion_id=f"{place}", said_at=NOW + place)
            put_in(connection, business.company_id, DESTINATION, message)
    with reading(engine) as connection:
        found = standing_conversions(connection, business.company_id, DESTINATION, NOW)
    assert [each.message.conversion_id for each in found] == ["1", "2"]


def test_what_was_said_later_of_a_conversion_is_said_again_after_it(engine: Engine, business: Business) -> None:
    """Else the platform would keep an old value, or count what is none."""
    first = a_message(replace(CALL, lead_id="ann", contact_id="ann"))
    later = [replace(first, saying=Saying.RESTATE), replace(first, saying=Saying.RETRACT)]
    other = replace(first, conversion_id="another", saying=Saying.RETRACT)
    with writing(engine) as connection:
        for message in (first, *later, other):
            put_in(connection, business.company_id, DESTINATION, message)
    refused = Result(Outcome.REFUSED, "INVALID_GCLID")
    for result in (refused, Result(Outcome.WITHHELD, "It was never told."), TAKEN, TAKEN):
        (claimed,) = taken(engine, business)
        ended(engine, business, claimed, result)
    with reading(engine) as connection:
        ids = [each.delivery_id for each in list_deliveries(connection, business.company_id).rows]
    with writing(engine) as connection:
        assert send_again(connection, business.company_id, min(ids), NOW + 300)
    said = []
    while again := taken(engine, business, NOW + 10**6):
        said += [each.message.saying for each in again]
        for each in again:
            ended(engine, business, each, TAKEN)
    assert said == [Saying.CONVERT, Saying.RESTATE, Saying.RETRACT]


def test_only_a_destination_with_work_that_is_due_is_looked_at(engine: Engine, business: Business) -> None:
    def due(now: int) -> list[str]:
        with reading(engine) as connection:
            return [each.destination_id for each in destinations_due(connection, now)]

    assert due(NOW) == []
    waiting(engine, business, "ann")
    assert due(NOW - 1) == []
    assert due(NOW) == [DESTINATION]
    (claimed,) = taken(engine, business)
    with writing(engine) as connection:
        sent = Tried(claimed, TAKEN, Settled(State.SENT, NOW))
        keep_settled(connection, business.company_id, [sent], NOW)
    assert due(NOW + 10**9) == []


def test_an_answer_of_any_bytes_is_written_down(engine: Engine, business: Business) -> None:
    waiting(engine, business, "ann", "bob")
    for each, body in zip(taken(engine, business), (b"\0\x01\xff", b""), strict=True):
        ended(engine, business, each, by_status(Answer(200, {}, body)))
    words = sorted(row["words"] for row in rows_of(engine, "deliveries"))
    assert words == [
        "HTTP 200",
        "HTTP 200: \ufffd\x01\ufffd",
    ]


@pytest.mark.parametrize("seconds", ["9" * 20, "9" * 400])
def test_a_platform_s_wish_to_be_left_alone_fits_the_database(seconds: str) -> None:
    result = by_status(Answer(503, {"retry-after": seconds}, b""))
    assert learn(Circuit(), result, NOW, 0.5).closed_until == NOW + 7 * DAY
    assert settle(result, 1, NOW, NOW, 0.5).state is State.FAILED


def test_what_was_taken_for_now_is_asked_after_until_it_is_known(engine: Engine, business: Business) -> None:
    receipt = Result(Outcome.TAKEN, "Taken.", receipt="r1")
    waiting(engine, business, "ann", "bob", "carl")
    for each in taken(engine, business):
        ended(engine, business, each, TAKEN if each.message.contact.lead_id == "carl" else receipt, NOW)

    def asked(now: int) -> list[str]:
        with reading(engine) as connection:
            return [each.receipt for each in to_ask(connection, now, 10)]

    def answered(result: Result | None, now: int) -> None:
        with writing(engine) as connection:
            keep_answer(connection, Asked(business.company_id, DESTINATION, "r1"), result, now)

    assert asked(NOW + ASKED_AFTER - 1) == []
    assert asked(NOW + ASKED_AFTER) == ["r1"]
    answered(None, NOW + ASKED_AFTER)
    assert asked(NOW + ASKED_AFTER) == []
    assert asked(NOW + 2 * ASKED_AFTER) == ["r1"]
    answered(Result(Outcome.REFUSED, "INVALID_GCLID"), NOW + 2 * ASKED_AFTER)
    assert asked(NOW + 10**9) == []
    with reading(engine) as connection:
        told = list_deliveries(connection, business.company_id).rows
    states = {each.message.contact.lead_id: (each.state, each.words) for each in told}
    assert states == {
        "ann": (State.FAILED, "INVALID_GCLID"),
        "bob": (State.FAILED, "INVALID_GCLID"),
        "carl": (State.SENT, "HTTP 204"),
    }


def test_a_platform_that_never_says_is_asked_no_more(engine: Engine, business: Business) -> None:
    waiting(engine, business, "ann")
    ended(engine, business, taken(engine, business)[0], Result(Outcome.TAKEN, "Taken.", receipt="r1"), NOW)
    with writing(engine) as connection:
        keep_answer(connection, Asked(business.company_id, DESTINATION, "r1"), None, NOW + ASKED_UNTIL + 1)
        assert to_ask(connection, NOW + 10**10, 10) == []
        (told,) = list_deliveries(connection, business.company_id).rows
    assert (told.state, told.words) == (State.SENT, "It was taken; the platform never said what became of it.")


def test_a_destination_goes_with_all_that_it_was_told(engine: Engine, business: Business) -> None:
    waiting(engine, business, "ann")
    ended(engine, business, taken(engine, business)[0], TAKEN)
    with writing(engine) as connection:
        remove_destination(connection, business.company_id, DESTINATION)
    left = counts(engine)
    assert [left[name] for name in ("destinations", "conversions", "deliveries", "delivery_attempts")] == [0] * 4
