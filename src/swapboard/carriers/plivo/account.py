"""A company's Plivo account: its numbers, its application, its list of calls, its recordings.

https://www.plivo.com/docs/numbers/api, https://www.plivo.com/docs/account/api/application,
https://www.plivo.com/docs/voice/api/call, https://www.plivo.com/docs/voice/api/recording. A number is pointed at
an application, which has the addresses; ours is made, and kept right, whenever a number is.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from swapboard.calls.call import CallEvent
from swapboard.carriers.base import CarrierError, Door, Fault, Links, OfferedNumber, Text
from swapboard.carriers.ordering import bought_all_the_same
from swapboard.carriers.plivo.call_list import listed_call, live_call
from swapboard.carriers.plivo.moment import as_asked
from swapboard.carriers.rest import Rest, is_missing
from swapboard.carriers.told import known_ref
from swapboard.carriers.twilio.call_list import ListedCall, listed_events
from swapboard.clock import DAY, Millis
from swapboard.numbers.e164 import carrier_number
from swapboard.numbers.matching import TOLL_FREE_CODES, in_e164

API_URL = "https://api.plivo.com"
RECORDING_TIMEOUT_SECONDS = 60.0
PAGE_SIZE = 20
"""The most that any of Plivo's lists gives at once."""
REACH: Millis = 30 * DAY
"""The longest time that the list of calls may be asked for at once."""
KEPT: Millis = 90 * DAY
"""So far back it goes."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account by its auth id and auth token."""

    auth_id: str
    auth_token: str = field(repr=False)
    api_url: str = API_URL
    now: Callable[[], float] = time.time

    def search(self, country: str, area_code: str | None, limit: int) -> Sequence[OfferedNumber]:
        """Numbers for sale: toll-free ones for a toll-free area code, else local ones. Raises CarrierError."""
        code = in_e164(country.upper(), area_code)
        is_toll_free = code in TOLL_FREE_CODES.get(country.upper(), ())
        wanted: dict[str, str | int] = {
            "country_iso": country.upper(),
            "type": "tollfree" if is_toll_free else "local",
            "services": "voice",
            "limit": max(1, min(limit, PAGE_SIZE)),
        }
        if code:
            wanted["pattern"] = code
        listed = self._list("PhoneNumber/", wanted)
        offered = (_offered(each) for each in listed)
        return [each for each in offered if each is not None][:limit]

    def buy(self, number: str, links: Links) -> OfferedNumber:
        """Order a number; asked once only, for it costs money. Raises CarrierError.

        If no clear answer comes, a look at the account tells whether the number is ours.
        """
        app_id = self._application(links, number)
        try:
            path = self._path(f"PhoneNumber/{_digits(number)}/")
            answer = self._rest().once("POST", path, json={"app_id": app_id})
        except CarrierError as error:
            return bought_all_the_same(error, number, "Plivo", self.owned)
        return OfferedNumber(number, None, None, _digits(number), is_awaited=_is_pending(answer))

    def owned(self, number: str) -> OfferedNumber | None:
        """The number, if it is the account's. Raises CarrierError."""
        rest = self._rest()
        try:
            found = rest.object(rest.read(self._path(f"Number/{_digits(number)}/")))
        except CarrierError as error:
            if is_missing(error):
                return None
            raise
        return OfferedNumber(number, None, None, _digits(number), self._points_at(found.get("application")))

    def configure(self, carrier_ref: str, links: Links) -> None:
        """Point a number at our application, and that at our doors. Raises CarrierError."""
        path = self._path(f"Number/{_checked(carrier_ref)}/")
        app_id = self._application(links, f"+{carrier_ref}")
        self._rest().patiently("POST", path, json={"app_id": app_id})

    def release(self, carrier_ref: str) -> None:
        """Give a number back; one that is not ours is given back. Raises CarrierError."""
        path = self._path(f"Number/{_checked(carrier_ref)}/")
        try:
            self._rest().once("DELETE", path)
        except CarrierError as error:
            if not is_missing(error):
                raise

    def calls(self, since: Millis) -> Iterator[CallEvent]:
        """What the lists say of calls that go on or ended at `since` or later. Raises CarrierError."""
        # The live ones first: one that ends meanwhile is then on the other list.
        yield from listed_events([*self._live(), *self._ended(since)])

    def recording(self, recording_ref: str) -> bytes:
        """A recording as WAV, a channel for each side. Raises CarrierError."""
        rest = self._rest()
        answer = rest.read(self._recording_path(recording_ref))
        url = rest.object(answer).get("recording_url")
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):
            raise rest.unreadable()
        return self._rest_for(url).read(url).content

    def send_text(self, text: Text) -> str:
        """Send a text message; asked once only. Raises CarrierError.

        https://www.plivo.com/docs/messaging/api/message/send-a-message
        """
        rest = self._rest()
        wanted = {"src": _digits(text.sender), "dst": _digits(text.recipient), "text": text.body}
        refs = rest.object(rest.once("POST", self._path("Message/"), json=wanted)).get("message_uuid")
        return str(refs[0]) if isinstance(refs, list) and refs else ""

    def delete_recording(self, recording_ref: str) -> None:
        """Delete a recording; one that is not there is deleted. Raises CarrierError."""
        try:
            self._rest().patiently("DELETE", self._recording_path(recording_ref))
        except CarrierError as error:
            if error.fault is not Fault.REQUEST:
                raise

    def _recording_path(self, recording_ref: str) -> str:
        if known_ref(recording_ref) is None:
            raise CarrierError(f"{recording_ref[:40]!r} is not a recording of Plivo.", Fault.REQUEST)
        return self._path(f"Recording/{recording_ref}/")

    def _application(self, links: Links, number: str) -> str:
        """The id of our application, with our doors as they are now.

        All numbers share one; with a fallback of its own, a number has its own application.
        """
        name = _application_name(links, number)
        rest, wanted = self._rest(), {"app_name": name} | _doors(links)
        for listed in self._list("Application/", {"app_name": name, "limit": PAGE_SIZE}):
            if listed.get("app_name") == name and (app_id := known_ref(str(listed.get("app_id", "")))):
                rest.patiently("POST", self._path(f"Application/{app_id}/"), json=_doors(links))
                return app_id
        made = rest.once("POST", self._path("Application/"), json=wanted)
        app_id = known_ref(str(rest.object(made).get("app_id", "")))
        if app_id is None:
            raise rest.unreadable()
        return app_id

    def _points_at(self, application: object) -> str:
        """Where an application, by its path, sends calls; nowhere without one."""
        app_id = known_ref(str(application or "").rstrip("/").rpartition("/")[2])
        if app_id is None:
            return ""
        rest = self._rest()
        return str(rest.object(rest.read(self._path(f"Application/{app_id}/"))).get("answer_url") or "")

    def _live(self) -> Iterator[ListedCall]:
        rest = self._rest()
        calls = rest.object(rest.read(self._path("Call/"), {"status": "live"})).get("calls")
        for call_ref in calls if isinstance(calls, list) else ():
            if known_ref(str(call_ref)) is None:
                continue
            try:
                answer = rest.read(self._path(f"Call/{call_ref}/"), {"status": "live"})
            except CarrierError as error:
                if is_missing(error):  # it has ended since
                    continue
                raise
            if (listed := live_call(rest.object(answer))) is not None:
                yield listed

    def _ended(self, since: Millis) -> Iterator[ListedCall]:
        """Asked for without an end, the list ends 30 days on."""
        now = round(self.now() * 1000)
        first, last = max(since, now - KEPT), max(since, now) + DAY
        for begin in range(first, last, REACH):
            yield from self._ended_within(begin, min(begin + REACH, last))

    def _ended_within(self, since: Millis, until: Millis) -> Iterator[ListedCall]:
        within = {"end_time__gte": as_asked(since), "end_time__lt": as_asked(until)}
        offset = 0
        while True:
            page = self._list("Call/", {**within, "limit": PAGE_SIZE, "offset": offset})
            yield from (listed for each in page if (listed := listed_call(each)) is not None)
            if len(page) < PAGE_SIZE:
                return
            offset += PAGE_SIZE

    def _list(self, path: str, params: Mapping[str, str | int]) -> Sequence[Mapping[str, object]]:
        rest = self._rest()
        objects = rest.object(rest.read(self._path(path), params)).get("objects")
        if not isinstance(objects, list) or not all(isinstance(each, dict) for each in objects):
            raise rest.unreadable()
        return objects

    def _path(self, path: str) -> str:
        return f"/v1/Account/{self.auth_id}/{path}"

    def _rest(self) -> Rest:
        return Rest("Plivo", self.api_url, _words, httpx.BasicAuth(self.auth_id, self.auth_token))

    def _rest_for(self, url: str) -> Rest:
        """Recordings lie elsewhere: the token goes to Plivo's own hosts only."""
        host, own = urlsplit(url).hostname or "", urlsplit(self.api_url).hostname
        is_plivos = host == own or host.endswith(".plivo.com")
        auth = httpx.BasicAuth(self.auth_id, self.auth_token) if is_plivos else None
        return Rest("Plivo", self.api_url, _words, auth, RECORDING_TIMEOUT_SECONDS)


def _application_name(links: Links, number: str) -> str:
    own = f"-{_digits(number)}" if links.fallback else ""
    return f"swapboard-{links.carrier_id}{own}"


def _doors(links: Links) -> dict[str, str]:
    return {
        "answer_url": links.door(Door.VOICE),
        "answer_method": "POST",
        "fallback_answer_url": links.fallback or links.door(Door.VOICE),
        # Static hosts refuse a POST.
        "fallback_method": "GET" if links.fallback else "POST",
        "hangup_url": links.door(Door.STATUS),
        "hangup_method": "POST",
        "message_url": links.door(Door.MESSAGE),
        "message_method": "POST",
    }


def _offered(listed: Mapping[str, object]) -> OfferedNumber | None:
    number = carrier_number(str(listed.get("number", "")))
    city, region = listed.get("city"), listed.get("region")
    if number is None:
        return None
    return OfferedNumber(number, str(city).title() if city else None, str(region) if region else None)


def _is_pending(answer: httpx.Response) -> bool:
    """True for a number of a country that wants to see papers first (.../phone-number/buy-a-phone-number)."""
    try:
        return any(str(each["status"]).lower() == "pending" for each in answer.json()["numbers"])
    except (ValueError, TypeError, KeyError):
        return False


def _words(answer: httpx.Response) -> str:
    """Plivo's error is a text, or an object with one."""
    error = answer.json()["error"]
    return str(error["error"] if isinstance(error, dict) else error)


def _digits(number: str) -> str:
    return number.removeprefix("+")


def _checked(carrier_ref: str) -> str:
    if not (carrier_ref.isascii() and carrier_ref.isdigit()):
        raise CarrierError(f"{carrier_ref[:40]!r} is not a number of Plivo's.", Fault.REQUEST)
    return carrier_ref
