"""Keys are held to scopes, end by themselves, and say who made them."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("scopes", sa.Text(), nullable=False, server_default=""))
    op.add_column("api_keys", sa.Column("expires_at", sa.BigInteger(), nullable=True))
    op.add_column("api_keys", sa.Column("made_by", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for column in ("made_by", "expires_at", "scopes"):
        op.drop_column("api_keys", column)
