"""To whom a saved report may be e-mailed, once or regularly."""

from collections.abc import Collection
from typing import Annotated

from pydantic import StringConstraints
from sqlalchemy import Connection

from swapboard.mail.addresses import ADDRESS
from swapboard.switchboard.report_recipients import out_of_reach
from swapboard.web.api.desk import Desk
from swapboard.web.api.problem import Problem

Address = Annotated[str, StringConstraints(pattern=f"^{ADDRESS}$")]


def check_recipients(connection: Connection, desk: Desk, to: Collection[str]) -> None:
    """Raises Problem (403)."""
    if strange := out_of_reach(connection, desk.company_id, desk.role, to):
        detail = f"{strange[0]} is nobody of this company: only an admin's or an owner's key may send it there."
        raise Problem(403, "forbidden", detail)
