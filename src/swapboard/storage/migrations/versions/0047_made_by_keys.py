"""Which key made a key or an invitation: its name need not be the only one of its kind."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("made_by_key_id", sa.String(32), nullable=True))
    op.add_column("invitations", sa.Column("invited_by_key_id", sa.String(32), nullable=True))


def downgrade() -> None:
    op.drop_column("invitations", "invited_by_key_id")
    op.drop_column("api_keys", "made_by_key_id")
