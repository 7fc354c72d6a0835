"""Files for Google Ads' scheduled uploads by HTTPS, in its templates.

https://support.google.com/google-ads/answer/7014069 (conversions from clicks) and …/7686280 (adjustments; never in
the same file). A row that Google has already is ignored there: each file always holds all of the last 90 days.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from swapboard.clock import Millis
from swapboard.conversions.destinations.base import CountedAs
from swapboard.conversions.destinations.feed import FeedDestination, FeedFile, Standing
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.google_ads.clicks import CLICK_IDS, click_of, known_from, objection_of
from swapboard.conversions.destinations.google_ads_feed.template import adjustments, conversions
from swapboard.conversions.message import Message
from swapboard.language import _

LONGEST_NAME = 100
CONVERSIONS = FeedFile("conversions.csv", "Conversions")
ADJUSTMENTS = FeedFile("adjustments.csv", "Changes: other values, and what was no conversion after all")
_CLICK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,499}")
FIELDS = (
    SettingField(
        "conversion_name",
        "Name of the conversion",
        "Exactly as in Google Ads: Goals, Conversions; one that is imported from clicks.",
    ),
    SettingField(
        "people",
        "Tell who called, hashed",
        "yes also tells the SHA-256 of number and address (enhanced conversions for leads), to find people without"
        " a click.",
        required=False,
        choices=("no", "yes"),
    ),
    SettingField(
        "consent",
        "Consent to advertising",
        "granted only if your site asks, and nobody gets a number who did not agree.",
        required=False,
        choices=("unknown", "granted"),
    ),
)


@dataclass(frozen=True, slots=True)
class GoogleAdsFeed(FeedDestination):
    """The files of one conversion of one account."""

    conversion_name: str
    with_people: bool
    with_consent: bool

    @property
    def fetched_by(self) -> str:
        return "Google Ads"

    @property
    def guidance(self) -> str:
        return _(
            "In Google Ads open Goals, Conversions, Uploads, Schedules. Add a schedule from HTTPS with the first"
            " address, the user's name and the password, and another one with the second."
        )

    @property
    def files(self) -> Sequence[FeedFile]:
        return (CONVERSIONS, ADJUSTMENTS)

    @property
    def counted_as(self) -> CountedAs:
        return CountedAs("google_ads", "", (self.conversion_name,), file_by_click=True)

    def objection(self, message: Message, now: Millis) -> str | None:
        click = next(iter(click_of(message.contact).values()), None)
        if click is not None and not _CLICK.fullmatch(click):
            return _("The click's identifier in the address is none that Google makes.")
        return objection_of(message.contact, now, with_people=self.with_people)

    def not_before(self, message: Message) -> Millis:
        return known_from(message.contact)

    def write(self, file: FeedFile, standing: Sequence[Standing], now: Millis) -> str:
        fresh = [each for each in standing if self.objection(each.conversion, now) is None]
        if file is ADJUSTMENTS:
            return adjustments(self.conversion_name, fresh)
        return conversions(
            self.conversion_name, fresh, with_people=self.with_people, with_consent=self.with_consent
        )


class GoogleAdsFeedKind:
    """The destination "google_ads_feed"."""

    name = _("Google Ads, by a file")
    is_advertising = True
    fields: Sequence[SettingField] = FIELDS
    clicks: Sequence[str] = CLICK_IDS

    def open(self, settings: Mapping[str, str]) -> GoogleAdsFeed:
        required(settings, FIELDS)
        name = settings["conversion_name"].strip()
        if len(name) > LONGEST_NAME or not name.isprintable():
            raise ValueError(
                _("The conversion's name has at most %(longest_name)s letters, on one line.")
                % {"longest_name": LONGEST_NAME}
            )
        if name.startswith(("=", "+", "-", "@")):
            raise ValueError(
                _("A name that begins with =, +, - or @ becomes a formula in a spreadsheet: rename it.")
            )
        return GoogleAdsFeed(name, settings.get("people") == "yes", settings.get("consent") == "granted")
