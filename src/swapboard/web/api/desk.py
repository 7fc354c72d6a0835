"""What an endpoint works with: who asks, in which company, and a way to the database that is always scoped."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, TypeVar

from fastapi import Depends, Header
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.accounts.actor import Actor
from swapboard.accounts.answers import Answer, keep_answer, kept_answer
from swapboard.accounts.audit import Act, note
from swapboard.accounts.company import Company, Role
from swapboard.clock import Millis
from swapboard.storage.ids import new_id
from swapboard.switchboard.exchange import Exchange
from swapboard.web.api.caller import Caller
from swapboard.web.api.problem import NO_STORE, Problem, invalid

Result = TypeVar("Result")

IDEMPOTENCY_HEADER = "idempotency-key"
LONGEST_IDEMPOTENCY_KEY = 200
KEY_PATTERN = rf"^[!-~]{{1,{LONGEST_IDEMPOTENCY_KEY}}}$"
_KEY = re.compile(KEY_PATTERN)


@dataclass(frozen=True, slots=True)
class Sent:
    """What identifies a request that may be sent twice: the client's key for it, and what was sent."""

    idempotency_key: str | None
    request_hash: str
    deed: str
    """The method and the address: what the journal says."""


@dataclass(frozen=True)
class Desk:
    """One request of one caller."""

    exchange: Exchange
    caller: Caller
    sent: Sent
    now: Millis
    is_noted: bool = True
    """Whether the journal is to say what it changes; some things note themselves, and visits are none."""

    @property
    def company(self) -> Company:
        return self.caller.company

    @property
    def company_id(self) -> str:
        return self.caller.company.company_id

    @property
    def role(self) -> Role:
        return self.caller.role

    @property
    def actor(self) -> Actor:
        """Who lets others in, or shuts them out."""
        return Actor(self.caller.known_as, self.role, key=self.caller.key)

    def new_id(self) -> str:
        """A fresh identifier."""
        return new_id(self.now)

    async def read(self, look: Callable[[Connection], Result]) -> Result:
        """Look something up."""
        return await self.exchange.read(look)

    async def change(self, change: Callable[[Connection], Result], company_id: str | None = None) -> Result:
        """Change the set-up of the company acted in, or of another of the account; all or nothing."""
        where = company_id or self.company_id
        return await self.exchange.configure(where, self._noted(change, where))

    async def write(self, write: Callable[[Connection], Result]) -> Result:
        """Change what happened, or what is said of it: nothing that routes calls or shows numbers."""
        return await self.exchange.change(self._noted(write, self.company_id))

    def _noted(self, change: Callable[[Connection], Result], company_id: str) -> Callable[[Connection], Result]:
        """The change, and in the journal whose it was."""

        def both(connection: Connection) -> Result:
            result = change(connection)
            if self.is_noted:
                note(connection, company_id, self.caller.known_as, Act.CHANGED, self.sent.deed, self.now)
            return result

        return both

    async def create(self, create: Callable[[Connection], BaseModel], status: int = 201) -> Response:
        """Do it once, however often the request comes with its Idempotency-Key, and answer alike each time.

        The answer is kept in the transaction that does it. Raises Problem (422) when the key came with another
        request before.
        """
        text, replayed = await self.exchange.configure(
            self.company_id, lambda connection: self._once(connection, create, status)
        )
        headers = {**NO_STORE, "Idempotent-Replayed": "true"} if replayed else NO_STORE
        return Response(text, status, headers, media_type="application/json")

    def _once(
        self, connection: Connection, create: Callable[[Connection], BaseModel], status: int
    ) -> tuple[str, bool]:
        if self._answer_key is None:
            return self._noted(create, self.company_id)(connection).model_dump_json(), False
        known = kept_answer(connection, self.company_id, self._answer_key, self.now)
        if known:
            return self._replay(known), True
        text = self._noted(create, self.company_id)(connection).model_dump_json()
        answer = Answer(self.sent.request_hash, status, self.exchange.vault.seal({"answer": text}))
        keep_answer(connection, self.company_id, self._answer_key, answer, self.now)
        return text, False

    def _replay(self, known: Answer) -> str:
        if known.request_hash != self.sent.request_hash:
            raise Problem(
                422,
                "idempotency_key_reused",
                "This Idempotency-Key came with another request before; make a new one for each request.",
            )
        return self.exchange.vault.unseal(known.sealed)["answer"]

    @cached_property
    def _answer_key(self) -> str | None:
        key = self.sent.idempotency_key
        return f"{self.caller.key.key_id}/{key}" if key is not None else None


def read_sent(request: Request, body: bytes) -> Sent:
    """What identifies the request. Raises Problem (422) for a key that is none."""
    key = request.headers.get(IDEMPOTENCY_HEADER) if request.method == "POST" else None
    if key is not None and not _KEY.fullmatch(key):
        detail = f"Write 1 to {LONGEST_IDEMPOTENCY_KEY} visible ASCII characters, such as a UUID."
        raise invalid("Idempotency-Key", detail, "header")
    parts = (request.method, request.url.path, request.url.query)
    digest = hashlib.sha256("\n".join(parts).encode() + b"\n" + body)
    return Sent(key, digest.hexdigest(), f"{request.method} {request.url.path}")


def _desk(
    request: Request,
    _company: Annotated[
        str | None,
        Header(alias="Swapboard-Company", description="For an owner's key: act in this company of the account."),
    ] = None,
) -> Desk:
    desk: Desk = request.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]


def _desk_to_create(
    desk: AtDesk,
    _key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            pattern=KEY_PATTERN,
            description="Makes it safe to send the same request again for a day.",
        ),
    ] = None,
) -> Desk:
    return desk


ToCreate = Annotated[Desk, Depends(_desk_to_create)]
