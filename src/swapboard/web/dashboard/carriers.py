"""Carriers: an account is connected, its credentials are changed, its addresses are copied."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.calls.carrier_accounts import (
    MOST_CARRIERS,
    CarrierRecord,
    carrier_by_id,
    change_carrier,
    is_used,
    list_carriers,
    remove_carrier,
)
from swapboard.calls.store import add_carrier
from swapboard.carriers.base import CarrierKind, CredentialField, Door, Links
from swapboard.carriers.installed import UnknownCarrier, carrier_kind, rings_by_line
from swapboard.carriers.lines import adapter as lines
from swapboard.storage.ids import new_id
from swapboard.switchboard.carrier_settings import CredentialFault, sealed_credentials, shown_credentials
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.shut_out import is_shut_out
from swapboard.web.dashboard.stamp import FIELD, is_overtaken, overtaken_words, stamp_of
from swapboard.web.dashboard.translation import _

CARRIERS = "/setup/carriers"
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class CarrierView:
    """One account, or one that is to be connected."""

    kind: CarrierKind
    record: CarrierRecord
    is_new: bool
    links: Links
    shown: Mapping[str, str]
    """What is no secret: as it is kept, or as it was typed in."""
    kept: frozenset[str]
    """The secrets that it has."""
    forgotten: frozenset[str] = frozenset()
    """Those that the form says to forget, which it could not yet."""
    fault: str = ""
    stamp: str = ""
    is_saved: bool = False
    is_deaf: bool = False
    """Its calls would come by SIP, and this server does not listen for it."""
    is_shut_out: bool = False
    """Its other end is in a private network, and this server asks none."""

    @property
    def rings_by_line(self) -> bool:
        """Whether no webhook tells of its calls."""
        return rings_by_line(self.record.kind)

    @property
    def voice(self) -> str:
        return self.links.door(Door.VOICE)

    @property
    def status(self) -> str:
        return self.links.door(Door.STATUS)


def carrier_routes() -> list[Route]:
    """Every address below /setup/carriers."""
    return [
        Route(CARRIERS, signed_in(connect_carrier), methods=["POST"]),
        Route(f"{CARRIERS}/new", signed_in(new_carrier_page)),
        Route(f"{CARRIERS}/{{carrier_id}}", signed_in(carrier_page), methods=["GET"]),
        Route(f"{CARRIERS}/{{carrier_id}}", signed_in(save_carrier), methods=["POST"]),
        Route(f"{CARRIERS}/{{carrier_id}}/remove", signed_in(drop_carrier), methods=["POST"]),
    ]


async def new_carrier_page(request: Request, desk: Desk) -> Response:
    """The form of an account that is to be connected."""
    require_change(desk)
    kind = request.query_params.get("kind", "")
    return _page(request, desk, _blank(desk, kind, _kind(kind)), is_new=True)


async def connect_carrier(request: Request, desk: Desk) -> Response:
    """Keep it, and show the addresses that the carrier needs."""
    require_change(desk)
    form = await read_form(request)
    kind = form.one("kind")
    blank = _blank(desk, kind, _kind(kind))
    try:
        record = _filled(request, blank, form)
    except CredentialFault as fault:
        return _page(request, desk, blank, is_new=True, form=form, fault=str(fault))

    def write(connection: Connection) -> None:
        if len(list_carriers(connection, desk.company_id)) >= MOST_CARRIERS:
            raise Refused(409, _("There are as many carriers as there can be. Remove one first."))
        add_carrier(
            connection, desk.company_id, record.carrier_id, kind, record.name, record.credentials, desk.now
        )

    await exchange_of(request).configure(desk.company_id, write)
    return RedirectResponse(f"{CARRIERS}/{record.carrier_id}?saved=1", 303)


async def carrier_page(request: Request, desk: Desk) -> Response:
    """One account."""
    record = await _found(request, desk)
    return _page(request, desk, record, is_shut_out=await is_shut_out(exchange_of(request), record))


async def save_carrier(request: Request, desk: Desk) -> Response:
    """Change it as the form says."""
    require_change(desk)
    form = await read_form(request)

    def write(connection: Connection) -> tuple[CarrierRecord, str, str]:
        known = _known(connection, request, desk)
        try:
            record = _filled(request, known, form)
        except CredentialFault as fault:
            # It is still on what its reader saw.
            return known, str(fault), form.one(FIELD)
        if is_overtaken(form, _stamp(known)):
            return known, overtaken_words(), _stamp(known)
        change_carrier(connection, record)
        return record, "", ""

    record, fault, stamp = await exchange_of(request).configure(desk.company_id, write)
    if fault:
        return _page(request, desk, record, form=form, fault=fault, stamp=stamp)
    return RedirectResponse(f"{CARRIERS}/{record.carrier_id}?saved=1", 303)


async def drop_carrier(request: Request, desk: Desk) -> Response:
    """Forget an account that no number and no call belongs to."""
    require_change(desk)
    record = await _found(request, desk)

    def write(connection: Connection) -> None:
        if is_used(connection, desk.company_id, record.carrier_id):
            raise Refused(409, _("Numbers or calls belong to this carrier, so it stays."))
        remove_carrier(connection, desk.company_id, record.carrier_id)

    await exchange_of(request).configure(desk.company_id, write)
    return RedirectResponse("/setup#carriers", 303)


def _page(
    request: Request,
    desk: Desk,
    record: CarrierRecord,
    *,
    is_new: bool = False,
    is_shut_out: bool = False,
    form: Form | None = None,
    fault: str = "",
    stamp: str | None = None,
) -> Response:
    exchange, kind, seen = exchange_of(request), _kind(record.kind), _stamp(record)
    shown, kept = shown_credentials(record.kind, record.credentials, exchange.vault)
    forgotten: frozenset[str] = frozenset()
    if form is not None:
        forgotten = frozenset(field.name for field in kind.credential_fields if _is_forgotten(form, field))
        shown = {field.name: form.one(f"credential-{field.name}") for field in kind.credential_fields}
        if any(field.secret and shown[field.name] for field in kind.credential_fields):
            # Or the one that was kept before would pass for the one that was typed.
            fault = f"{fault} {_('Type the secrets once more: they are not shown again.')}"
        record = replace(record, name=form.one("name")[:LONGEST_NAME])
    view = CarrierView(
        kind=kind,
        record=record,
        is_new=is_new,
        links=Links(exchange.settings.public_url, record.carrier_id),
        shown=shown,
        kept=kept,
        forgotten=forgotten,
        fault=fault,
        stamp=seen if stamp is None else stamp,
        is_deaf=record.kind == lines.KIND and not exchange.settings.lines_listen,
        is_shut_out=is_shut_out,
        is_saved=request.query_params.get("saved") == "1",
    )
    return page("carrier.html", 422 if fault else 200, desk=desk, view=view)


async def _found(request: Request, desk: Desk) -> CarrierRecord:
    return await exchange_of(request).read(lambda connection: _known(connection, request, desk))


def _known(connection: Connection, request: Request, desk: Desk) -> CarrierRecord:
    record = carrier_by_id(connection, desk.company_id, request.path_params["carrier_id"])
    if record is None:
        raise HTTPException(404)
    return record


def _stamp(record: CarrierRecord) -> str:
    """Also of the secrets, by what they are sealed to."""
    return stamp_of(record.name, record.credentials)


def _kind(name: str) -> CarrierKind:
    try:
        return carrier_kind(name)
    except UnknownCarrier as error:
        raise Refused(404, str(error)) from None


def _blank(desk: Desk, name: str, kind: CarrierKind) -> CarrierRecord:
    return CarrierRecord(new_id(desk.now), desk.company_id, name, kind.name, "", desk.now)


def _is_forgotten(form: Form, field: CredentialField) -> bool:
    return form.one(f"forget-{field.name}") == "yes"


def _filled(request: Request, record: CarrierRecord, form: Form) -> CarrierRecord:
    """The account as the form says. Raises CredentialFault."""
    name = form.one("name")[:LONGEST_NAME]
    if not name:
        raise CredentialFault("name", _("Give it a name."))
    given: dict[str, str] = {}
    for field in _kind(record.kind).credential_fields:
        value = form.one(f"credential-{field.name}")
        # An empty secret is one that stays: it is not shown, so that nobody could type it in again.
        if value or not field.secret or _is_forgotten(form, field):
            given[field.name] = value
    vault = exchange_of(request).vault
    credentials = sealed_credentials(record.kind, given, vault, record.credentials)
    return replace(record, name=name, credentials=credentials)
