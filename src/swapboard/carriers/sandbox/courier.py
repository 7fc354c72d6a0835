"""Brings webhooks to our doors: signed as the carrier signs, tried again when it fails."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

import httpx

from swapboard.carriers.sandbox.dialect import Answer, Sent, Webhook
from swapboard.carriers.sandbox.dialling import Line
from swapboard.clock import Clock

Sleep: TypeAlias = Callable[[float], Awaitable[None]]

TIMEOUT_SECONDS = 15.0
"""Twilio's own (https://www.twilio.com/docs/api/errors/11205)."""


class Undelivered(Exception):
    """The door did not take a webhook; the message says what it did instead."""


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers for one line."""

    http: httpx.AsyncClient
    clock: Clock
    sleep: Sleep
    timeout_seconds: float = TIMEOUT_SECONDS

    async def deliver(self, line: Line, webhook: Webhook, attempts: int) -> Answer:
        """Bring a webhook, after 1, 2, 4 … seconds again; a 4xx is final. Raises Undelivered."""
        for attempt in range(1, attempts + 1):
            try:
                return await self._bring(line.dialect.sent(webhook, self.clock()))
            except _Fails as failure:
                if failure.final or attempt == attempts:
                    raise Undelivered(f"{failure} at {webhook.url}") from failure
            await self.sleep(2 ** (attempt - 1))
        raise AssertionError("at least one attempt is made")

    async def _bring(self, sent: Sent) -> Answer:
        try:
            async with asyncio.timeout(self.timeout_seconds):
                answer = await self.http.request(
                    sent.method, sent.url, content=sent.body or None, headers=dict(sent.headers)
                )
        except (TimeoutError, httpx.TimeoutException) as error:
            raise _Fails("no answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _Fails(f"no connection ({error})") from error
        if not answer.is_success:
            raise _Fails(f"HTTP {answer.status_code}", final=answer.status_code < 500)
        return Answer(sent.url, answer.content, answer.headers.get("content-type", ""))


class _Fails(Exception):
    def __init__(self, words: str, *, final: bool = False) -> None:
        super().__init__(words)
        self.final = final
