"""Events and goals to a Matomo site: https://developer.matomo.org/guides/tracking-api

They join the visitor by Matomo's own cookie; a site that uses Matomo without cookies gets a visitor of its own for
each of ours. `cid` makes Matomo go by that alone: else two callers with the same browser would be one visitor to
it, since both are told of from our address. Matomo keeps what it was told, and tells one that comes twice from
another only by a goal that counts once a visit.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pydantic import BaseModel
from pydantic_core import to_json

from swapboard.clock import HOUR, SECOND, Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.answers import by_status, read_as
from swapboard.conversions.destinations.event_name import event_names
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.request import Post, Request
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _
from swapboard.leads.lead import ContactKind

OLDEST_WITHOUT_TOKEN: Millis = 24 * HOUR
_COOKIE = re.compile(r"_pk_id(\..+)?")
_VISITOR = re.compile(r"[0-9a-f]{16}")
_INVALID = _("Matomo says that it is not valid: see whether it has the website and the goal.")
_TOO_OLD = _("Matomo takes nothing so old: it does not know the auth token, or this token may not write.")
FIELDS = (
    SettingField(
        "url",
        "Address",
        "Of your Matomo, as https://example.matomo.cloud or https://example.com/matomo.",
        gets_secrets=True,
    ),
    SettingField("site_id", "Site ID", "The number of the website: Administration, Websites, Manage."),
    SettingField(
        "goal_id",
        "Goal ID",
        "A goal that is triggered manually, so that it counts with its value; without one, it is an event only.",
        required=False,
    ),
    SettingField(
        "token",
        "Auth token",
        "Made under Administration, Personal, Security. Needed for what is more than 24 hours ago.",
        secret=True,
        required=False,
    ),
    SettingField("call_event", "Name of the event for calls", "Phone call when left empty.", required=False),
    SettingField("form_event", "Name of the event for forms", "Form when left empty.", required=False),
)


class _Tracked(BaseModel):
    status: str = ""
    message: str = ""
    invalid: int = 0


@dataclass(frozen=True, slots=True)
class Matomo:
    """One website."""

    url: str
    site_id: str
    goal_id: str
    token: str = field(repr=False)
    call_event: str
    form_event: str

    @property
    def most_at_once(self) -> int:
        # Of many it refused, Matomo tells which ones to super users only, and has counted the others.
        return 1

    def objection(self, message: Message, now: Millis) -> str | None:
        if message.saying is not Saying.CONVERT:
            return _("Matomo takes no changes to what it was told of.")
        if visitor_of(message.contact, self.site_id) is None:
            return _("No visit to the site is known to have made it, so Matomo would not know whose it is.")
        if not self.token and now - message.contact.happened_at > OLDEST_WITHOUT_TOKEN:
            return _("It is more than 24 hours ago, which Matomo takes only with an auth token.")
        return None

    def not_before(self, message: Message) -> Millis:
        return 0

    def preview(self, messages: Sequence[Message], now: Millis) -> Sequence[Request]:
        return (self._bulk(messages),)

    def send(self, messages: Sequence[Message], now: Millis, post: Post) -> Sequence[Result]:
        (message,) = messages
        answer = post(self._bulk(messages))
        told = read_as(_Tracked, answer)
        if told is None or told.status != "success":
            result = by_status(answer, told.message if told else "")
            # A wrong token or site can be mended; what waits is not lost meanwhile.
            return [Result(Outcome.FAILED, result.words, result.retry_after_seconds)]
        if not told.invalid:
            return [Result(Outcome.TAKEN, _("Matomo counted it."))]
        if now - message.contact.happened_at > OLDEST_WITHOUT_TOKEN:
            return [Result(Outcome.FAILED, _(_TOO_OLD))]
        return [Result(Outcome.REFUSED, _(_INVALID))]

    def test(self, now: Millis, post: Post) -> Result:
        """A sign of life of a visitor that never was, of which Matomo keeps nothing."""
        told = {"idsite": self.site_id, "rec": "1", "ping": "1", "_id": "0" * 16, "send_image": "0"}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        result = by_status(post(Request("POST", f"{self.url}/matomo.php", headers, urlencode(told).encode())))
        if result.outcome is Outcome.TAKEN:
            return Result(
                Outcome.TAKEN, _("Matomo knows the website. It does not tell here whether the token is right.")
            )
        return result

    def _bulk(self, messages: Sequence[Message]) -> Request:
        body: dict[str, object] = {"requests": [f"?{urlencode(self._told(message))}" for message in messages]}
        if self.token:
            body["token_auth"] = self.token
        secrets = (self.token,) if self.token else ()
        return Request(
            "POST", f"{self.url}/matomo.php", {"Content-Type": "application/json"}, to_json(body), secrets=secrets
        )

    def _told(self, message: Message) -> Mapping[str, str]:
        contact, origin = message.contact, message.contact.origin
        is_call = contact.kind is ContactKind.CALL
        told = {
            "idsite": self.site_id,
            "rec": "1",
            "cid": visitor_of(contact, self.site_id) or "",
            "cdt": str(contact.happened_at // SECOND),
            "url": origin.landing_page or "",
            "ua": origin.user_agent or "",
        }
        value = "" if message.value_cents is None else f"{message.value_cents / 100:.2f}"
        if self.goal_id:
            told |= {"idgoal": self.goal_id, "revenue": value}
        else:
            told |= {
                "ca": "1",
                "e_c": "Calls" if is_call else "Forms",
                "e_a": self.call_event if is_call else self.form_event,
                "e_n": origin.channel or "",
                "e_v": value,
            }
        return {name: text for name, text in told.items() if text}


class MatomoKind:
    """The destination "matomo"."""

    name = "Matomo"
    is_advertising = False
    fields: Sequence[SettingField] = FIELDS

    def open(self, settings: Mapping[str, str]) -> Matomo:
        required(settings, FIELDS)
        told = {name: value.strip() for name, value in settings.items()}
        for name, label in (("site_id", _("Site ID")), ("goal_id", _("Goal ID"))):
            if told.get(name) and not (told[name].isascii() and told[name].isdigit()):
                raise ValueError(_("%(label)s is a number.") % {"label": label})
        url = told["url"].rstrip("/").removesuffix("/matomo.php").removesuffix("/index.php")
        if not url.startswith(("https://", "http://")):
            raise ValueError(_("The address must begin with https:// or http://."))
        call_event, form_event = event_names(settings, "Phone call", "Form")
        return Matomo(url, told["site_id"], told.get("goal_id", ""), told.get("token", ""), call_event, form_event)


def visitor_of(contact: Contact, site_id: str) -> str | None:
    """Who it is to Matomo: its cookie for this website, else made of our visitor's id; None of nobody."""
    cookies = contact.origin.cookies
    names = sorted(
        filter(_COOKIE.fullmatch, cookies), key=lambda name: (not name.startswith(f"_pk_id.{site_id}."), name)
    )
    for name in names:
        visitor = cookies[name].partition(".")[0]
        if _VISITOR.fullmatch(visitor):
            return visitor
    ours = contact.origin.visitor_id
    return hashlib.sha256(ours.encode()).hexdigest()[:16] if ours else None
