"""Events to a Plausible site: https://plausible.io/docs/events-api

Plausible answers 202 to anything that has the right shape, and says in a header what it dropped. It knows visitors
by their address and browser of the day. We keep no addresses, so each visitor gets one that nobody has: with our
server's own, all with the same browser would be one visitor, whose first campaign got every call. It takes no time
of the past, and no changes.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network

from pydantic_core import to_json

from swapboard.clock import HOUR, Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.answers import by_status
from swapboard.conversions.destinations.base import HttpDestination
from swapboard.conversions.destinations.event_name import event_names
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _
from swapboard.leads.lead import ContactKind

URL = "https://plausible.io"
OLDEST: Millis = 24 * HOUR
"""Plausible counts it when it is told: a day later it would stand under another day."""
LONGEST_URL_BYTES, LONGEST_PROP = 2_000, 2_000
DROPPED = "x-plausible-dropped"
_NOBODY_S = IPv6Network("2001:db8::/32")
"""RFC 3849: for documents."""
FIELDS = (
    SettingField("domain", "Domain", "The site's name in Plausible, as example.com."),
    SettingField(
        "call_event",
        "Name of the event for calls",
        "Phone call when left empty. Add it in Plausible as a goal (a custom event).",
        required=False,
    ),
    SettingField("form_event", "Name of the event for forms", "Form when left empty.", required=False),
    SettingField("url", "Address", "Of your own Plausible; {value} when left empty.", required=False, value=URL),
)


@dataclass(frozen=True, slots=True)
class Plausible(HttpDestination):
    """One site."""

    domain: str
    call_event: str
    form_event: str
    url: str

    @property
    def most_at_once(self) -> int:
        return 1

    def objection(self, message: Message, now: Millis) -> str | None:
        if message.saying is not Saying.CONVERT:
            return _("Plausible takes no changes to an event that it was told of.")
        if now - message.contact.happened_at > OLDEST:
            return _("It is more than a day ago, and Plausible would count it today.")
        return None

    def request(self, messages: Sequence[Message], now: Millis) -> Request:
        (message,) = messages
        return self._request(self._body(message), message.contact.origin.user_agent, address_of(message.contact))

    def read(self, messages: Sequence[Message], answer: Answer) -> Sequence[Result]:
        if DROPPED in answer.headers:
            return [
                Result(
                    Outcome.REFUSED, _("Plausible dropped it: it does not know the site, or took it for a bot's.")
                )
            ]
        return [by_status(answer)]

    def test(self, now: Millis, post: Post) -> Result:
        """An event without a name, which Plausible refuses and does not keep."""
        body = {"name": "", "domain": self.domain, "url": f"https://{self.domain}/"}
        answer = post(self._request(body, None, "127.0.0.1"))
        if answer.status == 400 and b"errors" in answer.body:
            return Result(
                Outcome.TAKEN, _("Plausible answers. Whether it knows the site, it only tells of an event.")
            )
        result = by_status(answer)
        return Result(
            Outcome.FAILED, _("This does not look like Plausible (%(words)s).") % {"words": result.words}
        )

    def _request(self, body: Mapping[str, object], user_agent: str | None, address: str) -> Request:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": user_agent or "Swapboard",
            "X-Forwarded-For": address,
        }
        return Request("POST", f"{self.url}/api/event", headers, to_json(body))

    def _body(self, message: Message) -> Mapping[str, object]:
        contact = message.contact
        told: dict[str, object] = {
            "name": self.call_event if contact.kind is ContactKind.CALL else self.form_event,
            "domain": self.domain,
            "url": self._page(contact),
            "interactive": False,
            "props": {name: text[:LONGEST_PROP] for name, text in _props(contact).items() if text},
        }
        if message.value_cents is not None:
            told["revenue"] = {"currency": message.currency, "amount": f"{message.value_cents / 100:.2f}"}
        return told

    def _page(self, contact: Contact) -> str:
        """Where their visit began: Plausible reads the campaign from its address."""
        landing = contact.origin.landing_page or f"https://{self.domain}/"
        return landing if len(landing.encode()) <= LONGEST_URL_BYTES else landing.partition("?")[0]


class PlausibleKind:
    """The destination "plausible"."""

    name = "Plausible"
    is_advertising = False
    fields: Sequence[SettingField] = FIELDS

    def open(self, settings: Mapping[str, str]) -> Plausible:
        required(settings, FIELDS)
        domain = settings["domain"].strip().lower()
        if "/" in domain or " " in domain:
            raise ValueError(_("Write the site's name only, as example.com."))
        call_event, form_event = event_names(settings, "Phone call", "Form")
        return Plausible(domain, call_event, form_event, (settings.get("url", "").strip() or URL).rstrip("/"))


def address_of(contact: Contact) -> str:
    """The same for all of a visitor's calls, and nobody's on the internet."""
    whose = contact.origin.visitor_id or contact.contact_id
    number = int.from_bytes(hashlib.sha256(whose.encode()).digest()) % _NOBODY_S.num_addresses
    return str(IPv6Address(int(_NOBODY_S.network_address) + number))


def _props(contact: Contact) -> Mapping[str, str]:
    origin = contact.origin
    return {
        "channel": origin.channel or "",
        "source": origin.source or "",
        "campaign": origin.campaign or "",
        "keyword": origin.keyword or "",
    }
