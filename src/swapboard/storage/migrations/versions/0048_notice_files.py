"""What callers hear of being recorded may be a sound: an address, or one of the company's own."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    for name in ("notice_file", "question_file"):
        op.add_column("recording_policies", sa.Column(name, sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("question_file", "notice_file"):
        op.drop_column("recording_policies", name)
