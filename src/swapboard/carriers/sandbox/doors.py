"""Our doors as one simulated call meets them: asked what to do, told what happens, with what went wrong."""

import random

from swapboard.carriers.sandbox.courier import Courier, Undelivered
from swapboard.carriers.sandbox.dialect import Webhook
from swapboard.carriers.sandbox.dialling import LOSE_ALL, DialRequest, Line
from swapboard.carriers.sandbox.verbs import DocumentProblem, Verb

ROUTING_ATTEMPTS = 2
STATUS_ATTEMPTS = 3


class ApplicationError(Exception):
    """Our doors gave no document that can be carried out: the caller hears "an application error has occurred"."""


class Doors:
    """One line's doors during one call, with the duplicates and the disorder that the caller asked for."""

    def __init__(self, line: Line, request: DialRequest, courier: Courier) -> None:
        self.problems: list[str] = []
        self._line = line
        self._request = request
        self._courier = courier
        self._sleep = courier.sleep
        self._held: list[Webhook] = []

    async def ask(self, webhook: Webhook) -> tuple[Verb, ...]:
        """The verbs of a door's document; if it has none, of the fallback's. Raises ApplicationError."""
        fallback_url = self._line.fallback_url
        try:
            return await self._document(webhook)
        except (Undelivered, DocumentProblem) as error:
            if fallback_url is None:
                raise ApplicationError(str(error)) from error
            self.problems.append(f"the fallback was asked, for {error}")
            is_delivered = isinstance(error, DocumentProblem)
        try:
            return await self._document(self._line.dialect.asked_again(fallback_url, webhook, is_delivered))
        except (Undelivered, DocumentProblem) as error:
            raise ApplicationError(str(error)) from error

    async def tell(self, webhook: Webhook | None, about: str) -> None:
        """A status callback, with its duplicates: now, or held back until the end, or lost."""
        if webhook is None or about in self._request.lost or LOSE_ALL in self._request.lost:
            return
        copies = [webhook] * (1 + self._request.duplicates)
        if self._request.shuffle or self._request.late_seconds:
            self._held += copies
            return
        for copy in copies:
            await self._bring(copy)

    async def tell_what_was_held(self, seed: str) -> None:
        """The status callbacks that were held back, late or in no order."""
        await self._sleep(self._request.late_seconds)
        if self._request.shuffle:
            random.Random(seed).shuffle(self._held)  # noqa: S311 the same call is shuffled alike
        for webhook in self._held:
            await self._bring(webhook)

    async def _document(self, webhook: Webhook) -> tuple[Verb, ...]:
        answer = await self._courier.deliver(self._line, webhook, ROUTING_ATTEMPTS)
        for _ in range(self._request.duplicates):
            again = await self._courier.deliver(self._line, webhook, ROUTING_ATTEMPTS)
            if again.body != answer.body:
                self.problems.append(f"the same request had two different answers at {webhook.url}")
        return self._line.dialect.verbs(answer)

    async def _bring(self, webhook: Webhook) -> None:
        try:
            await self._courier.deliver(self._line, webhook, STATUS_ATTEMPTS)
        except Undelivered as error:
            self.problems.append(f"a status callback was lost: {error}")
