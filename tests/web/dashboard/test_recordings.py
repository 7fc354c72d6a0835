"""A recording on its call's page: drawn, heard in parts by who may, deleted; and the page that sets it all up."""

from pathlib import Path

import pytest

from swapboard.accounts.audit import Act, entries_of
from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.calls.listing import CallFilter, list_calls
from swapboard.calls.recording import ANY_LINE, RecordingMode
from swapboard.recordings.recording import Keeping, Recording, State
from swapboard.recordings.store import keeping_of, policies_of, recordings_of_call
from swapboard.recordings.wave import wave_file
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.ringing import RECEIVE, Told
from tests.one_server import on_one_server
from tests.recordings.kept import keep_sound
from tests.recordings.sounds import RATE, silence, voice
from tests.web.dashboard.shop import BILLBOARD, POOL, Browser, Clock, Shop

pytestmark = pytest.mark.anyio

CALLER = "+12125550177"
SOUND = wave_file(RATE, [voice(2) + silence(1), silence(2) + voice(1, pitch=110)])


@pytest.fixture
async def recording(shop: Shop, exchange: Exchange, clock: Clock) -> Recording:
    """A call to the billboard that was recorded, and fetched."""
    arrived = CallEvent("CA9", "", EventKind.ARRIVED, 0, clock(), Facts(dialled=BILLBOARD, caller=CALLER))
    recorded = CallEvent("CA9", "", EventKind.RECORDED, 1, clock(), Facts(recording_ref="RE9"))
    ended = CallEvent("CA9", "", EventKind.CALL_ENDED, 2, clock(), Facts())
    told = Told(shop.company_id, shop.carrier_id, (arrived, recorded, ended), {"body": CALLER}, clock())
    [call_id, *_] = await exchange.writer.submit(RECEIVE, told)
    return await exchange.change(
        lambda connection: keep_sound(
            connection, exchange.shelf, shop.company_id, shop.carrier_id, call_id, SOUND, clock()
        )
    )


def sound_of(recording: Recording) -> str:
    return f"/calls/{recording.call_id}/recordings/{recording.recording_id}/sound"


async def test_the_page_shows_who_spoke_and_plays_it(owner: Browser, recording: Recording) -> None:
    page = (await owner.get(f"/calls/{recording.call_id}")).text

    assert f'src="{sound_of(recording)}"' in page
    assert page.count('class="lane lane-') == 2
    assert "Caller 67%" in page
    assert "Heard by" not in page

    asked = await owner.head(sound_of(recording))
    assert (asked.status_code, asked.headers["content-length"]) == (200, str(len(SOUND)))
    assert "Heard by" not in (await owner.get(f"/calls/{recording.call_id}")).text, "nobody has heard it by this"

    answer = await owner.get(sound_of(recording))
    assert (answer.status_code, answer.content) == (200, SOUND)
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["accept-ranges"] == "bytes"
    assert "Heard by" in (await owner.get(f"/calls/{recording.call_id}")).text


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, len(SOUND) - 1),
        ("bytes=-50", len(SOUND) - 50, len(SOUND) - 1),
        ("bytes=10-99999999", 10, len(SOUND) - 1),
    ],
)
async def test_a_player_gets_the_part_it_asks_for(
    owner: Browser, recording: Recording, wanted: str, first: int, last: int
) -> None:
    answer = await owner.get(sound_of(recording), headers={"Range": wanted})

    assert answer.status_code == 206
    assert answer.content == SOUND[first : last + 1]
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(SOUND)}"


async def test_a_part_that_is_not_there(owner: Browser, recording: Recording) -> None:
    for wanted in (f"bytes={len(SOUND)}-", "bytes=9-3", "bytes=999999999999999-"):
        answer = await owner.get(sound_of(recording), headers={"Range": wanted})
        assert answer.status_code == 416
    for wanted in ("lines=1-2", "bytes=0-1,5-6", "bytes=-", "bytes=" + "9" * 30 + "-"):
        assert (await owner.get(sound_of(recording), headers={"Range": wanted})).content == SOUND


async def test_many_parts_of_one_hearing_are_one_line_in_the_log(
    owner: Browser, recording: Recording, exchange: Exchange, clock: Clock
) -> None:
    for start in range(3):
        await owner.get(sound_of(recording), headers={"Range": f"bytes={start}-{start + 9}"})
    clock.pass_by(3_600)
    await owner.get(sound_of(recording))

    log = await exchange.read(
        lambda connection: entries_of(connection, recording.company_id, recording.recording_id)
    )
    assert [(each.act, each.actor) for each in log] == [(Act.HEARD, "owner@example.com")] * 2


async def test_who_may_not_listen_hears_nothing(browser: Browser, recording: Recording) -> None:
    assert (await browser.get(sound_of(recording))).status_code == 303
    await browser.log_in("reader@example.com")

    assert (await browser.get(sound_of(recording))).status_code == 403
    assert "<audio" not in (await browser.get(f"/calls/{recording.call_id}")).text
    assert (await browser.send_form(sound_of(recording).replace("/sound", "/delete"), {})).status_code == 403


async def test_a_stranger_finds_no_recording_of_ours(
    browser: Browser, recording: Recording, stranger: Shop
) -> None:
    assert stranger.company_id != recording.company_id
    await browser.log_in("stranger@example.com")

    assert (await browser.get(sound_of(recording))).status_code == 404
    assert (await browser.send_form(sound_of(recording).replace("/sound", "/delete"), {})).status_code == 404


async def test_a_lost_file_is_said_plainly(owner: Browser, recording: Recording, tmp_path: Path) -> None:
    for file in (tmp_path / "recordings").rglob("*.sbc"):
        file.unlink()

    answer = await owner.get(sound_of(recording))
    assert answer.status_code == 500
    assert "lost or damaged" in answer.text


async def test_a_deleted_recording_is_gone_at_once(
    owner: Browser, recording: Recording, exchange: Exchange
) -> None:
    answer = await owner.send_form(sound_of(recording).replace("/sound", "/delete"), {})
    assert answer.status_code == 303

    assert (await owner.get(sound_of(recording))).status_code == 404
    page = (await owner.get(f"/calls/{recording.call_id}")).text
    assert "It was deleted on Today" in page
    assert "owner@example.com" in page


async def test_numbers_are_recorded_as_their_owner_says(owner: Browser, shop: Shop, exchange: Exchange) -> None:
    everywhere = {"do": "policy", "line": "", "mode": "by_law", "notice": "We record.", "question": "Press 1."}
    assert (await owner.send_form("/numbers/recording", everywhere)).status_code == 303
    assert (
        await owner.send_form("/numbers/recording", {**everywhere, "line": BILLBOARD, "mode": "off"})
    ).status_code == 303

    policies = await exchange.read(lambda connection: policies_of(connection, shop.company_id))
    assert {line: policy.mode for line, policy in policies.items()} == {
        ANY_LINE: RecordingMode.BY_LAW,
        BILLBOARD: RecordingMode.OFF,
    }
    routes = exchange.directory.routes
    ways = {line: routes.way(shop.carrier_id, line) for line in (BILLBOARD, POOL[0])}
    assert {line: way.is_plain for line, way in ways.items() if way} == {BILLBOARD: True, POOL[0]: False}
    page = (await owner.get("/numbers/recording")).text
    assert "California Penal Code" in page
    assert "We record." in page

    same = {"do": "policy", "line": BILLBOARD, "mode": "same"}
    assert (await owner.send_form("/numbers/recording", same)).status_code == 303
    assert list(await exchange.read(lambda connection: policies_of(connection, shop.company_id))) == [ANY_LINE]


@on_one_server(
    ("sent", "words"),
    [
        ({"do": "policy", "line": "", "mode": "always"}, "Choose when calls are recorded"),
        ({"do": "policy", "line": "", "mode": "same"}, "Choose when calls are recorded"),
        ({"do": "policy", "line": "+12025559999", "mode": "off"}, "none of your tracking numbers"),
        ({"do": "policy", "line": "", "mode": "notice", "notice": "x" * 1001}, "at most 1000"),
        ({"do": "policy", "line": "", "mode": "notice", "notice_file": "sound:Lost"}, "There is no such sound"),
        ({"do": "policy", "line": "", "mode": "notice", "notice_file": "a.wav"}, "There is no such sound"),
        ({"do": "keeping", "talk_days": "0", "message_days": "1"}, "days from 1 to 3650"),
        ({"do": "keeping", "talk_days": "x", "message_days": "1"}, "days from 1 to 3650"),
        ({"do": "forget", "caller": "nobody"}, "nobody"),
        ({"do": "mail", "addresses": "front@example.com boss"}, "boss is no e-mail address"),
        ({"do": "mail", "addresses": " ".join(f"a{n}@example.com" for n in range(21))}, "at most 20"),
    ],
)
async def test_what_cannot_be_is_said(owner: Browser, sent: dict[str, str], words: str) -> None:
    answer = await owner.send_form("/numbers/recording", sent)

    assert answer.status_code == 422
    assert words in answer.text


async def test_what_cannot_be_is_there_to_be_corrected(owner: Browser) -> None:
    mail = {"do": "mail", "addresses": "one@example.com boss", "attaches": "yes"}
    answer = (await owner.send_form("/numbers/recording", mail)).text
    assert "one@example.com boss</textarea>" in answer
    assert 'name="attaches" value="yes" checked' in answer

    days = {"do": "keeping", "talk_days": "30", "message_days": "many", "deletes": "yes"}
    answer = (await owner.send_form("/numbers/recording", days)).text
    assert 'required value="30"' in answer
    assert 'required value="many"' in answer
    assert 'name="deletes" value="yes" checked' in answer

    told = {"do": "policy", "line": "", "mode": "notice", "notice": "We record.", "notice_file": "sound:Gone"}
    answer = (await owner.send_form("/numbers/recording", told)).text
    assert "There is no such sound." in answer
    assert "We record.</textarea>" in answer
    assert '<option value="notice" selected>' in answer


async def test_days_are_set_and_hold_for_what_is_kept(
    owner: Browser, recording: Recording, exchange: Exchange
) -> None:
    sent = {"do": "keeping", "talk_days": "7", "message_days": "8", "deletes": "yes"}
    assert (await owner.send_form("/numbers/recording", sent)).status_code == 303

    keeping = await exchange.read(lambda connection: keeping_of(connection, recording.company_id))
    assert keeping == Keeping(7, 8, deletes_at_carrier=True)
    [kept] = await exchange.read(
        lambda connection: recordings_of_call(connection, recording.company_id, recording.call_id)
    )
    assert kept.due_at == kept.told_at + 7 * 24 * 3_600_000


async def test_a_forgotten_caller_is_nobody_and_was_never_recorded(
    owner: Browser, recording: Recording, exchange: Exchange, shop: Shop, clock: Clock
) -> None:
    answer = await owner.send_form("/numbers/recording", {"do": "forget", "caller": "(212) 555-0177"})
    assert answer.status_code == 200
    assert "1 call is nobody" in answer.text

    # A late event must not bring the number back.
    late = CallEvent("CA9", "", EventKind.CALL_ENDED, 3, clock(), Facts())
    await exchange.writer.submit(RECEIVE, Told(shop.company_id, shop.carrier_id, (late,), {}, clock()))

    wanted = CallFilter(text="2125550177")
    found = await exchange.read(lambda connection: list_calls(connection, shop.company_id, wanted))
    assert found.rows == ()
    [gone] = await exchange.read(
        lambda connection: recordings_of_call(connection, recording.company_id, recording.call_id)
    )
    assert (gone.state, gone.file_key) == (State.GONE, None)
    page = (await owner.get(f"/calls/{recording.call_id}")).text
    assert "wanted to be forgotten" in page
    assert "555-0177" not in page
    again = await owner.send_form("/numbers/recording", {"do": "forget", "caller": "(212) 555-0177"})
    assert again.status_code == 404


async def test_a_reader_changes_nothing(browser: Browser, shop: Shop) -> None:
    await browser.log_in("reader@example.com")

    for sent in ({"do": "policy", "line": "", "mode": "notice"}, {"do": "forget", "caller": CALLER}):
        assert (await browser.send_form("/numbers/recording", sent)).status_code == 403
    assert "<textarea" not in (await browser.get("/numbers/recording")).text
