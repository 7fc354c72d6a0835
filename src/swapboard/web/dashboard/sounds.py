"""Sounds of the company's own, below the list of flows: sent, heard, replaced, removed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.calls.flow_store import FlowRecord, list_flows
from swapboard.calls.sound import MOST_SOUNDS, Sound, free_name
from swapboard.calls.sound_store import (
    add_sound,
    content_of,
    flows_with,
    list_sounds,
    notices_with,
    remove_sound,
    replace_sound,
    sound_by_id,
)
from swapboard.recordings.uploaded import LARGEST_BYTES, NotASound, TelephoneSound, telephone_sound
from swapboard.storage.ids import new_id
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import SentFile, read_form, read_with_files, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import _
from swapboard.web.sound import part_of

FLOWS = "/numbers/flows"
SOUNDS = f"{FLOWS}/sounds"
MOST_FORM_BYTES = LARGEST_BYTES + 1024 * 1024


@dataclass(frozen=True, slots=True)
class FlowsView:
    """What the page of flows shows."""

    flows: Sequence[FlowRecord]
    sounds: Sequence[Sound]
    playing: Mapping[str, Sequence[str]]
    """By a sound's name, what plays it: flows by their names, and notices of recording."""


def sound_routes() -> list[Route]:
    """The addresses of sounds."""
    one = f"{SOUNDS}/{{sound_id}}"
    return [
        Route(FLOWS, signed_in(flows_page)),
        Route(SOUNDS, signed_in(send_sound), methods=["POST"]),
        Route(f"{one}/audio", signed_in(hear_sound)),
        Route(f"{one}/replace", signed_in(send_another), methods=["POST"]),
        Route(f"{one}/remove", signed_in(drop_sound), methods=["POST"]),
    ]


async def flows_page(request: Request, desk: Desk) -> Response:
    """All flows, with the numbers they are for, and all sounds that they can play."""
    return await _show(request, desk)


async def send_sound(request: Request, desk: Desk) -> Response:
    """Keep a file under a name of its own."""
    require_change(desk)
    form, files = await read_with_files(request, MOST_FORM_BYTES)
    try:
        await keep_file(request, desk, files.get("file"), form.one("name"))
    except NotASound as error:
        return await _show(request, desk, str(error))
    return RedirectResponse(f"{FLOWS}#sounds", 303)


async def hear_sound(request: Request, desk: Desk) -> Response:
    """The sound as callers hear it."""
    sound_id = request.path_params["sound_id"]
    content = await exchange_of(request).read(lambda connection: content_of(connection, desk.company_id, sound_id))
    if content is None:
        raise _gone()
    return part_of(content, request.headers.get("range"))


async def send_another(request: Request, desk: Desk) -> Response:
    """Put another file in a sound's place."""
    require_change(desk)
    sound_id = request.path_params["sound_id"]
    _form, files = await read_with_files(request, MOST_FORM_BYTES)
    try:
        sound = await _heard(files.get("file"))
    except NotASound as error:
        return await _show(request, desk, str(error))

    def write(connection: Connection) -> None:
        if sound_by_id(connection, desk.company_id, sound_id) is None:
            raise _gone()
        replace_sound(connection, desk.company_id, sound_id, sound.content, sound.seconds, desk.now)

    await exchange_of(request).configure(desk.company_id, write)
    return RedirectResponse(f"{FLOWS}#sounds", 303)


async def drop_sound(request: Request, desk: Desk) -> Response:
    """Remove a sound that no flow plays."""
    require_change(desk)
    await read_form(request)
    sound_id = request.path_params["sound_id"]

    def write(connection: Connection) -> Sequence[str]:
        sound = sound_by_id(connection, desk.company_id, sound_id)
        if sound is None:
            raise _gone()
        playing = _playing(connection, desk).get(sound.name, ())
        if not playing:
            remove_sound(connection, desk.company_id, sound_id)
        return playing

    if playing := await exchange_of(request).configure(desk.company_id, write):
        problem = _("This sound is played by %s. Change that first.") % ", ".join(f"“{each}”" for each in playing)
        return await _show(request, desk, problem)
    return RedirectResponse(f"{FLOWS}#sounds", 303)


async def keep_file(request: Request, desk: Desk, file: SentFile | None, name: str = "") -> str:
    """Keep a file under this name, or its own; the answer is the name it has now. Raises NotASound, Refused."""
    sound = await _heard(file)
    wanted = name or PurePath(file.name if file else "").stem
    write = partial(_keep, desk=desk, sound=sound, wanted=wanted)
    return await exchange_of(request).configure(desk.company_id, write)


def _keep(connection: Connection, desk: Desk, sound: TelephoneSound, wanted: str) -> str:
    taken = {each.name for each in list_sounds(connection, desk.company_id)}
    if len(taken) >= MOST_SOUNDS:
        raise Refused(409, _("There are %s sounds already; remove one first.") % MOST_SOUNDS)
    name = free_name(wanted, taken)
    add_sound(connection, desk.company_id, new_id(desk.now), name, sound.content, sound.seconds, desk.now)
    return name


async def _heard(file: SentFile | None) -> TelephoneSound:
    if file is None:
        raise NotASound(_("Choose a file first: WAV, MP3 or FLAC."))
    return await asyncio.to_thread(telephone_sound, file.content)


async def _show(request: Request, desk: Desk, problem: str = "") -> Response:
    def read(connection: Connection) -> FlowsView:
        flows, sounds = list_flows(connection, desk.company_id).rows, list_sounds(connection, desk.company_id)
        return FlowsView(flows, sounds, _playing(connection, desk))

    view = await exchange_of(request).read(read)
    return page("flows.html", 422 if problem else 200, desk=desk, view=view, problem=problem)


def _playing(connection: Connection, desk: Desk) -> Mapping[str, Sequence[str]]:
    found = {name: [*flows] for name, flows in flows_with(connection, desk.company_id).items()}
    for name in notices_with(connection, desk.company_id):
        found.setdefault(name, []).append(_("the notice of recording"))
    return found


def _gone() -> Refused:
    return Refused(404, _("There is no such sound. Somebody may have removed it."))
