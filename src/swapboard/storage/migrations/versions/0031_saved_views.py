"""Reports that somebody gave a name."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("view_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "view_id", name="pk_saved_views"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_saved_views_companies"),
    )


def downgrade() -> None:
    op.drop_table("saved_views")
