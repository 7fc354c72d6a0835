"""CallRail's documented shapes: trackers of each source, ids of both kinds, calls by API and CSV, both pagings."""

import json
from collections.abc import Callable
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Engine

from swapboard.accounts.company import Company
from swapboard.accounts.store import add_company
from swapboard.calls.call import Status
from swapboard.clock import from_iso
from swapboard.moving import calltrackingmetrics
from swapboard.moving.call_history import write_history
from swapboard.moving.callrail.history import past_calls
from swapboard.moving.callrail.move import Choice, move_company
from swapboard.moving.callrail.pages import fetch, read_files
from swapboard.moving.callrail.shapes import Tracker
from swapboard.moving.callrail.trackers import move_trackers
from swapboard.moving.exported import BadExport, answer_of
from swapboard.moving.house_reading import read_setup
from swapboard.moving.house_writing import write_setup
from swapboard.moving.setup import Setup, faults
from swapboard.numbers.conditions import Field
from swapboard.numbers.inventory import NumberStatus
from swapboard.numbers.rules import Outcome, Overflow
from swapboard.storage.engine import writing
from swapboard.storage.ids import new_id
from tests.building import NOW, rows_of

NEW_YORK = ZoneInfo("America/New_York")
MAIN, DESK = "+12025550100", "+12025550101"
COMPANIES = {
    "page": 1,
    "per_page": 100,
    "total_pages": 1,
    "total_records": 1,
    "companies": [
        {
            "id": "COM8154748ae6bd4e278a7cddd38a662f4f",
            "name": "Widget Shop",
            "status": "active",
            "time_zone": "America/Denver",
            "created_at": "2017-01-26T20:57:22.302Z",
            "disabled_at": None,
            "dni_active": True,
            "script_url": "//cdn.example.com/companies/1/swap.js",
            "swap_ppc_override": False,
            "swap_cookie_duration": 6,
            "swap_cookie_duration_unit": "months",
        }
    ],
}
COMPANY = {"id": "COM8154748ae6bd4e278a7cddd38a662f4f", "name": "Widget Shop"}


def tracker(number: str, source: object, **more: object) -> dict[str, object]:
    return {
        "id": f"TRK{number[-4:]}4ae6bd4e278a7cddd38a662f4f",
        "name": f"Tracker {number[-2:]}",
        "type": "source",
        "status": "active",
        "destination_number": DESK,
        "tracking_numbers": [number],
        "whisper_message": None,
        "sms_supported": True,
        "sms_enabled": False,
        "swap_targets": ["202-555-0100"],
        "company": COMPANY,
        "call_flow": {"type": "basic", "recording_enabled": False, "destination_number": DESK},
        "source": source,
        "created_at": "2017-01-26T20:57:22.302Z",
        "disabled_at": None,
        **more,
    }


SESSION = tracker(
    "+12025550140",
    {"type": "all"},
    name="Website pool",
    type="session",
    tracking_numbers=["+12025550140", "+12025550141", "+12025550142", "+12025550143"],
    pool_size=4,
    pool_numbers={"area_code": "202"},
)
TRACKERS = [
    SESSION,
    tracker("+12025550120", {"type": "all"}),
    tracker("+12025550121", {"type": "direct"}),
    tracker("+12025550122", {"type": "search", "search_engine": "google", "search_type": "paid"}),
    tracker("+12025550123", {"type": "search", "search_engine": "all", "search_type": "organic"}),
    tracker("+12025550124", {"type": "web_referrer", "web_referrer": "https://www.yelp.example.com/"}),
    tracker("+12025550125", {"type": "landing_params", "landing_params": "utm_source=flyer"}),
    tracker("+12025550126", {"type": "landing_url", "landing_url": "/spring"}),
    tracker("+12025550127", {"type": "facebook_all"}),
    tracker("+12025550128", {"type": "bing_all"}),
    tracker("+12025550129", {"type": "offline"}, swap_targets=[], campaign_name="Billboard", name="Route 9"),
    tracker("+12025550130", {"type": "google_ad_extension"}, swap_targets=[]),
    tracker("+12025550131", {"type": "google_my_business"}, swap_targets=[]),
    tracker("+12025550132", {"type": "mobile_ad_extension"}, swap_targets=[]),
    tracker("+12025550133", {"type": "telepathy"}),
    tracker("+12025550134", {"type": "web_referrer"}),
    tracker("+12025550135", {"type": "all"}, status="disabled", disabled_at="2020-01-01T00:00:00Z"),
]


def moved(*trackers: dict[str, object]) -> tuple[Setup, list[str]]:
    told = move_trackers([Tracker.model_validate(each) for each in trackers], "US", NumberStatus.PAUSED)
    assert faults(told.setup) == []
    return told.setup, told.notes


def test_trackers_become_numbers_pools_and_rules_in_their_precedence() -> None:
    setup, notes = moved(*TRACKERS)
    assert [(rule.name, rule.number or rule.pool) for rule in setup.rules] == [
        # 1: the landing page.
        ("Tracker 25", "+12025550125"),
        ("Tracker 26", "+12025550126"),
        # 2: specific referrers.
        ("Tracker 21", "+12025550121"),
        ("Tracker 22", "+12025550122"),
        ("Tracker 24", "+12025550124"),
        # 3: groups of them.
        ("Tracker 23", "+12025550123"),
        ("Tracker 27", "+12025550127"),
        ("Tracker 28", "+12025550128"),
        # 4: every visit, and 5: pools.
        ("Tracker 20", "+12025550120"),
        ("Website pool", "Website pool"),
    ]
    conditions = {rule.name: dict(rule.conditions) for rule in setup.rules}
    assert conditions["Tracker 25"] == {Field.LANDING_PAGE: ["*utm_source=flyer*"]}
    assert conditions["Tracker 22"] == {Field.CHANNEL: ["Paid Search"], Field.SOURCE: ["google"]}
    assert conditions["Tracker 23"] == {Field.CHANNEL: ["Organic Search"]}
    assert conditions["Tracker 24"] == {Field.REFERRER: ["*yelp.example.com*"]}
    assert conditions["Tracker 21"] == {Field.CHANNEL: ["Direct"]}
    assert conditions["Website pool"] == {}
    assert setup.rules[-1].outcome is Outcome.POOL
    numbers = {each.number: each for each in setup.numbers}
    assert [each.number for each in setup.numbers if each.pool == "Website pool"] == SESSION["tracking_numbers"]
    assert setup.pools[0].overflow is Overflow.ORIGINAL
    billboard = numbers["+12025550129"]
    assert (billboard.placement, billboard.campaign, billboard.channel) == ("Route 9", "Billboard", "Offline")
    assert numbers["+12025550130"].medium == "cpc"
    assert "+12025550135" not in numbers
    assert all(each.status is NumberStatus.PAUSED for each in setup.numbers)
    # What is not known is told, never guessed: such a number has no rule.
    assert any("'telepathy'" in note for note in notes)
    assert any("Tracker 34" in note and "no rule" in note for note in notes)
    assert any("Tracker 35" in note and "disabled" in note for note in notes)


def test_numeric_ids_a_source_in_one_word_and_the_older_single_number() -> None:
    told = {"id": 766970532, "name": "Old", "type": "source", "company_id": 42, "source": "direct"}
    setup, _notes = moved({**told, "tracking_number": "+12025550120", "destination_number": "202-555-0101"})
    assert setup.numbers[0].number == "+12025550120"
    # Without a swap target the destination itself stands on the page.
    assert [(each.number, each.destination) for each in setup.swap_targets] == [(DESK, DESK)]


def test_what_has_no_counterpart_is_told() -> None:
    flow = {"type": "voice_menu", "recording_enabled": True, "destination_number": DESK, "greeting_text": "Hello"}
    short = {**SESSION, "pool_size": 8}
    elsewhere = tracker(
        "+12025550120", {"type": "direct"}, call_flow={"type": "basic", "destination_number": MAIN}
    )
    _setup, notes = moved(
        tracker("+12025550121", {"type": "direct"}, call_flow=flow, whisper_message="New lead", sms_enabled=True),
        short,
        {**elsewhere, "destination_number": "+12025550109", "call_flow": None},
        tracker("+12025550150", {"type": "direct"}, tracking_numbers=[]),
    )
    told = "\n".join(notes)
    for said in (
        "call flow (voice_menu)",
        "greeting",
        "recording is off",
        "whisper",
        "text messages",
        "its pool has 8 numbers; 4 are told",
        "here all ring at",
        "names no destination or no tracking number",
    ):
        assert said in told


def test_a_tracking_number_that_another_one_rings_at_stays_behind() -> None:
    chained = tracker("+12025550121", {"type": "direct"}, destination_number="+12025550120", call_flow=None)
    setup, notes = moved(
        tracker("+12025550120", {"type": "all"}, swap_targets=[]), {**chained, "swap_targets": []}
    )
    assert [each.number for each in setup.numbers] == ["+12025550121"]
    assert any("stays behind" in note for note in notes)


PAGE_NUMBERS = [f"+1202555010{digit}" for digit in range(5)]


@given(st.lists(st.lists(st.sampled_from(PAGE_NUMBERS), min_size=1, unique=True), min_size=1, max_size=4))
@example([PAGE_NUMBERS[:2], PAGE_NUMBERS[1:3]])
@example([PAGE_NUMBERS[:2], [PAGE_NUMBERS[2], PAGE_NUMBERS[0]]])
def test_trackers_that_share_numbers_of_the_page_make_no_chain(pages: list[list[str]]) -> None:
    sessions = [
        {**SESSION, "name": f"Pool {place}", "tracking_numbers": [f"+1202555014{place}"], "swap_targets": page}
        for place, page in enumerate(pages)
    ]
    for each in sessions:
        each["destination_number"] = "+12025550199"
        each["call_flow"] = None
    setup, _ = moved(*sessions)
    sharing = {each.number for each in setup.swap_targets if each.shares_with}
    assert {pool.target for pool in setup.pools}.isdisjoint(sharing), (
        "a pool of a number that shares is never used"
    )


API_CALL = {
    "answered": True,
    "business_phone_number": DESK,
    "customer_city": "Denver",
    "customer_country": "US",
    "customer_name": "A CALLER",
    "customer_phone_number": "+12125550111",
    "customer_state": "CO",
    "direction": "inbound",
    "duration": 63,
    "id": "CAL8154748ae6bd4e278a7cddd38a662f4f",
    "recording": None,
    "start_time": "2017-01-24T19:50:03.456-05:00",
    "tracking_phone_number": "+12025550122",
    "voicemail": False,
    "company_id": "COM8154748ae6bd4e278a7cddd38a662f4f",
    "source": "Google Ads",
    "medium": "CPC",
    "campaign": "Spring",
    "keywords": "drain cleaning",
    "landing_page_url": "https://shop.example.com/?utm_source=google&utm_medium=cpc&gclid=abc",
    "referring_url": "https://www.google.com/",
    "gclid": "abc",
    "tags": [{"id": 1, "name": "new", "tag_level": "account", "color": "gray1"}],
    "value": "120.50",
    "lead_status": "good_lead",
    "first_call": True,
}


def test_calls_of_the_api() -> None:
    missed = {
        **API_CALL,
        "id": 12345,
        "answered": False,
        "duration": "13",
        "lead_status": None,
        "tags": ["a", "b"],
    }
    mailed = {**missed, "id": "CAL2", "voicemail": True, "customer_phone_number": None, "value": None}
    outbound = {**API_CALL, "id": "CAL3", "direction": "outbound"}
    broken = {**API_CALL, "id": "CAL4", "start_time": "soon"}
    found, notes = past_calls([API_CALL, missed, mailed, outbound, broken], "US", NEW_YORK, NOW)
    first, second, third = found
    assert first.started_at == from_iso("2017-01-24T19:50:03.456-05:00")
    assert (first.status, first.duration_seconds, first.caller, first.caller_place) == (
        Status.ANSWERED,
        63,
        "+12125550111",
        "Denver, CO",
    )
    assert (first.channel, first.source, first.medium, first.keyword) == (
        "Paid Search",
        "Google Ads",
        "CPC",
        "drain cleaning",
    )
    assert (first.click_ids, first.tags, first.value_cents, first.qualified) == (
        {"gclid": "abc"},
        ["new"],
        12050,
        True,
    )
    assert first.first_time_caller
    assert (second.ref, second.status, second.duration_seconds, second.tags) == (
        "12345",
        Status.MISSED,
        13,
        ["a", "b"],
    )
    assert second.qualified is None
    assert (third.status, third.withheld, third.value_cents) == (Status.VOICEMAIL, True, None)
    assert len(notes) == 1
    assert "CAL4" in notes[0]


CSV = (
    "\ufeffCall Status,Number Name,Tracking Number,Source,Start Time,Duration (seconds),Name,Phone Number,"
    "First-Time Caller,City,State,Keywords,Landing Page,Campaign,Value,Tags,Qualified\r\n"
    "Answered Call,Ads,(202) 555-0122,Google Ads,2026-01-05 10:22 AM,125,A CALLER,(212) 555-0111,"
    'true,New York,NY,"plumber, near me",shop.example.com/drains,Spring,"$1,200.00","new, vip",Qualified\r\n'
    "Abandoned Call,Ads,(202) 555-0122,Direct,01/06/2026 22:05,4,,,false,,,,,,,,Not Qualified\r\n"
    "Voicemail,Ads,(202) 555-0122,Direct,2026-01-07 08:00:00 -0700,31,,(212) 555-0112,false,,,,,,,,\r\n"
)


def test_calls_of_a_csv_in_the_companys_zone() -> None:
    export = read_files({"calls.csv": CSV})
    found, notes = past_calls(export.calls, "US", NEW_YORK, NOW)
    assert notes == []
    first, second, third = found
    assert first.started_at == from_iso("2026-01-05T10:22:00-05:00")
    assert (first.status, first.duration_seconds, first.tracking_number, first.caller) == (
        Status.ANSWERED,
        125,
        "+12025550122",
        "+12125550111",
    )
    assert (first.value_cents, first.tags, first.qualified) == (120_000, ["new", "vip"], True)
    assert (second.status, second.withheld, second.qualified) == (Status.MISSED, True, False)
    assert second.started_at == from_iso("2026-01-06T22:05:00-05:00")
    assert (third.status, third.started_at) == (Status.VOICEMAIL, from_iso("2026-01-07T08:00:00-07:00"))
    assert len({call.ref for call in found}) == 3


@pytest.mark.parametrize("separator", [";", "\t"], ids=["semicolon", "tab"])
def test_a_spreadsheets_own_separator_and_commas_in_amounts(separator: str) -> None:
    rows = (("Start Time", "Phone Number", "Value"), ("2026-01-05 10:22", "(212) 555-0111", "1.200,50 €"))
    found, notes = past_calls(
        read_files({"c.csv": "\n".join(map(separator.join, rows))}).calls, "US", NEW_YORK, NOW
    )
    assert [(call.caller, call.value_cents) for call in found] == [("+12125550111", 120_050)]
    # What no column tells is said: else a missing one would pass for withheld callers and missed calls.
    assert [note.split(":")[0] for note in notes] == [
        "No column tells which number was called",
        "No column tells whether a call was answered",
        "No column tells how long a call took",
    ]


def test_headings_without_a_call_are_told() -> None:
    assert read_files({"c.csv": "Start Time,Phone Number\n"}).notes == [
        "c.csv has headings, and no call below them."
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("start_time", "0001-01-01"),
        ("start_time", "9999-12-31 23:59"),
        ("start_time", "²²²²²²²²²"),
        ("start_time", "9" * 5_000),
        ("start_time", ""),
        ("duration", "999999999999"),
        ("duration", f"1:{'9' * 5_000}"),
    ],
)
def test_what_cannot_be_of_a_call_leaves_that_one_behind(column: str, value: str) -> None:
    found, notes = past_calls([{**API_CALL, column: value}, API_CALL], "US", NEW_YORK, NOW)
    assert len(found) == len(notes) == 1


def test_an_amount_of_a_currency_with_small_units_is_kept() -> None:
    sold = {**API_CALL, "value": "Rp30.000.000"}
    assert past_calls([sold], "ID", NEW_YORK, NOW)[0][0].value_cents == 30_000_000_00


@pytest.mark.parametrize("value", ["1e30", "99999999999999999", "many"])
def test_an_amount_that_is_none_is_left_out(value: str) -> None:
    assert past_calls([{**API_CALL, "value": value}], "US", NEW_YORK, NOW)[0][0].value_cents is None


def test_an_instant_is_the_same_however_it_is_written() -> None:
    zoned = ("2026-01-05 10:22:00 UTC", "2026-01-05T10:22:00UTC", "2026-01-05T11:22:00+01:00")
    texts = ("1767608520", "1767608520000", *zoned)
    told = [{**API_CALL, "start_time": text} for text in texts]
    assert {call.started_at for call in past_calls(told, "US", NEW_YORK, NOW)[0]} == {1767608520000}


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-01-05 10:22 AM EST", 15),
        ("01/05/2026 10:22 AM CST", 16),
        ("Jan 05, 2026 10:22 AM (MST)", 17),
        ("2026-01-05 10:22:00 PST", 18),
        ("2026-01-05T10:22:00 AKST", 19),
        ("2026-01-05 10:22 AM HST", 20),
        ("2026-01-05 10:22 EDT", 14),
        ("2026-01-05 10:22 GMT", 10),
        ("2026-01-05 10:22 AM", 15),
    ],
)
def test_a_time_with_its_zones_letters(text: str, hour: int) -> None:
    [call], notes = past_calls([{**API_CALL, "start_time": text}], "US", NEW_YORK, NOW)
    assert (call.started_at, notes) == (from_iso(f"2026-01-05T{hour}:22:00Z"), [])


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2026-07-05 10:22 AM EST", "America/New_York", "2026-07-05T15:22:00Z"),
        ("2026-11-01 01:30 AM EDT", "America/New_York", "2026-11-01T05:30:00Z"),
        ("2026-11-01 01:30 AM EST", "America/New_York", "2026-11-01T06:30:00Z"),
        ("2026-07-05 10:22 BST", "Europe/London", "2026-07-05T09:22:00Z"),
        ("2026-07-05 10:22 GMT", "Europe/London", "2026-07-05T10:22:00Z"),
        ("2026-07-05 10:22 IST", "Asia/Kolkata", "2026-07-05T04:52:00Z"),
        ("2026-07-05 10:22 CST", "Asia/Shanghai", "2026-07-05T02:22:00Z"),
        ("2026-07-05T10:22:00-05:00 CST", "Asia/Shanghai", "2026-07-05T15:22:00Z"),
    ],
)
def test_letters_are_first_those_of_the_companys_own_zone(text: str, zone: str, instant: str) -> None:
    now = from_iso("2026-11-30T00:00:00Z")
    [call], _notes = past_calls([{**API_CALL, "start_time": text}], "US", ZoneInfo(zone), now)
    assert call.started_at == from_iso(instant)


@pytest.mark.parametrize(
    ("country", "times", "first"),
    [
        ("DE", ["05.11.2026 10:22", "06.11.2026 10:22:59"], "2026-11-05T10:22:00Z"),
        ("US", ["05.11.2026 10:22"], "2026-11-05T10:22:00Z"),
        ("US", ["05/11/2026 10:22"], "2026-05-11T10:22:00Z"),
        ("GB", ["05/11/2026 10:22"], "2026-11-05T10:22:00Z"),
        ("US", ["05/11/2026 10:22", "13/11/2026 10:22"], "2026-11-05T10:22:00Z"),
        ("GB", ["05/11/2026 10:22 AM", "05/13/2026 10:22 AM"], "2026-05-11T10:22:00Z"),
    ],
)
def test_days_are_read_as_a_spreadsheet_of_the_country_writes_them(
    country: str, times: list[str], first: str
) -> None:
    rows = [{**API_CALL, "start_time": text} for text in times]
    found, notes = past_calls(rows, country, ZoneInfo("UTC"), from_iso("2026-11-30T00:00:00Z"))
    assert found[0].started_at == from_iso(first)
    told = "Days like 05/11/2026 are read with the month second, as usual in the company's country."
    assert notes == ([told] if (country, len(times)) == ("GB", 1) else [])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-01-05 10:22 IST", "'IST' is no time zone that is known"),
        ("EST", "'EST' is no time"),
        ("soon EST", "'soon' is no time"),
        (f"{'x' * 200} EST", f"'{'x' * 40}' is no time"),
        ("2026-11-25 10:22", "'2026-11-25 10:22' is in the future"),
        ("9999-12-31 23:59", "'9999-12-31 23:59' is in the future"),
        (str(NOW + 1), "is in the future"),
    ],
)
def test_a_time_that_no_call_can_have_is_told(text: str, why: str) -> None:
    found, [note] = past_calls([{**API_CALL, "start_time": text}], "US", NEW_YORK, NOW)
    assert found == []
    assert note.endswith(f"{why}.")


@pytest.mark.parametrize(
    "text",
    [
        f"{CSV}\0",
        f"\0{CSV}",
        CSV + "x" * 200_000,
        "x" * 200_000 + CSV,
        json.dumps({"calls": [{"start_time": "\0"}]}),
    ],
    ids=["a NUL", "a NUL first", "a huge cell", "a huge heading", "a NUL in JSON"],
)
def test_a_file_that_cannot_be_read_is_told_by_its_name(text: str) -> None:
    for read in (read_files, calltrackingmetrics.read_files):
        with pytest.raises(BadExport, match=r"^calls\.csv") as told:
            read({"calls.csv": text})
        assert len(str(told.value)) < 400


def test_files_of_several_pages_and_what_is_missing() -> None:
    page = {"per_page": 1, "total_pages": 3, "total_records": 3}
    one, three = {**page, "page": 1, "calls": [API_CALL]}, {**page, "page": 3, "calls": [API_CALL]}
    export = read_files(
        {"1.json": json.dumps(one), "3.json": json.dumps(three), "t.json": json.dumps(TRACKERS[1])}
    )
    assert (len(export.calls), len(export.trackers)) == (2, 1)
    assert export.notes == ["Of the 3 pages of calls these are missing: 2."]
    open_end = {"has_next_page": True, "next_page": "https://api.example.com/2", "calls": [API_CALL]}
    assert "last page of calls is missing" in read_files({"a": json.dumps(open_end)}).notes[0]
    closed = json.dumps([open_end, {**open_end, "has_next_page": False}])
    assert read_files({"a": closed}).notes == []
    lines = "\n".join([json.dumps(open_end), json.dumps({**open_end, "has_next_page": False})])
    assert len(read_files({"a": lines}).calls) == 2
    # A line's end to Python, and none to JSON.
    noted = json.dumps({**API_CALL, "note": "first\u2028second"}, ensure_ascii=False)
    assert len(read_files({"a": f"{noted}\r\n{noted}"}).calls) == 2


@pytest.mark.parametrize("read", [read_files, calltrackingmetrics.read_files])
def test_a_file_that_was_cut_off_is_told_with_its_line(read: Callable[[dict[str, str]], object]) -> None:
    """It was "line 1" of whatever line it was."""
    page = json.dumps({"calls": [API_CALL]})
    for text, line in (
        ("\n".join([page, page, page[:50]]), 3),
        (page[:50], 1),
        (json.dumps({"calls": [API_CALL]}, indent=1)[:60], 5),
    ):
        with pytest.raises(BadExport, match=rf"x.json, line {line}, is no whole JSON .*cut off"):
            read({"x.json": text})
    with pytest.raises(BadExport, match=r"x.json is an empty list"):
        read({"x.json": "[]"})


@pytest.mark.parametrize("read", [read_files, calltrackingmetrics.read_files])
@pytest.mark.parametrize("rubbish", ["[" * 20_000, '{"calls": [{"id": 1' + "0" * 5_000 + "}]}"])
def test_what_python_cannot_read_of_whole_json_is_told(
    read: Callable[[dict[str, str]], object], rubbish: str
) -> None:
    """It ended in a traceback; so did one such line among others, and such an answer of the API."""
    line = json.dumps({"calls": [API_CALL]})
    for text in (rubbish, f"{line}\n{rubbish}"):
        with pytest.raises(BadExport, match=r"x.json holds no answers of Call"):
            read({"x.json": text})
    with pytest.raises(BadExport, match="something else than JSON"):
        answer_of(httpx.Response(200, text=rubbish), "CallRail")


@pytest.mark.parametrize(
    "answer", [httpx.Response(200, text="<h1>Log in</h1>"), httpx.Response(200, json={"error": 1})]
)
def test_an_api_that_answers_something_else_is_told(answer: httpx.Response) -> None:
    """A proxy's page, or an answer without the list, ended in an error of ours."""
    client = httpx.Client(transport=httpx.MockTransport(lambda _: answer), base_url="https://api.example.com")
    for ask in (fetch, calltrackingmetrics.fetch):
        with (
            client,
            pytest.raises(BadExport, match=r"API (answers something else than JSON|holds no (companies|calls))"),
        ):
            ask(client, "ACC1")
        client = httpx.Client(transport=httpx.MockTransport(lambda _: answer), base_url="https://api.example.com")


def test_facts_that_are_no_single_value_are_not_told_and_nothing_is_no_tag() -> None:
    call = {
        **API_CALL,
        "campaign": {"name": "Spring"},
        "utm_campaign": "spring",
        "tags": [None, {"name": None}, "hot", 3],
    }
    [told], _notes = past_calls([call], "US", NEW_YORK, NOW)
    assert (told.campaign, told.tags) == ("spring", ["hot", "3"])


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"weather": []}',
        "[1, 2]",
        '{"calls": [1, null]}',
        '{"page": "first", "total_pages": 2, "calls": []}',
        '{"total_pages": 1000000000000, "calls": []}',
    ],
)
def test_what_is_no_export(text: str) -> None:
    with pytest.raises(BadExport):
        read_files({"x.json": text})


def test_the_api_page_after_page_by_both_pagings() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url.copy_with(query=None)).removeprefix("https://api.example.com"))
        assert request.headers["Authorization"] == 'Token token="secret"'
        query = request.url.params
        if request.url.path.endswith("companies.json"):
            return httpx.Response(200, json=COMPANIES)
        if request.url.path.endswith("trackers.json"):
            page = int(query.get("page", "1"))
            told = {"page": page, "per_page": 250, "total_pages": 2, "total_records": 2}
            return httpx.Response(200, json={**told, "trackers": [TRACKERS[page]]})
        if query.get("offset") == "next":
            return httpx.Response(200, json={"has_next_page": False, "next_page": None, "calls": [API_CALL]})
        assert query["relative_pagination"] == "true"
        more = {"has_next_page": True, "next_page": "https://api.example.com/v3/a/ACC1/calls.json?offset=next"}
        return httpx.Response(200, json={**more, "calls": [{**API_CALL, "id": "CAL1"}]})

    client = httpx.Client(
        transport=httpx.MockTransport(answer),
        base_url="https://api.example.com/v3",
        headers={"Authorization": 'Token token="secret"'},
    )
    export = fetch(client, "ACC1")
    assert (len(export.companies), len(export.trackers), len(export.calls)) == (1, 2, 2)
    assert asked == [
        "/v3/a/ACC1/companies.json",
        "/v3/a/ACC1/trackers.json",
        "/v3/a/ACC1/trackers.json",
        "/v3/a/ACC1/calls.json",
        "/v3/a/ACC1/calls.json",
    ]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://other.example.com/v3/calls.json",
        "http://api.example.com/v3/calls.json",
        "//other.example.com",
        "http://[",
    ],
)
def test_no_other_host_is_told_the_key(elsewhere: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert (request.url.scheme, request.url.host) == ("https", "api.example.com")
        return httpx.Response(200, json={"has_next_page": True, "next_page": elsewhere, "calls": []})

    with (
        httpx.Client(transport=httpx.MockTransport(answer), base_url="https://api.example.com/v3") as client,
        pytest.raises(BadExport, match="names a next page of another host"),
    ):
        fetch(client, "ACC1", ["calls"])


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ("calls", {"has_next_page": True, "next_page": "https://api.example.com/v3/a/ACC1/calls.json?offset=1"}),
        ("companies", {"page": 1, "total_pages": 2}),
    ],
)
def test_a_list_that_leads_back_to_itself_has_an_end(resource: str, told: dict[str, object]) -> None:
    answers = httpx.MockTransport(lambda _request: httpx.Response(200, json={**told, resource: []}))
    with (
        httpx.Client(transport=answers, base_url="https://api.example.com/v3") as client,
        pytest.raises(BadExport, match="read already"),
    ):
        fetch(client, "ACC1", [resource])


def test_a_refusal_of_the_api_is_told_in_its_words() -> None:
    refuses = httpx.MockTransport(
        lambda _request: httpx.Response(401, json={"error": "HTTP Token: Access denied."})
    )
    with (
        httpx.Client(transport=refuses, base_url="https://api.example.com") as client,
        pytest.raises(BadExport, match=r"401.*Access denied"),
    ):
        fetch(client, "ACC1")


def test_a_whole_company_moves_in_and_moving_twice_changes_nothing(engine: Engine) -> None:
    export = read_files(
        {
            "companies.json": json.dumps(COMPANIES),
            "trackers.json": json.dumps({"page": 1, "total_pages": 1, "trackers": TRACKERS}),
            "calls.json": json.dumps({"page": 1, "total_pages": 1, "calls": [API_CALL]}),
        }
    )
    with writing(engine) as connection:
        company_id = new_id(NOW)
        add_company(connection, Company(company_id, new_id(NOW), "Ours", "UTC", "US", None, 1800, 30, NOW))
        choice = Choice(None, NumberStatus.ACTIVE)
        for expected in (1, 0):
            told = move_company(export, choice, "US", read_setup(connection, company_id))
            assert told.setup is not None
            found = write_setup(connection, company_id, told.setup, NOW)
            history, _notes = past_calls(told.calls, "US", NEW_YORK, NOW)
            assert write_history(connection, company_id, "callrail", history, NOW) == expected
            assert bool(found) is bool(expected), found
        setup = read_setup(connection, company_id)
    assert setup.company["time_zone"] == "America/Denver"
    assert len(setup.rules) == 10
    [call] = rows_of(engine, "calls", company_id=company_id)
    [number] = rows_of(engine, "numbers", company_id=company_id, number="+12025550122")
    assert call["number_id"] == number["number_id"]
    assert call["tags"] == ["new", "imported"]
    assert (call["talk_seconds"], call["attribution_kind"], call["value_cents"]) == (63, "unknown", 12050)


def test_of_several_companies_one_is_chosen() -> None:
    other = {**TRACKERS[1], "company": {"id": 77, "name": "Other"}, "tracking_numbers": ["+12025550160"]}
    export = read_files({"t.json": json.dumps({"trackers": [TRACKERS[1], other]})})
    with pytest.raises(BadExport, match="--from-company"):
        move_company(export, Choice(None, NumberStatus.PAUSED), "US", Setup())
    for wanted in ("77", "Other"):
        told = move_company(export, Choice(wanted, NumberStatus.PAUSED), "US", Setup())
        assert told.setup is not None
        assert [each.number for each in told.setup.numbers] == ["+12025550160"]
    with pytest.raises(BadExport, match="no company"):
        move_company(export, Choice("Nobody", NumberStatus.PAUSED), "US", Setup())
