"""A company's Bandwidth account: numbers by the Dashboard API (XML), calls and recordings by the Voice API.

https://dev.bandwidth.com/apis/numbers: an order and a disconnect are taken at once and carried out later; numbers
are of a sub-account (site) and a location (SIP peer), whose voice application has the addresses.
https://dev.bandwidth.com/apis/voice: calls of the last 30 days, recordings by call and id.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import httpx

from swapboard.calls.call import CallEvent
from swapboard.carriers.bandwidth.call_list import listed_call
from swapboard.carriers.bandwidth.events import REF_SIGN
from swapboard.carriers.bandwidth.moment import as_asked
from swapboard.carriers.bandwidth.signature import CallbackLogin
from swapboard.carriers.base import CarrierError, Door, Fault, Links, NothingRecorded, OfferedNumber, Text
from swapboard.carriers.ordering import bought_all_the_same
from swapboard.carriers.recording_state import PAUSED, RESUMED
from swapboard.carriers.rest import Rest, is_missing
from swapboard.carriers.told import known_ref
from swapboard.carriers.twilio.call_list import ListedCall, listed_events
from swapboard.carriers.xml import add, written
from swapboard.clock import Millis
from swapboard.numbers.e164 import carrier_number, place
from swapboard.numbers.matching import TOLL_FREE_CODES

DASHBOARD_URL = "https://dashboard.bandwidth.com"
VOICE_URL = "https://voice.bandwidth.com"
MESSAGING_URL = "https://messaging.bandwidth.com"
RECORDING_TIMEOUT_SECONDS = 60.0
PAGE_SIZE = 1_000
LOOKS_AT_ORDER = 10
_XML = {"Content-Type": "application/xml"}
_STATES = {PAUSED: "paused", RESUMED: "recording"}
_COUNTRIES = frozenset(("US", "CA"))


@dataclass(frozen=True, slots=True)
class Account:
    """An account by its number, an API user's name and password, and where its numbers are kept."""

    account_id: str
    username: str
    password: str = field(repr=False)
    site_id: str
    peer_id: str
    application_id: str
    login: CallbackLogin
    dashboard_url: str = DASHBOARD_URL
    voice_url: str = VOICE_URL
    messaging_url: str = MESSAGING_URL
    messaging_application_id: str = ""
    pause: Callable[[float], None] = time.sleep

    def search(self, country: str, area_code: str | None, limit: int) -> Sequence[OfferedNumber]:
        """Numbers for sale in North America. Raises CarrierError."""
        if country.upper() not in _COUNTRIES:
            raise CarrierError(f"Bandwidth sells no numbers of {country.upper()} this way.", Fault.REQUEST)
        wanted: dict[str, str | int] = {"quantity": max(1, min(limit, 500))}
        if area_code in TOLL_FREE_CODES.get(country.upper(), ()):
            # Three characters with a star: of all that are given out, two digits tell which is meant.
            wanted["tollFreeWildCardPattern"] = f"{area_code[:2]}*"
        elif area_code:
            wanted["areaCode"] = area_code
        dashboard = self._dashboard()
        found = _xml(dashboard, dashboard.read(self._path("availableNumbers"), wanted))
        numbers = (carrier_number(f"+1{each.text}") for each in found.iter("TelephoneNumber"))
        return [OfferedNumber(number, place(number), None) for number in numbers if number][:limit]

    def buy(self, number: str, links: Links) -> OfferedNumber:
        """Order a number; asked once only, for it costs money. Raises CarrierError.

        If no clear answer comes, a look at the account tells whether the number is ours.
        """
        self._point(links)
        try:
            self._order(number)
        except CarrierError as error:
            return bought_all_the_same(error, number, "Bandwidth", self.owned)
        return OfferedNumber(number, None, None, _national(number))

    def owned(self, number: str) -> OfferedNumber | None:
        """The number, if it is the account's. Raises CarrierError."""
        try:
            self._dashboard().read(self._path(f"inserviceNumbers/{_national(number)}"))
        except CarrierError as error:
            if is_missing(error):
                return None
            raise
        return OfferedNumber(number, None, None, _national(number))

    def configure(self, carrier_ref: str, links: Links) -> None:
        """Point the location's application, and so all its numbers, at our doors. Raises CarrierError."""
        _checked(carrier_ref)
        self._point(links)

    def release(self, carrier_ref: str) -> None:
        """Give a number back; one that is not ours is given back. Raises CarrierError."""
        if self.owned(f"+1{_checked(carrier_ref)}") is None:
            return
        order = Element("DisconnectTelephoneNumberOrder")
        add(order, "Name", f"Swapboard {carrier_ref}")
        numbers = add(add(order, "DisconnectTelephoneNumberOrderType"), "TelephoneNumberList")
        add(numbers, "TelephoneNumber", carrier_ref)
        self._dashboard().once("POST", self._path("disconnects"), content=written(order), headers=_XML)

    def calls(self, since: Millis) -> Iterator[CallEvent]:
        """What the call list says of calls that started at `since` or later. Raises CarrierError."""
        yield from listed_events(self._listed(since))

    def recording(self, recording_ref: str) -> bytes:
        """A recording as WAV. Raises CarrierError."""
        voice = self._voice(RECORDING_TIMEOUT_SECONDS)
        return voice.read(f"{self._recording_path(recording_ref)}/media").content

    def delete_recording(self, recording_ref: str) -> None:
        """Delete a recording's audio; what is not there is deleted. Raises CarrierError."""
        try:
            self._voice().patiently("DELETE", f"{self._recording_path(recording_ref)}/media")
        except CarrierError as error:
            if error.fault is not Fault.REQUEST:
                raise

    def change_recording(self, call_ref: str, status: str) -> None:
        """Pause what is recorded of a call, or go on with it. Raises CarrierError.

        https://dev.bandwidth.com/apis/voice (PUT /accounts/{accountId}/calls/{callId}/recording)
        """
        if known_ref(call_ref) is None:
            raise CarrierError(f"{call_ref[:40]!r} is no call of Bandwidth's.", Fault.REQUEST)
        path = f"/api/v2/accounts/{self.account_id}/calls/{call_ref}/recording"
        try:
            self._voice().patiently("PUT", path, json={"state": _STATES[status]})
        except CarrierError as error:
            raise NothingRecorded("Bandwidth") if is_missing(error) else error from None

    def send_text(self, text: Text) -> str:
        """Send a text message by the Messaging API; asked once only. Raises CarrierError.

        https://dev.bandwidth.com/apis/messaging (POST /users/{accountId}/messages)
        """
        if not self.messaging_application_id:
            raise CarrierError(
                "Bandwidth sends texts only from a messaging application: give its ID with the account.",
                Fault.ACCOUNT,
            )
        rest = Rest("Bandwidth", self.messaging_url, _json_words, self._auth())
        wanted = {"applicationId": self.messaging_application_id, "from": text.sender, "text": text.body}
        answer = rest.once(
            "POST", f"/api/v2/users/{self.account_id}/messages", json=wanted | {"to": [text.recipient]}
        )
        try:
            return str(answer.json()["id"])
        except (ValueError, TypeError, KeyError):
            return ""  # it was taken all the same

    def _point(self, links: Links) -> None:
        """Read the application, and write it back with our doors and our login."""
        path = self._path(f"applications/{self.application_id}")
        dashboard = self._dashboard()
        application = _xml(dashboard, dashboard.read(path)).find(".//Application")
        if application is None:
            raise dashboard.unreadable()
        for name, value in _doors(links).items():
            _put(application, name, value)
        creds = _put(application, "CallbackCreds", "")
        _put(creds, "UserId", self.login.username)
        _put(creds, "Password", self.login.password)
        dashboard.patiently("PUT", path, content=written(application), headers=_XML)

    def _order(self, number: str) -> None:
        order = Element("Order")
        add(order, "Name", f"Swapboard {_national(number)}")
        add(order, "SiteId", self.site_id)
        add(order, "PeerId", self.peer_id)
        numbers = add(add(order, "ExistingTelephoneNumberOrderType"), "TelephoneNumberList")
        add(numbers, "TelephoneNumber", _national(number))
        dashboard = self._dashboard()
        answer = dashboard.once("POST", self._path("orders"), content=written(order), headers=_XML)
        order_id = _xml(dashboard, answer).findtext(".//Order/id") or ""
        if known_ref(order_id) is None:
            raise dashboard.unreadable()
        self._wait_for(order_id)

    def _wait_for(self, order_id: str) -> None:
        """Until the order is carried out. Raises CarrierError when it is not, or not known in time."""
        dashboard = self._dashboard()
        for _ in range(LOOKS_AT_ORDER):
            try:
                told = _xml(dashboard, dashboard.read(self._path(f"orders/{order_id}")))
            except CarrierError as error:
                # It was ordered: that it cannot be looked at says nothing of what becomes of it.
                raise CarrierError(str(error), Fault.CARRIER) from error
            status = (told.findtext(".//OrderStatus") or "").upper()
            if status == "COMPLETE":
                return
            if status in {"FAILED", "PARTIAL"}:
                words = told.findtext(".//Description") or "the order failed"
                raise CarrierError(f"Bandwidth: {words} (order {order_id})", Fault.REQUEST)
            self.pause(1.0)
        raise CarrierError(f"Bandwidth has not carried out the order {order_id} yet.", Fault.CARRIER)

    def _listed(self, since: Millis) -> Iterator[ListedCall]:
        voice = self._voice()
        path: str | None = f"/api/v2/accounts/{self.account_id}/calls"
        params: Mapping[str, str | int] | None = {"minStartTime": as_asked(since), "pageSize": PAGE_SIZE}
        while path is not None:
            answer = voice.read(path, params)
            try:
                page = answer.json()
            except ValueError as error:
                raise voice.unreadable() from error
            if not isinstance(page, list) or not all(isinstance(each, dict) for each in page):
                raise voice.unreadable()
            yield from (listed for each in page if (listed := listed_call(each)) is not None)
            path, params = answer.links.get("next", {}).get("url"), None

    def _recording_path(self, recording_ref: str) -> str:
        call_ref, sign, ref = recording_ref.partition(REF_SIGN)
        if not (sign and known_ref(call_ref) and known_ref(ref)):
            raise CarrierError(f"{recording_ref[:40]!r} is not a recording of Bandwidth.", Fault.REQUEST)
        return f"/api/v2/accounts/{self.account_id}/calls/{call_ref}/recordings/{ref}"

    def _path(self, path: str) -> str:
        return f"/api/accounts/{self.account_id}/{path}"

    def _dashboard(self) -> Rest:
        return Rest("Bandwidth", self.dashboard_url, _xml_words, self._auth())

    def _voice(self, timeout_seconds: float = 10.0) -> Rest:
        return Rest("Bandwidth", self.voice_url, _json_words, self._auth(), timeout_seconds)

    def _auth(self) -> httpx.BasicAuth:
        return httpx.BasicAuth(self.username, self.password)


def _doors(links: Links) -> Mapping[str, str]:
    return {
        "CallInitiatedCallbackUrl": links.door(Door.VOICE),
        "CallInitiatedMethod": "POST",
        "CallStatusCallbackUrl": links.door(Door.STATUS),
        "CallStatusMethod": "POST",
    }


def _put(parent: Element, name: str, value: str) -> Element:
    """The one child of this name, with this text."""
    child = parent.find(name)
    child = add(parent, name) if child is None else child
    child.text = value or None
    return child


def _xml(rest: Rest, answer: httpx.Response) -> Element:
    try:
        return ElementTree.fromstring(answer.content)  # noqa: S314 the carrier's own answer, over TLS
    except ElementTree.ParseError as error:
        raise rest.unreadable() from error


def _xml_words(answer: httpx.Response) -> str:
    try:
        return ElementTree.fromstring(answer.content).findtext(".//Description") or ""  # noqa: S314 as above
    except ElementTree.ParseError:
        return ""


def _json_words(answer: httpx.Response) -> str:
    return str(answer.json()["description"])


def _national(number: str) -> str:
    """Ten digits, as the Dashboard API has them."""
    return number.removeprefix("+1")


def _checked(carrier_ref: str) -> str:
    if not (carrier_ref.isascii() and carrier_ref.isdigit() and len(carrier_ref) == 10):
        raise CarrierError(f"{carrier_ref[:40]!r} is not a number of Bandwidth's.", Fault.REQUEST)
    return carrier_ref
