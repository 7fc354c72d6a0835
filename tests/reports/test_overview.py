"""Day by day, and hour by hour of the week, on the company's clocks."""

from collections import Counter
from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from swapboard.clock import HOUR
from swapboard.reports.counting import CountedBy
from swapboard.reports.figures import NOTHING, Count, Figures
from swapboard.reports.filter import read_filter
from swapboard.reports.overview import by_day, by_hour_of_week, overview
from swapboard.reports.span import Span, offsets
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import calls
from tests.building import NOW, open_business
from tests.reports.random_business import a_call_at, happen, recount

ZONES = st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]).map(ZoneInfo)


@given(ZONES, st.lists(st.integers(0, 40 * 24 * 3600 * 1000), max_size=30))
def test_hours_add_up_to_the_days_and_hours_of_any_clock(zone: ZoneInfo, after: list[int]) -> None:
    # From before the clocks of New York, Berlin and Lord Howe change in spring until after.
    span = Span(date(2026, 3, 1), date(2026, 4, 9), zone)
    instants = [at for at in (span.from_at + each for each in after) if at < span.until_at]
    told = offsets(zone, span.from_at, span.until_at)
    ahead = [next(each.ahead for each in told if at < each.until_at) for at in instants]
    found = [(at + before) // HOUR for at, before in zip(instants, ahead, strict=True)]
    hours_found = {hour: Figures(calls=calls) for hour, calls in Counter(found).items()}
    local = [datetime.fromtimestamp(at / 1000, zone) for at in instants]
    assert found == [(each.date() - date(1970, 1, 1)).days * 24 + each.hour for each in local]
    days = {day.date: figures.calls for day, figures in by_day(span, hours_found)}
    assert len(days) == span.length
    assert +Counter(days) == Counter(each.date() for each in local)
    hours = Counter({hour: each.calls for hour, each in enumerate(by_hour_of_week(hours_found))})
    assert +hours == Counter(each.weekday() * 24 + each.hour for each in local)


@pytest.mark.parametrize(
    ("text", "counted_by"),
    [
        ("", CountedBy.BEST_MATCH),
        ("channel:paid", CountedBy.PROBABILITY),
        ("-outcome:missed", CountedBy.BEST_MATCH),
    ],
)
def test_each_day_and_hour_is_what_a_recount_finds_while_clocks_change(
    engine: Engine, text: str, counted_by: CountedBy
) -> None:
    zone, terms = ZoneInfo("America/New_York"), read_filter(text)
    # On the first of November an hour comes twice there.
    span = Span(date(2026, 10, 29), date(2026, 11, 4), zone)
    night = datetime(2026, 11, 1, tzinfo=zone).timestamp() * 1000
    with writing(engine) as connection:
        business = open_business(connection)
        history = happen(connection, business, Random(6), (span.before().from_at, span.until_at))
        doubled = [a_call_at(business, Random(each), int(night) + each * HOUR // 2) for each in range(12)]
        connection.execute(insert(calls), doubled)
    history.calls += doubled
    history.candidates |= {row["call_id"]: [] for row in doubled}

    def again(from_at: int, until_at: int) -> Figures:
        return recount(history, from_at, until_at, (), terms, counted_by)[()]

    with reading(engine) as connection:
        found = overview(connection, business.company_id, span, terms, counted_by)
    for days in (found.days, found.days_before):
        for day, each in days:
            expected = again(day.from_at, day.until_at)
            assert _of_calls(each) == _of_calls(expected), day
    assert {day.until_at - day.from_at for day, _each in found.days} == {24 * HOUR, 25 * HOUR}
    hours = [NOTHING] * 168
    for at in range(span.from_at, span.until_at, HOUR):
        local = datetime.fromtimestamp(at / 1000, zone)
        hours[local.weekday() * 24 + local.hour] += again(at, at + HOUR)
    assert [_of_calls(each) for each in found.hours] == [_of_calls(each) for each in hours]
    assert sum(each.calls for each in found.hours) == found.now.calls == again(span.from_at, span.until_at).calls


def _of_calls(figures: Figures) -> tuple[Count, ...]:
    return figures.calls, figures.answered, figures.missed, figures.voicemail, figures.first_time


@pytest.mark.parametrize("counted_by", CountedBy)
def test_an_overview_adds_up(engine: Engine, counted_by: CountedBy) -> None:
    zone = ZoneInfo("Asia/Kathmandu")
    today = datetime.fromtimestamp(NOW / 1000, zone).date()
    span = Span(today.replace(day=1), today, zone)
    with writing(engine) as connection:
        business = open_business(connection)
        history = happen(connection, business, Random(5), (span.before().from_at, span.until_at))
    with reading(engine) as connection:
        found = overview(connection, business.company_id, span, (), counted_by)
    for figures, days, of in ((found.now, found.days, span), (found.before, found.days_before, span.before())):
        assert figures == recount(history, of.from_at, of.until_at, (), (), counted_by)[()]
        assert len(days) == span.length
        assert sum((each for _day, each in days), NOTHING).calls == figures.calls
    for by, table in found.leading.items():
        counted = recount(history, span.from_at, span.until_at, (by,), (), counted_by)
        assert {line.cell: line.now for line in table.lines if line.now != NOTHING} == counted
    came = [
        row["visitor_id"] for row in history.sessions.values() if span.from_at <= row["started_at"] < span.until_at
    ]
    assert found.visitors == len(set(came))
    assert sum(found.hours, NOTHING).talk_seconds == found.now.talk_seconds
