"""Our doors as one simulated call meets them: asked what to do, told what happens, with what went wrong."""

import random

from swapboard.carriers.sandbox.courier import Courier, Undelivered, Webhook
from swapboard.carriers.sandbox.dialling import DialRequest, Line
from swapboard.carriers.sandbox.instructions import TwimlProblem, Verb, instructions

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
        self._held: list[Webhook] = []

    async def ask(self, webhook: Webhook) -> tuple[Verb, ...]:
        """The verbs of a door's document; if it has none, of the fallback's. Raises ApplicationError.

        The fallback gets ErrorCode and ErrorUrl (https://www.twilio.com/docs/usage/webhooks/voice-webhooks).
        """
        fallback_url = self._line.fallback_url
        try:
            return await self._document(webhook)
        except (Undelivered, TwimlProblem) as error:
            if fallback_url is None:
                raise ApplicationError(str(error)) from error
            self.problems.append(f"the fallback was asked, for {error}")
            code = "11200" if isinstance(error, Undelivered) else "12100"
        own = {name: value for name, value in webhook.parameters.items() if not name.startswith("Dial")}
        try:
            return await self._document(Webhook(fallback_url, own | {"ErrorCode": code, "ErrorUrl": webhook.url}))
        except (Undelivered, TwimlProblem) as error:
            raise ApplicationError(str(error)) from error

    async def tell(self, webhook: Webhook) -> None:
        """A status callback, with its duplicates: now, or held back until the end."""
        copies = [webhook] * (1 + self._request.duplicates)
        if self._request.shuffle:
            self._held += copies
            return
        for copy in copies:
            await self._bring(copy)

    async def tell_what_was_held(self, seed: str) -> None:
        """The status callbacks that were held back, in no order."""
        random.Random(seed).shuffle(self._held)  # noqa: S311 the same call is shuffled alike
        for webhook in self._held:
            await self._bring(webhook)

    async def _document(self, webhook: Webhook) -> tuple[Verb, ...]:
        answer = await self._courier.deliver(self._line, webhook, ROUTING_ATTEMPTS)
        for _ in range(self._request.duplicates):
            again = await self._courier.deliver(self._line, webhook, ROUTING_ATTEMPTS)
            if again.body != answer.body:
                self.problems.append(f"the same request had two different answers at {webhook.url}")
        return instructions(answer.body, answer.media_type, answer.url)

    async def _bring(self, webhook: Webhook) -> None:
        try:
            await self._courier.deliver(self._line, webhook, STATUS_ATTEMPTS)
        except Undelivered as error:
            self.problems.append(f"a status callback was lost: {error}")
