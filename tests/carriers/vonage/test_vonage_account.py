"""The account against a stand-in that keeps Vonage's rules; the official package reads the stand-in's calls."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from vonage_voice.models.responses import CallList

from swapboard.calls.call import Status
from swapboard.calls.fold import fold
from swapboard.carriers.base import CarrierError, Fault, Links, OfferedNumber
from swapboard.carriers.installed import carrier_kind
from swapboard.carriers.vonage import carrier as kind
from swapboard.carriers.vonage.adapter import VonageCarrier, VonageKind
from tests.carriers.rest_stand_in import Answer, Asked, StandIn, stand_in
from tests.carriers.vonage.network import APPLICATION_ID, CREDENTIALS, private_key

LINKS = Links("https://calls.example.com", "c1")
NOON = 1_795_521_600_000
AUDIO = bytes(range(256))


@dataclass
class Vonage:
    """What the stand-in has."""

    numbers: dict[str, str] = field(default_factory=dict)
    """The application of each number that is ours."""
    texts_go_to: dict[str, str] = field(default_factory=dict)
    has_application: bool = True
    takes_updates: bool = True
    application: dict[str, Any] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/v1/"):
            return self._voice(asked)
        pair = base64.b64encode(f"abcd1234:{CREDENTIALS['api_secret']}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {pair}":
            return 401, {"error-code": "401", "error-code-label": "authentication failed"}
        if asked.path.startswith("/v2/"):
            return self._applications(asked)
        return self._numbers(asked, dict(parse_qsl(asked.body.decode())))

    def _voice(self, asked: Asked) -> Answer:
        key = load_pem_private_key(private_key().encode(), None).public_key()
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        claims = jwt.decode(token, key, algorithms=["RS256"])  # type: ignore[arg-type]
        assert claims["application_id"] == APPLICATION_ID
        if asked.path == "/v1/calls":
            index = int(asked.query["record_index"])
            page = self.calls[index : index + int(asked.query["page_size"])]
            told = {"count": len(self.calls), "page_size": 100, "record_index": index}
            links = {"self": {"href": "/v1/calls"}}
            return 200, told | {"_embedded": {"calls": page}, "_links": links}
        return (200, AUDIO) if asked.path == "/v1/files/f-1" else (404, {"title": "Not found"})

    def _applications(self, asked: Asked) -> Answer:
        if asked.path != f"/v2/applications/{APPLICATION_ID}" or not self.has_application:
            return 404, {"title": "Not Found", "detail": "That application does not exist"}
        if asked.method == "PUT":
            self.application = asked.json
        if self.application:
            return 200, self.application
        return 200, {
            "id": APPLICATION_ID,
            "name": "Shop",
            "capabilities": {"voice": {"region": "na-east"}, "rtc": {}},
        }

    def _numbers(self, asked: Asked, form: dict[str, str]) -> Answer:
        match asked.method, asked.path:
            case "GET", "/number/search":
                shelf = ["12025550130", "12025550131", "13055550130"]
                found = [each for each in shelf if each.startswith(asked.query.get("pattern", ""))]
                return 200, {"count": len(found), "numbers": [{"msisdn": each} for each in found]} if found else {}
            case "GET", "/account/numbers":
                found = [each for each in self.numbers if each.startswith(asked.query["pattern"])]
                told = [
                    {"msisdn": each, "app_id": self.numbers[each], "moHttpUrl": self.texts_go_to.get(each)}
                    for each in found
                ]
                return 200, {"count": len(found), "numbers": told} if found else {}
        assert form["country"] == "US"
        number = form["msisdn"]
        if asked.path == "/number/update" and not self.takes_updates:
            return 420, {"error-code": "420", "error-code-label": "method failed"}
        if number == "12025550188" or (asked.path != "/number/buy" and number not in self.numbers):
            return 420, {"error-code": "420", "error-code-label": "method failed"}
        if asked.path == "/number/cancel":
            del self.numbers[number]
        else:
            self.numbers[number] = form.get("app_id", "")
            self.texts_go_to[number] = form.get("moHttpUrl", "")
        return 200, {"error-code": "200", "error-code-label": "success"}


@pytest.fixture
def there() -> Vonage:
    return Vonage()


@pytest.fixture
def api(there: Vonage) -> Iterator[StandIn]:
    with stand_in(there.answer) as made:
        yield made


@pytest.fixture
def carrier(api: StandIn) -> VonageCarrier:
    return VonageKind(api.url, api.url).open(CREDENTIALS)


def test_it_is_installed_under_its_name() -> None:
    assert carrier_kind("vonage") is kind
    assert {each.name for each in kind.credential_fields} == set(CREDENTIALS)


def test_search(carrier: VonageCarrier) -> None:
    assert [each.number for each in carrier.search("us", "202", 9)] == ["+12025550130", "+12025550131"]
    assert len(carrier.search("US", None, 1)) == 1
    assert carrier.search("US", "999", 5) == []


def test_buying_points_the_number_at_our_application_and_that_at_our_doors(
    carrier: VonageCarrier, there: Vonage
) -> None:
    assert carrier.buy("+12025550130", LINKS) == OfferedNumber("+12025550130", None, None, "12025550130")
    assert there.numbers == {"12025550130": APPLICATION_ID}
    voice = there.application["capabilities"]["voice"]
    assert voice["webhooks"]["answer_url"] == {
        "address": "https://calls.example.com/carriers/c1/voice",
        "http_method": "POST",
    }
    assert voice["webhooks"]["event_url"]["address"] == "https://calls.example.com/carriers/c1/status"
    assert (voice["signed_callbacks"], voice["region"], there.application["name"]) == (True, "na-east", "Shop")
    assert there.application["capabilities"]["rtc"] == {}


def test_a_number_that_is_pointed_here_keeps_where_its_texts_go(carrier: VonageCarrier, there: Vonage) -> None:
    there.numbers["12025550130"], there.texts_go_to["12025550130"] = "", "https://texts.example.net/in"
    carrier.configure("12025550130", LINKS)
    assert there.numbers == {"12025550130": APPLICATION_ID}
    assert there.texts_go_to == {"12025550130": "https://texts.example.net/in"}


def test_the_fallback_that_all_numbers_share_is_no_numbers_own(carrier: VonageCarrier, there: Vonage) -> None:
    """Of two lines, the one pointed last would have got the calls of both while this server is down."""
    folder = "https://static.example.net/calls/c1"
    for number in ("12025550130", "12025550131"):
        own = Links(
            "https://calls.example.com", "c1", f"{folder}/{number}.json", fallback_of_any=f"{folder}/any.json"
        )
        carrier.buy(f"+{number}", own)
    voice = there.application["capabilities"]["voice"]
    assert voice["webhooks"]["fallback_answer_url"] == {"address": f"{folder}/any.json", "http_method": "GET"}


def test_what_cannot_be_bought_has_vonages_words(carrier: VonageCarrier, api: StandIn) -> None:
    with pytest.raises(CarrierError, match=r"Vonage: method failed \(HTTP 420\)"):
        carrier.buy("+12025550188", LINKS)
    assert api.names["POST /number/buy"] == 1


@pytest.mark.parametrize("way", ["503", "drop"])
def test_an_order_is_never_given_twice(carrier: VonageCarrier, there: Vonage, api: StandIn, way: str) -> None:
    api.fail("POST", way)
    with pytest.raises(CarrierError) as raised:
        carrier.buy("+12025550130", LINKS)
    assert not raised.value.permanent
    assert (api.names["POST /number/buy"], there.numbers) == (1, {})


def test_an_order_that_was_carried_out_without_an_answer_is_found(carrier: VonageCarrier, api: StandIn) -> None:
    api.fail("POST", "after-drop")
    assert carrier.buy("+12025550130", LINKS).carrier_ref == "12025550130"
    assert api.names["POST /number/buy"] == 1


def test_nothing_is_bought_for_an_application_that_is_gone(
    carrier: VonageCarrier, there: Vonage, api: StandIn
) -> None:
    there.has_application = False
    with pytest.raises(CarrierError, match="That application does not exist"):
        carrier.buy("+12025550130", LINKS)
    assert (api.names["POST /number/buy"], there.numbers) == (0, {})


def test_what_is_bought_and_cannot_be_pointed_here_is_no_order_that_failed(
    carrier: VonageCarrier, there: Vonage
) -> None:
    there.takes_updates = False
    with pytest.raises(CarrierError, match="method failed") as raised:
        carrier.buy("+12025550130", LINKS)
    assert there.numbers == {"12025550130": ""}
    assert not raised.value.permanent, "it costs, and whoever is told that it was refused buys another one"


def test_owned_and_released(carrier: VonageCarrier, there: Vonage) -> None:
    assert carrier.owned("+12025550130") is None
    carrier.buy("+12025550130", LINKS)
    owned = carrier.owned("+12025550130")
    assert owned is not None
    assert owned.points_at == "https://calls.example.com/carriers/c1/voice"
    for app_id, words in (("another", "application another"), ("", "")):
        there.numbers["12025550130"] = app_id
        owned = carrier.owned("+12025550130")
        assert owned is not None
        assert owned.points_at == words
    carrier.release("12025550130")
    carrier.release("12025550130")  # again changes nothing
    assert there.numbers == {}
    with pytest.raises(CarrierError, match="not a number"):
        carrier.release("../buy")


def test_a_recording(carrier: VonageCarrier) -> None:
    assert carrier.recording("127.0.0.1/f-1") == AUDIO
    for ref in ("", "f-1", "evil.example.com/f-1", "127.0.0.1/../calls", "127.0.0.1/f-2"):
        with pytest.raises(CarrierError):
            carrier.recording(ref)


def test_a_wrong_secret(api: StandIn) -> None:
    stranger = VonageKind(api.url, api.url).open(CREDENTIALS | {"api_secret": "wrong"})
    with pytest.raises(CarrierError, match="authentication failed") as raised:
        stranger.search("US", None, 1)
    assert raised.value.fault is Fault.ACCOUNT


def listed(ref: str, direction: str, status: str, start: str, end: str | None, **more: Any) -> dict[str, Any]:
    return {
        "uuid": ref,
        "conversation_uuid": "CON-1",
        "status": status,
        "direction": direction,
        "from": {"type": "phone", "number": "12125550111"},
        "to": {"type": "phone", "number": "12025550143"},
        "start_time": f"2026-11-24T{start}.000Z",
        "end_time": f"2026-11-24T{end}.000Z" if end else None,
        "duration": "0",
        "_links": {"self": {"href": "/v1/calls/x"}},
    } | more


def test_the_list_tells_what_webhooks_lost(carrier: VonageCarrier, there: Vonage) -> None:
    to = {"to": {"type": "phone", "number": "12025550101"}}
    there.calls = [
        listed("z", "outbound", "completed", "12:00:00", "12:01:00", conversation_uuid="CON-9"),
        listed("b", "outbound", "completed", "12:00:04", "12:01:07", duration="63", **to),
        listed("a", "inbound", "completed", "12:00:00", "12:01:08", duration="68"),
        listed("v", "inbound", "ringing", "12:09:00", None, conversation_uuid="CON-2"),
        *(
            listed(f"x{n}", "inbound", "completed", "12:02:00", "12:02:10", conversation_uuid=f"CON-x{n}")
            for n in range(120)
        ),
    ]
    CallList.model_validate(
        {
            "count": 4,
            "page_size": 100,
            "record_index": 0,
            "_links": {"self": {"href": "/"}},
            "_embedded": {"calls": there.calls[:3]},
        }
    )
    events = list(carrier.calls(NOON))
    assert len({event.call_ref for event in events}) == 122
    call = fold(event for event in events if event.call_ref == "CON-1")
    assert (call.status, call.talk_seconds, call.ring_seconds) == (Status.ANSWERED, 63, 4)
    assert (call.caller, call.tracking_number, call.destination) == (
        "+12125550111",
        "+12025550143",
        "+12025550101",
    )
    waiting = fold(event for event in events if event.call_ref == "CON-2")
    assert (waiting.status, waiting.ended_at) == (Status.RINGING, None)
