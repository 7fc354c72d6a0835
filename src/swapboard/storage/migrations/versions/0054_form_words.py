"""What reports count a form for stands beside it; calls say how often they changed; a day's pools hold."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"

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
_STARTED = "ix_calls_started"
_CREATED = "ix_leads_created"


def upgrade() -> None:
    # Left null: the server fills them in some by some, and reports ask the visit until then.
    for name in _WORDS:
        op.add_column("forms", sa.Column(name, sa.Text(), nullable=True))
    none = sa.text("channel IS NULL")
    op.create_index(
        "ix_forms_wordless", "forms", ["company_id", "sent_at"], sqlite_where=none, postgresql_where=none
    )
    op.add_column("calls", sa.Column("changes", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index(_STARTED, "calls")
    op.create_index(_STARTED, "calls", ["company_id", "started_at", "call_id", "changes"])
    # What reports go by is the sum of these: each begins at a number of its own.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    number = "abs(random()) % 268435456" if is_sqlite else "floor(random() * 268435456)"
    begun = sa.text(f"UPDATE leads SET credit_changes = credit_changes + {number}")  # noqa: S608 our own
    op.get_bind().execute(begun.execution_options(across_companies="a migration"))
    op.drop_index(_CREATED, "leads")
    op.create_index(_CREATED, "leads", ["company_id", "created_at", "lead_id", "credited_days", "credit_changes"])
    # Counted while a late lease was not noted: the server counts them anew.
    every_day = sa.delete(sa.table("pool_days", sa.column("company_id")))
    op.get_bind().execute(every_day.execution_options(across_companies="a migration"))
    op.drop_column("pool_days", "leases")


def downgrade() -> None:
    op.add_column("pool_days", sa.Column("leases", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index(_CREATED, "leads")
    op.create_index(_CREATED, "leads", ["company_id", "created_at", "lead_id", "credited_days"])
    op.drop_index(_STARTED, "calls")
    op.create_index(_STARTED, "calls", ["company_id", "started_at", "call_id"])
    op.drop_column("calls", "changes")
    op.drop_index("ix_forms_wordless", "forms")
    for name in _WORDS:
        op.drop_column("forms", name)
