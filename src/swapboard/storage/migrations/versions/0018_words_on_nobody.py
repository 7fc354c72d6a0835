"""A word on a match may say that nobody of the candidates called."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column(
        "match_verdicts", sa.Column("was_nobody", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("match_verdicts", "was_nobody")
