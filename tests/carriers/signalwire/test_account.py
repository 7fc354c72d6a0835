"""A SignalWire project, against Twilio's stand-in moved to where the compatibility API has the same resources.

https://developer.signalwire.com/compatibility-api/rest: the paths under /api/laml, HTTP Basic with the project's
id. The stand-in's rules are Twilio's; the official compatibility clients are Twilio's own clients at another
address, and `twilio` reads the answers here too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import stamina
from twilio.rest import Client

from swapboard.calls.fold import fold
from swapboard.carriers.base import CarrierError, Door, Fault, Links
from swapboard.carriers.installed import carrier_kind
from swapboard.carriers.signalwire.account import Account
from swapboard.carriers.signalwire.adapter import SignalWireCarrier
from swapboard.clock import SECOND
from tests.local_server import answering
from tests.twilio_stand_in import AUDIO, SID, TOKEN, Twilio, _Handler

LINKS = Links("https://calls.example.com", "c1")
NUMBER = "+12025550130"
NOON = 1_795_521_600


class LamlHandler(_Handler):
    """The same resources under the space's path, the call list by days, recordings where they are."""

    def _route(self, method: str, path: str, given: dict[str, str]) -> tuple[int, Any]:
        assert path.startswith("/api/laml/"), path
        return super()._route(method, path.removeprefix("/api/laml"), given)

    def _get_calls(self, given: dict[str, str]) -> tuple[int, Any]:
        if "StartTime>" in given:
            assert len(given["StartTime>"]) == 10, "a day, as in 2026-11-24"
            given = given | {"StartTime>": f"{given['StartTime>']}T00:00:00Z"}
        status, page = super()._get_calls(given)
        if page["next_page_uri"]:
            page["next_page_uri"] = f"/api/laml{page['next_page_uri']}".replace("T00%3A00%3A00Z", "")
        return status, page

    def _get_incomingphonenumbers_one(self, sid: str, _given: dict[str, str]) -> tuple[int, Any]:
        return 200, self.twilio.owned[self._known(sid)]

    def _update(self, sid: str, given: dict[str, str]) -> dict[str, Any]:
        """An application goes before the address, until it is taken away."""
        before = self.twilio.owned[sid].get("voice_application_sid")
        number = super()._update(sid, given)
        number["voice_application_sid"] = given.get("VoiceApplicationSid", before) or None
        return number

    def _get_recordings_one(self, name: str, _given: dict[str, str]) -> tuple[int, Any]:
        return 200, self.twilio.recordings[name.removesuffix(".wav")]


class ElsewhereHandler(BaseHTTPRequestHandler):
    """A store of files, which nobody shows their password."""

    def do_GET(self) -> None:
        assert "Authorization" not in self.headers
        self.send_response(200)
        self.send_header("Content-Length", str(len(AUDIO)))
        self.end_headers()
        self.wfile.write(AUDIO)


class RedirectHandler(BaseHTTPRequestHandler):
    """A space that has its recordings there."""

    def __init__(self, store: int, *args: Any) -> None:
        self.store = store
        super().__init__(*args)

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", f"http://127.0.0.1:{self.store}/signed")
        self.send_header("Content-Length", "0")
        self.end_headers()


@dataclass
class Space:
    api: Twilio

    def account(self, token: str = TOKEN) -> Account:
        return Account(SID, token, self.api.url)


@pytest.fixture
def space() -> Iterator[Space]:
    known = Twilio()
    known.for_sale["US"] = [{"phone_number": NUMBER, "locality": "Washington", "region": "DC"}]
    handler = type("OneSpace", (LamlHandler,), {"twilio": known})
    with answering(handler) as server, stamina.set_testing(True, attempts=3):
        known.url = f"http://127.0.0.1:{server.server_port}"
        yield Space(known)


def test_numbers_for_sale(space: Space) -> None:
    found = space.account().search("us", "202", 5)
    assert [(each.number, each.locality, each.region) for each in found] == [(NUMBER, "Washington", "DC")]


def test_a_number_is_ordered_once_and_points_at_our_doors(space: Space) -> None:
    bought = space.account().buy(NUMBER, LINKS)
    given = space.api.owned[bought.carrier_ref or ""]["given"]
    assert given["VoiceUrl"] == given["VoiceFallbackUrl"] == "https://calls.example.com/carriers/c1/voice"
    assert given["StatusCallback"] == "https://calls.example.com/carriers/c1/status"
    assert space.api.asked["POST /IncomingPhoneNumbers.json"] == 1


@pytest.mark.parametrize("failure", ["after-500", "after-drop"])
def test_an_order_without_a_clear_answer_is_looked_for(space: Space, failure: str) -> None:
    space.api.fail("POST", failure)
    assert space.account().buy(NUMBER, LINKS).carrier_ref in space.api.owned
    assert space.api.asked["POST /IncomingPhoneNumbers.json"] == 1


def test_a_static_document_takes_over_when_our_doors_do_not_answer(space: Space) -> None:
    bought = space.account().buy(NUMBER, LINKS)
    links = Links(LINKS.public_url, LINKS.carrier_id, "https://static.example.com/1.xml")
    space.account().configure(bought.carrier_ref or "", links)
    given = space.api.owned[bought.carrier_ref or ""]["given"]
    assert (given["VoiceFallbackUrl"], given["VoiceFallbackMethod"]) == ("https://static.example.com/1.xml", "GET")


def test_a_number_whose_calls_go_to_an_application_is_told_of_and_taken_away_from_it(space: Space) -> None:
    """Which goes before the address: developer.signalwire.com, "Update an Incoming Phone Number"."""
    account = space.account()
    ref = account.buy(NUMBER, LINKS).carrier_ref or ""

    def goes_to() -> str | None:
        found = account.owned(NUMBER)
        return found and found.points_at

    here = LINKS.door(Door.VOICE)
    assert goes_to() == here
    space.api.owned[ref]["voice_application_sid"] = "b3877c40-da60-4998-90ad-b792e98472af"
    assert goes_to() == "b3877c40-da60-4998-90ad-b792e98472af"
    account.configure(ref, LINKS)
    assert goes_to() == here


def test_a_refusal_has_signalwires_own_words(space: Space) -> None:
    with pytest.raises(CarrierError, match=r"SignalWire: .* is not available \(HTTP 400\)") as caught:
        space.account().buy("+12025550177", LINKS)
    assert caught.value.fault is Fault.REQUEST
    with pytest.raises(CarrierError) as denied:
        space.account("another").search("US", None, 1)
    assert denied.value.fault is Fault.ACCOUNT


def test_a_number_is_given_back_and_giving_it_back_again_does_no_harm(space: Space) -> None:
    ref = space.account().buy(NUMBER, LINKS).carrier_ref or ""
    found = space.account().owned(NUMBER)
    assert found is not None
    assert found.points_at == space.api.owned[ref].get("voice_url", "")
    space.account().release(ref)
    space.account().release(ref)
    assert space.account().owned(NUMBER) is None
    with pytest.raises(CarrierError, match="no id of SignalWire"):
        space.account().release("../Accounts")


def test_the_call_list_is_read_to_its_end(space: Space) -> None:
    moment = "Tue, 24 Nov 2026 {}:00 +0000"
    call = {
        "direction": "inbound",
        "from": "+12125550111",
        "to": NUMBER,
        "status": "completed",
        "caller_name": None,
    }
    call |= {"parent_call_sid": None, "duration": 63, "start_time": moment.format("12:10")}
    call |= {"end_time": moment.format("12:12")}
    space.api.calls = [
        {**call, "sid": "early", "start_time": moment.format("11:00")},
        {**call, "sid": "one"},
        {**call, "sid": "leg", "direction": "outbound-dial", "parent_call_sid": "one", "to": "+12025550101"},
    ]
    told = list(space.account().calls(NOON * SECOND))
    assert {event.call_ref for event in told} == {"one"}
    folded = fold(told)
    assert (folded.status, folded.talk_seconds, folded.destination) == ("answered", 63, "+12025550101")


def test_a_recording(space: Space) -> None:
    space.api.recordings["35094891-3290"] = AUDIO
    assert space.account().recording("35094891-3290") == AUDIO
    with answering(ElsewhereHandler) as store, answering(partial(RedirectHandler, store.server_port)) as moved:
        away = Account(SID, TOKEN, f"http://127.0.0.1:{moved.server_port}")
        assert away.recording("35094891-3290") == AUDIO
    space.account().delete_recording("35094891-3290")
    space.account().delete_recording("35094891-3290")
    assert not space.api.recordings


def test_the_client_that_the_official_ones_are_made_of_reads_the_answers(space: Space) -> None:
    client = Client(SID, TOKEN)
    client.api.base_url = f"{space.api.url}/api/laml"
    assert client.available_phone_numbers("US").local.list(limit=5)[0].phone_number == NUMBER
    assert client.incoming_phone_numbers.create(phone_number=NUMBER).sid in space.api.owned
    client.http_client.session.close()


GOOD = {"space_url": "example", "project_id": "p", "api_token": "PT1", "signing_key": "PSK_1"}


@pytest.mark.parametrize(
    ("space_url", "address"),
    [
        ("example", "https://example.signalwire.com"),
        ("example.signalwire.com", "https://example.signalwire.com"),
        (" https://example.signalwire.com/ ", "https://example.signalwire.com"),
    ],
)
def test_a_space_by_its_name_or_address(space_url: str, address: str) -> None:
    opened = carrier_kind("signalwire").open({**GOOD, "space_url": space_url})
    assert isinstance(opened, SignalWireCarrier)
    assert opened.account.space_url == address


@pytest.mark.parametrize(
    "space_url",
    [
        *("http://example.signalwire.com", "ftp://x", "example.com/path", "https://", ""),
        # Another host, or another door of one, would be asked by the server from where it stands.
        *("https://10.0.0.5", "10.0.0.5", "intranet.example.com", "example.signalwire.com.example.net"),
        *("example.signalwire.com:22", "example.signalwire.com@10.0.0.5", "10.0.0.5#.signalwire.com"),
        *("10.0.0.5?.signalwire.com", "https://10.0.0.5\\.signalwire.com"),
    ],
)
def test_what_is_no_space(space_url: str) -> None:
    with pytest.raises(ValueError, match="space"):
        carrier_kind("signalwire").open({**GOOD, "space_url": space_url})
