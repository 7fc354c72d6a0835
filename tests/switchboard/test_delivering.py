"""From a call that ends to a receiver that knows of it, over real HTTP, and what happens when it is away."""

import asyncio
import base64
import errno
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update

from swapboard.accounts.secrets import Vault
from swapboard.attribution.recompute import Recredit, credited
from swapboard.attribution.store import Attribution
from swapboard.calls.verdict import Verdict
from swapboard.clock import HOUR, MINUTE, SECOND, Millis
from swapboard.conversions.conversion import Rule
from swapboard.conversions.deliveries import put_in
from swapboard.conversions.destinations.base import Destination
from swapboard.conversions.destinations.request import Answer, Post, Request, Unreached
from swapboard.conversions.message import Message
from swapboard.conversions.outbox import OPEN_AFTER, Outcome, Result
from swapboard.conversions.sending_again import send_again
from swapboard.conversions.store import (
    DestinationRecord,
    add_destination,
    change_destination,
    destination_by_id,
)
from swapboard.leads.lead import ContactKind
from swapboard.leads.store import lead_of
from swapboard.settings import Settings
from swapboard.storage.commit import Unavailable
from swapboard.storage.engine import writing
from swapboard.storage.schema import calls, deliveries, destinations, sessions
from swapboard.storage.writer import Overloaded
from swapboard.switchboard import exchange as exchange_module
from swapboard.switchboard.clearing import clear
from swapboard.switchboard.converting import convert
from swapboard.switchboard.delivering import Deliverer
from swapboard.switchboard.destination_settings import SettingFault, sealed
from swapboard.switchboard.enrolling import enroll
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.joining_by_hand import join_people, part_people
from swapboard.switchboard.judging import judge
from swapboard.switchboard.recrediting import recredit
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.telling import AT_ONCE
from swapboard.switchboard.visiting import admit
from swapboard.visits.forms import SentForm, add_forms
from tests.building import (
    NOW,
    PAGE,
    Business,
    StillClock,
    a_visit,
    open_business,
    pool_number,
    rows_of,
    run,
    settings_of,
)
from tests.conversions.destinations.data_manager import DataManager, not_counted, over_http
from tests.conversions.people import CALL, a_message
from tests.local_server import answering
from tests.patience import HANGS_AFTER_SECONDS
from tests.switchboard.test_ringing import story

DESTINATION = "d" * 32
SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()


@dataclass
class Receiver:
    """A company's own program; `answers` are its next statuses, then all is well."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, message_id: str, told: dict[str, Any]) -> int:
        with self.lock:
            self.asked.append(message_id)
            status = self.answers.pop(0) if self.answers else 204
            if status < 300:
                self.heard.append(told)
            return status


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    known = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told = json.loads(body)
            status, content = known.hear(self.headers["webhook-id"], told), b""
            if status == 204 and isinstance(told["data"], list):
                # As Meta answers, who is told of many at once.
                status, content = 200, json.dumps({"events_received": len(told["data"])}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """What is heard is kept."""

    with answering(Handler) as server:
        known.url = f"http://127.0.0.1:{server.server_port}/hook"
        yield known


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def settings(migrated_url: str, tmp_path: Path) -> Settings:
    return settings_of(tmp_path, migrated_url)


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection, numbers=3)


@pytest.fixture
def ring(engine: Engine, business: Business) -> Callable[..., str]:
    """A visitor comes, and calls; the call's id."""

    def arrive(place: int = 0, **changes: Any) -> str:
        with writing(engine) as connection:
            (admitted,) = admit(connection, [a_visit(business, **changes)])
            events = tuple(story(f"CA{place}", admitted.swaps[0].number))
            ended = Told(business.company_id, business.carrier_id, events, {}, NOW + 60 * SECOND)
            ((changed,),) = receive(connection, [ended])
        return changed.call_id

    return arrive


def tell_it(
    engine: Engine,
    business: Business,
    url: str,
    rule: Rule | None = None,
    kind: str = "webhook",
    **more: str,
) -> None:
    """Make a destination of the address."""
    settings = {"url": url, "secret": SECRET, "measurement_id": "G-AB12CD34EF", "api_secret": "x"} | more
    record = DestinationRecord(
        DESTINATION, business.company_id, kind, "Ours", settings, "", rule or Rule(), True, NOW
    )
    with writing(engine) as connection:
        add_destination(connection, record)


def deliver(settings: Settings, clock: StillClock) -> None:
    """Let a worker do all that is due."""

    async def work() -> None:
        exchange = Exchange(settings, clock)
        exchange.writer.start()
        try:
            await exchange.deliverer.look()
            await exchange.deliverer.ask()
        finally:
            await exchange.stop()

    run(work())


def test_a_call_that_ends_is_told_once_with_its_visit(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: Callable[..., str],
) -> None:
    tell_it(engine, business, receiver.url)
    call_id = ring(url="https://www.example.com/?utm_source=google&utm_medium=cpc&utm_campaign=spring&gclid=Cj0")
    clock.now = NOW + 2 * MINUTE
    deliver(settings, clock)
    deliver(settings, clock)
    (told,) = receiver.heard
    assert told["type"] == "conversion.made"
    assert (told["data"]["id"], told["data"]["talk_seconds"]) == (call_id, 40)
    assert told["data"]["attribution"]["campaign"] == "spring"
    assert told["data"]["attribution"]["click_ids"] == {"gclid": "Cj0"}
    (delivery,) = rows_of(engine, "deliveries")
    assert (delivery["state"], delivery["words"], delivery["attempts"]) == ("sent", "HTTP 204", 1)


def test_what_changes_later_is_told_under_the_same_name(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: Callable[..., str],
) -> None:
    tell_it(engine, business, receiver.url, Rule(qualified_only=True))
    call_id = ring()
    clock.now = NOW + HOUR
    words = [Verdict((), None, True), Verdict((), 9_900, True), Verdict((), 9_900, False), Verdict((), 1, True)]
    for verdict in words:
        for _twice in range(2):
            with writing(engine) as connection:
                judge(connection, business.company_id, call_id, verdict, clock.now)
    clock.now += MINUTE
    deliver(settings, clock)
    assert [(each["type"], each["data"]["value"]) for each in receiver.heard] == [
        ("conversion.made", None),
        ("conversion.changed", "99.00"),
        ("conversion.retracted", None),
        ("conversion.made", "0.01"),
    ]
    names = [each["data"]["conversion_id"] for each in receiver.heard]
    assert len(set(names[:3])) == 1
    assert names[3] != names[0], "what was taken back is another conversion when it counts again"


def test_a_form_is_told_once_its_sender_is_a_good_lead_and_taken_back_when_not(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: Callable[..., str],
) -> None:
    tell_it(engine, business, receiver.url, Rule(calls=False, qualified_only=True))
    call_id = ring()
    (call,) = rows_of(engine, "calls")
    wrote = SentForm(
        "f" * 32,
        call["session_id"],
        call["visitor_id"],
        business.site.site_id,
        NOW,
        "contact",
        PAGE,
        {"email": "a@example.com"},
    )
    with writing(engine) as connection:
        add_forms(connection, business.company_id, [wrote])
        enroll(connection, business.company_id, [wrote])
        assert not convert(connection, business.company_id, ContactKind.FORM, wrote.form_id, NOW)
    clock.now = NOW + HOUR
    for is_good in (True, True, False, True):
        with writing(engine) as connection:
            judge(connection, business.company_id, call_id, Verdict((), None, is_good), clock.now)
    with writing(engine) as connection:
        lead_id = lead_of(connection, business.company_id, ContactKind.FORM, wrote.form_id)
        assert lead_id
        chosen = [(ContactKind.FORM, wrote.form_id)]
        other = part_people(connection, business.company_id, lead_id, chosen, "ann", clock.now)
        assert other
        join_people(connection, business.company_id, (lead_id, other.lead_id), "ann", clock.now)
    clock.now += MINUTE
    deliver(settings, clock)
    assert [(each["type"], each["data"]["id"]) for each in receiver.heard] == [
        ("conversion.made", wrote.form_id),
        ("conversion.retracted", wrote.form_id),
        ("conversion.made", wrote.form_id),
        ("conversion.retracted", wrote.form_id),
        ("conversion.made", wrote.form_id),
    ], "also when they turn out to be another person, and the same one after all"


def test_a_sender_whose_only_good_call_was_spam_is_no_good_lead(
    engine: Engine, business: Business, ring: Callable[..., str]
) -> None:
    call_id = ring()
    (call,) = rows_of(engine, "calls")
    page = business.site.site_id, NOW, "contact", PAGE
    wrote = SentForm("f" * 32, call["session_id"], call["visitor_id"], *page, {"email": "a@example.com"})
    with writing(engine) as connection:
        add_forms(connection, business.company_id, [wrote])
        enroll(connection, business.company_id, [wrote])
        judge(connection, business.company_id, call_id, Verdict((), None, True), NOW)
    for is_spam, since in ((True, None), (None, NOW + HOUR)):
        with writing(engine) as connection:
            assert clear(connection, business.company_id, call_id, is_spam, "ann", NOW + HOUR)
        (lead,) = rows_of(engine, "leads")
        assert lead["qualified_at"] == since


def test_an_earlier_form_counts_once_its_sender_turns_out_to_be_a_good_lead(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: Callable[..., str],
) -> None:
    tell_it(engine, business, receiver.url, Rule(calls=False, qualified_only=True))
    call_id = ring()
    with writing(engine) as connection:
        judge(connection, business.company_id, call_id, Verdict((), None, True), NOW)
    (call,) = rows_of(engine, "calls")
    told = {"email": "a@example.com"}
    for form_id, fields in (("e" * 32, told), ("f" * 32, {**told, "phone": call["caller_number"]})):
        sent = SentForm(form_id, "s" * 32, form_id[0] * 32, business.site.site_id, NOW, "contact", PAGE, fields)
        with writing(engine) as connection:
            add_forms(connection, business.company_id, [sent])
            enroll(connection, business.company_id, [sent])
            convert(connection, business.company_id, ContactKind.FORM, form_id, NOW)
    clock.now = NOW + HOUR
    deliver(settings, clock)
    assert {each["data"]["id"] for each in receiver.heard} == {"e" * 32, "f" * 32}


def test_a_dry_run_sends_nothing_and_shows_the_request_until_it_is_meant(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: Callable[..., str],
) -> None:
    tell_it(engine, business, receiver.url, Rule(is_dry_run=True))
    ring()
    clock.now = NOW + HOUR
    deliver(settings, clock)
    (delivery,) = rows_of(engine, "deliveries")
    assert (delivery["state"], receiver.heard) == ("withheld", [])
    assert delivery["words"].startswith("Dry run: it was only written down")
    with writing(engine) as connection:
        record = destination_by_id(connection, business.company_id, DESTINATION)
        assert record
        change_destination(connection, replace(record, rule=Rule()))
        assert send_again(connection, business.company_id, delivery["delivery_id"], clock.now)
    deliver(settings, clock)
    assert [each["type"] for each in receiver.heard] == ["conversion.made"]


def test_what_was_never_told_is_not_taken_back(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: Callable[..., str],
) -> None:
    tell_it(engine, business, receiver.url, Rule(qualified_only=True, is_dry_run=True))
    call_id = ring()
    clock.now = NOW + HOUR
    with writing(engine) as connection:
        judge(connection, business.company_id, call_id, Verdict((), None, True), clock.now)
    deliver(settings, clock)
    clock.now += MINUTE
    with writing(engine) as connection:
        record = destination_by_id(connection, business.company_id, DESTINATION)
        assert record
        change_destination(connection, replace(record, rule=Rule(qualified_only=True)))
        judge(connection, business.company_id, call_id, Verdict((), None, False), clock.now)
    deliver(settings, clock)
    assert receiver.heard == []
    told, taken_back = sorted(rows_of(engine, "deliveries"), key=lambda each: str(each["delivery_id"]))
    assert (told["state"], taken_back["state"]) == ("withheld", "withheld")
    assert taken_back["words"] == "It was never told, so there is nothing to take back."


def test_an_ad_platform_hears_of_no_other_value_of_what_it_was_never_told(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, ring: Callable[..., str]
) -> None:
    google = DataManager(accounts={"1234567890": "1"})
    with over_http(google) as url:
        more = {"customer_id": "1234567890", "conversion_action_id": "1", "client_id": "x", "client_secret": "x"}
        access = {"refresh_token": google.refresh_token, "token_url": f"{url}/token"}
        tell_it(engine, business, url, Rule(is_dry_run=True), kind="google_ads", **more, **access)
        call_id = ring(url="https://www.example.com/?gclid=Cj0")
        clock.now += 7 * HOUR
        deliver(settings, clock)
        with writing(engine) as connection:
            record = destination_by_id(connection, business.company_id, DESTINATION)
            assert record
            change_destination(connection, replace(record, rule=Rule()))
            judge(connection, business.company_id, call_id, Verdict((), 9_900, True), clock.now)
        deliver(settings, clock)
        told, changed = sorted(rows_of(engine, "deliveries"), key=lambda each: str(each["delivery_id"]))
        assert (told["state"], changed["state"], list(google.events)) == ("withheld", "withheld", [])
        assert changed["words"] == "It was never told, so there is no value to change."
        with writing(engine) as connection:
            assert send_again(connection, business.company_id, str(told["delivery_id"]), clock.now)
        deliver(settings, clock)
    assert [each.conversion_value for each in google.events] == [0, 99]


def test_a_receiver_that_fails_is_told_again_later_under_the_same_id(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: Callable[..., str],
) -> None:
    tell_it(engine, business, receiver.url)
    receiver.answers = [503, 500]
    ring()
    for _hour in range(3):
        clock.now += HOUR
        deliver(settings, clock)
    assert len(receiver.heard) == 1
    assert len(receiver.asked) == 3
    assert len(set(receiver.asked)) == 1
    tries = rows_of(engine, "delivery_attempts")
    assert [each["words"] for each in sorted(tries, key=lambda each: int(each["attempt"]))] == [
        "HTTP 503",
        "HTTP 500",
        "HTTP 204",
    ]


def test_a_receiver_beside_the_server_hears_nothing_where_that_is_not_wanted(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: Callable[..., str],
) -> None:
    tell_it(engine, business, receiver.url)
    ring()
    clock.now += HOUR
    deliver(replace(settings, private_addresses=False), clock)
    assert receiver.asked == []
    (destination,) = rows_of(engine, "destinations")
    assert "private network" in destination["trouble"]


def test_a_receiver_that_is_away_is_left_alone_and_nothing_is_lost(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: Callable[..., str],
) -> None:
    tell_it(engine, business, "http://127.0.0.1:1/nobody")
    for place in range(3):
        ring(place)
    clock.now += HOUR
    for _again in range(OPEN_AFTER):
        deliver(settings, clock)
        clock.now += 2 * HOUR
    (destination,) = rows_of(engine, "destinations")
    assert destination["failures"] >= OPEN_AFTER
    assert destination["trouble"].startswith("No answer: ")
    tried = len(rows_of(engine, "delivery_attempts"))
    clock.now = destination["closed_until"] - 1
    deliver(settings, clock)
    assert len(rows_of(engine, "delivery_attempts")) == tried, "it is left alone until then"
    with writing(engine) as connection:
        connection.exec_driver_sql(
            f"UPDATE destinations SET settings = '{json.dumps({'url': receiver.url, 'secret': SECRET})}'"
        )
    clock.now += 2 * HOUR
    deliver(settings, clock)
    assert len(receiver.heard) == 3
    (destination,) = rows_of(engine, "destinations")
    assert (destination["failures"], destination["trouble"]) == (0, None)


def many_wait(engine: Engine, business: Business) -> None:
    """Messages of forty people."""
    with writing(engine) as connection:
        for lead in range(40):
            contact = replace(CALL, contact_id=f"{lead:032x}", lead_id=f"{lead:032x}", happened_at=NOW)
            put_in(connection, business.company_id, DESTINATION, replace(a_message(contact), said_at=NOW))


def test_a_long_queue_does_not_close_a_receiver_that_failed_a_few_times_for_longer(
    engine: Engine, business: Business, settings: Settings, clock: StillClock
) -> None:
    """What was not even tried, because others had just failed, says nothing of the receiver."""
    tell_it(engine, business, "http://127.0.0.1:1/nobody")
    many_wait(engine, business)
    clock.now += HOUR
    deliver(settings, clock)
    (destination,) = rows_of(engine, "destinations")
    assert OPEN_AFTER <= destination["failures"] < OPEN_AFTER + AT_ONCE
    assert len(rows_of(engine, "deliveries", state="waiting")) == 40, "none is given up"


def test_one_answer_about_many_messages_is_one_failure(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, receiver: Receiver
) -> None:
    tell_it(engine, business, receiver.url, kind="meta", dataset_id="123", access_token="t")
    many_wait(engine, business)
    receiver.answers = [503]
    clock.now += HOUR
    deliver(settings, clock)
    (destination,) = rows_of(engine, "destinations")
    assert (destination["failures"], len(receiver.asked)) == (1, 1)
    clock.now += HOUR
    deliver(settings, clock)
    assert len(rows_of(engine, "deliveries", state="waiting")) < 40


def test_a_secret_that_a_platform_repeats_is_not_kept_in_its_words(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, ring: Callable[..., str]
) -> None:
    """Meta repeats a token that was not pasted whole."""

    class Meta(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            token = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["access_token"]
            error = {"message": f"Malformed access token {token}", "type": "OAuthException", "code": 190}
            body = json.dumps({"error": error}).encode()
            self.send_response(400)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with answering(Meta) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        tell_it(engine, business, url, kind="meta", dataset_id="123")
        with writing(engine) as connection:
            sealed_one = Vault.open(settings.data_dir / "secret.key").seal({"access_token": "EAAGm0PX4ZCps"})
            is_it = destinations.c.company_id == business.company_id
            connection.execute(update(destinations).where(is_it).values(credentials=sealed_one))
        ring()
        clock.now += HOUR
        deliver(settings, clock)
    kept = (
        *rows_of(engine, "deliveries"),
        *rows_of(engine, "delivery_attempts"),
        *rows_of(engine, "destinations"),
    )
    words = [row.get("words") or row.get("trouble") for row in kept]
    assert words == ["Meta: Malformed access token ••• (HTTP 400, code 190)"] * 3


def test_what_was_told_while_the_database_is_busy_is_told_once(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exchange_module, "INSIST_SECONDS", 0.0)
    change, busy = Exchange.change, iter((Overloaded(), Unavailable()))

    async def changed(self: Exchange, how: Any) -> Any:
        if receiver.heard and (trouble := next(busy, None)):
            raise trouble
        return await change(self, how)

    monkeypatch.setattr(Exchange, "change", changed)
    tell_it(engine, business, receiver.url)
    ring()
    for _round in range(3):
        clock.now += HOUR
        deliver(settings, clock)
    assert len(receiver.heard) == 1
    (delivery,) = rows_of(engine, "deliveries")
    assert delivery["state"] == "sent"


def no_room(_told: Told) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_stop_writes_down_what_is_being_told_and_gives_the_rest_back(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each update of a server told people twice what it told them just then: nobody wrote down that it had."""
    monkeypatch.setattr(exchange_module, "DELIVER_SECONDS", 0.0)
    tell_it(engine, business, receiver.url)
    many_wait(engine, business)
    clock.now += HOUR
    hear, is_told, goes_on = receiver.hear, threading.Event(), threading.Event()

    def slow(message_id: str, told: dict[str, Any]) -> int:
        is_told.set()
        assert goes_on.wait(HANGS_AFTER_SECONDS)
        return hear(message_id, told)

    receiver.hear = slow  # type: ignore[method-assign]

    async def work() -> None:
        exchange = Exchange(settings, clock)
        await exchange.start_working()
        assert await asyncio.to_thread(is_told.wait, HANGS_AFTER_SECONDS)
        monkeypatch.setattr(exchange.spool, "_write", no_room)
        ended = tuple(story("CA9", pool_number(0, 0)))
        with suppress(OSError):
            exchange.spool.add(Told(business.company_id, business.carrier_id, ended, {}, NOW))
        stopping = asyncio.create_task(exchange.stop())
        assert await asyncio.to_thread(exchange._stopping.wait, HANGS_AFTER_SECONDS)
        # What is in memory only is not waited for by what may take a minute.
        while exchange.spool.held:
            await asyncio.sleep(0)
        goes_on.set()
        await stopping

    run(work())
    assert 0 < len(receiver.heard) <= AT_ONCE
    assert len(rows_of(engine, "deliveries", state="sent")) == len(receiver.heard)
    deliver(settings, clock)
    assert len(receiver.asked) == len(set(receiver.asked)) == len(rows_of(engine, "deliveries"))


def test_a_slow_receiver_is_told_nothing_on_a_claim_that_is_over(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, receiver: Receiver
) -> None:
    """Somebody else could have it by then, and tell it, too, or what comes after it."""
    tell_it(engine, business, receiver.url)
    many_wait(engine, business)
    clock.now += HOUR
    claims: list[bool] = []

    def slow(message_id: str, told: dict[str, Any]) -> int:
        with receiver.lock:
            (row,) = rows_of(engine, "deliveries", delivery_id=message_id)
            claims.append(clock.now < row["due_at"])
            receiver.asked.append(message_id)
            clock.now += 7 * SECOND
            return 204

    receiver.hear = slow  # type: ignore[method-assign]
    deliver(settings, clock)
    assert claims == [True] * 40
    assert len(set(receiver.asked)) == 40
    assert {row["attempts"] for row in rows_of(engine, "deliveries", state="sent")} == {1}
    assert len(rows_of(engine, "delivery_attempts")) == 40


def test_a_slow_receiver_keeps_no_other_waiting(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, receiver: Receiver
) -> None:
    tell_it(engine, business, receiver.url)
    quick = DestinationRecord(
        "e" * 32,
        business.company_id,
        "webhook",
        "Quick",
        {"url": receiver.url, "secret": SECRET},
        "",
        Rule(),
        True,
        NOW,
    )

    def say(destination_id: str) -> None:
        with writing(engine) as connection:
            put_in(connection, business.company_id, destination_id, replace(a_message(CALL), said_at=NOW))

    with writing(engine) as connection:
        add_destination(connection, quick)
    say(DESTINATION)
    clock.now += HOUR
    quick_heard, waited_for = threading.Event(), list[bool]()

    def hear(message_id: str, told: dict[str, Any]) -> int:
        with receiver.lock:
            receiver.asked.append(message_id)
            is_slow = len(receiver.asked) == 1
        if is_slow:
            say(quick.destination_id)
            waited_for.append(quick_heard.wait(15))
        else:
            quick_heard.set()
        return 204

    receiver.hear = hear  # type: ignore[method-assign]
    deliver(settings, clock)
    assert waited_for == [True]
    assert len(rows_of(engine, "deliveries", state="sent")) == 2


def test_who_asked_for_privacy_is_kept_from_advertising(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: Callable[..., str],
) -> None:
    tell_it(engine, business, receiver.url, kind="google_analytics")
    ring(opted_out=True, cookies={"_ga": "GA1.1.123.456"})
    clock.now += HOUR
    deliver(settings, clock)
    (delivery,) = rows_of(engine, "deliveries")
    assert delivery["state"] == "withheld"
    assert "Global Privacy Control" in delivery["words"]
    assert receiver.asked == []


def test_a_click_that_google_does_not_know_yet_is_told_later(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, ring: Callable[..., str]
) -> None:
    more = {"customer_id": "1234567890", "conversion_action_id": "1", "client_id": "x", "client_secret": "x"}
    nowhere = {"refresh_token": "x", "token_url": "http://127.0.0.1:1"}
    tell_it(engine, business, "http://127.0.0.1:1", kind="google_ads", **more, **nowhere)
    ring(url="https://www.example.com/?gclid=Cj0")
    clock.now += HOUR
    deliver(settings, clock)
    (delivery,) = rows_of(engine, "deliveries")
    assert (delivery["state"], delivery["due_at"]) == ("waiting", NOW + 6 * HOUR)
    assert "told later" in delivery["words"]
    clock.now = NOW + 6 * HOUR
    deliver(settings, clock)
    (delivery,) = rows_of(engine, "deliveries")
    assert delivery["words"] == "No answer: Connection refused."


def test_google_is_asked_later_and_its_reason_is_kept(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, ring: Callable[..., str]
) -> None:
    google = DataManager(accounts={"1234567890": "1"})
    with over_http(google) as url:
        more = {"customer_id": "1234567890", "conversion_action_id": "1", "client_id": "x", "client_secret": "x"}
        access = {"refresh_token": google.refresh_token, "token_url": f"{url}/token"}
        tell_it(engine, business, url, kind="google_ads", **more, **access)
        ring(url="https://www.example.com/?gclid=Cj0")
        clock.now += 7 * HOUR
        deliver(settings, clock)
        (delivery,) = rows_of(engine, "deliveries")
        assert (delivery["state"], delivery["receipt"]) == ("sent", "request-1")
        google.statuses["request-1"] = not_counted("INVALID_GCLID")
        clock.now += HOUR
        deliver(settings, clock)
    (delivery,) = rows_of(engine, "deliveries")
    assert (delivery["state"], delivery["words"]) == (
        "failed",
        "Google did not count it: INVALID_GCLID (1).",
    )
    (destination,) = rows_of(engine, "destinations")
    assert (destination["trouble"], destination["alerted_at"]) == (delivery["words"], clock.now)


@pytest.mark.parametrize("worth", [None, 9_900])
@pytest.mark.parametrize("is_private", [False, True])
def test_a_call_that_is_credited_to_its_click_later_is_told_then_unless_privacy_held_it_back(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    ring: Callable[..., str],
    is_private: bool,
    worth: int | None,
) -> None:
    google = DataManager(accounts={"1234567890": "1"})
    with over_http(google) as url:
        more = {"customer_id": "1234567890", "conversion_action_id": "1", "client_id": "x", "client_secret": "x"}
        access = {"refresh_token": google.refresh_token, "token_url": f"{url}/token"}
        tell_it(engine, business, url, kind="google_ads", **more, **access)
        call_id = ring()
        clock.now += 7 * HOUR
        deliver(settings, clock)
        (held_back,) = rows_of(engine, "deliveries")
        assert (held_back["state"], "no Google click" in held_back["words"]) == ("withheld", True)
        if is_private:
            with writing(engine) as connection:
                connection.execute(update(sessions).values(opted_out=True))
        with writing(engine) as connection:
            record = destination_by_id(connection, business.company_id, DESTINATION)
            assert record
            change_destination(connection, replace(record, rule=Rule(value_cents=worth)))
        for _twice in range(2):
            with writing(engine) as connection:
                page = "https://www.example.com/?gclid=Cj0"
                (came,) = admit(connection, [a_visit(business, url=page, visitor_id="w" * 32)])
                was = credited(connection, business.company_id, call_id)
                became = Attribution("session", None, 0.9, came.session_id, came.visitor_id)
                recredit(
                    connection, business.company_id, 1, [Recredit(call_id, NOW, was, became, ())], "they", clock()
                )
                assert convert(connection, business.company_id, ContactKind.CALL, call_id, clock()) == 0
            deliver(settings, clock)
        first, *later = sorted(rows_of(engine, "deliveries"), key=lambda each: each["delivery_id"])
    if is_private:
        assert ({each["state"] for each in [first, *later]}, list(google.events)) == ({"withheld"}, [])
        # Another value is said of it, and held back as well.
        assert [each["saying"] for each in later] == ([] if worth is None else ["restate"])
        return
    (told,) = later
    assert (first["state"], told["state"]) == ("withheld", "sent")
    assert told["conversion_id"] == first["conversion_id"]
    assert [event.ad_identifiers.gclid for event in google.events] == ["Cj0"]
    assert [event.conversion_value for event in google.events] == [(worth or 0) / 100]


def credit_anew(engine: Engine, business: Business, call_id: str, page: str, now: Millis) -> None:
    """Somebody else comes to this page, and it was they who called."""
    with writing(engine) as connection:
        (came,) = admit(connection, [a_visit(business, url=page, visitor_id="w" * 32)])
        was = credited(connection, business.company_id, call_id)
        became = Attribution("session", None, 0.9, came.session_id, came.visitor_id)
        recredit(connection, business.company_id, 1, [Recredit(call_id, NOW, was, became, ())], "they", now)


def told_to(engine: Engine) -> list[tuple[str, str, str | None]]:
    """(what was said, what became of it, under which click), in order."""
    rows = sorted(rows_of(engine, "deliveries"), key=lambda each: each["delivery_id"])
    return [
        (row["saying"], row["state"], next(iter(row["message"]["contact"]["origin"]["click_ids"].values()), None))
        for row in rows
    ]


def test_an_ad_platform_is_corrected_by_the_click_that_it_was_told_of(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, ring: Callable[..., str]
) -> None:
    google = DataManager(accounts={"1234567890": "1"})
    with over_http(google) as url:
        more = {"customer_id": "1234567890", "conversion_action_id": "1", "client_id": "x", "client_secret": "x"}
        access = {"refresh_token": google.refresh_token, "token_url": f"{url}/token"}
        tell_it(engine, business, url, kind="google_ads", **more, **access)
        call_id = ring(url="https://www.example.com/?gclid=Cj0")
        clock.now += 7 * HOUR
        deliver(settings, clock)
        credit_anew(engine, business, call_id, "https://www.example.com/", clock())
        with writing(engine) as connection:
            judge(connection, business.company_id, call_id, Verdict((), 9_900, None), clock())
        deliver(settings, clock)
    assert told_to(engine) == [("convert", "sent", "Cj0"), ("restate", "sent", "Cj0")]
    assert [event.conversion_value for event in google.events] == [0, 99]


@pytest.mark.parametrize("is_private", [False, True])
def test_a_conversion_under_a_wrong_click_is_taken_back_and_told_under_the_right_one(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    ring: Callable[..., str],
    is_private: bool,
) -> None:
    tell_it(engine, business, "", kind="google_ads_feed", conversion_name="Call")
    call_id = ring(url="https://www.example.com/?gclid=Cj0")
    clock.now += 7 * HOUR
    deliver(settings, clock)
    if is_private:
        with writing(engine) as connection:
            connection.execute(update(sessions).values(opted_out=True))
    for page in ("?gclid=EAI", "?gclid=EAI", ""):
        credit_anew(engine, business, call_id, f"https://www.example.com/{page}", clock())
        with writing(engine) as connection:
            assert convert(connection, business.company_id, ContactKind.CALL, call_id, clock()) == 0
        clock.now += 7 * HOUR
        deliver(settings, clock)
    told = told_to(engine)
    if is_private:
        assert told == [("convert", "sent", "Cj0")]
        return
    assert told == [
        ("convert", "sent", "Cj0"),
        ("retract", "sent", "Cj0"),
        ("convert", "sent", "EAI"),
        ("retract", "sent", "EAI"),
        ("convert", "withheld", None),
    ]
    rows = sorted(rows_of(engine, "deliveries"), key=lambda each: each["delivery_id"])
    first, first_gone, second, second_gone, third = (row["conversion_id"] for row in rows)
    assert (first, second) == (first_gone, second_gone)
    assert len({first, second, third}) == 3
    credit_anew(engine, business, call_id, "https://www.example.com/?gclid=Abc", clock())
    clock.now += 7 * HOUR
    deliver(settings, clock)
    assert told_to(engine)[5:] == [("convert", "sent", "Abc")]


def ask_for_privacy(engine: Engine, landing_page: str) -> None:
    with writing(engine) as connection:
        theirs = sessions.c.landing_page == landing_page
        assert connection.execute(update(sessions).where(theirs).values(opted_out=True)).rowcount == 1


def test_what_somebody_private_is_worth_is_not_told_under_the_click_of_the_visit_before(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, ring: Callable[..., str]
) -> None:
    google = DataManager(accounts={"1234567890": "1"})
    with over_http(google) as url:
        more = {"customer_id": "1234567890", "conversion_action_id": "1", "client_id": "x", "client_secret": "x"}
        access = {"refresh_token": google.refresh_token, "token_url": f"{url}/token"}
        tell_it(engine, business, url, kind="google_ads", **more, **access)
        call_id = ring(url="https://www.example.com/?gclid=Cj0")
        clock.now += 7 * HOUR
        deliver(settings, clock)
        credit_anew(engine, business, call_id, "https://www.example.com/private", clock())
        ask_for_privacy(engine, "https://www.example.com/private")
        with writing(engine) as connection:
            judge(connection, business.company_id, call_id, Verdict((), 9_900, None), clock())
        deliver(settings, clock)
    assert [(saying, state) for saying, state, _click in told_to(engine)] == [
        ("convert", "sent"),
        ("restate", "withheld"),
    ]
    assert [event.conversion_value for event in google.events] == [0]


def test_what_is_no_conversion_by_the_time_that_it_may_be_told_is_not_told_to_an_ad_platform(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, ring: Callable[..., str]
) -> None:
    google = DataManager(accounts={"1234567890": "1"})
    with over_http(google) as url:
        more = {"customer_id": "1234567890", "conversion_action_id": "1", "client_id": "x", "client_secret": "x"}
        access = {"refresh_token": google.refresh_token, "token_url": f"{url}/token"}
        tell_it(engine, business, url, kind="google_ads", **more, **access)
        call_id = ring(url="https://www.example.com/?gclid=Cj0")
        for is_spam in (True, False):
            with writing(engine) as connection:
                connection.execute(update(calls).values(is_spam=is_spam))
                convert(connection, business.company_id, ContactKind.CALL, call_id, clock())
        clock.now += 7 * HOUR
        for _each in range(3):
            deliver(settings, clock)
    assert [(saying, state) for saying, state, _click in told_to(engine)] == [
        ("convert", "withheld"),
        ("retract", "withheld"),
        ("convert", "sent"),
    ]
    assert len(google.events) == 1


def test_what_privacy_held_back_is_not_told_for_a_click_that_google_did_not_take(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, ring: Callable[..., str]
) -> None:
    tell_it(engine, business, "", kind="google_ads_feed", conversion_name="Call")
    call_id = ring(url="https://www.example.com/private")
    clock.now += 7 * HOUR
    deliver(settings, clock)
    credit_anew(engine, business, call_id, "https://www.example.com/?gclid=!no", clock())
    clock.now += 7 * HOUR
    deliver(settings, clock)
    ask_for_privacy(engine, "https://www.example.com/private")
    credit_anew(engine, business, call_id, "https://www.example.com/?gclid=EAI", clock())
    clock.now += 7 * HOUR
    deliver(settings, clock)
    assert told_to(engine) == [("convert", "withheld", None), ("convert", "withheld", "!no")]


def test_a_conversion_whose_visit_was_forgotten_is_not_taken_back(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, ring: Callable[..., str]
) -> None:
    tell_it(engine, business, "", kind="google_ads_feed", conversion_name="Call")
    call_id = ring(url="https://www.example.com/?gclid=Cj0")
    clock.now += 7 * HOUR
    deliver(settings, clock)
    with writing(engine) as connection:
        connection.execute(update(calls).values(session_id=None, click_ids={}))
        judge(connection, business.company_id, call_id, Verdict((), 9_900, None), clock())
    deliver(settings, clock)
    assert told_to(engine) == [("convert", "sent", "Cj0"), ("restate", "sent", "Cj0")]


def test_who_does_not_answer_how_it_counted_is_asked_no_more_that_time(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    ring: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All other receipts would wait for as many silences."""
    google = DataManager(accounts={"1234567890": "1"})
    with over_http(google) as url:
        more = {"customer_id": "1234567890", "conversion_action_id": "1", "client_id": "x", "client_secret": "x"}
        access = {"refresh_token": google.refresh_token, "token_url": f"{url}/token"}
        tell_it(engine, business, url, None, "google_ads", **more, **access)
        for place in range(2):
            ring(place, url="https://www.example.com/?gclid=Cj0")
            clock.now += 7 * HOUR
            deliver(settings, clock)
            assert len(rows_of(engine, "deliveries", state="sent")) == place + 1
    asked: list[str] = []

    def silence(_self: Deliverer, request: Request) -> Answer:
        asked.append(request.url)
        raise Unreached("No answer.")

    monkeypatch.setattr(Deliverer, "_post", silence)
    with writing(engine) as connection:
        connection.execute(update(deliveries).values(ask_at=clock.now))
    deliver(settings, clock)
    assert len(asked) == 1
    assert {row["ask_at"] for row in rows_of(engine, "deliveries")} == {clock.now + 30 * MINUTE}


class Broken:
    """Somebody else's destination: it breaks off over some messages, and says too little of others."""

    objects_to = ""
    """The contact over which it breaks off before it sends anything."""

    most_at_once = 1

    def __init__(self) -> None:
        self.asked = 0

    def objection(self, message: Message, now: int) -> str | None:
        if message.contact.contact_id == self.objects_to:
            raise KeyError("of theirs")
        return None

    def not_before(self, message: Message) -> int:
        return 0

    def send(self, messages: Sequence[Message], now: int, post: Post) -> Sequence[Result]:
        self.asked += 1
        if messages[0].contact.contact_id == "0":
            raise KeyError("of theirs")
        return [Result(Outcome.TAKEN, "ok")] if messages[0].contact.contact_id == "1" else []


@pytest.mark.parametrize("objects_to", ["", "0"])
def test_a_destination_that_breaks_off_is_tried_again_later_and_spoils_no_other_message(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
    objects_to: str,
) -> None:
    broken = Broken()
    broken.objects_to = objects_to
    tell_it(engine, business, "http://127.0.0.1:1/")
    monkeypatch.setattr(Deliverer, "_opened", lambda _self, _record: broken)
    with writing(engine) as connection:
        for place in range(3):
            contact = replace(CALL, lead_id=str(place), contact_id=str(place))
            put_in(connection, business.company_id, DESTINATION, a_message(contact))
    clock.now += HOUR
    deliver(settings, clock)
    known = {each["contact_id"]: (each["state"], each["words"]) for each in rows_of(engine, "deliveries")}
    assert known == {
        "0": ("waiting", "Something of ours went wrong while it was told; the server's log says what."),
        "1": ("sent", "ok"),
        "2": ("waiting", "It was not said what became of it."),
    }
    assert broken.asked == (2 if objects_to else 3)


def test_a_kind_that_breaks_over_its_settings_is_a_fault_of_the_settings(settings: Settings) -> None:
    class Theirs:
        name, is_advertising, fields = "Theirs", False, ()

        def open(self, settings: Mapping[str, str]) -> Destination:
            raise KeyError("of theirs")

    with pytest.raises(SettingFault, match="Something of ours went wrong"):
        sealed(Theirs(), {}, Vault.open(settings.secret_file))


@pytest.mark.parametrize(
    ("kind", "url", "words"),
    [("nonesuch", "x", "There is no destination 'nonesuch'"), ("webhook", "", "Fill in Address.")],
)
def test_a_destination_that_cannot_be_opened_says_why_and_waits(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    ring: Callable[..., str],
    kind: str,
    url: str,
    words: str,
) -> None:
    tell_it(engine, business, url, kind=kind)
    ring()
    clock.now += HOUR
    deliver(settings, clock)
    (delivery,) = rows_of(engine, "deliveries")
    assert delivery["state"] == "waiting"
    assert words in delivery["words"]


def test_a_server_tells_by_itself(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: Callable[..., str],
) -> None:
    tell_it(engine, business, receiver.url)
    ring()
    clock.now += HOUR

    async def serve() -> None:
        exchange = Exchange(settings, clock)
        await exchange.start()
        try:
            async with asyncio.timeout(HANGS_AFTER_SECONDS):
                while not receiver.heard:
                    await asyncio.sleep(0.02)
        finally:
            await exchange.stop()

    run(serve())
