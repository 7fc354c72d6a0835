"""Persons and activities in Pipedrive, by version 2 of its API: https://developers.pipedrive.com/docs/api/v1

An activity is known by its marker among the person's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from swapboard.clock import Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.crm import (
    FIRST_RULE,
    HEARS,
    CustomerDatabase,
    Line,
    ask_nobody,
    description,
    marker,
    names,
    only_changes,
    request,
    subject,
)
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.request import Post, Request
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message
from swapboard.language import _
from swapboard.leads.lead import ContactKind

FIELDS = (
    SettingField("url", "Your Pipedrive's address", "Like https://yourcompany.pipedrive.com.", gets_secrets=True),
    SettingField("api_token", "API token", "Under your name: Personal preferences, API.", secret=True),
)
_MOST_ACTIVITIES = 100


@dataclass(frozen=True, slots=True)
class Pipedrive(CustomerDatabase):
    """One Pipedrive account."""

    url: str
    api_token: str = field(repr=False)

    def line(self, post: Post) -> Line:
        return Line(post, self.url, {"x-api-token": self.api_token}, self.api_token, _words)

    def check(self, line: Line) -> str:
        line.ask("GET", "/api/v2/persons?limit=1")
        return _("Pipedrive lets us in.")

    def tell(self, line: Line, message: Message) -> str | None:
        contact = message.contact
        person_id = self._person(line, contact)
        if person_id is None:
            if only_changes(message):
                return None
            _status, made = line.ask("POST", "/api/v2/persons", _person(contact))
            person_id = int(made["data"]["id"])
        told = _activity(message)
        if known := self._known(line, contact, person_id):
            line.ask("PATCH", f"/api/v2/activities/{known}", told)
            return f"activity {known}"
        if only_changes(message):
            return None
        who = {"participants": [{"person_id": person_id, "primary": True}]}
        _status, made = line.ask("POST", "/api/v2/activities", {**told, **who})
        return f"activity {made['data']['id']}"

    def preview(self, messages: Sequence[Message], now: Millis) -> Sequence[Request]:
        (message,) = messages
        line = self.line(ask_nobody)
        return (
            request(line, "POST", "/api/v2/persons", _person(message.contact)),
            request(line, "POST", "/api/v2/activities", _activity(message)),
        )

    def _person(self, line: Line, contact: Contact) -> int | None:
        for name, value in (("phone", contact.phone), ("email", contact.email)):
            if value:
                query = urlencode({"term": value, "fields": name, "exact_match": "true", "limit": 1})
                _status, known = line.ask("GET", f"/api/v2/persons/search?{query}")
                found = next(iter(known.get("data", {}).get("items", ())), None)
                if found:
                    return int(found["item"]["id"])
        return None

    def _known(self, line: Line, contact: Contact, person_id: int) -> int | None:
        order = {"sort_by": "add_time", "sort_direction": "desc"}
        query = urlencode({"person_id": person_id, "limit": _MOST_ACTIVITIES, **order})
        _status, known = line.ask("GET", f"/api/v2/activities?{query}")
        mine = marker(contact)
        found = next((each for each in known.get("data") or () if mine in (each.get("note") or "")), None)
        return int(found["id"]) if found else None


class PipedriveKind:
    """The destination "pipedrive"."""

    name = "Pipedrive"
    is_advertising = False
    fields: Sequence[SettingField] = FIELDS
    hears: Sequence[Event] = HEARS
    first_rule = FIRST_RULE

    def open(self, settings: Mapping[str, str]) -> Pipedrive:
        required(settings, FIELDS)
        parts = urlsplit(settings["url"].strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(_("The address is like https://yourcompany.pipedrive.com."))
        return Pipedrive(f"{parts.scheme}://{parts.netloc}", settings["api_token"].strip())


def _activity(message: Message) -> Mapping[str, object]:
    contact = message.contact
    at = datetime.fromtimestamp(contact.happened_at / 1000, UTC)
    minutes = -(-contact.talk_seconds // 60)
    return {
        "subject": subject(message),
        "type": "call" if contact.kind is ContactKind.CALL else "task",
        "done": True,
        "due_date": f"{at:%Y-%m-%d}",
        "due_time": f"{at:%H:%M}",
        "duration": f"{minutes // 60:02}:{minutes % 60:02}",
        "note": escape(description(message), quote=False).replace("\n", "<br>"),
    }


def _person(contact: Contact) -> Mapping[str, object]:
    told: dict[str, object] = {"name": " ".join(filter(None, names(contact)))}
    if contact.phone:
        told["phones"] = [{"value": contact.phone, "primary": True, "label": "work"}]
    if contact.email:
        told["emails"] = [{"value": contact.email, "primary": True, "label": "work"}]
    return told


def _words(known: Any) -> str:
    return str(known.get("error", "")) if isinstance(known, dict) else ""
