"""What was said, by the API: transcripts, phrases, rules, and why a call is a good lead."""

from typing import Any

import pytest

from swapboard.recordings.recording import Recording
from swapboard.recordings.transcripts import want_transcript
from swapboard.recordings.wave import wave_file
from swapboard.switchboard.transcribing import Transcriber
from tests.one_server import on_one_server
from tests.recordings.kept import keep_sound
from tests.recordings.script_engine import Script
from tests.recordings.sounds import RATE, silence, voice
from tests.web.api.house import House

pytestmark = pytest.mark.anyio

SOUND = wave_file(RATE, [voice(2) + silence(1), silence(2) + voice(1, pitch=110)])
RULE = {
    "name": "Booked",
    "conditions": {"talk_seconds": 60, "says": ["Appointment"], "said_by": "caller"},
    "outcome": {"qualified": True, "value_cents": 9_900, "tag": "booked"},
}


async def said(house: House) -> tuple[str, Recording]:
    """A call of 63 seconds in which somebody asks for an appointment."""
    ids = await house.furnish()
    call_id = await house.ring(ids["company"], "+12025550150")
    exchange, now = house.exchange, house.exchange.clock()
    carrier_id = house.ids[f"carrier of {ids['company']}"]
    recording = await exchange.change(
        lambda connection: keep_sound(connection, exchange.shelf, ids["company"], carrier_id, call_id, SOUND, now)
    )
    exchange.transcriber = Transcriber(exchange, Script("an appointment please", "of course"))
    await exchange.change(
        lambda connection: want_transcript(connection, ids["company"], recording.recording_id, call_id, now)
    )
    await exchange.transcriber.look()
    return call_id, recording


async def test_a_transcript_with_its_sides_words_and_hits(house: House) -> None:
    await house.make("/words/phrases", {"phrase": " Appointments ", "meaning": "good"})
    await house.make("/words/phrases", {"phrase": "appointment", "meaning": "good"})
    call_id, recording = await said(house)

    found = await house.get(f"/calls/{call_id}/transcript", who="agent")

    [one] = found["transcripts"]
    assert (one["recording_id"], one["state"], one["language"]) == (recording.recording_id, "kept", "en")
    assert sorted((each["side"], each["text"]) for each in one["segments"]) == [
        ("agent", "of course"),
        ("caller", "an appointment please"),
    ]
    assert one["segments"][0]["words"][0]["begins"] == 0
    assert one["caller_share"] == pytest.approx(2 / 3, abs=0.05)
    [hit] = found["hits"]
    assert (hit["phrase"], hit["counts"], hit["first_at"]) == ("appointment", {"caller": 1}, {"caller": 0.5})
    listed = (await house.get("/words/phrases"))["data"]
    assert {each["phrase"]: each["calls"] for each in listed} == {"appointment": 1, "appointments": 0}


async def test_a_call_says_who_judged_it_and_why(house: House) -> None:
    await house.make("/lead-rules", RULE)
    call_id, _recording = await said(house)

    call = await house.get(f"/calls/{call_id}")

    assert (call["qualified"], call["value"], call["tags"]) == (True, 99.0, ["booked"])
    judgement = call["judgement"]
    assert (judgement["qualified_by"], judgement["value_by"]) == ("rules", "rules")
    because: dict[str, Any] = judgement["qualified_because"]
    assert because["rule"] == "Booked"
    assert [(each["ground"], each["text"]) for each in because["reasons"]] == [
        ("talked", ""),
        ("said", "appointment"),
    ]
    assert judgement["score"]["score"] > 50

    changed = await house.patch(f"/calls/{call_id}", {"qualified": False})
    assert (changed["qualified"], changed["judgement"]["qualified_by"]) == (False, "person")
    back = await house.patch(f"/calls/{call_id}", {"qualified": None})
    assert (back["qualified"], back["judgement"]["qualified_by"]) == (True, "rules")


async def test_to_say_the_same_as_the_rule_is_a_persons_word(house: House) -> None:
    await house.make("/lead-rules", RULE)
    call_id, _recording = await said(house)

    changed = await house.patch(f"/calls/{call_id}", {"qualified": True})

    assert changed["judgement"]["qualified_by"] == "person"


async def test_calls_are_found_by_what_was_said_by_who_may(house: House) -> None:
    call_id, _recording = await said(house)

    found = await house.get("/calls", said="appointment course")
    assert [each["id"] for each in found["data"]] == [call_id]
    assert (await house.get("/calls", said="refund"))["data"] == []
    assert (await house.ask("GET", "/calls?said=refund", who="read_only")).status_code == 403


async def test_settings_say_what_is_missing(house: House) -> None:
    before = await house.get("/words/settings")
    assert (before["transcribes"], before["language"]) == (False, "")
    assert "SWAPBOARD_TRANSCRIBE_MODEL" in before["trouble"]

    after = await house.patch("/words/settings", {"transcribes": True, "language": "en"})
    assert (after["transcribes"], after["language"]) == (True, "en")
    assert (await house.ask("PATCH", "/words/settings", {"language": "English"})).status_code == 422


async def test_rules_are_made_changed_ordered_and_deleted(house: House) -> None:
    first = await house.make("/lead-rules", RULE)
    assert first["conditions"]["says"] == ["appointment"]
    second = await house.make("/lead-rules", {"name": "Tag", "outcome": {"tag": "seen"}})

    changed = await house.patch(f"/lead-rules/{second['id']}", {"is_on": False})
    assert (changed["name"], changed["is_on"], changed["outcome"]["tag"]) == ("Tag", False, "seen")
    ordered = await house.ask("POST", "/lead-rules/order", {"rule_ids": [second["id"], first["id"]]})
    assert [each["id"] for each in ordered.json()["data"]] == [second["id"], first["id"]]
    assert (await house.ask("POST", "/lead-rules/order", {"rule_ids": [first["id"]]})).status_code == 422
    assert (await house.ask("DELETE", f"/lead-rules/{first['id']}")).status_code == 204
    assert (await house.ask("GET", f"/lead-rules/{first['id']}")).status_code == 404


@on_one_server(
    ("path", "body", "says"),
    [
        ("/lead-rules", {"name": "x", "outcome": {}}, "Say whether"),
        ("/lead-rules", {"name": "x", "outcome": {"tag": "t"}, "conditions": {"says": ["..."]}}, "Write a word"),
        ("/lead-rules", {"name": "x", "outcome": {"tag": "t"}, "conditions": {"score": 101}}, "score"),
        ("/lead-rules", {"name": "x", "outcome": {"tag": "t"}, "conditions": {"shoe_size": 9}}, "shoe_size"),
        ("/words/phrases", {"phrase": "..."}, "Write a word"),
        ("/words/phrases", {"phrase": "x", "said_by": "dog"}, "said_by"),
    ],
)
async def test_what_makes_no_sense_is_said(house: House, path: str, body: object, says: str) -> None:
    answer = await house.ask("POST", path, body)

    assert answer.status_code == 422
    assert says in answer.text
