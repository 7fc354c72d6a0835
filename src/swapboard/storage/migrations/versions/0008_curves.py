"""What is learned of each company's calls, what each call taught, and changes of who is credited."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "curves",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("learned_at", sa.BigInteger(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("learned", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "version", name="pk_curves"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_curves_companies"),
    )
    op.create_table(
        "call_evidence",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("call_id", sa.String(32), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("evidence", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "call_id", name="pk_call_evidence"),
        sa.ForeignKeyConstraint(
            ["company_id", "call_id"], ["calls.company_id", "calls.call_id"], name="fk_call_evidence_calls"
        ),
    )
    op.create_index("ix_call_evidence_happened", "call_evidence", ["company_id", "happened_at"])
    op.create_index("ix_call_candidates_session", "call_candidates", ["company_id", "session_id"])
    op.create_table(
        "attribution_changes",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("change_id", sa.String(32), nullable=False),
        sa.Column("call_id", sa.String(32), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("was", _JSON, nullable=False),
        sa.Column("became", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "change_id", name="pk_attribution_changes"),
        sa.ForeignKeyConstraint(
            ["company_id", "call_id"], ["calls.company_id", "calls.call_id"], name="fk_attribution_changes_calls"
        ),
    )


def downgrade() -> None:
    op.drop_table("attribution_changes")
    op.drop_index("ix_call_candidates_session", "call_candidates")
    op.drop_index("ix_call_evidence_happened", "call_evidence")
    op.drop_table("call_evidence")
    op.drop_table("curves")
