"""Two people become one lead, or one lead two people, because somebody who knows them says so."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from swapboard.leads.by_hand import owner_of
from swapboard.leads.lead import ContactKind, KeyKind, LeadKey
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.switchboard.joining_by_hand import join_people, part_people
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.leads import Typed, show_lead
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _

MOST_TYPED = 254
"""Characters of the longest e-mail address."""


async def join_leads(request: Request, desk: Desk) -> Response:
    """The person with the number or address that was typed is this one. Raises Refused (403)."""
    require_change(desk)
    who, lead_id = (await read_form(request)).one("who"), request.path_params["lead_id"]
    try:
        other_id = await _other(request, desk, lead_id, who)
    except ValueError as error:
        return await show_lead(request, desk, Typed(who=who[:MOST_TYPED], join_fault=str(error)))
    lead = await exchange_of(request).change(
        lambda connection: join_people(connection, desk.company_id, (lead_id, other_id), desk.user.email, desk.now)
    )
    if lead is None:
        raise HTTPException(404)
    return done(request, f"/leads/{lead.lead_id}", _("They are one person now."))


async def part_lead(request: Request, desk: Desk) -> Response:
    """The chosen calls and forms are another person's. Raises Refused (403, 400)."""
    require_change(desk)
    ticked = (await read_form(request)).every("contact")
    chosen, lead_id = [_contact(each) for each in ticked], request.path_params["lead_id"]
    try:
        leaving = await exchange_of(request).change(
            lambda connection: part_people(connection, desk.company_id, lead_id, chosen, desk.user.email, desk.now)
        )
    except ValueError as error:
        return await show_lead(request, desk, Typed(contacts=ticked, part_fault=_(str(error))))
    if leaving is None:
        raise HTTPException(404)
    return done(request, f"/leads/{leaving.lead_id}", _("This is a person of their own now."))


async def _other(request: Request, desk: Desk, lead_id: str, who: str) -> str:
    """The id of whom was typed. Raises ValueError."""
    key = _key(who, desk.company.country)
    other_id = await exchange_of(request).read(lambda connection: owner_of(connection, desk.company_id, key))
    if other_id is None:
        raise ValueError(_("Nobody has been in touch with this number or address. Look it up under People."))
    if other_id == lead_id:
        raise ValueError(_("That is this person already."))
    return other_id


def _key(typed: str, country: str) -> LeadKey:
    if "@" in typed:
        return LeadKey(KeyKind.EMAIL, typed.lower())
    try:
        return LeadKey(KeyKind.PHONE, parse_number(typed, country))
    except NotANumber:
        raise ValueError(_("Write the other person's phone number or e-mail address.")) from None


def _contact(said: str) -> tuple[ContactKind, str]:
    kind, _colon, contact_id = said.partition(":")
    if kind not in set(ContactKind):
        raise Refused(400, _("The form could not be read. Load the page again and try once more."))
    return ContactKind(kind), contact_id
