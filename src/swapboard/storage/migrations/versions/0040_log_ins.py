"""The browsers that people are logged in with. Whoever is logged in when it comes logs in once more."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_table(
        "log_ins",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("log_in_id", sa.String(32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "person_id", "log_in_id", name="pk_log_ins"),
        sa.ForeignKeyConstraint(
            ["company_id", "person_id"], ["people.company_id", "people.person_id"], name="fk_log_ins_people"
        ),
    )


def downgrade() -> None:
    op.drop_table("log_ins")
