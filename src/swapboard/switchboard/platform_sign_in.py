"""Signing in at a platform: tokens for a code, handed to what uses them, looked at once a day, and taken back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine

from swapboard.access.grant import Grant, Pending, Tokens
from swapboard.access.signing import NotGiven, for_code, for_refresh, for_revoking, read
from swapboard.access.store import change_grant, grants_of, note_checked, remove_grant
from swapboard.accounts.audit import Act, note
from swapboard.accounts.secrets import Vault
from swapboard.clock import Millis
from swapboard.conversions.destinations.base import DestinationKind
from swapboard.conversions.destinations.installed import UnknownDestination, destination_kind
from swapboard.conversions.destinations.oauth import Refused
from swapboard.conversions.destinations.request import Answer, Request, Unreached
from swapboard.conversions.store import DestinationRecord, change_destination, destinations_with_grant
from swapboard.keywords.store import fill_account
from swapboard.outward import open_http
from swapboard.storage.commit import Unavailable
from swapboard.storage.locks import hold_company
from swapboard.switchboard.destination_settings import apart
from swapboard.switchboard.renewing import REFRESH, Keeper, Renewing, accounts_with
from swapboard.switchboard.telling import SOON_SECONDS, post

Send = Callable[[Request], Answer]
"""Asks a platform, by `over_http`. Raises Unreached."""
SECRET = "client_secret"  # noqa: S105 a name
LENT = frozenset(("client_id", SECRET, REFRESH))
"""The settings of a destination that signing in fills, whatever else it fills."""
TIMEOUT_SECONDS = 20.0
_NO_REFRESH = (
    "gave no refresh token, so that the access would end within the hour. Take this app's access back in "
)
_NO_REFRESH_ADVICE = "your account there, then sign in once more."


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking at a grant: what is wrong, if anything is."""

    grant: Grant
    trouble: str | None


def redirect_of(public_url: str, provider: str) -> str:
    """Where the platform sends the browser back to: an address for each, so that none can pass for another."""
    return f"{public_url}/access/callback/{provider}"


def redeem(grant: Grant, pending: Pending, code: str, vault: Vault, public_url: str, send: Send) -> Tokens:
    """Tokens for the code that the browser brought. Raises NotGiven and Unreached."""
    secret = vault.unseal(grant.credentials)[SECRET]
    redirect = redirect_of(public_url, grant.provider)
    request = for_code(grant, secret, code, pending.verifier, redirect)
    tokens = read(grant, request, send(request))
    if not tokens.refresh_token:
        raise NotGiven(f"{grant.at.name} {_NO_REFRESH}{_NO_REFRESH_ADVICE}", for_good=True)
    return tokens


def keep_signed_in(
    connection: Connection, grant: Grant, tokens: Tokens, vault: Vault, actor: str, now: Millis
) -> None:
    """Keep what was got, and hand it to everything that uses it."""
    # Whoever gives back the old token would else write it over the new one.
    hold_company(connection, grant.company_id)
    granted = tokens.scopes if tokens.scopes is not None else grant.scopes
    signed_in = replace(
        grant,
        credentials=_with_token(grant, tokens.refresh_token, vault),
        granted=granted,
        facts=tokens.facts,
        signed_in_at=now,
        checked_at=now,
        trouble=None,
    )
    change_grant(connection, signed_in)
    note(connection, grant.company_id, actor, Act.SIGNED_IN, grant.grant_id, now)
    _hand_on(connection, signed_in, vault)


def lent(grant: Grant, kind: DestinationKind, vault: Vault) -> Mapping[str, str]:
    """The settings of a destination that the grant fills."""
    known = {field.name for field in kind.fields}
    given = {"client_id": grant.client_id, **vault.unseal(grant.credentials), **grant.facts}
    # Its secrets go nowhere but to the platform, and where the grant's own go, whatever somebody typed in.
    platforms = dict.fromkeys((field.name for field in kind.fields if field.gets_secrets), "")
    token_url = {"token_url": grant.addresses.get("token", "")}
    filled = platforms | {name: value for name, value in given.items() if value} | token_url
    return {name: value for name, value in filled.items() if name in known}


def take_back(grant: Grant, vault: Vault, send: Send) -> str | None:
    """Tell the platform that the leave is over; the answer is what people must do themselves, if anything."""
    name, secrets = grant.at.name, vault.unseal(grant.credentials)
    if not secrets.get(REFRESH):
        return None
    by_hand = f"Open the apps that may use your account at {name}, and remove this one there."
    if not grant.reached_by().revoke:
        return f"{name} has no way to take access back from here. {by_hand}"
    try:
        answer = send(for_revoking(grant, secrets[SECRET], secrets[REFRESH]))
    except Unreached as error:
        return f"{name} was not told that the access is over ({error}). {by_hand}"
    # RFC 7009, section 2.2: an unknown token is answered with 200, too; some platforms say 400 or 204.
    if answer.status >= 500 or answer.status in {401, 403, 429}:
        return f"{name} did not take the access back (HTTP {answer.status}). {by_hand}"
    return None


def forget(connection: Connection, grant: Grant, vault: Vault, actor: str, now: Millis) -> None:
    """Forget it; what used it has no access any more, and says so."""
    for record in destinations_with_grant(connection, grant.company_id, grant.grant_id):
        change_destination(connection, without_access(record, vault))
    for account in accounts_with(connection, grant):
        secrets = vault.unseal(account.credentials)
        left = vault.seal({name: value for name, value in secrets.items() if name != REFRESH})
        fill_account(connection, grant.company_id, account, left, None)
    remove_grant(connection, grant.company_id, grant.grant_id)
    note(connection, grant.company_id, actor, Act.SIGNED_OUT, grant.grant_id, now)


def without_access(record: DestinationRecord, vault: Vault) -> DestinationRecord:
    """The destination as it is when its access is gone: the token that it was lent goes, too."""
    secrets = vault.unseal(record.credentials) if record.credentials else {}
    left = vault.seal({name: value for name, value in secrets.items() if name != REFRESH})
    return replace(record, credentials=left, grant_id=None)


def to_look_at(connection: Connection, company_id: str, _now: Millis) -> Sequence[Grant]:
    """Those that somebody signed in for."""
    return [each for each in grants_of(connection, company_id) if each.signed_in_at is not None]


def look(
    grants: Sequence[Grant], vault: Vault, engine: Engine, clock: Callable[[], Millis], send: Send
) -> Sequence[Looked]:
    """Ask each platform for an access token: unused leave runs out at some, and people take it back. What new
    refresh token an answer brings is kept at once."""
    return [_look(grant, vault, engine, clock, send) for grant in grants]


def keep_looked(connection: Connection, _company_id: str, looked: Sequence[Looked], now: Millis) -> None:
    """Keep how it stands; whoever signed in anew meanwhile is left alone."""
    for each in looked:
        note_checked(connection, each.grant, now, each.trouble)


def _look(grant: Grant, vault: Vault, engine: Engine, clock: Callable[[], Millis], send: Send) -> Looked:
    lender = Renewing(Keeper(grant.company_id, grant.grant_id, ""), vault, send, engine, clock)
    try:
        secrets = vault.unseal(grant.credentials)
        lent = lender.borrow(secrets[REFRESH])
        new = None
        try:
            request = for_refresh(grant, secrets[SECRET], lent)
            new = read(grant, request, send(request)).refresh_token
        finally:
            lender.give_back(new if new != lent else None)
    except Refused as refused:
        return Looked(grant, refused.result.words)
    except (NotGiven, Unreached, Unavailable, ValueError) as error:
        return Looked(grant, str(error))
    return Looked(grant, None)


def _with_token(grant: Grant, refresh_token: str, vault: Vault) -> str:
    """The credentials with this refresh token; as they are where it is none, or the same."""
    secrets = vault.unseal(grant.credentials)
    if refresh_token in {"", secrets.get(REFRESH)}:
        return grant.credentials
    return vault.seal(secrets | {REFRESH: refresh_token})


def _hand_on(connection: Connection, grant: Grant, vault: Vault) -> None:
    for record in destinations_with_grant(connection, grant.company_id, grant.grant_id):
        try:
            kind = destination_kind(record.kind)
        except UnknownDestination:
            continue
        change_destination(connection, _filled(record, kind, grant, vault))
    for account in accounts_with(connection, grant):
        known = vault.unseal(account.credentials)
        sealed = vault.seal(known | account_secrets(grant, vault))
        fill_account(connection, grant.company_id, account, sealed, grant.grant_id)


def account_secrets(grant: Grant, vault: Vault) -> dict[str, str]:
    """What an account at an ad platform needs of the grant."""
    secrets = vault.unseal(grant.credentials)
    return {"client_id": grant.client_id, SECRET: secrets[SECRET], REFRESH: secrets.get(REFRESH, "")}


def _filled(record: DestinationRecord, kind: DestinationKind, grant: Grant, vault: Vault) -> DestinationRecord:
    shown, secrets = apart(kind, lent(grant, kind, vault))
    kept = vault.unseal(record.credentials) if record.credentials else {}
    return replace(record, settings={**record.settings, **shown}, credentials=vault.seal(kept | secrets))


def over_http(request: Request, *, private_addresses: bool) -> Answer:
    """Ask a platform. Raises Unreached."""
    with open_http(TIMEOUT_SECONDS, private_addresses=private_addresses) as client:
        return post(client, request, SOON_SECONDS)
