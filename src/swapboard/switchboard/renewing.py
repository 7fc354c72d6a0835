"""Refresh tokens that change with every use: one process at a time uses one, and keeps what comes instead.

Where a platform rotates them (Salesforce, if its app says so), the old token is worth nothing once it was used,
and using it twice may end the access. So whoever wants to use one borrows it first, for a minute at most, asks the
platform with no transaction open, and gives back the token that is good from now on. Whoever is killed between the
platform's answer and that loses the new token: somebody must sign in again then.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from sqlalchemy import Connection, Engine

from swapboard.access import loans
from swapboard.access.grant import Grant
from swapboard.access.store import change_grant, grant_by_id
from swapboard.accounts.secrets import Vault
from swapboard.clock import MINUTE, Millis
from swapboard.conversions.destinations.oauth import Refused
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.outbox import Outcome, Result
from swapboard.conversions.store import (
    DestinationRecord,
    destination_by_id,
    destinations_with_grant,
    reseal_destination,
)
from swapboard.keywords.store import PLATFORMS, KeptAccount, accounts_of, fill_account
from swapboard.language import _
from swapboard.storage.commit import Job, Unavailable, commit
from swapboard.storage.locks import hold_company

REFRESH = "refresh_token"
log = logging.getLogger(__name__)
LENT_FOR: Millis = MINUTE
"""More than an answer may take (`delivering.TIMEOUT_SECONDS`)."""
PAUSE_SECONDS = 0.2
WAITS_SECONDS = 75.0
"""Until whoever was killed with the token has lost its loan."""
KEEPS_SECONDS = 60.0
Change: TypeAlias = Callable[[Connection], str | None]
_RENEW: Job[Change, str | None] = Job(
    "renew", lambda connection, changes: [change(connection) for change in changes]
)
_BUSY = Result(Outcome.FAILED, _("Another worker is asking for access just now."))


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whose refresh token it is: a sign-in's, or a destination's into which it was pasted."""

    company_id: str
    grant_id: str | None
    destination_id: str

    @property
    def key(self) -> str:
        """What the loan is of."""
        return self.grant_id or self.destination_id


def keeper_of(record: DestinationRecord) -> Keeper:
    """Who keeps a destination's refresh token."""
    return Keeper(record.company_id, record.grant_id, record.destination_id)


@dataclass(slots=True)
class Renewing:
    """Sends one destination's requests, and lends its refresh token (`oauth.LendsToken`); for one thread."""

    keeper: Keeper
    vault: Vault
    send: Post
    engine: Engine
    clock: Callable[[], Millis]
    _until: Millis = field(default=0, init=False)
    lent: str = field(default="", init=False, repr=False)

    def __call__(self, request: Request) -> Answer:
        return self.send(request)

    def borrow(self, known: str) -> str:
        """The refresh token as it is now, ours alone until it is given back. Raises Refused."""
        until = time.monotonic() + WAITS_SECONDS
        while time.monotonic() < until:
            self._until = self.clock() + LENT_FOR
            token = self._change(partial(_borrow, self.keeper, self.vault, self._until))
            if token is not None:
                self.lent = token or known
                return self.lent
            time.sleep(PAUSE_SECONDS)
        raise Refused(_BUSY)

    def give_back(self, token: str | None) -> None:
        """Let others have it; the new one, where there is one, is kept however often that must be tried."""
        until = time.monotonic() + (KEEPS_SECONDS if token else 0)
        while True:
            try:
                self._change(partial(_give_back, self, self._until, token))
                return
            except Unavailable as error:
                log.warning("a refresh token could not be given back: %s", error)
                if time.monotonic() >= until:
                    return
                time.sleep(PAUSE_SECONDS)

    def _change(self, change: Change) -> str | None:
        # Not by the writer: this is a thread, which must end even when nobody writes any more.
        ((answer, error),) = commit(self.engine, [(_RENEW, change)])
        if error:
            raise error
        told: str | None = answer
        return told


def accounts_with(connection: Connection, grant: Grant) -> Sequence[KeptAccount]:
    """The accounts at ad platforms that a grant fills."""
    return [
        each
        for platform in PLATFORMS
        for each in accounts_of(connection, grant.company_id, platform)
        if each.grant_id == grant.grant_id
    ]


def _borrow(keeper: Keeper, vault: Vault, until: Millis, connection: Connection) -> str | None:
    """The token as it is kept, None while somebody else has it."""
    is_free = loans.borrow(connection, keeper.company_id, keeper.key, until - LENT_FOR, until)
    return _kept(connection, keeper, vault) if is_free else None


def _give_back(lender: Renewing, until: Millis, token: str | None, connection: Connection) -> None:
    keeper, vault = lender.keeper, lender.vault
    # Whoever signs in anew holds the company too: nothing is written over what they got.
    hold_company(connection, keeper.company_id)
    loans.give_back(connection, keeper.company_id, keeper.key, until)
    # Another than was lent: somebody signed in anew, typed one in, or borrowed it after our time. While it is
    # the same, the answer has used it up, however late it came.
    if token and _kept(connection, keeper, vault) == lender.lent:
        _keep(connection, keeper, vault, token)


def _kept(connection: Connection, keeper: Keeper, vault: Vault) -> str:
    """The token as it is kept, "" where none is."""
    if keeper.grant_id:
        grant = grant_by_id(connection, keeper.company_id, keeper.grant_id)
        sealed = grant.credentials if grant else ""
    else:
        record = destination_by_id(connection, keeper.company_id, keeper.destination_id)
        sealed = record.credentials if record else ""
    return vault.unseal(sealed).get(REFRESH, "") if sealed else ""


def _keep(connection: Connection, keeper: Keeper, vault: Vault, token: str) -> None:
    """Keep it wherever the old one was."""
    records = [destination_by_id(connection, keeper.company_id, keeper.destination_id)]
    grant = grant_by_id(connection, keeper.company_id, keeper.grant_id) if keeper.grant_id else None
    if grant:
        change_grant(connection, replace(grant, credentials=_with(grant.credentials, token, vault)))
        for account in accounts_with(connection, grant):
            sealed = _with(account.credentials, token, vault)
            fill_account(connection, grant.company_id, account, sealed, grant.grant_id)
        records = [*destinations_with_grant(connection, grant.company_id, grant.grant_id)]
    for record in records:
        if record:
            reseal_destination(connection, record, _with(record.credentials, token, vault))


def _with(sealed: str, token: str, vault: Vault) -> str:
    known = vault.unseal(sealed) if sealed else {}
    return vault.seal(known | {REFRESH: token})
