"""The people behind calls and forms."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, PrimaryKeyConstraint, Table

from swapboard.storage.tables.columns import Json, at_column, belongs, id_column, metadata, of_company, text_column

leads = Table(
    "leads",
    metadata,
    id_column("company_id"),
    id_column("lead_id"),
    text_column("began_as"),
    at_column("created_at"),
    at_column("last_at"),
    at_column("qualified_at", nullable=True),
    Column("credited_days", Integer, nullable=False, server_default="0"),
    Column("credit_changes", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("company_id", "lead_id"),
    of_company(),
    Index("ix_leads_last", "company_id", "last_at", "lead_id"),
    Index("ix_leads_created", "company_id", "created_at", "lead_id", "credited_days", "credit_changes"),
)
"""One person who got in touch. `credited_days` is the look-back with which `lead_credits` were filed, 0 where they
are not; `credit_changes` counts how often they were thrown away, so that nobody files what they read before. It
begins at a number of the lead's own, so that its sum over some leads is never the same again, not even where one
lead has taken another's place."""

lead_credits = Table(
    "lead_credits",
    metadata,
    id_column("company_id"),
    text_column("counted_by"),
    at_column("lead_at"),
    id_column("lead_id"),
    Column("place", Integer, nullable=False),
    Column("look_back_days", Integer, nullable=False),
    text_column("began_as"),
    id_column("session_id", nullable=True),
    Column("is_plain", Boolean, nullable=False),
    Column("way", Integer, nullable=False),
    Column("probability", Float, nullable=False),
    Column("until_last", Integer, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("last_non_direct", Integer, nullable=False),
    Column("linear", Integer, nullable=False),
    Column("position_based", Integer, nullable=False),
    Column("time_decay", Integer, nullable=False),
    text_column("channel"),
    text_column("source"),
    text_column("medium"),
    text_column("campaign"),
    text_column("keyword"),
    text_column("ad_group"),
    text_column("ad"),
    text_column("landing_page"),
    text_column("referrer"),
    text_column("device"),
    PrimaryKeyConstraint("company_id", "counted_by", "lead_at", "lead_id", "place"),
    belongs("lead_id", "leads"),
    Index("ix_lead_credits_lead", "company_id", "lead_id"),
    Index("ix_lead_credits_session", "company_id", "session_id"),
    sqlite_with_rowid=False,
)
"""What each visit earned of a lead, by each model in millionths, and what stays nobody's (without a session):
filed for reports to add up (`switchboard/lead_filing.py`). A way is one visitor's visits, of which `until_last`
come after this one; a lead is plain where no way has more than one visit, and all models say the same."""

lead_keys = Table(
    "lead_keys",
    metadata,
    id_column("company_id"),
    text_column("kind"),
    text_column("value"),
    id_column("lead_id"),
    PrimaryKeyConstraint("company_id", "kind", "value"),
    belongs("lead_id", "leads"),
    Index("ix_lead_keys_lead", "company_id", "lead_id"),
)
"""What a lead is recognised by: a phone number, an e-mail address, a visitor id."""

lead_contacts = Table(
    "lead_contacts",
    metadata,
    id_column("company_id"),
    text_column("kind"),
    id_column("contact_id"),
    id_column("lead_id"),
    at_column("happened_at"),
    PrimaryKeyConstraint("company_id", "kind", "contact_id"),
    belongs("lead_id", "leads"),
    Index("ix_lead_contacts_lead", "company_id", "lead_id", "happened_at", "contact_id"),
)
"""The calls and forms of each lead; `contact_id` is a call's or a form's id."""

lead_changes = Table(
    "lead_changes",
    metadata,
    id_column("company_id"),
    id_column("change_id"),
    id_column("lead_id"),
    id_column("other_id"),
    at_column("happened_at"),
    text_column("kind"),
    text_column("actor"),
    Column("detail", Json, nullable=False),
    PrimaryKeyConstraint("company_id", "change_id"),
    of_company(),
    Index("ix_lead_changes_lead", "company_id", "lead_id", "change_id"),
    Index("ix_lead_changes_other", "company_id", "other_id"),
)
"""Leads that people joined or parted by hand; append-only, and kept when a lead is gone. `other_id` is the lead
that became part of `lead_id`, or that was taken out of it."""

shared_keys = Table(
    "shared_keys",
    metadata,
    id_column("company_id"),
    text_column("kind"),
    text_column("value"),
    at_column("happened_at"),
    PrimaryKeyConstraint("company_id", "kind", "value"),
    of_company(),
)
"""Numbers, addresses and visitor ids that several people use: they say of nobody who it is."""

lead_partings = Table(
    "lead_partings",
    metadata,
    id_column("company_id"),
    id_column("lead_id"),
    id_column("other_id"),
    PrimaryKeyConstraint("company_id", "lead_id", "other_id"),
    belongs("lead_id", "leads"),
    Index("ix_lead_partings_other", "company_id", "other_id"),
)
"""Two leads that a person said are two people: nothing joins them again by itself."""
