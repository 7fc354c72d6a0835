"""What every destination does. Adding one is one new folder and an entry point.

A destination's package offers a `DestinationKind` through the entry point group `swapboard.destinations`; opening
it with a company's settings gives a `Destination`. Those that are reached by one HTTP request say only how to
write it and how to read the answer (`HttpDestination`); the worker does the sending.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from swapboard.clock import Millis
from swapboard.conversions.conversion import Rule
from swapboard.conversions.destinations.fields import SettingField
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message
from swapboard.conversions.outbox import Result


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


@runtime_checkable
class TakesBack(Protocol):
    """A kind of platform where a conversion can be taken back whole, so that it can be another click's instead."""

    @property
    def clicks(self) -> Sequence[str]:
        """The click ids that it knows conversions by, the surest first."""


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
