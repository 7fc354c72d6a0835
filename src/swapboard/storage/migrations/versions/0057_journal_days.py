"""How long a company keeps its journal."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    op.add_column("companies", sa.Column("journal_days", sa.Integer(), nullable=False, server_default="730"))


def downgrade() -> None:
    op.drop_column("companies", "journal_days")
