"""What other sizes of a pool would have done, kept when they were tried."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0060"
down_revision = "0059"
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "pool_rehearsals",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("pool_id", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("results", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "pool_id", name="pk_pool_rehearsals"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_pool_rehearsals_companies"),
        sa.ForeignKeyConstraint(
            ["company_id", "pool_id"], ["pools.company_id", "pools.pool_id"], name="fk_pool_rehearsals_pools"
        ),
    )


def downgrade() -> None:
    op.drop_table("pool_rehearsals")
