"""Destinations: whom to tell of calls and forms, and what counts for each."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.conversions.conversion import Rule
from swapboard.conversions.delivery_log import how_many
from swapboard.conversions.destinations.base import DestinationKind, Hearing
from swapboard.conversions.destinations.installed import usable
from swapboard.conversions.destinations.request import Unreached
from swapboard.conversions.outbox import Outcome, Result, State
from swapboard.conversions.store import (
    MOST_DESTINATIONS,
    DestinationRecord,
    add_destination,
    change_destination,
    list_destinations,
    remove_destination,
)
from swapboard.storage.ids import new_id
from swapboard.switchboard.destination_access import usable_grants
from swapboard.switchboard.destination_settings import SettingFault
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.deliveries import delivery_page, replay_days, tell_again
from swapboard.web.dashboard.destination_form import FormFault, filled
from swapboard.web.dashboard.destination_secrets import make_password, rotate_secrets
from swapboard.web.dashboard.destination_view import (
    DESTINATIONS,
    DestinationView,
    asked_for_to_change,
    destination_asked_for,
    grants_for,
    kind_named,
    show,
    show_view,
)
from swapboard.web.dashboard.forms import read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.retold import retold
from swapboard.web.dashboard.translation import _


@dataclass(frozen=True, slots=True)
class Line:
    """One destination in the list, with how many deliveries it has in each state."""

    record: DestinationRecord
    kind: str
    counts: Mapping[State, int]


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
    kinds = sorted(usable().items(), key=lambda each: each[1].name.lower())
    return page("destinations.html", desk=desk, lines=lines, kinds=kinds, State=State)


async def new_destination_page(request: Request, desk: Desk) -> Response:
    """The form of one that is to be made."""
    require_change(desk)
    name = request.query_params.get("kind", "")
    kind = kind_named(name)
    grants, chosen = await grants_for(request, desk, kind), request.query_params.get("grant", "")
    blank = _blank(desk, name, kind)
    return show_view(request, desk, DestinationView(name, kind, blank, is_new=True, grants=grants, chosen=chosen))


async def destination_page(request: Request, desk: Desk) -> Response:
    """One destination with what it was told, the latest first."""
    return await show(request, desk, await destination_asked_for(request, desk))


async def make_destination(request: Request, desk: Desk) -> Response:
    """Make one of the form."""
    require_change(desk)
    form = await read_form(request)
    name = form.one("kind")
    kind = kind_named(name)
    blank, grants = _blank(desk, name, kind), await grants_for(request, desk, kind)
    try:
        record, made = filled(request, blank, kind, form, grants, desk.company.currency)
    except (FormFault, SettingFault) as fault:
        view = DestinationView(name, kind, blank, is_new=True, form=form, fault=str(fault), grants=grants)
        return show_view(request, desk, view, 422)

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
    before = await destination_asked_for(request, desk)
    kind = kind_named(before.kind)

    def write(connection: Connection) -> tuple[DestinationRecord, Mapping[str, str]]:
        known = asked_for_to_change(connection, request, desk)
        grants = usable_grants(connection, desk.company_id, kind)
        record, made = filled(request, known, kind, form, grants, desk.company.currency)
        change_destination(connection, record)
        return record, made

    try:
        record, made = await exchange_of(request).change(write)
    except (FormFault, SettingFault) as fault:
        return await show(request, desk, before, form=form, fault=str(fault), status=422)
    return await _done(request, desk, record, made)


async def try_destination(request: Request, desk: Desk) -> Response:
    """Ask the platform whether the saved settings work; what was typed beside them stays in the form."""
    require_change(desk)
    form = await read_form(request)
    record = await destination_asked_for(request, desk)
    try:
        tried = await exchange_of(request).deliverer.test(record)
    except (Unreached, ValueError) as error:
        tried = Result(Outcome.FAILED, retold(error))
    return await show(request, desk, record, form=form if form.fields else None, tried=tried)


async def drop_destination(request: Request, desk: Desk) -> Response:
    """Forget it, with what it was told."""
    require_change(desk)
    record = await destination_asked_for(request, desk)
    await exchange_of(request).change(
        lambda connection: remove_destination(connection, desk.company_id, record.destination_id)
    )
    return RedirectResponse(DESTINATIONS, 303)


def _kind_name(kind: str) -> str:
    known = usable().get(kind)
    return known.name if known else kind


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
    return await show(request, desk, record, made=made, said=_("It is saved."))
