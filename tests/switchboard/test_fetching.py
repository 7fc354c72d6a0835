"""Recordings come from their carrier once, stay encrypted as long as they may, and go everywhere."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from swapboard.accounts.secrets import Vault
from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.calls.store import add_carrier, carrier_accounts
from swapboard.carriers.installed import BrokenCarrier
from swapboard.carriers.lines.own import OwnLines
from swapboard.carriers.twilio.adapter import TwilioKind
from swapboard.clock import DAY, MINUTE
from swapboard.recordings.chunks import Damaged
from swapboard.recordings.recording import MOST_ATTEMPTS, Because, Keeping, Kind, Recording, State
from swapboard.recordings.shelf import Shelf
from swapboard.recordings.store import (
    MOST_AT_ONCE,
    fetch_again,
    let_go,
    note_recording,
    recording_by_id,
    recordings_of_call,
    set_keeping,
)
from swapboard.recordings.wave import wave_file
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import recordings
from swapboard.switchboard.fetching import Account, Failure, fetch, to_fetch, write_fetched
from swapboard.switchboard.ringing import Told, receive
from tests.building import NOW, Business, open_business, pool_number
from tests.recordings.sounds import RATE, silence, typed, voice
from tests.twilio_stand_in import SID, TOKEN, Twilio

REF = "RE" + "d" * 32
CALLER = "+12125550111"
SOUND = wave_file(RATE, [voice(1) + silence(1) + typed("4111111111111111"), silence(1) + voice(4.2, pitch=120)])


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path / "secret.key")


@pytest.fixture
def shelf(tmp_path: Path, vault: Vault) -> Shelf:
    return Shelf(tmp_path / "recordings", vault)


class _StuckKind:
    """Of lines whose files cannot be deleted."""

    def open(self, _credentials: object) -> OwnLines:
        return _Stuck((), "sip.example.com")


class _Stuck(OwnLines):
    def delete_recording(self, recording_ref: str) -> None:
        raise OSError(30, "Read-only file system", recording_ref)


class _BrokenKind:
    """Of an adapter that does not expect what its carrier answers now."""

    def open(self, _credentials: object) -> OwnLines:
        return _Broken((), "sip.example.com")


class _Broken(OwnLines):
    def recording(self, recording_ref: str) -> bytes:
        raise KeyError(recording_ref)

    def delete_recording(self, recording_ref: str) -> None:
        raise UnicodeError(recording_ref)


@pytest.fixture
def business(engine: Engine, vault: Vault, twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> Business:
    kind = TwilioKind(twilio.url)
    kinds: dict[str, object] = {"stuck": _StuckKind(), "broken": _BrokenKind()}
    monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", lambda name: kinds.get(name, kind))
    sealed = vault.seal({"account_sid": SID, "auth_token": TOKEN})
    twilio.recordings[REF] = SOUND
    with writing(engine) as connection:
        return open_business(connection, credentials=sealed, carrier_kind="twilio")


def tell(engine: Engine, business: Business, *, is_message: bool = False) -> Recording:
    """A call rings, and its recording is ready: told twice, as carriers do."""
    number = pool_number(0, 0)
    arrived = CallEvent("CA1", "", EventKind.ARRIVED, 0, NOW, Facts(dialled=number, caller=CALLER))
    facts = Facts(recording_ref=REF, message_seconds=9 if is_message else None)
    recorded = CallEvent("CA1", "", EventKind.RECORDED, 1, NOW, facts)
    told = Told(business.company_id, business.carrier_id, (arrived, recorded), {}, NOW)
    with writing(engine) as connection:
        [(changed, *_), _again] = receive(connection, [told, told])
        [recording] = recordings_of_call(connection, business.company_id, changed.call_id)
    return recording


def work(engine: Engine, business: Business, vault: Vault, shelf: Shelf, now: int) -> None:
    with reading(engine) as connection:
        errand = to_fetch(connection, business.company_id, now)
    done = fetch(errand, vault, shelf)
    with writing(engine) as connection:
        write_fetched(connection, business.company_id, done, now, url="")


def known(engine: Engine, recording: Recording) -> Recording:
    with reading(engine) as connection:
        found = recording_by_id(connection, recording.company_id, recording.recording_id)
    assert found
    return found


def test_a_recording_is_fetched_looked_at_and_deleted_at_the_carrier(
    engine: Engine, business: Business, vault: Vault, shelf: Shelf, twilio: Twilio, tmp_path: Path
) -> None:
    told = tell(engine, business)
    assert (told.state, told.kind) == (State.DUE, Kind.TALK)

    work(engine, business, vault, shelf, NOW)

    kept = known(engine, told)
    assert kept.state is State.KEPT
    assert kept.seconds == pytest.approx(5.2, abs=0.1)
    assert [turn.channel for turn in kept.turns][:2] == [0, 1]
    assert [len(each) for each in kept.waveform] == [300, 300]
    assert len(kept.silenced) == 1
    assert kept.file_key
    sound = b"".join(shelf.read(business.company_id, kept.recording_id, kept.file_key))
    assert len(sound) == len(SOUND) == kept.size_bytes
    assert sound != SOUND, "the typed card number is silenced"
    assert REF in twilio.recordings, "only once ours is written down"
    work(engine, business, vault, shelf, NOW + MINUTE)
    assert REF not in twilio.recordings
    assert not known(engine, told).at_carrier
    [file] = (tmp_path / "recordings" / business.company_id).iterdir()
    assert b"RIFF" not in file.read_bytes()


def test_a_company_may_leave_the_carriers_copy(
    engine: Engine, business: Business, vault: Vault, shelf: Shelf, twilio: Twilio
) -> None:
    with writing(engine) as connection:
        set_keeping(connection, business.company_id, Keeping(deletes_at_carrier=False))

    told = tell(engine, business)
    for now in (NOW, NOW + MINUTE):
        work(engine, business, vault, shelf, now)

    assert known(engine, told).state is State.KEPT
    assert REF in twilio.recordings


def test_a_server_that_dies_between_the_file_and_the_row_loses_nothing(
    engine: Engine, business: Business, vault: Vault, shelf: Shelf, twilio: Twilio
) -> None:
    """The key of the file stands in the row alone: what the carrier has must not be gone before."""
    told = tell(engine, business)
    with reading(engine) as connection:
        errand = to_fetch(connection, business.company_id, NOW)
    assert fetch(errand, vault, shelf).kept, "and is killed"

    work(engine, business, vault, shelf, NOW + MINUTE)
    kept = known(engine, told)
    assert kept.state is State.KEPT
    assert kept.file_key
    assert b"".join(shelf.read(business.company_id, kept.recording_id, kept.file_key))


def test_a_copy_that_its_carrier_does_not_delete_now_is_deleted_later(
    engine: Engine, business: Business, vault: Vault, shelf: Shelf, twilio: Twilio
) -> None:
    told = tell(engine, business)
    work(engine, business, vault, shelf, NOW)
    twilio.fail("DELETE", "503", "503", "503")
    work(engine, business, vault, shelf, NOW + MINUTE)
    assert known(engine, told).at_carrier
    work(engine, business, vault, shelf, NOW + 2 * MINUTE)
    assert not known(engine, told).at_carrier
    assert REF not in twilio.recordings


def test_a_copy_stays_to_be_deleted_while_the_account_may_not(
    engine: Engine, business: Business, vault: Vault, shelf: Shelf, twilio: Twilio
) -> None:
    """A token that was replaced an hour ago: its owner types in the new one, and the carrier's copies go."""
    told = tell(engine, business)
    work(engine, business, vault, shelf, NOW)
    twilio.fail("DELETE", "401")
    work(engine, business, vault, shelf, NOW + MINUTE)
    assert known(engine, told).at_carrier
    work(engine, business, vault, shelf, NOW + 2 * MINUTE)
    assert REF not in twilio.recordings


def test_a_carrier_that_does_not_answer_is_asked_once_for_all_that_are_gone(
    engine: Engine, business: Business, vault: Vault, shelf: Shelf, twilio: Twilio, tmp_path: Path
) -> None:
    """Else each of two hundred waits for it in turn, and what is due waits for all of them."""
    told = tell(engine, business)
    with reading(engine) as connection:
        errand = to_fetch(connection, business.company_id, NOW)
    twilio.fail("DELETE", *["503"] * 3)
    names = ["a" * 32, "b" * 32]
    for name in names:
        shelf.keep(business.company_id, name, SOUND)
    gone = [replace(told, recording_id=name) for name in names]
    done = fetch(replace(errand, due=(), left_over=gone), vault, shelf)
    assert done.removed == []
    assert REF in twilio.recordings, "it answers again after three, which were all for the first"
    assert list((tmp_path / "recordings" / business.company_id).iterdir()) == [], "ours are deleted meanwhile"


def test_what_one_carrier_does_not_delete_keeps_nothing_of_another_or_of_its_own_waiting(
    engine: Engine, business: Business
) -> None:
    told, count = tell(engine, business), 3 * MOST_AT_ONCE
    with writing(engine) as connection:
        known = carrier_accounts(connection, business.company_id)[0]
        for place, carrier_id in enumerate(("c" * 32, "d" * 32)):
            add_carrier(
                connection, business.company_id, carrier_id, known.kind, carrier_id, known.credentials, NOW
            )
            for number in range(count):
                told_at = NOW + place * MINUTE + number
                ref = (business.company_id, told.call_id, carrier_id, f"RE{number}", Kind.TALK)
                note_recording(connection, *ref, told_at)
        connection.execute(update(recordings).values(state=State.KEPT))
    with reading(engine) as connection:
        errands = [to_fetch(connection, business.company_id, NOW + minute * MINUTE) for minute in range(count)]
    assert {each.carrier_id for each in errands[0].copies} >= {"c" * 32, "d" * 32}
    assert {len(each.copies) for each in errands} == {1 + 2 * MOST_AT_ONCE}
    for carrier_id in ("c" * 32, "d" * 32):
        firsts = [next(one for one in each.copies if one.carrier_id == carrier_id) for each in errands]
        assert len({one.recording_id for one in firsts}) == count, (
            "those that fail each time keep no other waiting"
        )


def test_one_account_that_does_not_answer_keeps_no_others_copies(
    engine: Engine, business: Business, vault: Vault, shelf: Shelf, twilio: Twilio
) -> None:
    """The first is on own lines, whose disk takes nothing; and what is due is fetched all the same."""
    told = tell(engine, business)
    work(engine, business, vault, shelf, NOW)
    with reading(engine) as connection:
        errand = to_fetch(connection, business.company_id, NOW + MINUTE)
    stuck = replace(told, recording_id="r" * 32, carrier_id="own")
    own = Account("stuck", errand.accounts[business.carrier_id].credentials)
    errand = replace(errand, due=[told], copies=[stuck, *errand.copies], accounts={**errand.accounts, "own": own})
    done = fetch(errand, vault, shelf)
    assert (list(done.kept), done.copies_gone) == ([told.recording_id], [told.recording_id])


def test_an_adapter_that_breaks_off_keeps_no_other_recording_waiting(
    engine: Engine, business: Business, vault: Vault, shelf: Shelf, twilio: Twilio
) -> None:
    told = tell(engine, business)
    with reading(engine) as connection:
        errand = to_fetch(connection, business.company_id, NOW)
    broken = replace(told, recording_id="r" * 32, carrier_id="theirs")
    theirs = Account("broken", errand.accounts[business.carrier_id].credentials)
    accounts = {**errand.accounts, "theirs": theirs}
    done = fetch(replace(errand, due=[broken, told], copies=[broken], accounts=accounts), vault, shelf)
    assert list(done.kept) == [told.recording_id]
    assert done.failed == {
        broken.recording_id: Failure("The carrier's answer could not be read.", permanent=False)
    }
    assert done.copies_gone == []


def test_while_its_package_is_broken_nothing_of_a_carrier_is_given_up(
    engine: Engine, business: Business, vault: Vault, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the server mends it: until then the carrier has its copies, and what is due waits."""
    told = tell(engine, business)
    with reading(engine) as connection:
        errand = to_fetch(connection, business.company_id, NOW)

    def broken(kind: str) -> object:
        raise BrokenCarrier(kind, "ImportError()")

    monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", broken)
    done = fetch(replace(errand, copies=[told], left_over=[replace(told, recording_id="r" * 32)]), vault, shelf)
    assert (done.kept, done.removed, done.copies_gone) == ({}, [], [])
    assert [each.permanent for each in done.failed.values()] == [False]


def test_what_fails_is_tried_again_later_and_later_and_then_by_hand(
    engine: Engine, business: Business, vault: Vault, shelf: Shelf, twilio: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, now = tell(engine, business), NOW
    monkeypatch.setattr("swapboard.carriers.rest.ATTEMPTS", 1, raising=False)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        twilio.fail("GET", "503", "503", "503")
        work(engine, business, vault, shelf, now)
        twilio.failures.clear()
        tried = known(engine, told)
        assert tried.attempts == attempt
        assert "503" in (tried.trouble or "")
        assert tried.due_at > now
        now = tried.due_at
    assert known(engine, told).state is State.FAILED

    with writing(engine) as connection:
        assert fetch_again(connection, business.company_id, told.recording_id, now)
    work(engine, business, vault, shelf, now)
    assert known(engine, told).state is State.KEPT


def test_what_the_carrier_does_not_have_is_not_asked_for_again(
    engine: Engine, business: Business, vault: Vault, shelf: Shelf, twilio: Twilio
) -> None:
    told = tell(engine, business)
    twilio.recordings.clear()

    work(engine, business, vault, shelf, NOW)

    failed = known(engine, told)
    assert failed.state is State.FAILED
    assert "404" in (failed.trouble or "")


@pytest.mark.parametrize(("is_message", "days"), [(False, 30), (True, 60)])
def test_each_kind_goes_when_its_days_are_over(
    engine: Engine,
    business: Business,
    vault: Vault,
    shelf: Shelf,
    tmp_path: Path,
    is_message: bool,
    days: int,
) -> None:
    told = tell(engine, business, is_message=is_message)
    work(engine, business, vault, shelf, NOW)
    with writing(engine) as connection:
        set_keeping(connection, business.company_id, Keeping(talk_days=30, message_days=60))

    work(engine, business, vault, shelf, NOW + days * DAY - 1)
    assert known(engine, told).state is State.KEPT
    key = known(engine, told).file_key
    assert key
    work(engine, business, vault, shelf, NOW + days * DAY)
    gone = known(engine, told)
    assert (gone.state, gone.gone_because, gone.file_key) == (State.GONE, Because.RETENTION, None)
    assert not gone.turns
    assert not gone.waveform

    work(engine, business, vault, shelf, NOW + days * DAY + MINUTE)
    assert list((tmp_path / "recordings" / business.company_id).iterdir()) == []
    with pytest.raises((Damaged, OSError)):
        list(shelf.read(business.company_id, told.recording_id, key))


def test_what_is_deleted_while_it_is_fetched_stays_deleted(
    engine: Engine, business: Business, vault: Vault, shelf: Shelf, tmp_path: Path
) -> None:
    told = tell(engine, business)
    with reading(engine) as connection:
        errand = to_fetch(connection, business.company_id, NOW)
    done = fetch(errand, vault, shelf)
    with writing(engine) as connection:
        let_go(connection, business.company_id, [told.recording_id], Because.FORGOTTEN, NOW)
        write_fetched(connection, business.company_id, done, NOW, url="")

    assert known(engine, told).gone_because is Because.FORGOTTEN
    work(engine, business, vault, shelf, NOW + MINUTE)
    assert list((tmp_path / "recordings" / business.company_id).iterdir()) == []
