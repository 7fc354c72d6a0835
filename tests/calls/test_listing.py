"""The call list: filters, free text, pages, and one call with its legs and candidates; on both engines."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, insert

from swapboard.accounts.company import Company
from swapboard.accounts.store import add_company
from swapboard.attribution.posterior import Candidate
from swapboard.attribution.store import Attribution, credit
from swapboard.calls.call import Call, Leg, LegStatus, Status
from swapboard.calls.listing import CallFilter, call_by_id, list_calls
from swapboard.calls.store import add_call, add_carrier
from swapboard.storage.engine import writing
from swapboard.storage.paging import BadCursor, Key, write_cursor
from swapboard.storage.schema import sessions

HERE, THERE = "c" * 32, "d" * 32
CARRIER = "e" * 32
START = 1_790_000_000_000

CALL = Call(
    call_ref="ref",
    status=Status.ANSWERED,
    tracking_number="+12025550143",
    caller="+12125550111",
    withheld=False,
    caller_name="Ada Example",
    destination="+12025550100",
    started_at=START,
    answered_at=START + 4_000,
    ended_at=START + 67_000,
    ring_seconds=4,
    talk_seconds=63,
    legs=(Leg("leg", "+12025550100", LegStatus.ANSWERED, START, START + 4_000, START + 67_000),),
)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with writing(engine) as connection:
        for company_id in (HERE, THERE):
            company = Company(company_id, "a" * 32, "Example", "UTC", "US", None, 1800, 20, START)
            add_company(connection, company)
            add_carrier(connection, company_id, CARRIER, "sandbox", "Sandbox", "", START)
        yield connection


def record(connection: Connection, call_id: str, call: Call, text: str = "", company_id: str = HERE) -> None:
    add_call(connection, company_id, CARRIER, call_id, replace(call, call_ref=call_id), "New York, NY")
    facts = Attribution("session", session_id="s" * 32, channel="Paid Search", campaign="Spring 100%")
    found = [Candidate("s" * 32, 0.9, "on the page"), Candidate("t" * 32, 0.07, "left")]
    credit(connection, company_id, call_id, facts, found, text)


def ids(connection: Connection, wanted: CallFilter) -> list[str]:
    return [call.call_id for call in list_calls(connection, HERE, wanted).rows]


def test_pages_walk_every_call_once_newest_first(connection: Connection) -> None:
    for index in range(23):
        # Several calls in the same millisecond, so that the id has to decide.
        record(connection, f"{index:032x}", replace(CALL, started_at=START + index // 4))
    record(connection, "f" * 32, CALL, company_id=THERE)
    seen: list[str] = []
    cursor = None
    while True:
        page = list_calls(connection, HERE, limit=5, cursor=cursor)
        seen += [call.call_id for call in page.rows]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == [f"{index:032x}" for index in reversed(range(23))]


def test_a_full_last_page_has_no_cursor(connection: Connection) -> None:
    record(connection, "1", CALL)
    assert list_calls(connection, HERE, limit=1).next_cursor is None


@pytest.mark.parametrize(
    "cursor",
    [
        *["x", "é", "bnVsbA", "W10", "A" * 5_000, write_cursor(Key(-1, "a")), write_cursor(Key(2**80, "a"))],
        *[write_cursor(Key(1, "'; DROP TABLE calls")), write_cursor(Key(True, "a"))],
    ],
)
def test_a_cursor_that_is_none_is_refused(connection: Connection, cursor: str) -> None:
    with pytest.raises(BadCursor):
        list_calls(connection, HERE, cursor=cursor)


def test_filters(connection: Connection) -> None:
    record(connection, "1", CALL)
    record(connection, "2", replace(CALL, status=Status.MISSED, started_at=START + 10, caller="+442079460123"))
    record(connection, "3", replace(CALL, started_at=START + 20, tracking_number="+12025550144"))
    assert ids(connection, CallFilter()) == ["3", "2", "1"]
    assert ids(connection, CallFilter(from_at=START + 10, until_at=START + 20)) == ["2"]
    assert ids(connection, CallFilter(status=Status.MISSED)) == ["2"]
    assert ids(connection, CallFilter(caller="+442079460123")) == ["2"]
    assert ids(connection, CallFilter(tracking_number="+12025550144")) == ["3"]
    assert ids(connection, CallFilter(channel="Paid Search", campaign="Spring 100%")) == ["3", "2", "1"]
    assert ids(connection, CallFilter(channel="Direct")) == []
    assert ids(connection, CallFilter(session_id="s" * 32, status=Status.ANSWERED)) == ["3", "1"]


SEARCH_TEXT = "+12025550143 (202) 555-0143 +442079460123 020 7946 0123 ada example 100%_done élan /a\\b"


@pytest.mark.parametrize(
    "text",
    [
        *["", "ada", "EXAMPLE Ada", "ada 0143", "100%", "100%_d", "ÉLAN", "a\\b", "ada\0example"],
        *["(202) 555-0143", "202.555.0143", "+1 202 555 0143", "2025550143", "555-0143", "202-555"],
        *["020 7946 0123", "+44 20 7946 0123", "+44 (0)20 7946 0123", "ada (202) 555-0143 example"],
    ],
)
def test_free_text_finds(connection: Connection, text: str) -> None:
    record(connection, "1", CALL, SEARCH_TEXT)
    assert ids(connection, CallFilter(text=text, country="GB")) == ["1"]


@pytest.mark.parametrize("text", ["bob", "ada bob", "100_", "1%d", "a/b", "202 555 0199", "%", "_x", "' OR 1=1"])
def test_free_text_does_not_find(connection: Connection, text: str) -> None:
    record(connection, "1", CALL, SEARCH_TEXT.replace("100%_done", "100pdone"))
    assert ids(connection, CallFilter(text=text, country="US")) == []


def test_one_call_has_its_legs_and_its_candidates(connection: Connection) -> None:
    connection.execute(
        insert(sessions).values(
            company_id=HERE, session_id="s" * 32, visitor_id="v", site_id="i", started_at=START, state="visible",
            last_seen_at=START, channel="Paid Search", source="google", medium="cpc", campaign="Spring",
            term="plumber", click_ids={}, value_track={}, cookies={}, referrer="", landing_page="",
            landing_title="", user_agent="", device="", time_zone="", opted_out=False,
        )
    )  # fmt: skip
    record(connection, "1", CALL)
    call = call_by_id(connection, HERE, "1")
    assert call is not None
    assert call.legs == CALL.legs
    assert call.status is Status.ANSWERED
    assert [(each.rank, each.probability, each.keyword) for each in call.candidates] == [
        (1, 0.9, "plumber"),
        (2, 0.07, None),
    ]
    assert list_calls(connection, HERE).rows == (call,)


def test_another_company_does_not_see_it(connection: Connection) -> None:
    record(connection, "1", CALL)
    assert call_by_id(connection, THERE, "1") is None
    assert list_calls(connection, THERE).rows == ()
