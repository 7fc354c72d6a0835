"""How long a company keeps visits, and who called, wrote or sent a form."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    op.add_column("companies", sa.Column("visits_kept_days", sa.Integer()))
    op.add_column("companies", sa.Column("contacts_kept_days", sa.Integer()))
    thinned = sa.Column("visits_thinned_until", sa.String(32), nullable=False, server_default="")
    op.add_column("companies", thinned)


def downgrade() -> None:
    op.drop_column("companies", "visits_thinned_until")
    op.drop_column("companies", "contacts_kept_days")
    op.drop_column("companies", "visits_kept_days")
