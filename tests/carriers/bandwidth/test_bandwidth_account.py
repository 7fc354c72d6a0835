"""The account against a stand-in that keeps Bandwidth's rules; the official client reads its calls, too."""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from xml.etree import ElementTree

import pytest
from bandwidth.models import CallState

from swapboard.calls.call import Status
from swapboard.calls.fold import fold
from swapboard.carriers.bandwidth import carrier as kind
from swapboard.carriers.bandwidth.adapter import BandwidthCarrier, BandwidthKind
from swapboard.carriers.base import CarrierError, Fault, Links, OfferedNumber
from swapboard.carriers.installed import carrier_kind
from tests.carriers.bandwidth.network import CREDENTIALS
from tests.carriers.rest_stand_in import Answer, Asked, StandIn, stand_in

LINKS = Links("https://calls.example.com", "c1")
NOON = 1_795_521_600_000
AUDIO = bytes(range(256))
_ACCOUNT = f"/api/accounts/{CREDENTIALS['account_id']}/"
_VOICE = f"/api/v2/accounts/{CREDENTIALS['account_id']}/"
_APPLICATION = b"""<ApplicationProvisioningResponse><Application><ApplicationId>7fc</ApplicationId>
<ServiceType>Voice-V2</ServiceType><AppName>Shop</AppName>
<CallInitiatedCallbackUrl>http://old.example.com</CallInitiatedCallbackUrl></Application>
</ApplicationProvisioningResponse>"""


@dataclass
class Bandwidth:
    """What the stand-in has."""

    numbers: set[str] = field(default_factory=set)
    application: bytes = b""
    status: list[str] = field(default_factory=lambda: ["RECEIVED", "COMPLETE"])
    """What is told of an order, look by look."""
    status_of_orders: int = 200
    is_late: bool = False
    """What is ordered is there only later."""
    calls: list[dict[str, Any]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        pair = base64.b64encode(f"api:{CREDENTIALS['password']}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {pair}":
            return 401, {"type": "authentication", "description": "Invalid credentials"}
        if asked.path.startswith(_VOICE):
            return self._voice(asked, asked.path.removeprefix(_VOICE).split("/"))
        return self._dashboard(asked, asked.path.removeprefix(_ACCOUNT).split("/"))

    def _voice(self, asked: Asked, path: list[str]) -> Answer:
        match asked.method, path:
            case "GET", ["calls"]:
                since = asked.query.get("minStartTime", "")
                return 200, [each for each in self.calls if each["startTime"] >= since]
            case "GET", ["calls", "c-1", "recordings", "r-1", "media"]:
                return 200, AUDIO
            case "DELETE", ["calls", "c-1", "recordings", "r-1", "media"] if not self.deleted:
                self.deleted.append("r-1")
                return 204, b""
        return 404, {"type": "validation", "description": "Recording not found"}

    def _dashboard(self, asked: Asked, path: list[str]) -> Answer:  # noqa: C901, PLR0911 a table
        match asked.method, path:
            case "GET", ["availableNumbers"]:
                found = _found(asked.query)
                if found is None:
                    return 400, b"<Error><Description>tollFreeWildCardPattern is invalid</Description></Error>"
                listed = "".join(f"<TelephoneNumber>{each}</TelephoneNumber>" for each in found)
                return 200, f"<SearchResult><List>{listed}</List></SearchResult>".encode()
            case "GET", ["applications", _]:
                return 200, _APPLICATION
            case "PUT", ["applications", _]:
                self.application = asked.body
                return 200, _APPLICATION
            case "POST", ["orders"]:
                return self._order(ElementTree.fromstring(asked.body))
            case "GET", ["orders", "o-1"] if self.status_of_orders != 200:
                return self.status_of_orders, b"<Error><Description>not found</Description></Error>"
            case "GET", ["orders", "o-1"]:
                status = self.status.pop(0) if len(self.status) > 1 else self.status[0]
                words = "<ErrorList><Error><Description>The number is gone</Description></Error></ErrorList>"
                return 200, f"<OrderResponse>{words}<OrderStatus>{status}</OrderStatus></OrderResponse>".encode()
            case "GET", ["inserviceNumbers", number] if number in self.numbers:
                return 200, b"<TN/>"
            case "POST", ["disconnects"]:
                self.numbers.discard(ElementTree.fromstring(asked.body).findtext(".//TelephoneNumber") or "")
                return 201, b"<DisconnectTelephoneNumberOrderResponse/>"
        return 404, b"<Error><Description>not found</Description></Error>"

    def _order(self, order: ElementTree.Element) -> Answer:
        assert [each.tag for each in order] == ["Name", "SiteId", "PeerId", "ExistingTelephoneNumberOrderType"]
        number = order.findtext(".//TelephoneNumber") or ""
        if number == "2025550188":
            return 400, b"<OrderResponse><Error><Description>Not for sale</Description></Error></OrderResponse>"
        if not self.is_late:
            self.numbers.add(number)
        return (
            201,
            b"<OrderResponse><Order><id>o-1</id></Order><OrderStatus>RECEIVED</OrderStatus></OrderResponse>",
        )


def _found(query: Mapping[str, str]) -> list[str] | None:
    """Toll-free numbers by three characters with a star: `8**`, `80*`, `87*` (Bandwidth's guide to ordering)."""
    pattern = query.get("tollFreeWildCardPattern")
    if pattern is None:
        shelf = ["2025550130", "2025550131", "3055550130"]
        return [each for each in shelf if each.startswith(query.get("areaCode", ""))]
    if not re.fullmatch(r"8([0-9]\*|\*\*)", pattern):
        return None
    return [each for each in ("8005550130", "8885550130", "8885550131") if each.startswith(pattern.rstrip("*"))]


@pytest.fixture
def there() -> Bandwidth:
    return Bandwidth()


@pytest.fixture
def api(there: Bandwidth) -> Iterator[StandIn]:
    with stand_in(there.answer) as made:
        yield made


def opened(api: StandIn, **change: str) -> BandwidthCarrier:
    carrier = BandwidthKind(api.url, api.url).open(CREDENTIALS | change)
    return replace(carrier, account=replace(carrier.account, pause=lambda _: None))


@pytest.fixture
def carrier(api: StandIn) -> BandwidthCarrier:
    return opened(api)


def test_it_is_installed_under_its_name() -> None:
    assert carrier_kind("bandwidth") is kind
    assert {each.name for each in kind.credential_fields if each.required} == set(CREDENTIALS)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"account_id": "x"}, "account ID: it has digits only"),
        ({"site_id": ""}, "sub-account"),
        ({"application_id": "../x"}, "voice application ID"),
        ({"callback_username": "a:b"}, "no colon"),
        ({"callback_password": "short"}, "16 characters"),
    ],
)
def test_what_is_missing_or_wrong_is_said(change: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        kind.open(CREDENTIALS | change)


def test_secrets_do_not_show(carrier: BandwidthCarrier) -> None:
    assert CREDENTIALS["password"] not in repr(carrier)
    assert CREDENTIALS["callback_password"] not in repr(carrier)


def test_search(carrier: BandwidthCarrier) -> None:
    assert [each.number for each in carrier.search("us", "202", 9)] == ["+12025550130", "+12025550131"]
    assert len(carrier.search("US", None, 1)) == 1
    assert [each.number for each in carrier.search("US", "888", 9)] == ["+18885550130", "+18885550131"]
    with pytest.raises(CarrierError, match="no numbers of GB"):
        carrier.search("GB", None, 1)


def test_buying_waits_for_the_order_and_points_the_application_at_our_doors(
    carrier: BandwidthCarrier, there: Bandwidth
) -> None:
    assert carrier.buy("+12025550130", LINKS) == OfferedNumber("+12025550130", None, None, "2025550130")
    assert there.numbers == {"2025550130"}
    application = ElementTree.fromstring(there.application)
    told = {each.tag: each.text for each in application.iter()}
    assert application.tag == "Application"
    assert told["CallInitiatedCallbackUrl"] == "https://calls.example.com/carriers/c1/voice"
    assert told["CallStatusCallbackUrl"] == "https://calls.example.com/carriers/c1/status"
    assert (told["UserId"], told["Password"], told["AppName"]) == ("swapboard", "b" * 20, "Shop")


def test_an_order_that_fails_has_bandwidths_words(carrier: BandwidthCarrier, there: Bandwidth) -> None:
    there.status = ["FAILED"]
    with pytest.raises(CarrierError, match="The number is gone") as raised:
        carrier.buy("+12025550130", LINKS)
    assert raised.value.permanent
    with pytest.raises(CarrierError, match=r"Not for sale \(HTTP 400\)"):
        carrier.buy("+12025550188", LINKS)


@pytest.mark.parametrize("way", ["503", "drop"])
def test_an_order_is_never_given_twice(
    carrier: BandwidthCarrier, there: Bandwidth, api: StandIn, way: str
) -> None:
    api.fail("POST", way)
    with pytest.raises(CarrierError) as raised:
        carrier.buy("+12025550130", LINKS)
    assert not raised.value.permanent
    assert api.names[f"POST {_ACCOUNT}orders"] == 1
    assert there.numbers == set()


def test_an_order_that_was_carried_out_without_an_answer_is_found(carrier: BandwidthCarrier, api: StandIn) -> None:
    api.fail("POST", "after-drop")
    assert carrier.buy("+12025550130", LINKS).carrier_ref == "2025550130"


def test_an_order_that_takes_its_time_is_found(carrier: BandwidthCarrier, there: Bandwidth) -> None:
    there.status = ["RECEIVED"]
    assert carrier.buy("+12025550130", LINKS).carrier_ref == "2025550130"


@pytest.mark.parametrize("status", [403, 404])
def test_an_order_whose_state_cannot_be_seen_is_none_that_failed(
    carrier: BandwidthCarrier, there: Bandwidth, status: int
) -> None:
    there.status_of_orders = status
    assert carrier.buy("+12025550130", LINKS).carrier_ref == "2025550130"
    there.is_late = True
    with pytest.raises(CarrierError, match="not found") as raised:
        carrier.buy("+12025550131", LINKS)
    assert not raised.value.permanent, "it will be there, and whoever is told that it failed orders another one"


def test_owned_configured_and_released(carrier: BandwidthCarrier, there: Bandwidth) -> None:
    assert carrier.owned("+12025550130") is None
    carrier.buy("+12025550130", LINKS)
    assert carrier.owned("+12025550130") is not None
    carrier.configure("2025550130", Links("https://new.example.com", "c1"))
    assert b"https://new.example.com/carriers/c1/voice" in there.application
    carrier.release("2025550130")
    carrier.release("2025550130")  # again changes nothing
    assert there.numbers == set()
    with pytest.raises(CarrierError, match="not a number"):
        carrier.release("../orders")


def test_recordings(carrier: BandwidthCarrier, there: Bandwidth) -> None:
    assert carrier.recording("c-1.r-1") == AUDIO
    for ref in ("", "c-1", "../x.r-1", "c-1.r-2"):
        with pytest.raises(CarrierError):
            carrier.recording(ref)
    carrier.delete_recording("c-1.r-1")
    carrier.delete_recording("c-1.r-1")
    assert there.deleted == ["r-1"]


def test_a_wrong_password(api: StandIn) -> None:
    stranger = opened(api, password="wrong")
    with pytest.raises(CarrierError, match="Invalid credentials") as raised:
        list(stranger.calls(0))
    assert raised.value.fault is Fault.ACCOUNT


def listed(ref: str, start: str, answer: str | None, end: str | None, **more: Any) -> dict[str, Any]:
    at = {"startTime": start, "answerTime": answer, "endTime": end}
    return {
        "callId": ref,
        "direction": "inbound",
        "from": "+12125550111",
        "to": "+12025550143",
        "state": "disconnected",
        "disconnectCause": "hangup",
        **{name: f"2026-11-24T{each}Z" for name, each in at.items() if each},
    } | more


def test_the_list_tells_what_webhooks_lost(carrier: BandwidthCarrier, there: Bandwidth) -> None:
    leg = {"parentCallId": "c-1", "direction": "outbound", "to": "+12025550101"}
    there.calls = [
        listed("c-9", "11:59:00", None, "11:59:10"),
        listed("c-3", "12:00:02", "12:00:04", "12:01:07", **leg),
        listed("c-2", "12:00:01", None, "12:00:02", disconnectCause="busy", **leg),
        listed("c-1", "12:00:00", "12:00:04", "12:01:08"),
        listed("c-4", "12:09:00", None, None, **{"from": "Anonymous"}),
    ]
    events = list(carrier.calls(NOON))
    assert {event.call_ref for event in events} == {"c-1", "c-4"}
    call = fold(event for event in events if event.call_ref == "c-1")
    assert (call.status, call.talk_seconds, call.ring_seconds) == (Status.ANSWERED, 63, 4)
    assert [each.status.value for each in call.legs] == ["busy", "answered"]
    waiting = fold(event for event in events if event.call_ref == "c-4")
    assert (waiting.status, waiting.withheld) == (Status.RINGING, True)
    for each in there.calls:
        # The official client reads the list as we do.
        assert CallState.from_dict(each).call_id == each["callId"]  # type: ignore[union-attr]
