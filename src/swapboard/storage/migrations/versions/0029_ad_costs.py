"""Accounts at ad platforms are asked what their ads cost."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("ad_accounts", sa.Column("costs_asked_at", sa.BigInteger(), nullable=True))
    op.add_column("ad_accounts", sa.Column("costs_trouble", sa.Text(), nullable=True))
    op.add_column("ad_accounts", sa.Column("grant_id", sa.String(32), nullable=True))


def downgrade() -> None:
    for column in ("grant_id", "costs_trouble", "costs_asked_at"):
        op.drop_column("ad_accounts", column)
