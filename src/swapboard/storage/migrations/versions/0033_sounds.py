"""Sounds of a company's own, which its flows play to callers."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "sounds",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("sound_id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "sound_id", name="pk_sounds"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_sounds_companies"),
    )
    op.create_index("ix_sounds_name", "sounds", ["company_id", "name"], unique=True)


def downgrade() -> None:
    op.drop_table("sounds")
