"""Which call or form each lead began with is written at the call or form itself, for reports to count."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

_FIRST = """
SELECT company_id, kind, contact_id, lead_id, happened_at FROM (
    SELECT company_id, kind, contact_id, lead_id, happened_at,
        row_number() OVER (PARTITION BY company_id, lead_id ORDER BY happened_at, contact_id) AS place
    FROM lead_contacts
) AS placed WHERE place = 1
"""


def upgrade() -> None:
    op.execute(f"CREATE TEMPORARY TABLE lead_firsts AS {_FIRST}")
    op.execute("CREATE INDEX ix_lead_firsts ON lead_firsts (company_id, lead_id)")
    for table, key, kind in (("calls", "call_id", "call"), ("forms", "form_id", "form")):
        op.add_column(table, sa.Column("begins_lead", sa.Boolean(), nullable=False, server_default=sa.false()))
        op.execute(
            f"UPDATE {table} SET begins_lead = TRUE WHERE (company_id, {key}) IN "  # noqa: S608 our own names
            f"(SELECT company_id, contact_id FROM lead_firsts WHERE kind = '{kind}')"
        )
    # A call whose beginning was moved, or which turned out to be spam, left a lead that began with nothing.
    op.execute(
        """
        UPDATE leads SET
            created_at = (SELECT happened_at FROM lead_firsts AS one
                WHERE one.company_id = leads.company_id AND one.lead_id = leads.lead_id),
            began_as = (SELECT kind FROM lead_firsts AS one
                WHERE one.company_id = leads.company_id AND one.lead_id = leads.lead_id)
        WHERE EXISTS (SELECT 1 FROM lead_firsts AS one
            WHERE one.company_id = leads.company_id AND one.lead_id = leads.lead_id
            AND (one.happened_at <> leads.created_at OR one.kind <> leads.began_as))
        """
    )
    op.execute("DROP TABLE lead_firsts")


def downgrade() -> None:
    for table in ("calls", "forms"):
        op.drop_column(table, "begins_lead")
