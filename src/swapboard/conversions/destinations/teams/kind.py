"""An Adaptive Card to a channel or chat of Microsoft Teams, by the template "Send webhook alerts" of Workflows.

The old connectors (webhook.office.com) were retired; their addresses are refused here, with the way to a new one.
The body is `attachments` of one card, as the template reads it; it is answered with 202, and at most 28 KB.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic_core import to_json

from swapboard.clock import Millis
from swapboard.conversions.conversion import Rule
from swapboard.conversions.destinations.answers import by_status
from swapboard.conversions.destinations.base import HttpDestination
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.reading import FIRST_RULE, TELLS, chosen, disturbing
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message
from swapboard.conversions.notice import Notice, notice_of
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _

FIELDS = (
    SettingField(
        "url",
        "Webhook URL",
        "In Teams: the channel's menu, Workflows, Send webhook alerts to a channel. It shows the address.",
        secret=True,
    ),
    TELLS,
)
CARD = "application/vnd.microsoft.card.adaptive"
_RETIRED = ("webhook.office.com", "outlook.office.com", "outlook.office365.com")
_LONGEST_VALUE = 500
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\[]*_`"})
_MENDED_THERE = frozenset((401, 403, 404))


@dataclass(frozen=True, slots=True)
class Teams(HttpDestination):
    """One channel or chat."""

    url: str = field(repr=False)
    tells: tuple[str, ...]

    @property
    def most_at_once(self) -> int:
        return 1

    def objection(self, message: Message, now: Millis) -> str | None:
        return disturbing(message, now)

    def request(self, messages: Sequence[Message], now: Millis) -> Request:
        (message,) = messages
        return self._request(notice_of(message, self.tells))

    def read(self, messages: Sequence[Message], answer: Answer) -> Sequence[Result]:
        return [_read(answer)]

    def test(self, now: Millis, post: Post) -> Result:
        return _read(post(self._request(Notice(_("Swapboard can write here."), (), ""))))

    def _request(self, notice: Notice) -> Request:
        attachment = {"contentType": CARD, "contentUrl": None, "content": card(notice)}
        body = {"type": "message", "attachments": [attachment]}
        parts = urlsplit(self.url)
        headers = {"Content-Type": "application/json"}
        return Request("POST", self.url, headers, to_json(body), secrets=(parts.query or parts.path,))


class TeamsKind:
    """The destination "teams"."""

    name = "Microsoft Teams"
    is_advertising = False
    fields: Sequence[SettingField] = FIELDS
    hears: Sequence[Event] = tuple(Event)
    first_rule: Rule = FIRST_RULE

    def open(self, settings: Mapping[str, str]) -> Teams:
        required(settings, FIELDS)
        url = settings["url"].strip()
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in {"http", "https"} or not host:
            raise ValueError(_("A webhook URL of Teams begins with https://."))
        if any(host == old or host.endswith(f".{old}") for old in _RETIRED):
            raise ValueError(
                _(
                    "Microsoft has retired addresses of this kind. In Teams, open the channel's menu, Workflows, "
                    "Send webhook alerts to a channel, and take the address that it shows."
                )
            )
        return Teams(url, chosen(settings))


def card(notice: Notice) -> Mapping[str, object]:
    """The card: a heading, the facts, a button."""
    heading = {
        "type": "TextBlock",
        "text": _plain(notice.heading),
        "weight": "Bolder",
        "size": "Medium",
        "wrap": True,
    }
    facts = [{"title": name, "value": _plain(value[:_LONGEST_VALUE])} for name, value in notice.rows]
    told: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [heading, *([{"type": "FactSet", "facts": facts}] if facts else [])],
    }
    if notice.link:
        told["actions"] = [{"type": "Action.OpenUrl", "title": notice.link_words, "url": notice.link}]
    return told


def _plain(text: str) -> str:
    """A name or an ad's word must not become a link or bold: cards read Markdown."""
    return text.translate(_MARKS)


def _read(answer: Answer) -> Result:
    result = by_status(answer)
    if answer.status in _MENDED_THERE:
        words = f"{result.words} (was the workflow switched off or deleted?)"
        return Result(Outcome.FAILED, words, result.retry_after_seconds)
    return result
