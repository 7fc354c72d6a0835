"""The sessions list and one session's timeline, from visits and beats through the real jobs; on both engines."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from swapboard.clock import SECOND
from swapboard.storage.engine import writing
from swapboard.storage.paging import BadCursor
from swapboard.switchboard.beating import Happening, hear
from swapboard.switchboard.visiting import admit
from swapboard.visits.listing import SessionFilter, list_sessions, session_by_id
from swapboard.visits.visit import EventKind, Presence
from tests.building import NOW, Business, a_beat, a_visit, open_business, pool_number

AD = "https://www.example.com/drains?utm_source=google&utm_medium=cpc&utm_campaign=spring&gclid=x"


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with writing(engine) as connection:
        yield connection


@pytest.fixture
def business(connection: Connection) -> Business:
    return open_business(connection)


def visit(connection: Connection, business: Business, seconds: float = 0, **changes: object) -> str:
    [admitted] = admit(connection, [a_visit(business, now=NOW + round(seconds * SECOND), **changes)])
    return admitted.session_id


def ids(connection: Connection, business: Business, wanted: SessionFilter) -> list[str]:
    return [each.session_id for each in list_sessions(connection, business.company_id, wanted).rows]


def test_filters(connection: Connection, business: Business) -> None:
    direct = visit(connection, business)
    ad = visit(connection, business, 60, url=AD)
    assert ids(connection, business, SessionFilter()) == [ad, direct]
    assert ids(connection, business, SessionFilter(from_at=NOW + 60 * SECOND)) == [ad]
    assert ids(connection, business, SessionFilter(until_at=NOW + 60 * SECOND)) == [direct]
    assert ids(connection, business, SessionFilter(from_at=0, until_at=NOW)) == []
    assert ids(connection, business, SessionFilter(from_at=-1)) == [ad, direct]
    assert ids(connection, business, SessionFilter(channel="Paid Search", source="google", campaign="spring")) == [
        ad
    ]
    assert ids(connection, business, SessionFilter(channel="Direct", site_id=business.site.site_id)) == [direct]
    assert ids(connection, business, SessionFilter(visitor_id="somebody")) == []


def test_who_is_here_now(connection: Connection, business: Business) -> None:
    silent, gone, here = (visit(connection, business, seconds) for seconds in (0, 1, 2))
    later = NOW + 30 * SECOND
    hear(connection, [a_beat(business, here, now=later), a_beat(business, gone, Presence.GONE, now=later)])
    assert ids(connection, business, SessionFilter(seen_from_at=later)) == [here]
    assert ids(connection, business, SessionFilter(seen_from_at=NOW)) == [here, silent]


def test_pages_walk_every_session_once(connection: Connection, business: Business) -> None:
    made = {visit(connection, business, index // 3) for index in range(11)}
    seen: list[str] = []
    cursor = None
    while True:
        page = list_sessions(connection, business.company_id, limit=4, cursor=cursor)
        seen += [each.session_id for each in page.rows]
        if (cursor := page.next_cursor) is None:
            break
    assert len(seen) == len(made)
    assert seen == sorted(made, reverse=True)
    with pytest.raises(BadCursor):
        list_sessions(connection, business.company_id, cursor="x")


def test_the_timeline_begins_with_the_landing_page(connection: Connection, business: Business) -> None:
    session_id = visit(connection, business, url=AD)
    tap = Happening(EventKind.TAP, 500, properties={"target": "+442079460100"})
    # The visitor's clock says that the form was sent before the page was seen; the landing still comes first.
    form = Happening(EventKind.FORM, 60_000, "https://www.example.com/form", "Form")
    hear(connection, [a_beat(business, session_id, now=NOW + 20 * SECOND, happenings=(tap, form))])
    detail = session_by_id(connection, business.company_id, session_id)
    assert detail is not None
    assert [(each.kind, each.happened_at - NOW) for each in detail.timeline] == [
        (EventKind.PAGE, 0),
        (EventKind.FORM, -40_000),
        (EventKind.TAP, 19_500),
    ]
    assert detail.timeline[0].event_id is None
    assert detail.timeline[0].url == AD
    assert detail.timeline[2].properties == {"target": "+442079460100"}
    assert detail.session.click_ids == {"gclid": "x"}


def test_the_numbers_it_was_shown(connection: Connection, business: Business) -> None:
    session_id = visit(connection, business)
    detail = session_by_id(connection, business.company_id, session_id)
    assert detail is not None
    [shown] = detail.session.shown
    assert shown.number in {pool_number(0, index) for index in range(3)}
    assert (shown.target, shown.from_at, shown.until_at) == ("+442079460100", NOW, None)
    hear(connection, [a_beat(business, session_id, Presence.GONE, now=NOW + SECOND)])
    [record] = list_sessions(connection, business.company_id).rows
    assert [each.until_at for each in record.shown] == [NOW + SECOND]
    assert record.presence is Presence.GONE


def test_another_company_does_not_see_it(connection: Connection, business: Business) -> None:
    session_id = visit(connection, business)
    other = open_business(connection)
    assert session_by_id(connection, other.company_id, session_id) is None
    assert list_sessions(connection, other.company_id).rows == ()
