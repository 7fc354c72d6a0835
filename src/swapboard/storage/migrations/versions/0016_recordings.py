"""Recordings: whose calls are recorded, what was fetched and how long it is kept; who heard or deleted what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "recording_policies",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "number", name="pk_recording_policies"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_recording_policies_companies"),
    )
    op.create_table(
        "recording_keeping",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("talk_days", sa.Integer(), nullable=False),
        sa.Column("message_days", sa.Integer(), nullable=False),
        sa.Column("transcript_days", sa.Integer(), nullable=False),
        sa.Column("deletes_at_carrier", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_recording_keeping"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_recording_keeping_companies"),
    )
    op.create_table(
        "recordings",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("recording_id", sa.String(32), nullable=False),
        sa.Column("call_id", sa.String(32), nullable=False),
        sa.Column("carrier_id", sa.String(32), nullable=False),
        sa.Column("recording_ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("kept_at", sa.BigInteger(), nullable=True),
        sa.Column("file_key", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("waveform", _JSON, nullable=True),
        sa.Column("turns", _JSON, nullable=True),
        sa.Column("silenced", _JSON, nullable=True),
        sa.Column("at_carrier", sa.Boolean(), nullable=False),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        sa.Column("gone_because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "recording_id", name="pk_recordings"),
        sa.ForeignKeyConstraint(
            ["company_id", "call_id"], ["calls.company_id", "calls.call_id"], name="fk_recordings_calls"
        ),
    )
    op.create_index("ix_recordings_call", "recordings", ["company_id", "call_id"])
    op.create_index("ix_recordings_due", "recordings", ["company_id", "state", "due_at"])
    op.create_index("ux_recordings_ref", "recordings", ["company_id", "carrier_id", "recording_ref"], unique=True)
    op.create_table(
        "audit_entries",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("entry_id", sa.String(32), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "entry_id", name="pk_audit_entries"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_audit_entries_companies"),
    )
    op.create_index("ix_audit_entries_subject", "audit_entries", ["company_id", "subject", "entry_id"])


def downgrade() -> None:
    for table in (
        "audit_entries",
        "recordings",
        "recording_keeping",
        "recording_policies",
    ):
        op.drop_table(table)
