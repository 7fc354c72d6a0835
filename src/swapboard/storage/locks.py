"""One process at a time: for a company's numbers, or for a name that there may be once only."""

from sqlalchemy import Connection, bindparam, func, select

from swapboard.storage.schema import companies

_VERSION = (
    select(companies.c.config_version)
    .where(companies.c.company_id == bindparam("of_company"))
    .with_for_update(key_share=True)
)


def hold_company(connection: Connection, company_id: str) -> int:
    """Lock the company against other processes until the transaction ends; tells its configuration version.

    SQLite has one writer at a time anyway. Raises LookupError when there is no such company.
    """
    version: int | None = connection.execute(_VERSION, {"of_company": company_id}).scalar_one_or_none()
    if version is None:
        raise LookupError(f"there is no company {company_id}")
    return version


def hold_name(connection: Connection, name: str) -> None:
    """Lock a name that all companies share, such as an e-mail address, until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
