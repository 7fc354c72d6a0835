"""What people read the dashboard in, and what a company's letters and reports are written in."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.add_column("people", sa.Column("language", sa.String(8), nullable=True))
    op.add_column("companies", sa.Column("language", sa.String(8), nullable=True))


def downgrade() -> None:
    op.drop_column("companies", "language")
    op.drop_column("people", "language")
