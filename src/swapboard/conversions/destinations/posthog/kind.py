"""Events to a PostHog project: https://posthog.com/docs/api/capture

An event joins the person by PostHog's own cookie; without one, it is our visitor's. The same uuid is one event.
PostHog keeps events as they were told.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote
from uuid import UUID

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from swapboard.clock import Millis, iso
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.answers import by_status, halved
from swapboard.conversions.destinations.base import HttpDestination
from swapboard.conversions.destinations.event_name import event_names
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _
from swapboard.leads.lead import ContactKind

URL = "https://us.i.posthog.com"
MOST = 200
LONGEST_ID = 200
_KEY = re.compile(r"phc_\w{10,}", re.ASCII)
FIELDS = (
    SettingField(
        "project_key",
        "Project API key",
        "In PostHog under Settings, Project: it begins with phc_. Your site shows it to everybody: no secret.",
    ),
    SettingField("call_event", "Name of the event for calls", "phone_call when left empty.", required=False),
    SettingField("form_event", "Name of the event for forms", "form_sent when left empty.", required=False),
    SettingField(
        "url",
        "Address",
        "{value} when left empty; https://eu.i.posthog.com is in Europe, or your own.",
        required=False,
        value=URL,
    ),
)


class _Cookie(BaseModel):
    distinct_id: str = ""


@dataclass(frozen=True, slots=True)
class PostHog(HttpDestination):
    """One project."""

    project_key: str
    call_event: str
    form_event: str
    url: str

    @property
    def most_at_once(self) -> int:
        return MOST

    def objection(self, message: Message, now: Millis) -> str | None:
        if message.saying is not Saying.CONVERT:
            return _("PostHog takes no changes to an event that it was told of.")
        if person_of(message.contact, self.project_key) is None:
            return _("No visit to the site is known to have made it, so PostHog would not know whose it is.")
        return None

    def request(self, messages: Sequence[Message], now: Millis) -> Request:
        body = {"api_key": self.project_key, "batch": [self._event(message) for message in messages]}
        return self._request("/batch/", body)

    def read(self, messages: Sequence[Message], answer: Answer) -> Sequence[Result]:
        return [_result(answer)] * len(messages)

    def send(self, messages: Sequence[Message], now: Millis, post: Post) -> Sequence[Result]:
        """All at once; one that is wrong is refused alone. The same uuid counts once, however often it comes."""
        return halved(messages, lambda some: _result(post(self.request(some, now))))

    def test(self, now: Millis, post: Post) -> Result:
        """Asks for feature flags, which leaves nothing behind and needs the same key."""
        result = _result(
            post(self._request("/flags/?v=2", {"api_key": self.project_key, "distinct_id": "swapboard"}))
        )
        is_good = result.outcome is Outcome.TAKEN
        return Result(Outcome.TAKEN, _("PostHog knows the project.")) if is_good else result

    def _request(self, path: str, body: Mapping[str, object]) -> Request:
        return Request("POST", f"{self.url}{path}", {"Content-Type": "application/json"}, to_json(body))

    def _event(self, message: Message) -> Mapping[str, object]:
        contact = message.contact
        return {
            "event": self.call_event if contact.kind is ContactKind.CALL else self.form_event,
            "distinct_id": person_of(contact, self.project_key),
            "timestamp": iso(contact.happened_at),
            "uuid": str(UUID(message.conversion_id)),
            "properties": _properties(message),
        }


class PostHogKind:
    """The destination "posthog"."""

    name = "PostHog"
    is_advertising = False
    fields: Sequence[SettingField] = FIELDS

    def open(self, settings: Mapping[str, str]) -> PostHog:
        required(settings, FIELDS)
        key = settings["project_key"].strip()
        if not _KEY.fullmatch(key):
            raise ValueError(
                _("A project's API key begins with phc_; one with phx_ is a person's and must stay secret.")
            )
        call_event, form_event = event_names(settings, "phone_call", "form_sent")
        return PostHog(key, call_event, form_event, (settings.get("url", "").strip() or URL).rstrip("/"))


def person_of(contact: Contact, project_key: str) -> str | None:
    """Who it is to PostHog: by its cookie (JSON, or the id alone as the script reads it), else our visitor."""
    told = unquote(contact.origin.cookies.get(f"ph_{project_key}_posthog", ""))
    if told.startswith("{"):
        try:
            told = _Cookie.model_validate_json(told).distinct_id
        except ValidationError:
            told = ""
    is_id = 0 < len(told) <= LONGEST_ID and told.isprintable()
    return told if is_id else contact.origin.visitor_id


def _properties(message: Message) -> Mapping[str, object]:
    contact, origin = message.contact, message.contact.origin
    told: dict[str, object | None] = {
        "$current_url": origin.landing_page,
        "$lib": "swapboard",
        # Our server's address is not the visitor's.
        "$geoip_disable": True,
        "$process_person_profile": False,
        "channel": origin.channel,
        "source": origin.source,
        "medium": origin.medium,
        "campaign": origin.campaign,
        "keyword": origin.keyword,
        "first_time": contact.is_first,
    }
    if contact.kind is ContactKind.CALL:
        told |= {"answered": contact.answered, "talk_seconds": contact.talk_seconds}
    if message.value_cents is not None:
        told |= {"value": message.value_cents / 100, "currency": message.currency}
    return {name: value for name, value in told.items() if value is not None}


def _result(answer: Answer) -> Result:
    result = by_status(answer)
    if answer.status in {401, 403}:
        # The key can be mended; what waits is not lost meanwhile.
        return replace(result, outcome=Outcome.FAILED)
    return result
