"""Every figure of every report equals a slow, obviously right recount."""

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from sqlalchemy import Engine

from swapboard.clock import DAY
from swapboard.reports.dimension import Dimension
from swapboard.reports.filter import Term, read_filter
from swapboard.reports.store import Question, calls_behind, count
from swapboard.storage.engine import reading, writing
from tests.building import NOW, open_business
from tests.reports.random_business import happen, recount

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


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_what_a_recount_finds(engine: Engine, seed: int) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        history = happen(connection, business, random, (FROM_AT, UNTIL_AT))
        happen(connection, stranger, random, (FROM_AT, UNTIL_AT))
    asked = Question(business.company_id, FROM_AT, UNTIL_AT)
    with reading(engine) as connection:
        for by in [(), *((each,) for each in Dimension), *(_by(random) for _ in range(6))]:
            for terms in ((), random.choice(FILTERS)):
                question = replace(asked, by=by, terms=terms)
                expected = recount(history, FROM_AT, UNTIL_AT, by, terms)
                assert count(connection, question) == expected, (by, terms)


def test_behind_each_figure_stand_its_calls(engine: Engine) -> None:
    random = Random(1)
    with writing(engine) as connection:
        business = open_business(connection)
        happen(connection, business, random, (FROM_AT, UNTIL_AT))
    with reading(engine) as connection:
        for dimension in Dimension:
            asked = Question(business.company_id, FROM_AT, UNTIL_AT, (dimension,))
            for (value,), figures in count(connection, asked).items():
                terms = (Term(dimension, value, is_exact=True),)
                behind = calls_behind(connection, replace(asked, terms=terms), 1000)
                assert len(behind) == figures.calls, (dimension, value)
                assert list(behind) == sorted(behind, reverse=True)
