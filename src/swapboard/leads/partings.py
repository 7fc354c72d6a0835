"""Which leads a person parted by hand, in the database: nothing joins two of them by itself."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select

from swapboard.storage.schema import lead_partings


def parted(connection: Connection, company_id: str) -> set[tuple[str, str]]:
    """Who was parted from whom: pairs of leads, each pair in both orders."""
    query = select(lead_partings).where(lead_partings.c.company_id == company_id)
    return {(row.lead_id, row.other_id) for row in connection.execute(query)}


def keep_apart(connection: Connection, company_id: str, lead_id: str, other_id: str) -> None:
    """Nothing joins these two by itself from now on."""
    pairs = [(lead_id, other_id), (other_id, lead_id)]
    known = parted(connection, company_id)
    rows = [{"company_id": company_id, "lead_id": a, "other_id": b} for a, b in pairs if (a, b) not in known]
    if rows:
        connection.execute(insert(lead_partings), rows)


def let_join(connection: Connection, company_id: str, lead_id: str, other_id: str) -> bool:
    """Take back `keep_apart`; False when the two were never parted."""
    pair = (lead_id, other_id)
    both = and_(
        lead_partings.c.company_id == company_id,
        lead_partings.c.lead_id.in_(pair),
        lead_partings.c.other_id.in_(pair),
    )
    return connection.execute(delete(lead_partings).where(both)).rowcount > 0


def hand_over(connection: Connection, company_id: str, others: Sequence[str], lead_id: str) -> None:
    """Who was parted from one of the others is parted from the lead that they became."""
    theirs = _of(company_id, others)
    strangers = {
        each
        for row in connection.execute(select(lead_partings).where(theirs))
        for each in (row.lead_id, row.other_id)
        if each not in others
    } - {lead_id}
    connection.execute(delete(lead_partings).where(theirs))
    for stranger in sorted(strangers):
        keep_apart(connection, company_id, lead_id, stranger)


def drop_partings(connection: Connection, company_id: str, lead_ids: Collection[str]) -> None:
    """These leads are gone, and with them whom they were parted from."""
    connection.execute(delete(lead_partings).where(_of(company_id, lead_ids)))


def _of(company_id: str, lead_ids: Collection[str]) -> ColumnElement[bool]:
    either = or_(lead_partings.c.lead_id.in_(lead_ids), lead_partings.c.other_id.in_(lead_ids))
    return and_(lead_partings.c.company_id == company_id, either)
