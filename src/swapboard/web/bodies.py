"""Reads request bodies with a limit, and answers what is wrong with one in plain JSON."""

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from swapboard.language import _

_JSON_HEADERS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}


class Refused(Exception):
    """A request that is not accepted, and why; `status` is the HTTP status."""

    def __init__(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers or {}


async def read_body(request: Request, limit: int) -> bytes:
    """The body, if it is not longer than `limit` bytes. Raises Refused (413)."""
    declared = request.headers.get("content-length", "0")
    # So many digits that it is no number to Python are too many bytes, too.
    if not (declared.isascii() and declared.isdigit() and len(declared) < 20) or int(declared) > limit:
        raise Refused(413, _("The body must not be longer than %s bytes.") % limit)
    # Joined at the end: a file of megabytes would be copied anew with each of its hundreds of pieces.
    chunks, length = [], 0
    async for chunk in request.stream():
        chunks.append(chunk)
        length += len(chunk)
        if length > limit:
            raise Refused(413, _("The body must not be longer than %s bytes.") % limit)
    return b"".join(chunks)


def json_answer(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer that any site's page may read."""
    return Response(to_json(value), status, {**_JSON_HEADERS, **(headers or {})}, media_type="application/json")


def refusal(refused: Refused) -> Response:
    """Says what was wrong."""
    return json_answer({"error": refused.reason}, refused.status, refused.headers)
