"""Asks Google Ads for a day's clicks.

https://developers.google.com/google-ads/api/rest/common/search; access by OAuth 2 with a refresh token
(RFC 6749, section 6), scope https://www.googleapis.com/auth/adwords.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

import httpx
import stamina
from pydantic import TypeAdapter, ValidationError

from swapboard.keywords.click import Click, question, read_answer
from swapboard.language import _
from swapboard.trust import authorities

API_URL = "https://googleads.googleapis.com"
TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 an address
VERSION = "v26"
TIMEOUT_SECONDS = 30.0
_LONGEST_WORDS = 300
_PASSING_STATUSES = frozenset((408, 425, 429))

T = TypeVar("T")


class Paged(Protocol):
    """One page of an answer."""

    @property
    def next_page(self) -> str | None:
        """What continues it; None at the end."""


P = TypeVar("P", bound=Paged)
_OBJECT: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])
_patient = stamina.RetryingCaller(attempts=4, timeout=60.0, wait_initial=0.5, wait_max=8.0)


class AdsError(Exception):
    """Google Ads refused or did not answer; `permanent` says that trying again will not help.

    The message holds the platform's own words.
    """

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class AdsAccount:
    """An advertiser's account, and what opens it."""

    customer_id: str
    """Ten digits."""
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    login_customer_id: str | None = None
    """The manager account through which it is reached, if any."""
    developer_token: str | None = field(default=None, repr=False)
    """Only accounts from before September 2026 still have one."""

    @classmethod
    def of(cls, told: Mapping[str, str]) -> "AdsAccount":
        """The account in its credentials. Raises ValueError that says what is missing or wrong."""
        missing = [
            name for name in ("customer_id", "client_id", "client_secret", "refresh_token") if not told.get(name)
        ]
        if missing:
            raise ValueError(f"The credentials lack {', '.join(missing)}.")
        return cls(
            _customer(told["customer_id"]),
            told["client_id"],
            told["client_secret"],
            told["refresh_token"],
            _customer(told["login_customer_id"]) if told.get("login_customer_id") else None,
            told.get("developer_token") or None,
        )


@dataclass(frozen=True, slots=True)
class GoogleAds:
    """Google Ads for one account."""

    account: AdsAccount
    api_url: str = API_URL
    token_url: str = TOKEN_URL

    def clicks_of(self, day: date) -> Iterator[Click]:
        """The day's clicks, in the account's own time zone. Raises AdsError."""
        for answer in self.search(question(day), read_answer):
            yield from answer.clicks

    def search(self, query: str, read: Callable[[bytes], P]) -> Iterator[P]:
        """All pages that answer a query (GAQL), each read by `read` (which raises ValueError). Raises AdsError."""
        with httpx.Client(timeout=TIMEOUT_SECONDS, verify=authorities()) as client:
            headers = self._headers(_patiently(lambda: self._token(client)))
            url = f"{self.api_url}/{VERSION}/customers/{self.account.customer_id}/googleAds:search"
            page: str | None = ""
            while page is not None:
                asked = {"query": query} | ({"pageToken": page} if page else {})
                body = _patiently(lambda asked=asked: _post(client, url, headers=headers, json=asked))  # type: ignore[misc]
                try:
                    answer = read(body)
                except ValidationError as error:
                    raise AdsError("Google Ads' answer could not be read.", permanent=False) from error
                yield answer
                page = answer.next_page

    def _headers(self, token: str) -> dict[str, str]:
        told = {
            "Authorization": f"Bearer {token}",
            "login-customer-id": self.account.login_customer_id,
            "developer-token": self.account.developer_token,
        }
        return {name: value for name, value in told.items() if value}

    def _token(self, client: httpx.Client) -> str:
        account = self.account
        asked = {
            "grant_type": "refresh_token",
            "client_id": account.client_id,
            "client_secret": account.client_secret,
            "refresh_token": account.refresh_token,
        }
        token = _object(_post(client, self.token_url, data=asked)).get("access_token")
        if not isinstance(token, str):
            raise AdsError("Google's answer to the refresh token holds no access token.", permanent=False)
        return token


def _customer(text: str) -> str:
    digits = text.replace("-", "").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) == 10):
        raise ValueError(
            _("%(text)r is no customer id: it has ten digits, as in 123-456-7890.") % {"text": text[:20]}
        )
    return digits


def _patiently(ask: Callable[[], T]) -> T:
    return _patient(lambda error: isinstance(error, AdsError) and not error.permanent, ask)


def _post(
    client: httpx.Client,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    json: object = None,
    data: dict[str, str] | None = None,
) -> bytes:
    try:
        answer = client.post(url, headers=headers, json=json, data=data)
    except httpx.RequestError as error:
        raise AdsError(f"Google did not answer: {type(error).__name__}.", permanent=False) from error
    if answer.status_code != httpx.codes.OK:
        permanent = 400 <= answer.status_code < 500 and answer.status_code not in _PASSING_STATUSES
        raise AdsError(f"Google: {_words(answer.content)} (HTTP {answer.status_code})", permanent=permanent)
    return answer.content


def _words(body: bytes) -> str:
    """The reason in an error's body: Google APIs' own shape, or OAuth's (RFC 6749, section 5.2)."""
    told = _object(body)
    error = told.get("error")
    message = error.get("message") if isinstance(error, dict) else told.get("error_description") or error
    return str(message or "the request was refused without a reason")[:_LONGEST_WORDS]


def _object(body: bytes) -> dict[str, object]:
    try:
        return _OBJECT.validate_json(body)
    except ValidationError:
        return {}
