"""Leads, contacts and tasks in Salesforce, by its REST API:
https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/

Whoever calls is looked for among contacts, then among leads that are open; else a lead is made. The call is a task
whose `CallObject` is our name for it, which a query finds at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

import phonenumbers

from swapboard.clock import Millis
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
from swapboard.conversions.outbox import Outcome
from swapboard.language import _
from swapboard.leads.lead import ContactKind

TOKEN_URL = "https://login.salesforce.com/services/oauth2/token"  # noqa: S105 -- an address
DATA = "/services/data/v62.0"
FIELDS = (
    SettingField(
        "instance_url",
        "Your Salesforce's address",
        "Like https://yourcompany.my.salesforce.com; signing in fills it in.",
        required=False,
        gets_secrets=True,
    ),
    SettingField("client_id", "Consumer key", "Of your external client app (or connected app)."),
    SettingField("client_secret", "Consumer secret", "Beside the key.", secret=True),
    SettingField("refresh_token", "Refresh token", "With the scopes api and refresh_token.", secret=True),
    SettingField(
        "token_url",
        "Address for tokens",
        "{value} when left empty.",
        required=False,
        value=TOKEN_URL,
        gets_secrets=True,
    ),
)
_SAVES_ANYWAY = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}
"""Without it a rule that only warns people, as Salesforce's own do, refuses a lead that is like another."""
_PASSING = frozenset(("REQUEST_LIMIT_EXCEEDED", "UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT"))


@dataclass(frozen=True, slots=True)
class Salesforce(CustomerDatabase):
    """One Salesforce organisation."""

    url: str
    oauth: OAuthClient

    def line(self, post: Post) -> Line:
        return self._line(post, self.oauth.access_token(post))

    def check(self, line: Line) -> str:
        self._first(line, "Lead", "IsConverted = false")
        self._first(line, "Task", "CallObject = 'swapboard'")
        return _("Salesforce lets us read leads and tasks.")

    def tell(self, line: Line, message: Message) -> str | None:
        contact = message.contact
        known = self._first(line, "Task", f"CallObject = '{_quoted(contact.contact_id)}'")
        if known:
            _ask(line, "PATCH", f"{DATA}/sobjects/Task/{known}", _task(message))
            return f"task {known}"
        if only_changes(message):
            return None
        person = self._person(line, contact) or self._made(line, message)
        made = _ask(line, "POST", f"{DATA}/sobjects/Task", {**_task(message), "WhoId": person})
        return f"task {made['id']}"

    def preview(self, messages: Sequence[Message], now: Millis) -> Sequence[Request]:
        (message,) = messages
        line = self._line(ask_nobody, "token")
        return (
            request(line, "POST", f"{DATA}/sobjects/Lead", _lead(message)),
            request(line, "POST", f"{DATA}/sobjects/Task", _task(message)),
        )

    def _line(self, post: Post, token: str) -> Line:
        return Line(post, self.url, {"Authorization": f"Bearer {token}", **_SAVES_ANYWAY}, token, _words)

    def _person(self, line: Line, contact: Contact) -> str | None:
        where = _where(contact)
        return self._first(line, "Contact", where) or self._first(
            line, "Lead", f"IsConverted = false AND ({where})"
        )

    def _made(self, line: Line, message: Message) -> str:
        try:
            return str(_ask(line, "POST", f"{DATA}/sobjects/Lead", _lead(message))["id"])
        except Stopped as no:
            return self._made(line, replace(message, contact=without_bad_address(message.contact, no)))

    def _first(self, line: Line, what: str, where: str) -> str | None:
        """The one that changed last; `where` has its texts quoted."""
        query = f"SELECT Id FROM {what} WHERE {where} ORDER BY LastModifiedDate DESC LIMIT 1"  # noqa: S608 -- SOQL
        known = _ask(line, "GET", f"{DATA}/query?{urlencode({'q': query})}")
        return next((str(each["Id"]) for each in known.get("records", ())), None)


class SalesforceKind:
    """The destination "salesforce"."""

    name = "Salesforce"
    is_advertising = False
    fields: Sequence[SettingField] = FIELDS
    hears: Sequence[Event] = HEARS
    first_rule = FIRST_RULE
    sign_in = SignIn("salesforce", ("api",))

    def open(self, settings: Mapping[str, str]) -> Salesforce:
        required(settings, FIELDS)
        told = {name: value.strip() for name, value in settings.items()}
        parts = urlsplit(told.get("instance_url", ""))
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(_("The address is like https://yourcompany.my.salesforce.com."))
        token_url = told.get("token_url") or TOKEN_URL
        oauth = OAuthClient(token_url, told["client_id"], told["client_secret"], told["refresh_token"])
        return Salesforce(f"{parts.scheme}://{parts.netloc}", oauth)


def _ask(line: Line, method: str, path: str, told: object = None) -> Any:
    """What Salesforce answers with 400 and may pass is not refused for good."""
    try:
        return line.ask(method, path, told)[1]
    except Stopped as no:
        if no.result.outcome is Outcome.REFUSED and any(code in no.result.words for code in _PASSING):
            raise Stopped(replace(no.result, outcome=Outcome.FAILED)) from no
        raise


def _task(message: Message) -> Mapping[str, object]:
    contact = message.contact
    day = datetime.fromtimestamp(contact.happened_at / 1000, ZoneInfo(message.company.time_zone)).date()
    told: dict[str, object] = {
        "Subject": subject(message)[:255],
        "Description": description(message),
        "ActivityDate": day.isoformat(),
        "Status": "Completed",
        "CallObject": contact.contact_id,
    }
    if contact.kind is ContactKind.CALL:
        told |= {
            "TaskSubtype": "Call",
            "CallType": "Inbound",
            "CallDurationInSeconds": contact.talk_seconds,
            "CallDisposition": "Answered" if contact.answered else "Not answered",
        }
    return told


def _lead(message: Message) -> Mapping[str, object]:
    contact = message.contact
    first, last = names(contact)
    known = {
        "FirstName": first[:40],
        "LastName": last[:80],
        "Company": last[:255],
        "Phone": contact.phone,
        "Email": contact.email,
        "LeadSource": contact.origin.channel or ("Phone Inquiry" if contact.kind is ContactKind.CALL else "Web"),
    }
    return {name: value for name, value in known.items() if value}


def _where(contact: Contact) -> str:
    """By number, in the ways in which people write it, or by address."""
    found = []
    if contact.phone:
        ways = ", ".join(f"'{_quoted(way)}'" for way in spellings(contact.phone))
        found.append(f"Phone IN ({ways}) OR MobilePhone IN ({ways})")
    if contact.email:
        found.append(f"Email = '{_quoted(contact.email)}'")
    return " OR ".join(found)


def spellings(number: str) -> Sequence[str]:
    """E.164, international, national, and digits only: Salesforce compares texts."""
    parsed = phonenumbers.parse(number)
    forms = phonenumbers.PhoneNumberFormat
    ways = [phonenumbers.format_number(parsed, form) for form in (forms.E164, forms.INTERNATIONAL, forms.NATIONAL)]
    national = ways[2]
    dashed = national.replace("(", "").replace(") ", "-")
    return list(dict.fromkeys([*ways, dashed, "".join(filter(str.isdigit, national)), number.removeprefix("+")]))


def _quoted(text: str) -> str:
    """As SOQL wants a text within quotes."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _words(known: Any) -> str:
    if isinstance(known, list) and known and isinstance(known[0], dict):
        return f"{known[0].get('errorCode', '')}: {known[0].get('message', '')}"
    return ""
