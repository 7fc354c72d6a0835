"""What a platform took with a receipt is asked after later."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("receipt", sa.Text()))
    op.add_column("deliveries", sa.Column("ask_at", sa.BigInteger()))
    is_asked = sa.text("ask_at IS NOT NULL")
    op.create_index(
        "ix_deliveries_ask",
        "deliveries",
        ["company_id", "ask_at"],
        sqlite_where=is_asked,
        postgresql_where=is_asked,
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_ask", "deliveries")
    op.drop_column("deliveries", "ask_at")
    op.drop_column("deliveries", "receipt")
