"""Auto-scale of pools: what it may do, what it did; and the weekly rhythm of each pool's visits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "pool_scaling",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("pool_id", sa.String(32), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("ceiling", sa.Integer(), nullable=False),
        sa.Column("budget_cents", sa.Integer(), nullable=False),
        sa.Column("number_cents", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("retry_at", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "pool_id", name="pk_pool_scaling"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_pool_scaling_companies"),
        sa.ForeignKeyConstraint(
            ["company_id", "pool_id"], ["pools.company_id", "pools.pool_id"], name="fk_pool_scaling_pools"
        ),
    )
    op.create_table(
        "scaling_events",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("event_id", sa.String(32), nullable=False),
        sa.Column("pool_id", sa.String(32), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("detail", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "event_id", name="pk_scaling_events"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_scaling_events_companies"),
    )
    op.create_index("ix_scaling_events_pool", "scaling_events", ["company_id", "pool_id", "event_id"])
    op.create_table(
        "pool_rhythms",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("pool_id", sa.String(32), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("rhythm", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "pool_id", name="pk_pool_rhythms"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_pool_rhythms_companies"),
        sa.ForeignKeyConstraint(
            ["company_id", "pool_id"], ["pools.company_id", "pools.pool_id"], name="fk_pool_rhythms_pools"
        ),
    )


def downgrade() -> None:
    op.drop_table("pool_rhythms")
    op.drop_index("ix_scaling_events_pool", "scaling_events")
    op.drop_table("scaling_events")
    op.drop_table("pool_scaling")
