"""Links to saved reports, made and revoked; the journal says by whom."""

import secrets

from sqlalchemy import Connection

from swapboard.accounts.audit import Act, note
from swapboard.accounts.secrets import hash_api_key
from swapboard.clock import Millis
from swapboard.reports.report import read_report
from swapboard.reports.saved_view import SavedView
from swapboard.reports.share import MOST_SHARES, Share, end_of
from swapboard.reports.share_store import add_share, revoke_share, shares_of
from swapboard.storage.ids import new_id

SHARED_PATH = "/shared"
_SECRET_BYTES = 24


class TooManyLinks(Exception):
    """So many work already."""


def new_link(
    view: SavedView, days: int, password_hash: str | None, made_by: str, now: Millis
) -> tuple[Share, str]:
    """The link and its path, which is told this once. Raises ValueError, in words for people."""
    read_report(view.address)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    share = Share(
        view.company_id,
        new_id(now),
        view.view_id,
        hash_api_key(secret),
        password_hash,
        made_by,
        now,
        end_of(days, now),
    )
    return share, f"{SHARED_PATH}/{secret}"


def offer(connection: Connection, share: Share) -> None:
    """It works from now on. Raises TooManyLinks."""
    known = shares_of(connection, share.company_id, share.view_id)
    if sum(each.is_open(share.created_at) for each in known) >= MOST_SHARES:
        raise TooManyLinks
    add_share(connection, share)
    note(connection, share.company_id, share.made_by, Act.SHARED, share.view_id, share.created_at)


def revoke(connection: Connection, view: SavedView, share_id: str, actor: str, now: Millis) -> bool:
    """It opens nothing from now on; False when there is none such that did."""
    was_open = revoke_share(connection, view.company_id, view.view_id, share_id, now)
    if was_open:
        note(connection, view.company_id, actor, Act.REVOKED_LINK, view.view_id, now)
    return was_open
