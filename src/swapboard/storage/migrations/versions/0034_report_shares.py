"""Links with which somebody without a log-in sees one saved report."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "report_shares",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("share_id", sa.String(32), nullable=False),
        sa.Column("view_id", sa.String(32), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "share_id", name="pk_report_shares"),
        sa.ForeignKeyConstraint(
            ["company_id", "view_id"],
            ["saved_views.company_id", "saved_views.view_id"],
            name="fk_report_shares_saved_views",
        ),
    )
    op.create_index("ix_report_shares_secret", "report_shares", ["secret_hash"])


def downgrade() -> None:
    op.drop_table("report_shares")
