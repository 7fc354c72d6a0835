"""A second step for log-ins: an authenticator app, and recovery codes."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.add_column("people", sa.Column("totp", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("totp_step", sa.BigInteger(), nullable=True))
    op.add_column("people", sa.Column("recovery", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for column in ("recovery", "totp_step", "totp"):
        op.drop_column("people", column)
