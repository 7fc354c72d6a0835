"""A request comes whole in good time, or its connection goes: bit by bit without an end it would stay for ever.

uvicorn waits for headers and bodies as long as anything comes, and takes as many headers as are sent.
"""

from asyncio import TimerHandle, Transport
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_BESIDE_BYTES = 64 * 1024
"""Of headers, trailers and whatever parts the pieces of a body; browsers and carriers send a few thousand."""
GRACE_SECONDS = 20.0
LEAST_BYTES_PER_SECOND = 500
"""What comes so fast has longer than that: the slowest connections, as Apache's mod_reqtimeout has them."""


class WholeRequests(HttpToolsProtocol):
    """One connection. Nothing is timed of a request that comes in one piece, as almost all do."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._is_in_head = self._is_coming = True
        self._came = self._beside = 0
        self._got_on = False
        """Whether what came last ended a request, or was of a body."""
        self._began = self.loop.time()
        self._timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # As uvicorn's own.
        super().connection_made(transport)
        self._watch(GRACE_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._got_on = False
        super().data_received(data)
        if self.transport.is_closing():
            return
        self._beside = 0 if self._got_on else self._beside + len(data)
        if not self._is_coming:
            self._idle()
            return
        # What nobody reads any more is worth no time: the answer is out.
        self._came += len(data) if self._is_in_head or not self.cycle.response_complete else 0
        if self._beside > MOST_BESIDE_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are longer than 64 kB.")
        elif self._timer is None:
            self._watch(GRACE_SECONDS)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head = self._is_coming = True
        self._came, self._began = 0, self.loop.time()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._is_in_head = False

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._got_on = True

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._is_coming, self._got_on = False, True
        self._rest()

    def _idle(self) -> None:
        """uvicorn no longer waits for the next request once anything comes; an empty line is none."""
        if self.cycle.response_complete and self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _watch(self, seconds: float) -> None:
        self._timer = self.loop.call_later(seconds, self._look)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if self.transport.is_closing():
            return
        if self.flow.read_paused:
            # It is we who are slow.
            self._began = self.loop.time()
        left = self._began + GRACE_SECONDS + self._came / LEAST_BYTES_PER_SECOND - self.loop.time()
        if left > 0:
            self._watch(left)
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The request did not come in time.")

    def _refuse(self, status: HTTPStatus, words: str) -> None:
        """Say why, where something came and nothing was answered yet, and close.

        Browsers connect before they ask, and take what they find there for the answer to what they ask then.
        """
        if self._came and not self._is_answering():
            lines = [
                f"HTTP/1.1 {status} {status.phrase}",
                "content-type: text/plain; charset=utf-8",
                f"content-length: {len(words)}",
                "connection: close",
            ]
            self.transport.write("\r\n".join([*lines, "", words]).encode("ascii"))
        self.transport.close()

    def _is_answering(self) -> bool:
        """Whether something was said that words of ours would stand in the middle of, or before."""
        if self.pipeline or self.cycle is None:
            return bool(self.pipeline)
        return not self.cycle.response_complete if self._is_in_head else self.cycle.response_started
