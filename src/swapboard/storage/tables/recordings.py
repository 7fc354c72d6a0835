"""What was recorded of calls, and the words in it."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, PrimaryKeyConstraint, Table

from swapboard.storage.tables.columns import (
    E164,
    Json,
    at_column,
    belongs,
    id_column,
    metadata,
    of_company,
    text_column,
)

spoken_phrases = Table(
    "spoken_phrases",
    metadata,
    id_column("company_id"),
    id_column("phrase_id"),
    text_column("phrase"),
    text_column("said_by"),
    text_column("meaning"),
    text_column("tag"),
    at_column("created_at"),
    PrimaryKeyConstraint("company_id", "phrase_id"),
    of_company(),
    Index("ux_spoken_phrases_phrase", "company_id", "phrase", unique=True),
)
"""What a company listens for in its calls (`calls/phrases.py`)."""

word_settings = Table(
    "word_settings",
    metadata,
    id_column("company_id"),
    Column("transcribes", Boolean, nullable=False),
    text_column("language"),
    at_column("phrases_changed_at"),
    PrimaryKeyConstraint("company_id"),
    of_company(),
)
"""Whether what is said is written down, in which language, and since when we listen for the present phrases."""

recording_policies = Table(
    "recording_policies",
    metadata,
    id_column("company_id"),
    Column("number", E164, nullable=False),
    text_column("mode"),
    text_column("notice"),
    text_column("question"),
    text_column("notice_file"),
    text_column("question_file"),
    PrimaryKeyConstraint("company_id", "number"),
    of_company(),
)
"""Whether calls to a number are recorded, and what is said first; an empty number stands for all others."""

recording_keeping = Table(
    "recording_keeping",
    metadata,
    id_column("company_id"),
    Column("talk_days", Integer, nullable=False),
    Column("message_days", Integer, nullable=False),
    Column("transcript_days", Integer, nullable=False),
    Column("deletes_at_carrier", Boolean, nullable=False),
    PrimaryKeyConstraint("company_id"),
    of_company(),
)
"""How long recordings of talks, messages and transcripts are kept, in days."""

recordings = Table(
    "recordings",
    metadata,
    id_column("company_id"),
    id_column("recording_id"),
    id_column("call_id"),
    id_column("carrier_id"),
    text_column("recording_ref"),
    text_column("kind"),
    text_column("state"),
    at_column("told_at"),
    at_column("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    text_column("trouble", nullable=True),
    at_column("kept_at", nullable=True),
    text_column("file_key", nullable=True),
    text_column("media_type", nullable=True),
    Column("size_bytes", BigInteger),
    Column("seconds", Float),
    Column("waveform", Json),
    Column("turns", Json),
    Column("silenced", Json),
    Column("at_carrier", Boolean, nullable=False),
    at_column("gone_at", nullable=True),
    text_column("gone_because", nullable=True),
    PrimaryKeyConstraint("company_id", "recording_id"),
    belongs("call_id", "calls"),
    Index("ux_recordings_ref", "company_id", "carrier_id", "recording_ref", unique=True),
    Index("ix_recordings_call", "company_id", "call_id"),
    Index("ix_recordings_due", "company_id", "state", "due_at"),
)
"""What carriers recorded of talks and messages: still to be fetched (`due`), kept in a file that only `file_key`
(sealed) opens, not to be had (`failed`), or gone. `due_at` is also when a kept one is to be deleted."""

transcripts = Table(
    "transcripts",
    metadata,
    id_column("company_id"),
    id_column("recording_id"),
    id_column("call_id"),
    text_column("state"),
    at_column("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    text_column("trouble", nullable=True),
    at_column("made_at", nullable=True),
    text_column("sealed", nullable=True),
    at_column("spotted_at", nullable=True),
    PrimaryKeyConstraint("company_id", "recording_id"),
    belongs("recording_id", "recordings"),
    Index("ix_transcripts_call", "company_id", "call_id"),
    Index("ix_transcripts_due", "company_id", "state", "due_at"),
)
"""What was said in recordings: to be written down (`due`, claimed by moving `due_at`), kept (only the
installation's key opens `sealed`), or not to be had. They go with their recording. At `spotted_at` phrases were
looked for."""

transcript_words = Table(
    "transcript_words",
    metadata,
    id_column("company_id"),
    Column("token", BigInteger, nullable=False),
    id_column("recording_id"),
    id_column("call_id"),
    PrimaryKeyConstraint("company_id", "token", "recording_id"),
    belongs("recording_id", "recordings"),
    Index("ix_transcript_words_recording", "company_id", "recording_id"),
)
"""Which words were said in which recording; a token is a keyed hash of the word, so that none can be read here."""

phrase_hits = Table(
    "phrase_hits",
    metadata,
    id_column("company_id"),
    id_column("recording_id"),
    text_column("phrase"),
    id_column("call_id"),
    Column("hit", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "recording_id", "phrase"),
    belongs("recording_id", "recordings"),
    Index("ix_phrase_hits_call", "company_id", "call_id"),
    Index("ix_phrase_hits_phrase", "company_id", "phrase", "call_id"),
)
"""Which of the phrases were said in which recording, by whom and when (`calls/phrases.py`)."""

message_mail = Table(
    "message_mail",
    metadata,
    id_column("company_id"),
    Column("addresses", Json, nullable=False),
    Column("attaches", Boolean, nullable=False),
    PrimaryKeyConstraint("company_id"),
    of_company(),
)
"""Who gets an e-mail of each message that a caller leaves, and whether the sound goes with it or a link does."""
