"""Refresh tokens are lent to one process at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.create_table(
        "token_loans",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("kept_by", sa.String(32), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "kept_by", name="pk_token_loans"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_token_loans_companies"),
    )


def downgrade() -> None:
    op.drop_table("token_loans")
