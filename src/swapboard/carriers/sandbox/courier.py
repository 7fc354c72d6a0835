"""Brings webhooks to our doors: signed as Twilio signs, tried again when it fails."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlencode

import httpx
from twilio.request_validator import RequestValidator

from swapboard.carriers.sandbox.dialling import Line

Sleep: TypeAlias = Callable[[float], Awaitable[None]]

TIMEOUT_SECONDS = 15.0
"""Twilio's own (https://www.twilio.com/docs/api/errors/11205)."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request to one of our doors."""

    url: str
    parameters: Mapping[str, str]
    method: str = "POST"
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    """The same whenever the request is sent again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door said."""

    url: str
    body: bytes
    media_type: str


class Undelivered(Exception):
    """The door did not take a webhook; the message says what it did instead."""


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers for one line."""

    http: httpx.AsyncClient
    sleep: Sleep
    timeout_seconds: float = TIMEOUT_SECONDS

    async def deliver(self, line: Line, webhook: Webhook, attempts: int) -> Answer:
        """Bring a webhook, after 1, 2, 4 … seconds again; a 4xx is final. Raises Undelivered."""
        for attempt in range(1, attempts + 1):
            try:
                return await self._bring(line, webhook)
            except _Fails as failure:
                if failure.final or attempt == attempts:
                    raise Undelivered(f"{failure} at {webhook.url}") from failure
            await self.sleep(2 ** (attempt - 1))
        raise AssertionError("at least one attempt is made")

    async def _bring(self, line: Line, webhook: Webhook) -> Answer:
        url, form = webhook.url, dict(webhook.parameters)
        if webhook.method == "GET":
            url, form = f"{url}{'&' if '?' in url else '?'}{urlencode(form)}", {}
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": webhook.token,
            "X-Twilio-Signature": RequestValidator(line.auth_token).compute_signature(url, form),
        }
        try:
            async with asyncio.timeout(self.timeout_seconds):
                answer = await self.http.request(webhook.method, url, data=form or None, headers=headers)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise _Fails("no answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _Fails(f"no connection ({error})") from error
        if not answer.is_success:
            raise _Fails(f"HTTP {answer.status_code}", final=answer.status_code < 500)
        return Answer(url, answer.content, answer.headers.get("content-type", ""))


class _Fails(Exception):
    def __init__(self, words: str, *, final: bool = False) -> None:
        super().__init__(words)
        self.final = final
