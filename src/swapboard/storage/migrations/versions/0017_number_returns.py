"""Released numbers that are to be given back to their carrier."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "number_returns",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("number_id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("carrier_id", sa.String(32), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("is_sure", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "number_id", name="pk_number_returns"),
        sa.ForeignKeyConstraint(
            ["company_id", "number_id"],
            ["numbers.company_id", "numbers.number_id"],
            name="fk_number_returns_numbers",
        ),
    )
    op.create_index(
        "ix_number_returns_open",
        "number_returns",
        ["company_id", "due_at"],
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("number_returns")
