"""Destinations that come and fetch files have a password."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("destination_id", sa.String(32), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "destination_id", name="pk_feeds"),
        sa.ForeignKeyConstraint(
            ["company_id", "destination_id"],
            ["destinations.company_id", "destinations.destination_id"],
            name="fk_feeds_destinations",
        ),
    )
    op.create_index("ix_feeds_destination", "feeds", ["destination_id"])


def downgrade() -> None:
    op.drop_table("feeds")
