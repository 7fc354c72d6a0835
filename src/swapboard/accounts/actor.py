"""Who lets others in, or shuts them out: a person of the company, a key, or the server's own command."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from swapboard.accounts.company import ApiKey, Role
from swapboard.accounts.rights import Resource, may
from swapboard.accounts.scopes import allow
from swapboard.clock import Millis
from swapboard.storage.locks import hold_company
from swapboard.storage.schema import api_keys, users


@dataclass(frozen=True, slots=True)
class Actor:
    """As they were when they were let in; a key hands on no more than it has."""

    known_as: str
    role: Role
    user_id: str = ""
    key: ApiKey | None = None

    @property
    def key_id(self) -> str | None:
        return self.key.key_id if self.key else None

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.key.scopes if self.key else ()

    @property
    def expires_at(self) -> Millis | None:
        return self.key.expires_at if self.key else None

    def may_all_of(self, role: Role) -> bool:
        """Whether they may whatever somebody with this role may; one's own log-in is everybody's."""
        return all(
            may(self.role, method, resource) and allow(self.scopes, method, resource)
            for method in ("GET", "POST")
            for resource in Resource
            if resource is not Resource.OWN and may(role, method, resource)
        )


def is_still(connection: Connection, company_id: str, actor: Actor) -> bool:
    """Whether they are what they were, which nobody else changes until the transaction ends.

    So whatever they make to come in by is either seen by whoever shuts them out, or is not made.
    """
    if actor.key is not None:
        its = api_keys.c.company_id == actor.key.company_id, api_keys.c.key_id == actor.key.key_id
        open_one = select(api_keys.c.key_id).where(*its, api_keys.c.revoked_at.is_(None))
        return connection.scalar(open_one.with_for_update()) is not None
    if actor.user_id:
        hold_company(connection, company_id)
        theirs = users.c.company_id == company_id, users.c.user_id == actor.user_id
        return connection.scalar(select(users.c.role).where(*theirs)) == actor.role
    return True
