"""Leave to use accounts at platforms, got by signing in there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0024"
down_revision = "0023"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "access_grants",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("grant_id", sa.String(32), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("scopes", _JSON, nullable=False),
        sa.Column("granted", _JSON, nullable=False),
        sa.Column("addresses", _JSON, nullable=False),
        sa.Column("facts", _JSON, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("signed_in_at", sa.BigInteger(), nullable=True),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "grant_id", name="pk_access_grants"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_access_grants_companies"),
    )
    op.add_column("destinations", sa.Column("grant_id", sa.String(32), nullable=True))


def downgrade() -> None:
    op.drop_column("destinations", "grant_id")
    op.drop_table("access_grants")
