"""Accounts at ad platforms, which know the keywords of clicks."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "ad_accounts",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "platform", "customer_id", name="pk_ad_accounts"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_ad_accounts_companies"),
    )


def downgrade() -> None:
    op.drop_table("ad_accounts")
