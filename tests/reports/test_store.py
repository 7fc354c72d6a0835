"""Every figure of every report equals a slow, obviously right recount."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations, product
from random import Random

import pytest
from sqlalchemy import Engine, insert

from swapboard.calls.verdict import MOST_CENTS
from swapboard.clock import DAY
from swapboard.reports.asked_forms import count_people_by_form
from swapboard.reports.behind import Figure, Part, behind_figure
from swapboard.reports.behind_store import calls_behind
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import NOTHING, Count, Figures
from swapboard.reports.filter import Term, read_filter
from swapboard.reports.question import Question
from swapboard.reports.store import count
from swapboard.reports.sums import Cell
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import calls
from swapboard.visits.form_words import give_words, wordless
from tests.building import NOW, open_business
from tests.reports.random_business import a_call_at, file_visits, happen, recount

FROM_AT, UNTIL_AT = NOW - 7 * DAY, NOW
FILTERS: tuple[tuple[Term, ...], ...] = tuple(
    read_filter(text)
    for text in (
        "",
        "channel:paid",
        '-channel="Direct" outcome=answered',
        'campaign=""',
        'campaign:"50% OFF_"',
        "device:phone",
        "-ad:blue",
        'page="https://www.example.com/"',
        "referrer:google.com -placement:billboard",
        "pool:Visitors",
    )
)


def _by(random: Random) -> tuple[Dimension, ...]:
    ways = [(), *((each,) for each in Dimension), *combinations(Dimension, 2)]
    return random.choice(ways)


@pytest.mark.parametrize("seed", range(2))
def test_every_figure_is_what_a_recount_finds(engine: Engine, seed: int) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        history = happen(connection, business, random, (FROM_AT, UNTIL_AT))
        happen(connection, stranger, random, (FROM_AT, UNTIL_AT))
    # Some visits are filed, others are not yet.
    file_visits(engine, business.company_id, random.choice([FROM_AT, NOW - 3 * DAY, NOW, NOW + 2 * DAY]))
    with writing(engine) as connection:
        # So are some forms.
        give_words(connection, business.company_id, wordless(connection, business.company_id)[::2])
    asked = Question(business.company_id, FROM_AT, UNTIL_AT)
    with reading(engine) as connection:
        for by in [(), *((each,) for each in Dimension), *(_by(random) for _ in range(6))]:
            narrow = random.choice(FILTERS)
            for terms, counted_by in (
                ((), CountedBy.BEST_MATCH),
                (narrow, CountedBy.BEST_MATCH),
                (random.choice([(), narrow]), CountedBy.PROBABILITY),
            ):
                question = replace(asked, by=by, terms=terms, counted_by=counted_by)
                expected = recount(history, FROM_AT, UNTIL_AT, by, terms, counted_by)
                assert some(count(connection, question)) == some(expected), (by, terms, counted_by)


def some(counted: Mapping[Cell, Figures]) -> Mapping[Cell, Figures]:
    """Without the cells of nothing: a share of a call may be none of it."""
    return {cell: figures for cell, figures in counted.items() if figures != NOTHING}


def test_behind_each_figure_stand_its_calls(engine: Engine) -> None:
    random = Random(1)
    with writing(engine) as connection:
        business = open_business(connection)
        happen(connection, business, random, (FROM_AT, UNTIL_AT))
    with reading(engine) as connection:
        for dimension, counted_by in product(Dimension, CountedBy):
            asked = Question(business.company_id, FROM_AT, UNTIL_AT, (dimension,), counted_by=counted_by)
            for (value,), figures in count(connection, asked).items():
                terms = (Term(dimension, value, is_exact=True),)
                behind = calls_behind(connection, replace(asked, terms=terms), 1000)
                ids = [each.call_id for each in behind]
                assert sum(each.share for each in behind) == figures.calls, (dimension, value)
                assert ids == sorted(set(ids), reverse=True)
                worth = behind_figure(connection, replace(asked, by=(), terms=terms), Figure(Part.VALUED), None)
                assert bool(worth) == bool(figures.value_cents), (dimension, value)
                by_form = count_people_by_form(connection, replace(asked, by=(), terms=terms))
                for part, expected in _parts(figures, by_form).items():
                    some = behind_figure(connection, replace(asked, by=(), terms=terms), Figure(part), None)
                    assert sum(each.share for each in some) == expected, (dimension, value, part)


def _parts(figures: Figures, people_by_form: int) -> Mapping[Part, Count]:
    """How many calls stand behind each figure of a line; of new people those who called."""
    return {
        Part.FIRST_TIME: figures.first_time,
        Part.ANSWERED: figures.answered,
        Part.MISSED: figures.missed,
        Part.UNANSWERED: figures.missed + figures.voicemail,
        Part.GOOD: figures.qualified,
        Part.NEW: figures.leads - people_by_form,
    }


def test_shares_of_the_largest_amounts_add_up(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        rows = [{**a_call_at(business, Random(1), FROM_AT + at), "call_id": f"{at}"} for at in range(20)]
        rows = [
            row | {"call_ref": row["call_id"], "is_spam": False, "value_cents": MOST_CENTS - 1} for row in rows
        ]
        connection.execute(insert(calls), rows)
    with reading(engine) as connection:
        for counted_by in CountedBy:
            asked = Question(business.company_id, FROM_AT, UNTIL_AT, counted_by=counted_by)
            assert count(connection, asked)[()].value_cents == 20 * (MOST_CENTS - 1)


@pytest.mark.parametrize(("text", "found"), [("campaign:été", 1), ("campaign:KÖLN", 1), ("-campaign:ÉtÉ", 1)])
def test_small_and_capital_letters_are_alike_beyond_ascii_too(engine: Engine, text: str, found: int) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        for campaign in ("ÉTÉ à Köln", "Hiver"):
            row = a_call_at(business, Random(campaign), NOW - DAY) | {"campaign": campaign, "is_spam": False}
            connection.execute(insert(calls), row)
    asked = Question(business.company_id, FROM_AT, UNTIL_AT, (), read_filter(text))
    with reading(engine) as connection:
        assert count(connection, asked)[()].calls == found
