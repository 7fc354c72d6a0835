"""Who may give whom which role, and who may leave: pure, so that it can be read and tried."""

from enum import StrEnum

from swapboard.accounts.company import Role

GIVEN = (Role.OWNER, Role.ADMIN, Role.ANALYST, Role.AGENT, Role.READ_ONLY)
"""The roles of people, from all to least; `site` is for keys."""


class Objection(StrEnum):
    """Why somebody's role stays what it is."""

    OWNERS_ONLY = "owners_only"
    LAST_OWNER = "last_owner"
    BEYOND = "beyond"
    """It is more than whoever does it may themselves: a key that is held to scopes."""
    NO_LONGER = "no_longer"
    """Whoever does it was revoked, removed or changed a moment ago."""


def is_less(before: Role, after: Role | None) -> bool:
    """Whether somebody may do less than before; None has left."""
    return after is None or GIVEN.index(after) > GIVEN.index(before)


def objection(by: Role, before: Role | None, after: Role | None, owners: int) -> Objection | None:
    """Why `by` may not turn `before` into `after` (None: not in the company), which has so many owners."""
    if Role.OWNER in {before, after} and before != after and by is not Role.OWNER:
        return Objection.OWNERS_ONLY
    if before is Role.OWNER and after is not Role.OWNER and owners <= 1:
        return Objection.LAST_OWNER
    return None
