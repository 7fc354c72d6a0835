"""Destinations: whom to tell of calls and forms, what counts for each, and what became of what was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.access.grant import Grant
from swapboard.access.store import grants_of
from swapboard.conversions.conversion import Rule
from swapboard.conversions.deliveries import send_again
from swapboard.conversions.delivery_log import Delivery, delivery_by_id, how_many, list_deliveries
from swapboard.conversions.destinations.base import (
    DestinationKind,
    SignIn,
    SignsIn,
    UnknownDestination,
    Unreached,
    destination_kind,
    installed,
)
from swapboard.conversions.message import Saying
from swapboard.conversions.outbox import Outcome, Result, State
from swapboard.conversions.store import (
    MOST_DESTINATIONS,
    DestinationRecord,
    add_destination,
    change_destination,
    destination_by_id,
    list_destinations,
    remove_destination,
)
from swapboard.storage.ids import new_id
from swapboard.storage.paging import Page
from swapboard.switchboard.destination_settings import SettingFault, sealed
from swapboard.switchboard.signing_in import LENT, lent
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.destination_form import FormFault, read_rule, tag_lines
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import _
from swapboard.web.feed_view import FeedView, feed_view, give_password

DESTINATIONS = "/destinations"
PER_PAGE = 50
SAYING: Mapping[Saying, str] = {
    Saying.CONVERT: _("conversion"),
    Saying.RESTATE: _("another value"),
    Saying.RETRACT: _("taken back"),
}
STATE: Mapping[State, str] = {
    State.WAITING: _("Waiting"),
    State.SENT: _("Told"),
    State.FAILED: _("Refused"),
    State.WITHHELD: _("Not sent"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One destination in the list, with how many deliveries it has in each state."""

    record: DestinationRecord
    kind: str
    counts: Mapping[State, int]


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


def destination_routes() -> list[Route]:
    """Every address below /destinations."""
    return [
        Route(DESTINATIONS, signed_in(destinations_page), methods=["GET"]),
        Route(DESTINATIONS, signed_in(make_destination), methods=["POST"]),
        Route(f"{DESTINATIONS}/new", signed_in(new_destination_page)),
        Route(f"{DESTINATIONS}/{{destination_id}}", signed_in(destination_page), methods=["GET"]),
        Route(f"{DESTINATIONS}/{{destination_id}}", signed_in(save_destination), methods=["POST"]),
        Route(f"{DESTINATIONS}/{{destination_id}}/test", signed_in(try_destination), methods=["POST"]),
        Route(f"{DESTINATIONS}/{{destination_id}}/password", signed_in(make_password), methods=["POST"]),
        Route(f"{DESTINATIONS}/{{destination_id}}/remove", signed_in(drop_destination), methods=["POST"]),
        Route(f"{DESTINATIONS}/deliveries/{{delivery_id}}/again", signed_in(tell_again), methods=["POST"]),
    ]


async def destinations_page(request: Request, desk: Desk) -> Response:
    """The list, and the kinds that can be added."""

    def read(connection: Connection) -> list[Line]:
        counts = how_many(connection, desk.company_id)
        return [
            Line(record, _kind_name(record.kind), counts.get(record.destination_id, {}))
            for record in list_destinations(connection, desk.company_id).rows
        ]

    lines = await exchange_of(request).read(read)
    kinds = {name: destination_kind(name).name for name in installed()}
    return page("destinations.html", desk=desk, lines=lines, kinds=kinds, State=State)


async def new_destination_page(request: Request, desk: Desk) -> Response:
    """The form of one that is to be made."""
    require_change(desk)
    name = request.query_params.get("kind", "")
    kind = _kind(name)
    grants, chosen = await _grants(request, desk, kind), request.query_params.get("grant", "")
    blank = _blank(desk, name, kind)
    return _page(desk, DestinationView(name, kind, blank, is_new=True, grants=grants, chosen=chosen))


async def destination_page(request: Request, desk: Desk) -> Response:
    """One destination with what it was told, the latest first."""
    return await _show(request, desk)


async def make_destination(request: Request, desk: Desk) -> Response:
    """Make one of the form."""
    require_change(desk)
    form = await read_form(request)
    name = form.one("kind")
    kind = _kind(name)
    blank, grants = _blank(desk, name, kind), await _grants(request, desk, kind)
    try:
        record = _filled(request, blank, kind, form, grants)
    except (FormFault, SettingFault) as fault:
        view = DestinationView(name, kind, blank, is_new=True, form=form, fault=str(fault), grants=grants)
        return _page(desk, view, 422)

    def write(connection: Connection) -> None:
        if len(list_destinations(connection, desk.company_id).rows) >= MOST_DESTINATIONS:
            raise Refused(409, _("There are as many destinations as there can be. Remove one first."))
        add_destination(connection, record)

    await exchange_of(request).change(write)
    return RedirectResponse(f"{DESTINATIONS}/{record.destination_id}", 303)


async def save_destination(request: Request, desk: Desk) -> Response:
    """Change it as the form says."""
    require_change(desk)
    form = await read_form(request)
    before = await _found(request, desk)
    kind = _kind(before.kind)
    try:
        record = _filled(request, before, kind, form, await _grants(request, desk, kind))
    except (FormFault, SettingFault) as fault:
        return await _show(request, desk, form=form, fault=str(fault), status=422)
    await exchange_of(request).change(lambda connection: change_destination(connection, record))
    return RedirectResponse(f"{DESTINATIONS}/{record.destination_id}", 303)


async def try_destination(request: Request, desk: Desk) -> Response:
    """Ask the platform whether the settings work."""
    require_change(desk)
    record = await _found(request, desk)
    try:
        tried = await exchange_of(request).deliverer.test(record)
    except (Unreached, UnknownDestination, ValueError) as error:
        tried = Result(Outcome.FAILED, str(error))
    return await _show(request, desk, tried=tried)


async def make_password(request: Request, desk: Desk) -> Response:
    """Make a new password for its files, and show it this once."""
    require_change(desk)
    record = await _found(request, desk)
    kind, exchange = _kind(record.kind), exchange_of(request)
    feed = await exchange.change(lambda connection: give_password(connection, exchange, kind, record, desk.now))
    if feed is None:
        raise Refused(404, _("This destination fetches no files."))
    return await _show(request, desk, feed=feed)


async def drop_destination(request: Request, desk: Desk) -> Response:
    """Forget it, with what it was told."""
    require_change(desk)
    record = await _found(request, desk)
    await exchange_of(request).change(
        lambda connection: remove_destination(connection, desk.company_id, record.destination_id)
    )
    return RedirectResponse(DESTINATIONS, 303)


async def tell_again(request: Request, desk: Desk) -> Response:
    """Send what failed once more."""
    require_change(desk)
    delivery_id: str = request.path_params["delivery_id"]

    def write(connection: Connection) -> Delivery | None:
        send_again(connection, desk.company_id, delivery_id, desk.now)
        return delivery_by_id(connection, desk.company_id, delivery_id)

    delivery = await exchange_of(request).change(write)
    if delivery is None:
        raise HTTPException(404)
    return RedirectResponse(f"{DESTINATIONS}/{delivery.destination_id}#told", 303)


async def _show(
    request: Request,
    desk: Desk,
    form: Form | None = None,
    fault: str = "",
    tried: Result | None = None,
    status: int = 200,
    feed: FeedView | None = None,
) -> Response:
    record = await _found(request, desk)
    kind, exchange = _kind(record.kind), exchange_of(request)
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
        await _grants(request, desk, kind),
        request.query_params.get("grant", ""),
    )
    return _page(desk, view, status)


def _page(desk: Desk, view: DestinationView, status: int = 200) -> Response:
    return page(
        "destination.html",
        status,
        desk=desk,
        view=view,
        Outcome=Outcome,
        State=State,
        SAYING=SAYING,
        STATE=STATE,
        tag_lines=tag_lines,
        LENT=LENT,
    )


async def _found(request: Request, desk: Desk) -> DestinationRecord:
    destination_id: str = request.path_params["destination_id"]
    record = await exchange_of(request).read(
        lambda connection: destination_by_id(connection, desk.company_id, destination_id)
    )
    if record is None:
        raise HTTPException(404)
    return record


async def _grants(request: Request, desk: Desk, kind: DestinationKind) -> Sequence[Grant]:
    """What one signed in for at the kind's platform."""
    if not isinstance(kind, SignsIn):
        return ()
    every = await exchange_of(request).read(lambda connection: grants_of(connection, desk.company_id))
    return [each for each in every if each.provider == kind.sign_in.provider and each.signed_in_at is not None]


def _kind(name: str) -> DestinationKind:
    try:
        return destination_kind(name)
    except UnknownDestination as error:
        raise Refused(404, str(error)) from None


def _kind_name(kind: str) -> str:
    return destination_kind(kind).name if kind in set(installed()) else kind


def _blank(desk: Desk, name: str, kind: DestinationKind) -> DestinationRecord:
    return DestinationRecord(new_id(desk.now), desk.company_id, name, kind.name, {}, "", Rule(), True, desk.now)


def _filled(
    request: Request, record: DestinationRecord, kind: DestinationKind, form: Form, grants: Sequence[Grant]
) -> DestinationRecord:
    """The record as the form says. Raises FormFault and SettingFault."""
    vault = exchange_of(request).vault
    given: dict[str, str] = {}
    for field in kind.fields:
        value = form.one(f"setting-{field.name}")
        # An empty secret is one that stays: it is not shown, so that nobody could type it in again.
        if value or not field.secret:
            given[field.name] = value
    grant = _chosen(form, kind, grants)
    if grant:
        given |= lent(grant, kind, vault)
    settings, credentials = sealed(kind, given, vault, record.credentials)
    name = form.one("name")[:200]
    if not name:
        raise FormFault(_("Give it a name."))
    return replace(
        record,
        name=name,
        settings=settings,
        credentials=credentials,
        rule=read_rule(form),
        is_on=form.one("on") == "yes",
        grant_id=grant.grant_id if grant else None,
    )


def _chosen(form: Form, kind: DestinationKind, grants: Sequence[Grant]) -> Grant | None:
    """The access that was chosen. Raises FormFault where it is gone, or does not reach so far."""
    grant_id = form.one("grant")
    if not grant_id:
        return None
    grant = next((each for each in grants if each.grant_id == grant_id), None)
    if grant is None:
        raise FormFault(_("That access is gone. Choose another, or sign in once more."))
    lacking = (
        [scope for scope in kind.sign_in.scopes if scope not in grant.granted] if isinstance(kind, SignsIn) else []
    )
    if lacking:
        words = _("%(access)s was not given leave for this. Open it under Access, tick it, and sign in again.")
        raise FormFault(words % {"access": grant.name})
    return grant
