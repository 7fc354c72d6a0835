"""Events to a Meta dataset: https://developers.facebook.com/documentation/ads-commerce/conversions-api

An event that is more than seven days old makes Meta refuse all that came with it, as does any other fault of one.
Meta knows no changes to an event.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import to_json

from swapboard.clock import DAY, SECOND, Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.answers import by_status, halved, retry_after
from swapboard.conversions.destinations.base import CountedAs
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.hashing import plain_email, sha256
from swapboard.conversions.destinations.meta.actions import action_types
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _
from swapboard.leads.lead import ContactKind

URL = "https://graph.facebook.com"
VERSION = "v26.0"
MOST_EVENTS = 1_000
OLDEST: Millis = 7 * DAY
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_ ]{0,49}")
_CLICK = re.compile(r"fb\.\d\.\d{13}\.[!-~]{1,500}")
_TRANSIENT = frozenset((1, 2, 4, 17, 32, 341, 613, 80004))
"""https://developers.facebook.com/docs/graph-api/guides/error-handling: unknown, busy, and limits of rate."""
_ACCESS = frozenset((10, 102, 190, 200))
FIELDS = (
    SettingField(
        "dataset_id", "Dataset ID", "In Events Manager under Settings: a long number, once the pixel's ID."
    ),
    SettingField("access_token", "Access token", "Made in the same place under Conversions API.", secret=True),
    SettingField("call_event", "Name of the event for calls", "Contact when left empty.", required=False),
    SettingField("form_event", "Name of the event for forms", "Lead when left empty.", required=False),
    SettingField("url", "Address", "{value} when left empty.", required=False, value=URL, gets_secrets=True),
)


class _Error(BaseModel):
    message: str = ""
    code: int = 0
    is_transient: bool = False
    error_user_msg: str = ""


class _Told(BaseModel):
    error: _Error = Field(default_factory=_Error)
    events_received: int | None = None


@dataclass(frozen=True, slots=True)
class Meta:
    """One dataset."""

    dataset_id: str
    access_token: str = field(repr=False)
    call_event: str
    form_event: str
    url: str = URL

    @property
    def most_at_once(self) -> int:
        return MOST_EVENTS

    @property
    def counted_as(self) -> CountedAs:
        names = dict.fromkeys((*action_types(self.call_event), *action_types(self.form_event)))
        return CountedAs("meta", "", tuple(names))

    def objection(self, message: Message, now: Millis) -> str | None:
        if message.saying is not Saying.CONVERT:
            return _("Meta takes no changes to an event that it was told of.")
        if now - message.contact.happened_at > OLDEST:
            return _("It is more than 7 days ago, which Meta does not take.")
        if not _person(message.contact):
            return _("There is nothing of this person that Meta would know them by.")
        return None

    def not_before(self, message: Message) -> Millis:
        return 0

    def preview(self, messages: Sequence[Message], now: Millis) -> Sequence[Request]:
        return (self._request(messages),)

    def send(self, messages: Sequence[Message], now: Millis, post: Post) -> Sequence[Result]:
        return halved(messages, lambda some: _received(post(self._request(some)), len(some)))

    def test(self, now: Millis, post: Post) -> Result:
        query = urlencode({"fields": "id,name", "access_token": self.access_token})
        url = f"{self.url}/{VERSION}/{self.dataset_id}?{query}"
        result = _result(post(Request("GET", url, {}, b"", secrets=(self.access_token,))))
        is_good = result.outcome is Outcome.TAKEN
        return Result(Outcome.TAKEN, _("Meta knows the dataset, and the token opens it.")) if is_good else result

    def _request(self, messages: Sequence[Message]) -> Request:
        body = {"data": [self._event(message) for message in messages], "access_token": self.access_token}
        url = f"{self.url}/{VERSION}/{self.dataset_id}/events"
        return Request("POST", url, {"Content-Type": "application/json"}, to_json(body), (self.access_token,))

    def _event(self, message: Message) -> Mapping[str, object]:
        contact = message.contact
        is_call = contact.kind is ContactKind.CALL
        told: dict[str, object] = {
            "event_name": self.call_event if is_call else self.form_event,
            "event_time": contact.happened_at // SECOND,
            "event_id": message.conversion_id,
            "action_source": "phone_call" if is_call else "system_generated",
            "user_data": _person(contact),
        }
        if not is_call and contact.origin.landing_page and contact.origin.user_agent:
            # Meta refuses an event of a website that names neither its page nor its browser.
            told |= {"action_source": "website", "event_source_url": contact.origin.landing_page}
        if message.value_cents is not None:
            told["custom_data"] = {"value": message.value_cents / 100, "currency": message.currency}
        return told


class MetaKind:
    """The destination "meta"."""

    name = "Meta (Facebook, Instagram)"
    is_advertising = True
    fields: Sequence[SettingField] = FIELDS

    def open(self, settings: Mapping[str, str]) -> Meta:
        required(settings, FIELDS)
        told = {name: value.strip() for name, value in settings.items()}
        if not (told["dataset_id"].isascii() and told["dataset_id"].isdigit()):
            raise ValueError(_("A dataset's ID is a number."))
        call_event, form_event = told.get("call_event") or "Contact", told.get("form_event") or "Lead"
        for name in (call_event, form_event):
            if not _NAME.fullmatch(name):
                raise ValueError(
                    _("%(name)r cannot be an event's name: letters, digits, _ and blanks, at most 50.")
                    % {"name": name[:50]}
                )
        url = (told.get("url") or URL).rstrip("/")
        return Meta(told["dataset_id"], told["access_token"], call_event, form_event, url)


def _person(contact: Contact) -> Mapping[str, object]:
    """Who they are: number (digits only) and address hashed, Meta's own cookies and the browser as they are."""
    origin = contact.origin
    told: dict[str, object] = {}
    if contact.phone:
        told["ph"] = [sha256(contact.phone.removeprefix("+"))]
    if contact.email:
        told["em"] = [sha256(plain_email(contact.email))]
    if click := _click(contact):
        told["fbc"] = click
    if origin.cookies.get("_fbp"):
        told["fbp"] = origin.cookies["_fbp"]
    if told and origin.user_agent:
        told["client_user_agent"] = origin.user_agent
    return told


def _click(contact: Contact) -> str | None:
    """The click as Meta's cookie has it, else as the cookie would be made of the address.

    Whoever came by another ad before may have that one's cookie still: our script may run before Meta's pixel.
    """
    origin = contact.origin
    fbclid, cookie = origin.click_ids.get("fbclid"), origin.cookies.get("_fbc", "")
    made = f"fb.1.{origin.started_at}.{fbclid}" if fbclid and origin.started_at is not None else ""
    # Meta may write more behind the click, with a point between.
    is_same = f"{''.join(cookie.split('.', 3)[3:])}.".startswith(f"{fbclid}.")
    # Whatever a page or an address holds: one that is malformed would spoil all that goes with it.
    known = (cookie, made) if is_same else (made, cookie)
    return next((click for click in known if _CLICK.fullmatch(click)), None)


def _received(answer: Answer, many: int) -> Result:
    """What became of so many events; whoever answers for Meta without a count is not Meta."""
    result = _result(answer)
    if result.outcome is not Outcome.TAKEN:
        return result
    try:
        count = _Told.model_validate_json(answer.body).events_received
    except ValidationError:
        count = None
    if count is None:
        return Result(Outcome.FAILED, _("Meta's answer could not be read."))
    if count == many:
        return result
    # Refused together, each half is told by itself: one that Meta leaves out must not hold up all others.
    outcome = Outcome.REFUSED if many > 1 else Outcome.FAILED
    return Result(outcome, _("Meta received %(count)s of %(many)s events.") % {"count": count, "many": many})


def _result(answer: Answer) -> Result:
    if answer.status == 200:
        return Result(Outcome.TAKEN, "HTTP 200")
    try:
        error = _Told.model_validate_json(answer.body).error
    except ValidationError:
        return by_status(answer)
    words = f"Meta: {error.error_user_msg or error.message} (HTTP {answer.status}, code {error.code})"
    may_pass = error.is_transient or error.code in _TRANSIENT or error.code in _ACCESS
    return Result(Outcome.FAILED if may_pass else by_status(answer).outcome, words, retry_after(answer))
