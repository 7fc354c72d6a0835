"""What a destination was told is found by when it was said; what is sent once more waits as if it were new."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("attempts_before", sa.Integer(), nullable=False, server_default="0"))
    columns = ["company_id", "destination_id", "said_at", "delivery_id"]
    op.create_index("ix_deliveries_said", "deliveries", columns)


def downgrade() -> None:
    op.drop_index("ix_deliveries_said", "deliveries")
    op.drop_column("deliveries", "attempts_before")
