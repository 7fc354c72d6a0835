"""Files of costs: those that somebody still looks at, and how others with the same headings are read."""

import base64
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select

from swapboard.clock import DAY, Millis
from swapboard.reports.cost_columns import Layout
from swapboard.storage.schema import cost_drafts, cost_layouts

DRAFT_LASTS: Millis = DAY
_LAYOUT = TypeAdapter(Layout)


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that is not counted yet."""

    draft_id: str
    name: str
    content: bytes


def layout_of(connection: Connection, company_id: str, signature: str) -> Layout | None:
    """How somebody said that files with these headings are read."""
    mine = cost_layouts.c.company_id == company_id, cost_layouts.c.signature == signature
    row = connection.execute(select(cost_layouts.c.layout).where(*mine)).one_or_none()
    return _LAYOUT.validate_python(row.layout) if row else None


def keep_layout(connection: Connection, company_id: str, signature: str, layout: Layout, now: Millis) -> None:
    """Remember how files with these headings are read."""
    mine = cost_layouts.c.company_id == company_id, cost_layouts.c.signature == signature
    connection.execute(delete(cost_layouts).where(*mine))
    values = {"company_id": company_id, "signature": signature, "kept_at": now}
    connection.execute(insert(cost_layouts).values(layout=_LAYOUT.dump_python(layout, mode="json"), **values))


def keep_draft(connection: Connection, company_id: str, draft: Draft, now: Millis) -> None:
    """Keep a file while somebody looks at it; what was left lying for a day is forgotten."""
    old = cost_drafts.c.company_id == company_id, cost_drafts.c.sent_at < now - DRAFT_LASTS
    connection.execute(delete(cost_drafts).where(*old))
    content = base64.b64encode(draft.content).decode()
    values = {"company_id": company_id, "draft_id": draft.draft_id, "name": draft.name, "sent_at": now}
    connection.execute(insert(cost_drafts).values(content=content, **values))


def draft_by_id(connection: Connection, company_id: str, draft_id: str) -> Draft | None:
    """The file, or None."""
    mine = cost_drafts.c.company_id == company_id, cost_drafts.c.draft_id == draft_id
    row = connection.execute(select(cost_drafts).where(*mine)).one_or_none()
    return Draft(row.draft_id, row.name, base64.b64decode(row.content)) if row else None


def drop_draft(connection: Connection, company_id: str, draft_id: str) -> None:
    """Forget the file."""
    mine = cost_drafts.c.company_id == company_id, cost_drafts.c.draft_id == draft_id
    connection.execute(delete(cost_drafts).where(*mine))
