"""The load generator of `swapboard bench`, against a small server."""

import asyncio

import pytest

from swapboard.bench.load import press

ANSWER = b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n"
SECONDS, PER_SECOND = 1.0, 30.0


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_who_answers_late_but_all_keeps_up() -> None:
    """The last answers come a second after the last request, which is no smaller load."""
    over = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.readline():
            await over.wait()
            writer.write(ANSWER)
            await reader.read()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        asyncio.get_running_loop().call_later(2 * SECONDS, over.set)
        figures = await press(
            port, lambda _: b"GET / HTTP/1.1\r\n\r\n", b" 204 ", round(PER_SECOND), SECONDS, PER_SECOND
        )
    assert figures.unexpected == 0
    assert figures.per_second > PER_SECOND * 0.7
