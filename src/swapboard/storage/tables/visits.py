"""Sites, and who came to them."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, false, text

from swapboard.storage.tables.columns import (
    WORDS_OF_VISIT,
    Json,
    at_column,
    id_column,
    metadata,
    of_company,
    text_column,
)

sites = Table(
    "sites",
    metadata,
    id_column("company_id"),
    id_column("site_id"),
    text_column("site_key"),
    text_column("name"),
    Column("hosts", Json, nullable=False),
    text_column("consent"),
    Column("beat_seconds", Integer, nullable=False),
    at_column("first_seen_at", nullable=True),
    at_column("created_at"),
    Column("page", Json, nullable=False, server_default="{}"),
    PrimaryKeyConstraint("company_id", "site_id"),
    of_company(),
    Index("ux_sites_site_key", "company_id", "site_key", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    id_column("company_id"),
    id_column("session_id"),
    id_column("visitor_id"),
    id_column("site_id"),
    at_column("started_at"),
    at_column("last_seen_at"),
    text_column("state"),
    text_column("channel"),
    text_column("source"),
    text_column("medium"),
    text_column("campaign", nullable=True),
    text_column("campaign_id", nullable=True),
    text_column("term", nullable=True),
    text_column("content", nullable=True),
    Column("click_ids", Json, nullable=False),
    Column("value_track", Json, nullable=False),
    Column("cookies", Json, nullable=False),
    text_column("referrer"),
    text_column("landing_page"),
    text_column("landing_title"),
    text_column("user_agent"),
    text_column("device"),
    text_column("time_zone"),
    Column("opted_out", Boolean, nullable=False),
    Column("is_returning", Boolean, nullable=False, server_default=false()),
    text_column("region", nullable=True),
    PrimaryKeyConstraint("company_id", "session_id"),
    Index("ix_sessions_visitor", "company_id", "visitor_id", "started_at"),
)
"""Visits; a visitor is what its sessions say of it. The landing page is a session's first page view."""

visit_days = Table(
    "visit_days",
    metadata,
    id_column("company_id"),
    at_column("day_at"),
    at_column("until_at"),
    Column("visits", Integer, nullable=False),
    text_column("layout"),
    Column("changes", Integer, nullable=False),
    PrimaryKeyConstraint("company_id", "day_at"),
    of_company(),
)
"""Which visits of a day (UTC) are filed: all that began before `until_at`, in this layout. `changes` counts how
often that was written or thrown away, so that nobody files, or counts on, what they read before a change."""

visit_columns = Table(
    "visit_columns",
    metadata,
    id_column("company_id"),
    text_column("name"),
    at_column("day_at"),
    text_column("words"),
    Column("codes", LargeBinary, nullable=False),
    PrimaryKeyConstraint("company_id", "name", "day_at"),
    of_company(),
)
"""One thing that is known of each filed visit of a day (`reports/visit_day.py`), as its place in the words."""

pool_days = Table(
    "pool_days",
    metadata,
    id_column("company_id"),
    at_column("day_at"),
    id_column("pool_id"),
    Column("shown", Integer, nullable=False),
    PrimaryKeyConstraint("company_id", "day_at", "pool_id"),
    of_company(),
)
"""How many visits of a day (UTC) saw a number of a pool (`reports/pool_days.py`); of a day without any, one row
with no pool."""

visit_events = Table(
    "visit_events",
    metadata,
    id_column("company_id"),
    id_column("event_id"),
    id_column("session_id"),
    at_column("happened_at"),
    text_column("kind"),
    text_column("url"),
    text_column("title"),
    Column("properties", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "event_id"),
    Index("ix_visit_events_session", "company_id", "session_id"),
    sqlite_with_rowid=False,
)
"""What a session did after it landed, append-only."""

forms = Table(
    "forms",
    metadata,
    id_column("company_id"),
    id_column("form_id"),
    id_column("session_id"),
    id_column("visitor_id"),
    id_column("site_id"),
    at_column("sent_at"),
    text_column("name"),
    text_column("url"),
    Column("fields", Json, nullable=False),
    Column("begins_lead", Boolean, nullable=False, server_default=false()),
    *(text_column(name, nullable=True) for name in WORDS_OF_VISIT),
    PrimaryKeyConstraint("company_id", "form_id"),
    of_company(),
    Index("ix_forms_sent", "company_id", "sent_at", "form_id"),
    Index("ix_forms_session", "company_id", "session_id"),
    Index(
        "ix_forms_wordless",
        "company_id",
        "sent_at",
        sqlite_where=text("channel IS NULL"),
        postgresql_where=text("channel IS NULL"),
    ),
)
"""Forms that visitors sent; `fields` holds only those that the site's owner allows. What reports count a form for
is what its visit says (`visits/form_words.py`); where that is null, they ask the visit."""
