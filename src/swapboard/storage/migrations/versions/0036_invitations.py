"""Invitations to a company, and since when an address is known to be its person's."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("invitation_id", sa.String(32), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "invitation_id", name="pk_invitations"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_invitations_companies"),
    )
    op.add_column("people", sa.Column("verified_at", sa.BigInteger(), nullable=True))
    # Whoever runs the server added them.
    op.execute("UPDATE people SET verified_at = created_at WHERE company_id IS NOT NULL")


def downgrade() -> None:
    op.drop_column("people", "verified_at")
    op.drop_table("invitations")
