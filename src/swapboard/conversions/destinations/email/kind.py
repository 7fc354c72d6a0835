"""An e-mail for each message, by the mail server that is set for this server.

What is sent is a request to `mailto:`, which the worker hands to the mail server.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pydantic_core import to_json

from swapboard.clock import Millis
from swapboard.conversions.conversion import Rule
from swapboard.conversions.destinations.base import HttpDestination
from swapboard.conversions.destinations.fields import SettingField, picked, required
from swapboard.conversions.destinations.reading import FIRST_RULE, TELLS, chosen, disturbing
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message
from swapboard.conversions.notice import notice_of
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _
from swapboard.letter import Letter, Link, letter_of

MOST_ADDRESSES = 20
_TAKEN = 250
FIELDS = (
    SettingField("addresses", "Addresses", "With commas between; each of them sees the others."),
    TELLS,
)


@dataclass(frozen=True, slots=True)
class Email(HttpDestination):
    """Some people's addresses."""

    addresses: tuple[str, ...]
    tells: tuple[str, ...]

    @property
    def most_at_once(self) -> int:
        return 1

    def objection(self, message: Message, now: Millis) -> str | None:
        return disturbing(message, now)

    def request(self, messages: Sequence[Message], now: Millis) -> Request:
        (message,) = messages
        notice = notice_of(message, self.tells)
        link = Link(notice.link, notice.link_words, notice.link_words) if notice.link else None
        return self._request(message.delivery_id, letter_of(notice.heading, notice.rows, link))

    def read(self, messages: Sequence[Message], answer: Answer) -> Sequence[Result]:
        return [_read(answer)]

    def test(self, now: Millis, post: Post) -> Result:
        letter = letter_of(
            _("Swapboard can write to you"), [(_("What this is"), _("A test of your settings."))], None
        )
        return _read(post(self._request(f"test{now}", letter)))

    def _request(self, letter_id: str, letter: Letter) -> Request:
        body = {"id": letter_id, "subject": letter.subject, "plain": letter.plain, "html": letter.html}
        to = ",".join(quote(address, safe="@+") for address in self.addresses)
        return Request("MAIL", f"mailto:{to}", {}, to_json(body))


class EmailKind:
    """The destination "email"."""

    name = "E-mail"
    is_advertising = False
    fields: Sequence[SettingField] = FIELDS
    hears: Sequence[Event] = tuple(Event)
    first_rule: Rule = FIRST_RULE

    def open(self, settings: Mapping[str, str]) -> Email:
        required(settings, FIELDS)
        addresses = tuple(dict.fromkeys(picked(settings["addresses"])))
        for address in addresses:
            name, at, host = address.partition("@")
            if not (name and at and "." in host and address.isascii() and " " not in address and "@" not in host):
                raise ValueError(_("%(address)r is no e-mail address.") % {"address": address[:60]})
        if not 0 < len(addresses) <= MOST_ADDRESSES:
            raise ValueError(
                _("Write at least one address, and at most %(most_addresses)s.")
                % {"most_addresses": MOST_ADDRESSES}
            )
        return Email(addresses, chosen(settings))


def _read(answer: Answer) -> Result:
    """The mail server's own words; what it refuses for good stays refused. Whoever got it gets it once only."""
    said = answer.body.decode(errors="replace")
    if answer.status != _TAKEN:
        return Result(Outcome.REFUSED, said)
    if said:
        return Result(Outcome.TAKEN, _("The mail server took it, but not for %(refused)s.") % {"refused": said})
    return Result(Outcome.TAKEN, _("The mail server took it."))
