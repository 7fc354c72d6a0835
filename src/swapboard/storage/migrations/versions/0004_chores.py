"""Chores that come due, what channels are worth, and how far back a lead's visits count."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "chores",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "name", name="pk_chores"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_chores_companies"),
    )
    op.create_table(
        "channel_worth",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("worth", sa.Float(), nullable=False),
        sa.Column("learned_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "channel", name="pk_channel_worth"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_channel_worth_companies"),
    )
    op.add_column("companies", sa.Column("look_back_days", sa.Integer(), nullable=False, server_default="90"))


def downgrade() -> None:
    op.drop_column("companies", "look_back_days")
    op.drop_table("channel_worth")
    op.drop_table("chores")
