"""What somebody agreed to at a platform, and what of it is still in the air while they are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from swapboard.access.provider import PROVIDERS, Addresses, Provider
from swapboard.clock import MINUTE, Millis

SIGN_IN_LASTS: Millis = 10 * MINUTE
"""RFC 6749, section 4.1.2: a code lives for ten minutes at most."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to use an account; `credentials` are sealed and hold the client's secret and the refresh token."""

    grant_id: str
    company_id: str
    provider: str
    name: str
    client_id: str
    credentials: str = field(repr=False)
    scopes: tuple[str, ...]
    """What is asked for."""
    addresses: Mapping[str, str]
    """Other addresses than the platform's own, by the names of `Addresses`."""
    created_at: Millis
    granted: tuple[str, ...] = ()
    """What was agreed to."""
    facts: Mapping[str, str] = field(default_factory=dict)
    signed_in_at: Millis | None = None
    checked_at: Millis | None = None
    trouble: str | None = None

    @property
    def at(self) -> Provider:
        return PROVIDERS[self.provider]

    @property
    def refused(self) -> Sequence[str]:
        """What was asked for, but not agreed to."""
        if self.signed_in_at is None:
            return []
        # Platforms do not name those that only bring the refresh token, which is there or is not.
        return [scope for scope in self.scopes if scope not in {*self.granted, *self.at.always}]

    def reached_by(self) -> Addresses:
        """The platform's addresses, or those that were given instead."""
        own = self.at.addresses
        given = self.addresses
        return Addresses(
            given.get("authorize") or own.authorize,
            given.get("token") or own.token,
            given.get("revoke") or ("" if given.get("token") else own.revoke),
        )


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in that was begun in one browser; nobody but us sees the verifier."""

    grant_id: str
    state: str
    verifier: str = field(repr=False)
    begun_at: Millis
    back: str
    """The page to go back to."""

    def is_over(self, now: Millis) -> bool:
        return now - self.begun_at > SIGN_IN_LASTS


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a platform gave."""

    refresh_token: str = field(repr=False)
    """"" where it gave no new one."""
    scopes: tuple[str, ...] | None
    """None where it left out what was agreed to: all that was asked for (RFC 6749, section 5.1)."""
    facts: Mapping[str, str]
