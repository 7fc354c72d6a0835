"""How the client asks: once more where that is safe and likely to help, and with a key for what is made."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx

from swapboard_client.api.problem import ApiError, problem_of

Item_co = TypeVar("Item_co", covariant=True)
Item = TypeVar("Item")
_WAIT = {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}
_LONGEST_WAIT_SECONDS = 60


class Transport:
    """One server, asked as one key.

    A request that the server had no time for (429, 503) is sent again after the time that it says, `tries` times
    in all; one that got no answer too, if it may be sent twice.
    """

    def __init__(self, http: httpx.Client, *, tries: int = 3, sleep: Callable[[float], None] = time.sleep) -> None:
        self._http = http
        self._tries = tries
        self._sleep = sleep

    @staticmethod
    def _part(text: str) -> str:
        """A part of an address: whatever is in it, it leads nowhere else. Raises ValueError for what is no id."""
        if text in {"", ".", ".."}:
            # Sent as they are, these would name what stands above.
            raise ValueError(f"{text!r} is no id.")
        return quote(text, safe="")

    def _json(self, method: str, path: str, **given: Any) -> Any:
        return self._ask(method, path, **given).json()

    def _bytes(self, method: str, path: str, **given: Any) -> bytes:
        return self._ask(method, path, **given).content

    def _lines(self, method: str, path: str, *, params: Mapping[str, Any] | None = None) -> Iterator[str]:
        """Lines as they come; one that broke off is none."""
        with closing(self._ask(method, path, params=params, is_streamed=True)) as response:
            yield from response.iter_lines()

    def _nothing(self, method: str, path: str, **given: Any) -> None:
        self._ask(method, path, **given)

    def _each(self, page_after: Callable[[str | None], Any]) -> Iterator[Any]:
        """Every item of a list, asked for page by page as it is needed."""
        cursor: str | None = None
        while True:
            page = page_after(cursor)
            yield from page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        idempotency_key: str | None = None,
        is_kept: bool = False,
        is_streamed: bool = False,
    ) -> httpx.Response:
        headers = {"Idempotency-Key": idempotency_key or str(uuid4())} if is_kept else {}
        request = self._http.build_request(method, path, params=_written(params or {}), json=body, headers=headers)
        may_repeat = is_kept or method in {"GET", "PUT", "DELETE"}
        for tries_left in reversed(range(self._tries)):
            try:
                return self._sent(request, is_streamed)
            except httpx.TransportError:
                if not (tries_left and may_repeat):
                    raise
                self._sleep(1)
            except ApiError as refused:
                if not tries_left or refused.status not in _WAIT:
                    raise
                self._sleep(min(refused.retry_after_seconds or 1, _LONGEST_WAIT_SECONDS))
        raise AssertionError("there is at least one try")

    def _sent(self, request: httpx.Request, is_streamed: bool) -> httpx.Response:
        response = self._http.send(request, stream=is_streamed)
        if response.is_success:
            return response
        response.read()
        raise problem_of(response)


def _written(params: Mapping[str, Any]) -> dict[str, Any]:
    """Without what was not given; true and false as JSON has them."""
    return {name: _text(value) for name, value in params.items() if value is not None}


def _text(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, bool) else value
