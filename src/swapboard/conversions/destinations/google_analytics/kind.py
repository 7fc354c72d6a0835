"""Events to a GA4 property: https://developers.google.com/analytics/devguides/collection/protocol/ga4

The collecting address answers 204 to anything at all, so what it would not keep is refused here: an event older
than 72 hours, a name or value that is too long. The validating address tells what is wrong with a body, though
not whether measurement id and secret are right.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import to_json

from swapboard.clock import HOUR, Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.answers import by_status
from swapboard.conversions.destinations.base import HttpDestination
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.google_analytics.cookies import client_id, session_id
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _
from swapboard.leads.lead import ContactKind

URL = "https://www.google-analytics.com"
OLDEST: Millis = 72 * HOUR
LONGEST_NAME, LONGEST_VALUE = 40, 100
_NAME = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{LONGEST_NAME - 1}}}")
_RESERVED = ("ga_", "google_", "firebase_")
_RESERVED_NAMES = frozenset(
    (
        *("ad_activeview", "ad_click", "ad_exposure", "ad_query", "ad_reward", "adunit_exposure"),
        *("app_clear_data", "app_exception", "app_install", "app_remove", "app_store_refund", "app_update"),
        *("app_upgrade", "dynamic_link_app_open", "dynamic_link_app_update", "dynamic_link_first_open", "error"),
        *("first_open", "first_visit", "in_app_purchase", "notification_dismiss", "notification_foreground"),
        *("notification_open", "notification_receive", "os_update", "session_start", "user_engagement"),
    )
)
"""https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference (reserved names)"""
_TAKEN = _("Google Analytics took it; it does not say whether it keeps it.")
_MEASUREMENT_ID = re.compile(r"G-[A-Z0-9]{4,20}")
FIELDS = (
    SettingField("measurement_id", "Measurement ID", "In Analytics under Admin, Data streams: G- and ten signs."),
    SettingField(
        "api_secret",
        "API secret",
        "In the same data stream under Measurement Protocol API secrets: make one for Swapboard.",
        secret=True,
    ),
    SettingField(
        "call_event",
        "Name of the event for calls",
        "phone_call when left empty; generate_lead is Google's own.",
        required=False,
    ),
    SettingField("form_event", "Name of the event for forms", "generate_lead when left empty.", required=False),
    SettingField(
        "url",
        "Address",
        "{value} when left empty; https://region1.google-analytics.com is in Europe.",
        required=False,
        rare=True,
        value=URL,
        gets_secrets=True,
    ),
)


class _Fault(BaseModel):
    description: str = ""
    validation_code: str = ""
    model_config = {"alias_generator": to_camel}


class _Faults(BaseModel):
    validation_messages: list[_Fault] = []
    model_config = {"alias_generator": to_camel}


_FAULTS = TypeAdapter(_Faults)


@dataclass(frozen=True, slots=True)
class GoogleAnalytics(HttpDestination):
    """One property's data stream."""

    measurement_id: str
    api_secret: str = field(repr=False)
    call_event: str
    form_event: str
    url: str = URL

    @property
    def most_at_once(self) -> int:
        return 1

    def objection(self, message: Message, now: Millis) -> str | None:
        if message.saying is not Saying.CONVERT:
            return _("Google Analytics takes no changes to an event that it was told of.")
        if client_id(message.contact.origin.cookies) is None:
            return _("There is no Google Analytics cookie of this visitor, so Analytics would not know them.")
        if now - message.contact.happened_at > OLDEST:
            return _("It is more than 72 hours ago, which Google Analytics does not take.")
        return None

    def request(self, messages: Sequence[Message], now: Millis) -> Request:
        (message,) = messages
        return self._request("/mp/collect", self._body(message))

    def read(self, messages: Sequence[Message], answer: Answer) -> Sequence[Result]:
        result = by_status(answer)
        return [Result(Outcome.TAKEN, _TAKEN) if result.outcome is Outcome.TAKEN else result]

    def test(self, now: Millis, post: Post) -> Result:
        params = {"session_id": "1", "engagement_time_msec": 1}
        events = [{"name": name, "params": params} for name in (self.call_event, self.form_event)]
        body = {"client_id": "1.1", "validation_behavior": "ENFORCE_RECOMMENDATIONS", "events": events}
        answer = post(self._request("/debug/mp/collect", body))
        if answer.status != 200:
            return by_status(answer)
        try:
            faults = _FAULTS.validate_json(answer.body).validation_messages
        except ValidationError:
            return Result(Outcome.FAILED, _("Google's answer could not be read."))
        if faults:
            return Result(Outcome.REFUSED, "; ".join(each.description or each.validation_code for each in faults))
        return Result(
            Outcome.TAKEN, _("Google finds nothing wrong. It does not tell whether ID and secret are right.")
        )

    def _request(self, path: str, body: Mapping[str, object]) -> Request:
        query = urlencode({"measurement_id": self.measurement_id, "api_secret": self.api_secret})
        headers = {"Content-Type": "application/json"}
        return Request("POST", f"{self.url}{path}?{query}", headers, to_json(body), secrets=(self.api_secret,))

    def _body(self, message: Message) -> Mapping[str, object]:
        contact = message.contact
        name = self.call_event if contact.kind is ContactKind.CALL else self.form_event
        return {
            "client_id": client_id(contact.origin.cookies),
            "timestamp_micros": contact.happened_at * 1000,
            "events": [{"name": name, "params": self._params(message)}],
        }

    def _params(self, message: Message) -> Mapping[str, object]:
        contact = message.contact
        session = session_id(contact.origin.cookies, self.measurement_id)
        told: dict[str, object] = {"transaction_id": message.conversion_id, "engagement_time_msec": 1}
        if session:
            told["session_id"] = session
        if message.value_cents is not None:
            told |= {"value": message.value_cents / 100, "currency": message.currency}
        return told | {name: value[:LONGEST_VALUE] for name, value in _words(contact).items() if value}


class GoogleAnalyticsKind:
    """The destination "google_analytics"."""

    name = "Google Analytics 4"
    is_advertising = True
    fields: Sequence[SettingField] = FIELDS

    def open(self, settings: Mapping[str, str]) -> GoogleAnalytics:
        required(settings, FIELDS)
        measurement_id = settings["measurement_id"].strip().upper()
        if not _MEASUREMENT_ID.fullmatch(measurement_id):
            raise ValueError(_("A measurement ID looks like G-AB12CD34EF."))
        return GoogleAnalytics(
            measurement_id,
            settings["api_secret"].strip(),
            _event_name(settings.get("call_event", ""), "phone_call"),
            _event_name(settings.get("form_event", ""), "generate_lead"),
            settings.get("url", "").strip().rstrip("/") or URL,
        )


def _event_name(text: str, otherwise: str) -> str:
    name = text.strip() or otherwise
    if not _NAME.fullmatch(name) or name.startswith(_RESERVED):
        raise ValueError(
            _(
                "%(name)r cannot be an event's name: it has at most %(longest_name)s letters, digits and _, and"
                " begins with a letter, but not with ga_, google_ or firebase_."
            )
            % {"name": name[:50], "longest_name": LONGEST_NAME}
        )
    if name in _RESERVED_NAMES:
        raise ValueError(_("%(name)r is a name of Google's own events: choose another.") % {"name": name})
    return name


def _words(contact: Contact) -> Mapping[str, str]:
    talked = {"talk_seconds": str(contact.talk_seconds)} if contact.kind is ContactKind.CALL else {}
    return {
        "lead_source": contact.origin.source or "",
        "call_status": ("answered" if contact.answered else "missed") if talked else "",
        **talked,
    }
