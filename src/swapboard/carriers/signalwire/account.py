"""A company's SignalWire project, through the compatibility API.

https://developer.signalwire.com/compatibility-api/rest: Twilio's resources at the space's own address, with
UUIDs for ids; the token is asked for by HTTP Basic.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx
import phonenumbers

from swapboard.calls.call import CallEvent
from swapboard.carriers.base import CarrierError, Door, Fault, Links, NothingRecorded, OfferedNumber, Text
from swapboard.carriers.ordering import bought_all_the_same
from swapboard.carriers.recording_state import PAUSED, current_recording
from swapboard.carriers.rest import Rest, is_missing
from swapboard.carriers.told import known_ref
from swapboard.carriers.twilio.call_list import ListedCall, listed_events
from swapboard.carriers.twilio.moment import told_moment
from swapboard.clock import SECOND, Millis
from swapboard.numbers.matching import TOLL_FREE_CODES, in_e164

PAGE_SIZE = 500
RECORDING_TIMEOUT_SECONDS = 60.0
_AREA_CODE_COUNTRIES = frozenset(("US", "CA"))
_GO_FIRST = {"TrunkSid": "trunk_sid", "VoiceApplicationSid": "voice_application_sid"}
"""What of a number goes before its addresses, by the name that it is changed by."""


@dataclass(frozen=True, slots=True)
class Account:
    """A project by its id and API token, at the space's address."""

    project_id: str
    api_token: str = field(repr=False)
    space_url: str

    def search(self, country: str, area_code: str | None, limit: int) -> Sequence[OfferedNumber]:
        """Numbers for sale: toll-free ones for a toll-free area code, else local ones. Raises CarrierError."""
        country = country.upper()
        code = in_e164(country, area_code)
        shelf = "TollFree" if code in TOLL_FREE_CODES.get(country, ()) else "Local"
        wanted = {"VoiceEnabled": "true", "PageSize": str(limit), **_wanted(country, code)}
        found = self._read(f"AvailablePhoneNumbers/{quote(country, safe='')}/{shelf}.json", wanted)
        return [
            OfferedNumber(str(each["phone_number"]), each.get("locality") or None, each.get("region") or None)
            for each in _listed(found, "available_phone_numbers")
        ][:limit]

    def buy(self, number: str, links: Links) -> OfferedNumber:
        """Order a number; asked once only, for it costs money. Raises CarrierError.

        If no clear answer comes, a look at the project tells whether the number is ours.
        """
        # Of a new one only: texts to others may go to somebody else's program.
        texts = {"SmsUrl": links.door(Door.MESSAGE), "SmsMethod": "POST"}
        wanted = {"PhoneNumber": number, **_doors(links), **texts}
        try:
            bought = self._rest.object(self._rest.once("POST", "IncomingPhoneNumbers.json", data=wanted))
        except CarrierError as error:
            return bought_all_the_same(error, number, "SignalWire", self.owned)
        return OfferedNumber(number, None, None, str(bought["sid"]))

    def owned(self, number: str) -> OfferedNumber | None:
        """The number, if it is the project's. Raises CarrierError."""
        found = self._read("IncomingPhoneNumbers.json", {"PhoneNumber": number, "PageSize": "20"})
        for each in _listed(found, "incoming_phone_numbers"):
            if each.get("phone_number") == number:
                return OfferedNumber(number, None, None, str(each["sid"]), _points_at(each))
        return None

    def configure(self, carrier_ref: str, links: Links) -> None:
        """Point a number at our doors, away from any application or trunk. Raises CarrierError."""
        path = f"IncomingPhoneNumbers/{_checked(carrier_ref)}.json"
        known = self._read(path, None)
        away = {name: "" for name, told in _GO_FIRST.items() if known.get(told)}
        self._rest.patiently("POST", path, data=_doors(links) | away)

    def release(self, carrier_ref: str) -> None:
        """Give a number back; one that is gone is given back already. Raises CarrierError."""
        self._delete(f"IncomingPhoneNumbers/{_checked(carrier_ref)}.json")

    def calls(self, since: Millis) -> Iterator[CallEvent]:
        """What the call list says of calls that began at `since` or later. Raises CarrierError."""
        yield from listed_events(call for call in self._calls(since) if call.started_at >= since)

    def recording(self, recording_ref: str) -> bytes:
        """A recording as WAV. Raises CarrierError."""
        slow = Rest("SignalWire", self._url, _words, self._auth, RECORDING_TIMEOUT_SECONDS, follows_redirects=True)
        return slow.read(f"Recordings/{_checked(recording_ref)}.wav").content

    def delete_recording(self, recording_ref: str) -> None:
        """Delete a recording; one that is not there is deleted. Raises CarrierError."""
        self._delete(f"Recordings/{_checked(recording_ref)}.json")

    def change_recording(self, call_ref: str, status: str) -> None:
        """Pause what is recorded of a call, which is heard as silence, or go on with it. Raises CarrierError.

        https://developer.signalwire.com/compatibility-api/rest/update-a-recording
        """
        path = f"Calls/{_checked(call_ref)}/Recordings"
        current = current_recording(_listed(self._read(f"{path}.json", None), "recordings"))
        if current is None:
            raise NothingRecorded("SignalWire")
        silent = {"PauseBehavior": "silence"} if status == PAUSED else {}
        self._rest.patiently("POST", f"{path}/{_checked(current)}.json", data={"Status": status, **silent})

    def send_text(self, text: Text) -> str:
        """Send a text message; asked once only. Raises CarrierError."""
        wanted = {"From": text.sender, "To": text.recipient, "Body": text.body}
        return str(self._rest.object(self._rest.once("POST", "Messages.json", data=wanted)).get("sid") or "")

    def _delete(self, path: str) -> None:
        try:
            self._rest.once("DELETE", path)
        except CarrierError as error:
            if not is_missing(error):
                raise

    @property
    def _url(self) -> str:
        return f"{self.space_url}/api/laml/2010-04-01/Accounts/{quote(self.project_id, safe='')}/"

    @property
    def _auth(self) -> httpx.BasicAuth:
        return httpx.BasicAuth(self.project_id, self.api_token)

    @property
    def _rest(self) -> Rest:
        return Rest("SignalWire", self._url, _words, self._auth)

    def _calls(self, since: Millis) -> Iterator[ListedCall]:
        # The list knows days only, and gives the day itself with `>`.
        day = datetime.fromtimestamp(since // SECOND, UTC)
        path = "Calls.json"
        wanted: Mapping[str, str] | None = {"StartTime>": f"{day:%Y-%m-%d}", "PageSize": str(PAGE_SIZE)}
        while path:
            page = self._read(path, wanted)
            yield from map(_listed_call, _listed(page, "calls"))
            # It comes as a path from the space's root.
            following = str(page.get("next_page_uri") or "")
            path, wanted = f"{self.space_url}{following}" if following.startswith("/") else following, None

    def _read(self, path: str, wanted: Mapping[str, str] | None) -> dict[str, Any]:
        return self._rest.object(self._rest.read(path, wanted))


def _points_at(number: Mapping[str, Any]) -> str:
    return str(next((number[told] for told in (*_GO_FIRST.values(), "voice_url") if number.get(told)), ""))


def _words(answer: httpx.Response) -> str:
    return str(answer.json()["message"])


def _listed(page: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = page.get(name)
    if not isinstance(found, list):
        raise CarrierError("SignalWire's answer could not be read.", Fault.CARRIER)
    return found


def _wanted(country: str, code: str | None) -> dict[str, str]:
    """The search for an area: by area code in North America, by the number's beginning elsewhere."""
    if code is None:
        return {}
    if country in _AREA_CODE_COUNTRIES:
        return {"AreaCode": code}
    return {"Contains": f"+{phonenumbers.country_code_for_region(country)}{code}"}


def _doors(links: Links) -> dict[str, str]:
    return {
        "VoiceUrl": links.door(Door.VOICE),
        "VoiceMethod": "POST",
        "VoiceFallbackUrl": links.fallback or links.door(Door.VOICE),
        "VoiceFallbackMethod": "GET" if links.fallback else "POST",
        "StatusCallback": links.door(Door.STATUS),
        "StatusCallbackMethod": "POST",
    }


def _checked(ref: str) -> str:
    if known_ref(ref) is None:
        raise CarrierError(f"{ref[:40]!r} is no id of SignalWire.", Fault.REQUEST)
    return ref


def _listed_call(each: Mapping[str, Any]) -> ListedCall:
    return ListedCall(
        call_ref=str(each["sid"]),
        parent_ref=each.get("parent_call_sid") or None,
        direction=str(each.get("direction") or ""),
        status=str(each.get("status") or ""),
        caller=str(each.get("from") or ""),
        dialled=str(each.get("to") or ""),
        caller_name=str(each.get("caller_name") or ""),
        started_at=told_moment(each.get("start_time")) or 0,
        ended_at=told_moment(each.get("end_time")),
        duration=str(each.get("duration") or ""),
    )
