"""Which visit made the call, and what was learned of that."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, PrimaryKeyConstraint, Table, Text, false

from swapboard.storage.tables.columns import (
    WORDS_OF_VISIT,
    Json,
    at_column,
    belongs,
    id_column,
    metadata,
    of_company,
    text_column,
)

call_candidates = Table(
    "call_candidates",
    metadata,
    id_column("company_id"),
    id_column("call_id"),
    id_column("session_id"),
    Column("rank", Integer, nullable=False),
    Column("probability", Float, nullable=False),
    text_column("because"),
    *(Column(name, Text, nullable=False, server_default="") for name in WORDS_OF_VISIT),
    PrimaryKeyConstraint("company_id", "call_id", "session_id"),
    belongs("call_id", "calls"),
    Index("ix_call_candidates_session", "company_id", "session_id"),
)
"""The sessions that may have made a call, with how probable each is, and what reports count each for."""

channel_worth = Table(
    "channel_worth",
    metadata,
    id_column("company_id"),
    text_column("channel"),
    Column("worth", Float, nullable=False),
    at_column("learned_at"),
    PrimaryKeyConstraint("company_id", "channel"),
    of_company(),
)
"""The share of the company's leads that would be lost without a channel (`attribution/markov.py`)."""

curves = Table(
    "curves",
    metadata,
    id_column("company_id"),
    Column("version", Integer, nullable=False),
    at_column("learned_at"),
    Column("calls", Integer, nullable=False),
    Column("learned", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "version"),
    of_company(),
)
"""What was learned of how often the company's visitors call; each night a new version, and more while few calls
are known."""

call_evidence = Table(
    "call_evidence",
    metadata,
    id_column("company_id"),
    id_column("call_id"),
    at_column("happened_at"),
    Column("version", Integer, nullable=False),
    Column("evidence", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "call_id"),
    belongs("call_id", "calls"),
    Index("ix_call_evidence_happened", "company_id", "happened_at"),
)
"""What was known of a call's candidates when it arrived, so that a recompute weighs the same facts; `version` is
the curve that weighed them last."""

attribution_changes = Table(
    "attribution_changes",
    metadata,
    id_column("company_id"),
    id_column("change_id"),
    id_column("call_id"),
    at_column("happened_at"),
    text_column("actor"),
    Column("version", Integer, nullable=False),
    Column("was", Json, nullable=False),
    Column("became", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "change_id"),
    belongs("call_id", "calls"),
    Index("ix_attribution_changes_call", "company_id", "call_id"),
)
"""Attributions of calls that had ended, which came out differently afterwards; append-only."""

match_verdicts = Table(
    "match_verdicts",
    metadata,
    id_column("company_id"),
    id_column("call_id"),
    id_column("session_id"),
    Column("is_right", Boolean, nullable=False),
    Column("confidence", Float, nullable=False),
    text_column("actor"),
    at_column("happened_at"),
    Column("was_nobody", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("company_id", "call_id"),
    belongs("call_id", "calls"),
)
"""A person's word on whether the visit that a call is credited to really made it, and how sure we were then. Where
the answer was that nobody from the site called, `session_id` is empty. `was_nobody`: the person says so."""
