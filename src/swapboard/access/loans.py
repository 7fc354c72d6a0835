"""Who has a refresh token to itself, in the database."""

from sqlalchemy import Connection, delete

from swapboard.clock import Millis
from swapboard.storage.insert import insert_into
from swapboard.storage.schema import token_loans


def borrow(connection: Connection, company_id: str, kept_by: str, now: Millis, until: Millis) -> bool:
    """Take the token that this grant or destination keeps, until then; False while somebody else has it."""
    loan = insert_into(connection, token_loans).values(company_id=company_id, kept_by=kept_by, until_at=until)
    is_over = (token_loans.c.until_at <= now) & (token_loans.c.company_id == company_id)
    again = loan.on_conflict_do_update(
        index_elements=["company_id", "kept_by"], set_={"until_at": until}, where=is_over
    )
    return connection.scalar(again.returning(token_loans.c.kept_by)) is not None


def give_back(connection: Connection, company_id: str, kept_by: str, until: Millis) -> None:
    """End the loan that was until then; one that is somebody else's by now goes on."""
    mine = token_loans.c.company_id == company_id, token_loans.c.kept_by == kept_by
    connection.execute(delete(token_loans).where(*mine, token_loans.c.until_at == until))
