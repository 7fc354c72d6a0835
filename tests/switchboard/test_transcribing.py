"""What is said is written down once, whatever happens meanwhile; then it is found, counted, judged and told."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.calls.lead_rule_store import add_rule
from swapboard.calls.lead_rules import Conditions, LeadRule, Outcome
from swapboard.calls.listing import CallFilter, list_calls
from swapboard.calls.phrase_store import (
    WordSettings,
    calls_by_phrase,
    hits_of_calls,
    put_phrase,
    set_word_settings,
)
from swapboard.calls.phrases import Phrase, SaidBy
from swapboard.calls.verdict import Verdict
from swapboard.calls.verdicts import judgement_on, verdict_on
from swapboard.clock import DAY, MINUTE
from swapboard.language import speaking
from swapboard.mail.outbox import MessageMail, set_message_mail
from swapboard.recordings.chunks import Damaged
from swapboard.recordings.hearing import NotHeard
from swapboard.recordings.look import look
from swapboard.recordings.recording import Because, Keeping, Recording
from swapboard.recordings.sealing import Sealer
from swapboard.recordings.store import let_go, recordings_of_call, set_keeping
from swapboard.recordings.transcripts import (
    HELD_FOR,
    MOST_ATTEMPTS,
    TranscriptRecord,
    TranscriptState,
    claim_transcript,
    transcript_of,
)
from swapboard.recordings.wave import read_wave, wave_file
from swapboard.settings import read_settings
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import companies, transcript_words, transcripts
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.fetching import Done, write_fetched
from swapboard.switchboard.forgetting_caller import forget_caller
from swapboard.switchboard.judging import judge
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.transcribing import Transcriber
from swapboard.web.dashboard.retold import retold
from tests.building import NOW, Business, StillClock, open_business, pool_number, rows_of
from tests.mail_stand_in import MailServer, mail_server
from tests.recordings.script_engine import Script
from tests.recordings.sounds import RATE, voice
from tests.recordings.sphinx import RATE as SPHINX_RATE
from tests.recordings.sphinx import Sphinx, speak

pytestmark = pytest.mark.anyio

SOUND = wave_file(RATE, [voice(1), voice(1, pitch=110)])
CALLER = "+12125550177"
SAID = "I would like appointments on Monday my card is 4111111111111111"
ANSWER = "certainly and goodbye"
BOOKED = LeadRule("Booked", Conditions(talk_seconds=60, says=("appointment",)), Outcome(True, 9_900, "booked"))


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
    """It is not started: each test lets it work when it wants to."""
    environment = {
        "SWAPBOARD_DATA_DIR": str(tmp_path),
        "SWAPBOARD_DATABASE_URL": migrated_url,
        "SWAPBOARD_SMTP_URL": mails.url,
        "SWAPBOARD_MAIL_FROM": "calls@example.com",
    }
    exchange = Exchange(read_settings(environment), clock)
    exchange.writer.start()
    exchange.transcriber = Transcriber(exchange, Script(SAID, ANSWER))
    yield exchange
    await exchange.stop()


def ring(exchange: Exchange, *, is_message: bool = False, mail: bool = False) -> tuple[Business, Recording]:
    """A call of 70 seconds rings and ends, and its recording is fetched."""
    number = pool_number(0, 0)
    end = NOW + 75_000
    events = [CallEvent("CA1", "", EventKind.ARRIVED, 0, NOW, Facts(dialled=number, caller=CALLER))]
    if is_message:
        facts = Facts(message_seconds=9, recording_ref="RE1")
        events.append(CallEvent("CA1", "", EventKind.MESSAGE, 1, NOW + 9_000, facts))
    else:
        events += [
            CallEvent("CA1", "CA2", EventKind.LEG_ANSWERED, 1, NOW + 5_000, Facts()),
            CallEvent("CA1", "", EventKind.RECORDED, 2, end, Facts(recording_ref="RE1")),
        ]
        events.append(CallEvent("CA1", "CA2", EventKind.LEG_ENDED, 3, end, Facts()))
        events.append(CallEvent("CA1", "", EventKind.CALL_ENDED, 4, end, Facts()))
    with writing(exchange.engine) as connection:
        business = open_business(connection)
        set_word_settings(connection, business.company_id, WordSettings(transcribes=True))
        put_phrase(connection, business.company_id, Phrase("monday", SaidBy.CALLER, tag="on monday"), NOW)
        add_rule(connection, business.company_id, BOOKED, NOW)
        if mail:
            set_message_mail(connection, business.company_id, MessageMail(("front@example.com",)))
        told = Told(business.company_id, business.carrier_id, tuple(events), {}, NOW)
        [(changed, *_)] = receive(connection, [told])
        [due] = recordings_of_call(connection, business.company_id, changed.call_id)
        seen = look(SOUND)
        kept = {
            "file_key": exchange.shelf.keep(due.company_id, due.recording_id, seen.content),
            "media_type": seen.media_type,
            "size_bytes": len(seen.content),
            "at_carrier": False,
        }
        done = Done({due.recording_id: kept}, {}, [], [])
        write_fetched(connection, due.company_id, done, NOW, url="http://x.example.com", hears=True)
        [recording] = recordings_of_call(connection, business.company_id, changed.call_id)
    return business, recording


def record_of(exchange: Exchange, recording: Recording) -> TranscriptRecord:
    with reading(exchange.engine) as connection:
        found = transcript_of(connection, recording.company_id, recording.recording_id)
    assert found
    return found


def found_by(exchange: Exchange, business: Business, text: str) -> int:
    wanted = CallFilter(said=exchange.sealer.searched(business.company_id, text))
    with reading(exchange.engine) as connection:
        return len(list_calls(connection, business.company_id, wanted).rows)


async def test_a_call_is_written_down_counted_and_judged(exchange: Exchange) -> None:
    business, recording = ring(exchange)
    with reading(exchange.engine) as connection:
        assert verdict_on(connection, business.company_id, recording.call_id) == Verdict((), None, None)

    await exchange.transcriber.look()
    await exchange.transcriber.look()

    record = record_of(exchange, recording)
    assert record.state is TranscriptState.KEPT
    transcript = exchange.sealer.read(record.sealed or "")
    assert "[card number]" in " ".join(line.text for line in transcript.segments)
    with reading(exchange.engine) as connection:
        verdict = verdict_on(connection, business.company_id, recording.call_id)
        assert verdict == Verdict(("booked", "on monday"), 9_900, True)
        judgement = judgement_on(connection, business.company_id, recording.call_id, verdict)
        assert judgement.ruled.qualified_because
        assert judgement.ruled.qualified_because.rule == "Booked"
        hits = hits_of_calls(connection, business.company_id, [recording.call_id])[recording.call_id]
        assert {hit.text: hit.heard for hit in hits} == {"appointment": "appointments", "monday": "monday"}
        assert calls_by_phrase(connection, business.company_id, NOW - DAY)["appointment"] == 1


async def test_a_card_number_that_was_said_is_in_no_file_any_more(exchange: Exchange, tmp_path: Path) -> None:
    exchange.transcriber = Transcriber(exchange, Script("4111111111111111 is my card", ANSWER))
    _business, before = ring(exchange)
    await exchange.transcriber.look()

    with reading(exchange.engine) as connection:
        [after] = recordings_of_call(connection, before.company_id, before.call_id)
    assert after.file_key != before.file_key
    assert after.size_bytes == before.size_bytes
    [(begins, ends)] = after.silenced
    content = b"".join(exchange.shelf.read(after.company_id, after.recording_id, after.file_key or ""))
    wave = read_wave(content)
    for channel in wave.channels:
        assert not any(channel[round(begins * RATE) + 1 : round(ends * RATE) - 1])
        assert any(channel[round(ends * RATE) + 1 :])
    with pytest.raises(FileNotFoundError):
        b"".join(exchange.shelf.read(before.company_id, before.recording_id, before.file_key or ""))
    assert len(list((tmp_path / "recordings" / before.company_id).iterdir())) == 1


async def test_a_persons_word_stands_above_the_rules(exchange: Exchange, clock: StillClock) -> None:
    business, recording = ring(exchange)
    with writing(exchange.engine) as connection:
        judge(connection, business.company_id, recording.call_id, Verdict((), None, False), clock())

    await exchange.transcriber.look()

    with reading(exchange.engine) as connection:
        verdict = verdict_on(connection, business.company_id, recording.call_id)
    assert verdict == Verdict(("booked", "on monday"), 9_900, False)


async def test_calls_are_found_by_what_was_said_in_this_company_only(exchange: Exchange) -> None:
    business, _recording = ring(exchange)
    await exchange.transcriber.look()

    assert found_by(exchange, business, "appointment Monday") == 1
    assert found_by(exchange, business, "goodbye") == 1
    assert found_by(exchange, business, "refund") == 0
    assert found_by(exchange, business, "appointment refund") == 0
    assert found_by(exchange, business, "4111111111111111") == 0
    with reading(exchange.engine) as connection:
        others = CallFilter(said=exchange.sealer.searched("another", "appointment"))
        assert list_calls(connection, business.company_id, others).rows == ()


async def test_nothing_that_was_said_stands_readable_in_the_database(exchange: Exchange) -> None:
    business, _recording = ring(exchange)
    await exchange.transcriber.look()

    with reading(exchange.engine) as connection:
        for table in (transcripts, transcript_words):
            rows = connection.execute(select(table).where(table.c.company_id == business.company_id)).all()
            assert rows
            assert not any("certainly" in str(row) for row in rows)


async def test_another_key_opens_nothing(exchange: Exchange, tmp_path: Path) -> None:
    _business, recording = ring(exchange)
    await exchange.transcriber.look()
    other = Sealer(type(exchange.vault).open(tmp_path / "other" / "secret.key"))

    with pytest.raises(Damaged):
        other.read(record_of(exchange, recording).sealed or "")


async def test_a_worker_that_dies_leaves_the_work_to_the_next(exchange: Exchange, clock: StillClock) -> None:
    _business, recording = ring(exchange)
    with writing(exchange.engine) as connection:
        assert claim_transcript(connection, recording.company_id, recording.recording_id, clock())
        assert claim_transcript(connection, recording.company_id, recording.recording_id, clock()) is None

    await exchange.transcriber.look()
    assert record_of(exchange, recording).state is TranscriptState.DUE, "it is held by whoever claimed it"

    clock.now += HELD_FOR
    await exchange.transcriber.look()
    assert record_of(exchange, recording).state is TranscriptState.KEPT


async def test_what_kills_every_worker_is_given_up(exchange: Exchange, clock: StillClock) -> None:
    _business, recording = ring(exchange)
    for _ in range(MOST_ATTEMPTS):
        with writing(exchange.engine) as connection:
            assert claim_transcript(connection, recording.company_id, recording.recording_id, clock())
        clock.now += HELD_FOR

    await exchange.transcriber.look()

    record = record_of(exchange, recording)
    assert record.state is TranscriptState.FAILED
    assert "5 times" in (record.trouble or "")


async def test_of_two_who_hear_it_one_keeps_it(exchange: Exchange, clock: StillClock) -> None:
    """The slower one comes back after its hold was over, and another has begun anew."""
    _business, recording = ring(exchange)

    def takes_it_away() -> None:
        clock.now += HELD_FOR
        with writing(exchange.engine) as connection:
            claim_transcript(connection, recording.company_id, recording.recording_id, clock())

    exchange.transcriber = Transcriber(exchange, Script(SAID, ANSWER, meanwhile=takes_it_away))
    await exchange.transcriber.look()

    assert record_of(exchange, recording).state is TranscriptState.DUE
    assert rows_of(exchange.engine, "phrase_hits", company_id=recording.company_id) == []


async def test_what_goes_wrong_is_tried_again_later(exchange: Exchange, clock: StillClock) -> None:
    _business, recording = ring(exchange)
    engine = Script(SAID, ANSWER)
    engine.fails = [NotHeard("The disk is full.", permanent=False)]
    exchange.transcriber = Transcriber(exchange, engine)

    await exchange.transcriber.look()
    assert (record_of(exchange, recording).state, record_of(exchange, recording).trouble) == (
        TranscriptState.DUE,
        "The disk is full.",
    )
    clock.now += MINUTE
    await exchange.transcriber.look()
    assert record_of(exchange, recording).state is TranscriptState.KEPT


async def test_what_an_engine_raises_of_its_own_is_told_and_keeps_no_other_waiting(exchange: Exchange) -> None:
    _business, recording = ring(exchange)
    engine = Script(SAID, ANSWER)
    engine.fails = [MemoryError("for 57,600,000 samples")]
    exchange.transcriber = Transcriber(exchange, engine)

    await exchange.transcriber.look()
    record = record_of(exchange, recording)
    assert (record.state, record.attempts) == (TranscriptState.DUE, 1)
    assert record.trouble == "The model could not hear it: MemoryError('for 57,600,000 samples')"
    with speaking("de"):
        assert retold(record.trouble).startswith("Das Modell konnte sie nicht verstehen: ")


async def test_a_server_that_stops_gives_it_back(exchange: Exchange) -> None:
    _business, recording = ring(exchange)

    def stop() -> None:
        exchange.transcriber.stop()

    exchange.transcriber = Transcriber(exchange, Script(SAID, meanwhile=stop))

    await exchange.transcriber.look()

    record = record_of(exchange, recording)
    assert (record.state, record.attempts, record.due_at) == (TranscriptState.DUE, 0, NOW)


async def test_without_an_engine_it_waits(exchange: Exchange) -> None:
    _business, recording = ring(exchange)
    engine = Script(SAID, ANSWER)
    engine.trouble = "There is no folder /models."
    exchange.transcriber = Transcriber(exchange, engine)

    await exchange.transcriber.look()

    assert record_of(exchange, recording).attempts == 0
    assert exchange.transcriber.trouble == "There is no folder /models."


async def test_it_goes_with_its_recording_and_with_its_days(exchange: Exchange, clock: StillClock) -> None:
    business, recording = ring(exchange)
    await exchange.transcriber.look()
    nothing = Done({}, {}, [], [])
    with writing(exchange.engine) as connection:
        set_keeping(connection, business.company_id, Keeping(transcript_days=2))
        write_fetched(connection, business.company_id, nothing, clock() + DAY, url="")
        assert transcript_of(connection, business.company_id, recording.recording_id)
        write_fetched(connection, business.company_id, nothing, clock() + 2 * DAY, url="")
    is_gone(exchange, recording)


@pytest.mark.parametrize("how", ["deleted", "forgotten"])
async def test_it_goes_when_its_recording_or_caller_does(exchange: Exchange, how: str) -> None:
    business, recording = ring(exchange)
    await exchange.transcriber.look()
    with writing(exchange.engine) as connection:
        if how == "deleted":
            let_go(connection, business.company_id, [recording.recording_id], Because.DELETED, NOW)
        else:
            forget_caller(connection, business.company_id, CALLER, "owner@example.com", NOW)
    is_gone(exchange, recording)
    assert found_by(exchange, business, "monday") == 0


def is_gone(exchange: Exchange, recording: Recording) -> None:
    for table in ("transcripts", "transcript_words", "phrase_hits"):
        assert rows_of(exchange.engine, table, company_id=recording.company_id) == []


async def test_a_recording_that_goes_while_it_is_heard_leaves_nothing(exchange: Exchange) -> None:
    business, recording = ring(exchange)

    def forget() -> None:
        with writing(exchange.engine) as connection:
            let_go(connection, business.company_id, [recording.recording_id], Because.DELETED, NOW)

    exchange.transcriber = Transcriber(exchange, Script(SAID, ANSWER, meanwhile=forget))
    await exchange.transcriber.look()

    is_gone(exchange, recording)


async def test_new_phrases_are_looked_for_in_what_is_kept(exchange: Exchange, clock: StillClock) -> None:
    business, recording = ring(exchange)
    await exchange.transcriber.look()
    clock.now += MINUTE
    with writing(exchange.engine) as connection:
        put_phrase(connection, business.company_id, Phrase("goodbye"), clock())

    clock.now += MINUTE
    await exchange.transcriber.look()

    with reading(exchange.engine) as connection:
        hits = hits_of_calls(connection, business.company_id, [recording.call_id])[recording.call_id]
        assert {hit.text for hit in hits} == {"appointment", "monday", "goodbye"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (None, "What was said, as a machine understood it:"),
        ("de", "Was gesagt wurde, so wie eine Maschine es verstand:"),
    ],
)
async def test_a_messages_letter_carries_its_words(
    exchange: Exchange, mails: MailServer, language: str | None, words: str
) -> None:
    business, _recording = ring(exchange, is_message=True, mail=True)
    with writing(exchange.engine) as connection:
        is_it = companies.c.company_id == business.company_id
        connection.execute(update(companies).where(is_it).values(language=language))
    exchange.transcriber = Transcriber(exchange, Script("please call <me> back", "and bring water"))

    await exchange.mailer.look()
    assert mails.taken == [], "it waits for its words"

    await exchange.transcriber.look()
    await exchange.mailer.look()

    [mail] = mails.taken
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain
    assert html
    assert "please call <me> back" in plain.get_content()
    assert "please call &lt;me&gt; back" in html.get_content()
    assert words in plain.get_content()


async def test_a_letter_does_not_wait_for_ever(exchange: Exchange, mails: MailServer, clock: StillClock) -> None:
    ring(exchange, is_message=True, mail=True)
    clock.now += 10 * MINUTE

    await exchange.mailer.look()

    assert len(mails.taken) == 1


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
async def test_a_generated_voice_ends_as_a_tag_on_the_call(
    exchange: Exchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real voice through a real recogniser, from the recording on disk to what the call's page says."""
    voices = [speak("the price is too high", tmp_path), speak("hello", tmp_path)]
    longest = max(len(each) for each in voices)
    padded = [each + type(each)("h", bytes(2 * (longest - len(each)))) for each in voices]
    monkeypatch.setattr("tests.switchboard.test_transcribing.SOUND", wave_file(SPHINX_RATE, padded))
    business, recording = ring(exchange)
    with writing(exchange.engine) as connection:
        put_phrase(connection, business.company_id, Phrase("price", SaidBy.CALLER, tag="asks the price"), NOW)
    exchange.transcriber = Transcriber(exchange, Sphinx())

    await exchange.transcriber.look()

    with reading(exchange.engine) as connection:
        verdict = verdict_on(connection, business.company_id, recording.call_id)
    assert verdict
    assert verdict.tags == ("asks the price",)
    assert found_by(exchange, business, "price high") == 1


async def test_a_stop_in_the_middle_waits_for_the_thread(exchange: Exchange) -> None:
    _business, recording = ring(exchange)
    heard = asyncio.Event()
    loop = asyncio.get_running_loop()
    engine = Script(SAID, ANSWER, meanwhile=lambda: loop.call_soon_threadsafe(heard.set))
    exchange.transcriber = Transcriber(exchange, engine)
    looking = asyncio.create_task(exchange.transcriber.look())
    await heard.wait()

    looking.cancel()
    await asyncio.wait({looking})

    record = record_of(exchange, recording)
    assert (record.state, record.attempts) == (TranscriptState.DUE, 0)
