"""CallTrackingMetrics' calls: the fields of its API, pages by address, and the same names in a CSV."""

import base64
import json
from zoneinfo import ZoneInfo

import httpx
import pytest

from swapboard.calls.call import Status
from swapboard.clock import from_iso
from swapboard.moving.calltrackingmetrics import api_client, fetch, past_calls, read_files
from swapboard.moving.exported import BadExport
from tests.building import NOW

NEW_YORK = ZoneInfo("America/New_York")
CALL = {
    "id": 1,
    "sid": "CA4f",
    "account_id": 5,
    "name": "A Caller",
    "source": "Google Ads",
    "source_id": 9,
    "likelihood": 0.9,
    "duration": 70,
    "talk_time": 61,
    "ring_time": 9,
    "direction": "inbound",
    "called_at": "2026-01-05 10:22 AM -05:00",
    "unix_time": int(from_iso("2026-01-05T15:22:00Z") / 1000),
    "tracking_number": "+12025550122",
    "tracking_label": "Ads",
    "business_number": "+12025550101",
    "caller_number": "+12125550111",
    "city": "New York",
    "state": "NY",
    "is_new_caller": True,
    "dial_status": "completed",
    "call_status": "completed",
    "status": "completed",
    "tag_list": ["vip"],
    "location": "https://shop.example.com/?utm_source=google&utm_medium=cpc",
    "referrer": "https://www.google.com/",
    "paid": {"source": "google", "medium": "cpc", "campaign": "Spring", "keyword": "plumber"},
    "ga": {"gclid": "abc", "cid": "1.2"},
    "sale": {"score": 5, "conversion": True, "value": "99.5"},
}


def test_an_answered_call_with_all_that_is_told() -> None:
    [call], notes = past_calls([CALL], "US", NEW_YORK, NOW)
    assert notes == []
    assert call.started_at == from_iso("2026-01-05T15:22:00Z")
    assert (call.ref, call.status, call.duration_seconds) == ("CA4f", Status.ANSWERED, 61)
    assert (call.channel, call.source, call.medium, call.campaign, call.keyword) == (
        "Paid Search",
        "Google Ads",
        "cpc",
        "Spring",
        "plumber",
    )
    assert (call.click_ids, call.tags, call.value_cents, call.qualified) == ({"gclid": "abc"}, ["vip"], 9950, True)
    assert (call.caller_place, call.first_time_caller) == ("New York, NY", True)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        (
            {"talk_time": 0, "dial_status": "no-answer", "call_status": "no answer", "status": "no answer"},
            Status.MISSED,
        ),
        ({"talk_time": 0, "dial_status": "busy"}, Status.BUSY),
        ({"dial_status": "voicemail"}, Status.VOICEMAIL),
    ],
)
def test_how_calls_ended(changed: dict[str, object], status: Status) -> None:
    [call], _notes = past_calls([{**CALL, **changed}], "US", NEW_YORK, NOW)
    assert call.status is status


def test_withheld_outbound_and_broken_ones() -> None:
    withheld = {**CALL, "caller_number": "anonymous"}
    outbound, broken = (
        {**CALL, "direction": "outbound"},
        {**CALL, "unix_time": None, "called_at": "never", "sid": "X"},
    )
    found, notes = past_calls([withheld, outbound, broken], "US", NEW_YORK, NOW)
    assert [call.withheld for call in found] == [True]
    assert len(notes) == 1
    assert "X" in notes[0]


def test_a_csv_has_the_same_names_with_objects_flattened() -> None:
    text = (
        "Sid,Called At,Tracking Number,Caller Number,Duration,Talk Time,Status,Paid Campaign,GA Gclid,Tag List\n"
        'CA5,2026-01-05 10:22 AM,202-555-0122,212-555-0111,1:10,1:01,answered,Spring,xyz,"a,b"\n'
    )
    rows, notes = read_files({"calls.csv": text})
    [call], _ = past_calls(rows, "US", NEW_YORK, NOW)
    assert notes == []
    assert call.started_at == from_iso("2026-01-05T10:22:00-05:00")
    assert (call.ref, call.duration_seconds, call.campaign) == ("CA5", 61, "Spring")
    assert (call.click_ids, call.tags) == ({"gclid": "xyz"}, ["a", "b"])


def test_files_of_several_pages_and_what_is_missing() -> None:
    first = {"calls": [CALL], "next_page": "https://api.example.com/?page=2"}
    last = {"calls": [CALL], "next_page": None}
    assert read_files({"1": json.dumps(first)})[1]
    rows, notes = read_files({"1": json.dumps(first), "2": json.dumps(last)})
    assert (len(rows), notes) == (2, [])
    with pytest.raises(BadExport):
        read_files({"1": "[1]"})


def test_the_api_page_after_page() -> None:
    client = api_client("access", "secret", "https://api.example.com/api/v1")
    expected = "Basic " + base64.b64encode(b"access:secret").decode()

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == expected
        if request.url.params.get("page") == "2":
            return httpx.Response(200, json={"calls": [CALL], "next_page": None})
        assert request.url.path == "/api/v1/accounts/5/calls"
        assert request.url.params["per_page"] == "150"
        more = "https://api.example.com/api/v1/accounts/5/calls?page=2"
        return httpx.Response(200, json={"calls": [CALL], "next_page": more})

    with httpx.Client(transport=httpx.MockTransport(answer), base_url=client.base_url, auth=client.auth) as told:
        assert len(fetch(told, "5")) == 2
    client.close()
    refuses = httpx.MockTransport(lambda _request: httpx.Response(400, text="per_page limit is 150"))
    with (
        httpx.Client(transport=refuses, base_url="https://api.example.com") as told,
        pytest.raises(BadExport, match="limit is 150"),
    ):
        fetch(told, "5")


def test_a_list_that_leads_back_to_itself_has_an_end() -> None:
    more = "https://api.example.com/api/v1/accounts/5/calls?page=2"
    answers = httpx.MockTransport(lambda _request: httpx.Response(200, json={"calls": [CALL], "next_page": more}))
    with (
        httpx.Client(transport=answers, base_url="https://api.example.com/api/v1") as client,
        pytest.raises(BadExport, match="read already"),
    ):
        fetch(client, "5")


def test_no_other_host_is_told_the_key() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "api.example.com"
        return httpx.Response(200, json={"calls": [CALL], "next_page": "https://other.example.com/calls?page=2"})

    with (
        httpx.Client(transport=httpx.MockTransport(answer), base_url="https://api.example.com/api/v1") as client,
        pytest.raises(BadExport, match="names a next page of another host"),
    ):
        fetch(client, "5")


def test_a_table_of_something_else_is_refused_once_and_not_row_by_row() -> None:
    with pytest.raises(BadExport, match=r"no column tells when a call began. Its columns: start_time, phone."):
        read_files({"calls.csv": "Start Time;Phone\n2026-01-05 10:22;+12125550111\n"})


def test_the_written_time_alone_is_the_same_instant() -> None:
    """A CSV often has no `unix_time`: each of its calls stayed behind."""
    [call], notes = past_calls([{**CALL, "unix_time": None}], "US", NEW_YORK, NOW)
    assert (call.started_at, notes) == (from_iso("2026-01-05T15:22:00Z"), [])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"calls": [None]}, "x.json holds calls that are no objects"),
        ({"calls": None}, "x.json holds no calls"),
        ({"companies": []}, "x.json holds no calls"),
    ],
)
def test_answers_of_something_else_are_told_once(answer: object, said: str) -> None:
    with pytest.raises(BadExport, match=said):
        read_files({"x.json": json.dumps(answer)})
    assert len(read_files({"x.json": json.dumps([CALL, CALL])})[0]) == 2


def test_a_fact_that_is_no_single_value_is_not_told() -> None:
    [call], _notes = past_calls([{**CALL, "source": {"a": 1}, "name": ["x"], "cnam": "B"}], "US", NEW_YORK, NOW)
    assert (call.source, call.caller_name) == ("google", "B")
