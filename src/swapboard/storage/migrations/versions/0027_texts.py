"""Text messages: what missed callers are written, the outbox of it, what they write back, who wants no more."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "text_replies",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "number", name="pk_text_replies"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_text_replies_companies"),
    )
    op.create_table(
        "text_stops",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "number", name="pk_text_stops"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_text_stops_companies"),
    )
    op.create_table(
        "text_messages",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("carrier_id", sa.String(32), nullable=False),
        sa.Column("call_id", sa.String(32), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("sender", sa.String(20), nullable=False),
        sa.Column("recipient", sa.String(20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("carrier_ref", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "message_id", name="pk_text_messages"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_text_messages_companies"),
    )
    op.create_index("ix_text_messages_due", "text_messages", ["company_id", "state", "due_at"])
    op.create_index("ix_text_messages_recipient", "text_messages", ["company_id", "recipient", "written_at"])
    op.create_index("ux_text_messages_about", "text_messages", ["company_id", "about"], unique=True)


def downgrade() -> None:
    for table in ("text_messages", "text_stops", "text_replies"):
        op.drop_table(table)
