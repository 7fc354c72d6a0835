"""A Telnyx account: numbers found, ordered once, pointed at our doors, given back; its calls and recordings."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest
import stamina

from swapboard.calls.call import EventKind
from swapboard.calls.fold import fold
from swapboard.carriers.base import CarrierError, Fault, Links
from swapboard.carriers.telnyx.account import Account
from swapboard.clock import SECOND
from tests.carriers.telnyx.api import ACCOUNT_SID, API_KEY, APPLICATION_ID, AUDIO, RECORDING, Api, Handler
from tests.local_server import answering

LINKS = Links("https://calls.example.com", "c1")
NUMBER = "+12025550130"
NOON = 1_795_521_600


@pytest.fixture
def api() -> Iterator[Api]:
    known = Api()
    handler = type("OneApi", (Handler,), {"api": known})
    with answering(handler) as server, stamina.set_testing(True, attempts=3):
        known.url = f"http://127.0.0.1:{server.server_port}/v2/"
        yield known


def account(api: Api, api_key: str = API_KEY) -> Account:
    return Account(ACCOUNT_SID, APPLICATION_ID, api_key, api.url)


def test_numbers_for_sale(api: Api) -> None:
    found = account(api).search("us", "202", 5)
    assert [(each.number, each.locality, each.region) for each in found] == [
        ("+12025550130", "WASHINGTON", "DC"),
        ("+12025550131", "WASHINGTON", "DC"),
    ]
    assert len(account(api).search("US", None, 1)) == 1


def test_a_number_is_ordered_once_for_our_application_which_points_at_our_doors(api: Api) -> None:
    bought = account(api).buy(NUMBER, LINKS)
    assert (bought.number, bought.carrier_ref) == (NUMBER, "1000")
    assert api.asked["POST /v2/number_orders"] == 1
    assert api.owned["1000"]["connection_id"] == APPLICATION_ID
    assert api.application["voice_url"] == "https://calls.example.com/carriers/c1/voice"
    assert api.application["status_callback"] == "https://calls.example.com/carriers/c1/status"
    assert (api.application["friendly_name"], api.application["voice_method"]) == ("Calls", "post")
    assert api.application["inbound"] == {"channel_limit": 10, "shaken_stir_enabled": True}


def test_an_application_that_points_at_our_doors_is_left_as_it_is(api: Api) -> None:
    account(api).buy(NUMBER, LINKS)
    account(api).configure("1000", LINKS)
    assert api.asked[f"PATCH /v2/texml_applications/{APPLICATION_ID}"] == 1


@pytest.mark.parametrize("failure", [-503, -500])
def test_an_order_without_a_clear_answer_is_looked_for_and_not_made_again(api: Api, failure: int) -> None:
    api.failures["POST"] = [failure]
    assert account(api).buy(NUMBER, LINKS).carrier_ref == "1000"
    assert api.asked["POST /v2/number_orders"] == 1


def test_an_order_that_is_under_way_is_no_number_yet_and_may_still_come(api: Api) -> None:
    api.is_slow = True
    with pytest.raises(CarrierError, match="not yet carried out") as caught:
        account(api).buy(NUMBER, LINKS)
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("status", "is_awaited"),
    [("active", False), ("purchase-pending", False), ("requirement-info-pending", True)],
)
def test_a_number_that_wants_papers_does_not_ring_yet(api: Api, status: str, is_awaited: bool) -> None:
    api.status_of_new = status
    assert account(api).buy(NUMBER, LINKS).is_awaited == is_awaited


def test_a_number_that_is_not_for_sale(api: Api) -> None:
    with pytest.raises(CarrierError, match=r"cannot be ordered. \(HTTP 422\)") as caught:
        account(api).buy("+12025550177", LINKS)
    assert caught.value.fault is Fault.REQUEST
    assert api.asked["POST /v2/number_orders"] == 1


def test_a_wrong_key_is_the_accounts_fault(api: Api) -> None:
    with pytest.raises(CarrierError, match="Authentication failed") as caught:
        account(api, "KEY9").search("US", None, 1)
    assert caught.value.fault is Fault.ACCOUNT


def test_reading_is_tried_again(api: Api) -> None:
    api.failures["GET"] = [500, 429]
    assert account(api).search("US", None, 1)
    api.failures["GET"] = [500, 500, 500]
    with pytest.raises(CarrierError) as caught:
        account(api).search("US", None, 1)
    assert caught.value.fault is Fault.CARRIER


def test_a_number_is_given_back_and_giving_it_back_again_does_no_harm(api: Api) -> None:
    account(api).buy(NUMBER, LINKS)
    assert account(api).owned(NUMBER) is not None
    account(api).release("1000")
    account(api).release("1000")
    assert account(api).owned(NUMBER) is None


def test_where_a_numbers_calls_go(api: Api) -> None:
    account(api).buy(NUMBER, LINKS)
    found = account(api).owned(NUMBER)
    assert found is not None
    assert found.points_at == "https://calls.example.com/carriers/c1/voice"
    api.owned["1000"] |= {"connection_id": "77", "connection_name": "Fax machine"}
    moved = account(api).owned(NUMBER)
    assert moved is not None
    assert moved.points_at == "Fax machine"
    account(api).configure("1000", LINKS)
    assert api.owned["1000"]["connection_id"] == APPLICATION_ID


def test_a_number_that_was_ported_out_is_not_the_accounts(api: Api) -> None:
    account(api).buy(NUMBER, LINKS)
    api.owned["1000"]["status"] = "ported-out"
    assert account(api).owned(NUMBER) is None


def listed(sid: str, after: int, **more: Any) -> dict[str, Any]:
    began, ended = (datetime.fromtimestamp(NOON + seconds, UTC) for seconds in (after, after + 60))
    return {
        "sid": f"v3:{sid}",
        "direction": "inbound",
        "from": "+12125550111",
        "to": NUMBER,
        "status": "completed",
        "start_time": format_datetime(began),
        "end_time": format_datetime(ended),
        "duration": "60",
    } | more


def test_the_call_list_is_read_to_its_end(api: Api) -> None:
    api.calls = [
        listed("early", -60),
        listed("one", 10),
        listed("leg", 12, direction="outbound"),
        listed("busy", 20, status="busy"),
        listed("now", 30, status="in-progress", end_time=None),
    ]
    told = list(account(api).calls(NOON * SECOND))
    by_call = {ref: [event for event in told if event.call_ref == ref] for ref in {each.call_ref for each in told}}
    assert set(by_call) == {"v3:one", "v3:busy", "v3:now"}
    assert [event.kind for event in by_call["v3:now"]] == [EventKind.ARRIVED]
    assert fold(by_call["v3:one"]).ended_at == (NOON + 70) * SECOND
    assert fold(by_call["v3:busy"]).status == "busy"


def test_a_recording_is_had_as_wav_and_deleted(api: Api) -> None:
    assert account(api).recording(RECORDING) == AUDIO
    account(api).delete_recording(RECORDING)
    account(api).delete_recording(RECORDING)
    assert not api.kept
    with pytest.raises(CarrierError, match="not yet") as early:
        account(api).recording(RECORDING)
    assert not early.value.permanent
    with pytest.raises(CarrierError, match="no such recording"):
        account(api).recording("another")


def test_a_recording_as_mp3_is_not_tried_for_ever(api: Api) -> None:
    api.recorded_as = "mp3"
    with pytest.raises(CarrierError, match="MP3 only") as caught:
        account(api).recording(RECORDING)
    assert caught.value.permanent
