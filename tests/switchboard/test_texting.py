"""A missed caller is written: with the call, once a day, never after STOP, and at most once whatever breaks."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine

from swapboard.accounts.secrets import Vault
from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.flow_store import add_flow
from swapboard.calls.nodes import Dial, Flow
from swapboard.carriers.base import CarrierRequest, Text
from swapboard.carriers.twilio import carrier as twilio_kind
from swapboard.carriers.twilio.account import Account
from swapboard.carriers.twilio.adapter import TwilioKind
from swapboard.clock import DAY, HOUR, MINUTE, SECOND, Millis
from swapboard.settings import read_settings
from swapboard.storage.engine import writing
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.forgetting_caller import forget_caller
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.texting import hear_text
from swapboard.texts.store import UNKNOWN, claim_text, has_stopped, set_reply
from tests.building import NOW, TARGETS, Business, StillClock, open_business, pool_number, rows_of
from tests.patience import HANGS_AFTER_SECONDS
from tests.twilio_stand_in import SID, TOKEN, Twilio, twilio

__all__ = ["twilio"]
pytestmark = pytest.mark.anyio

LINE, CALLER = pool_number(0, 0), "+12125550111"
WORDS = "Sorry that we missed your call to {number}."


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: StillClock) -> AsyncIterator[Exchange]:
    """It is not started: each test sends when it wants to."""
    environment = {"SWAPBOARD_DATA_DIR": str(tmp_path), "SWAPBOARD_DATABASE_URL": migrated_url}
    exchange = Exchange(read_settings(environment), clock)
    exchange.writer.start()
    try:
        yield exchange
    finally:
        await exchange.stop()


@pytest.fixture
def business(exchange: Exchange, twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> Business:
    for module in ("carriers.opening", "switchboard.call_account"):
        monkeypatch.setattr(
            f"swapboard.{module}.carrier_kind",
            lambda kind: TwilioKind(twilio.url) if kind == "test" else twilio_kind,
        )
    sealed = Vault.open(exchange.settings.secret_file).seal({"account_sid": SID, "auth_token": TOKEN})
    with writing(exchange.engine) as connection:
        business = open_business(connection, credentials=sealed)
        set_reply(connection, business.company_id, "", WORDS)
    return business


def ring(
    engine: Engine,
    business: Business,
    ref: str = "c1",
    *,
    outcome: Outcome = Outcome.NO_ANSWER,
    at: Millis = NOW,
    **facts: Any,
) -> None:
    told = Facts(**({"dialled": LINE, "caller": CALLER} | facts))
    ended = Facts(dialled=LINE, caller=told.caller, withheld=told.withheld, outcome=outcome, talk_seconds=None)
    events = (
        CallEvent(ref, "", EventKind.ARRIVED, 0, at, told),
        CallEvent(ref, "", EventKind.DIAL_ENDED, 1, at + 20 * SECOND, ended),
    )
    with writing(engine) as connection:
        receive(connection, [Told(business.company_id, business.carrier_id, events, {}, at + 20 * SECOND)])


def texts(engine: Engine) -> list[tuple[str, str, str | None]]:
    rows = sorted(rows_of(engine, "text_messages"), key=lambda row: row["written_at"])
    return [(row["recipient"], row["state"], row["words"]) for row in rows]


def hear(engine: Engine, business: Business, body: str, ref: str = "SM1") -> None:
    with writing(engine) as connection:
        hear_text(connection, business.company_id, business.carrier_id, Text(CALLER, LINE, body, ref), NOW)


async def look(exchange: Exchange, clock: StillClock, after: Millis = MINUTE) -> None:
    clock.now = NOW + after
    await exchange.texter.look()


async def test_a_missed_caller_is_written_a_moment_later(
    exchange: Exchange, clock: StillClock, business: Business, twilio: Twilio
) -> None:
    ring(exchange.engine, business)
    await look(exchange, clock, 30 * SECOND)
    assert twilio.texts == [], "it may still be told that somebody answered"
    await look(exchange, clock)
    await look(exchange, clock, 2 * MINUTE)
    said = "Sorry that we missed your call to +1 202-555-1000."
    assert [(each["From"], each["To"]) for each in twilio.texts] == [(LINE, CALLER)]
    assert twilio.texts[0]["Body"].startswith(said[:38])
    assert texts(exchange.engine) == [(CALLER, "sent", None)]


class OneAfterTheOther:
    """A carrier that sends the first text only once the second is being sent, too."""

    def __init__(self) -> None:
        self.both = Barrier(2)

    def send_text(self, _text: Text) -> str:
        self.both.wait(HANGS_AFTER_SECONDS)
        return "SM1"

    def texts(self, _request: CarrierRequest) -> Sequence[Text]:
        return ()


async def test_a_carrier_that_is_slow_keeps_no_other_company_waiting(
    exchange: Exchange, clock: StillClock, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(exchange.engine) as connection:
        another = open_business(connection)
        set_reply(connection, another.company_id, "", WORDS)
    carrier = OneAfterTheOther()
    monkeypatch.setattr("swapboard.switchboard.texting.call_account", lambda *_: ("Slow", carrier))
    for each in (business, another):
        ring(exchange.engine, each)
    await look(exchange, clock)
    assert [state for _, state, _ in texts(exchange.engine)] == ["sent", "sent"]


async def test_once_a_carrier_is_away_the_rest_waits_for_the_next_look(
    exchange: Exchange, clock: StillClock, business: Business, twilio: Twilio
) -> None:
    """So that a round does not take a time-out for each of them, nor fail what would have got through later."""
    for number in range(3):
        ring(exchange.engine, business, f"c{number}", caller=f"+1212555012{number}")
    twilio.fail("POST", "500")
    await look(exchange, clock)
    assert sorted(state for _, state, _ in texts(exchange.engine)) == ["failed", "waiting", "waiting"]
    await look(exchange, clock, 2 * MINUTE)
    assert sorted(state for _, state, _ in texts(exchange.engine)) == ["failed", "sent", "sent"]


async def test_once_a_caller_a_day(
    exchange: Exchange, clock: StillClock, business: Business, twilio: Twilio
) -> None:
    for number, at in enumerate((NOW, NOW + HOUR, NOW + 23 * HOUR, NOW + DAY + HOUR)):
        ring(exchange.engine, business, f"c{number}", at=at)
        ring(exchange.engine, business, f"c{number}", at=at)
        await look(exchange, clock, at - NOW + MINUTE)
    assert len(twilio.texts) == 2


@pytest.mark.parametrize(
    ("outcome", "facts"),
    [
        (Outcome.ANSWERED, {}),
        (Outcome.NO_ANSWER, {"caller": None, "withheld": True}),
        (Outcome.NO_ANSWER, {"caller": "+442079460123"}),
        (Outcome.NO_ANSWER, {"dialled": None}),
    ],
)
async def test_nobody_else_is_written(
    exchange: Exchange, business: Business, outcome: Outcome, facts: dict[str, Any]
) -> None:
    if facts.get("dialled", "") is None:
        with writing(exchange.engine) as connection:
            set_reply(connection, business.company_id, "", None)
        facts = {}
    ring(exchange.engine, business, outcome=outcome, **facts)
    assert texts(exchange.engine) == []


async def test_a_call_that_was_found_in_the_list_the_next_day_is_let_be(
    exchange: Exchange, business: Business
) -> None:
    events = (
        CallEvent("c1", "", EventKind.ARRIVED, 0, NOW, Facts(dialled=LINE, caller=CALLER)),
        CallEvent("c1", "", EventKind.CALL_ENDED, 1, NOW + MINUTE, Facts(outcome=Outcome.NO_ANSWER)),
    )
    with writing(exchange.engine) as connection:
        receive(connection, [Told(business.company_id, business.carrier_id, events, {}, NOW + DAY)])
    assert texts(exchange.engine) == []


async def test_what_is_not_written_down_with_the_call_is_not_sent(exchange: Exchange, business: Business) -> None:
    class Broken(Exception):
        pass

    def break_off() -> None:
        with writing(exchange.engine) as connection:
            missed = CallEvent("c1", "", EventKind.DIAL_ENDED, 1, NOW, Facts(LINE, CALLER, outcome=Outcome.BUSY))
            receive(connection, [Told(business.company_id, business.carrier_id, (missed,), {}, NOW)])
            raise Broken

    with pytest.raises(Broken):
        break_off()
    assert (rows_of(exchange.engine, "calls"), texts(exchange.engine)) == ([], [])


async def test_an_adapter_that_breaks_off_keeps_no_other_text_waiting(
    exchange: Exchange, clock: StillClock, business: Business, twilio: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, asked = Account.send_text, list[Text]()

    def break_off_at_first(account: Account, text: Text) -> str:
        asked.append(text)
        if len(asked) == 1:
            raise KeyError("sid")
        return send(account, text)

    monkeypatch.setattr(Account, "send_text", break_off_at_first)
    for number in range(2):
        ring(exchange.engine, business, f"c{number}", caller=f"+1212555011{number}")
    await look(exchange, clock)
    await look(exchange, clock, 2 * MINUTE)
    assert len(asked) == 2
    found = sorted((state, words) for _to, state, words in texts(exchange.engine))
    assert found == [("failed", "The carrier's answer could not be read."), ("sent", None)]


async def test_whoever_was_talked_to_meanwhile_is_not_written(
    exchange: Exchange, clock: StillClock, business: Business, twilio: Twilio
) -> None:
    ring(exchange.engine, business)
    ring(exchange.engine, business, "c2", outcome=Outcome.ANSWERED, at=NOW + SECOND)
    await look(exchange, clock)
    assert (twilio.texts, texts(exchange.engine)) == ([], [(CALLER, "dropped", "answered")])


async def test_whoever_was_talked_to_in_the_morning_is_written_of_the_call_that_was_missed_at_noon(
    exchange: Exchange, clock: StillClock, business: Business, twilio: Twilio
) -> None:
    ring(exchange.engine, business)
    ring(exchange.engine, business, "c2", outcome=Outcome.ANSWERED, at=NOW + SECOND)
    await look(exchange, clock)
    for number, after in enumerate((HOUR, 2 * HOUR)):
        ring(exchange.engine, business, f"later{number}", at=NOW + after)
        await look(exchange, clock, after + MINUTE)
    assert texts(exchange.engine) == [(CALLER, "dropped", "answered"), (CALLER, "sent", None)]
    assert len(twilio.texts) == 1


async def test_stop_is_heeded_and_taken_back(
    exchange: Exchange, clock: StillClock, business: Business, twilio: Twilio
) -> None:
    ring(exchange.engine, business)
    hear(exchange.engine, business, "STOP")
    await look(exchange, clock)
    assert (CALLER, "dropped", "stopped") in texts(exchange.engine)
    ring(exchange.engine, business, "c2", at=NOW + 2 * DAY)
    hear(exchange.engine, business, "STOP")
    hear(exchange.engine, business, "Start", "SM2")
    hear(exchange.engine, business, "STOP")  # the carrier tells the first again: it was heard
    ring(exchange.engine, business, "c3", at=NOW + 3 * DAY)
    await look(exchange, clock, 3 * DAY + MINUTE)
    assert [each["To"] for each in twilio.texts] == [CALLER]


async def test_a_stop_that_only_the_carrier_knows_is_learnt(
    exchange: Exchange, clock: StillClock, business: Business, twilio: Twilio
) -> None:
    twilio.stopped.add(CALLER)
    ring(exchange.engine, business)
    await look(exchange, clock)
    [(_, state, words)] = texts(exchange.engine)
    assert state == "failed"
    assert "unsubscribed recipient" in (words or "")
    with writing(exchange.engine) as connection:
        assert has_stopped(connection, business.company_id, CALLER)


@pytest.mark.parametrize(("ways", "state"), [(["429", "503"], "sent"), (["drop"], "failed"), (["500"], "failed")])
async def test_only_what_was_surely_not_done_is_tried_again(
    exchange: Exchange, clock: StillClock, business: Business, twilio: Twilio, ways: list[str], state: str
) -> None:
    twilio.fail("POST", *ways)
    ring(exchange.engine, business)
    for minutes in (1, 3, 6):
        await look(exchange, clock, minutes * MINUTE)
    assert [each[1] for each in texts(exchange.engine)] == [state]
    assert len(twilio.texts) == (state == "sent")


@pytest.mark.parametrize("ways", [["401"], ["503"] * 5])
async def test_whoever_was_not_written_because_the_carrier_refused_is_written_of_the_next_missed_call(
    exchange: Exchange, clock: StillClock, business: Business, twilio: Twilio, ways: list[str]
) -> None:
    """As when the account's owner mends it; of the call itself no second is written, whatever is told of it."""
    twilio.fail("POST", *ways)
    ring(exchange.engine, business)
    for minutes in (1, 3, 6, 12, 24):
        await look(exchange, clock, minutes * MINUTE)
    ended = CallEvent("c1", "", EventKind.CALL_ENDED, 2, NOW + MINUTE)
    with writing(exchange.engine) as connection:
        receive(connection, [Told(business.company_id, business.carrier_id, (ended,), {}, NOW + 25 * MINUTE)])
    assert [each[1] for each in texts(exchange.engine)] == ["failed"]
    for number in (2, 3):
        ring(exchange.engine, business, f"c{number}", at=NOW + number * HOUR)
        await look(exchange, clock, number * HOUR + MINUTE)
    assert [each[1] for each in texts(exchange.engine)] == ["failed", "sent"]
    assert len(twilio.texts) == 1


async def test_what_was_half_sent_when_the_server_died_is_not_sent_again(
    exchange: Exchange, clock: StillClock, business: Business, twilio: Twilio
) -> None:
    ring(exchange.engine, business)
    [row] = rows_of(exchange.engine, "text_messages")
    with writing(exchange.engine) as connection:
        assert claim_text(connection, business.company_id, row["message_id"], NOW + MINUTE)
        assert claim_text(connection, business.company_id, row["message_id"], NOW + MINUTE) is None
    await look(exchange, clock, 2 * MINUTE)
    assert texts(exchange.engine)[0][1] == "sending"
    await look(exchange, clock, HOUR)
    assert (twilio.texts, texts(exchange.engine)) == ([], [(CALLER, "failed", UNKNOWN)])


async def test_a_number_and_a_flow_may_have_words_of_their_own(exchange: Exchange, business: Business) -> None:
    flow = Flow("ring", {"ring": Dial(otherwise="")}, missed_text="The flow's words.")
    with writing(exchange.engine) as connection:
        add_flow(connection, business.company_id, "f1", "Shop", flow, TARGETS[:1], NOW)
        set_reply(connection, business.company_id, pool_number(0, 1), "The number's words.")
        set_reply(connection, business.company_id, pool_number(0, 2), "")
    for number in range(3):
        dialled, caller = pool_number(0, number), f"+1212555011{number}"
        ring(exchange.engine, business, f"c{number}", dialled=dialled, caller=caller)
    bodies = {row["sender"]: row["body"] for row in rows_of(exchange.engine, "text_messages")}
    assert bodies == {pool_number(0, 0): "The flow's words.", pool_number(0, 1): "The number's words."}


async def test_a_caller_who_is_forgotten_stands_in_no_text(exchange: Exchange, business: Business) -> None:
    ring(exchange.engine, business)
    hear(exchange.engine, business, "Ring me at five")
    with writing(exchange.engine) as connection:
        forget_caller(connection, business.company_id, CALLER, "boss@example.com", NOW)
    assert rows_of(exchange.engine, "text_messages") == []


async def test_somebody_who_only_wrote_is_forgotten_as_well(exchange: Exchange, business: Business) -> None:
    hear(exchange.engine, business, "Ring me at five")
    with writing(exchange.engine) as connection:
        other = forget_caller(connection, business.company_id, "+12125550199", "boss@example.com", NOW)
        gone = forget_caller(connection, business.company_id, CALLER, "boss@example.com", NOW)
        again = forget_caller(connection, business.company_id, CALLER, "boss@example.com", NOW)
    assert (other, gone, again) == ((0, 0), (0, 1), (0, 0))
    assert rows_of(exchange.engine, "text_messages") == []
    assert [row["subject"] for row in rows_of(exchange.engine, "audit_entries")] == ["0 calls, 1 texts"]


async def test_a_number_of_ours_that_is_forgotten_by_mistake_takes_nobodys_texts(
    exchange: Exchange, business: Business
) -> None:
    ring(exchange.engine, business)
    hear(exchange.engine, business, "Ring me at five")
    before = rows_of(exchange.engine, "text_messages")
    ours = {row["sender"] for row in before} & {row["recipient"] for row in before} - {CALLER}
    assert (len(before), len(ours)) == (2, 1)
    with writing(exchange.engine) as connection:
        gone = forget_caller(connection, business.company_id, ours.pop(), "boss@example.com", NOW)
    assert gone == (0, 0)
    assert rows_of(exchange.engine, "text_messages") == before
