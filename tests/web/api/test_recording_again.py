"""A recording that failed is fetched again, and one that is kept is written down, by the API."""

import pytest
from sqlalchemy import Connection, update

from swapboard.recordings.transcripts import due_transcripts
from swapboard.recordings.wave import wave_file
from swapboard.storage.schema import recordings
from tests.recordings.kept import keep_sound
from tests.recordings.sounds import RATE, voice
from tests.web.api.house import BILLBOARD, House

pytestmark = pytest.mark.anyio
SOUND = wave_file(RATE, [voice(1)])


async def test_only_what_failed_is_fetched_again_and_only_what_is_kept_written_down(house: House) -> None:
    ids = await house.furnish()
    company_id = ids["company"]
    call_id = await house.ring(company_id, BILLBOARD)
    carrier_id, now, shelf = house.ids[f"carrier of {company_id}"], house.clock(), house.exchange.shelf
    kept = await house.exchange.change(
        lambda connection: keep_sound(connection, shelf, company_id, carrier_id, call_id, SOUND, now)
    )
    path = f"/calls/{call_id}/recordings/{kept.recording_id}"
    assert (await house.ask("POST", f"{path}/again")).json()["code"] == "not_failed"
    assert (await house.ask("POST", f"{path}/transcript")).status_code == 204
    due = await house.exchange.read(lambda connection: due_transcripts(connection, company_id, now))
    assert due == [kept.recording_id]

    def fail(connection: Connection) -> None:
        connection.execute(update(recordings).values(state="failed", trouble="gone"))

    await house.exchange.change(fail)
    assert (await house.ask("POST", f"{path}/transcript")).json()["code"] == "no_sound"
    again = await house.ask("POST", f"{path}/again")
    assert (again.status_code, again.json()["state"]) == (200, "due")
    assert (await house.ask("POST", f"{path}/again")).json()["code"] == "not_failed"
