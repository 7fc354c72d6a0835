"""How probably those who saw a number still call it, beside an ordinary visit."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("numbers", sa.Column("heat", sa.Float(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("numbers", "heat")
