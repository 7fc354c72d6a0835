"""Spam at the door: refused before it is answered, marked in the database, counted nowhere, and taken back."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from swapboard.attribution.past import past_of
from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.caller_word_store import CallerWord, say_of_caller
from swapboard.calls.routes import CompanyRoutes
from swapboard.calls.spam import Earlier, Policy, Signal, Treatment, Word
from swapboard.calls.spam_store import earlier_of, set_policy
from swapboard.clock import DAY, HOUR, MINUTE, SECOND, Millis
from swapboard.numbers.placements import placements
from swapboard.numbers.plan import load_plan
from swapboard.settings import Settings
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import calls, numbers
from swapboard.switchboard.clearing import clear
from swapboard.switchboard.condition import Trouble
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.honeypots import set_honeypot
from swapboard.switchboard.ringing import Told, receive
from tests.building import (
    BILLBOARD,
    NOW,
    Business,
    StillClock,
    open_business,
    pool_number,
    rows_of,
    run,
    settings_of,
)

CALLER, OTHER = "+12125550111", "+12125550122"
OURS = pool_number(0, 0)


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection)


def ring(
    engine: Engine,
    business: Business,
    ref: str,
    at: Millis = NOW,
    caller: str | None = CALLER,
    dialled: str = OURS,
    talk: int | None = 40,
    **more: Any,
) -> None:
    """A call that was answered and is over; without talk it was missed."""
    facts = Facts(dialled=dialled, caller=caller, withheld=caller is None, **more)
    ended = Facts(outcome=Outcome.ANSWERED if talk else Outcome.NO_ANSWER, talk_seconds=talk)
    events = (
        CallEvent(ref, "", EventKind.ARRIVED, 0, at, facts),
        CallEvent(ref, "", EventKind.DIAL_ENDED, 1, at + 4 * SECOND + (talk or 0) * SECOND, ended),
    )
    with writing(engine) as connection:
        receive(connection, [Told(business.company_id, business.carrier_id, events, {}, at)])


def call(engine: Engine, ref: str) -> dict[str, Any]:
    (row,) = [row for row in rows_of(engine, "calls") if row["call_ref"] == ref]
    return dict(row)


def say(engine: Engine, business: Business, pattern: str, word: Word = Word.BLOCK) -> None:
    with writing(engine) as connection:
        say_of_caller(connection, business.company_id, CallerWord("w" * 32, pattern, word, "", "me", NOW))


def trap(engine: Engine, business: Business, number: str = BILLBOARD) -> None:
    with writing(engine) as connection:
        mine = (numbers.c.company_id == business.company_id, numbers.c.number == number)
        number_id = connection.execute(select(numbers.c.number_id).where(*mine)).scalar_one()
        set_honeypot(connection, business.company_id, number_id, True)


# In the database.


def test_a_call_like_any_other_is_judged_and_counts(engine: Engine, business: Business) -> None:
    ring(engine, business, "c1")
    found = call(engine, "c1")
    assert (found["is_spam"], found["spam_reasons"], found["first_time_caller"]) == (False, [], True)
    assert found["spam_score"] == pytest.approx(0.02)
    assert len(rows_of(engine, "leads")) == 1


def test_spam_is_kept_with_its_reasons_and_counts_nowhere(engine: Engine, business: Business) -> None:
    say(engine, business, "+1212555*")
    ring(engine, business, "c1", dialled=BILLBOARD)
    found = call(engine, "c1")
    assert (found["is_spam"], found["first_time_caller"]) == (True, False)
    assert found["spam_reasons"] == [[Signal.BLOCKED.value, 1]]
    assert rows_of(engine, "leads") == rows_of(engine, "lead_contacts") == rows_of(engine, "lead_keys") == []
    with reading(engine) as connection:
        assert sum(each.calls for each in placements(connection, business.company_id).rows) == 0


def test_nothing_is_learned_from_spam(engine: Engine, business: Business) -> None:
    ring(engine, business, "c1")
    say(engine, business, OTHER)
    ring(engine, business, "c2", NOW + MINUTE, OTHER)
    with reading(engine) as connection:
        heard = past_of(connection, business.company_id, NOW + HOUR)
    callers = [each.caller for each in heard.heard] if heard else []  # type: ignore[attr-defined]
    assert OTHER not in callers


def test_a_spam_call_before_does_not_make_the_next_an_old_friends(engine: Engine, business: Business) -> None:
    ring(engine, business, "c1", talk=None)
    with writing(engine) as connection:
        row = calls.c.company_id == business.company_id
        connection.execute(update(calls).where(row).values(is_spam=True, spam_said=True))
    ring(engine, business, "c2", NOW + 2 * DAY)
    assert call(engine, "c2")["first_time_caller"] is True


def test_a_robot_that_dials_one_number_after_the_other_is_noticed(engine: Engine, business: Business) -> None:
    for index in range(3):
        ring(engine, business, f"c{index}", NOW + index * MINUTE, dialled=pool_number(0, index), talk=None)
    ring(engine, business, "c3", NOW + 3 * MINUTE, dialled=BILLBOARD, talk=None)
    assert [call(engine, f"c{index}")["is_spam"] for index in range(4)] == [False, False, False, True]
    assert [Signal.NUMBERS.value, 2] in call(engine, "c3")["spam_reasons"]


def test_whoever_rang_a_honeypot_is_spam_everywhere_for_a_month(engine: Engine, business: Business) -> None:
    trap(engine, business)
    ring(engine, business, "c1", dialled=BILLBOARD, talk=None)
    ring(engine, business, "c2", NOW + 29 * DAY, talk=None)
    assert call(engine, "c1")["is_spam"]
    assert call(engine, "c2")["is_spam"]
    ring(engine, business, "c3", NOW + 29 * DAY, OTHER, talk=None)
    assert not call(engine, "c3")["is_spam"]


def test_a_honeypot_is_shown_to_nobody(engine: Engine, business: Business) -> None:
    trap(engine, business)
    with reading(engine) as connection:
        plan = load_plan(connection, business.company_id)
    assert BILLBOARD not in {each.number for each in plan.statics.values()}


def test_told_again_and_in_another_order_it_is_the_same(engine: Engine, business: Business) -> None:
    say(engine, business, CALLER)
    for _ in range(3):
        ring(engine, business, "c1")
    before = call(engine, "c1")
    ring(engine, business, "c1")
    assert call(engine, "c1") == before


# A person's word.


def judge(engine: Engine, business: Business, ref: str, is_spam: bool | None, at: Millis = NOW) -> bool:
    call_id = call(engine, ref)["call_id"]
    with writing(engine) as connection:
        return clear(connection, business.company_id, call_id, is_spam, "me@example.com", at)


def test_no_spam_gives_everything_back_and_is_remembered(engine: Engine, business: Business) -> None:
    say(engine, business, "+1212555*")
    ring(engine, business, "c1", NOW)
    ring(engine, business, "c2", NOW + HOUR)
    assert judge(engine, business, "c2", False)
    found = [call(engine, ref) for ref in ("c1", "c2")]
    assert [each["is_spam"] for each in found] == [False, False]
    assert [each["first_time_caller"] for each in found] == [True, False]
    assert len(rows_of(engine, "leads")) == 1
    assert len(rows_of(engine, "lead_contacts")) == 2
    ring(engine, business, "c3", NOW + 2 * HOUR)
    assert not call(engine, "c3")["is_spam"], "the number itself goes before the range that is blocked"


def test_spam_takes_the_lead_away_and_blocks_the_caller(engine: Engine, business: Business) -> None:
    ring(engine, business, "c1")
    assert judge(engine, business, "c1", True)
    assert call(engine, "c1")["is_spam"]
    assert rows_of(engine, "leads") == []
    (word,) = rows_of(engine, "caller_words")
    assert (word["pattern"], word["word"]) == (CALLER, "block")
    ring(engine, business, "c2", NOW + HOUR)
    assert call(engine, "c2")["is_spam"]


def test_a_word_that_is_taken_back_leaves_nothing(engine: Engine, business: Business) -> None:
    ring(engine, business, "c1")
    before = call(engine, "c1")
    judge(engine, business, "c1", True)
    judge(engine, business, "c1", None)
    assert call(engine, "c1") | {"changes": 0} == before | {"changes": 0}
    assert rows_of(engine, "caller_words") == []
    assert len(rows_of(engine, "leads")) == 1


def test_more_news_of_a_call_does_not_overrule_a_person(engine: Engine, business: Business) -> None:
    say(engine, business, "+1212555*")
    ring(engine, business, "c1")
    judge(engine, business, "c1", False)
    ring(engine, business, "c1")
    assert not call(engine, "c1")["is_spam"]


def test_there_is_no_such_call(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        assert not clear(connection, business.company_id, "nobody", True, "me", NOW)


# At the door.


@pytest.fixture
def settings(migrated_url: str, tmp_path: Path) -> Settings:
    return settings_of(tmp_path, migrated_url)


async def nothing(_look: object) -> None:
    """A database that does not answer."""


def at_door(
    settings: Settings, business: Business, use: Callable[[Exchange, CompanyRoutes], Awaitable[None]]
) -> None:
    async def all_of_it() -> None:
        exchange = Exchange(settings, StillClock())
        await exchange.start()
        try:
            await exchange.guard.look_around()
            await use(exchange, exchange.directory.routes.companies[business.company_id])
        finally:
            await exchange.stop()

    run(all_of_it())


def looks(exchange: Exchange, business: Business) -> Callable[[object], Awaitable[Any]]:
    async def look(_read: object) -> Any:
        return await exchange.read(lambda connection: earlier_of(connection, business.company_id, CALLER, NOW))

    return look


def test_who_is_blocked_is_refused_without_a_look(engine: Engine, settings: Settings, business: Business) -> None:
    say(engine, business, "+1212*")

    async def use(exchange: Exchange, company: CompanyRoutes) -> None:
        facts = Facts(dialled=OURS, caller=CALLER)
        assert (await exchange.guard.meet(company, facts, NOW, nothing))[0] is Treatment.REJECT
        london = Facts(dialled=OURS, caller="+442079460055")
        assert (await exchange.guard.meet(company, london, NOW, nothing))[0] is Treatment.PUT_THROUGH

    at_door(settings, business, use)


def test_a_robot_is_refused_unless_it_is_somebody_we_know(
    engine: Engine, settings: Settings, business: Business
) -> None:
    trap(engine, business)

    async def use(exchange: Exchange, company: CompanyRoutes) -> None:
        facts = Facts(dialled=BILLBOARD, caller=CALLER)
        look = looks(exchange, business)
        assert (await exchange.guard.meet(company, facts, NOW, look))[0] is Treatment.REJECT
        # Without an answer of the database nobody is refused but who is blocked.
        assert (await exchange.guard.meet(company, facts, NOW, nothing))[0] is Treatment.PUT_THROUGH
        ring(engine, business, "c1", NOW - DAY)
        assert (await exchange.guard.meet(company, facts, NOW, look))[0] is Treatment.PUT_THROUGH

    with writing(engine) as connection:
        set_policy(connection, business.company_id, Policy(reject_from=0.9))
    at_door(settings, business, use)


def test_beyond_the_days_limit_only_known_callers_get_through_and_it_is_said(
    engine: Engine, settings: Settings, business: Business
) -> None:
    with writing(engine) as connection:
        set_policy(connection, business.company_id, Policy(cap_minutes=1))
    ring(engine, business, "c1", NOW - 2 * MINUTE, OTHER, talk=61)

    async def use(exchange: Exchange, company: CompanyRoutes) -> None:
        standing = [each.trouble for each in exchange.condition.standing(business.company_id)]
        assert standing == [Trouble.CAP_REACHED]
        facts = Facts(dialled=OURS, caller=CALLER)
        look = looks(exchange, business)
        assert (await exchange.guard.meet(company, facts, NOW, look))[0] is Treatment.OVER_CAP
        ring(engine, business, "c2", NOW - HOUR, CALLER, talk=30)
        assert (await exchange.guard.meet(company, facts, NOW, look))[0] is Treatment.PUT_THROUGH

    at_door(settings, business, use)


def test_whose_limit_is_not_reached_is_told_nothing(settings: Settings, business: Business) -> None:
    async def use(exchange: Exchange, company: CompanyRoutes) -> None:
        assert exchange.condition.standing(business.company_id) == []
        facts = Facts(dialled=OURS, caller=CALLER)
        assert (await exchange.guard.meet(company, facts, NOW, nothing))[0] is Treatment.PUT_THROUGH

    at_door(settings, business, use)


def test_pumped_traffic_raises_the_alarm(engine: Engine, settings: Settings, business: Business) -> None:
    for index in range(7):
        ring(engine, business, f"c{index}", NOW - (index + 1) * HOUR, f"+5345550{index:04d}", talk=600)

    async def use(exchange: Exchange, _company: CompanyRoutes) -> None:
        standing = [each.trouble for each in exchange.condition.standing(business.company_id)]
        assert standing == [Trouble.PUMPED]

    at_door(settings, business, use)


def test_the_guard_forgets_after_an_hour(settings: Settings, business: Business) -> None:
    async def use(exchange: Exchange, company: CompanyRoutes) -> None:
        for index in range(8):
            await exchange.guard.meet(company, Facts(dialled=f"+1202555013{index}", caller=CALLER), NOW, nothing)
        later = Facts(dialled=OURS, caller=CALLER)
        _, soon = await exchange.guard.meet(company, later, NOW + MINUTE, nothing)
        assert soon.score > 0.99
        _, late = await exchange.guard.meet(company, later, NOW + 2 * HOUR, nothing)
        assert late.reasons == ()

    at_door(settings, business, use)


def test_earlier_calls_are_the_callers_own(engine: Engine, business: Business) -> None:
    ring(engine, business, "c1", talk=40)
    ring(engine, business, "c2", caller=OTHER)
    with reading(engine) as connection:
        found = earlier_of(connection, business.company_id, CALLER, NOW + HOUR)
    assert found == [Earlier(OURS, NOW, 40, False)]
