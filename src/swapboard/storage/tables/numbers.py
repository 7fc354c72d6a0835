"""Numbers, who is shown which, and why."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
    text,
)

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

_Cents = BigInteger().with_variant(Integer(), "sqlite")

swap_targets = Table(
    "swap_targets",
    metadata,
    id_column("company_id"),
    id_column("target_id"),
    Column("number", E164, nullable=False),
    Column("destination", E164, nullable=False),
    text_column("name"),
    at_column("created_at"),
    id_column("shares_with", nullable=True),
    PrimaryKeyConstraint("company_id", "target_id"),
    of_company(),
    Index("ux_swap_targets_number", "company_id", "number", unique=True),
)
"""A target that `shares_with` another shows whatever number the other one shows."""

pools = Table(
    "pools",
    metadata,
    id_column("company_id"),
    id_column("pool_id"),
    id_column("target_id"),
    text_column("name"),
    text_column("overflow"),
    id_column("fallback_number_id", nullable=True),
    at_column("created_at"),
    PrimaryKeyConstraint("company_id", "pool_id"),
    of_company(),
    belongs("target_id", "swap_targets"),
)

pool_scaling = Table(
    "pool_scaling",
    metadata,
    id_column("company_id"),
    id_column("pool_id"),
    Column("is_on", Boolean, nullable=False),
    Column("floor", Integer, nullable=False),
    Column("ceiling", Integer, nullable=False),
    Column("budget_cents", Integer, nullable=False),
    Column("number_cents", Integer, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    at_column("retry_at", nullable=True),
    text_column("trouble", nullable=True),
    PrimaryKeyConstraint("company_id", "pool_id"),
    of_company(),
    belongs("pool_id", "pools"),
)
"""What auto-scale may do with a pool, and why it last failed: then it waits until `retry_at`."""

scaling_events = Table(
    "scaling_events",
    metadata,
    id_column("company_id"),
    id_column("event_id"),
    id_column("pool_id"),
    at_column("happened_at"),
    text_column("kind"),
    text_column("actor"),
    Column("detail", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "event_id"),
    of_company(),
    Index("ix_scaling_events_pool", "company_id", "pool_id", "event_id"),
)
"""Who set a pool's auto-scale to what, and what it did and why; append-only, and kept when the pool is gone."""

pool_rhythms = Table(
    "pool_rhythms",
    metadata,
    id_column("company_id"),
    id_column("pool_id"),
    at_column("made_at"),
    Column("rhythm", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "pool_id"),
    of_company(),
    belongs("pool_id", "pools"),
)
"""How many visits each hour of the week is expected to bring to a pool: what its alert goes by."""

pool_rehearsals = Table(
    "pool_rehearsals",
    metadata,
    id_column("company_id"),
    id_column("pool_id"),
    at_column("asked_at"),
    Column("results", Json, nullable=False),
    Column("running", Json),
    at_column("heard_at", nullable=True),
    PrimaryKeyConstraint("company_id", "pool_id"),
    of_company(),
    belongs("pool_id", "pools"),
)
"""What other sizes of a pool would have done with the company's past, when they were tried last; and what is tried
now, as it was when its process was heard of last. Without results nothing was tried to its end yet."""

numbers = Table(
    "numbers",
    metadata,
    id_column("company_id"),
    id_column("number_id"),
    Column("number", E164, nullable=False),
    text_column("kind"),
    text_column("status"),
    id_column("pool_id", nullable=True),
    id_column("target_id", nullable=True),
    id_column("carrier_id", nullable=True),
    text_column("carrier_ref", nullable=True),
    text_column("placement", nullable=True),
    text_column("channel", nullable=True),
    text_column("source", nullable=True),
    text_column("medium", nullable=True),
    text_column("campaign", nullable=True),
    id_column("live_session_id", nullable=True),
    at_column("left_at"),
    at_column("created_at"),
    at_column("released_at", nullable=True),
    Column("monthly_cents", _Cents),
    Column("placement_cents", _Cents),
    Column("starts_on", String(10)),
    Column("ends_on", String(10)),
    Column("short_code", String(16)),
    text_column("short_url", nullable=True),
    at_column("quarantined_at", nullable=True),
    Column("heat", Float, nullable=False, server_default="1"),
    Column("is_honeypot", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("company_id", "number_id"),
    of_company(),
    belongs("pool_id", "pools"),
    belongs("target_id", "swap_targets"),
    Index(
        "ux_numbers_number",
        "company_id",
        "number",
        unique=True,
        sqlite_where=text("released_at IS NULL"),
        postgresql_where=text("released_at IS NULL"),
    ),
    Index(
        "ix_numbers_released",
        "company_id",
        "number",
        sqlite_where=text("released_at IS NOT NULL"),
        postgresql_where=text("released_at IS NOT NULL"),
    ),
    Index(
        "ix_numbers_short_code",
        "short_code",
        sqlite_where=text("short_code IS NOT NULL"),
        postgresql_where=text("short_code IS NOT NULL"),
    ),
    Index(
        "ix_numbers_free",
        "company_id",
        "pool_id",
        "left_at",
        "number_id",
        sqlite_where=text("live_session_id IS NULL AND status = 'active'"),
        postgresql_where=text("live_session_id IS NULL AND status = 'active'"),
    ),
)
"""`live_session_id` and `left_at` repeat what `leases` says, so that the longest-idle number is one index step
away. `left_at` is 0 for a number that was never shown; `heat` is what `attribution/pending.py` says of it. Each
lease changes a number twice, which in PostgreSQL writes to every index that the number is in: so a pool number is
in as few as can be."""

number_events = Table(
    "number_events",
    metadata,
    id_column("company_id"),
    id_column("event_id"),
    id_column("number_id"),
    at_column("happened_at"),
    text_column("kind"),
    text_column("actor"),
    Column("detail", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "event_id"),
    belongs("number_id", "numbers"),
    Index("ix_number_events_number", "company_id", "number_id", "event_id"),
)
"""What was done with a number, and who did it; append-only."""

number_orders = Table(
    "number_orders",
    metadata,
    id_column("company_id"),
    text_column("order_key"),
    Column("number", E164, nullable=False),
    id_column("carrier_id"),
    text_column("state"),
    text_column("actor"),
    Column("purpose", Json, nullable=False),
    text_column("carrier_ref", nullable=True),
    text_column("problem", nullable=True),
    id_column("number_id", nullable=True),
    at_column("created_at"),
    at_column("finished_at", nullable=True),
    PrimaryKeyConstraint("company_id", "order_key"),
    of_company(),
)
"""Numbers ordered at a carrier, which costs money; the key makes an order that is sent twice one order."""

number_returns = Table(
    "number_returns",
    metadata,
    id_column("company_id"),
    id_column("number_id"),
    Column("number", E164, nullable=False),
    id_column("carrier_id"),
    text_column("state"),
    text_column("actor"),
    at_column("asked_at"),
    at_column("due_at"),
    Column("tries", Integer, nullable=False),
    Column("is_sure", Boolean, nullable=False),
    text_column("problem", nullable=True),
    at_column("finished_at", nullable=True),
    PrimaryKeyConstraint("company_id", "number_id"),
    belongs("number_id", "numbers"),
    Index(
        "ix_number_returns_open",
        "company_id",
        "due_at",
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
)
"""Released numbers that are to be given back to their carrier, and what became of it."""

rules = Table(
    "rules",
    metadata,
    id_column("company_id"),
    id_column("rule_id"),
    Column("position", Integer, nullable=False),
    text_column("name"),
    Column("conditions", Json, nullable=False),
    text_column("outcome"),
    id_column("pool_id", nullable=True),
    id_column("number_id", nullable=True),
    at_column("created_at"),
    PrimaryKeyConstraint("company_id", "rule_id"),
    of_company(),
    belongs("pool_id", "pools"),
    belongs("number_id", "numbers"),
    Index("ix_rules_position", "company_id", "position"),
)

leases = Table(
    "leases",
    metadata,
    id_column("company_id"),
    id_column("session_id"),
    id_column("target_id"),
    at_column("from_at"),
    id_column("number_id"),
    id_column("pool_id"),
    text_column("state"),
    at_column("until_at", nullable=True),
    at_column("expires_at"),
    PrimaryKeyConstraint("company_id", "session_id", "target_id", "from_at"),
    Index(
        "ux_leases_live_number",
        "company_id",
        "number_id",
        unique=True,
        sqlite_where=text("state = 'live'"),
        postgresql_where=text("state = 'live'"),
    ),
    Index("ix_leases_number", "company_id", "number_id", "from_at"),
    sqlite_with_rowid=False,
)
"""Who was shown which number, from when, until when; `state` is live or ended. The unique index is what makes
two live sessions on one number impossible, whatever the code does."""

exhaustions = Table(
    "exhaustions",
    metadata,
    id_column("company_id"),
    id_column("exhaustion_id"),
    id_column("pool_id"),
    id_column("target_id"),
    id_column("session_id"),
    id_column("number_id", nullable=True),
    at_column("happened_at"),
    PrimaryKeyConstraint("company_id", "exhaustion_id"),
    Index("ix_exhaustions_session", "company_id", "session_id"),
    Index("ix_exhaustions_pool", "company_id", "pool_id", "happened_at"),
)
"""A visit that needed a number when every number was live, and the number it was shown instead, if any."""
