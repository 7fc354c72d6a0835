"""What earned the leads, and people's ways, equal a slow, obviously right recount."""

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

import pytest
from sqlalchemy import Engine

from swapboard.attribution.lead_paths import LONGEST_WAY
from swapboard.attribution.touch import WHOLE, Model
from swapboard.clock import DAY
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import OF_VISITS, Dimension
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.crediting import NOBODY, UNKNOWN, Span, channel_credit
from swapboard.switchboard.wayfaring import lead_paths
from tests.building import NOW, open_business
from tests.reports.random_business import History, Row, happen, known_of_call, known_of_visit

LOOK_BACK_DAYS = 3
SPAN = Span(NOW - 7 * DAY, NOW, LOOK_BACK_DAYS)


def _own_visits(history: History, lead: Row) -> Sequence[Row]:
    """The visits of whoever began the lead, not after it, nor longer before it than the look-back."""
    call = next((row for row in history.calls if row["call_id"] == lead["first"]), {})
    known = {*history.lead_visitors.get(lead["lead_id"], ()), call.get("visitor_id")}
    at = lead["created_at"]
    own = [
        row
        for row in history.sessions.values()
        if row["visitor_id"] in known and at - LOOK_BACK_DAYS * DAY <= row["started_at"] <= at
    ]
    return sorted(own, key=lambda row: (row["started_at"], row["session_id"]))


def _otherwise(history: History, lead: Row, dimension: Dimension) -> str:
    call = next((row for row in history.calls if row["call_id"] == lead["first"]), None)
    if call is not None and call["attribution_kind"] == "static":
        value = known_of_call(history, call)(dimension)
        if value:
            return value
    if dimension is not Dimension.CHANNEL:
        return ""
    return UNKNOWN if call is None or call["attribution_kind"] == "static" else NOBODY


def _recount(history: History, dimension: Dimension) -> tuple[Mapping[Model, Counter[str]], Counter[object]]:
    by_model: dict[Model, Counter[str]] = {model: Counter() for model in (Model.FIRST, Model.LAST)}
    ways: Counter[object] = Counter()
    for lead in history.leads:
        if not SPAN.from_at <= lead["created_at"] < SPAN.until_at:
            continue
        steps = [known_of_visit(row)(dimension) for row in _own_visits(history, lead)]
        otherwise = _otherwise(history, lead, dimension)
        by_model[Model.FIRST][steps[0] if steps else otherwise] += 1
        by_model[Model.LAST][steps[-1] if steps else otherwise] += 1
        ways[tuple(steps[-LONGEST_WAY:]), len(steps) > LONGEST_WAY] += 1
    return by_model, ways


@pytest.mark.parametrize("seed", range(2))
def test_first_and_last_visits_and_ways_are_what_a_recount_finds(engine: Engine, seed: int) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        history = happen(connection, business, random, (SPAN.from_at, SPAN.until_at))
        happen(connection, stranger, random, (SPAN.from_at, SPAN.until_at))
    with reading(engine) as connection:
        for dimension in sorted(OF_VISITS):
            by_model, ways = _recount(history, dimension)
            credit = channel_credit(connection, business.company_id, SPAN, CountedBy.BEST_MATCH, dimension)
            for model, expected in by_model.items():
                found = {value: of[model] // WHOLE for value, of in credit.by_channel.items() if of[model]}
                assert found == expected, (dimension, model)
            counted: Counter[object] = Counter()
            for path in lead_paths(connection, business.company_id, SPAN, dimension):
                counted[path.steps, path.is_cut] += path.leads
            assert counted == ways, dimension
            for counted_by in CountedBy:
                shared = channel_credit(connection, business.company_id, SPAN, counted_by, dimension)
                for model in shared.models:
                    assert sum(of[model] for of in shared.by_channel.values()) == shared.leads * WHOLE
