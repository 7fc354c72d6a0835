"""Lists without pages: JSON Lines, written while they are read, so that neither side holds all of it.

An export that breaks off is gone on with: `after` names the last line that arrived.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import StreamingResponse

from swapboard.accounts.audit import Act, note
from swapboard.web.api.desk import Desk
from swapboard.web.api.fields import PageDocument
from swapboard.web.api.problem import NO_STORE

MEDIA_TYPE = "application/x-ndjson"
LINES_AT_ONCE = 200
AFTER = "The `id` in the last line that arrived: begins after it. Without it, at the newest."


def described(line: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """What the description says of the answer; each line is such a document."""
    text = {"schema": {"type": "string", "description": f"A `{line.__name__}` in each line."}}
    return {200: {"content": {MEDIA_TYPE: text}, "description": "JSON Lines, the newest first."}}


async def exported(
    desk: Desk, page_after: Callable[[Connection, str | None], PageDocument[Any]], cursor: str | None
) -> StreamingResponse:
    """All that is after the cursor, once the journal has it. What is wrong with the question is told before."""
    first = await desk.read(lambda connection: page_after(connection, cursor))
    who, what = desk.caller.known_as, desk.sent.deed
    await desk.exchange.change(
        lambda connection: note(connection, desk.company_id, who, Act.EXPORTED, what, desk.now)
    )

    async def lines() -> AsyncIterator[str]:
        page = first
        while True:
            yield "".join(f"{each.model_dump_json(by_alias=True)}\n" for each in page.data)
            if page.next_cursor is None:
                return
            page = await desk.read(_look(page_after, page.next_cursor))

    return StreamingResponse(lines(), headers=NO_STORE, media_type=MEDIA_TYPE)


def _look(
    page_after: Callable[[Connection, str | None], PageDocument[Any]], cursor: str
) -> Callable[[Connection], PageDocument[Any]]:
    return lambda connection: page_after(connection, cursor)
