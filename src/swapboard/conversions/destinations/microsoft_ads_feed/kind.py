"""A file in Microsoft Advertising's template for offline conversions.

A line with the time zone, then the columns, then a row for each. What was retracted is not in it, and the value is
the one of now; changes of what Microsoft has already go by its API only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from swapboard.clock import Millis
from swapboard.conversions.destinations.base import CountedAs
from swapboard.conversions.destinations.feed import (
    FeedDestination,
    FeedFile,
    Standing,
    amount,
    comma_lines,
    utc_time,
)
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.microsoft_ads.clicks import click_of, known_from, objection_of
from swapboard.conversions.message import Message
from swapboard.language import _

ZONE_LINE = "Parameters:TimeZone=+0000"
COLUMNS = ("Microsoft Click ID", "Conversion Name", "Conversion Time", "Conversion Value", "Conversion Currency")
LONGEST_GOAL = 100
FIELDS = (
    SettingField("goal", "Name of the conversion goal", "Exactly as there: a goal for offline conversions."),
)


@dataclass(frozen=True, slots=True)
class MicrosoftAdsFeed(FeedDestination):
    """The file of one goal."""

    goal: str

    @property
    def fetched_by(self) -> str:
        return "Microsoft Advertising"

    @property
    def guidance(self) -> str:
        return _(
            "In Microsoft Advertising open Conversions, Offline conversions, and add a scheduled import with this"
            " address, user's name and password; or fetch the file with them and upload it."
        )

    @property
    def files(self) -> Sequence[FeedFile]:
        return (FeedFile("conversions.csv", "Conversions"),)

    @property
    def counted_as(self) -> CountedAs:
        return CountedAs("microsoft", "", (self.goal,), by_click=True, file_by_click=True)

    def objection(self, message: Message, now: Millis) -> str | None:
        return objection_of(message.contact, now)

    def not_before(self, message: Message) -> Millis:
        return known_from(message.contact)

    def write(self, file: FeedFile, standing: Sequence[Standing], now: Millis) -> str:
        fresh = [
            each for each in standing if not each.is_retracted and self.objection(each.conversion, now) is None
        ]
        return comma_lines(ZONE_LINE, [COLUMNS, *(self._row(each) for each in fresh)])

    def _row(self, standing: Standing) -> Sequence[str]:
        contact, latest = standing.conversion.contact, standing.latest
        when = utc_time(contact.happened_at)
        currency = latest.currency if latest.value_cents is not None else ""
        return (click_of(contact) or "", self.goal, when, amount(latest.value_cents), currency)


class MicrosoftAdsFeedKind:
    """The destination "microsoft_ads_feed"."""

    name = _("Microsoft Advertising, by a file")
    is_advertising = True
    fields: Sequence[SettingField] = FIELDS

    def open(self, settings: Mapping[str, str]) -> MicrosoftAdsFeed:
        required(settings, FIELDS)
        goal = settings["goal"].strip()
        if len(goal) > LONGEST_GOAL or not goal.isprintable() or goal.startswith(("=", "+", "-", "@")):
            raise ValueError(
                _(
                    "The name of a goal has at most %(longest_goal)s letters on one line, "
                    "and no =, +, - or @ in front."
                )
                % {"longest_goal": LONGEST_GOAL}
            )
        return MicrosoftAdsFeed(goal)
