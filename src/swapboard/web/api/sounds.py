"""`/api/v1/sounds`: greetings, menus and notices of a company's own, which flows play as `sound:NAME`."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Base64Bytes, BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.calls.sound import MOST_SOUNDS, Sound, SoundName, file_of
from swapboard.calls.sound_store import (
    add_sound,
    content_of,
    flows_with,
    list_sounds,
    notices_with,
    page_of_sounds,
    remove_sound,
    replace_sound,
    sound_by_id,
)
from swapboard.clock import iso
from swapboard.recordings.uploaded import LARGEST_BYTES, NotASound, TelephoneSound, telephone_sound
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, ListQuery, Message, Moment, PageDocument, found
from swapboard.web.api.line import DEFAULT
from swapboard.web.api.problem import conflict, invalid
from swapboard.web.api.route import ApiRoute


class SoundRoute(ApiRoute):
    """A route that takes a file."""

    most_body_bytes = LARGEST_BYTES * 3 // 2


router = APIRouter(prefix="/sounds", tags=[Resource.SOUNDS], route_class=SoundRoute)

Content = Annotated[
    Base64Bytes,
    Field(
        description="A WAV, MP3 or FLAC file in base64: at most 10 MB, and two minutes of sound.",
        json_schema_extra={"format": "byte"},
    ),
]


class NewSound(Message):
    """A sound to keep."""

    name: SoundName = Field(description="By which flows call it: `sound:NAME` as a step's `file`.")
    content: Content


class SoundChange(Change):
    """Another file for a sound; its name stays, since flows play it by that."""

    content: Content = b""


class SoundDocument(BaseModel):
    """A sound."""

    id: str
    company_id: str
    name: str
    file: str = Field(description="What a step of a flow has as its `file` to play it.")
    seconds: float
    size_bytes: int
    flows: list[str] = Field(description="The names of the flows that play it.")
    recording_notices_of: list[str] = Field(
        description="The tracking numbers whose notice of recording plays it; `default` is all others."
    )
    changed_at: Moment


@router.get("", summary="List sounds, oldest first")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[SoundDocument]:
    """A page of sounds; there are a hundred at most."""

    def read(connection: Connection) -> PageDocument[SoundDocument]:
        playing = _Playing.of(connection, desk)
        page = page_of_sounds(connection, desk.company_id, query.limit, query.cursor)
        data = [_document(each, desk, playing) for each in page.rows]
        return PageDocument(data=data, next_cursor=page.next_cursor)

    return await desk.read(read)


@router.post("", status_code=201, response_model=SoundDocument, summary="Send a sound")
async def create(new: NewSound, desk: ToCreate) -> Response:
    """It is kept as telephones play it: one channel, 16 bits, 8,000 samples a second."""
    sound = await _heard(new.content)

    def write(connection: Connection) -> SoundDocument:
        there = {each.name for each in list_sounds(connection, desk.company_id)}
        if new.name in there:
            detail = f"There is a sound “{new.name}” already: replace its file, or choose another name."
            raise conflict("name_taken", detail)
        if len(there) >= MOST_SOUNDS:
            raise conflict("too_many", f"There are {MOST_SOUNDS} sounds already; remove one first.")
        sound_id = desk.new_id()
        add_sound(connection, desk.company_id, sound_id, new.name, sound.content, sound.seconds, desk.now)
        return _told(connection, desk, sound_id)

    return await desk.create(write)


@router.get("/{sound_id}", summary="One sound")
async def get(sound_id: str, desk: AtDesk) -> SoundDocument:
    """What is known of it."""
    return await desk.read(lambda connection: _told(connection, desk, sound_id))


@router.get(
    "/{sound_id}/content",
    summary="Hear a sound",
    response_class=Response,
    responses={200: {"content": {"audio/wav": {}}}},
)
async def hear(sound_id: str, desk: AtDesk) -> Response:
    """Its WAV file."""
    content = await desk.read(lambda connection: content_of(connection, desk.company_id, sound_id))
    return Response(found(content, "sound"), media_type="audio/wav")


@router.patch("/{sound_id}", summary="Replace a sound's file")
async def change(sound_id: str, message: SoundChange, desk: AtDesk) -> SoundDocument:
    """The flows that play it play this from the next call on."""
    sound = await _heard(message.content) if "content" in message.model_fields_set else None

    def write(connection: Connection) -> SoundDocument:
        _found(connection, desk, sound_id)
        if sound is not None:
            replace_sound(connection, desk.company_id, sound_id, sound.content, sound.seconds, desk.now)
        return _told(connection, desk, sound_id)

    return await desk.change(write)


@router.delete("/{sound_id}", status_code=204, summary="Remove a sound")
async def remove(sound_id: str, desk: AtDesk) -> None:
    """Refused (409) while a flow plays it, or a notice of recording."""

    def write(connection: Connection) -> None:
        sound = _found(connection, desk, sound_id)
        if players := _Playing.of(connection, desk).players(sound.name):
            raise conflict("in_use", f"It is played by {', '.join(players)}; change that first.")
        remove_sound(connection, desk.company_id, sound_id)

    await desk.change(write)


async def _heard(content: bytes) -> TelephoneSound:
    try:
        return await asyncio.to_thread(telephone_sound, content)
    except NotASound as error:
        raise invalid("content", str(error)) from None


def _told(connection: Connection, desk: Desk, sound_id: str) -> SoundDocument:
    sound = _found(connection, desk, sound_id)
    return _document(sound, desk, _Playing.of(connection, desk))


def _found(connection: Connection, desk: Desk, sound_id: str) -> Sound:
    return found(sound_by_id(connection, desk.company_id, sound_id), "sound")


@dataclass(frozen=True, slots=True)
class _Playing:
    """What plays sounds, by their names."""

    flows: Mapping[str, Sequence[str]]
    notices: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, connection: Connection, desk: Desk) -> "_Playing":
        return cls(flows_with(connection, desk.company_id), notices_with(connection, desk.company_id))

    def notices_of(self, name: str) -> list[str]:
        return [line or DEFAULT for line in self.notices.get(name, ())]

    def players(self, name: str) -> list[str]:
        notices = [f"the recording notice of {line}" for line in self.notices_of(name)]
        return [*self.flows.get(name, ()), *notices]


def _document(sound: Sound, desk: Desk, playing: _Playing) -> SoundDocument:
    return SoundDocument(
        id=sound.sound_id,
        company_id=desk.company_id,
        name=sound.name,
        file=file_of(sound.name),
        seconds=sound.seconds,
        size_bytes=sound.size_bytes,
        flows=list(playing.flows.get(sound.name, ())),
        recording_notices_of=playing.notices_of(sound.name),
        changed_at=iso(sound.changed_at),
    )
