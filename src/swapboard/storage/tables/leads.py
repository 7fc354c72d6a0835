"""The people behind calls and forms."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

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
    PrimaryKeyConstraint("company_id", "lead_id"),
    of_company(),
    Index("ix_leads_last", "company_id", "last_at", "lead_id"),
    Index("ix_leads_created", "company_id", "created_at", "lead_id"),
)
"""One person who got in touch."""

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
