"""Reports that somebody keeps, has sent, or shows to others."""

from sqlalchemy import Boolean, Column, Index, Integer, PrimaryKeyConstraint, String, Table

from swapboard.storage.tables.columns import at_column, belongs, id_column, metadata, of_company, text_column

saved_views = Table(
    "saved_views",
    metadata,
    id_column("company_id"),
    id_column("view_id"),
    id_column("user_id", nullable=True),
    text_column("name"),
    text_column("address"),
    Column("is_shared", Boolean, nullable=False),
    at_column("created_at"),
    PrimaryKeyConstraint("company_id", "view_id"),
    of_company(),
)
"""Reports that somebody gave a name: `address` is path and query, `user_id` whose they are; null for a key's."""

annotations = Table(
    "annotations",
    metadata,
    id_column("company_id"),
    id_column("annotation_id"),
    Column("day", String(10), nullable=False),
    text_column("text"),
    text_column("made_by"),
    at_column("created_at"),
    PrimaryKeyConstraint("company_id", "annotation_id"),
    of_company(),
    Index("ix_annotations_day", "company_id", "day"),
)
"""What happened on a day of the company's calendar (ISO 8601), for its reports."""

report_schedules = Table(
    "report_schedules",
    metadata,
    id_column("company_id"),
    id_column("schedule_id"),
    id_column("view_id"),
    text_column("cadence"),
    Column("hour", Integer, nullable=False),
    at_column("due_at"),
    text_column("made_by"),
    at_column("created_at"),
    text_column("trouble", nullable=True),
    PrimaryKeyConstraint("company_id", "schedule_id"),
    belongs("view_id", "saved_views"),
    Index("ix_report_schedules_due", "company_id", "due_at"),
)
"""When saved reports are e-mailed: claimed by moving `due_at` from what it was found to be."""

report_recipients = Table(
    "report_recipients",
    metadata,
    id_column("company_id"),
    id_column("schedule_id"),
    text_column("address"),
    at_column("stopped_at", nullable=True),
    PrimaryKeyConstraint("company_id", "schedule_id", "address"),
    belongs("schedule_id", "report_schedules"),
)
"""Who is sent them, until `stopped_at`, when they said that they want no more."""

report_shares = Table(
    "report_shares",
    metadata,
    id_column("company_id"),
    id_column("share_id"),
    id_column("view_id"),
    text_column("secret_hash"),
    text_column("password_hash", nullable=True),
    text_column("made_by"),
    at_column("created_at"),
    at_column("ends_at"),
    at_column("revoked_at", nullable=True),
    at_column("opened_at", nullable=True),
    PrimaryKeyConstraint("company_id", "share_id"),
    belongs("view_id", "saved_views"),
    Index("ix_report_shares_secret", "secret_hash"),
)
"""Links with which somebody without a log-in sees one saved report; the secret itself is not kept."""
