"""Who asks: the API key in the `Authorization` header, and the company it acts in."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.accounts import store
from swapboard.accounts.company import ApiKey, Company, Role
from swapboard.accounts.keys import key_by_id, note_key_used
from swapboard.accounts.rights import Resource, may
from swapboard.accounts.scopes import allow
from swapboard.accounts.secrets import hash_api_key, parse_api_key, same
from swapboard.clock import HOUR, Millis
from swapboard.storage.commit import Unavailable
from swapboard.storage.writer import Overloaded
from swapboard.switchboard.exchange import Exchange
from swapboard.web.api.problem import Problem, not_found

COMPANY_HEADER = "swapboard-company"
LONGEST_ID = 32
_NO_HASH = hash_api_key("no key has this secret")


@dataclass(frozen=True, slots=True)
class Caller:
    """A key that was accepted, and the company it acts in; an owner's may be another of the account."""

    key: ApiKey
    company: Company
    is_person: bool = False
    """Somebody who is logged in, and has a role of their own in each company."""

    @property
    def role(self) -> Role:
        return self.key.role

    @property
    def known_as(self) -> str:
        """Who it is, for the journal."""
        return self.key.known_as

    def may(self, method: str, resource: Resource) -> bool:
        """Whether role and scopes let it use this HTTP method on the resource."""
        return may(self.role, method, resource) and allow(self.key.scopes, method, resource)

    @property
    def sees_account(self) -> bool:
        """Whether the other companies of the account are theirs to see, too."""
        return self.role is Role.OWNER and not self.is_person


def is_id(text: str) -> bool:
    """Whether the text could be an identifier; what could not need not be looked up."""
    return 0 < len(text) <= LONGEST_ID and text.isascii() and text.isalnum()


async def authenticate(exchange: Exchange, headers: Mapping[str, str], now: Millis) -> Caller:
    """The caller that the headers name. Raises Problem (401, 403, 404)."""
    key_text = _bearer(headers.get("authorization", ""))
    wanted = headers.get(COMPANY_HEADER)
    caller = await exchange.read(lambda connection: _caller(connection, key_text, wanted, now))
    await _note_use(exchange, caller.key, now)
    return caller


def _bearer(header: str) -> str:
    scheme, _, key = header.partition(" ")
    if not header:
        raise _refused("Send an API key: Authorization: Bearer sb_…")
    if scheme.lower() != "bearer" or not key.strip().isascii():
        raise _refused("Write the API key like this: Authorization: Bearer sb_…")
    return key.strip()


def _caller(connection: Connection, key_text: str, wanted: str | None, now: Millis) -> Caller:
    named = parse_api_key(key_text)
    found = key_by_id(connection, *named) if named and all(map(is_id, named)) else None
    known_hash = found[1] if found else _NO_HASH
    fits = same(hash_api_key(key_text), known_hash)
    if not found or not fits:
        raise _refused("Nobody has this API key.")
    key = found[0]
    if key.revoked_at is not None:
        raise _refused("This API key was revoked.")
    if not key.is_open(now):
        raise _refused("This API key has run out; make another one.")
    return Caller(key, _acting_in(connection, key, wanted))


def _acting_in(connection: Connection, key: ApiKey, wanted: str | None) -> Company:
    own = store.company_by_id(connection, key.company_id)
    if own is None:
        raise _refused("This API key's company is gone.")
    if wanted is None or wanted == own.company_id:
        return own
    if key.role is not Role.OWNER:
        raise Problem(403, "forbidden", "Only an owner's key may act in another company of the account.")
    return company_of_account(connection, own.account_id, wanted)


def company_of_account(connection: Connection, account_id: str, company_id: str) -> Company:
    """The company, if it belongs to the account. Raises Problem (404)."""
    company = store.company_by_id(connection, company_id) if is_id(company_id) else None
    if company is None or company.account_id != account_id:
        raise not_found("company")
    return company


async def _note_use(exchange: Exchange, key: ApiKey, now: Millis) -> None:
    """At most once an hour; a busy database must not keep anybody from reading."""
    if key.last_used_at is not None and now - key.last_used_at < HOUR:
        return
    with suppress(Overloaded, Unavailable):
        await exchange.change(lambda connection: note_key_used(connection, key.company_id, key.key_id, now))


def _refused(detail: str) -> Problem:
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": 'Bearer realm="swapboard"'})
