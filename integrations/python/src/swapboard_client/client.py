"""Asks the Swapboard server. It never raises and never takes long: without an answer the page keeps its number."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from threading import Lock

import anyio
import anyio.to_thread
import httpx

from swapboard_client.record import NOTHING, Answer, Arrival, read_answer

log = logging.getLogger(__name__)

LONGEST_ANSWER_BYTES = 64 * 1024
_OF_THIS_VISIT = {400, 403, 413, 422, 429}
"""Refused for what the visitor's own request says, such as a scanner's `Host`, or how often it comes."""
Consent = Callable[[Mapping[str, str]], str | None]


class Swapboard:
    """One site at a Swapboard server.

    `url` is the server's address, `site_id` the site's id at its API, `key` an API key with the role `site`.
    `timeout_seconds` is how long a page waits for a connection, and then for the answer; after a failure nobody is
    asked for `rest_seconds`.
    `consent` gets the visitor's cookies and answers `granted` or `denied`, for sites that wait for consent.
    `targets` are the numbers that the pages show; without them the server takes all of the company's.
    """

    def __init__(
        self,
        url: str,
        *,
        site_id: str,
        key: str,
        timeout_seconds: float = 0.3,
        rest_seconds: float = 10,
        consent: Consent | None = None,
        targets: tuple[str, ...] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = f"{url.rstrip('/')}/api/v1/sites/{site_id}/visit"
        self._timeout_seconds = timeout_seconds
        self._rest_seconds = rest_seconds
        self._consent = consent
        self._targets = targets
        self._clock = clock
        self._resting_until = 0.0
        self._silent_until = 0.0
        self._lock = Lock()
        self._http = httpx.Client(timeout=timeout_seconds, headers={"Authorization": f"Bearer {key}"})

    def visit(self, arrival: Arrival) -> Answer:
        """The numbers for a visitor; nothing when there is no answer in time."""
        if self._clock() < self._resting_until:
            return NOTHING
        try:
            return self._ask(arrival)
        except Exception as error:
            self._rest(error)
            return NOTHING

    async def visit_async(self, arrival: Arrival) -> Answer:
        """The same, without blocking the event loop."""
        answer = NOTHING
        with anyio.move_on_after(self._timeout_seconds) as scope:
            answer = await anyio.to_thread.run_sync(self.visit, arrival, abandon_on_cancel=True)
        if scope.cancelled_caught:
            self._rest(TimeoutError(f"no answer within {self._timeout_seconds} s"))
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _ask(self, arrival: Arrival) -> Answer:
        until = self._clock() + self._timeout_seconds
        with self._http.stream("POST", self._address, json=self._message(arrival)) as response:
            body = b""
            for chunk in response.iter_bytes():
                body += chunk
                if self._clock() > until or len(body) > LONGEST_ANSWER_BYTES:
                    raise TimeoutError("the answer takes too long")
        if response.status_code in _OF_THIS_VISIT:
            self._note_refusal(f"{response.status_code} {body[:300].decode(errors='replace')}")
            return NOTHING
        if response.status_code != httpx.codes.OK:
            raise RuntimeError(f"{response.status_code} {body[:300].decode(errors='replace')}")
        return read_answer(json.loads(body))

    def _message(self, arrival: Arrival) -> dict[str, object]:
        consent = {"consent": self._consent(arrival.cookies)} if self._consent else {}
        targets = {"targets": list(self._targets)} if self._targets is not None else {}
        return {**arrival.message(), **consent, **targets}

    def _note_refusal(self, reason: str) -> None:
        """Once in a while: a key of another role is refused so as well, and scanners come in crowds."""
        with self._lock:
            now = self._clock()
            if now < self._silent_until:
                return
            self._silent_until = now + self._rest_seconds
        log.warning("Swapboard refused a visit, whose page keeps its numbers: %s", reason)

    def _rest(self, error: Exception) -> None:
        with self._lock:
            now = self._clock()
            if now < self._resting_until:
                return
            self._resting_until = now + self._rest_seconds
        log.warning("no numbers from Swapboard, pages keep their own for %s s: %s", self._rest_seconds, error)
