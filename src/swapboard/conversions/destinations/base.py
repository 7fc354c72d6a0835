"""What every destination does. Adding one is one new folder and an entry point.

A destination's package offers a `DestinationKind` through the entry point group `swapboard.destinations`; opening
it with a company's settings gives a `Destination`. Those that are reached by one HTTP request say only how to
write it and how to read the answer (`HttpDestination`); the worker does the sending.
"""

import logging
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol, TypeAlias, runtime_checkable

from swapboard.clock import Millis
from swapboard.conversions.conversion import Rule
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import ENGLISH, _, speaking

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request, exactly as it goes out."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Texts in it that nobody is to be shown."""


HIDDEN = "•••"


def shown(request: Request) -> Request:
    """The request as people may see it: without its secrets."""

    def without_secrets(text: str) -> str:
        for secret in request.secrets:
            text = text.replace(secret, HIDDEN)
        return text

    headers = {name: without_secrets(value) for name, value in request.headers.items()}
    body = without_secrets(request.body.decode(errors="replace")).encode()
    return Request(request.method, without_secrets(request.url), headers, body)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


class Unreached(Exception):
    """No answer came: no connection, a time-out; the message is for people."""


Post: TypeAlias = Callable[[Request], Answer]
"""Sends a request and gives the answer. Raises Unreached."""


class Destination(Protocol):
    """One company's account at a platform."""

    @property
    def most_at_once(self) -> int:
        """How many messages one `send` may carry."""

    def objection(self, message: Message, now: Millis) -> str | None:
        """Why this cannot be told there, in plain words: no click id, too old; None when it can."""

    def not_before(self, message: Message) -> Millis:
        """When it can be told at the earliest; 0 for at once."""

    def preview(self, messages: Sequence[Message], now: Millis) -> Sequence[Request]:
        """The exact requests that `send` would make, for people to look at: nothing is sent."""

    def send(self, messages: Sequence[Message], now: Millis, post: Post) -> Sequence[Result]:
        """Tell them; a result for each, in the same order. Raises Unreached."""

    def test(self, now: Millis, post: Post) -> Result:
        """Find out whether the settings work, without leaving a conversion there. Raises Unreached."""


@runtime_checkable
class Confirming(Protocol):
    """A destination that takes messages first, and says later what it made of them."""

    def confirm(self, receipt: str, now: Millis, post: Post) -> Result | None:
        """What became of those with this receipt; None while it is not known. Raises Unreached."""


@dataclass(frozen=True, slots=True)
class CountedAs:
    """Where a platform says how many conversions it counted, and under which names."""

    platform: str
    """One of `swapboard.keywords.store.PLATFORMS`."""
    account_id: str
    """Which of the company's accounts there; empty for any that knows a name."""
    names: tuple[str, ...]
    by_click: bool = False
    """Whether its answer counts on the day of the click, and not of the conversion."""
    file_by_click: bool = False
    """Whether its exports do, unless a column says otherwise."""


@runtime_checkable
class Countable(Protocol):
    """A destination whose platform can be asked what it counted."""

    @property
    def counted_as(self) -> CountedAs:
        """How it is told from the rest of the account."""


class HttpDestination(Destination, Protocol):
    """A destination that takes its messages in one HTTP request."""

    @abstractmethod
    def request(self, messages: Sequence[Message], now: Millis) -> Request:
        """The request that tells all of them."""

    @abstractmethod
    def read(self, messages: Sequence[Message], answer: Answer) -> Sequence[Result]:
        """What the answer says of each."""

    def not_before(self, message: Message) -> Millis:
        return 0

    def preview(self, messages: Sequence[Message], now: Millis) -> Sequence[Request]:
        return (self.request(messages, now),)

    def send(self, messages: Sequence[Message], now: Millis, post: Post) -> Sequence[Result]:
        return self.read(messages, post(self.request(messages, now)))


@dataclass(frozen=True, slots=True)
class SettingField:
    """One thing to ask the user for."""

    name: str
    label: str
    hint: str
    secret: bool = False
    required: bool = True
    choices: tuple[str, ...] = ()
    rare: bool = False
    """Few people need to see it."""
    shown_once: bool = False
    """A secret that we may make, which the other side needs as well."""
    many: bool = False
    """Any of the choices, with commas between."""
    default: str = ""
    """What a form begins with."""
    value: str = ""
    """What stands for `{value}` in the hint: an address or a name, the same in every language."""
    gets_secrets: bool = False
    """An address that the secrets are sent to: to another one they go only when they are typed in anew."""

    @property
    def help(self) -> str:
        """The hint, in the language that is spoken now."""
        return _(self.hint).replace("{value}", self.value)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where one signs in to get access, and what to ask for: the least that will do."""

    provider: str
    """One of `swapboard.access.provider.PROVIDERS`."""
    scopes: tuple[str, ...]


class DestinationKind(Protocol):
    """A destination, before anybody's settings."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def is_advertising(self) -> bool:
        """Whether what it is told may be used for advertising: who asked for privacy is never told of there."""

    @property
    def fields(self) -> Sequence[SettingField]:
        """What `open` needs."""

    def open(self, settings: Mapping[str, str]) -> Destination:
        """The account with these settings. Raises ValueError that says which one is missing or wrong."""


@runtime_checkable
class SignsIn(Protocol):
    """A kind whose `client_id`, `client_secret` and `refresh_token` can be got by signing in."""

    @property
    def sign_in(self) -> SignIn:
        """Where, and for what."""


@runtime_checkable
class Hearing(Protocol):
    """A kind that can be told what happens to calls, beside what counts."""

    @property
    def hears(self) -> Sequence[Event]:
        """What it can be told of."""

    @property
    def first_rule(self) -> Rule:
        """What its form begins with."""


HOUSE_KEY = "house_key"
"""Under this name `open` gets a key of this server's own."""


@runtime_checkable
class HouseKeyed(Protocol):
    """A kind that signs with a key of this server's own, which follows from its secret."""

    @property
    def house_key(self) -> str:
        """What the key is for; another purpose gives another key."""

    def public_key(self, house_key: str) -> str:
        """The public half, which the other side is to know."""


@runtime_checkable
class Making(Protocol):
    """A kind whose secrets are ours to make, and to replace."""

    def made(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        """What is made because it was left empty."""

    def replaced(self, settings: Mapping[str, str], now: Millis) -> Mapping[str, str]:
        """The settings with new secrets in them; the old ones are good for a while. Raises ValueError."""


class UnknownDestination(Exception):
    """No installed destination has that name, or its package is broken."""

    def __init__(self, kind: str, why: str = "") -> None:
        told = f"The destination {kind!r} cannot be used, for its package is broken: {why}"
        super().__init__(
            told if why else f"There is no destination {kind!r}; installed are: {', '.join(installed())}."
        )


def installed() -> Sequence[str]:
    """The entry-point names of every destination there is."""
    return sorted(point.name for point in entry_points(group="swapboard.destinations"))


@cache
def destination_kind(kind: str) -> DestinationKind:
    """The destination with this entry-point name, ours or a third party's. Raises UnknownDestination."""
    for point in entry_points(group="swapboard.destinations", name=kind):
        try:
            # Its tables of texts are made now, for all who ask later, too.
            with speaking(ENGLISH):
                loaded: DestinationKind = point.load()
        except Exception as error:  # somebody else's package may raise anything, and must stop nothing of ours
            log.exception("the package of the destination %s cannot be loaded", kind)
            raise UnknownDestination(kind, repr(error)) from error
        return loaded
    raise UnknownDestination(kind)


def usable() -> Mapping[str, DestinationKind]:
    """Every destination whose package works, by its name."""
    found = {}
    for name in installed():
        with suppress(UnknownDestination):
            found[name] = destination_kind(name)
    return found


def required(settings: Mapping[str, str], fields: Sequence[SettingField]) -> None:
    """Raises ValueError for the first field that must be filled in and is not."""
    for each in fields:
        value = settings.get(each.name, "").strip()
        if each.required and not value:
            raise ValueError(_("Fill in %(label)s.") % {"label": _(each.label)})
        chosen = picked(value) if each.many else [value]
        if value and each.choices and not set(chosen) <= set(each.choices):
            said = _("%(label)s is any of: %(choices)s.") if each.many else _("%(label)s is one of: %(choices)s.")
            raise ValueError(said % {"label": _(each.label), "choices": ", ".join(each.choices)})


def picked(value: str) -> Sequence[str]:
    """The choices of a field that takes many."""
    return [each.strip() for each in value.split(",") if each.strip()]


def halved(messages: Sequence[Message], tell: Callable[[Sequence[Message]], Result]) -> Sequence[Result]:
    """All together; where the platform refuses all for one that is wrong, each half by itself, and so on."""
    result = tell(messages)
    if result.outcome is not Outcome.REFUSED or len(messages) == 1:
        return [result] * len(messages)
    half = len(messages) // 2
    return [*halved(messages[:half], tell), *halved(messages[half:], tell)]


_LONGEST_WORDS = 300
_LONGEST_WAIT_SECONDS = 7 * 24 * 60 * 60.0
_PASSING = frozenset((408, 425, 429))


def by_status(answer: Answer, words: str = "") -> Result:
    """What a status says where the platform has no rules of its own: 2xx taken; 408, 425, 429 and 5xx may pass."""
    said = words or answer.body.decode(errors="replace").strip()[:_LONGEST_WORDS]
    told = f"HTTP {answer.status}" + (f": {said}" if said else "")
    if 200 <= answer.status < 300:
        return Result(Outcome.TAKEN, told)
    if answer.status in _PASSING or answer.status >= 500:
        return Result(Outcome.FAILED, told, retry_after(answer))
    return Result(Outcome.REFUSED, told)


def retry_after(answer: Answer) -> float | None:
    """The seconds that the platform asks for (RFC 9110, 10.2.3); a moment is one by the platform's own clock."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text)
    else:
        until, now = _moment(text), _moment(answer.headers.get("date", ""))
        if until is None or now is None:
            return None
        seconds = max((until - now).total_seconds(), 0.0)
    # More is as good as never, and the database could not hold all of it.
    return min(seconds, _LONGEST_WAIT_SECONDS)


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).replace(tzinfo=UTC)
    except ValueError:
        return None
