"""Events to a TikTok pixel or offline event set: https://business-api.tiktok.com/portal/docs?id=1771100865818625

TikTok answers HTTP 200 to everything; what it thinks stands in `code`, 0 for well. One bad event makes it refuse
all that came with it. It keeps one of the events with the same name and id, and takes no changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel
from pydantic_core import to_json

from swapboard.clock import DAY, SECOND, Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.answers import by_status, halved, read_as
from swapboard.conversions.destinations.event_name import event_names
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.hashing import plain_email, sha256
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _
from swapboard.leads.lead import ContactKind

URL = "https://business-api.tiktok.com"
PATH = "/open_api/v1.3/event/track/"
MOST = 1_000
OLDEST: Millis = 28 * DAY
"""The longest window after a click; TikTok credits nothing that is older."""
GOOD = 0
INVALID = 40002
_PASSING = frozenset((40001, 40100, 40101, 40102, 40104, 40105, 40016, 50000, 50002, 51010, 60001))
"""No access (which the owner can mend), too many requests, or TikTok's own trouble."""
_RATE_LIMITED = 40100
_RATE_SECONDS = 60.0
FIELDS = (
    SettingField(
        "source_id",
        "Pixel code or event set ID",
        "In TikTok's Events Manager: the pixel's code, or the set's number.",
    ),
    SettingField(
        "source",
        "What it is",
        "web for a pixel; offline for an offline event set.",
        required=False,
        choices=("web", "offline"),
    ),
    SettingField("access_token", "Access token", "Made in the pixel's settings, under Events API.", secret=True),
    SettingField(
        "test_code",
        "Test event code",
        "From the Test events page: then the test below shows an event there, and nowhere else.",
        required=False,
    ),
    SettingField("call_event", "Name of the event for calls", "Contact when left empty.", required=False),
    SettingField("form_event", "Name of the event for forms", "Lead when left empty.", required=False),
    SettingField("url", "Address", "{value} when left empty.", required=False, value=URL, gets_secrets=True),
)


class _Told(BaseModel):
    code: int
    message: str = ""


@dataclass(frozen=True, slots=True)
class TikTok:
    """One pixel or event set."""

    source_id: str
    source: str
    access_token: str = field(repr=False)
    test_code: str
    call_event: str
    form_event: str
    url: str

    @property
    def most_at_once(self) -> int:
        return MOST

    def objection(self, message: Message, now: Millis) -> str | None:
        if message.saying is not Saying.CONVERT:
            return _("TikTok takes no changes to an event that it was told of.")
        if now - message.contact.happened_at > OLDEST:
            return _("It is more than 28 days ago, which TikTok credits to no ad.")
        if not _person(message.contact):
            return _("There is nothing of this person that TikTok would know them by.")
        if self.source == "web" and not message.contact.origin.landing_page:
            return _(
                "No page of your site is known for it, which TikTok wants with a pixel; an event set needs none."
            )
        return None

    def not_before(self, message: Message) -> Millis:
        return 0

    def preview(self, messages: Sequence[Message], now: Millis) -> Sequence[Request]:
        return (self._request([self._event(message) for message in messages]),)

    def send(self, messages: Sequence[Message], now: Millis, post: Post) -> Sequence[Result]:
        def tell(some: Sequence[Message]) -> Result:
            return _result(post(self._request([self._event(message) for message in some])))

        return halved(messages, tell)

    def test(self, now: Millis, post: Post) -> Result:
        """A test event where there is a code for it; else none, which TikTok refuses once it knows the token."""
        if self.test_code:
            event = {
                "event": self.call_event,
                "event_time": now // SECOND,
                "event_id": f"test{now}",
                "user": {"external_id": sha256("swapboard")},
                "page": {"url": "https://example.com/"},
            }
            result = _result(post(self._request([event], self.test_code)))
            is_good = result.outcome is Outcome.TAKEN
            return Result(Outcome.TAKEN, _("TikTok took it: look at the Test events page.")) if is_good else result
        answer = post(self._request([]))
        told = read_as(_Told, answer)
        if told is not None and told.code in {GOOD, INVALID}:
            return Result(
                Outcome.TAKEN,
                _("TikTok takes the token. Only with a test event code it tells whether the ID is right."),
            )
        return _result(answer)

    def _request(self, events: Sequence[Mapping[str, object]], test_code: str = "") -> Request:
        body: dict[str, object] = {
            "event_source": self.source,
            "event_source_id": self.source_id,
            "data": events,
        }
        if test_code:
            body["test_event_code"] = test_code
        headers = {"Content-Type": "application/json", "Access-Token": self.access_token}
        return Request("POST", f"{self.url}{PATH}", headers, to_json(body), secrets=(self.access_token,))

    def _event(self, message: Message) -> Mapping[str, object]:
        contact = message.contact
        told: dict[str, object] = {
            "event": self.call_event if contact.kind is ContactKind.CALL else self.form_event,
            "event_time": contact.happened_at // SECOND,
            "event_id": message.conversion_id,
            "user": _person(contact),
        }
        if contact.origin.landing_page:
            told["page"] = {"url": contact.origin.landing_page}
        if message.value_cents is not None:
            told["properties"] = {"value": message.value_cents / 100, "currency": message.currency}
        return told


class TikTokKind:
    """The destination "tiktok"."""

    name = "TikTok"
    is_advertising = True
    fields: Sequence[SettingField] = FIELDS

    def open(self, settings: Mapping[str, str]) -> TikTok:
        required(settings, FIELDS)
        told = {name: value.strip() for name, value in settings.items()}
        if not (told["source_id"].isascii() and told["source_id"].isalnum()):
            raise ValueError(_("A pixel's code has letters and digits only, an event set's ID digits."))
        call_event, form_event = event_names(settings, "Contact", "Lead")
        return TikTok(
            told["source_id"],
            told.get("source") or "web",
            told["access_token"],
            told.get("test_code", ""),
            call_event,
            form_event,
            (told.get("url") or URL).rstrip("/"),
        )


def _person(contact: Contact) -> Mapping[str, str]:
    """Who they are: number (with its plus sign) and address hashed, TikTok's click and cookie as they are."""
    origin = contact.origin
    told = {
        "ttclid": origin.click_ids.get("ttclid", ""),
        "ttp": origin.cookies.get("_ttp", ""),
        "phone": sha256(contact.phone) if contact.phone else "",
        "email": sha256(plain_email(contact.email)) if contact.email else "",
    }
    known = {name: value for name, value in told.items() if value}
    return known | {"user_agent": origin.user_agent} if known and origin.user_agent else known


def _result(answer: Answer) -> Result:
    told = read_as(_Told, answer)
    if told is None or answer.status != 200:
        result = by_status(answer)
        if result.outcome is Outcome.TAKEN:
            return Result(Outcome.FAILED, _("TikTok's answer could not be read."))
        return result
    if told.code == GOOD:
        return Result(Outcome.TAKEN, _("TikTok took it."))
    words = f"TikTok: {told.message} (code {told.code})"
    if told.code == _RATE_LIMITED:
        return Result(Outcome.FAILED, words, _RATE_SECONDS)
    return Result(Outcome.FAILED if told.code in _PASSING else Outcome.REFUSED, words)
