"""What each visit earned of a lead is filed, for the reports of models and ways to add up."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

_NUMBERS = ("first", "last", "last_non_direct", "linear", "position_based", "time_decay")
_WORDS = (
    "channel",
    "source",
    "medium",
    "campaign",
    "keyword",
    "ad_group",
    "ad",
    "landing_page",
    "referrer",
    "device",
)


def upgrade() -> None:
    for name in ("credited_days", "credit_changes"):
        op.add_column("leads", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "companies", sa.Column("leads_credited_until_at", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.drop_index("ix_leads_created", "leads")
    op.create_index("ix_leads_created", "leads", ["company_id", "created_at", "lead_id", "credited_days"])
    op.create_table(
        "lead_credits",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("counted_by", sa.Text(), nullable=False),
        sa.Column("lead_at", sa.BigInteger(), nullable=False),
        sa.Column("lead_id", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("look_back_days", sa.Integer(), nullable=False),
        sa.Column("began_as", sa.Text(), nullable=False),
        sa.Column("session_id", sa.String(32), nullable=True),
        sa.Column("is_plain", sa.Boolean(), nullable=False),
        sa.Column("way", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("until_last", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _NUMBERS),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _WORDS),
        sa.PrimaryKeyConstraint("company_id", "counted_by", "lead_at", "lead_id", "place", name="pk_lead_credits"),
        sa.ForeignKeyConstraint(
            ["company_id", "lead_id"], ["leads.company_id", "leads.lead_id"], name="fk_lead_credits_leads"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_lead_credits_lead", "lead_credits", ["company_id", "lead_id"])
    op.create_index("ix_lead_credits_session", "lead_credits", ["company_id", "session_id"])


def downgrade() -> None:
    op.drop_table("lead_credits")
    op.drop_index("ix_leads_created", "leads")
    op.create_index("ix_leads_created", "leads", ["company_id", "created_at", "lead_id"])
    op.drop_column("companies", "leads_credited_until_at")
    for name in ("credited_days", "credit_changes"):
        op.drop_column("leads", name)
