"""The files of a destination that comes and fetches, as its page and the API show them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from swapboard.accounts.secrets import new_feed_password
from swapboard.clock import Millis
from swapboard.conversions.destinations.base import DestinationKind
from swapboard.conversions.destinations.feed import Feed
from swapboard.conversions.feeds import FeedRecord, feed_of, keep_password
from swapboard.conversions.store import DestinationRecord
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.telling import opened
from swapboard.web.feeds import USER, feed_address


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file: what it holds, and where it is."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class FeedView:
    """What somebody types in where the files are to be fetched; `password` is shown the once that it is made."""

    files: Sequence[Fetched]
    guidance: str
    record: FeedRecord | None
    user: str = USER
    password: str | None = field(default=None, repr=False)

    @property
    def is_reachable(self) -> bool:
        """Whether platforms fetch from such an address: they do so by HTTPS only."""
        return all(file.address.startswith("https://") for file in self.files)


def feed_view(
    connection: Connection,
    exchange: Exchange,
    kind: DestinationKind,
    record: DestinationRecord,
    password: str | None = None,
) -> FeedView | None:
    """The files; None for a destination that fetches none, or whose settings cannot be read."""
    try:
        destination: object = opened(kind, record, exchange.vault)
    except ValueError:
        return None
    if not isinstance(destination, Feed):
        return None
    public_url = exchange.settings.public_url
    files = [
        Fetched(file.label, feed_address(public_url, record.destination_id, file)) for file in destination.files
    ]
    made = feed_of(connection, record.company_id, record.destination_id)
    return FeedView(files, destination.guidance, made, password=password)


def give_password(
    connection: Connection, exchange: Exchange, kind: DestinationKind, record: DestinationRecord, now: Millis
) -> FeedView | None:
    """Make a new password, which the view shows; None as above, with nothing made."""
    password, password_hash = new_feed_password()
    if feed_view(connection, exchange, kind, record) is None:
        return None
    keep_password(connection, record.company_id, record.destination_id, password_hash, now)
    return feed_view(connection, exchange, kind, record, password)
