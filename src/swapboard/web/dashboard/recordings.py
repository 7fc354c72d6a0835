"""A call's recordings on its page: drawn, heard, deleted, paused."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.accounts.audit import Act, Entry, entries_of
from swapboard.carriers.base import CarrierError
from swapboard.recordings.recording import Recording, State
from swapboard.recordings.speech import caller_share
from swapboard.recordings.store import fetch_again, recordings_of_call
from swapboard.switchboard.listening import delete_recording, note_heard, pause_or_resume
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.retold import retold
from swapboard.web.dashboard.translation import _
from swapboard.web.methods import only_looks
from swapboard.web.sound import sound

WIDTH, LANE = 600, 40
"""Of the drawing, in SVG units: a lane for each channel."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One channel: its waveform as a path, and where its speaker speaks (from, width)."""

    path: str
    spoken: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording as the page shows it."""

    recording: Recording
    lanes: Sequence[Lane]
    silenced: Sequence[tuple[float, float]]
    caller_share: float | None
    log: Sequence[Entry]


def heard_of_call(connection: Connection, company_id: str, call_id: str) -> Sequence[Heard]:
    """The call's recordings with their drawings, and who heard them."""
    return [
        Heard(
            each,
            _lanes(each),
            [_across(each, *span) for span in each.silenced],
            caller_share(each.turns, len(each.waveform)),
            entries_of(connection, company_id, each.recording_id),
        )
        for each in recordings_of_call(connection, company_id, call_id)
    ]


def recording_routes() -> list[Route]:
    """Under a call's address."""
    one = "/calls/{call_id}/recordings/{recording_id}"
    return [
        Route(f"{one}/sound", signed_in(hear), methods=["GET"]),
        Route(f"{one}/delete", signed_in(delete), methods=["POST"]),
        Route(f"{one}/again", signed_in(fetch_once_more), methods=["POST"]),
        Route("/calls/{call_id}/recording", signed_in(pause_recording), methods=["POST"]),
    ]


async def hear(request: Request, desk: Desk) -> Response:
    """The sound; who heard it is written down."""
    if not desk.user.role.may_listen:
        raise Refused(403, _("Your role does not let you hear recordings. Ask an owner or an admin."))
    recording = await _one(request, desk)
    exchange, recording_id = exchange_of(request), recording.recording_id
    if recording.state is State.KEPT and not only_looks(request):
        await exchange.change(
            lambda connection: note_heard(connection, desk.company_id, desk.user.email, recording_id, desk.now)
        )
    return await asyncio.to_thread(sound, exchange.shelf, recording, request.headers.get("range"))


async def delete(request: Request, desk: Desk) -> Response:
    """Delete a recording."""
    require_change(desk)
    recording = await _one(request, desk)
    await exchange_of(request).change(
        lambda connection: delete_recording(
            connection, desk.company_id, desk.user.email, recording.recording_id, desk.now
        )
    )
    return RedirectResponse(f"/calls/{recording.call_id}", 303)


async def fetch_once_more(request: Request, desk: Desk) -> Response:
    """Try again to fetch a recording that could not be had."""
    require_change(desk)
    recording = await _one(request, desk)
    await exchange_of(request).change(
        lambda connection: fetch_again(connection, desk.company_id, recording.recording_id, desk.now)
    )
    return RedirectResponse(f"/calls/{recording.call_id}", 303)


async def pause_recording(request: Request, desk: Desk) -> Response:
    """Pause the recording of a call that goes on, or go on with it."""
    if not desk.user.role.may_listen:
        raise Refused(403, _("Your role does not let you pause recordings. Ask an owner or an admin."))
    call_id = request.path_params["call_id"]
    act = Act.RESUMED if request.query_params.get("do") == "resume" else Act.PAUSED

    try:
        is_known = await pause_or_resume(exchange_of(request), desk.company_id, call_id, act, desk.user.email)
    except CarrierError as error:
        raise Refused(409, retold(error)) from None
    if not is_known:
        raise HTTPException(404)
    return RedirectResponse(f"/calls/{call_id}", 303)


async def _one(request: Request, desk: Desk) -> Recording:
    call_id, recording_id = request.path_params["call_id"], request.path_params["recording_id"]
    recordings = await exchange_of(request).read(
        lambda connection: recordings_of_call(connection, desk.company_id, call_id)
    )
    found = next((each for each in recordings if each.recording_id == recording_id), None)
    if found is None:
        raise HTTPException(404)
    return found


def _lanes(recording: Recording) -> list[Lane]:
    return [
        Lane(
            _path(peaks),
            [_across(recording, turn.begins, turn.ends) for turn in recording.turns if turn.channel == channel],
        )
        for channel, peaks in enumerate(recording.waveform)
    ]


def _path(peaks: Sequence[int]) -> str:
    """A line up and down for each column, around the middle of the lane."""
    step, middle, most = WIDTH / max(1, len(peaks)), LANE / 2, max([*peaks, 1])
    heights = [max(0.5, peak / most * (LANE / 2 - 2)) for peak in peaks]
    return "".join(
        f"M{(index + 0.5) * step:.1f} {middle - height:.1f}V{middle + height:.1f}"
        for index, height in enumerate(heights)
    )


def _across(recording: Recording, begins: float, ends: float) -> tuple[float, float]:
    scale = WIDTH / recording.seconds if recording.seconds else 0.0
    return round(begins * scale, 1), round(max(1.0, (ends - begins) * scale), 1)
