"""To whom a saved report may be e-mailed, once or regularly."""

from collections.abc import Collection
from typing import Annotated

from pydantic import StringConstraints
from sqlalchemy import Connection

from swapboard.accounts.people import members_of
from swapboard.accounts.person import plain_email
from swapboard.mail.addresses import ADDRESS
from swapboard.web.api.desk import Desk
from swapboard.web.api.problem import Problem

Address = Annotated[str, StringConstraints(pattern=f"^{ADDRESS}$")]


def check_recipients(connection: Connection, desk: Desk, to: Collection[str]) -> None:
    """Raises Problem (403): this server's mail is not for an analyst to write to the world with."""
    if desk.role.may_change:
        return
    known = {user.email for user in members_of(connection, desk.company_id)}
    if strange := sorted({each for each in to if plain_email(each) not in known}):
        detail = f"{strange[0]} is nobody of this company: only an admin's or an owner's key may send it there."
        raise Problem(403, "forbidden", detail)
