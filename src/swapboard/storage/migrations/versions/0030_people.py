"""A person logs in once for all their companies; a company has a colour and a logo."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

# Who had a place in several companies had a password for each: the oldest stays.
_MOVE = """
INSERT INTO people (company_id, person_id, email, created_at, password_hash)
SELECT company_id, user_id, email, created_at, password_hash FROM users AS one
WHERE NOT EXISTS (
  SELECT 1 FROM users AS other WHERE other.email = one.email
  AND (other.created_at < one.created_at OR (other.created_at = one.created_at AND other.user_id < one.user_id))
)
"""
_MOVE_BACK = """
UPDATE users SET password_hash =
  coalesce((SELECT people.password_hash FROM people WHERE people.email = users.email), 'none')
"""


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "person_id", name="pk_people"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_people_companies"),
    )
    op.create_index("ix_people_email", "people", ["email"])
    op.execute(_MOVE)
    op.drop_column("users", "password_hash")
    op.add_column("companies", sa.Column("colour", sa.String(7), nullable=True))
    op.create_table(
        "logos",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_logos"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_logos_companies"),
    )


def downgrade() -> None:
    op.drop_table("logos")
    op.drop_column("companies", "colour")
    op.add_column("users", sa.Column("password_hash", sa.Text(), nullable=False, server_default=""))
    op.execute(_MOVE_BACK)
    op.drop_table("people")
