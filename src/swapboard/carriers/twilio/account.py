"""A company's Twilio account: its numbers, its call list, its recordings, through the official client.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource, .../availablephonenumberlocal-resource,
https://www.twilio.com/docs/voice/api/call-resource, https://www.twilio.com/docs/voice/api/recording (pausing:
.../recording#update-a-recording-resource)
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
import phonenumbers
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from swapboard.calls.call import CallEvent
from swapboard.carriers.base import CarrierError, Door, Fault, Links, OfferedNumber, Text
from swapboard.carriers.ordering import bought_all_the_same
from swapboard.carriers.recording_state import PAUSED
from swapboard.carriers.rest import whole
from swapboard.carriers.twilio.call_list import ListedCall, listed_events
from swapboard.carriers.twilio.failures import once, patiently, refuse
from swapboard.clock import SECOND, Millis
from swapboard.numbers.matching import TOLL_FREE_CODES, in_e164
from swapboard.trust import authorities

API_URL = "https://api.twilio.com"
TIMEOUT_SECONDS = 10.0
RECORDING_TIMEOUT_SECONDS = 60.0
PAGE_SIZE = 500
CURRENT_RECORDING = "Twilio.CURRENT"
_AREA_CODE_COUNTRIES = frozenset(("US", "CA"))

# The client tells of each request at level INFO, numbers and all.
_client_log = logging.getLogger("swapboard.carriers.twilio.client")
_client_log.setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Account:
    """An account by its SID and auth token."""

    account_sid: str
    auth_token: str = field(repr=False)
    api_url: str = API_URL
    timeout_seconds: float = TIMEOUT_SECONDS

    def search(self, country: str, area_code: str | None, limit: int) -> Sequence[OfferedNumber]:
        """Numbers for sale: toll-free ones for a toll-free area code, else local ones. Raises CarrierError."""
        country = country.upper()
        code = in_e164(country, area_code)
        with self._client() as client:
            available = client.available_phone_numbers(country)
            is_toll_free = code in TOLL_FREE_CODES.get(country, ())
            shelf = available.toll_free if is_toll_free else available.local
            wanted = _wanted(country, code)
            found = patiently(lambda: shelf.list(voice_enabled=True, limit=limit, **wanted))
        return [OfferedNumber(each.phone_number, each.locality or None, each.region or None) for each in found]

    def buy(self, number: str, links: Links) -> OfferedNumber:
        """Order a number; asked once only, for it costs money. Raises CarrierError.

        If no clear answer comes, a look at the account tells whether the number is ours.
        """
        with self._client() as client:
            order = client.incoming_phone_numbers.create
            try:
                bought = once(lambda: order(phone_number=number, **_doors(links), **_text_door(links)))
            except CarrierError as error:
                return bought_all_the_same(error, number, "Twilio", partial(_owned, client))
        return OfferedNumber(bought.phone_number, None, None, bought.sid)

    def owned(self, number: str) -> OfferedNumber | None:
        """The number, if it is the account's. Raises CarrierError."""
        with self._client() as client:
            return _owned(client, number)

    def configure(self, carrier_ref: str, links: Links) -> None:
        """Point a number at our doors, away from any application or trunk. Raises CarrierError."""
        with self._client() as client:
            number = client.incoming_phone_numbers(carrier_ref)
            patiently(lambda: number.update(voice_application_sid="", trunk_sid="", **_doors(links)))

    def release(self, carrier_ref: str) -> None:
        """Give a number back. Raises CarrierError."""
        with self._client() as client:
            once(client.incoming_phone_numbers(carrier_ref).delete)

    def calls(self, since: Millis) -> Iterator[CallEvent]:
        """What the call list says of calls that started at `since` or later. Raises CarrierError."""
        yield from listed_events(self._listed(since))

    def recording(self, recording_ref: str) -> bytes:
        """A recording as WAV, in as many channels as were recorded. Raises CarrierError."""
        if not (recording_ref.startswith("RE") and recording_ref.isascii() and recording_ref.isalnum()):
            raise CarrierError(f"{recording_ref[:40]!r} is not a recording of Twilio.", Fault.REQUEST)
        return patiently(lambda: self._download(recording_ref))

    def delete_recording(self, recording_ref: str) -> None:
        """Delete a recording; one that is not there is deleted. Raises CarrierError."""
        with self._client() as client:
            try:
                patiently(client.recordings(recording_ref).delete)
            except CarrierError as error:
                if error.fault is not Fault.REQUEST:
                    raise

    def change_recording(self, call_ref: str, status: str) -> None:
        """Pause or resume what is being recorded of a call; a pause is heard as silence. Raises CarrierError."""
        with self._client() as client:
            current = client.calls(call_ref).recordings(CURRENT_RECORDING)
            paused = {"pause_behavior": "silence"} if status == PAUSED else {}
            patiently(lambda: current.update(status=status, **paused))

    def send_text(self, text: Text) -> str:
        """Send a text message; asked once only. Raises CarrierError.

        https://www.twilio.com/docs/messaging/api/message-resource
        """
        with self._client() as client:
            send = client.messages.create
            sent = once(lambda: send(from_=text.sender, to=text.recipient, body=text.body))
        return str(sent.sid)

    def _download(self, recording_ref: str) -> bytes:
        url = f"{self.api_url}/2010-04-01/Accounts/{self.account_sid}/Recordings/{recording_ref}.wav"
        auth = httpx.BasicAuth(self.account_sid, self.auth_token)
        with httpx.Client(auth=auth, follow_redirects=True, verify=authorities()) as client:
            answer = whole(client, "GET", url, RECORDING_TIMEOUT_SECONDS, {})
        if answer.status_code != httpx.codes.OK:
            refuse(answer.status_code, f"the recording {recording_ref} could not be had")
        return answer.content

    def _listed(self, since: Millis) -> Iterator[ListedCall]:
        after = datetime.fromtimestamp(since // SECOND, UTC)
        with self._client() as client:
            page = patiently(lambda: client.calls.page(start_time_after=after, page_size=PAGE_SIZE))
            while page is not None:
                yield from map(_listed_call, page)
                page = patiently(page.next_page)

    @contextmanager
    def _client(self) -> Iterator[Client]:
        http = TwilioHttpClient(timeout=self.timeout_seconds, logger=_client_log)
        client = Client(self.account_sid, self.auth_token, http_client=http)
        client.api.base_url = self.api_url
        try:
            yield client
        finally:
            http.session.close()


def _owned(client: Client, number: str) -> OfferedNumber | None:
    """Twilio looks for the digits anywhere in a number, so that others may be among what it finds."""
    found = patiently(lambda: client.incoming_phone_numbers.list(phone_number=number, limit=20))
    return next(
        (
            OfferedNumber(number, None, None, each.sid, _points_at(each))
            for each in found
            if each.phone_number == number
        ),
        None,
    )


def _points_at(number: Any) -> str:
    """A trunk or an application goes before the address."""
    return str(number.trunk_sid or number.voice_application_sid or number.voice_url or "")


def _wanted(country: str, code: str | None) -> dict[str, object]:
    """The search for an area: by area code in North America, by the number's beginning elsewhere."""
    if code is None:
        return {}
    if country in _AREA_CODE_COUNTRIES:
        return {"area_code": code}
    return {"contains": f"+{phonenumbers.country_code_for_region(country)}{code}"}


def _doors(links: Links) -> dict[str, str]:
    """Where a number's calls go; without a static document the fallback is the same door: a second try is free."""
    return {
        "voice_url": links.door(Door.VOICE),
        "voice_method": "POST",
        "voice_fallback_url": links.fallback or links.door(Door.VOICE),
        # Static hosts refuse a POST.
        "voice_fallback_method": "GET" if links.fallback else "POST",
        "status_callback": links.door(Door.STATUS),
        "status_callback_method": "POST",
    }


def _text_door(links: Links) -> dict[str, str]:
    """Where texts to a number go: of a new one only, for texts to others may go to somebody else's program."""
    return {"sms_url": links.door(Door.MESSAGE), "sms_method": "POST"}


def _listed_call(call: Any) -> ListedCall:
    return ListedCall(
        call_ref=call.sid,
        parent_ref=call.parent_call_sid or None,
        direction=call.direction or "",
        status=call.status or "",
        caller=call._from or "",
        dialled=call.to or "",
        caller_name=call.caller_name or "",
        started_at=_millis(call.start_time) or _millis(call.date_created) or 0,
        ended_at=_millis(call.end_time),
        duration=call.duration or "",
    )


def _millis(moment: datetime | None) -> Millis | None:
    return None if moment is None else round(moment.timestamp()) * SECOND
