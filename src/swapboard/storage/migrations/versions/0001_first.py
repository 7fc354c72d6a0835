"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "carrier_events",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("carrier_id", sa.String(length=32), nullable=False),
        sa.Column("call_ref", sa.Text(), nullable=False),
        sa.Column("leg_ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("facts", _JSON, nullable=False),
        sa.Column("raw", _JSON, nullable=False),
        sa.PrimaryKeyConstraint(
            "company_id", "carrier_id", "call_ref", "leg_ref", "kind", "sequence", name="pk_carrier_events"
        ),
    )
    op.create_table(
        "companies",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("default_destination", sa.String(length=20), nullable=True),
        sa.Column("session_seconds", sa.Integer(), nullable=False),
        sa.Column("ring_timeout_seconds", sa.Integer(), nullable=False),
        sa.Column("config_version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_companies"),
    )
    op.create_table(
        "exhaustions",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("exhaustion_id", sa.String(length=32), nullable=False),
        sa.Column("pool_id", sa.String(length=32), nullable=False),
        sa.Column("target_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("number_id", sa.String(length=32), nullable=True),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "exhaustion_id", name="pk_exhaustions"),
    )
    op.create_index("ix_exhaustions_pool", "exhaustions", ["company_id", "pool_id", "happened_at"], unique=False)
    op.create_index("ix_exhaustions_session", "exhaustions", ["company_id", "session_id"], unique=False)
    op.create_table(
        "leases",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("target_id", sa.String(length=32), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("number_id", sa.String(length=32), nullable=False),
        sa.Column("pool_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "session_id", "target_id", "from_at", name="pk_leases"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_leases_number", "leases", ["company_id", "number_id", "from_at"], unique=False)
    op.create_index(
        "ux_leases_live_number",
        "leases",
        ["company_id", "number_id"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_table(
        "sessions",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("visitor_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=True),
        sa.Column("campaign_id", sa.Text(), nullable=True),
        sa.Column("term", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("click_ids", _JSON, nullable=False),
        sa.Column("value_track", _JSON, nullable=False),
        sa.Column("cookies", _JSON, nullable=False),
        sa.Column("referrer", sa.Text(), nullable=False),
        sa.Column("landing_page", sa.Text(), nullable=False),
        sa.Column("landing_title", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("opted_out", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "session_id", name="pk_sessions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sessions_visitor", "sessions", ["company_id", "visitor_id", "started_at"], unique=False)
    op.create_table(
        "visit_events",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("properties", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "event_id", name="pk_visit_events"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_visit_events_session", "visit_events", ["company_id", "session_id"], unique=False)
    op.create_table(
        "api_keys",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_api_keys_companies"),
        sa.PrimaryKeyConstraint("company_id", "key_id", name="pk_api_keys"),
    )
    op.create_table(
        "calls",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("call_id", sa.String(length=32), nullable=False),
        sa.Column("carrier_id", sa.String(length=32), nullable=False),
        sa.Column("call_ref", sa.Text(), nullable=False),
        sa.Column("number_id", sa.String(length=32), nullable=True),
        sa.Column("tracking_number", sa.String(length=20), nullable=True),
        sa.Column("destination", sa.String(length=20), nullable=True),
        sa.Column("caller_number", sa.String(length=20), nullable=True),
        sa.Column("caller_withheld", sa.Boolean(), nullable=False),
        sa.Column("caller_name", sa.Text(), nullable=True),
        sa.Column("caller_place", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ring_seconds", sa.Integer(), nullable=True),
        sa.Column("talk_seconds", sa.Integer(), nullable=True),
        sa.Column("first_time_caller", sa.Boolean(), nullable=False),
        sa.Column("tags", _JSON, nullable=False),
        sa.Column("attribution_kind", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("session_id", sa.String(length=32), nullable=True),
        sa.Column("visitor_id", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("medium", sa.Text(), nullable=True),
        sa.Column("campaign", sa.Text(), nullable=True),
        sa.Column("keyword", sa.Text(), nullable=True),
        sa.Column("landing_page", sa.Text(), nullable=True),
        sa.Column("referrer", sa.Text(), nullable=True),
        sa.Column("click_ids", _JSON, nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_calls_companies"),
        sa.PrimaryKeyConstraint("company_id", "call_id", name="pk_calls"),
    )
    op.create_index("ix_calls_caller", "calls", ["company_id", "caller_number", "started_at"], unique=False)
    op.create_index("ix_calls_session", "calls", ["company_id", "session_id"], unique=False)
    op.create_index("ix_calls_started", "calls", ["company_id", "started_at", "call_id"], unique=False)
    op.create_index("ux_calls_ref", "calls", ["company_id", "carrier_id", "call_ref"], unique=True)
    op.create_table(
        "carriers",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("carrier_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_carriers_companies"),
        sa.PrimaryKeyConstraint("company_id", "carrier_id", name="pk_carriers"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_idempotency_keys_companies"),
        sa.PrimaryKeyConstraint("company_id", "key", name="pk_idempotency_keys"),
    )
    op.create_table(
        "sites",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("site_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hosts", _JSON, nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("beat_seconds", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_sites_companies"),
        sa.PrimaryKeyConstraint("company_id", "site_id", name="pk_sites"),
    )
    op.create_index("ux_sites_site_key", "sites", ["company_id", "site_key"], unique=True)
    op.create_table(
        "swap_targets",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("target_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("destination", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_swap_targets_companies"),
        sa.PrimaryKeyConstraint("company_id", "target_id", name="pk_swap_targets"),
    )
    op.create_index("ux_swap_targets_number", "swap_targets", ["company_id", "number"], unique=True)
    op.create_table(
        "users",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_users_companies"),
        sa.PrimaryKeyConstraint("company_id", "user_id", name="pk_users"),
    )
    op.create_index("ix_users_email", "users", ["email"], unique=False)
    op.create_index("ux_users_email", "users", ["company_id", "email"], unique=True)
    op.create_table(
        "call_candidates",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("call_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "call_id"], ["calls.company_id", "calls.call_id"], name="fk_call_candidates_calls"
        ),
        sa.PrimaryKeyConstraint("company_id", "call_id", "session_id", name="pk_call_candidates"),
    )
    op.create_table(
        "call_legs",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("call_id", sa.String(length=32), nullable=False),
        sa.Column("leg_ref", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "call_id"], ["calls.company_id", "calls.call_id"], name="fk_call_legs_calls"
        ),
        sa.PrimaryKeyConstraint("company_id", "call_id", "leg_ref", name="pk_call_legs"),
    )
    op.create_table(
        "pools",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("pool_id", sa.String(length=32), nullable=False),
        sa.Column("target_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("overflow", sa.Text(), nullable=False),
        sa.Column("fallback_number_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "target_id"],
            ["swap_targets.company_id", "swap_targets.target_id"],
            name="fk_pools_swap_targets",
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_pools_companies"),
        sa.PrimaryKeyConstraint("company_id", "pool_id", name="pk_pools"),
    )
    op.create_table(
        "numbers",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("number_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("pool_id", sa.String(length=32), nullable=True),
        sa.Column("target_id", sa.String(length=32), nullable=True),
        sa.Column("carrier_id", sa.String(length=32), nullable=True),
        sa.Column("carrier_ref", sa.Text(), nullable=True),
        sa.Column("placement", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("medium", sa.Text(), nullable=True),
        sa.Column("campaign", sa.Text(), nullable=True),
        sa.Column("live_session_id", sa.String(length=32), nullable=True),
        sa.Column("left_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "pool_id"], ["pools.company_id", "pools.pool_id"], name="fk_numbers_pools"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "target_id"],
            ["swap_targets.company_id", "swap_targets.target_id"],
            name="fk_numbers_swap_targets",
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_numbers_companies"),
        sa.PrimaryKeyConstraint("company_id", "number_id", name="pk_numbers"),
    )
    op.create_index(
        "ix_numbers_free",
        "numbers",
        ["company_id", "pool_id", "left_at", "number_id"],
        unique=False,
        sqlite_where=sa.text("live_session_id IS NULL AND status = 'active'"),
        postgresql_where=sa.text("live_session_id IS NULL AND status = 'active'"),
    )
    op.create_index("ix_numbers_number", "numbers", ["company_id", "number"], unique=False)
    op.create_index(
        "ux_numbers_number",
        "numbers",
        ["company_id", "number"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_table(
        "rules",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("rule_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("conditions", _JSON, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("pool_id", sa.String(length=32), nullable=True),
        sa.Column("number_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "number_id"], ["numbers.company_id", "numbers.number_id"], name="fk_rules_numbers"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "pool_id"], ["pools.company_id", "pools.pool_id"], name="fk_rules_pools"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_rules_companies"),
        sa.PrimaryKeyConstraint("company_id", "rule_id", name="pk_rules"),
    )
    op.create_index("ix_rules_position", "rules", ["company_id", "position"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_rules_position", table_name="rules")
    op.drop_table("rules")
    op.drop_index(
        "ux_numbers_number",
        table_name="numbers",
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.drop_index("ix_numbers_number", table_name="numbers")
    op.drop_index(
        "ix_numbers_free",
        table_name="numbers",
        sqlite_where=sa.text("live_session_id IS NULL AND status = 'active'"),
        postgresql_where=sa.text("live_session_id IS NULL AND status = 'active'"),
    )
    op.drop_table("numbers")
    op.drop_table("pools")
    op.drop_table("call_legs")
    op.drop_table("call_candidates")
    op.drop_index("ux_users_email", table_name="users")
    op.drop_index("ix_users_email", table_name="users")
    op.drop_table("users")
    op.drop_index("ux_swap_targets_number", table_name="swap_targets")
    op.drop_table("swap_targets")
    op.drop_index("ux_sites_site_key", table_name="sites")
    op.drop_table("sites")
    op.drop_table("idempotency_keys")
    op.drop_table("carriers")
    op.drop_index("ux_calls_ref", table_name="calls")
    op.drop_index("ix_calls_started", table_name="calls")
    op.drop_index("ix_calls_session", table_name="calls")
    op.drop_index("ix_calls_caller", table_name="calls")
    op.drop_table("calls")
    op.drop_table("api_keys")
    op.drop_index("ix_visit_events_session", table_name="visit_events")
    op.drop_table("visit_events")
    op.drop_index("ix_sessions_visitor", table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(
        "ux_leases_live_number",
        table_name="leases",
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.drop_index("ix_leases_number", table_name="leases")
    op.drop_table("leases")
    op.drop_index("ix_exhaustions_session", table_name="exhaustions")
    op.drop_index("ix_exhaustions_pool", table_name="exhaustions")
    op.drop_table("exhaustions")
    op.drop_table("companies")
    op.drop_table("carrier_events")
