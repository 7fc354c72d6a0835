"""Which rehearsal of a pool runs, for every process of the server to see."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0061"
down_revision = "0060"
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("pool_rehearsals", sa.Column("running", _JSON, nullable=True))
    op.add_column("pool_rehearsals", sa.Column("heard_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("pool_rehearsals", "heard_at")
    op.drop_column("pool_rehearsals", "running")
