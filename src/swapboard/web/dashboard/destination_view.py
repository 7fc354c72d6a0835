"""One destination as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from swapboard.access.grant import Grant
from swapboard.conversions.alarm import what_to_do
from swapboard.conversions.delivery_log import Delivery, list_deliveries
from swapboard.conversions.destinations.base import DestinationKind, Hearing, HouseKeyed, Making, SignIn, SignsIn
from swapboard.conversions.destinations.fields import picked
from swapboard.conversions.destinations.installed import UnknownDestination, destination_kind
from swapboard.conversions.event import Event
from swapboard.conversions.outbox import Outcome, Result, State
from swapboard.conversions.store import DestinationRecord, destination_by_id, destination_to_change
from swapboard.storage.paging import Page
from swapboard.switchboard.destination_access import usable_grants
from swapboard.switchboard.platform_sign_in import LENT
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.delivery_words import EVENT, SAYING, STATE
from swapboard.web.dashboard.destination_form import tag_lines
from swapboard.web.dashboard.forms import Form
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.rendering import page
from swapboard.web.feed_view import FeedView, feed_view

DESTINATIONS = "/destinations"
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class DestinationView:
    """One destination, or one that is to be made; `form` is what was typed in and cannot be."""

    kind_name: str
    kind: DestinationKind
    record: DestinationRecord
    is_new: bool
    form: Form | None = None
    fault: str = ""
    tried: Result | None = None
    told: Page[Delivery] | None = None
    state: State | None = None
    kept: frozenset[str] = frozenset()
    """The secrets that it has."""
    feed: FeedView | None = None
    grants: Sequence[Grant] = ()
    """Which access one may choose."""
    chosen: str = ""
    """The access that was just signed in for."""

    @property
    def sign_in(self) -> SignIn | None:
        """Where one can sign in for it, if anywhere."""
        return self.kind.sign_in if isinstance(self.kind, SignsIn) else None

    @property
    def grant_id(self) -> str:
        """The access to show as chosen."""
        return self.form.one("grant") if self.form else self.chosen or self.record.grant_id or ""

    made: Mapping[str, str] = field(default_factory=dict)
    """The secrets that were made just now, by their labels."""
    said: str = ""
    """What was just done."""

    @property
    def must_retype(self) -> bool:
        """Whether secrets were typed that the page does not show: what was kept or is made would pass for them."""
        form = self.form
        return form is not None and any(
            field.secret and form.one(f"setting-{field.name}") for field in self.kind.fields
        )

    @property
    def hears(self) -> Sequence[Event]:
        return self.kind.hears if isinstance(self.kind, Hearing) else ()

    @property
    def may_be_told_twice(self) -> bool:
        return not self.kind.is_advertising

    @property
    def makes(self) -> bool:
        return isinstance(self.kind, Making)

    push_key: str = ""
    """What a browser is to know of this server, for a kind that signs with the server's own key."""

    @property
    def advice(self) -> str:
        return what_to_do(self.record.trouble or "")


async def show(
    request: Request,
    desk: Desk,
    record: DestinationRecord,
    form: Form | None = None,
    fault: str = "",
    tried: Result | None = None,
    made: Mapping[str, str] = MappingProxyType({}),
    said: str = "",
    status: int = 200,
    feed: FeedView | None = None,
) -> Response:
    kind, exchange = kind_named(record.kind), exchange_of(request)
    asked, cursor = request.query_params.get("state", ""), request.query_params.get("cursor") or None
    state = State(asked) if asked in set(State) else None

    def read(connection: Connection) -> tuple[Page[Delivery], FeedView | None]:
        return (
            list_deliveries(connection, desk.company_id, record.destination_id, state, PER_PAGE, cursor),
            feed or feed_view(connection, exchange, kind, record),
        )

    told, files = await exchange.read(read)
    kept = exchange.vault.unseal(record.credentials)
    view = DestinationView(
        record.kind,
        kind,
        record,
        False,
        form,
        fault,
        tried,
        told,
        state,
        frozenset(name for name in kept if kept[name]),
        files,
        await grants_for(request, desk, kind),
        request.query_params.get("grant", ""),
        made,
        said,
    )
    return show_view(request, desk, view, status)


def show_view(request: Request, desk: Desk, view: DestinationView, status: int = 200) -> Response:
    if isinstance(view.kind, HouseKeyed):
        key = exchange_of(request).vault.signing_key(view.kind.house_key)
        view = replace(view, push_key=view.kind.public_key(key))
    return page(
        "destination.html",
        status,
        desk=desk,
        view=view,
        Outcome=Outcome,
        State=State,
        SAYING=SAYING,
        STATE=STATE,
        EVENT=EVENT,
        picked=picked,
        tag_lines=tag_lines,
        LENT=LENT,
    )


async def destination_asked_for(request: Request, desk: Desk) -> DestinationRecord:
    destination_id: str = request.path_params["destination_id"]
    return _there(
        await exchange_of(request).read(
            lambda connection: destination_by_id(connection, desk.company_id, destination_id)
        )
    )


def asked_for_to_change(connection: Connection, request: Request, desk: Desk) -> DestinationRecord:
    """The same, in the transaction that is to change it."""
    return _there(destination_to_change(connection, desk.company_id, request.path_params["destination_id"]))


async def grants_for(request: Request, desk: Desk, kind: DestinationKind) -> Sequence[Grant]:
    """What one signed in for at the kind's platform, to choose from."""
    return await exchange_of(request).read(lambda connection: usable_grants(connection, desk.company_id, kind))


def _there(record: DestinationRecord | None) -> DestinationRecord:
    if record is None:
        raise HTTPException(404)
    return record


def kind_named(name: str) -> DestinationKind:
    try:
        return destination_kind(name)
    except UnknownDestination as error:
        raise Refused(404, str(error)) from None
