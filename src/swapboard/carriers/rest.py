"""The way to a carrier's REST API: what may be asked twice, whose fault a refusal is, the carrier's own words."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Timer
from typing import Any, TypeVar

import httpx
import stamina

from swapboard.carriers.base import CarrierError, Fault
from swapboard.trust import authorities

TIMEOUT_SECONDS = 10.0
PATIENCE = 10.0
"""A time-out is for each piece of an answer; all of it may take so many times as long."""
MOST_BYTES = 512 * 1024 * 1024
"""A recorded talk of more than four hours, with a channel for each side."""
LONGEST_WORDS = 500
_PASSING_STATUSES = frozenset((408, 425, 429))
UNDONE_STATUSES = frozenset((429, 503))
"""Turned away before anything was done."""
_OF_TRANSPORT = frozenset(("content-encoding", "content-length", "transfer-encoding"))
_ACCOUNT_STATUSES = frozenset((401, 402, 403))
_patient_caller = stamina.RetryingCaller(attempts=3, timeout=30.0, wait_initial=0.2, wait_max=2.0)

T = TypeVar("T")


def fault_of(status: int) -> Fault:
    """Whose fault an answer with this HTTP status is: 429 and 5xx pass, other 4xx do not."""
    if not 400 <= status < 500 or status in _PASSING_STATUSES:
        return Fault.CARRIER
    return Fault.ACCOUNT if status in _ACCOUNT_STATUSES else Fault.REQUEST


def is_missing(error: CarrierError) -> bool:
    """True when what was asked about is not there (any more)."""
    return str(error).endswith("(HTTP 404)")


def may_pass(error: Exception) -> bool:
    """True when asking again may help."""
    return isinstance(error, CarrierError) and not error.permanent


def whole(
    client: httpx.Client, method: str, path: str, timeout_seconds: float, sent: Mapping[str, Any]
) -> httpx.Response:
    """The answer with its body; a host that drips or sends without an end is left. Raises httpx.HTTPError."""
    until = time.monotonic() + PATIENCE * timeout_seconds
    body = bytearray()
    with (
        _left_after(client, PATIENCE * timeout_seconds),
        client.stream(method, path, timeout=timeout_seconds, **sent) as answer,
    ):
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > MOST_BYTES:
                raise AnswerTooLarge(f"more than {MOST_BYTES} bytes", request=answer.request)
            if time.monotonic() > until:
                raise httpx.ReadTimeout("the body does not end", request=answer.request)
        # What was packed is unpacked here.
        headers = [(name, value) for name, value in answer.headers.multi_items() if name not in _OF_TRANSPORT]
        return httpx.Response(answer.status_code, headers=headers, content=bytes(body), request=answer.request)


@contextmanager
def _left_after(client: httpx.Client, seconds: float) -> Iterator[None]:
    """Close the connection under a host that drips its headers: each piece is in time. Raises ReadTimeout."""
    is_left = Event()

    def leave() -> None:
        is_left.set()
        client.close()

    timer = Timer(seconds, leave)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        # Whatever a connection says that is closed while it is read.
        if is_left.is_set():
            raise httpx.ReadTimeout("the answer does not end") from error
        raise
    finally:
        timer.cancel()


class AnswerTooLarge(httpx.TransportError):
    """An answer that nobody would wait for."""


def up_to_three_times(ask: Callable[[], T]) -> T:
    """Ask again while the failure may pass: only for what may be asked twice. Raises CarrierError."""
    return _patient_caller(may_pass, ask)


@dataclass(frozen=True, slots=True)
class Rest:
    """One account's requests to its carrier's API."""

    carrier: str
    """What people call it, for messages."""
    url: str
    words: Callable[[httpx.Response], str]
    """The reason in a refusal, in the carrier's own words; may raise ValueError, TypeError, KeyError."""
    auth: httpx.Auth | None = field(default=None, repr=False)
    timeout_seconds: float = TIMEOUT_SECONDS
    follows_redirects: bool = False
    """For files, which may lie in a store elsewhere; what shows who we are is not shown there."""

    def read(self, path: str, params: Mapping[str, str | int] | None = None) -> httpx.Response:
        """Ask for something, up to three times; an address with a host is taken as it is. Raises CarrierError."""
        return up_to_three_times(lambda: self.once("GET", path, params=params))

    def patiently(self, method: str, path: str, **sent: object) -> httpx.Response:
        """Ask for a change that may be made twice, up to three times. Raises CarrierError."""
        return up_to_three_times(lambda: self.once(method, path, **sent))

    def once(self, method: str, path: str, **sent: object) -> httpx.Response:
        """Ask once: whatever costs money. `sent` is httpx's `params`, `json`, `data`, `content`, `headers`."""
        try:
            with httpx.Client(
                base_url=self.url,
                auth=self.auth,
                verify=authorities(),
                follow_redirects=self.follows_redirects,
            ) as client:
                answer = whole(client, method, path, self.timeout_seconds, sent)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            words = f"{self.carrier} did not answer: {type(error).__name__}."
            is_undone = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            raise CarrierError(words, Fault.CARRIER, is_undone=is_undone) from error
        if not answer.is_success:
            raise self.refusal(answer)
        return answer

    def refusal(self, answer: httpx.Response) -> CarrierError:
        """The error that such an answer is."""
        try:
            words = self.words(answer).strip()
        except (ValueError, TypeError, KeyError, AttributeError, IndexError):
            words = ""
        words = words[:LONGEST_WORDS] or "the request was refused without a reason"
        told = f"{self.carrier}: {words} (HTTP {answer.status_code})"
        return CarrierError(told, fault_of(answer.status_code), is_undone=answer.status_code in UNDONE_STATUSES)

    def object(self, answer: httpx.Response) -> dict[str, Any]:
        """The JSON object that such an answer is. Raises CarrierError."""
        try:
            found = answer.json()
        except ValueError as error:
            raise self.unreadable() from error
        if not isinstance(found, dict):
            raise self.unreadable()
        return found

    def unreadable(self) -> CarrierError:
        """The error that an answer without sense is."""
        return CarrierError(f"{self.carrier}'s answer could not be read.", Fault.CARRIER)
