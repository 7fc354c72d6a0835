"""Spam: what people said of callers, what a company does about it, honeypots, and why a call is held to be it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("numbers", sa.Column("is_honeypot", sa.Boolean(), nullable=False, server_default=sa.false()))
    for column in (
        sa.Column("attestation", sa.String(8)),
        sa.Column("is_spam", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("spam_score", sa.Float()),
        sa.Column("spam_reasons", _JSON),
        sa.Column("spam_said", sa.Boolean()),
    ):
        op.add_column("calls", column)
    op.create_table(
        "spam_policies",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("policy", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_spam_policies"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_spam_policies_companies"),
    )
    op.create_table(
        "caller_words",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("word_id", sa.String(32), nullable=False),
        sa.Column("pattern", sa.String(20), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "word_id", name="pk_caller_words"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_caller_words_companies"),
    )
    op.create_index("ux_caller_words_pattern", "caller_words", ["company_id", "pattern"], unique=True)


def downgrade() -> None:
    op.drop_table("caller_words")
    op.drop_table("spam_policies")
    for column in ("spam_said", "spam_reasons", "spam_score", "is_spam", "attestation"):
        op.drop_column("calls", column)
    op.drop_column("numbers", "is_honeypot")
