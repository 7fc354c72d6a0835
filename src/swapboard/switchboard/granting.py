"""What one asks leave for at a platform, and a grant as it is typed: by whichever door it comes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from swapboard.access.grant import Grant
from swapboard.access.provider import PROVIDERS, Use
from swapboard.accounts.secrets import Vault
from swapboard.conversions.destinations.base import SignsIn
from swapboard.conversions.destinations.installed import usable
from swapboard.language import _
from swapboard.switchboard.platform_sign_in import SECRET


class BadGrant(ValueError):
    """It cannot be kept; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Typed:
    """An access as somebody describes it; an empty secret keeps the one that is there."""

    name: str
    client_id: str
    client_secret: str = field(repr=False)
    uses: Collection[str]
    """By their names (`uses_of`)."""
    addresses: Mapping[str, str]


def uses_of(provider: str) -> Sequence[Use]:
    """Everything that one can give us leave for at a platform."""
    told = [
        Use(name, _("Tell %s of conversions") % kind.name, kind.sign_in.scopes)
        for name, kind in usable().items()
        if isinstance(kind, SignsIn) and kind.sign_in.provider == provider
    ]
    return [*told, *PROVIDERS[provider].uses]


def filled(grant: Grant, typed: Typed, vault: Vault) -> Grant:
    """The grant as it is typed. Raises BadGrant."""
    kept = vault.unseal(grant.credentials) if grant.credentials else {}
    if not (typed.name and typed.client_id and (typed.client_secret or kept)):
        raise BadGrant(_("Fill in the name, the client ID and the client secret."))
    scopes = _scopes(grant.provider, typed.uses)
    addresses = dict(typed.addresses)
    if not all(each.startswith(("https://", "http://")) and " " not in each for each in addresses.values()):
        raise BadGrant(_("An address begins with https://."))
    changed = replace(grant, name=typed.name[:200], client_id=typed.client_id, scopes=scopes, addresses=addresses)
    if kept and not typed.client_secret and _leads_elsewhere(grant, changed):
        raise BadGrant(_("The client secret goes to another address now: type it in once more."))
    is_same = typed.client_id == grant.client_id and not typed.client_secret and addresses == grant.addresses
    if is_same:
        return changed
    # Another app, or another platform: what was agreed to before holds for the former only.
    sealed = vault.seal({SECRET: typed.client_secret or kept[SECRET]})
    return replace(changed, credentials=sealed, granted=(), facts={}, signed_in_at=None, trouble=None)


def _leads_elsewhere(before: Grant, after: Grant) -> bool:
    """Whether the secret would be sent where whoever typed it did not mean it to go."""
    was, now = before.reached_by(), after.reached_by()
    return (was.token, was.revoke) != (now.token, now.revoke)


def used_for(grant: Grant) -> Sequence[str]:
    """The names of what it is asked for."""
    return [use.name for use in uses_of(grant.provider) if set(use.scopes) <= set(grant.scopes)]


def _scopes(provider: str, chosen: Collection[str]) -> tuple[str, ...]:
    uses = uses_of(provider)
    wanted = [scope for use in uses if use.name in chosen for scope in use.scopes]
    if uses and not wanted and all(use.scopes for use in uses):
        raise BadGrant(_("Choose at least one thing to use it for."))
    return tuple(dict.fromkeys([*wanted, *PROVIDERS[provider].always]))
