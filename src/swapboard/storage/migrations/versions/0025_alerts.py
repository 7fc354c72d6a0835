"""What was sent once more, and since when people know that a destination fails."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("destinations", sa.Column("alerted_at", sa.BigInteger()))
    op.add_column("deliveries", sa.Column("again_at", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("deliveries", "again_at")
    op.drop_column("destinations", "alerted_at")
