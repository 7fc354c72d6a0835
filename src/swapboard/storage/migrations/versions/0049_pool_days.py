"""How many visits of each day saw a number of each pool, for reports."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    op.create_table(
        "pool_days",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("day_at", sa.BigInteger(), nullable=False),
        sa.Column("pool_id", sa.String(32), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("leases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "day_at", "pool_id", name="pk_pool_days"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_pool_days_companies"),
    )


def downgrade() -> None:
    op.drop_table("pool_days")
