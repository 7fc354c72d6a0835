"""A company's Vonage account: numbers, the application's addresses, the list of calls, recordings.

https://developer.vonage.com/en/api/numbers and .../application.v2 (key and secret), .../voice (a token signed with
the application's private key).
"""

import secrets
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
import jwt
import phonenumbers

from swapboard.calls.call import CallEvent
from swapboard.carriers.base import CarrierError, Door, Fault, Links, OfferedNumber, Text
from swapboard.carriers.ordering import bought_all_the_same
from swapboard.carriers.rest import Rest
from swapboard.carriers.told import known_ref
from swapboard.carriers.vonage.call_list import as_asked, listed_events
from swapboard.carriers.vonage.events import HOSTS
from swapboard.clock import Millis
from swapboard.numbers.e164 import carrier_number, place
from swapboard.numbers.matching import country_of, in_e164

REST_URL = "https://rest.nexmo.com"
API_URL = "https://api.nexmo.com"
RECORDING_TIMEOUT_SECONDS = 60.0
TOKEN_SECONDS = 120
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Account:
    """An account by its key and secret, and an application of it by its id and private key."""

    api_key: str
    api_secret: str = field(repr=False)
    application_id: str
    private_key: str = field(repr=False)
    rest_url: str = REST_URL
    api_url: str = API_URL
    now: Callable[[], float] = time.time

    def search(self, country: str, area_code: str | None, limit: int) -> Sequence[OfferedNumber]:
        """Numbers for sale that take calls. Raises CarrierError."""
        wanted: dict[str, str | int] = {
            "country": country.upper(),
            "features": "VOICE",
            "size": max(1, min(limit, PAGE_SIZE)),
        }
        if code := in_e164(country.upper(), area_code):
            abroad = phonenumbers.country_code_for_region(country.upper())
            wanted |= {"pattern": f"{abroad}{code}", "search_pattern": 0}
        rest = self._numbers()
        found = rest.object(rest.read("/number/search", wanted)).get("numbers") or []
        numbers = (carrier_number(str(each.get("msisdn", ""))) for each in _objects(rest, found))
        return [OfferedNumber(number, place(number), None) for number in numbers if number][:limit]

    def buy(self, number: str, links: Links) -> OfferedNumber:
        """Order a number; asked once only, for it costs money. Raises CarrierError.

        If no clear answer comes, a look at the account tells whether the number is ours.
        """
        self._point(links)
        try:
            self._numbers().once("POST", "/number/buy", data=_named(number))
        except CarrierError as error:
            bought_all_the_same(error, number, "Vonage", self.owned)
        try:
            self._take_in(number)
        except CarrierError as error:
            # Not refused, whatever Vonage says now: it costs already.
            raise CarrierError(f"{error} {number} was bought all the same.", Fault.CARRIER) from error
        return OfferedNumber(number, None, None, _digits(number))

    def owned(self, number: str) -> OfferedNumber | None:
        """The number, if it is the account's. Raises CarrierError."""
        ours = self._ours(number)
        if ours is None:
            return None
        return OfferedNumber(number, None, None, _digits(number), self._points_at(str(ours.get("app_id") or "")))

    def configure(self, carrier_ref: str, links: Links) -> None:
        """Point a number at our application, and that at our doors. Raises CarrierError."""
        number = f"+{_checked(carrier_ref)}"
        texts_go_to = str((self._ours(number) or {}).get("moHttpUrl") or "")
        self._point(links)
        self._take_in(number, texts_go_to)

    def release(self, carrier_ref: str) -> None:
        """Give a number back; one that is not ours is given back. Raises CarrierError."""
        number = f"+{_checked(carrier_ref)}"
        if self.owned(number) is not None:
            self._numbers().once("POST", "/number/cancel", data=_named(number))

    def calls(self, since: Millis) -> Iterator[CallEvent]:
        """What the call list says of calls that started at `since` or later. Raises CarrierError."""
        yield from listed_events(self._listed(since))

    def recording(self, recording_ref: str) -> bytes:
        """A recording as WAV, a channel for each side. Raises CarrierError."""
        return self._voice(RECORDING_TIMEOUT_SECONDS).read(self._recording_url(recording_ref)).content

    def send_text(self, text: Text) -> str:
        """Send a text message by the Messages API; asked once only. Raises CarrierError.

        https://developer.vonage.com/en/api/messages (POST /v1/messages)
        """
        rest = self._voice()
        wanted = {"message_type": "text", "channel": "sms", "text": text.body}
        wanted |= {"from": _digits(text.sender), "to": _digits(text.recipient)}
        return str(rest.object(rest.once("POST", "/v1/messages", json=wanted)).get("message_uuid") or "")

    def _recording_url(self, recording_ref: str) -> str:
        host, _, ref = recording_ref.partition("/")
        if not (known_ref(ref) and (host.endswith(HOSTS) or host == urlsplit(self.api_url).hostname)):
            raise CarrierError(f"{recording_ref[:40]!r} is not a recording of Vonage.", Fault.REQUEST)
        is_own = host == urlsplit(self.api_url).hostname
        return f"{self.api_url if is_own else f'https://{host}'}/v1/files/{ref}"

    def _points_at(self, app_id: str) -> str:
        """Where calls to a number with this application go: of ours, its address; nowhere without one."""
        if app_id != self.application_id:
            return app_id and f"application {app_id}"
        rest = self._applications()
        application = rest.object(rest.read(f"/v2/applications/{app_id}"))
        webhooks = _part(_part(_part(application, "capabilities"), "voice"), "webhooks")
        return str(_part(webhooks, "answer_url").get("address") or "")

    def _point(self, links: Links) -> None:
        """Read the application, and write it back with our doors and signed webhooks."""
        rest, path = self._applications(), f"/v2/applications/{self.application_id}"
        application = dict(rest.object(rest.read(path)))
        capabilities = _part(application, "capabilities")
        voice = _part(capabilities, "voice")
        doors = {
            "answer_url": {"address": links.door(Door.VOICE), "http_method": "POST"},
            "fallback_answer_url": {
                # All numbers of the application share it.
                "address": links.fallback_of_any or links.door(Door.VOICE),
                # Static hosts refuse a POST.
                "http_method": "GET" if links.fallback_of_any else "POST",
            },
            "event_url": {"address": links.door(Door.STATUS), "http_method": "POST"},
        }
        told = {
            "name": application.get("name"),
            "capabilities": capabilities | {"voice": voice | {"webhooks": doors, "signed_callbacks": True}},
        }
        rest.patiently("PUT", path, json=told)

    def _ours(self, number: str) -> Mapping[str, object] | None:
        rest = self._numbers()
        wanted: dict[str, str | int] = {"pattern": _digits(number), "search_pattern": 0, "size": PAGE_SIZE}
        found = _objects(rest, rest.object(rest.read("/account/numbers", wanted)).get("numbers") or [])
        return next((each for each in found if each.get("msisdn") == _digits(number)), None)

    def _take_in(self, number: str, texts_go_to: str = "") -> None:
        """Have the number's calls go to our application; where its texts go is forgotten unless it is told again.

        https://github.com/Nexmo/nexmo-cli/issues/83
        """
        told = _named(number) | {"app_id": self.application_id}
        if texts_go_to:
            told["moHttpUrl"] = texts_go_to
        self._numbers().patiently("POST", "/number/update", data=told)

    def _listed(self, since: Millis) -> Iterator[Mapping[str, object]]:
        index = 0
        while True:
            rest = self._voice()
            wanted: dict[str, str | int] = {
                "date_start": as_asked(since),
                "page_size": PAGE_SIZE,
                "record_index": index,
            }
            page = rest.object(rest.read("/v1/calls", wanted)).get("_embedded")
            calls = _objects(rest, page.get("calls") if isinstance(page, dict) else None)
            yield from calls
            if len(calls) < PAGE_SIZE:
                return
            index += PAGE_SIZE

    def _numbers(self) -> Rest:
        return Rest("Vonage", self.rest_url, _words, httpx.BasicAuth(self.api_key, self.api_secret))

    def _applications(self) -> Rest:
        return Rest("Vonage", self.api_url, _words, httpx.BasicAuth(self.api_key, self.api_secret))

    def _voice(self, timeout_seconds: float = 10.0) -> Rest:
        return Rest("Vonage", self.api_url, _words, _Bearer(self._token()), timeout_seconds)

    def _token(self) -> str:
        at = int(self.now())
        claims = {"application_id": self.application_id, "iat": at, "exp": at + TOKEN_SECONDS}
        return jwt.encode(claims | {"jti": secrets.token_hex(16)}, self.private_key, "RS256")


@dataclass(frozen=True, slots=True)
class _Bearer(httpx.Auth):
    token: str = field(repr=False)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self.token}"
        yield request


def _named(number: str) -> dict[str, str]:
    """The number as the Numbers API is told of it."""
    return {"country": country_of(number) or "", "msisdn": _digits(number)}


def _part(whole: Mapping[str, object], name: str) -> dict[str, object]:
    part = whole.get(name)
    return dict(part) if isinstance(part, dict) else {}


def _objects(rest: Rest, found: object) -> Sequence[Mapping[str, object]]:
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise rest.unreadable()
    return found


def _words(answer: httpx.Response) -> str:
    """The older API has `error-code-label`, the newer ones `detail` and `title`."""
    told = answer.json()
    return next((str(told[name]) for name in ("error-code-label", "detail", "title") if told.get(name)), "")


def _digits(number: str) -> str:
    return number.removeprefix("+")


def _checked(carrier_ref: str) -> str:
    if carrier_number(carrier_ref) != f"+{carrier_ref}":
        raise CarrierError(f"{carrier_ref[:40]!r} is not a number of Vonage's.", Fault.REQUEST)
    return carrier_ref
