"""What was said: transcripts, the words and phrases in them, rules for good leads, and who said what of a call."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0026"
down_revision = "0025"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(32), nullable=False)


def _of_company(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name=f"fk_{table}_companies")


def _belongs(table: str, name: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", name], [f"{parent}.company_id", f"{parent}.{name}"], name=f"fk_{table}_{parent}"
    )


def upgrade() -> None:
    op.create_table(
        "call_judgements",
        _id("company_id"),
        _id("call_id"),
        sa.Column("judgement", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "call_id", name="pk_call_judgements"),
        _belongs("call_judgements", "call_id", "calls"),
    )
    op.create_table(
        "lead_rules",
        _id("company_id"),
        _id("rule_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("conditions", _JSON, nullable=False),
        sa.Column("outcome", _JSON, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "rule_id", name="pk_lead_rules"),
        _of_company("lead_rules"),
    )
    op.create_table(
        "spoken_phrases",
        _id("company_id"),
        _id("phrase_id"),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "phrase_id", name="pk_spoken_phrases"),
        _of_company("spoken_phrases"),
    )
    op.create_index("ux_spoken_phrases_phrase", "spoken_phrases", ["company_id", "phrase"], unique=True)
    op.create_table(
        "word_settings",
        _id("company_id"),
        sa.Column("transcribes", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("phrases_changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_word_settings"),
        _of_company("word_settings"),
    )
    _add_transcripts()


def _add_transcripts() -> None:
    op.create_table(
        "transcripts",
        _id("company_id"),
        _id("recording_id"),
        _id("call_id"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("spotted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "recording_id", name="pk_transcripts"),
        _belongs("transcripts", "recording_id", "recordings"),
    )
    op.create_index("ix_transcripts_call", "transcripts", ["company_id", "call_id"])
    op.create_index("ix_transcripts_due", "transcripts", ["company_id", "state", "due_at"])
    op.create_table(
        "transcript_words",
        _id("company_id"),
        sa.Column("token", sa.BigInteger(), nullable=False),
        _id("recording_id"),
        _id("call_id"),
        sa.PrimaryKeyConstraint("company_id", "token", "recording_id", name="pk_transcript_words"),
        _belongs("transcript_words", "recording_id", "recordings"),
    )
    op.create_index("ix_transcript_words_recording", "transcript_words", ["company_id", "recording_id"])
    op.create_table(
        "phrase_hits",
        _id("company_id"),
        _id("recording_id"),
        sa.Column("phrase", sa.Text(), nullable=False),
        _id("call_id"),
        sa.Column("hit", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "recording_id", "phrase", name="pk_phrase_hits"),
        _belongs("phrase_hits", "recording_id", "recordings"),
    )
    op.create_index("ix_phrase_hits_call", "phrase_hits", ["company_id", "call_id"])
    op.create_index("ix_phrase_hits_phrase", "phrase_hits", ["company_id", "phrase", "call_id"])


def downgrade() -> None:
    for table in (
        "phrase_hits",
        "transcript_words",
        "transcripts",
        "word_settings",
        "spoken_phrases",
        "lead_rules",
        "call_judgements",
    ):
        op.drop_table(table)
