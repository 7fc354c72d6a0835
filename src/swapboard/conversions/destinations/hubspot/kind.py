"""Contacts and calls in HubSpot: https://developers.hubspot.com/docs/api-reference/crm-calls-v3/guide

A contact bears our name for the lead in a property of its own that HubSpot keeps unique, because its search finds
what was just made only after a while. A call is known by its marker among the contact's calls.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote

import phonenumbers

from swapboard.clock import SECOND, Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.base import SignIn
from swapboard.conversions.destinations.crm import (
    FIRST_RULE,
    HEARS,
    CustomerDatabase,
    Line,
    Stopped,
    ask_nobody,
    description,
    marker,
    names,
    only_changes,
    request,
    subject,
    without_bad_address,
)
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.oauth import OAuthClient
from swapboard.conversions.destinations.request import Post, Request
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _
from swapboard.leads.lead import ContactKind

URL = "https://api.hubapi.com"
TOKEN_URL = "https://api.hubapi.com/oauth/2026-03/token"  # noqa: S105 -- an address
LEAD = "swapboard_lead_id"
_CALL_TO_CONTACT = 194
"""HubSpot's own number for the tie of a call to a contact."""
_MOST_CALLS = 100
FIELDS = (
    SettingField(
        "access_token",
        "Access token",
        "Of a private app (Settings, Integrations). Or leave it empty and sign in, or fill in the next three.",
        secret=True,
        required=False,
    ),
    SettingField("client_id", "OAuth client ID", "Of your own app.", required=False),
    SettingField("client_secret", "OAuth client secret", "Beside the client ID.", secret=True, required=False),
    SettingField("refresh_token", "Refresh token", "Of who may change contacts.", secret=True, required=False),
    SettingField(
        "token_url",
        "Address for tokens",
        "{value} when left empty.",
        required=False,
        value=TOKEN_URL,
        gets_secrets=True,
    ),
    SettingField("url", "Address", "{value} when left empty.", required=False, value=URL, gets_secrets=True),
)


@dataclass(frozen=True, slots=True)
class HubSpot(CustomerDatabase):
    """One HubSpot account."""

    access_token: str = field(repr=False)
    oauth: OAuthClient | None
    url: str = URL

    def line(self, post: Post) -> Line:
        return self._line(post, self.oauth.access_token(post) if self.oauth else self.access_token)

    def check(self, line: Line) -> str:
        self._have_property(line)
        line.ask("GET", "/crm/v3/objects/contacts?limit=1")
        return _("HubSpot lets us read and change contacts.")

    def tell(self, line: Line, message: Message) -> str | None:
        contact_id = self._contact(line, message.contact, makes=not only_changes(message))
        if contact_id is None:
            return None
        return self._call(line, message, contact_id)

    def preview(self, messages: Sequence[Message], now: Millis) -> Sequence[Request]:
        line = self._line(ask_nobody, "token")
        (message,) = messages
        return (
            request(line, "POST", "/crm/v3/objects/contacts", {"properties": _person(message.contact)}),
            request(line, "POST", f"/crm/v3/objects/{_kind(message)}", {"properties": _record(message)}),
        )

    def _line(self, post: Post, token: str) -> Line:
        return Line(post, self.url, {"Authorization": f"Bearer {token}"}, token, _words)

    def _have_property(self, line: Line) -> None:
        status, _known = line.ask("GET", f"/crm/v3/properties/contacts/{LEAD}", good=(404,))
        if status == 404:
            made = {
                "name": LEAD,
                "label": "Swapboard's ID",
                "type": "string",
                "fieldType": "text",
                "groupName": "contactinformation",
                "hasUniqueValue": True,
            }
            line.ask("POST", "/crm/v3/properties/contacts", made, good=(409,))

    def _contact(self, line: Line, contact: Contact, *, makes: bool) -> str | None:
        """Theirs: known by our lead, else found, else made; bearing our lead from now on."""
        lead_id = contact.lead_id or contact.contact_id
        status, known = line.ask(
            "GET", f"/crm/v3/objects/contacts/{quote(lead_id)}?idProperty={LEAD}", good=(400, 404)
        )
        if status == 200:
            return str(known["id"])
        if status == 400:
            self._have_property(line)
        found = self._found(line, contact)
        if found is None:
            return self._made(line, contact, lead_id) if makes else None
        if not found.get("properties", {}).get(LEAD):
            line.ask("PATCH", f"/crm/v3/objects/contacts/{found['id']}", {"properties": {LEAD: lead_id}})
        return str(found["id"])

    def _found(self, line: Line, contact: Contact) -> Mapping[str, Any] | None:
        filters = [
            {"filters": [{"propertyName": name, "operator": "EQ", "value": value}]}
            for name, value in _keys(contact)
        ]
        asked = {"filterGroups": filters, "properties": [LEAD], "limit": 1}
        _status, known = line.ask("POST", "/crm/v3/objects/contacts/search", asked)
        found: Mapping[str, Any] | None = next(iter(known.get("results", ())), None)
        return found

    def _made(self, line: Line, contact: Contact, lead_id: str) -> str:
        told = {"properties": {**_person(contact), LEAD: lead_id}}
        try:
            status, known = line.ask("POST", "/crm/v3/objects/contacts", told, good=(409,))
        except Stopped as no:
            return self._made(line, without_bad_address(contact, no), lead_id)
        if status != 409:
            return str(known["id"])
        # Somebody with this address is there, whom the search does not find yet.
        existing = "".join(filter(str.isdigit, str(known.get("message", "")).partition("Existing ID:")[2]))
        if not existing:
            raise Stopped(Result(Outcome.REFUSED, f"HTTP {status}: {_words(known)}"))
        return existing

    def _call(self, line: Line, message: Message, contact_id: str) -> str | None:
        kind = _kind(message)
        told: dict[str, object] = {"properties": _record(message)}
        if known := self._known(line, kind, message.contact, contact_id):
            line.ask("PATCH", f"/crm/v3/objects/{kind}/{known}", told)
            return f"{kind[:-1]} {known}"
        if only_changes(message):
            return None
        tie = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": _TIES[kind]}
        told["associations"] = [{"to": {"id": contact_id}, "types": [tie]}]
        _status, made = line.ask("POST", f"/crm/v3/objects/{kind}", told)
        return f"{kind[:-1]} {made['id']}"

    def _known(self, line: Line, kind: str, contact: Contact, contact_id: str) -> str | None:
        """The record that bears our marker, among the contact's."""
        path = f"/crm/v4/objects/contacts/{contact_id}/associations/{kind}?limit=500"
        _status, tied = line.ask("GET", path)
        ids = [{"id": str(each["toObjectId"])} for each in tied.get("results", ())][-_MOST_CALLS:]
        if not ids:
            return None
        asked = {"inputs": ids, "properties": [_BODIES[kind]]}
        _status, known = line.ask("POST", f"/crm/v3/objects/{kind}/batch/read", asked)
        mine = marker(contact)
        bodies = (
            (str(each["id"]), each["properties"].get(_BODIES[kind]) or "") for each in known.get("results", ())
        )
        return next((record_id for record_id, body in bodies if mine in body), None)


class HubSpotKind:
    """The destination "hubspot"."""

    name = "HubSpot"
    is_advertising = False
    fields: Sequence[SettingField] = FIELDS
    hears: Sequence[Event] = HEARS
    first_rule = FIRST_RULE
    sign_in = SignIn(
        "hubspot",
        (
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "crm.schemas.contacts.read",
            "crm.schemas.contacts.write",
        ),
    )

    def open(self, settings: Mapping[str, str]) -> HubSpot:
        required(settings, FIELDS)
        told = {name: value.strip() for name, value in settings.items()}
        url = (told.get("url") or URL).rstrip("/")
        oauth = [told.get(name, "") for name in ("client_id", "client_secret", "refresh_token")]
        if all(oauth):
            # Who signs in means that to hold, whatever token was pasted before.
            return HubSpot("", OAuthClient(told.get("token_url") or TOKEN_URL, *oauth), url)
        if not told.get("access_token"):
            raise ValueError(_("Fill in the access token, or sign in."))
        return HubSpot(told["access_token"], None, url)


_BODIES = {"calls": "hs_call_body", "notes": "hs_note_body"}
_TIES = {"calls": _CALL_TO_CONTACT, "notes": 202}


def _kind(message: Message) -> str:
    return "calls" if message.contact.kind is ContactKind.CALL else "notes"


def _record(message: Message) -> Mapping[str, object]:
    contact, call = message.contact, message.contact.call
    body = escape(description(message), quote=False).replace("\n", "<br>")
    if contact.kind is ContactKind.FORM:
        return {"hs_timestamp": contact.happened_at, "hs_note_body": f"{escape(subject(message))}<br>{body}"}
    told: dict[str, object] = {
        "hs_timestamp": contact.happened_at,
        "hs_call_title": subject(message),
        "hs_call_body": body,
        "hs_call_direction": "INBOUND",
        "hs_call_status": "COMPLETED" if contact.answered else "NO_ANSWER",
        "hs_call_duration": contact.talk_seconds * SECOND,
    }
    if contact.phone:
        told["hs_call_from_number"] = contact.phone
    if call and call.tracking_number:
        told["hs_call_to_number"] = call.tracking_number
    return told


def _person(contact: Contact) -> Mapping[str, str]:
    first, last = names(contact)
    known = {"phone": contact.phone, "email": contact.email, "firstname": first, "lastname": last}
    return {name: value for name, value in known.items() if value}


def _keys(contact: Contact) -> list[tuple[str, str]]:
    """What they are looked for by; HubSpot's own property for numbers has them without the country's code."""
    keys: list[tuple[str, str]] = []
    if contact.phone:
        national = str(phonenumbers.parse(contact.phone).national_number)
        keys += [("phone", contact.phone), ("mobilephone", contact.phone)]
        keys += [("hs_searchable_calculated_phone_number", national)]
    return [*keys, *([("email", contact.email)] if contact.email else [])]


def _words(known: Any) -> str:
    return str(known.get("message", "")) if isinstance(known, dict) else ""
