"""Who answered, spam, pools and destinations equal a slow, obviously right recount."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from statistics import mean

import pytest
from sqlalchemy import Connection, Engine, event, insert, update

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.clock import DAY, MINUTE, SECOND, zone
from swapboard.conversions.outbox import State
from swapboard.reports.agents import Agent, agents
from swapboard.reports.behind import Figure, Part, behind_figure
from swapboard.reports.counting import CountedBy
from swapboard.reports.delivered import Delivered, delivered
from swapboard.reports.dimension import OF_VISITS, Dimension
from swapboard.reports.filter import Term, read_filter
from swapboard.reports.grid_csv import write_csv
from swapboard.reports.pool_health import pool_health
from swapboard.reports.question import Question, question
from swapboard.reports.report_kind import Kind
from swapboard.reports.rows_grid import rows_grid
from swapboard.reports.service import SERVICES, compared
from swapboard.reports.service_grid import service_grid
from swapboard.reports.spam_calls import SpammedNumber, spam_calls
from swapboard.reports.span import last_days
from swapboard.storage.engine import reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import (
    calls,
    conversions,
    deliveries,
    destinations,
    exhaustions,
    leases,
    pools,
)
from swapboard.switchboard.ringing import Told, receive
from swapboard.visits.form_words import give_words, wordless
from tests.building import BILLBOARD, NOW, Business, open_business
from tests.reports.random_business import (
    PHONES,
    History,
    happen,
    known_of_call,
    known_of_visit,
    ring_phones,
)

SPAN = last_days(7, NOW, zone("UTC"))


@pytest.mark.parametrize("seed", range(2))
def test_who_answered_and_spam_are_what_a_recount_finds(engine: Engine, seed: int) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        history = happen(connection, business, random, (SPAN.from_at, SPAN.until_at))
        legs = ring_phones(connection, history, random)
        other = happen(connection, stranger, random, (SPAN.from_at, SPAN.until_at))
        ring_phones(connection, other, random)
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
                    len({leg["call_id"] for leg in rang}),
                    len({leg["call_id"] for leg in picked_up}),
                    sum((leg["answered_at"] - leg["started_at"]) // 1000 for leg in picked_up),
                    sum((leg["ended_at"] - leg["answered_at"]) // 1000 for leg in picked_up),
                )
        assert {each.number: each for each in agents(connection, asked)} == expected
        spam = spam_calls(connection, asked)
        lost = [row for row in ours.values() if row["is_spam"]]
        assert (spam.all_calls, spam.spam) == (len(ours), len(lost))
        assert spam.turned_away == sum(row["status"] == "blocked" for row in lost)
        assert spam.talk_seconds == sum(row["talk_seconds"] or 0 for row in lost)
        by_number = {
            number: SpammedNumber(
                number,
                len(rows),
                sum(row["status"] == "blocked" for row in rows),
                sum(row["talk_seconds"] or 0 for row in rows),
            )
            for number in {row["tracking_number"] for row in lost}
            for rows in [[row for row in lost if row["tracking_number"] == number]]
        }
        assert {each.number: each for each in spam.numbers} == by_number
        assert spam.signals == Counter(signal for row in lost for signal, _count in row["spam_reasons"])


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("counted_by", CountedBy)
def test_behind_each_phone_and_all_spam_stand_their_calls(
    engine: Engine, seed: int, counted_by: CountedBy
) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        business = open_business(connection)
        ring_phones(connection, happen(connection, business, random, (SPAN.from_at, SPAN.until_at)), random)
    asked = question(business.company_id, SPAN, (), read_filter("-outcome=busy -channel:direct"), counted_by)

    def behind(figure: Figure, question_: Question = asked) -> int:
        found = behind_figure(connection, question_, figure, None)
        ids = [each.call_id for each in found]
        assert ids == sorted(set(ids), reverse=True)
        return sum(int(each.share) for each in found)  # whole calls, also by probability

    with reading(engine) as connection:
        for phone in agents(connection, asked):
            assert behind(Figure(Part.RANG, phone.number)) == phone.rang > 0
            assert behind(Figure(Part.PICKED_UP, phone.number)) == phone.answered
        spam = spam_calls(connection, asked)
        for each in spam.numbers:
            terms = (*asked.terms, Term(Dimension.NUMBER, each.number, is_exact=True))
            of_number = replace(asked, terms=terms)
            assert behind(Figure(Part.SPAM), of_number) == each.spam
            assert behind(Figure(Part.TURNED_AWAY), of_number) == each.turned_away
        for signal, count in spam.signals.items():
            assert behind(Figure(Part.SPAM, signal=signal)) == count


@pytest.mark.parametrize("counted_by", CountedBy)
def test_any_figure_may_be_of_one_pool(engine: Engine, counted_by: CountedBy) -> None:
    random = Random(3)
    with writing(engine) as connection:
        business = open_business(connection, targets=2)
        history = happen(connection, business, random, (SPAN.from_at, SPAN.until_at))
        ring_phones(connection, history, random)
    asked = question(business.company_id, SPAN, (), (), counted_by)
    pool_of = {
        row["call_id"]: history.numbers[row["number_id"]]["pool_id"] for row in history.calls if row["number_id"]
    }
    narrowed = set()
    with reading(engine) as connection:
        for part in Part:
            whole = Figure(part, "+442079460001")
            found = behind_figure(connection, asked, whole, None)
            for pool_id in history.pools:
                of_pool = behind_figure(connection, asked, replace(whole, pool_id=pool_id), None)
                assert of_pool == [each for each in found if pool_of.get(each.call_id) == pool_id]
                narrowed |= {part} if 0 < len(of_pool) < len(found) else set()
    assert narrowed >= {Part.ALL, Part.ANSWERED, Part.RANG, Part.SPAM}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("text", ["", "channel:paid", "-device:phone pool:vien", 'campaign="" -pool=Vienna'])
def test_pools_are_what_a_recount_finds(engine: Engine, seed: int, text: str) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        business = open_business(connection, targets=2)
        history = happen(connection, business, random, (SPAN.from_at, SPAN.until_at))
        sure = {row["call_id"]: random.choice([None, 0.25, 0.75, 1.0]) for row in history.calls}
        for call_id, confidence in sure.items():
            connection.execute(update(calls).where(calls.c.call_id == call_id).values(confidence=confidence))
        names = dict(zip(history.pools, ("Berlin", "Vienna"), strict=True))
        for pool_id, name in names.items():
            connection.execute(update(pools).where(pools.c.pool_id == pool_id).values(name=name))
        visits, ages = [*history.sessions.values()], range(9 * DAY)
        turned = [
            (random.choice(business.pools), random.choice(visits), NOW - random.choice(ages)) for _ in range(30)
        ]
        for pool, visit, at in turned:
            row = {"company_id": business.company_id, "exhaustion_id": new_id(at)}
            row |= {"pool_id": pool.pool_id, "target_id": pool.target_id, "session_id": visit["session_id"]}
            connection.execute(insert(exhaustions).values(row | {"happened_at": at}))
        shown = [(random.choice(business.pools), visit) for visit in history.sessions.values() for _ in range(2)]
        for place, (pool, visit) in enumerate(shown):
            row = {"company_id": business.company_id, "session_id": visit["session_id"], "from_at": place}
            row |= {"pool_id": pool.pool_id, "target_id": pool.target_id, "number_id": new_id(NOW)}
            row |= {"state": "ended", "until_at": NOW, "expires_at": NOW}
            connection.execute(insert(leases).values(row))
    terms = read_filter(text)
    with reading(engine) as connection:
        asked = question(business.company_id, SPAN, (), terms)
        found = {each.pool_id: each for each in pool_health(connection, asked)}
    of_pools = [term for term in terms if term.dimension is Dimension.POOL]
    terms = tuple(term for term in terms if term not in of_pools)

    def fits(known: Callable[[Dimension], str]) -> bool:
        return all(term.met_by(known(term.dimension)) for term in terms)

    assert found.keys() == {each for each, name in names.items() if all(term.met_by(name) for term in of_pools)}
    for pool_id, each in found.items():
        rang = [
            row
            for row in history.calls
            if not row["is_spam"] and SPAN.from_at <= row["started_at"] < SPAN.until_at
            if history.numbers.get(row["number_id"] or "", {}).get("pool_id") == pool_id
            if fits(known_of_call(history, row))
        ]
        known = [sure[row["call_id"]] for row in rang if sure[row["call_id"]] is not None]
        assert each.name == names[pool_id]
        assert each.numbers == sum(row["pool_id"] == pool_id for row in history.numbers.values())
        assert each.without == sum(
            pool.pool_id == pool_id and SPAN.from_at <= at < SPAN.until_at and fits(known_of_visit(visit))
            for pool, visit, at in turned
        )
        saw = {
            visit["session_id"]
            for pool, visit in shown
            if pool.pool_id == pool_id and SPAN.from_at <= visit["started_at"] < SPAN.until_at
            if fits(known_of_visit(visit))
        }
        assert each.shown == len(saw)
        assert each.calls == len(rang)
        assert each.confidence == (pytest.approx(mean(known)) if known else None)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("text", ["channel:paid", "-outcome=missed", "-device:phone", "-pool:nothing"])
def test_of_a_filter_platforms_were_told_what_a_recount_finds(engine: Engine, seed: int, text: str) -> None:
    random, terms = Random(seed), read_filter(text)
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        history = happen(connection, business, random, (SPAN.from_at, SPAN.until_at))
        other = happen(connection, stranger, random, (SPAN.from_at, SPAN.until_at))
        _tell_of_all(connection, stranger, other, random)
        destination, told = _tell_of_all(connection, business, history, random)
        # Some forms have their words, others' visits must be asked.
        give_words(connection, business.company_id, wordless(connection, business.company_id)[::2])
    fitting = [
        (state, cents)
        for known, is_form, state, at, cents in told
        if SPAN.from_at <= at < SPAN.until_at
        if not is_form or all(term.dimension in OF_VISITS for term in terms)
        if all(term.met_by(known(term.dimension)) for term in terms)
    ]
    states = Counter(state for state, _cents in fitting)
    worth = [cents for state, cents in fitting if state is State.SENT]
    assert 0 < len(fitting) < len(told)
    with reading(engine) as connection:
        ((found,),) = delivered(connection, [question(business.company_id, SPAN, (), terms)])
    counts = [states[each] for each in (State.SENT, State.WAITING, State.FAILED, State.WITHHELD)]
    assert found == Delivered(destination, "=Ads", *counts, conversions=len(worth), value_cents=sum(worth))


def _tell_of_all(
    connection: Connection, business: Business, history: History, random: Random
) -> tuple[str, list[tuple[Callable[[Dimension], str], bool, State, int, int]]]:
    """The destination; and of each call and form what is known of it, whether it is a form, and what was told."""
    destination = _destination(connection, business)
    contacts = [("call", row["call_id"], known_of_call(history, row)) for row in history.calls]
    contacts += [
        ("form", row["form_id"], known_of_visit(history.sessions[row["session_id"]])) for row in history.forms
    ]
    told = []
    for kind, contact_id, known in contacts:
        state, at = random.choice(list(State)), NOW - random.randrange(10 * DAY)
        cents = random.randrange(1, 900)
        _tell(connection, business, destination, contact_id, state, at, cents, kind=kind)
        told.append((known, kind == "form", state, at, cents))
    return destination, told


@pytest.mark.parametrize("seed", range(2))
def test_what_platforms_were_told_is_what_a_recount_finds(engine: Engine, seed: int) -> None:
    random = Random(seed)
    told = [
        (random.choice(list(State)), random.randrange(10), random.choice([None, 0, 700]), random.random() < 0.8)
        for _ in range(40)
    ]
    with writing(engine) as connection:
        business = open_business(connection)
        destination = _destination(connection, business)
        for place, (state, days_ago, cents, counts) in enumerate(told):
            at = NOW - days_ago * DAY
            _tell(connection, business, destination, f"{place}", state, at, cents, counts=counts)
    recent = [each for each in told if each[1] < SPAN.length]
    # What was only tried or refused nobody was told of, and it counts nowhere.
    worth = [cents or 0 for state, _days, cents, counts in recent if counts and state is State.SENT]
    states = Counter(state for state, *_rest in recent)
    with reading(engine) as connection:
        ((found,),) = delivered(connection, [question(business.company_id, SPAN)])
    assert found == Delivered(
        destination,
        "=Ads",
        states[State.SENT],
        states[State.WAITING],
        states[State.FAILED],
        states[State.WITHHELD],
        conversions=len(worth),
        value_cents=sum(worth),
    )


def test_the_days_before_stand_beside_also_of_whom_there_is_nothing_now(engine: Engine) -> None:
    random = Random(4)
    with writing(engine) as connection:
        business = open_business(connection)
        history = happen(connection, business, random, (SPAN.before().from_at, SPAN.until_at))
        ring_phones(connection, history, random)
        destination = _destination(connection, business)
        for place in range(9):
            at = NOW - place * 2 * DAY
            _tell(connection, business, destination, f"{place}", State.SENT.value, at, 700)
    with reading(engine) as connection:
        now, before = (question(business.company_id, each) for each in (SPAN, SPAN.before()))
        for service in SERVICES.values():
            lines = compared(connection, service, now, before)
            assert [each.now for each in lines if each.now in service.rows(connection, [now])[0]]
            for asked, side in ((now, "now"), (before, "before")):
                for name in service.compared:
                    expected = sum(getattr(row, name) for row in service.rows(connection, [asked])[0])
                    assert sum(getattr(getattr(each, side), name) for each in lines) == expected
            swapped = compared(connection, service, replace(now, until_at=now.from_at), before)
            assert sorted(each.before.__repr__() for each in swapped) == sorted(
                each.__repr__() for each in service.rows(connection, [before])[0]
            )
            grid = service_grid(service, lines)
            assert len(grid.rows) == len(lines)
            assert [each.name for each in grid.columns][-len(service.compared) :] == [
                f"{name}_before" for name in service.compared
            ]


def test_spam_is_read_once_for_all_that_is_said_of_some_days(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
    now, before = (question(business.company_id, each) for each in (SPAN, SPAN.before()))
    with _read(engine) as read, reading(engine) as connection:
        spam_calls(connection, now)
        compared(connection, SERVICES[Kind.SPAM], now, before)
    of_spam = [each for each in read if "spam_reasons" in each]
    assert len(of_spam) == 2  # these days, and those before


def test_contacts_that_fit_are_asked_for_once_for_both_spans(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        _destination(connection, business)
    terms = read_filter("channel:paid")
    now, before = (question(business.company_id, each, (), terms) for each in (SPAN, SPAN.before()))
    with _read(engine) as read, reading(engine) as connection:
        compared(connection, SERVICES[Kind.DELIVERIES], now, before)
    assert "\n".join(read).count("FROM calls") == 1


@contextmanager
def _read(engine: Engine) -> Iterator[list[str]]:
    """The statements of the block."""
    read: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        read.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield read
    finally:
        event.remove(engine, "before_cursor_execute", note)


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
        (found,) = pool_health(connection, question(business.company_id, SPAN))
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
        ((found,),) = delivered(connection, [question(business.company_id, SPAN)])
        assert found == Delivered(destination, "=Ads", 2, 0, 1, 0, conversions=2, value_cents=1200)
        text = write_csv(rows_grid(Delivered, [found]))
    assert text.splitlines()[1] == f"{destination},'=Ads,2,0,1,0,2,1200"


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
    *,
    counts: bool = True,
    kind: str = "call",
) -> None:
    about = {"company_id": business.company_id, "destination_id": destination, "kind": kind}
    about |= {"contact_id": contact, "conversion_id": contact}
    said = {"counts": counts, "value_cents": cents, "said_at": at, "taken": state == State.SENT}
    connection.execute(insert(conversions).values(about | said))
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
    for piece in news:
        with writing(engine) as connection:
            receive(connection, [Told(business.company_id, business.carrier_id, (piece,), {}, NOW)])
            cold = agents(connection, asked)
        with reading(engine) as connection:
            assert agents(connection, asked) == cold
        answered.append(sum(agent.answered for agent in cold))
    assert answered == [0, 0, 0, 1]
