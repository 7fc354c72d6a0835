"""Who people are at the single sign-on."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    op.add_column("people", sa.Column("subject", sa.Text(), nullable=True))
    op.create_index("ix_people_subject", "people", ["subject"])


def downgrade() -> None:
    op.drop_index("ix_people_subject", "people")
    op.drop_column("people", "subject")
