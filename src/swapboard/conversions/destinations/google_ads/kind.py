"""Conversions to a Google Ads account: https://developers.google.com/data-manager/api/devguides/events/google-ads/offline

The way open to a new product: uploads by the Google Ads API are closed to newcomers since June 2026.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import to_json

from swapboard.clock import Millis
from swapboard.conversions.destinations.answers import by_status, retry_after
from swapboard.conversions.destinations.base import CountedAs, SignIn
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.google_ads.clicks import known_from, objection_of
from swapboard.conversions.destinations.google_ads.diagnostics import verdict_of
from swapboard.conversions.destinations.google_ads.events import event_of
from swapboard.conversions.destinations.google_ads.faults import bad_events, other_faults, words_of
from swapboard.conversions.destinations.oauth import OAuthClient, Refused
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.message import Message
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _

URL = "https://datamanager.googleapis.com"
TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 an address
MOST_EVENTS = 2_000
_SECRETS = ("client_secret", "refresh_token")
FIELDS = (
    SettingField(
        "customer_id", "Customer ID", "Of the account whose conversion it is: ten digits, as 123-456-7890."
    ),
    SettingField(
        "conversion_action_id",
        "Conversion action ID",
        "Open the conversion (an import from clicks) in Google Ads: the number after ctId= in the address.",
    ),
    SettingField("client_id", "OAuth client ID", "Of your Google Cloud project with the Data Manager API on."),
    SettingField("client_secret", "OAuth client secret", "Beside the client ID.", secret=True),
    SettingField(
        "refresh_token",
        "Refresh token",
        "Got with the scope https://www.googleapis.com/auth/datamanager.",
        secret=True,
    ),
    SettingField(
        "login_customer_id",
        "Manager's customer ID",
        "If the account is reached through a manager account.",
        required=False,
    ),
    SettingField(
        "people",
        "Tell who called, hashed",
        "yes also tells the SHA-256 of number and address, to find people without a click.",
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
    SettingField(
        "url", "Address", "{value} when left empty.", required=False, rare=True, value=URL, gets_secrets=True
    ),
    SettingField(
        "token_url",
        "Address for access",
        "{value} when left empty.",
        required=False,
        rare=True,
        value=TOKEN_URL,
        gets_secrets=True,
    ),
)


class _Ingested(BaseModel):
    request_id: str = ""
    model_config = {"alias_generator": to_camel}


@dataclass(frozen=True, slots=True)
class GoogleAds:
    """One conversion action of one account."""

    customer_id: str
    action_id: str
    login_id: str
    oauth: OAuthClient
    with_people: bool
    with_consent: bool
    url: str

    @property
    def most_at_once(self) -> int:
        return MOST_EVENTS

    @property
    def counted_as(self) -> CountedAs:
        return CountedAs("google_ads", self.customer_id, (self.action_id,), file_by_click=True)

    def objection(self, message: Message, now: Millis) -> str | None:
        return objection_of(message.contact, now, with_people=self.with_people)

    def not_before(self, message: Message) -> Millis:
        return known_from(message.contact)

    def preview(self, messages: Sequence[Message], now: Millis) -> Sequence[Request]:
        return (self._request(messages, "ACCESS_TOKEN"),)

    def send(self, messages: Sequence[Message], now: Millis, post: Post) -> Sequence[Result]:
        try:
            token = self.oauth.access_token(post)
        except Refused as refused:
            return [refused.result] * len(messages)
        return self._send(messages, token, post)

    def confirm(self, receipt: str, now: Millis, post: Post) -> Result | None:
        try:
            token = self.oauth.access_token(post)
        except Refused:
            return None
        url = f"{self.url}/v1/requestStatus:retrieve?{urlencode({'requestId': receipt})}"
        headers = {"Authorization": f"Bearer {token}"}
        return verdict_of(post(Request("GET", url, headers, b"", secrets=(token,))))

    def test(self, now: Millis, post: Post) -> Result:
        """Google looks at an event of a click that never was, and keeps nothing (validateOnly)."""
        try:
            token = self.oauth.access_token(post)
        except Refused as refused:
            return refused.result
        answer = post(self._request((), token, is_trial=True))
        if faults := other_faults(answer):
            return Result(Outcome.REFUSED, "; ".join(faults))
        if answer.status == 200 or bad_events(answer):
            return Result(Outcome.TAKEN, _("Google knows the account and the conversion."))
        return _result(answer)

    def _send(self, messages: Sequence[Message], token: str, post: Post) -> Sequence[Result]:
        """All together; where one is wrong, Google refuses all: then those without it, or each half by itself."""
        answer = post(self._request(messages, token))
        if answer.status != 400 or len(messages) == 1:
            return [_result(answer)] * len(messages)
        faults = bad_events(answer)
        bad = {place: why for place, why in faults.items() if place < len(messages)}
        if not bad:
            half = len(messages) // 2
            return [*self._send(messages[:half], token, post), *self._send(messages[half:], token, post)]
        good = [place for place in range(len(messages)) if place not in bad]
        told = self._send([messages[place] for place in good], token, post) if good else ()
        results = {place: Result(Outcome.REFUSED, why) for place, why in bad.items()}
        results.update(zip(good, told, strict=True))
        return [results[place] for place in range(len(messages))]

    def _event(self, message: Message) -> Mapping[str, object]:
        return event_of(message, with_people=self.with_people, with_consent=self.with_consent)

    def _destination(self) -> Mapping[str, object]:
        told: dict[str, object] = {
            "operatingAccount": _account(self.customer_id),
            "productDestinationId": self.action_id,
        }
        return told | {"loginAccount": _account(self.login_id)} if self.login_id else told

    def _request(self, messages: Sequence[Message], token: str, *, is_trial: bool = False) -> Request:
        body: dict[str, object] = {
            "destinations": [self._destination()],
            "events": [self._event(message) for message in messages],
            "encoding": "HEX",
        }
        if is_trial:
            body |= {"validateOnly": True, "events": [{"transactionId": "trial", "eventSource": "PHONE"}]}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        return Request("POST", f"{self.url}/v1/events:ingest", headers, to_json(body), secrets=(token,))


class GoogleAdsKind:
    """The destination "google_ads"."""

    name = "Google Ads"
    is_advertising = True
    fields: Sequence[SettingField] = FIELDS
    sign_in = SignIn("google", ("https://www.googleapis.com/auth/datamanager",))

    def open(self, settings: Mapping[str, str]) -> GoogleAds:
        required(settings, FIELDS)
        told = {name: value.strip() for name, value in settings.items()}
        action = told["conversion_action_id"]
        if not (action.isascii() and action.isdigit()):
            raise ValueError(_("A conversion action's ID is a number."))
        customer_id = _customer(told["customer_id"])
        login_id = _customer(told["login_customer_id"]) if told.get("login_customer_id") else ""
        token_url = told.get("token_url") or TOKEN_URL
        oauth = OAuthClient(token_url, told["client_id"], *(told[name] for name in _SECRETS))
        url = (told.get("url") or URL).rstrip("/")
        with_people, with_consent = told.get("people") == "yes", told.get("consent") == "granted"
        return GoogleAds(customer_id, action, login_id, oauth, with_people, with_consent, url)


def _customer(text: str) -> str:
    digits = text.replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 10):
        raise ValueError(
            _("%(text)r is no customer ID: it has ten digits, as in 123-456-7890.") % {"text": text[:20]}
        )
    return digits


def _account(customer_id: str) -> Mapping[str, str]:
    return {"accountType": "GOOGLE_ADS", "accountId": customer_id}


def _result(answer: Answer) -> Result:
    if answer.status in {401, 403}:
        return Result(Outcome.FAILED, f"Google: {words_of(answer)} (HTTP {answer.status})", retry_after(answer))
    if answer.status != 200:
        return by_status(answer, words_of(answer))
    return Result(
        Outcome.TAKEN, _("Google took it, and will say later whether it counts."), receipt=_receipt(answer)
    )


def _receipt(answer: Answer) -> str | None:
    try:
        return _Ingested.model_validate_json(answer.body).request_id or None
    except ValidationError:
        return None
