"""Conversions to a LinkedIn conversion rule:
https://learn.microsoft.com/en-us/linkedin/marketing/integrations/ads-reporting/conversions-api

LinkedIn knows people by its click's identifier and by their e-mail address, not by their number. It keeps one of
the events with the same id, and takes no changes. Its API has a version each month, which lives for a year.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from pydantic import BaseModel, Field
from pydantic.alias_generators import to_camel
from pydantic_core import to_json

from swapboard.clock import DAY, Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.answers import by_status, read_as
from swapboard.conversions.destinations.base import SignIn
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.hashing import plain_email, sha256
from swapboard.conversions.destinations.linkedin.faults import bad_events
from swapboard.conversions.destinations.oauth import OAuthClient, Refused
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _

URL = "https://api.linkedin.com"
TOKEN_URL = "https://www.linkedin.com/oauth/v2/accessToken"  # noqa: S105 an address
VERSION = "202608"
MOST = 5_000
OLDEST: Millis = 90 * DAY
_MONTH = re.compile(r"20\d\d(0[1-9]|1[0-2])")
_RETIRED = 426
_FOR_ONE = frozenset((400, 422))
"""All is refused, perhaps for one that is wrong: whatever stands in a page's address is the click that is told."""
_LISTED, _MOST_LISTED = 100, 2_000
"""At once, and in all: LinkedIn lists ten conversions where nobody asks for more."""
FIELDS = (
    SettingField("account_id", "Ad account ID", "The number in the address of LinkedIn's Campaign Manager."),
    SettingField(
        "conversion_id",
        "Conversion ID",
        "Of a conversion whose data source is the Conversions API: the number in its address.",
    ),
    SettingField(
        "access_token",
        "Access token",
        "Made in Campaign Manager under Data sources, Direct API. Or else fill in the three below.",
        secret=True,
        required=False,
    ),
    SettingField("client_id", "OAuth client ID", "Of your app at developer.linkedin.com.", required=False),
    SettingField("client_secret", "OAuth client secret", "Beside the client ID.", secret=True, required=False),
    SettingField(
        "refresh_token",
        "Refresh token",
        "Got with the scopes rw_conversions and r_ads.",
        secret=True,
        required=False,
    ),
    SettingField(
        "version",
        "API version",
        "{value} when left empty; a year later LinkedIn asks for a newer.",
        required=False,
        value=VERSION,
    ),
    SettingField("url", "Address", "{value} when left empty.", required=False, value=URL, gets_secrets=True),
    SettingField(
        "token_url",
        "Address for access",
        "{value} when left empty.",
        required=False,
        value=TOKEN_URL,
        gets_secrets=True,
    ),
)


class _Told(BaseModel):
    model_config = {"alias_generator": to_camel, "populate_by_name": True}


class _Fault(_Told):
    message: str = ""


class _Element(_Told):
    status: int = 0
    error: _Fault | None = None
    id: int = 0
    enabled: bool = True
    conversion_method: str = ""


class _Body(_Told):
    elements: list[_Element] = Field(default_factory=list)
    message: str = ""


@dataclass(frozen=True, slots=True)
class LinkedIn:
    """One conversion rule of one ad account."""

    account_id: str
    conversion_id: str
    fixed_token: str = field(repr=False)
    oauth: OAuthClient
    version: str
    url: str

    @property
    def most_at_once(self) -> int:
        return MOST

    def objection(self, message: Message, now: Millis) -> str | None:
        if message.saying is not Saying.CONVERT:
            return _("LinkedIn takes no changes to an event that it was told of.")
        if now - message.contact.happened_at > OLDEST:
            return _("It is more than 90 days ago, which LinkedIn does not take.")
        if not _people(message.contact):
            return _(
                "There is no LinkedIn click of this visit and no e-mail address, and LinkedIn knows no numbers."
            )
        return None

    def not_before(self, message: Message) -> Millis:
        return 0

    def preview(self, messages: Sequence[Message], now: Millis) -> Sequence[Request]:
        return (self._events(messages, "ACCESS_TOKEN"),)

    def send(self, messages: Sequence[Message], now: Millis, post: Post) -> Sequence[Result]:
        try:
            token = self._token(post)
        except Refused as refused:
            return [refused.result] * len(messages)
        return self._tell(messages, token, post)

    def test(self, now: Millis, post: Post) -> Result:
        """Asks for the account's conversions, and looks for this one among them."""
        try:
            token = self._token(post)
        except Refused as refused:
            return refused.result
        place, found = 0, None
        while found is None and place < _MOST_LISTED:
            answer = post(self._list(place, token))
            told = read_as(_Body, answer)
            if answer.status != 200 or told is None:
                return _fault(answer, told)
            if not told.elements:
                break
            found = next((each for each in told.elements if str(each.id) == self.conversion_id), None)
            place += len(told.elements)
        return _verdict(found)

    def _tell(self, messages: Sequence[Message], token: str, post: Post) -> Sequence[Result]:
        """All together; where LinkedIn refuses all for one: those without it, or each half by itself."""
        many, answer = len(messages), post(self._events(messages, token))
        told = read_as(_Body, answer)
        if answer.status in _FOR_ONE and many > 1:
            return self._tell_apart(messages, answer, told, token, post)
        if not 200 <= answer.status < 300:
            return [_fault(answer, told)] * many
        if told is None or len(told.elements) != many:
            return [Result(Outcome.FAILED, _("LinkedIn's answer does not say what became of each."))] * many
        return [_result(element) for element in told.elements]

    def _tell_apart(
        self, messages: Sequence[Message], answer: Answer, told: _Body | None, token: str, post: Post
    ) -> Sequence[Result]:
        named = bad_events(told.message if told else "")
        bad = {place: by_status(answer, why) for place, why in named.items() if place < len(messages)}
        if not bad:
            half = len(messages) // 2
            return [*self._tell(messages[:half], token, post), *self._tell(messages[half:], token, post)]
        good = [message for place, message in enumerate(messages) if place not in bad]
        others = iter(self._tell(good, token, post) if good else ())
        return [bad[place] if place in bad else next(others) for place in range(len(messages))]

    def _list(self, place: int, token: str) -> Request:
        """For the account's conversions from this place on."""
        account = quote(f"urn:li:sponsoredAccount:{self.account_id}", safe="")
        url = f"{self.url}/rest/conversions?q=account&account={account}&start={place}&count={_LISTED}"
        return Request("GET", url, self._headers(token), b"", secrets=(token,))

    def _token(self, post: Post) -> str:
        return self.fixed_token or self.oauth.access_token(post)

    def _headers(self, token: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {token}",
            "LinkedIn-Version": self.version,
            "X-Restli-Protocol-Version": "2.0.0",
        }

    def _events(self, messages: Sequence[Message], token: str) -> Request:
        body = {"elements": [self._event(message) for message in messages]}
        headers = self._headers(token) | {"Content-Type": "application/json", "X-RestLi-Method": "BATCH_CREATE"}
        return Request("POST", f"{self.url}/rest/conversionEvents", headers, to_json(body), secrets=(token,))

    def _event(self, message: Message) -> Mapping[str, object]:
        told: dict[str, object] = {
            "conversion": f"urn:lla:llaPartnerConversion:{self.conversion_id}",
            "conversionHappenedAt": message.contact.happened_at,
            "eventId": message.conversion_id,
            "user": {"userIds": _people(message.contact)},
        }
        if message.value_cents is not None:
            told["conversionValue"] = {
                "currencyCode": message.currency,
                "amount": f"{message.value_cents / 100:.2f}",
            }
        return told


class LinkedInKind:
    """The destination "linkedin"."""

    name = "LinkedIn"
    is_advertising = True
    fields: Sequence[SettingField] = FIELDS
    sign_in = SignIn("linkedin", ("rw_conversions", "r_ads"))

    def open(self, settings: Mapping[str, str]) -> LinkedIn:
        required(settings, FIELDS)
        told = {name: settings.get(name, "").strip() for name in (field.name for field in FIELDS)}
        for name in ("account_id", "conversion_id"):
            if not (told[name].isascii() and told[name].isdigit()):
                raise ValueError(_("The IDs of an ad account and of a conversion are numbers."))
        can_refresh = all(told[name] for name in ("client_id", "client_secret", "refresh_token"))
        if not (told["access_token"] or can_refresh):
            raise ValueError(_("Fill in Access token, or the OAuth client ID, its secret and the refresh token."))
        version = told["version"] or VERSION
        if not _MONTH.fullmatch(version):
            raise ValueError(_("An API version is a year and a month, as %(version)s.") % {"version": VERSION})
        oauth = OAuthClient(
            told["token_url"] or TOKEN_URL, told["client_id"], told["client_secret"], told["refresh_token"]
        )
        return LinkedIn(
            told["account_id"],
            told["conversion_id"],
            # Who signs in means that to hold: a token that was pasted before ends some day, and stays in the form.
            "" if can_refresh else told["access_token"],
            oauth,
            version,
            (told["url"] or URL).rstrip("/"),
        )


def _people(contact: Contact) -> Sequence[Mapping[str, str]]:
    """Who they are: LinkedIn's click, and the address, hashed."""
    origin = contact.origin
    told: list[Mapping[str, str]] = []
    if contact.email:
        told.append({"idType": "SHA256_EMAIL", "idValue": sha256(plain_email(contact.email))})
    if click := origin.click_ids.get("li_fat_id") or origin.cookies.get("li_fat_id"):
        told.append({"idType": "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID", "idValue": click})
    return told


def _verdict(found: _Element | None) -> Result:
    """Whether this conversion is one that can be told."""
    if found is None:
        return Result(Outcome.REFUSED, _("The account has no conversion of this ID."))
    if found.conversion_method != "CONVERSIONS_API":
        return Result(
            Outcome.REFUSED, _("This conversion's data source is not the Conversions API; make another.")
        )
    if not found.enabled:
        return Result(Outcome.REFUSED, _("This conversion is switched off at LinkedIn."))
    return Result(Outcome.TAKEN, _("LinkedIn knows the account and the conversion."))


def _result(element: _Element) -> Result:
    if element.status in {200, 201}:
        return Result(Outcome.TAKEN, _("LinkedIn took it."))
    words = element.error.message if element.error else ""
    return by_status(Answer(element.status, {}, b""), words)


def _fault(answer: Answer, told: _Body | None) -> Result:
    result = by_status(answer, told.message if told else "")
    if answer.status == _RETIRED:
        return Result(
            Outcome.FAILED,
            _("LinkedIn retired this API version: write a newer one (%(words)s).") % {"words": result.words},
            result.retry_after_seconds,
        )
    if answer.status in {401, 403} or result.outcome is Outcome.TAKEN:
        # The token can be mended; what waits is not lost meanwhile.
        return replace(result, outcome=Outcome.FAILED)
    return result
