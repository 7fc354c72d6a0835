"""A company's Telnyx account: its numbers, its TeXML application, its call list, its recordings.

https://developers.telnyx.com/api-reference: available-phone-numbers, number-orders, phone-numbers,
texml-applications, texml-rest-commands. The addresses stand in the application, which all its numbers share.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx

from swapboard.calls.call import CallEvent
from swapboard.carriers.base import (
    CarrierError,
    Door,
    Fault,
    Links,
    NothingRecorded,
    OfferedNumber,
    Text,
    TextStopped,
)
from swapboard.carriers.ordering import bought_all_the_same
from swapboard.carriers.recording_state import current_recording
from swapboard.carriers.rest import Rest, is_missing
from swapboard.carriers.twilio.call_list import ListedCall, listed_events
from swapboard.carriers.twilio.moment import told_moment
from swapboard.clock import SECOND, Millis
from swapboard.numbers.matching import TOLL_FREE_CODES, in_e164

API_URL = "https://api.telnyx.com/v2/"
PAGE_SIZE = 250
RECORDING_TIMEOUT_SECONDS = 60.0
_GONE = frozenset(("deleted", "purchase-failed", "ported-out", "port-failed"))
_WANTS_PAPERS = "requirement-info-"
"""How the status begins of a number that is vetted, or waits for what is to be vetted."""


class _Bearer(httpx.Auth):
    def __init__(self, api_key: str) -> None:
        self._api_key = api_key

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        request.headers["Authorization"] = f"Bearer {self._api_key}"
        yield request


@dataclass(frozen=True, slots=True)
class Account:
    """An account by its API key; `application_id` is the TeXML application that its numbers belong to."""

    account_sid: str
    application_id: str
    api_key: str = field(repr=False)
    api_url: str = API_URL

    def search(self, country: str, area_code: str | None, limit: int) -> Sequence[OfferedNumber]:
        """Numbers for sale: toll-free ones for a toll-free area code, else local ones. Raises CarrierError."""
        country = country.upper()
        code = in_e164(country, area_code)
        is_toll_free = code in TOLL_FREE_CODES.get(country, ())
        wanted = {
            "filter[country_code]": country,
            "filter[phone_number_type]": "toll_free" if is_toll_free else "local",
            "filter[features]": "voice",
            "filter[limit]": str(limit),
        }
        if code:
            wanted["filter[national_destination_code]"] = code
        found = self._data(self._rest.read("available_phone_numbers", wanted))
        return [_offered(each) for each in found][:limit]

    def buy(self, number: str, links: Links) -> OfferedNumber:
        """Order a number, once. Raises CarrierError, also while the order is still under way.

        If no clear answer comes, a look at the account tells whether the number is ours.
        """
        self._point_application(links)
        wanted = {"phone_numbers": [{"phone_number": number}], "connection_id": self.application_id}
        try:
            order = self._object(self._rest.once("POST", "number_orders", json=wanted))
        except CarrierError as error:
            return bought_all_the_same(error, number, "Telnyx", self.owned)
        if order.get("status") == "failure":
            raise CarrierError(f"Telnyx: the order of {number} failed.", Fault.REQUEST)
        under_way = CarrierError(f"Telnyx has not yet carried out the order of {number}.", Fault.CARRIER)
        return bought_all_the_same(under_way, number, "Telnyx", self.owned)

    def owned(self, number: str) -> OfferedNumber | None:
        """The number, if it is the account's. Raises CarrierError."""
        for each in self._data(self._rest.read("phone_numbers", {"filter[phone_number]": number})):
            if each.get("phone_number") == number and each.get("status") not in _GONE:
                is_awaited = str(each.get("status")).startswith(_WANTS_PAPERS)
                points_at = self._points_at(each)
                return OfferedNumber(number, None, None, str(each["id"]), points_at, is_awaited)
        return None

    def configure(self, carrier_ref: str, links: Links) -> None:
        """Put a number into our application, and point that at our doors. Raises CarrierError."""
        self._point_application(links)
        wanted = {"connection_id": self.application_id}
        self._rest.patiently("PATCH", f"phone_numbers/{quote(carrier_ref, safe='')}", json=wanted)

    def release(self, carrier_ref: str) -> None:
        """Give a number back; one that is gone is given back already. Raises CarrierError."""
        self._delete(f"phone_numbers/{quote(carrier_ref, safe='')}")

    def calls(self, since: Millis) -> Iterator[CallEvent]:
        """What the list says of calls to us that began at `since` or later. Raises CarrierError.

        The list does not tell which leg belongs to which call: it has the caller's own side only.
        """
        listed = (call for call in self._listed(since) if call.started_at >= since)
        yield from listed_events(listed)

    def recording(self, recording_ref: str) -> bytes:
        """A recording as WAV. Raises CarrierError."""
        found = self._object(self._rest.read(f"recordings/{quote(recording_ref, safe='')}"))
        links = found.get("download_urls") or {}
        if not links.get("wav"):
            why = (
                "has this recording as MP3 only, which is not read here" if links.get("mp3") else "has it not yet"
            )
            raise CarrierError(f"Telnyx {why}.", Fault.REQUEST if links.get("mp3") else Fault.CARRIER)
        # The address is signed already, and not Telnyx's own host: the key does not go there.
        store = Rest("Telnyx's store", "", lambda answer: answer.text, timeout_seconds=RECORDING_TIMEOUT_SECONDS)
        return store.read(str(links["wav"])).content

    def delete_recording(self, recording_ref: str) -> None:
        """Delete a recording; one that is not there is deleted. Raises CarrierError."""
        account, ref = quote(self.account_sid, safe=""), quote(recording_ref, safe="")
        self._delete(f"texml/Accounts/{account}/Recordings/{ref}.json")

    def change_recording(self, call_ref: str, status: str) -> None:
        """Pause what is recorded of a call or of a leg, or go on with it. Raises CarrierError.

        https://developers.telnyx.com/api-reference/texml-rest-commands/update-recording-on-a-call
        """
        account, call = quote(self.account_sid, safe=""), quote(call_ref, safe="")
        path = f"texml/Accounts/{account}/Calls/{call}/Recordings"
        listed = self._rest.object(self._rest.read(f"{path}.json")).get("recordings")
        current = current_recording(listed if isinstance(listed, list) else ())
        if current is None:
            raise NothingRecorded("Telnyx")
        self._rest.patiently("POST", f"{path}/{quote(current, safe='')}.json", data={"Status": status})

    def send_text(self, text: Text) -> str:
        """Send a text message, once; the number must be in a messaging profile. Raises CarrierError.

        https://developers.telnyx.com/api-reference/messages/send-a-message
        """
        wanted = {"from": text.sender, "to": text.recipient, "text": text.body}
        try:
            return str(self._object(self._rest.once("POST", "messages", json=wanted)).get("id") or "")
        except CarrierError as error:
            if "stop message" in str(error).lower():  # error 40300, "Blocked due to STOP message"
                raise TextStopped(str(error)) from error
            raise

    def _delete(self, path: str) -> None:
        try:
            self._rest.once("DELETE", path)
        except CarrierError as error:
            if not is_missing(error):
                raise

    @property
    def _rest(self) -> Rest:
        return Rest("Telnyx", self.api_url, _words, _Bearer(self.api_key))

    def _point_application(self, links: Links) -> None:
        """All numbers of the application share its addresses: written only when they are others."""
        path = f"texml_applications/{quote(self.application_id, safe='')}"
        now = self._object(self._rest.read(path))
        wanted = _doors(links)
        inbound = now.get("inbound") or {}
        if all(now.get(name) == value for name, value in wanted.items()) and inbound.get("shaken_stir_enabled"):
            return
        # Both are needed in every change.
        change = {"friendly_name": now.get("friendly_name") or "Swapboard", **wanted}
        self._rest.patiently("PATCH", path, json=change | {"inbound": inbound | {"shaken_stir_enabled": True}})

    def _points_at(self, number: Mapping[str, Any]) -> str:
        """The address where the number's calls go; of another application or trunk, what Telnyx calls it."""
        connection = str(number.get("connection_id") or "")
        if connection != self.application_id:
            return str(number.get("connection_name") or connection)
        path = f"texml_applications/{quote(self.application_id, safe='')}"
        return str(self._object(self._rest.read(path)).get("voice_url") or "")

    def _listed(self, since: Millis) -> Iterator[ListedCall]:
        base = f"texml/Accounts/{quote(self.account_sid, safe='')}/Calls"
        # The list knows days only, and `>` leaves the day itself out.
        before = datetime.fromtimestamp(since // SECOND - 24 * 60 * 60, UTC)
        wanted: Mapping[str, str | int] | None = {"StartTime>": f"{before:%Y-%m-%d}", "PageSize": PAGE_SIZE}
        path = base
        while path:
            page = self._rest.object(self._rest.read(path, wanted))
            yield from (_listed_call(each) for each in page.get("calls") or () if each.get("sid"))
            path, wanted = str(page.get("next_page_uri") or "").removeprefix("/v2/"), None

    def _data(self, answer: httpx.Response) -> list[dict[str, Any]]:
        found = self._rest.object(answer).get("data")
        if not isinstance(found, list):
            raise self._rest.unreadable()
        return found

    def _object(self, answer: httpx.Response) -> dict[str, Any]:
        found = self._rest.object(answer).get("data")
        if not isinstance(found, dict):
            raise self._rest.unreadable()
        return found


def _words(answer: httpx.Response) -> str:
    """https://developers.telnyx.com/development/api-fundamentals/api-errors"""
    return " ".join(
        f"{each.get('title', '')}: {each.get('detail', '')}".strip(": ") for each in answer.json()["errors"]
    )


def _offered(each: Mapping[str, Any]) -> OfferedNumber:
    regions = {one.get("region_type"): one.get("region_name") for one in each.get("region_information") or ()}
    place = regions.get("rate_center") or regions.get("location")
    return OfferedNumber(str(each["phone_number"]), place, regions.get("state"))


def _doors(links: Links) -> dict[str, str]:
    return {
        "voice_url": links.door(Door.VOICE),
        "voice_fallback_url": links.door(Door.VOICE),
        "voice_method": "post",
        "status_callback": links.door(Door.STATUS),
        "status_callback_method": "post",
    }


def _listed_call(each: Mapping[str, Any]) -> ListedCall:
    return ListedCall(
        call_ref=str(each["sid"]),
        parent_ref=None,
        direction=str(each.get("direction") or ""),
        status=str(each.get("status") or ""),
        caller=str(each.get("from") or ""),
        dialled=str(each.get("to") or ""),
        caller_name="",
        started_at=told_moment(each.get("start_time")) or 0,
        ended_at=told_moment(each.get("end_time")),
        duration=str(each.get("duration") or ""),
    )
