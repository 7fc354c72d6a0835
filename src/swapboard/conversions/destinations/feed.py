"""Destinations that come and fetch: files behind a password of their own, which always say what is so now.

The outbox publishes: what a feed takes stands in its files from then on. So what consent, privacy or age forbid
never gets there, and what is forgotten is gone from the files too.
"""

import csv
import io
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from swapboard.clock import SECOND, Millis
from swapboard.conversions.destinations.base import Destination
from swapboard.conversions.destinations.request import Post, Request
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One file; `name` ends its address, `label` says what it holds."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversion, and what was last said of it: itself while nothing changed."""

    conversion: Message
    latest: Message

    @property
    def is_retracted(self) -> bool:
        return self.latest.saying is Saying.RETRACT


@runtime_checkable
class Feed(Protocol):
    """What the door of feeds needs of a destination."""

    @property
    def files(self) -> Sequence[FeedFile]:
        """Its files."""

    @property
    def guidance(self) -> str:
        """Where the addresses and the password are to be typed in, for people."""

    def write(self, file: FeedFile, standing: Sequence[Standing], now: Millis) -> str:
        """A file with these conversions, in this order."""


class FeedDestination(Destination, Feed, Protocol):
    """A destination that takes what it is told into its files."""

    @property
    @abstractmethod
    def fetched_by(self) -> str:
        """Who comes and fetches."""

    @property
    def most_at_once(self) -> int:
        return 500

    def not_before(self, message: Message) -> Millis:
        return 0

    def preview(self, messages: Sequence[Message], now: Millis) -> Sequence[Request]:
        """The files as they are with these alone."""
        told = standing_of(_with_conversions(messages))
        headers = {"Content-Type": "text/csv"}
        written = ((file.name, self.write(file, told, now)) for file in self.files)
        return [Request("GET", name, headers, text.encode()) for name, text in written]

    def send(self, messages: Sequence[Message], now: Millis, post: Post) -> Sequence[Result]:
        return [
            Result(
                Outcome.TAKEN,
                _("It stands in the file that %(fetched_by)s fetches.") % {"fetched_by": self.fetched_by},
            )
        ] * len(messages)

    def test(self, now: Millis, post: Post) -> Result:
        return Result(
            Outcome.TAKEN,
            _("The settings are complete. %(fetched_by)s comes by itself: when it last did stands below.")
            % {"fetched_by": self.fetched_by},
        )


def standing_of(messages: Iterable[Message]) -> Sequence[Standing]:
    """How each conversion stands, in the order of their being told; the messages are in that order."""
    found: dict[str, Standing] = {}
    for message in messages:
        known = found.get(message.conversion_id)
        if known is not None:
            found[message.conversion_id] = Standing(known.conversion, message)
        elif message.saying is Saying.CONVERT:
            found[message.conversion_id] = Standing(message, message)
    return list(found.values())


def comma_lines(first: str, rows: Iterable[Sequence[str]]) -> str:
    """A line as it is, then rows with commas between."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return f"{first}\n{text.getvalue()}"


def amount(cents: int | None) -> str:
    """Units of the currency with two places; empty for nothing said."""
    return "" if cents is None else f"{cents // 100}.{cents % 100:02}"


def utc_time(at: Millis) -> str:
    """`2026-11-18 11:06:40`, in UTC."""
    return datetime.fromtimestamp(at // SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _with_conversions(messages: Sequence[Message]) -> Iterable[Message]:
    for message in messages:
        if message.saying is not Saying.CONVERT:
            yield replace(message, saying=Saying.CONVERT)
        yield message
