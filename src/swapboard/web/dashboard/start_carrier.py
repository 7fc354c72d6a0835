"""Step 2 of the assistant: an account at a carrier, tried at the carrier before it is kept."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.calls.carrier_accounts import MOST_CARRIERS, CarrierRecord, list_carriers
from swapboard.calls.store import add_carrier
from swapboard.carriers.base import Carrier, CarrierError, CarrierKind, Fault, NoCallList
from swapboard.carriers.installed import carrier_kind, rings_by_line, usable
from swapboard.clock import Millis
from swapboard.storage.ids import new_id
from swapboard.switchboard.carrier_settings import CredentialFault, sealed_credentials
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.retold import retold
from swapboard.web.dashboard.start_page import start_page
from swapboard.web.dashboard.start_steps import Step
from swapboard.web.dashboard.translation import _
from swapboard.web.practice import SANDBOX

ASK_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class CarrierChoice:
    """The accounts that there are, the carriers to choose from, and the chosen one with what was typed."""

    records: Sequence[CarrierRecord]
    names: Mapping[str, str]
    kind: str = ""
    chosen: CarrierKind | None = None
    shown: Mapping[str, str] | None = None
    fault: str = ""
    is_unsure: bool = False
    """The carrier gave no answer, so that the account may be kept untried."""

    @property
    def rings_by_line(self) -> bool:
        """Whether the chosen one is a line of one's own: no account shows what to type, and nothing is tried."""
        return rings_by_line(self.kind)


async def show_carrier(request: Request, desk: Desk) -> Response:
    """Which carrier; with `kind` in the address its form."""
    kind = request.query_params.get("kind", "")
    return await _show(request, desk, kind if kind in usable() else "")


async def connect(request: Request, desk: Desk) -> Response:
    """Ask the carrier whether it knows these credentials, and keep the account."""
    form = await read_form(request)
    kind = form.one("kind")
    if kind not in usable():
        raise Refused(404, _("There is no such carrier."))
    given = _given(kind, form)
    try:
        sealed = sealed_credentials(kind, given, exchange_of(request).vault)
    except CredentialFault as fault:
        return await _show(request, desk, kind, form, str(fault))
    if form.one("untried") != "yes" and (refusal := await _tried(carrier_kind(kind).open(given), desk.now)):
        return await _show(request, desk, kind, form, retold(refusal), is_unsure=not refusal.permanent)
    await _keep(request, desk, kind, sealed)
    return RedirectResponse(Step.NUMBERS.path, 303)


async def _keep(request: Request, desk: Desk, kind: str, sealed: str) -> None:
    name = _("Practice network") if kind == SANDBOX else carrier_kind(kind).name

    def write(connection: Connection) -> None:
        there = list_carriers(connection, desk.company_id)
        if len(there) >= MOST_CARRIERS:
            raise Refused(409, _("There are as many carriers as there can be. Remove one first."))
        if kind == SANDBOX and any(each.kind == SANDBOX for each in there):
            return  # The form came twice: one is enough to practise with.
        add_carrier(connection, desk.company_id, new_id(desk.now), kind, name, sealed, desk.now)

    await exchange_of(request).configure(desk.company_id, write)


async def _tried(carrier: Carrier, now: Millis) -> CarrierError | None:
    """What the carrier has against it, asked for a list of calls that is empty."""

    def ask() -> None:
        next(iter(carrier.calls(now)), None)

    try:
        await asyncio.wait_for(asyncio.to_thread(ask), ASK_SECONDS)
    except NoCallList:
        return None  # On a line of one's own there is nobody to ask.
    except CarrierError as error:
        return error
    except TimeoutError:
        return CarrierError(_("The carrier did not answer in time."), Fault.CARRIER)
    return None


def _given(kind: str, form: Form) -> dict[str, str]:
    if kind == SANDBOX:
        # Any words will do there, so nobody is asked for them.
        return {"account_sid": f"AC{secrets.token_hex(16)}", "auth_token": secrets.token_hex(16)}
    return {field.name: form.one(f"credential-{field.name}") for field in carrier_kind(kind).credential_fields}


async def _show(
    request: Request, desk: Desk, kind: str, form: Form | None = None, fault: str = "", *, is_unsure: bool = False
) -> Response:
    records = await exchange_of(request).read(lambda connection: list_carriers(connection, desk.company_id))
    chosen = carrier_kind(kind) if kind else None
    fields = chosen.credential_fields if chosen else ()
    choice = CarrierChoice(
        records=records,
        names={each: known.name for each, known in usable().items() if each != SANDBOX},
        kind=kind,
        chosen=chosen,
        # A secret is not sent back: it is typed again.
        shown={each.name: form.one(f"credential-{each.name}") for each in fields if form and not each.secret},
        fault=fault,
        is_unsure=is_unsure,
    )
    return await start_page(request, desk, Step.CARRIER, 422 if fault else 200, view=choice)
