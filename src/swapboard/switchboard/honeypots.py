"""Making a number a honeypot: one that nobody is shown, so that whoever rings it rings at random."""

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from swapboard.numbers.acting import check_unused
from swapboard.numbers.inventory import NumberKind
from swapboard.numbers.listing import number_by_id
from swapboard.storage.schema import numbers


def list_honeypots(connection: Connection, company_id: str) -> Sequence[tuple[str, str]]:
    """(id, number) of each honeypot, by number (E.164)."""
    query = select(numbers.c.number_id, numbers.c.number).where(
        numbers.c.company_id == company_id, numbers.c.is_honeypot, numbers.c.released_at.is_(None)
    )
    return [(row.number_id, row.number) for row in connection.execute(query.order_by(numbers.c.number))]


def set_honeypot(connection: Connection, company_id: str, number_id: str, is_one: bool) -> bool:
    """Make a number a honeypot, or an ordinary one again; False where there is no such number outside of pools.

    Raises NotPossible while a rule or a pool would show it.
    """
    number = number_by_id(connection, company_id, number_id)
    if number is None or number.kind is not NumberKind.STATIC or number.released_at is not None:
        return False
    if is_one:
        check_unused(connection, company_id, number)
    row = numbers.c.company_id == company_id, numbers.c.number_id == number_id
    connection.execute(update(numbers).where(*row).values(is_honeypot=is_one))
    return True
