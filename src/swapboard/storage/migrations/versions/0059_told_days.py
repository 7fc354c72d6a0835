"""How often what destinations were told was changed, by the day on which it was said."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    op.create_table(
        "told_days",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("day_at", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "day_at", "slot", name="pk_told_days"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_told_days_companies"),
    )


def downgrade() -> None:
    op.drop_table("told_days")
