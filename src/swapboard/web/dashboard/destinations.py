"""Destinations: whom to tell of calls and forms, what counts for each, and what became of what was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.access.grant import Grant
from swapboard.access.store import grants_of
from swapboard.conversions.alarm import what_to_do
from swapboard.conversions.conversion import Rule
from swapboard.conversions.deliveries import BADLY, replay, send_again
from swapboard.conversions.delivery_log import (
    Attempt,
    Delivery,
    attempts_of,
    delivery_by_id,
    how_many,
    list_deliveries,
)
from swapboard.conversions.destinations.base import (
    DestinationKind,
    Hearing,
    HouseKeyed,
    Making,
    SignIn,
    SignsIn,
    UnknownDestination,
    Unreached,
    destination_kind,
    installed,
    picked,
    shown,
)
from swapboard.conversions.event import Event
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
from swapboard.switchboard.destination_settings import (
    SettingFault,
    check_events,
    made_for,
    may_end,
    renewed,
    sealed,
    to_show,
)
from swapboard.switchboard.signing_in import LENT, lent
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.destination_form import FormFault, read_rule, read_settings, read_span, tag_lines
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import _
from swapboard.web.feed_view import FeedView, feed_view, give_password

DESTINATIONS = "/destinations"
PER_PAGE = 50
EVENT: Mapping[Event, str] = {
    Event.BEFORE_ANSWER: _("It rings, and nobody has answered yet"),
    Event.ANSWERED: _("It was answered"),
    Event.ENDED: _("It ended"),
    Event.MISSED: _("It was missed"),
    Event.RECORDING_READY: _("Its recording is ready"),
    Event.TRANSCRIPT_READY: _("Its transcript is ready"),
    Event.ATTRIBUTION_CHANGED: _("It is credited to another visit"),
    Event.CHANGED: _("Somebody changed its tags, value or judgement"),
}
SAYING: dict[Saying | Event, str] = {
    Saying.CONVERT: _("conversion"),
    Saying.RESTATE: _("another value"),
    Saying.RETRACT: _("taken back"),
}
SAYING.update((event, words) for event, words in EVENT.items())
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

    made: Mapping[str, str] = field(default_factory=dict)
    """The secrets that were made just now, by their labels."""
    said: str = ""
    """What was just done."""

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


def destination_routes() -> list[Route]:
    """Every address below /destinations."""
    return [
        Route(DESTINATIONS, signed_in(destinations_page), methods=["GET"]),
        Route(DESTINATIONS, signed_in(make_destination), methods=["POST"]),
        Route(f"{DESTINATIONS}/new", signed_in(new_destination_page)),
        Route(f"{DESTINATIONS}/deliveries/{{delivery_id}}", signed_in(delivery_page)),
        Route(f"{DESTINATIONS}/{{destination_id}}", signed_in(destination_page), methods=["GET"]),
        Route(f"{DESTINATIONS}/{{destination_id}}", signed_in(save_destination), methods=["POST"]),
        Route(f"{DESTINATIONS}/{{destination_id}}/test", signed_in(try_destination), methods=["POST"]),
        Route(f"{DESTINATIONS}/{{destination_id}}/password", signed_in(make_password), methods=["POST"]),
        Route(f"{DESTINATIONS}/{{destination_id}}/rotate", signed_in(rotate_secrets), methods=["POST"]),
        Route(f"{DESTINATIONS}/{{destination_id}}/replay", signed_in(replay_days), methods=["POST"]),
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
    kinds = sorted(((name, destination_kind(name)) for name in installed()), key=lambda each: each[1].name.lower())
    return page("destinations.html", desk=desk, lines=lines, kinds=kinds, State=State)


async def new_destination_page(request: Request, desk: Desk) -> Response:
    """The form of one that is to be made."""
    require_change(desk)
    name = request.query_params.get("kind", "")
    kind = _kind(name)
    grants, chosen = await _grants(request, desk, kind), request.query_params.get("grant", "")
    blank = _blank(desk, name, kind)
    return _page(request, desk, DestinationView(name, kind, blank, is_new=True, grants=grants, chosen=chosen))


async def destination_page(request: Request, desk: Desk) -> Response:
    """One destination with what it was told, the latest first."""
    return await _show(request, desk, await _found(request, desk))


async def make_destination(request: Request, desk: Desk) -> Response:
    """Make one of the form."""
    require_change(desk)
    form = await read_form(request)
    name = form.one("kind")
    kind = _kind(name)
    blank, grants = _blank(desk, name, kind), await _grants(request, desk, kind)
    try:
        record, made = _filled(request, blank, kind, form, grants)
    except (FormFault, SettingFault) as fault:
        view = DestinationView(name, kind, blank, is_new=True, form=form, fault=str(fault), grants=grants)
        return _page(request, desk, view, 422)

    def write(connection: Connection) -> None:
        if len(list_destinations(connection, desk.company_id).rows) >= MOST_DESTINATIONS:
            raise Refused(409, _("There are as many destinations as there can be. Remove one first."))
        add_destination(connection, record)

    await exchange_of(request).change(write)
    return await _done(request, desk, record, made)


async def save_destination(request: Request, desk: Desk) -> Response:
    """Change it as the form says."""
    require_change(desk)
    form = await read_form(request)
    before = await _found(request, desk)
    kind = _kind(before.kind)
    try:
        record, made = _filled(request, before, kind, form, await _grants(request, desk, kind))
    except (FormFault, SettingFault) as fault:
        return await _show(request, desk, before, form=form, fault=str(fault), status=422)
    await exchange_of(request).change(lambda connection: change_destination(connection, record))
    return await _done(request, desk, record, made)


async def rotate_secrets(request: Request, desk: Desk) -> Response:
    """New secrets, beside the old ones for a while."""
    require_change(desk)
    known, vault = await _found(request, desk), exchange_of(request).vault
    kind = _kind(known.kind)
    try:
        new = renewed(kind, known, vault, desk.now)
    except SettingFault as fault:
        raise Refused(409, str(fault)) from None
    settings, credentials = sealed(kind, new, vault)
    record = replace(known, settings=settings, credentials=credentials)
    await exchange_of(request).change(lambda connection: change_destination(connection, record))
    said = _("There is a new secret. The old one signs beside it for seven days.")
    return await _show(request, desk, record, made=to_show(kind, new), said=said)


async def replay_days(request: Request, desk: Desk) -> Response:
    """Send once more what was said on some days."""
    require_change(desk)
    form, record = await read_form(request), await _found(request, desk)
    try:
        span = read_span(form, desk.company.time_zone)
    except FormFault as fault:
        return await _show(request, desk, record, fault=str(fault), status=422)
    ended = may_end(record) if form.one("told_too") == "yes" else BADLY
    count = await exchange_of(request).change(
        lambda connection: replay(connection, desk.company_id, record.destination_id, span, desk.now, ended)
    )
    said = _("%(count)s messages are on their way again.") % {"count": count}
    return await _show(request, desk, record, said=said)


async def delivery_page(request: Request, desk: Desk) -> Response:
    """One message: every try, and the exact request that it is, without its secrets."""
    delivery_id, exchange = request.path_params["delivery_id"], exchange_of(request)

    def read(connection: Connection) -> tuple[Delivery, DestinationRecord, Sequence[Attempt]] | None:
        delivery = delivery_by_id(connection, desk.company_id, delivery_id)
        record = delivery and destination_by_id(connection, desk.company_id, delivery.destination_id)
        tries = attempts_of(connection, desk.company_id, delivery_id)
        return (delivery, record, tries) if delivery and record else None

    found = await exchange.read(read)
    if found is None:
        raise HTTPException(404)
    delivery, record, attempts = found
    try:
        requests = [shown(each) for each in exchange.deliverer.preview(record, delivery.message)]
    except (UnknownDestination, ValueError):
        requests = []
    return page(
        "delivery.html",
        desk=desk,
        delivery=delivery,
        record=record,
        attempts=attempts,
        requests=requests,
        may_again=delivery.state in may_end(record),
        SAYING=SAYING,
        STATE=STATE,
    )


async def try_destination(request: Request, desk: Desk) -> Response:
    """Ask the platform whether the settings work."""
    require_change(desk)
    record = await _found(request, desk)
    try:
        tried = await exchange_of(request).deliverer.test(record)
    except (Unreached, UnknownDestination, ValueError) as error:
        tried = Result(Outcome.FAILED, str(error))
    return await _show(request, desk, record, tried=tried)


async def make_password(request: Request, desk: Desk) -> Response:
    """Make a new password for its files, and show it this once."""
    require_change(desk)
    record = await _found(request, desk)
    kind, exchange = _kind(record.kind), exchange_of(request)
    feed = await exchange.change(lambda connection: give_password(connection, exchange, kind, record, desk.now))
    if feed is None:
        raise Refused(404, _("This destination fetches no files."))
    return await _show(request, desk, record, feed=feed)


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
        delivery = delivery_by_id(connection, desk.company_id, delivery_id)
        if delivery:
            ended = may_end(destination_by_id(connection, desk.company_id, delivery.destination_id))
            send_again(connection, desk.company_id, delivery_id, desk.now, ended)
        return delivery

    delivery = await exchange_of(request).change(write)
    if delivery is None:
        raise HTTPException(404)
    return RedirectResponse(f"{DESTINATIONS}/{delivery.destination_id}#told", 303)


async def _show(
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
        made,
        said,
    )
    return _page(request, desk, view, status)


def _page(request: Request, desk: Desk, view: DestinationView, status: int = 200) -> Response:
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
    settings = {field.name: field.default for field in kind.fields if field.default}
    rule = kind.first_rule if isinstance(kind, Hearing) else Rule()
    return DestinationRecord(
        new_id(desk.now), desk.company_id, name, kind.name, settings, "", rule, True, desk.now
    )


async def _done(request: Request, desk: Desk, record: DestinationRecord, made: Mapping[str, str]) -> Response:
    """Back to its page; secrets that were made are shown at once, for they are not kept to be shown."""
    if not made:
        return RedirectResponse(f"{DESTINATIONS}/{record.destination_id}", 303)
    return await _show(request, desk, record, made=made, said=_("It is saved."))


def _filled(
    request: Request, record: DestinationRecord, kind: DestinationKind, form: Form, grants: Sequence[Grant]
) -> tuple[DestinationRecord, Mapping[str, str]]:
    """The record as the form says, and the secrets that were made. Raises FormFault and SettingFault."""
    given, vault = read_settings(form, kind.fields), exchange_of(request).vault
    grant = _chosen(form, kind, grants)
    if grant:
        given |= lent(grant, kind, vault)
    made = made_for(kind, given, vault, record.credentials)
    settings, credentials = sealed(kind, {**given, **made}, vault, record.credentials)
    name, rule = form.one("name")[:200], read_rule(form)
    if not name:
        raise FormFault(_("Give it a name."))
    check_events(kind, rule)
    filled = replace(
        record,
        name=name,
        settings=settings,
        credentials=credentials,
        rule=rule,
        is_on=form.one("on") == "yes",
        grant_id=grant.grant_id if grant else None,
    )
    return filled, to_show(kind, made)


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
