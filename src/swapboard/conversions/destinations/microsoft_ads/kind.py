"""Offline conversions to a Microsoft Advertising account, by REST:
https://learn.microsoft.com/en-us/advertising/campaign-management-service/applyofflineconversions
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic_core import to_json

from swapboard.clock import Millis
from swapboard.conversions.destinations.base import CountedAs, SignIn
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.microsoft_ads.answers import fault_of, goals_of, results_of
from swapboard.conversions.destinations.microsoft_ads.clicks import known_from, objection_of
from swapboard.conversions.destinations.microsoft_ads.conversions import adjustment_of, conversion_of
from swapboard.conversions.destinations.oauth import OAuthClient, Refused
from swapboard.conversions.destinations.request import Post, Request
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _

URL = "https://campaign.api.bingads.microsoft.com"
TOKEN_URL = "https://login.microsoftonline.com/common/oauth2/v2.0/token"  # noqa: S105 an address
SCOPE = "https://ads.microsoft.com/msads.manage offline_access"
PATH = "/CampaignManagement/v13"
MOST = 1_000
LONGEST_GOAL = 100
FIELDS = (
    SettingField("customer_id", "Customer ID", "The number after cid= in the address of Microsoft Advertising."),
    SettingField("account_id", "Account ID", "The number after aid= in the same address."),
    SettingField(
        "goal", "Name of the conversion goal", "Exactly as there: a goal for offline conversions, two hours old."
    ),
    SettingField(
        "developer_token",
        "Developer token",
        "Under Tools, Developer settings, or at developers.ads.microsoft.com.",
        secret=True,
    ),
    SettingField("client_id", "OAuth client ID", "Of your app registration in Microsoft Entra."),
    SettingField("client_secret", "OAuth client secret", "Beside the client ID.", secret=True),
    SettingField("refresh_token", "Refresh token", "Got with the scope {value}.", secret=True, value=SCOPE),
    SettingField(
        "people",
        "Tell who called, hashed",
        "yes also tells the SHA-256 of number and address, to find people without a click.",
        required=False,
        choices=("no", "yes"),
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


@dataclass(frozen=True, slots=True)
class MicrosoftAds:
    """One goal of one account."""

    customer_id: str
    account_id: str
    goal: str
    developer_token: str = field(repr=False)
    oauth: OAuthClient
    with_people: bool
    url: str

    @property
    def most_at_once(self) -> int:
        return MOST

    @property
    def counted_as(self) -> CountedAs:
        return CountedAs("microsoft", self.account_id, (self.goal,), by_click=True, file_by_click=True)

    def objection(self, message: Message, now: Millis) -> str | None:
        return objection_of(message.contact, now, with_people=self.with_people)

    def not_before(self, message: Message) -> Millis:
        return known_from(message.contact)

    def preview(self, messages: Sequence[Message], now: Millis) -> Sequence[Request]:
        told = (
            (is_new, [message for message in messages if _is_new(message) is is_new]) for is_new in (True, False)
        )
        return [self._request(some, is_new, "ACCESS_TOKEN") for is_new, some in told if some]

    def send(self, messages: Sequence[Message], now: Millis, post: Post) -> Sequence[Result]:
        try:
            token = self.oauth.access_token(post)
        except Refused as refused:
            return [refused.result] * len(messages)
        results: dict[int, Result] = {}
        for is_new in (True, False):
            places = [place for place, message in enumerate(messages) if _is_new(message) is is_new]
            if places:
                answer = post(self._request([messages[place] for place in places], is_new, token))
                results.update(zip(places, results_of(answer, len(places)), strict=True))
        return [results[place] for place in range(len(messages))]

    def test(self, now: Millis, post: Post) -> Result:
        """Asks for the account's goals, and looks for this one among them."""
        try:
            token = self.oauth.access_token(post)
        except Refused as refused:
            return refused.result
        body = {"ConversionGoalIds": None, "ConversionGoalTypes": "OfflineConversion"}
        answer = post(self._post("/ConversionGoals/QueryByIds", body, token))
        if answer.status != 200:
            return fault_of(answer)
        goals = goals_of(answer)
        if self.goal in goals:
            return Result(Outcome.TAKEN, _("Microsoft knows the account and the goal."))
        there = ", ".join(goals[:10]) or "none"
        return Result(
            Outcome.REFUSED,
            _("The account has no goal for offline conversions of this name; there are: %(there)s.")
            % {"there": there},
        )

    def _request(self, messages: Sequence[Message], is_new: bool, token: str) -> Request:
        write, name = (
            (conversion_of, "OfflineConversions") if is_new else (adjustment_of, "OfflineConversionAdjustments")
        )
        told = [write(message, self.goal, with_people=self.with_people) for message in messages]
        return self._post(f"/{name}/Apply", {name: told}, token)

    def _post(self, path: str, body: Mapping[str, object], token: str) -> Request:
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "DeveloperToken": self.developer_token,
            "CustomerId": self.customer_id,
            "CustomerAccountId": self.account_id,
        }
        return Request(
            "POST", f"{self.url}{PATH}{path}", headers, to_json(body), secrets=(token, self.developer_token)
        )


class MicrosoftAdsKind:
    """The destination "microsoft_ads"."""

    name = "Microsoft Advertising"
    is_advertising = True
    fields: Sequence[SettingField] = FIELDS
    clicks: Sequence[str] = ("msclkid",)
    sign_in = SignIn("microsoft", ("https://ads.microsoft.com/msads.manage",))

    def open(self, settings: Mapping[str, str]) -> MicrosoftAds:
        required(settings, FIELDS)
        told = {name: value.strip() for name, value in settings.items()}
        for name, label in (("customer_id", _("customer ID")), ("account_id", _("account ID"))):
            if not (told[name].isascii() and told[name].isdigit()):
                raise ValueError(
                    _("The %(label)s is the number in the address, not the letters on the page.")
                    % {"label": label}
                )
        if len(told["goal"]) > LONGEST_GOAL:
            raise ValueError(
                _("The name of a goal has at most %(longest_goal)s letters.") % {"longest_goal": LONGEST_GOAL}
            )
        oauth = OAuthClient(
            told.get("token_url") or TOKEN_URL,
            told["client_id"],
            told["client_secret"],
            told["refresh_token"],
            SCOPE,
        )
        return MicrosoftAds(
            told["customer_id"],
            told["account_id"],
            told["goal"],
            told["developer_token"],
            oauth,
            told.get("people") == "yes",
            (told.get("url") or URL).rstrip("/"),
        )


def _is_new(message: Message) -> bool:
    return message.saying is Saying.CONVERT
