"""Whom to tell of conversions, and what they were told."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, PrimaryKeyConstraint, Table, false, text

from swapboard.storage.tables.columns import Json, at_column, belongs, id_column, metadata, of_company, text_column

ad_accounts = Table(
    "ad_accounts",
    metadata,
    id_column("company_id"),
    text_column("platform"),
    text_column("customer_id"),
    text_column("credentials"),
    at_column("created_at"),
    at_column("asked_at", nullable=True),
    text_column("trouble", nullable=True),
    at_column("costs_asked_at", nullable=True),
    text_column("costs_trouble", nullable=True),
    id_column("grant_id", nullable=True),
    PrimaryKeyConstraint("company_id", "platform", "customer_id"),
    of_company(),
)
"""Accounts at ad platforms; credentials are sealed. `trouble` is why the last question failed, if it did."""

access_grants = Table(
    "access_grants",
    metadata,
    id_column("company_id"),
    id_column("grant_id"),
    text_column("provider"),
    text_column("name"),
    text_column("client_id"),
    text_column("credentials"),
    Column("scopes", Json, nullable=False),
    Column("granted", Json, nullable=False),
    Column("addresses", Json, nullable=False),
    Column("facts", Json, nullable=False),
    at_column("created_at"),
    at_column("signed_in_at", nullable=True),
    at_column("checked_at", nullable=True),
    text_column("trouble", nullable=True),
    PrimaryKeyConstraint("company_id", "grant_id"),
    of_company(),
)
"""What somebody agreed to by signing in at a platform; credentials (the client's secret, the refresh token) are
sealed. `trouble` is why it did not hold when it was looked at last."""

token_loans = Table(
    "token_loans",
    metadata,
    id_column("company_id"),
    id_column("kept_by"),
    at_column("until_at"),
    PrimaryKeyConstraint("company_id", "kept_by"),
    of_company(),
)
"""Whose refresh token some process has to itself, and until when at most; `kept_by` is the ID of a grant or a
destination."""

destinations = Table(
    "destinations",
    metadata,
    id_column("company_id"),
    id_column("destination_id"),
    text_column("kind"),
    text_column("name"),
    Column("settings", Json, nullable=False),
    text_column("credentials"),
    Column("rule", Json, nullable=False),
    Column("is_on", Boolean, nullable=False),
    at_column("created_at"),
    Column("failures", Integer, nullable=False, server_default="0"),
    at_column("closed_until", nullable=True),
    text_column("trouble", nullable=True),
    id_column("grant_id", nullable=True),
    at_column("alerted_at", nullable=True),
    PrimaryKeyConstraint("company_id", "destination_id"),
    of_company(),
)
"""Whom to tell of conversions; credentials are sealed. `failures` are in a row; `trouble` is the last's words.
`grant_id` says which grant fills its credentials, if one does. People were written to at `alerted_at` that it
fails; it is empty again when all is well."""

conversions = Table(
    "conversions",
    metadata,
    id_column("company_id"),
    id_column("destination_id"),
    text_column("kind"),
    id_column("contact_id"),
    id_column("conversion_id"),
    Column("counts", Boolean, nullable=False),
    Column("value_cents", BigInteger),
    at_column("said_at"),
    Column("taken", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("company_id", "destination_id", "kind", "contact_id"),
    belongs("destination_id", "destinations"),
    Index("ix_conversions_contact", "company_id", "kind", "contact_id"),
    Index(
        "ix_conversions_taken",
        "company_id",
        "destination_id",
        "said_at",
        "kind",
        "contact_id",
        "value_cents",
        sqlite_where=text("counts = 1 AND taken = 1"),
        postgresql_where=text("counts AND taken"),
    ),
)
"""What was last put in the outbox for a destination about a contact: a call's or a form's id.

It is `taken` while some message of this very conversion is one that the destination took."""

deliveries = Table(
    "deliveries",
    metadata,
    id_column("company_id"),
    id_column("delivery_id"),
    id_column("destination_id"),
    text_column("order_key"),
    text_column("saying"),
    id_column("conversion_id"),
    text_column("kind"),
    id_column("contact_id"),
    Column("message", Json, nullable=False),
    text_column("state"),
    at_column("said_at"),
    at_column("due_at"),
    at_column("again_at", nullable=True),
    Column("attempts", Integer, nullable=False),
    Column("attempts_before", Integer, nullable=False, server_default="0"),
    at_column("ended_at", nullable=True),
    text_column("words", nullable=True),
    text_column("receipt", nullable=True),
    at_column("ask_at", nullable=True),
    PrimaryKeyConstraint("company_id", "delivery_id"),
    belongs("destination_id", "destinations"),
    Index(
        "ix_deliveries_due",
        "company_id",
        "destination_id",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_deliveries_order",
        "company_id",
        "destination_id",
        "order_key",
        "delivery_id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index("ix_deliveries_contact", "company_id", "kind", "contact_id"),
    Index("ix_deliveries_said", "company_id", "destination_id", "said_at", "delivery_id"),
    Index("ix_deliveries_state", "company_id", "destination_id", "state", "said_at", "kind", "contact_id"),
    Index(
        "ix_deliveries_ask",
        "company_id",
        "ask_at",
        sqlite_where=text("ask_at IS NOT NULL"),
        postgresql_where=text("ask_at IS NOT NULL"),
    ),
)
"""The outbox: what destinations are to be told, in the order of the ids for each `order_key` (a lead).

What somebody wanted sent once more was put in again at `again_at`, after `attempts_before`.
What was taken with a `receipt` is asked after at `ask_at`."""

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    id_column("company_id"),
    id_column("delivery_id"),
    Column("attempt", Integer, nullable=False),
    at_column("happened_at"),
    text_column("outcome"),
    text_column("words"),
    PrimaryKeyConstraint("company_id", "delivery_id", "attempt"),
    belongs("delivery_id", "deliveries"),
)
"""Every try to tell, and what was answered; append-only."""

told_days = Table(
    "told_days",
    metadata,
    id_column("company_id"),
    at_column("day_at"),
    Column("slot", Integer, nullable=False),
    Column("changes", BigInteger, nullable=False),
    PrimaryKeyConstraint("company_id", "day_at", "slot"),
    of_company(),
)
"""How often messages and conversions were changed that were said on a day (UTC, by the instant it begins at), in
all of its slots together, so that who has counted some knows whether that still holds (`reports/told.py`)."""

feeds = Table(
    "feeds",
    metadata,
    id_column("company_id"),
    id_column("destination_id"),
    text_column("password_hash"),
    at_column("made_at"),
    at_column("fetched_at", nullable=True),
    PrimaryKeyConstraint("company_id", "destination_id"),
    belongs("destination_id", "destinations"),
    Index("ix_feeds_destination", "destination_id"),
)
"""The passwords of destinations that come and fetch files, and when they last did."""

platform_counts = Table(
    "platform_counts",
    metadata,
    id_column("company_id"),
    id_column("destination_id"),
    Column("counts", Json, nullable=False),
    at_column("told_at", nullable=True),
    text_column("trouble", nullable=True),
    PrimaryKeyConstraint("company_id", "destination_id"),
    belongs("destination_id", "destinations"),
)
"""What a destination's platform said that it counted, by day; `trouble` is why it said nothing since."""
