"""A recording's sound as an answer, whole or in the part that a player asks for."""

import re
from collections.abc import Iterator
from itertools import chain

from starlette.responses import Response, StreamingResponse

from swapboard.recordings.chunks import Damaged
from swapboard.recordings.recording import Recording, State
from swapboard.recordings.shelf import Shelf
from swapboard.web.bodies import Refused

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def sound(shelf: Shelf, recording: Recording, wanted: str | None) -> Response:
    """The bytes that the `Range` header asks for (RFC 9110, 14.2; one range only). Raises Refused.

    The first chunk is read before anything is answered, so that a damaged or lost file is no broken player.
    """
    size, key, media_type = recording.size_bytes, recording.file_key, recording.media_type
    if recording.state is not State.KEPT or size is None or key is None or media_type is None:
        raise Refused(404, "This recording is not here.")
    first, last = _part(wanted, size)
    status, headers = _head(first, last, size, wanted)
    chunks = _begun(shelf, recording, key, first, last)
    return StreamingResponse(chunks, status, headers, media_type=media_type)


def part_of(content: bytes, wanted: str | None) -> Response:
    """A WAV file that is at hand, whole or in the part that the `Range` header asks for. Raises Refused.

    Some browsers play nothing that cannot be had in parts.
    """
    first, last = _part(wanted, len(content))
    status, headers = _head(first, last, len(content), wanted)
    return Response(content[first : last + 1], status, headers, media_type="audio/wav")


def _head(first: int, last: int, size: int, wanted: str | None) -> tuple[int, dict[str, str]]:
    """The answer's status and headers."""
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(last - first + 1)}
    if wanted is None:
        return 200, headers
    return 206, headers | {"Content-Range": f"bytes {first}-{last}/{size}"}


def _begun(shelf: Shelf, recording: Recording, key: str, first: int, last: int) -> Iterator[bytes]:
    try:
        chunks = shelf.read(recording.company_id, recording.recording_id, key, first, last)
        begin = next(chunks, b"")
    except (OSError, Damaged):
        raise Refused(
            500, "The file of this recording is lost or damaged: is the recordings folder in place, with its key?"
        ) from None
    return chain((begin,), chunks)


def _part(wanted: str | None, size: int) -> tuple[int, int]:
    """First and last byte; the whole for a header that we do not understand. Raises Refused (416)."""
    found = _RANGE.fullmatch(wanted.replace(" ", "")) if wanted else None
    if found is None or not any(found.groups()):
        return 0, size - 1
    begin, end = found.groups()
    first = int(begin) if begin else max(0, size - int(end))
    last = min(int(end), size - 1) if begin and end else size - 1
    if first >= size or first > last:
        raise Refused(416, "The recording has no such part.", {"Content-Range": f"bytes */{size}"})
    return first, last
