"""Companies, the people who work in them, and what they may do."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from swapboard.storage.tables.columns import E164, at_column, belongs, id_column, metadata, of_company, text_column

companies = Table(
    "companies",
    metadata,
    id_column("company_id"),
    id_column("account_id"),
    text_column("name"),
    text_column("time_zone"),
    Column("country", String(2), nullable=False),
    Column("default_destination", E164),
    Column("session_seconds", Integer, nullable=False),
    Column("ring_timeout_seconds", Integer, nullable=False),
    Column("look_back_days", Integer, nullable=False, server_default="90"),
    Column("journal_days", Integer, nullable=False, server_default="730"),
    Column("currency", String(3), nullable=False, server_default="USD"),
    Column("colour", String(7)),
    Column("language", String(8)),
    Column("config_version", BigInteger, nullable=False),
    at_column("created_at"),
    Column("visits_filed_until_at", BigInteger, nullable=False, server_default="0"),
    Column("leads_credited_until_at", BigInteger, nullable=False, server_default="0"),
    Column("quarantine_days", Integer, nullable=False, server_default="30"),
    Column("visits_kept_days", Integer),
    Column("contacts_kept_days", Integer),
    Column("visits_thinned_until", String(32), nullable=False, server_default=""),
    PrimaryKeyConstraint("company_id"),
)
"""No visit that begins before `visits_filed_until_at` may come in without its day being filed anew, nor one that
begins before `leads_credited_until_at` without its visitor's leads being credited anew. Visits with ids up to
`visits_thinned_until` say no more whose they were."""

users = Table(
    "users",
    metadata,
    id_column("company_id"),
    id_column("user_id"),
    text_column("email"),
    text_column("name"),
    text_column("role"),
    at_column("created_at"),
    PrimaryKeyConstraint("company_id", "user_id"),
    of_company(),
    Index("ux_users_email", "company_id", "email", unique=True),
    Index("ix_users_email", "email"),
)

people = Table(
    "people",
    metadata,
    id_column("company_id"),
    id_column("person_id"),
    text_column("email"),
    at_column("created_at"),
    text_column("password_hash", nullable=True),
    at_column("verified_at", nullable=True),
    text_column("totp", nullable=True),
    Column("totp_step", BigInteger),
    Column("recovery", Text, nullable=False, server_default=""),
    Column("language", String(8)),
    text_column("subject", nullable=True),
    PrimaryKeyConstraint("company_id", "person_id"),
    of_company(),
    Index("ix_people_email", "email"),
    Index("ix_people_subject", "subject"),
)
"""Who can log in; `company_id` says where the row lies, `users` what somebody is in which company.

No two have one address: `people.add_user` sees to it, for an index across companies could not be distributed.
"""

log_ins = Table(
    "log_ins",
    metadata,
    id_column("company_id"),
    id_column("person_id"),
    id_column("log_in_id"),
    text_column("address"),
    text_column("user_agent"),
    at_column("created_at"),
    at_column("seen_at"),
    PrimaryKeyConstraint("company_id", "person_id", "log_in_id"),
    belongs("person_id", "people"),
)
"""The browsers that people are logged in with; `company_id` is where the person's row lies."""

passkeys = Table(
    "passkeys",
    metadata,
    id_column("company_id"),
    id_column("person_id"),
    id_column("passkey_id"),
    text_column("credential_id"),
    text_column("name"),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    at_column("created_at"),
    at_column("last_used_at", nullable=True),
    at_column("asked_at", nullable=True),
    PrimaryKeyConstraint("company_id", "person_id", "passkey_id"),
    belongs("person_id", "people"),
    Index("ix_passkeys_credential", "credential_id"),
)
"""What people log in with instead of a password; `asked_at` is when the last answered challenge was made."""

invitations = Table(
    "invitations",
    metadata,
    id_column("company_id"),
    id_column("invitation_id"),
    text_column("email"),
    text_column("role"),
    text_column("secret_hash"),
    text_column("invited_by"),
    at_column("created_at"),
    at_column("used_at", nullable=True),
    at_column("withdrawn_at", nullable=True),
    id_column("invited_by_key_id", nullable=True),
    PrimaryKeyConstraint("company_id", "invitation_id"),
    of_company(),
)

logos = Table(
    "logos",
    metadata,
    id_column("company_id"),
    text_column("digest"),
    text_column("media_type"),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("company_id"),
    of_company(),
)

api_keys = Table(
    "api_keys",
    metadata,
    id_column("company_id"),
    id_column("key_id"),
    text_column("name"),
    text_column("secret_hash"),
    text_column("role"),
    at_column("created_at"),
    at_column("last_used_at", nullable=True),
    at_column("revoked_at", nullable=True),
    Column("scopes", Text, nullable=False, server_default=""),
    at_column("expires_at", nullable=True),
    Column("made_by", Text, nullable=False, server_default=""),
    id_column("made_by_key_id", nullable=True),
    PrimaryKeyConstraint("company_id", "key_id"),
    of_company(),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    id_column("company_id"),
    text_column("key"),
    text_column("request_hash"),
    Column("status", Integer, nullable=False),
    text_column("answer"),
    at_column("created_at"),
    PrimaryKeyConstraint("company_id", "key"),
    of_company(),
)

audit_entries = Table(
    "audit_entries",
    metadata,
    id_column("company_id"),
    id_column("entry_id"),
    at_column("happened_at"),
    text_column("actor"),
    text_column("act"),
    text_column("subject"),
    PrimaryKeyConstraint("company_id", "entry_id"),
    of_company(),
    Index("ix_audit_entries_subject", "company_id", "subject", "entry_id"),
)
"""Who saw, heard or deleted what: `act` is a word such as `heard`, `subject` the id of what it was done to."""
