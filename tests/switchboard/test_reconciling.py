"""Calls that webhooks lost are found in the carrier's own list, through a stand-in that keeps Twilio's rules."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, update

from swapboard.accounts.company import Company
from swapboard.accounts.secrets import Vault
from swapboard.accounts.store import add_company
from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.call_lists import accounts_to_read, mark_read
from swapboard.calls.silence import GIVEN_UP_AFTER, LONGEST_CALL, SETTLED_AFTER, OpenCall, ReadList, given_up
from swapboard.calls.store import add_carrier
from swapboard.carriers.lines.own import OwnLines
from swapboard.carriers.twilio.adapter import TwilioKind
from swapboard.clock import HOUR, MINUTE, SECOND, Millis
from swapboard.patience import wait_after
from swapboard.settings import Settings
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import numbers
from swapboard.switchboard import exchange as exchange_module
from swapboard.switchboard import reconciling
from swapboard.switchboard.condition import Trouble
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.reconciling import EVERY
from swapboard.switchboard.ringing import RECEIVE, Told
from swapboard.switchboard.visiting import ADMIT
from tests.building import (
    BILLBOARD,
    DESTINATION,
    NOW,
    Business,
    StillClock,
    a_visit,
    counts,
    open_business,
    pool_number,
    rows_of,
    run,
    settings_of,
    until,
)
from tests.twilio_stand_in import SID, TOKEN, Twilio

CALLER = "+12125550111"
POOL_NUMBER = pool_number(0, 0)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def settings(migrated_url: str, tmp_path: Path) -> Settings:
    return settings_of(tmp_path, migrated_url)


@pytest.fixture
def business(engine: Engine, settings: Settings, twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> Business:
    kind = TwilioKind(twilio.url)
    monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", lambda _kind: kind)
    sealed = Vault.open(settings.secret_file).seal({"account_sid": SID, "auth_token": TOKEN})
    with writing(engine) as connection:
        return open_business(connection, credentials=sealed, carrier_kind="twilio")


def moment(at: Millis) -> str:
    """As Twilio writes it: whole seconds."""
    return format_datetime(datetime.fromtimestamp(at // SECOND, UTC))


def listed(sid: str, at: Millis, talk_seconds: int | None, to: str = POOL_NUMBER, **more: Any) -> dict[str, Any]:
    """An entry of the call list; a call without talk seconds still goes on."""
    is_over = talk_seconds is not None
    return {
        "sid": sid,
        "parent_call_sid": None,
        "direction": "inbound",
        "status": "completed" if is_over else "in-progress",
        "from": CALLER,
        "to": to,
        "start_time": moment(at),
        "end_time": moment(at + (talk_seconds or 0) * SECOND) if is_over else None,
        "date_created": moment(at),
        "duration": str(talk_seconds) if is_over else None,
        "caller_name": None,
    } | more


def with_leg(sid: str, at: Millis, talk_seconds: int | None) -> list[dict[str, Any]]:
    """A call and its leg, four seconds later; both end together."""
    leg = listed(f"{sid}leg", at + 4 * SECOND, talk_seconds, DESTINATION)
    own = listed(sid, at, None if talk_seconds is None else talk_seconds + 4)
    return [leg | {"parent_call_sid": sid, "direction": "outbound-dial"}, own]


def work(settings: Settings, clock: StillClock, use: Callable[[Exchange], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        exchange = Exchange(settings, clock)
        await exchange.start()
        try:
            await use(exchange)
        finally:
            await exchange.stop()

    run(all_of_it())


def calls_in(engine: Engine) -> dict[str, tuple[str, int | None]]:
    return {row["call_ref"]: (row["status"], row["talk_seconds"]) for row in rows_of(engine, "calls")}


def test_a_lost_call_is_found_and_credited_to_its_visit(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    async def use(exchange: Exchange) -> None:
        admitted = await exchange.writer.submit(ADMIT, a_visit(business))
        number = admitted.swaps[0].number
        leg, call = with_leg("CA1", NOW + 9 * SECOND, 63)
        twilio.calls = [leg, call | {"to": number}]
        clock.now += 3 * MINUTE
        await exchange.reconciliation.look()
        (row,) = rows_of(engine, "calls")
        assert (row["status"], row["tracking_number"], row["caller_number"]) == ("answered", number, CALLER)
        assert (row["started_at"], row["talk_seconds"], row["ring_seconds"]) == (NOW + 9 * SECOND, 63, 4)
        assert row["session_id"] == admitted.session_id
        assert len(rows_of(engine, "call_legs")) == 1

    work(settings, clock, use)


def test_a_list_that_was_read_changes_nothing_more(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    twilio.calls = with_leg("CA1", NOW, 20)

    async def use(exchange: Exchange) -> None:
        await exchange.reconciliation.look()
        before = counts(engine), rows_of(engine, "calls"), rows_of(engine, "carrier_events")
        asked = twilio.asked["GET /Calls.json"]
        clock.now += EVERY
        await exchange.reconciliation.look()
        assert twilio.asked["GET /Calls.json"] == 2 * asked
        assert (counts(engine), rows_of(engine, "calls"), rows_of(engine, "carrier_events")) == before

    work(settings, clock, use)


def test_what_webhooks_told_stays_as_they_told_it(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    facts = Facts(dialled=POOL_NUMBER, caller=CALLER)
    told = [
        CallEvent("CA1", "", EventKind.ARRIVED, 0, NOW + 312, facts),
        CallEvent("CA1", "CA1leg", EventKind.LEG_STARTED, 0, NOW + 4_412, Facts(leg_number=DESTINATION)),
        CallEvent("CA1", "CA1leg", EventKind.LEG_ANSWERED, 2, NOW + 5_512, Facts(leg_number=DESTINATION)),
        CallEvent(
            "CA1", "CA1leg", EventKind.LEG_ENDED, 3, NOW + 25_512, Facts(outcome=Outcome.ANSWERED, talk_seconds=20)
        ),
        CallEvent("CA1", "", EventKind.CALL_ENDED, 7, NOW + 25_612, facts),
    ]
    twilio.calls = with_leg("CA1", NOW, 20)

    async def use(exchange: Exchange) -> None:
        await exchange.writer.submit(
            RECEIVE, Told(business.company_id, business.carrier_id, tuple(told), {"url": "u"}, NOW)
        )
        before = counts(engine), rows_of(engine, "calls"), rows_of(engine, "call_legs")
        clock.now += MINUTE
        await exchange.reconciliation.look()
        after = counts(engine), rows_of(engine, "calls"), rows_of(engine, "call_legs")
        assert after[1:] == before[1:]
        assert after[0]["carrier_events"] == before[0]["carrier_events"]

    work(settings, clock, use)


def test_a_lost_end_is_found_though_the_call_began_before_the_last_look(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    async def use(exchange: Exchange) -> None:
        twilio.calls = [listed("CA1", NOW, None)]
        await exchange.reconciliation.look()
        assert calls_in(engine) == {"CA1": ("ringing", None)}
        clock.now += 2 * HOUR
        await exchange.reconciliation.look()
        twilio.calls = with_leg("CA1", NOW, 7_200)
        clock.now += EVERY
        await exchange.reconciliation.look()
        assert calls_in(engine) == {"CA1": ("answered", 7_200)}

    work(settings, clock, use)


def arrived(business: Business, ref: str, at: Millis) -> Told:
    """A call that begins to ring."""
    event = CallEvent(ref, "", EventKind.ARRIVED, 0, at, Facts(dialled=POOL_NUMBER, caller=CALLER))
    return Told(business.company_id, business.carrier_id, (event,), {"url": "u"}, at)


def test_a_call_that_the_carrier_knows_nothing_of_does_not_ring_for_ever(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    async def use(exchange: Exchange) -> None:
        await exchange.reconciliation.look()
        clock.now += HOUR
        await exchange.writer.submit(RECEIVE, arrived(business, "CA1", clock.now))
        await exchange.writer.submit(RECEIVE, arrived(business, "CA2", clock.now))
        twilio.calls = [listed("CA2", clock.now, None)]
        clock.now += SETTLED_AFTER - 1
        await exchange.reconciliation.look()
        assert {status for status, _ in calls_in(engine).values()} == {"ringing"}
        clock.now += EVERY
        await exchange.reconciliation.look()
        assert calls_in(engine) == {"CA1": ("missed", None), "CA2": ("ringing", None)}
        events = counts(engine)["carrier_events"]
        clock.now += EVERY
        await exchange.reconciliation.look()
        assert counts(engine)["carrier_events"] == events

    work(settings, clock, use)


def test_a_carrier_that_cannot_be_read_is_waited_for_no_longer_than_a_call_may_last(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    async def use(exchange: Exchange) -> None:
        await exchange.writer.submit(RECEIVE, arrived(business, "CA1", NOW))
        for passed, status in ((GIVEN_UP_AFTER - 1, "ringing"), (HOUR, "missed")):
            clock.now += passed
            twilio.fail("GET", "503", "503", "503")
            await exchange.reconciliation.look()
            assert calls_in(engine) == {"CA1": (status, None)}
        # It comes back, and tells how the call really went.
        twilio.calls = with_leg("CA1", NOW, 63)
        clock.now += HOUR
        await exchange.reconciliation.look()
        assert calls_in(engine) == {"CA1": ("answered", 63)}

    work(settings, clock, use)


class _LinesKind:
    def open(self, _credentials: object) -> OwnLines:
        return OwnLines((POOL_NUMBER,), "sip.example.com")


def test_a_long_talk_on_own_lines_is_not_given_up_for_being_on_no_list(
    engine: Engine,
    settings: Settings,
    business: Business,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nobody keeps a list of them."""
    monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", lambda _kind: _LinesKind())

    async def use(exchange: Exchange) -> None:
        clock.now += HOUR
        await exchange.writer.submit(RECEIVE, arrived(business, "line1", clock.now))
        for passed, status in ((HOUR, "ringing"), (GIVEN_UP_AFTER - HOUR - 1, "ringing"), (EVERY, "missed")):
            clock.now += passed
            await exchange.reconciliation.look()
            assert calls_in(engine) == {"line1": (status, None)}
        with reading(engine) as connection:
            (account,) = accounts_to_read(connection, business.company_id, clock.now)
        assert account.since == clock.now - LONGEST_CALL, "a look goes through the last weeks' calls only"
        assert not exchange.condition.standing(business.company_id)

    work(settings, clock, use)
    assert "cannot be read" not in caplog.text


class _BrokenKind:
    """Of an adapter that does not expect what its carrier answers now."""

    def open(self, _credentials: object) -> "_Broken":
        return _Broken((), "sip.example.com")


class _Broken(OwnLines):
    def calls(self, since: Millis) -> Iterator[CallEvent]:
        raise KeyError(since)


def test_an_adapter_that_breaks_off_is_told_and_its_calls_are_given_up_all_the_same(
    engine: Engine, settings: Settings, business: Business, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", lambda _kind: _BrokenKind())

    async def use(exchange: Exchange) -> None:
        await exchange.writer.submit(RECEIVE, arrived(business, "c1", clock.now))
        clock.now += GIVEN_UP_AFTER
        await exchange.reconciliation.look()
        assert calls_in(engine) == {"c1": ("missed", None)}
        standing = exchange.condition.standing(business.company_id)
        assert [each.trouble for each in standing] == [Trouble.LISTS_UNREAD]

    work(settings, clock, use)


@given(
    started_at=st.integers(0, 10 * HOUR),
    now=st.integers(0, 20 * HOUR),
    read=st.none() | st.builds(ReadList, st.integers(0, 10 * HOUR), st.integers(0, 10 * HOUR), st.just({"known"})),
)
def test_no_call_is_given_up_while_more_may_be_heard(
    started_at: Millis, now: Millis, read: ReadList | None
) -> None:
    known, unknown = (bool(list(given_up([OpenCall(ref, started_at)], read, now))) for ref in ("known", "unknown"))
    assert known == (now - started_at >= GIVEN_UP_AFTER)
    if unknown and not known:
        assert read is not None
        assert read.since < started_at <= read.at - SETTLED_AFTER


def test_calls_to_numbers_that_are_not_ours_are_left_alone(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    with writing(engine) as connection:
        connection.execute(
            update(numbers)
            .where(numbers.c.company_id == business.company_id, numbers.c.number == BILLBOARD)
            .values(released_at=NOW)
        )
    twilio.calls = [
        listed("CA1", NOW, 5, "+12025550199"),
        listed("CA2", NOW, 5, BILLBOARD),
        listed("CA3", NOW - HOUR, 5),
        listed("CA4", NOW, 5),
    ]

    async def use(exchange: Exchange) -> None:
        await exchange.reconciliation.look()
        assert calls_in(engine).keys() == {"CA4"}

    work(settings, clock, use)


def test_after_an_outage_everything_since_the_last_look_is_read(
    engine: Engine,
    settings: Settings,
    business: Business,
    twilio: Twilio,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exchange_module, "RECONCILE_SECONDS", 0.01)

    async def once(exchange: Exchange) -> None:
        await until(lambda: [row["listed_until_at"] for row in rows_of(engine, "carriers")] == [clock.now])

    work(settings, clock, once)
    twilio.calls = [listed(f"CA{hour}", NOW + hour * HOUR, 30) for hour in range(1, 50, 6)]
    clock.now += 50 * HOUR
    work(settings, clock, once)
    assert len(rows_of(engine, "calls")) == len(twilio.calls)


def test_a_carrier_that_fails_is_told_of_left_alone_for_a_while_and_asked_again(
    engine: Engine,
    settings: Settings,
    business: Business,
    twilio: Twilio,
    clock: StillClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    twilio.calls = [listed("CA1", NOW, 30)]
    caplog.set_level(logging.WARNING)

    async def use(exchange: Exchange) -> None:
        for failure in range(1, 4):
            twilio.fail("GET", "503", "503", "503")
            await exchange.reconciliation.look()
            assert not twilio.failures
            assert "cannot be read: Twilio: Try again (HTTP 503" in caplog.records[-1].message
            asked = twilio.asked.total()
            clock.now += wait_after(failure, 0) - 1
            await exchange.reconciliation.look()
            assert twilio.asked.total() == asked
            clock.now += wait_after(failure, 1) - wait_after(failure, 0) + 1
        assert rows_of(engine, "calls") == []
        assert [row["listed_until_at"] for row in rows_of(engine, "carriers")] == [None]
        await exchange.reconciliation.look()
        assert calls_in(engine).keys() == {"CA1"}

    work(settings, clock, use)


def test_credentials_that_nobody_can_open_keep_no_other_account_waiting(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    with writing(engine) as connection:
        other = open_business_elsewhere(connection)
    twilio.calls = [listed("CA1", NOW, 30)]

    async def use(exchange: Exchange) -> None:
        await exchange.reconciliation.look()
        assert [row["company_id"] for row in rows_of(engine, "calls")] == [business.company_id]
        assert rows_of(engine, "carriers", company_id=other)[0]["listed_until_at"] is None

    work(settings, clock, use)


def open_business_elsewhere(connection: Connection) -> str:
    """A company without numbers, whose credentials were sealed with a key that is gone."""
    add_company(connection, Company("c2", "a2", "Elsewhere", "UTC", "GB", None, 1800, 25, NOW))
    add_carrier(connection, "c2", "k2", "twilio", "A carrier", "sealed with another key", NOW)
    return "c2"


def test_two_processes_read_a_list_once(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    async def use(exchange: Exchange) -> None:
        other = Exchange(settings, clock)
        await other.start()
        try:
            await exchange.reconciliation.look()
            await other.reconciliation.look()
        finally:
            await other.stop()
        assert twilio.asked["GET /Calls.json"] == 1

    work(settings, clock, use)


def test_the_list_is_read_from_the_accounts_beginning_and_then_with_the_longest_call_to_spare(
    engine: Engine, business: Business
) -> None:
    def since() -> Millis:
        with reading(engine) as connection:
            (account,) = accounts_to_read(connection, business.company_id, NOW + 20 * HOUR)
        return account.since

    def read_until(at: Millis) -> None:
        with writing(engine) as connection:
            mark_read(connection, business.company_id, business.carrier_id, at)

    assert since() == NOW
    read_until(NOW + HOUR)
    assert since() == NOW
    read_until(NOW + 10 * HOUR)
    assert since() == NOW + 10 * HOUR - LONGEST_CALL
    # By a clock that was years ahead; it is right now.
    read_until(NOW + 20_000 * HOUR)
    assert since() == NOW + 20 * HOUR - LONGEST_CALL


def test_a_long_list_is_read_a_piece_at_a_time_and_once(
    engine: Engine,
    settings: Settings,
    business: Business,
    twilio: Twilio,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A piece may end between a call and its leg."""
    monkeypatch.setattr(reconciling, "EVENTS_AT_ONCE", 3)
    for minute in range(8):
        twilio.calls += with_leg(f"CA{minute}", NOW + minute * MINUTE, 20 + minute)

    async def use(exchange: Exchange) -> None:
        clock.now += HOUR
        await exchange.reconciliation.look()
        assert calls_in(engine) == {f"CA{minute}": ("answered", 20 + minute) for minute in range(8)}
        assert len(rows_of(engine, "call_legs")) == 8
        before = rows_of(engine, "carrier_events"), rows_of(engine, "calls")
        clock.now += EVERY
        await exchange.reconciliation.look()
        assert (rows_of(engine, "carrier_events"), rows_of(engine, "calls")) == before

    work(settings, clock, use)


def test_a_webhook_that_comes_after_the_list_changes_nothing(
    engine: Engine, settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    twilio.calls = with_leg("CA1", NOW, 20)
    facts = Facts(dialled=POOL_NUMBER, caller=CALLER)
    late = (
        CallEvent("CA1", "", EventKind.ARRIVED, 0, NOW, facts),
        CallEvent("CA1", "CA1leg", EventKind.LEG_STARTED, 0, NOW + 4_000, Facts(leg_number=DESTINATION)),
        CallEvent(
            "CA1", "", EventKind.DIAL_ENDED, 1, NOW + 24_000, Facts(outcome=Outcome.ANSWERED, talk_seconds=20)
        ),
        CallEvent("CA1", "", EventKind.CALL_ENDED, 7, NOW + 24_000, facts),
    )

    async def use(exchange: Exchange) -> None:
        await exchange.reconciliation.look()
        known = calls_in(engine)
        assert known == {"CA1": ("answered", 20)}
        for event in late:
            told = Told(business.company_id, business.carrier_id, (event,), {"url": "u"}, NOW + HOUR)
            await exchange.writer.submit(RECEIVE, told)
        assert calls_in(engine) == known
        assert len(rows_of(engine, "call_legs")) == 1

    work(settings, clock, use)


def test_a_list_that_cannot_be_read_is_told_to_its_company(
    settings: Settings, business: Business, twilio: Twilio, clock: StillClock
) -> None:
    async def use(exchange: Exchange) -> None:
        twilio.fail("GET", "503", "503", "503")
        await exchange.reconciliation.look()
        standing = exchange.condition.standing(business.company_id)
        assert [each.trouble for each in standing] == [Trouble.LISTS_UNREAD]
        assert exchange.condition.standing("somebody else") == []
        clock.now += HOUR
        await exchange.reconciliation.look()
        assert exchange.condition.standing(business.company_id) == []

    work(settings, clock, use)
