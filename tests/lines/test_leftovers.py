"""A server that died in the middle of calls: when lines are there again, those calls are over."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from sqlalchemy import Engine

from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.clock import HOUR, MINUTE, SECOND, Millis, system_clock
from swapboard.settings import Settings
from swapboard.storage.engine import writing
from swapboard.switchboard.ringing import Told, receive
from tests.building import BILLBOARD, ON_SQLITE, Business, rows_of, run, without_database
from tests.lines.conftest import Lines

pytestmark = ON_SQLITE
Opened = Callable[[], AbstractAsyncContextManager[Lines]]


def began(engine: Engine, business: Business, ref: str, at: Millis, answered: bool) -> None:
    own, leg = Facts(dialled=BILLBOARD, caller="+12125550111"), Facts(leg_number="+12025550101")
    events = [CallEvent(ref, "", EventKind.ARRIVED, 0, at, own)]
    if answered:
        events.append(CallEvent(ref, "leg", EventKind.LEG_ANSWERED, 0, at + 4 * SECOND, leg))
    with writing(engine) as connection:
        receive(connection, [Told(business.company_id, business.carrier_id, tuple(events), {}, at)])


def statuses(engine: Engine) -> dict[str, str]:
    return {row["call_ref"]: row["status"] for row in rows_of(engine, "calls")}


def test_what_was_cut_off_is_over_and_what_comes_is_not(engine: Engine, business: Business, lines: Opened) -> None:
    now = system_clock()
    began(engine, business, "talked", now - 3 * MINUTE, answered=True)
    began(engine, business, "rang", now - MINUTE, answered=False)
    began(engine, business, "comes", now + HOUR, answered=False)
    assert statuses(engine) == {"talked": "in_progress", "rang": "ringing", "comes": "ringing"}

    async def use() -> None:
        async with lines():
            assert statuses(engine) == {"talked": "answered", "rang": "missed", "comes": "ringing"}

    run(use())


def test_without_a_database_lines_open_all_the_same(
    engine: Engine, business: Business, lines: Opened, settings: Settings
) -> None:
    began(engine, business, "rang", system_clock() - MINUTE, answered=False)

    async def use() -> None:
        async with lines():
            pass
        with without_database(settings.database_url, engine):
            async with lines() as opened:
                assert opened.port

    run(use())
