"""A caller's message reaches whoever wants it by e-mail: once, later if it must, and says so when it cannot."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, update

from swapboard.accounts.secrets import Vault
from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.clock import DAY
from swapboard.letter import Letter
from swapboard.mail.outbox import (
    Enclosed,
    MessageMail,
    State,
    claim_email,
    due_emails,
    latest_emails,
    put_out,
    set_message_mail,
)
from swapboard.mail.post import Post
from swapboard.recordings.look import look
from swapboard.recordings.recording import Recording
from swapboard.recordings.store import recordings_of_call
from swapboard.recordings.wave import wave_file
from swapboard.settings import read_settings
from swapboard.storage.commit import Unavailable
from swapboard.storage.engine import writing
from swapboard.storage.schema import companies
from swapboard.storage.writer import Overloaded
from swapboard.switchboard import exchange as exchange_module
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.fetching import Done, Failure, write_fetched
from swapboard.switchboard.forgetting_caller import forget_caller
from swapboard.switchboard.mailing import Mailer
from swapboard.switchboard.ringing import Told, receive
from tests.building import NOW, Business, StillClock, open_business, pool_number, rows_of
from tests.mail_stand_in import MailServer, mail_server
from tests.patience import HANGS_AFTER_SECONDS
from tests.recordings.sounds import RATE, voice

pytestmark = pytest.mark.anyio

URL = "https://calls.example.com"
SOUND = wave_file(RATE, [voice(3)])
BOTH = ("front@example.com", "boss@example.com")
WANTED = MessageMail(BOTH)
ANOTHER_KEY = b"A" * 43 + b"="


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
async def exchange(
    migrated_url: str, tmp_path: Path, clock: StillClock, mails: MailServer
) -> AsyncIterator[Exchange]:
    """It is not started: each test sends when it wants to."""
    environment = {
        "SWAPBOARD_DATA_DIR": str(tmp_path),
        "SWAPBOARD_DATABASE_URL": migrated_url,
        "SWAPBOARD_PUBLIC_URL": URL,
        "SWAPBOARD_SMTP_URL": mails.url,
        "SWAPBOARD_MAIL_FROM": "calls@example.com",
    }
    exchange = Exchange(read_settings(environment), clock)
    exchange.writer.start()
    yield exchange
    await exchange.stop()


def leave(
    exchange: Exchange,
    name: str | None = None,
    wanted: MessageMail = WANTED,
    *,
    fails: bool = False,
    language: str | None = None,
) -> tuple[Business, Recording]:
    """A caller leaves a message, and its sound is fetched, or cannot be."""
    facts = Facts(dialled=pool_number(0, 0), caller="+12125550177", caller_name=name)
    arrived = CallEvent("CA1", "", EventKind.ARRIVED, 0, NOW, facts)
    left = CallEvent("CA1", "", EventKind.MESSAGE, 1, NOW, Facts(message_seconds=3, recording_ref="RE1"))
    with writing(exchange.engine) as connection:
        business = open_business(connection)
        is_it = companies.c.company_id == business.company_id
        connection.execute(update(companies).where(is_it).values(language=language))
        set_message_mail(connection, business.company_id, wanted)
        told = Told(business.company_id, business.carrier_id, (arrived, left), {}, NOW)
        [(changed, *_)] = receive(connection, [told])
        [due] = recordings_of_call(connection, business.company_id, changed.call_id)
        _fetched(connection, exchange, due, fails=fails)
        # The same once more, as when two processes fetched it.
        _fetched(connection, exchange, due, fails=fails)
        [recording] = recordings_of_call(connection, business.company_id, changed.call_id)
    return business, recording


def _fetched(connection: Connection, exchange: Exchange, due: Recording, *, fails: bool) -> None:
    seen = look(SOUND)
    kept = {
        "file_key": exchange.shelf.keep(due.company_id, due.recording_id, seen.content),
        "media_type": seen.media_type,
        "size_bytes": len(seen.content),
        "seconds": seen.seconds,
        "at_carrier": False,
    }
    done = Done({due.recording_id: kept}, {}, [], [])
    if fails:
        done = Done({}, {due.recording_id: Failure("HTTP 404", permanent=True)}, [], [])
    write_fetched(connection, due.company_id, done, NOW, url=URL)


async def test_each_gets_one_letter_with_a_link(exchange: Exchange, mails: MailServer) -> None:
    _business, recording = leave(exchange)

    await exchange.mailer.look()
    await exchange.mailer.look()

    assert sorted(mail["To"] for mail in mails.taken) == sorted(BOTH)
    mail = mails.taken[0]
    assert mail["Subject"] == "Message from +1 212-555-0177, 0:03"
    assert mail["From"] == "calls@example.com"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain
    assert html
    for body in (plain, html):
        assert f"{URL}/calls/{recording.call_id}" in body.get_content()
        assert "New York" in body.get_content()
    assert list(mail.iter_attachments()) == []


async def test_a_sealed_letter_arrives_whole_and_leaves_nothing(exchange: Exchange, mails: MailServer) -> None:
    letter = Letter("A new password", "Go to /forgotten/token", "<p>Go to /forgotten/token</p>")
    with writing(exchange.engine) as connection:
        company_id = open_business(connection).company_id
        put_out(connection, company_id, "one", ["ada@example.com"], letter, NOW, vault=exchange.vault)
        put_out(connection, company_id, "two", ["bob@example.com"], letter, NOW, vault=Vault(ANOTHER_KEY))
    assert "/forgotten/" not in str(rows_of(exchange.engine, "emails"))

    await exchange.mailer.look()

    (mail,) = mails.taken
    assert (mail["To"], mail["Subject"]) == ("ada@example.com", "A new password")
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body
        assert "/forgotten/token" in body.get_content()
    ends = {row["recipient"]: (row["state"], row["sealed"]) for row in rows_of(exchange.engine, "emails")}
    assert ends == {"ada@example.com": ("sent", None), "bob@example.com": ("failed", None)}


@pytest.mark.parametrize(("words", "end"), [("250 ok", State.SENT), ("550 no such mailbox", State.FAILED)])
async def test_a_report_stays_beside_its_letter_only_until_that_is_over(
    exchange: Exchange, mails: MailServer, words: str, end: State
) -> None:
    with writing(exchange.engine) as connection:
        company_id = open_business(connection).company_id
        report = Letter("Report", "Your report", "<p>Your report</p>")
        enclosed = Enclosed(b"%PDF-1.7", "Report.pdf")
        put_out(connection, company_id, "report", ["ada@example.com"], report, NOW, enclosed=enclosed)
    mails.refusals = [words]
    await exchange.mailer.look()
    [row] = rows_of(exchange.engine, "emails")
    assert (row["state"], row["attachment"]) == (end, None)


async def test_a_letter_about_a_caller_who_wants_to_be_forgotten_is_not_sent(
    exchange: Exchange, mails: MailServer
) -> None:
    business, _recording = leave(exchange)
    with writing(exchange.engine) as connection:
        assert forget_caller(connection, business.company_id, "+12125550177", "owner@example.com", NOW) == (1, 0)

    await exchange.mailer.look()

    assert mails.taken == []
    assert rows_of(exchange.engine, "emails") == []


async def test_the_sound_is_attached_if_it_is_wanted(exchange: Exchange, mails: MailServer) -> None:
    leave(exchange, wanted=MessageMail(("front@example.com",), attaches=True))

    await exchange.mailer.look()

    [sound] = mails.taken[0].iter_attachments()
    assert sound.get_content_type() == "audio/wav"
    assert sound.get_content() == SOUND


@pytest.mark.parametrize(("language", "words"), [(None, "on the call's page"), ("de", "auf der Seite des Anrufs")])
async def test_a_message_whose_sound_is_too_large_for_the_mail_server_is_told_without_it(
    exchange: Exchange, mails: MailServer, language: str | None, words: str
) -> None:
    leave(exchange, wanted=MessageMail(("front@example.com",), attaches=True), language=language)
    mails.too_large = "552 5.3.4 message too large"

    await exchange.mailer.look()

    [mail] = mails.taken
    assert list(mail.iter_attachments()) == []
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain
    assert html
    assert words in plain.get_content()
    assert "attached" not in plain.get_content() + html.get_content()
    assert "angehängt" not in plain.get_content() + html.get_content()


@pytest.mark.parametrize(
    ("language", "words"), [(None, "could not be fetched"), ("de", "konnte vom Anbieter nicht geholt werden")]
)
async def test_a_message_whose_sound_cannot_be_had_is_told_all_the_same(
    exchange: Exchange, mails: MailServer, language: str | None, words: str
) -> None:
    leave(exchange, fails=True, wanted=MessageMail(("front@example.com",), attaches=True), language=language)

    await exchange.mailer.look()

    body = mails.taken[0].get_body(("plain",))
    assert body
    assert words in body.get_content()


async def test_a_name_writes_no_header_and_no_html(exchange: Exchange, mails: MailServer) -> None:
    leave(exchange, name="<b>Eve</b>\r\nBcc: all@example.com")

    await exchange.mailer.look()

    mail = mails.taken[0]
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Message from <b>Eve</b> Bcc")
    html = mail.get_body(("html",))
    assert html
    assert "<b>Eve" not in html.get_content()


async def test_a_letter_is_tried_later_and_then_taken(
    exchange: Exchange, mails: MailServer, clock: StillClock
) -> None:
    business, _recording = leave(exchange, wanted=MessageMail(("front@example.com",)))
    mails.refusals = ["451 try later"]

    await exchange.mailer.look()
    [waiting] = await exchange.read(lambda connection: latest_emails(connection, business.company_id))
    assert (waiting.state, waiting.words) == (State.WAITING, "451 try later")
    await exchange.mailer.look()
    assert mails.taken == [], "not before it is due"

    clock.now = waiting.due_at
    await exchange.mailer.look()
    [sent] = await exchange.read(lambda connection: latest_emails(connection, business.company_id))
    assert (sent.state, sent.words, len(mails.taken)) == (State.SENT, None, 1)


async def test_a_refused_letter_fails_in_the_servers_words(exchange: Exchange, mails: MailServer) -> None:
    business, _recording = leave(exchange)
    mails.refusals = ["550 no such mailbox"]

    await exchange.mailer.look()

    emails = await exchange.read(lambda connection: latest_emails(connection, business.company_id))
    assert sorted((each.state.value, each.words) for each in emails) == [
        ("failed", "550 no such mailbox"),
        ("sent", None),
    ]


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("MAIL", "553 5.7.1 Sender address rejected: not owned by user"),
        ("MAIL", "530 5.7.0 Authentication required"),
        ("", "554 5.7.1 blocked"),
    ],
)
async def test_a_mail_server_that_does_not_let_us_in_costs_no_letter(
    exchange: Exchange, mails: MailServer, clock: StillClock, verb: str, words: str
) -> None:
    """Another sender or password in the settings mends it: until then letters wait."""
    business, _recording = leave(exchange, wanted=MessageMail(("front@example.com",)))
    mails.answers = {verb: words}
    await exchange.mailer.look()
    [email] = await exchange.read(lambda connection: latest_emails(connection, business.company_id))
    assert (email.state, email.words) == (State.WAITING, words)
    mails.answers = {}
    clock.now += DAY
    await exchange.mailer.look()
    assert len(mails.taken) == 1


@pytest.mark.parametrize(
    ("verb", "words"), [("MAIL", "552 5.3.4 too large"), ("DATA", "554 5.7.1 looks like spam")]
)
async def test_a_letter_that_the_mail_server_will_not_have_is_not_tried_again(
    exchange: Exchange, mails: MailServer, verb: str, words: str
) -> None:
    business, _recording = leave(exchange, wanted=MessageMail(("front@example.com",)))
    mails.answers = {verb: words}
    await exchange.mailer.look()
    [email] = await exchange.read(lambda connection: latest_emails(connection, business.company_id))
    assert (email.state, email.words) == (State.FAILED, words)


async def test_a_letter_that_was_taken_goes_once_whatever_the_mail_server_says_at_the_end(
    exchange: Exchange, mails: MailServer, clock: StillClock
) -> None:
    business, _recording = leave(exchange, wanted=MessageMail(("front@example.com",)))
    mails.answers = {"QUIT": "421 4.4.2 too slow"}
    for _round in range(2):
        await exchange.mailer.look()
        clock.now += DAY
    [email] = await exchange.read(lambda connection: latest_emails(connection, business.company_id))
    assert (email.state, email.words, len(mails.taken)) == (State.SENT, None, 1)


async def test_a_mail_server_that_is_away_is_waited_for(
    exchange: Exchange, mails: MailServer, clock: StillClock
) -> None:
    business, _recording = leave(exchange, wanted=MessageMail(("front@example.com",)))
    mails.refusals = ["451 no"] * 30
    for _ in range(30):
        await exchange.mailer.look()
        clock.now += DAY

    [email] = await exchange.read(lambda connection: latest_emails(connection, business.company_id))
    assert (email.state, email.attempts) == (State.FAILED, 10)


@pytest.mark.parametrize("address", ["a@[", "().@example.com"])
async def test_an_address_that_no_letter_can_be_written_to_keeps_no_other_letter_waiting(
    exchange: Exchange, mails: MailServer, clock: StillClock, address: str
) -> None:
    """Python's library breaks off at it, each time, with whatever error."""
    business, _recording = leave(exchange, wanted=MessageMail((address, "front@example.com")))
    await exchange.mailer.look()
    assert [mail["To"] for mail in mails.taken] == ["front@example.com"]
    for _ in range(30):
        clock.now += DAY
        await exchange.mailer.look()
    emails = await exchange.read(lambda connection: latest_emails(connection, business.company_id))
    assert sorted((each.state.value, each.attempts) for each in emails) == [("failed", 10), ("sent", 1)]


async def test_a_password_that_cannot_be_said_to_the_mail_server_costs_no_letter(
    exchange: Exchange, mails: MailServer, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Its owner writes another one: until then letters wait, a new password's link among them."""
    business, _recording = leave(exchange, wanted=MessageMail(("front@example.com",)))
    url = exchange.settings.smtp_url.replace("smtp://", "smtp://calls:gr%C3%BCn@")
    known = exchange.mailer
    exchange.settings = replace(exchange.settings, smtp_url=url)
    await Mailer(exchange).look()
    [email] = await exchange.read(lambda connection: latest_emails(connection, business.company_id))
    assert email.state is State.WAITING
    assert "ASCII" in (email.words or "")
    assert "gr" not in caplog.text.replace("Traceback", "")
    clock.now += DAY
    await known.look()
    assert len(mails.taken) == 1


async def test_a_letter_that_went_while_the_database_was_busy_goes_once(
    exchange: Exchange, mails: MailServer, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(exchange, wanted=MessageMail(("front@example.com",)))
    monkeypatch.setattr(exchange_module, "INSIST_SECONDS", 0.0)
    change, busy = exchange.change, iter((Overloaded(), Unavailable()))

    async def changed(how: Any) -> Any:
        if mails.taken and (trouble := next(busy, None)):
            raise trouble
        return await change(how)

    monkeypatch.setattr(exchange, "change", changed)
    for _round in range(3):
        await exchange.mailer.look()
        clock.now += DAY
    assert len(mails.taken) == 1


async def test_a_letter_that_goes_while_the_server_is_stopped_goes_once(
    exchange: Exchange, mails: MailServer, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was taken, nobody wrote that down, and the new server sent it again."""
    leave(exchange, wanted=MessageMail(("front@example.com",)))
    send, is_sent, goes_on = Post.send, threading.Event(), threading.Event()

    def slow(post: Post, *letter: Any) -> None:
        send(post, *letter)
        is_sent.set()
        assert goes_on.wait(HANGS_AFTER_SECONDS)

    monkeypatch.setattr(Post, "send", slow)
    looking = asyncio.create_task(exchange.mailer.look())
    assert await asyncio.to_thread(is_sent.wait, HANGS_AFTER_SECONDS)
    looking.cancel()
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await looking

    clock.now += DAY
    await exchange.mailer.look()
    assert len(mails.taken) == 1


async def test_only_one_may_send_a_letter(exchange: Exchange) -> None:
    business, _recording = leave(exchange, wanted=MessageMail(("front@example.com",)))
    with writing(exchange.engine) as connection:
        [email_id] = due_emails(connection, business.company_id, NOW)
        assert claim_email(connection, business.company_id, email_id, NOW)
        assert claim_email(connection, business.company_id, email_id, NOW) is None
        assert due_emails(connection, business.company_id, NOW) == []
