"""How far a carrier's own call list has been read."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("carriers", sa.Column("listed_until_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("carriers", "listed_until_at")
