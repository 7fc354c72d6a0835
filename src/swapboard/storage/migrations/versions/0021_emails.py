"""The outbox of e-mails, and who gets the messages that callers leave."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "message_mail",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("addresses", _JSON, nullable=False),
        sa.Column("attaches", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_message_mail"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_message_mail_companies"),
    )
    op.create_table(
        "emails",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("email_id", sa.String(32), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("recording_id", sa.String(32), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "email_id", name="pk_emails"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_emails_companies"),
    )
    op.create_index("ix_emails_due", "emails", ["company_id", "state", "due_at"])
    op.create_index("ux_emails_about", "emails", ["company_id", "about", "recipient"], unique=True)


def downgrade() -> None:
    for table in (
        "emails",
        "message_mail",
    ):
        op.drop_table(table)
