"""Which access a destination uses: one of the company's own, given leave for what the destination does."""

from collections.abc import Sequence

from sqlalchemy import Connection

from swapboard.access.grant import Grant
from swapboard.access.store import grants_of
from swapboard.conversions.destinations.base import DestinationKind, SignsIn
from swapboard.language import _


class NoAccess(ValueError):
    """It is not there, or does not reach so far; in words for people."""


def usable_grants(connection: Connection, company_id: str, kind: DestinationKind) -> Sequence[Grant]:
    """What the company signed in for at the kind's platform."""
    if not isinstance(kind, SignsIn):
        return ()
    every = grants_of(connection, company_id)
    return [each for each in every if each.provider == kind.sign_in.provider and each.signed_in_at is not None]


def chosen_grant(grants: Sequence[Grant], kind: DestinationKind, grant_id: str) -> Grant:
    """The one with this id. Raises NoAccess."""
    grant = next((each for each in grants if each.grant_id == grant_id), None)
    if grant is None:
        raise NoAccess(_("That access is gone. Choose another, or sign in once more."))
    if isinstance(kind, SignsIn) and set(kind.sign_in.scopes) - set(grant.granted):
        words = _("%(access)s was not given leave for this. Open it under Access, tick it, and sign in again.")
        raise NoAccess(words % {"access": grant.name})
    return grant
