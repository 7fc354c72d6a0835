"""How many conversions platforms say that they counted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0053"
down_revision = "0052"

_Json = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "platform_counts",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("destination_id", sa.String(32), nullable=False),
        sa.Column("counts", _Json, nullable=False),
        sa.Column("told_at", sa.BigInteger()),
        sa.Column("trouble", sa.Text()),
        sa.PrimaryKeyConstraint("company_id", "destination_id", name="pk_platform_counts"),
        sa.ForeignKeyConstraint(
            ["company_id", "destination_id"],
            ["destinations.company_id", "destinations.destination_id"],
            name="fk_platform_counts_destinations",
        ),
    )


def downgrade() -> None:
    op.drop_table("platform_counts")
