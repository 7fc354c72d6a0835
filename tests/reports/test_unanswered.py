"""Missed calls, and when somebody spoke with the same caller after all."""

from dataclasses import replace
from random import Random

from sqlalchemy import Engine, insert

from swapboard.clock import DAY, HOUR
from swapboard.reports.counting import CountedBy
from swapboard.reports.filter import read_filter
from swapboard.reports.question import Question
from swapboard.reports.unanswered import LATEST, MissedCall, missed, with_callers
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import calls
from swapboard.switchboard.forgetting_caller import forget_caller
from tests.building import NOW, open_business
from tests.reports.random_business import History, a_call_at, happen, recount

FROM_AT, UNTIL_AT = NOW - 14 * DAY, NOW


def test_by_probability_a_missed_call_stands_whole_wherever_some_of_it_counts(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        history = happen(connection, business, Random(5), (FROM_AT, UNTIL_AT))
    asked = Question(business.company_id, FROM_AT, UNTIL_AT, counted_by=CountedBy.PROBABILITY)
    nobody = {row["call_id"]: row for row in history.calls}
    with reading(engine) as connection:
        assert {each.call_id for each in missed(connection, asked).calls} == {
            each.call_id for each in missed(connection, replace(asked, counted_by=CountedBy.BEST_MATCH)).calls
        }
        for text in ('channel="Direct"', 'channel=""', "-campaign:spring"):
            terms = read_filter(text)
            some = [each.call_id for each in missed(connection, replace(asked, terms=terms)).calls]
            assert len(some) == len(set(some)) > 0
            for call_id, row in nobody.items():
                of_it = {**vars(history), "calls": [row]}
                shared = recount(History(**of_it), FROM_AT, UNTIL_AT, (), terms, CountedBy.PROBABILITY)[()]
                assert (call_id in some) == bool(shared.missed + shared.voicemail), text


def test_each_missed_call_and_its_sequel_is_what_a_recount_finds(engine: Engine) -> None:
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        history = happen(connection, business, Random(2), (FROM_AT, UNTIL_AT))
        # Whoever was answered as spam in between was not spoken with.
        again = [a_call_at(business, Random(3), FROM_AT + hour * HOUR) for hour in range(3)]
        for row, status, is_spam in zip(
            again, ("missed", "answered", "answered"), (False, True, False), strict=True
        ):
            row |= {"caller_number": "+12025550199", "status": status, "is_spam": is_spam}
        connection.execute(insert(calls), again)
        history.calls += again
        happen(connection, stranger, Random(3), (FROM_AT, UNTIL_AT))

    def answered_after(row: dict[str, object], at: int) -> int | None:
        same = (each for each in history.calls if row["caller_number"] == each["caller_number"] is not None)
        answers = (each["started_at"] for each in same if each["status"] == "answered" and not each["is_spam"])
        return min((answer for answer in answers if at < answer <= at + LATEST), default=None)

    expected = [
        MissedCall(row["call_id"], row["started_at"], row["caller_number"], answered_after(row, row["started_at"]))
        for row in history.calls
        if row["status"] in {"missed", "busy", "failed", "abandoned", "voicemail"}
        if not row["is_spam"] and FROM_AT <= row["started_at"] < UNTIL_AT
    ]
    with reading(engine) as connection:
        company_id = business.company_id
        found = with_callers(connection, company_id, missed(connection, Question(company_id, FROM_AT, UNTIL_AT)))
        none = Question(business.company_id, FROM_AT, UNTIL_AT, terms=read_filter("outcome=answered"))
        assert missed(connection, none).typical_wait is None
    assert sorted(found.calls, key=lambda each: each.call_id) == sorted(expected, key=lambda each: each.call_id)
    assert found.spoken_with == sum(each.answered_at is not None for each in expected) > 0
    assert found.typical_wait is not None


def test_what_is_kept_in_memory_names_nobody_and_who_is_forgotten_is_told_no_more(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        happen(connection, business, Random(2), (FROM_AT, UNTIL_AT))
    asked = Question(business.company_id, FROM_AT, UNTIL_AT)

    def told() -> set[str | None]:
        with reading(engine) as connection:
            found = missed(connection, asked)
            assert {each.caller_number for each in found.calls} == {None}
            named = with_callers(connection, business.company_id, found)
        return {each.caller_number for each in named.calls}

    someone = next(number for number in told() if number)
    with writing(engine) as connection:
        forget_caller(connection, business.company_id, someone, "owner", UNTIL_AT)
    assert someone not in told()
