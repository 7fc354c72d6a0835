"""A recording that was fetched and is kept, for the tests of doors."""

from sqlalchemy import Connection

from swapboard.recordings.look import look
from swapboard.recordings.recording import Kind, Recording
from swapboard.recordings.shelf import Shelf
from swapboard.recordings.store import keep_recording, note_recording, recordings_of_call


def keep_sound(
    connection: Connection, shelf: Shelf, company_id: str, carrier_id: str, call_id: str, sound: bytes, now: int
) -> Recording:
    """Keep this sound as what was said in the call."""
    note_recording(connection, company_id, call_id, carrier_id, "RE9", Kind.TALK, now)
    [due] = recordings_of_call(connection, company_id, call_id)
    seen = look(sound)
    kept = {
        "seconds": seen.seconds,
        "waveform": seen.waveform,
        "turns": [(each.channel, each.begins, each.ends) for each in seen.turns],
        "silenced": seen.silenced,
        "file_key": shelf.keep(company_id, due.recording_id, seen.content),
        "media_type": seen.media_type,
        "size_bytes": len(seen.content),
        "at_carrier": False,
    }
    assert keep_recording(connection, company_id, due.recording_id, kept, now)
    [recording] = recordings_of_call(connection, company_id, call_id)
    return recording
