"""To whom a saved report may be e-mailed, once or regularly: the rule of the dashboard and of the API."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from swapboard.accounts.company import Role
from swapboard.accounts.people import members_of
from swapboard.accounts.person import plain_email


def out_of_reach(connection: Connection, company_id: str, role: Role, addresses: Collection[str]) -> Sequence[str]:
    """Those whom this role may not write to: this server's mail is not an analyst's to write to the world with."""
    if role.may_change:
        return ()
    known = {user.email for user in members_of(connection, company_id)}
    return sorted({each for each in addresses if plain_email(each) not in known})
