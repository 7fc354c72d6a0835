"""A message to a Slack channel: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks

Slack answers `ok`, or says in a word what is wrong; one message a second is what it takes for long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from swapboard.conversions.notice import notice_of
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _

FIELDS = (
    SettingField(
        "url",
        "Webhook URL",
        "In Slack: your app, Incoming Webhooks, Add New Webhook. Starts with https://hooks.slack.com/services/.",
        secret=True,
    ),
    TELLS,
)
MOST_FIELDS = 10
"""In one section."""
_WORDS = {
    "invalid_token": _("Slack does not know this webhook any more: make a new one, and save it here."),
    "no_service": _("The webhook was removed or switched off in Slack: make a new one, and save it here."),
    "no_active_hooks": _("The webhook was removed or switched off in Slack: make a new one, and save it here."),
    "channel_not_found": _("The channel is gone, or private now."),
    "channel_is_archived": _("The channel is archived."),
    "action_prohibited": _("An admin of your Slack does not allow it."),
    "posting_to_general_channel_denied": _("Your Slack lets nobody write there."),
}
_MENDED_THERE = frozenset((403, 404))


@dataclass(frozen=True, slots=True)
class Slack(HttpDestination):
    """One channel."""

    url: str = field(repr=False)
    tells: tuple[str, ...]

    @property
    def most_at_once(self) -> int:
        return 1

    def objection(self, message: Message, now: Millis) -> str | None:
        return disturbing(message, now)

    def request(self, messages: Sequence[Message], now: Millis) -> Request:
        (message,) = messages
        notice = notice_of(message, self.tells)
        blocks: list[Mapping[str, object]] = [
            {"type": "header", "text": {"type": "plain_text", "text": notice.heading}}
        ]
        if notice.rows:
            rows = [f"*{name}*\n{_escaped(value)}" for name, value in notice.rows[:MOST_FIELDS]]
            fields = [{"type": "mrkdwn", "text": row[:2000], "verbatim": True} for row in rows]
            blocks.append({"type": "section", "fields": fields})
        if notice.link:
            label = {"type": "plain_text", "text": notice.link_words}
            button = {"type": "button", "text": label, "url": notice.link, "action_id": "open"}
            blocks.append({"type": "actions", "elements": [button]})
        return self._request({"text": _escaped(notice.text), "blocks": blocks})

    def read(self, messages: Sequence[Message], answer: Answer) -> Sequence[Result]:
        return [_read(answer)]

    def test(self, now: Millis, post: Post) -> Result:
        return _read(post(self._request({"text": _("Swapboard can write here.")})))

    def _request(self, body: Mapping[str, object]) -> Request:
        headers = {"Content-Type": "application/json"}
        return Request("POST", self.url, headers, to_json(body), secrets=(urlsplit(self.url).path,))


class SlackKind:
    """The destination "slack"."""

    name = "Slack"
    is_advertising = False
    fields: Sequence[SettingField] = FIELDS
    hears: Sequence[Event] = tuple(Event)
    first_rule: Rule = FIRST_RULE

    def open(self, settings: Mapping[str, str]) -> Slack:
        required(settings, FIELDS)
        url = settings["url"].strip()
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or len(parts.path) < 2:
            raise ValueError(_("A webhook URL of Slack is like https://hooks.slack.com/services/T…/B…/…."))
        return Slack(url, chosen(settings))


def _escaped(text: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text: only these three are to be escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _read(answer: Answer) -> Result:
    said = answer.body.decode(errors="replace").strip()
    result = by_status(answer, f"{said}: {_WORDS[said]}" if said in _WORDS else said)
    if answer.status in _MENDED_THERE:
        return replace(result, outcome=Outcome.FAILED)
    return result
