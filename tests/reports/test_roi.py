"""What was spent beside what came of it equals a slow, obviously right recount, to the millionth."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, Engine, insert, update

from swapboard.clock import HOUR
from swapboard.reports.asked_forms import count_people_by_form
from swapboard.reports.behind import Figure, behind_figure
from swapboard.reports.behind import Part as Behind
from swapboard.reports.cost_campaigns import name_campaign
from swapboard.reports.cost_store import put_costs, remove_feed
from swapboard.reports.costs import CENT_MICROS, CostLine, money
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import NOTHING, Figures
from swapboard.reports.filter import Term, read_filter
from swapboard.reports.ledger import AMOUNTS_OF_VISITS, Part, ledger_of
from swapboard.reports.question import Question, question
from swapboard.reports.rate_store import put_rates
from swapboard.reports.rates import Rate
from swapboard.reports.roi import Return, Roi, spelling
from swapboard.reports.roi_store import paid_cells, roi, spent_in
from swapboard.reports.span import Span
from swapboard.reports.suggesting import suggest
from swapboard.reports.suggestions import BY_KEYWORD, unanswered
from swapboard.reports.sums import read_sums
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import calls, numbers
from tests.building import BILLBOARD, NOW, Business, open_business
from tests.reports.random_business import Row, a_call_at, happen, keyword_or_why_none, recount

SPRINGS = (("spring", 1), ("Spring", 9))
SPAN = Span(date(2026, 11, 12), date(2026, 11, 18), UTC)
FILTERS = ("", "channel:paid", 'campaign="Spring sale"', "-keyword:plumber", "adgroup:drains")
WAYS = (
    (Dimension.CHANNEL,),
    (Dimension.CAMPAIGN,),
    (Dimension.KEYWORD,),
    (Dimension.PLACEMENT,),
    (Dimension.CAMPAIGN, Dimension.AD_GROUP),
    (Dimension.CAMPAIGN, Dimension.KEYWORD),
)


class Spend(NamedTuple):
    """What was told, as the recount reads it."""

    day: date
    micros: int
    currency: str
    known: Mapping[Dimension, str]


def _lines(random: Random) -> list[CostLine]:
    days = [SPAN.first + timedelta(number) for number in range(-9, 9)]
    return [
        CostLine(
            day=random.choice(days),
            micros=4 * random.randrange(10**6),
            currency=random.choice(["USD", "EUR", "SEK"]),
            campaign=random.choice(["SPRING SALE", "spring sale", "Ghost", "Renamed", ""]),
            ad_group=random.choice(["drains", "Other", ""]),
            keyword=random.choice(["Plumber", "nobody asks", ""]),
            channel=random.choice(["Paid Search", "Organic Search", "Referral", ""]),
            source="google",
            medium="cpc",
        )
        for _ in range(40)
    ]


def _spend(connection: Connection, business: Business, random: Random) -> list[Spend]:
    """Some costs, of which EUR have a rate and SEK none, and a billboard of 31.00 a month."""
    company_id, lines = business.company_id, _lines(random)
    put_costs(connection, company_id, "google_ads", lines, NOW)
    name_campaign(connection, company_id, "Renamed", "Spring sale")
    days = [SPAN.first + timedelta(number) for number in range(-30, 30)]
    put_rates(connection, company_id, [Rate(day, "EUR", "USD", Decimal("1.25")) for day in days])
    stands = {
        "placement": "Billboard",
        "placement_cents": 31_00,
        "starts_on": "2026-11-01",
        "ends_on": "2026-12-01",
    }
    is_it = numbers.c.company_id == company_id, numbers.c.number == BILLBOARD
    connection.execute(update(numbers).where(*is_it).values(**stands))
    (row,) = connection.execute(numbers.select().where(*is_it))
    told = [
        Spend(
            line.day,
            line.micros,
            line.currency,
            {
                Dimension.CHANNEL: line.channel,
                Dimension.CAMPAIGN: line.campaign,
                Dimension.AD_GROUP: line.ad_group,
                Dimension.KEYWORD: keyword_or_why_none(line.keyword, line.channel or "a table of one's own"),
                Dimension.PLACEMENT: "",
            },
        )
        for line in lines
    ]
    standing = {
        Dimension.CHANNEL: row.channel or "Offline",
        Dimension.CAMPAIGN: row.campaign or "Billboard",
        Dimension.AD_GROUP: "",
        Dimension.KEYWORD: keyword_or_why_none("", row.channel or "Offline"),
        Dimension.PLACEMENT: "Billboard",
    }
    return [*told, *(Spend(date(2026, 11, day), 1_000_000, "USD", standing) for day in range(1, 31))]


def _is_met(term: Term, folded: str) -> bool:
    asked = term.value.casefold()
    is_so = folded == asked if term.is_exact else asked in folded
    return not is_so if term.is_turned else is_so


def _respent(
    spends: Sequence[Spend], span: Span, by: Sequence[Dimension], terms: Sequence[Term]
) -> Mapping[tuple[str, ...], int]:
    """One line after the other, in small letters."""
    found: dict[tuple[str, ...], int] = {}
    for spend in spends:
        micros = {"USD": spend.micros, "EUR": spend.micros * 5 // 4}.get(spend.currency)
        if micros is None or not span.first <= spend.day <= span.last:
            continue
        known = dict(spend.known)
        if known[Dimension.CAMPAIGN] == "Renamed":
            known[Dimension.CAMPAIGN] = "Spring sale"
        if all(_is_met(term, known[term.dimension].casefold()) for term in terms):
            cell = tuple(known[each].casefold() for each in by)
            found[cell] = found.get(cell, 0) + micros
    return found


def _folded(counted: Mapping[tuple[str, ...], Figures]) -> Mapping[tuple[str, ...], Figures]:
    return {tuple(value.casefold() for value in cell): figures for cell, figures in counted.items()}


def test_costs_that_come_or_go_are_added_up_anew(engine: Engine) -> None:
    with writing(engine) as connection:
        company_id = open_business(connection).company_id

    def told(micros: int) -> None:
        line = CostLine(SPAN.first, micros, "USD", campaign="Ghost", channel="Paid Search")
        with writing(engine) as connection:
            put_costs(connection, company_id, "google_ads", [line], NOW)

    def spent() -> int | None:
        with reading(engine) as connection:
            return spent_in(connection, company_id, SPAN, "USD")

    assert spent() == 0
    for micros in (5, 7):
        told(micros)
        assert spent() == micros
        assert spent() == micros
    with writing(engine) as connection:
        remove_feed(connection, company_id, "google_ads")
    assert spent() == 0


@pytest.mark.parametrize("seed", range(2))
def test_every_amount_and_figure_is_what_a_recount_finds(engine: Engine, seed: int) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        history = happen(connection, business, random, (SPAN.from_at, SPAN.until_at))
        happen(connection, stranger, random, (SPAN.from_at, SPAN.until_at))
        spends = _spend(connection, business, random)
        _spend(connection, stranger, random)
    with reading(engine) as connection:
        for span in (SPAN, SPAN.before()):
            spent = sum(_respent(spends, span, (), ()).values())
            assert spent_in(connection, business.company_id, span, "USD") == spent
        for by in WAYS:
            terms, counted_by = read_filter(random.choice(FILTERS)), random.choice(list(CountedBy))
            found = roi(connection, business.company_id, SPAN, "USD", by, terms, counted_by)
            for span, side in ((SPAN, "now"), (SPAN.before(), "before")):
                figures = _folded(recount(history, span.from_at, span.until_at, by, terms, counted_by))
                costs = _respent(spends, span, by, terms)
                sides: dict[tuple[str, ...], Return] = {}
                for line in found.lines:
                    cell = tuple(value.casefold() for value in line.cell)
                    sides[cell] = sides.get(cell, Return()) + getattr(line, side)
                expected = {
                    cell: Return(costs.get(cell, 0), figures.get(cell, NOTHING)) for cell in {**costs, **figures}
                }
                assert some(sides) == some(expected), (by, terms, counted_by, side)
                assert getattr(found.total, side) == sum(expected.values(), Return())
                paid = [each for each in expected.values() if each.cost_micros]
                assert getattr(found.paid, side) == sum(paid, Return())
            asked = question(business.company_id, SPAN, by, terms, counted_by)
            _stand_behind_what_cost_something(connection, found, asked)
            _is_read_so_that_columns_add_up(found)
            lost = sum(
                each.micros for each in spends if each.currency == "SEK" and SPAN.first <= each.day <= SPAN.last
            )
            assert found.unconverted == ({"SEK": lost} if lost else {})


def _is_read_so_that_columns_add_up(found: Roi) -> None:
    assert sum((line.shown for line in found.lines), Return()) == found.total.shown
    paid = (line.shown for line in found.lines if line.now.cost_micros)
    assert sum(paid, Return()) == found.paid.shown
    for line in (*found.lines, found.total, found.paid):
        assert line.shown.cost_micros % CENT_MICROS == line.shown.revenue_micros % CENT_MICROS == 0
        assert abs(line.shown.cost_micros - line.now.cost_micros) < CENT_MICROS
        assert abs(line.shown.revenue_micros - line.now.revenue_micros) < CENT_MICROS
        assert abs(line.shown.figures.calls - line.now.figures.calls) < Decimal("0.1")
        assert line.shown.figures.calls * 10 == int(line.shown.figures.calls * 10)
    assert money(found.total.shown.cost_micros) == money(found.total.now.cost_micros)


def _stand_behind_what_cost_something(connection: Connection, found: Roi, asked: Question) -> None:
    cells = paid_cells(connection, asked, SPAN, "USD")
    for part, name in ((Behind.ALL, "calls"), (Behind.FIRST_TIME, "first_time"), (Behind.GOOD, "qualified")):
        behind = behind_figure(connection, asked, Figure(part, cells=cells), None)
        assert sum(each.share for each in behind) == getattr(found.paid.now.figures, name)
        newest_first = [(each.started_at, each.call_id) for each in behind]
        assert newest_first == sorted(set(newest_first), reverse=True)
        assert behind_figure(connection, asked, Figure(part, cells=cells), 3) == behind[:3]
    behind = behind_figure(connection, asked, Figure(Behind.NEW, cells=cells), None)
    people = sum(each.share for each in behind) + count_people_by_form(connection, asked, cells)
    assert people == found.paid.now.figures.leads


def some(sides: Mapping[tuple[str, ...], Return]) -> Mapping[tuple[str, ...], Return]:
    return {cell: each for cell, each in sides.items() if each != Return()}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_worth_a_look_is_what_a_recount_finds(engine: Engine, seed: int) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        business = open_business(connection)
        history = happen(connection, business, random, (SPAN.from_at, SPAN.until_at))
        spends = _spend(connection, business, random)
        # A campaign, and an hour, in which most calls go unanswered.
        at = SPAN.from_at + 9 * HOUR
        bad = [a_call_at(business, random, at + place) for place in range(14)]
        for place, row in enumerate(bad):
            row |= {"campaign": "Late", "status": "answered" if place < 3 else "missed", "is_spam": False}
        fine = [a_call_at(business, random, SPAN.from_at + 39 * HOUR + place) for place in range(60)]
        for row in fine:
            row |= {"campaign": "Fine", "status": "answered", "is_spam": False}
        # No more go unanswered in another than in all.
        usual = [a_call_at(business, random, SPAN.from_at + 61 * HOUR + place) for place in range(20)]
        for place, row in enumerate(usual):
            row |= {"campaign": "Usual", "status": "answered" if place < 15 else "busy", "is_spam": False}
        bad += [*fine, *usual]
        connection.execute(insert(calls), bad)
    history.calls += bad
    history.candidates |= {row["call_id"]: [] for row in bad}
    with reading(engine) as connection:
        found = suggest(connection, business.company_id, SPAN, "USD")
    counted = _folded(recount(history, SPAN.from_at, SPAN.until_at, BY_KEYWORD, ()))
    costs = _respent(spends, SPAN, BY_KEYWORD, ())
    of_keywords = {cell: cost for cell, cost in costs.items() if cell[1].strip("()") == cell[1] != "" and cost}
    rang = sum(counted.get(cell, NOTHING).calls for cell in of_keywords)
    per_call = Fraction(sum(of_keywords.values()), int(rang)) if rang else None
    assert found.usual_per_call == (None if per_call is None else round(per_call))
    silent = [cell for cell in of_keywords if not (each := counted.get(cell, NOTHING)).calls and not each.forms]
    wasted = [cell for cell in silent if found.usual_per_call and of_keywords[cell] >= 3 * found.usual_per_call]
    assert {(each.campaign.casefold(), each.keyword.casefold()) for each in found.wasted} == set(wasted)
    for each in found.wasted:
        cost = of_keywords[each.campaign.casefold(), each.keyword.casefold()]
        assert each.spent.cost_micros == cost
        assert each.expected_calls == Fraction(cost, found.usual_per_call or 1)

    over = [
        row
        for row in history.calls
        if not row["is_spam"] and SPAN.from_at <= row["started_at"] < SPAN.until_at
        if row["status"] in {"answered", *UNANSWERED}
    ]
    campaigns: dict[str, list[Row]] = {}
    for row in over:
        campaigns.setdefault(row["campaign"] or "", []).append(row)
    grave = {name: rows for name, rows in campaigns.items() if name and _is_grave(rows, over)}
    assert {each.campaign: unanswered(each.figures) for each in found.campaigns} == {
        name: sum(row["status"] in UNANSWERED for row in rows) for name, rows in grave.items()
    }
    assert "Late" in grave
    assert "Usual" not in grave
    hours: dict[tuple[str, int], list[Row]] = {}
    for row in over:
        local = datetime.fromtimestamp(row["started_at"] / 1000, UTC)
        kind = {5: "saturday", 6: "sunday"}.get(local.weekday(), "weekday")
        hours.setdefault((kind, local.hour), []).append(row)
    grave_hours = {key: rows for key, rows in hours.items() if _is_grave(rows, over)}
    assert {(each.days.value, each.hour): unanswered(each.figures) for each in found.hours} == {
        key: sum(row["status"] in UNANSWERED for row in rows) for key, rows in grave_hours.items()
    }
    assert ("weekday", 9) in grave_hours


UNANSWERED = frozenset({"missed", "busy", "failed", "abandoned", "voicemail"})


def _is_grave(rows: Sequence[Row], over: Sequence[Row]) -> bool:
    share, usual = (Fraction(sum(row["status"] in UNANSWERED for row in some), len(some)) for some in (rows, over))
    return len(rows) >= 10 and share >= Fraction(1, 4) and share >= Fraction(3, 2) * usual


def test_by_what_costs_do_not_know_nothing_is_spent(engine: Engine) -> None:
    random = Random(7)
    with writing(engine) as connection:
        business = open_business(connection)
        happen(connection, business, random, (SPAN.from_at, SPAN.until_at))
        _spend(connection, business, random)
    with reading(engine) as connection:
        for by, terms in (((Dimension.DEVICE,), ""), ((Dimension.CAMPAIGN,), "device:phone")):
            found = roi(connection, business.company_id, SPAN, "USD", by, read_filter(terms))
            assert not found.counts_costs
            assert found.total.now.cost_micros == 0
            assert found.total.now.figures.calls > 0


def test_a_ratio_is_exact_and_never_of_nothing() -> None:
    figures = Figures(calls=3, first_time=0, qualified=2, value_cents=1_000, leads=Decimal("1.5"))
    found = Return(10_000_000, figures)
    assert (found.per_call, found.per_first_time_caller, found.per_qualified) == (3_333_333, None, 5_000_000)
    assert (found.per_lead, found.revenue_micros, found.roas) == (6_666_667, 10_000_000, Fraction(1))
    free = Return(0, figures)
    assert [getattr(free, name) for name in ("per_call", "per_lead", "roas")] == [None, None, None]


def test_of_each_thing_costs_are_written_as_most_visits_write_it() -> None:
    rows = [(f"keyword {number}", f"{name} {number}", count) for number in range(20) for name, count in SPRINGS]
    counted = ledger_of([Part(read_sums(rows, 2, 1), AMOUNTS_OF_VISITS)], 2, 1)
    spelled = spelling((Dimension.KEYWORD, Dimension.CAMPAIGN), [counted])
    for number in range(20):
        assert spelled(Dimension.CAMPAIGN, f"sPRING {number}") == f"Spring {number}"
        assert spelled(Dimension.KEYWORD, f"KEYWORD {number}") == f"keyword {number}"
