"""What earned the leads, and people's ways, equal a slow, obviously right recount."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from sqlalchemy import Connection, Engine, update

from swapboard.attribution.channel_worth import keep_worth
from swapboard.attribution.lead_paths import LONGEST_WAY
from swapboard.attribution.touch import WHOLE, Model
from swapboard.clock import DAY, zone
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import NOBODY, OF_VISITS, UNKNOWN, Dimension
from swapboard.reports.filter import Term, read_filter
from swapboard.reports.new_people import count_new_people
from swapboard.reports.question import question
from swapboard.reports.span import last_days
from swapboard.reports.store import count
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import calls, companies
from swapboard.switchboard.crediting import LEAST_PROBABILITY, Span, channel_credit
from swapboard.switchboard.filed_credits import Filed, not_filed
from swapboard.switchboard.lead_filing import keep_credited, to_credit, wrongly_credited
from swapboard.switchboard.wayfaring import lead_paths
from tests.building import NOW, open_business
from tests.reports import random_business
from tests.reports.random_business import History, Row, happen, known_of_call, known_of_visit

LOOK_BACK_DAYS = 3
DAYS = last_days(7, NOW, zone("UTC"))
SPAN = Span(DAYS.from_at, DAYS.until_at, LOOK_BACK_DAYS)
FILTERS = tuple(
    map(
        read_filter,
        (
            "",
            "channel:paid",
            "-channel:paid",
            'campaign="Spring sale"',
            'campaign="" -device:phone',
            "outcome=answered",
            "channel:paid -outcome:missed",
            "pool:a",
            'number=""',
            "channel:nothing-like-it",
        ),
    )
)


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


def _naive(visits: Sequence[Row], model: Model) -> Sequence[Fraction]:
    """What each visit earns, oldest first."""
    count, last = len(visits), len(visits) - 1
    told = [place for place, row in enumerate(visits) if row["channel"] != "Direct"]
    weights: Mapping[Model, Callable[[int], float]] = {
        Model.FIRST: lambda place: place == 0,
        Model.LAST: lambda place: place == last,
        Model.LAST_NON_DIRECT: lambda place: place == (told[-1] if told else last),
        Model.LINEAR: lambda place: 1,
        Model.POSITION_BASED: lambda place: 1 if count < 3 else 2 if place in {0, last} else 1 / (count - 2),
        Model.TIME_DECAY: lambda place: (
            0.5 ** ((visits[last]["started_at"] - visits[place]["started_at"]) / (7 * DAY))
        ),
    }
    of_each = [Fraction(weights[model](place)) for place in range(count)]
    return [each / sum(of_each) for each in of_each]


def _people(history: History, lead: Row, counted_by: CountedBy) -> Sequence[tuple[float, Sequence[Row]]]:
    """Who may have begun the lead, how probably, and their visits before."""
    call = next((row for row in history.calls if row["call_id"] == lead["first"]), None)
    if call is None or counted_by is CountedBy.BEST_MATCH:
        return [(1.0, _own_visits(history, lead))]
    at, by_visitor = lead["created_at"], Counter[str]()
    for session_id, probability in history.candidates[call["call_id"]]:
        if probability >= LEAST_PROBABILITY:
            by_visitor[history.sessions[session_id]["visitor_id"]] += probability
    return [
        (
            probability,
            sorted(
                (
                    row
                    for row in history.sessions.values()
                    if row["visitor_id"] == visitor and at - LOOK_BACK_DAYS * DAY <= row["started_at"] <= at
                ),
                key=lambda row: (row["started_at"], row["session_id"]),
            ),
        )
        for visitor, probability in by_visitor.items()
    ]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("counted_by", CountedBy)
def test_every_model_is_what_a_recount_finds(
    engine: Engine, seed: int, counted_by: CountedBy, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One comes often: models differ over several visits only.
    monkeypatch.setattr(random_business, "VISITORS", random_business.VISITORS[:1])
    with writing(engine) as connection:
        business = open_business(connection)
        history = happen(connection, business, Random(seed), (SPAN.from_at, SPAN.until_at))
    began = [lead for lead in history.leads if SPAN.from_at <= lead["created_at"] < SPAN.until_at]
    visits_before = [visits for lead in began for _probability, visits in _people(history, lead, counted_by)]
    assert max(map(len, visits_before)) > 2
    with reading(engine) as connection:
        for dimension in (Dimension.CHANNEL, Dimension.CAMPAIGN):
            found = channel_credit(connection, business.company_id, SPAN, counted_by, dimension)
            assert found.leads == len(began)
            for model in set(Model) - {Model.DATA_DRIVEN}:
                expected: Counter[str] = Counter()
                for lead in began:
                    left = 1.0
                    for probability, visits in _people(history, lead, counted_by):
                        for row, share in zip(visits, _naive(visits, model), strict=True):
                            expected[known_of_visit(row)(dimension)] += probability * float(share)
                            left -= probability * float(share)
                    expected[_otherwise(history, lead, dimension)] += left
                for value in {*expected, *found.by_channel}:
                    credit = found.by_channel.get(value, {}).get(model, 0) / WHOLE
                    # Shares are whole millionths of each lead.
                    assert credit == pytest.approx(expected[value], abs=1e-5 * (1 + len(began))), (value, model)


def _began(history: History, terms: Sequence[Term] = ()) -> Sequence[Row]:
    """The leads of the days whose first call or form meets the terms; without terms, spam's too."""
    return [
        lead
        for lead in history.leads
        if SPAN.from_at <= lead["created_at"] < SPAN.until_at and (not terms or _fits(history, lead, terms))
    ]


def _fits(history: History, lead: Row, terms: Sequence[Term]) -> bool:
    for form in history.forms:
        if form["form_id"] == lead["first"]:
            known = known_of_visit(history.sessions[form["session_id"]])
            return all(term.dimension in OF_VISITS and term.met_by(known(term.dimension)) for term in terms)
    (call,) = [row for row in history.calls if row["call_id"] == lead["first"]]
    known = known_of_call(history, call)
    return not call["is_spam"] and all(term.met_by(known(term.dimension)) for term in terms)


def _recount(
    history: History, dimension: Dimension, terms: Sequence[Term] = ()
) -> tuple[Mapping[Model, Counter[str]], Counter[object]]:
    by_model: dict[Model, Counter[str]] = {model: Counter() for model in (Model.FIRST, Model.LAST)}
    ways: Counter[object] = Counter()
    for lead in _began(history, terms):
        steps = [known_of_visit(row)(dimension) for row in _own_visits(history, lead)]
        otherwise = _otherwise(history, lead, dimension)
        by_model[Model.FIRST][steps[0] if steps else otherwise] += 1
        by_model[Model.LAST][steps[-1] if steps else otherwise] += 1
        ways[tuple(steps[-LONGEST_WAY:]), len(steps) > LONGEST_WAY, "" if steps else otherwise] += 1
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
                counted[path.steps, path.is_cut, path.otherwise] += path.leads
            assert counted == ways, dimension
            for counted_by in CountedBy:
                shared = channel_credit(connection, business.company_id, SPAN, counted_by, dimension)
                for model in shared.models:
                    assert sum(of[model] for of in shared.by_channel.values()) == shared.leads * WHOLE


def _told_as_recounted(connection: Connection, history: History, span: Span, dimension: Dimension) -> None:
    company_id = history.calls[0]["company_id"]
    by_model, ways = _recount(history, dimension, span.terms)
    credit = channel_credit(connection, company_id, span, CountedBy.BEST_MATCH, dimension)
    for model, expected in by_model.items():
        found = {value: of[model] // WHOLE for value, of in credit.by_channel.items() if of[model]}
        assert found == expected, (span.terms, dimension, model)
    counted: Counter[object] = Counter()
    for path in lead_paths(connection, company_id, span, dimension):
        counted[path.steps, path.is_cut, path.otherwise] += path.leads
    assert counted == ways, (span.terms, dimension)
    began = len(_began(history, span.terms))
    for counted_by in CountedBy:
        # However they are shared out, they are the same people.
        shared = channel_credit(connection, company_id, span, counted_by, dimension)
        assert shared.leads == began
        for model in shared.models:
            assert sum(of[model] for of in shared.by_channel.values()) == began * WHOLE


@pytest.mark.parametrize(("seed", "is_filed"), [(1, False), (2, True)])
def test_a_filter_leaves_the_people_whose_first_call_or_form_fits(
    engine: Engine, seed: int, is_filed: bool
) -> None:
    random, seen = Random(seed), 0
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        for each in (business, stranger):
            mine = companies.c.company_id == each.company_id
            connection.execute(update(companies).where(mine).values(look_back_days=LOOK_BACK_DAYS))
        history = happen(connection, business, random, (SPAN.from_at, SPAN.until_at))
        happen(connection, stranger, random, (SPAN.from_at, SPAN.until_at))
    if is_filed:
        _credit(engine, business.company_id, most=len(history.leads) - 3)
    with reading(engine) as connection:
        for terms in FILTERS:
            span = replace(SPAN, terms=terms)
            began = _began(history, terms)
            seen += 0 < len(began) < len(_began(history))
            days = question(business.company_id, DAYS, (), terms)
            assert count_new_people(connection, business.company_id, DAYS, terms) == len(began)
            assert not terms or count(connection, days)[()].leads == len(began)
            for dimension in (Dimension.CHANNEL, Dimension.CAMPAIGN, Dimension.DEVICE):
                _told_as_recounted(connection, history, span, dimension)
    assert seen > 3


def test_a_filter_forgets_what_was_counted_once_a_call_says_something_else(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        mine = companies.c.company_id == business.company_id
        connection.execute(update(companies).where(mine).values(look_back_days=LOOK_BACK_DAYS))
        history = happen(connection, business, Random(1), (SPAN.from_at, SPAN.until_at))
    _credit(engine, business.company_id)
    terms = read_filter("outcome=answered")

    def found() -> tuple[int, int]:
        with reading(engine) as connection:
            span = replace(SPAN, terms=terms)
            credit = channel_credit(connection, business.company_id, span, CountedBy.BEST_MATCH)
            paths = lead_paths(connection, business.company_id, span)
            return credit.leads, sum(path.leads for path in paths)

    before = len(_began(history, terms))
    assert found() == (before, before) != (0, 0)
    first = next(lead["first"] for lead in _began(history, terms))
    with writing(engine) as connection:
        of_call = calls.c.company_id == business.company_id, calls.c.call_id == first
        connection.execute(update(calls).where(*of_call).values(status="missed"))
    assert found() == (before - 1, before - 1)


def _credit(engine: Engine, company_id: str, most: int = 1_000) -> None:
    """As the chore does: first it says until when, then it files."""
    for _ in range(2):
        with reading(engine) as connection:
            found = to_credit(connection, company_id, NOW + 2 * DAY, most)
        with writing(engine) as connection:
            assert keep_credited(connection, company_id, found, NOW) == len(found.made)


def _all_told(engine: Engine, company_id: str) -> object:
    with reading(engine) as connection:
        return {
            (by, counted_by): (shared.leads, shared.by_channel, lead_paths(connection, company_id, SPAN, by))
            for by in sorted(OF_VISITS)
            for counted_by in CountedBy
            for shared in [channel_credit(connection, company_id, SPAN, counted_by, by)]
        }


@pytest.mark.parametrize("seed", range(2))
def test_what_is_filed_says_what_is_worked_out(engine: Engine, seed: int) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        for each in (business, stranger):
            mine = companies.c.company_id == each.company_id
            connection.execute(update(companies).where(mine).values(look_back_days=LOOK_BACK_DAYS))
        happen(connection, business, random, (SPAN.from_at, SPAN.until_at))
        happen(connection, stranger, random, (SPAN.from_at, SPAN.until_at))
        keep_worth(connection, business.company_id, {"Paid Search": 0.5, "Direct": 0.2}, NOW)
    worked_out = _all_told(engine, business.company_id)
    _credit(engine, stranger.company_id)
    _credit(engine, business.company_id, most=5)
    assert _all_told(engine, business.company_id) == worked_out
    _credit(engine, business.company_id)
    with reading(engine) as connection:
        assert (
            not_filed(connection, Filed(business.company_id, 0, 2 * NOW, LOOK_BACK_DAYS, CountedBy.BEST_MATCH))
            == []
        )
        assert wrongly_credited(connection, business.company_id) == []
    assert _all_told(engine, business.company_id) == worked_out
