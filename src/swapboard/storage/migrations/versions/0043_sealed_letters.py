"""Letters whose link opens a door are sealed while they wait."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    op.add_column("emails", sa.Column("sealed", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("emails", "sealed")
