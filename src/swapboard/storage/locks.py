"""One process at a time: for a company's numbers, or for a name that there may be once only."""

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from swapboard.clock import Millis
from swapboard.storage.schema import companies


class Held(NamedTuple):
    """What stands in the company's row while it is locked."""

    config_version: int
    visits_filed_until_at: Millis
    leads_credited_until_at: Millis


_HELD = (
    select(companies.c.config_version, companies.c.visits_filed_until_at, companies.c.leads_credited_until_at)
    .where(companies.c.company_id == bindparam("of_company"))
    .with_for_update(key_share=True)
)


def hold_company(connection: Connection, company_id: str) -> Held:
    """Lock the company against other processes until the transaction ends.

    SQLite has one writer at a time anyway. Raises LookupError when there is no such company.
    """
    row = connection.execute(_HELD, {"of_company": company_id}).one_or_none()
    if row is None:
        raise LookupError(f"there is no company {company_id}")
    return Held(*row)


def hold_name(connection: Connection, name: str) -> None:
    """Lock a name that all companies share, such as an e-mail address, until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
