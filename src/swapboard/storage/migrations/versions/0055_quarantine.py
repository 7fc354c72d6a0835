"""How long a number rings after it was taken off is the company's to say; visits know the region a proxy told.

Lists of numbers could bring in days that are none, which shut the reports: such days go.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"

_NUMBERS = sa.table("numbers", *map(sa.column, ("company_id", "number_id", "starts_on", "ends_on")))


def upgrade() -> None:
    op.add_column("companies", sa.Column("quarantine_days", sa.Integer(), nullable=False, server_default="30"))
    op.add_column("sessions", sa.Column("region", sa.Text(), nullable=True))
    dated = sa.select(_NUMBERS).where(sa.or_(_NUMBERS.c.starts_on.is_not(None), _NUMBERS.c.ends_on.is_not(None)))
    connection = op.get_bind()
    for row in connection.execute(dated.execution_options(across_companies="a migration")).all():
        starts_on, ends_on = (day if day and _is_day(day) else None for day in (row.starts_on, row.ends_on))
        if starts_on and ends_on and ends_on < starts_on:
            ends_on = None
        if (starts_on, ends_on) != (row.starts_on, row.ends_on):
            number = _NUMBERS.c.company_id == row.company_id, _NUMBERS.c.number_id == row.number_id
            connection.execute(sa.update(_NUMBERS).where(*number).values(starts_on=starts_on, ends_on=ends_on))


def downgrade() -> None:
    op.drop_column("sessions", "region")
    op.drop_column("companies", "quarantine_days")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
