"""Our conversions beside the platform's own count: each difference has a reason, and the reasons add up."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.conversions.outbox import State
from swapboard.reports.agreement import Ours, Theirs, compare, read_theirs
from swapboard.reports.cost_columns import table_of
from swapboard.reports.cost_sheet import read_sheet

DAY = date(2026, 11, 20)


_names = count()


def one(
    state: State = State.SENT,
    *,
    words: str = "",
    click_days: int = 0,
    click: str = "",
    back: bool = False,
    day: date = DAY,
) -> Ours:
    return Ours("call", f"c{next(_names)}", day, day - timedelta(click_days), click, state, words, back)


def reasons(ours: list[Ours], theirs: int | None, *, by_click: bool = True) -> list[str]:
    told = None if theirs is None else Theirs({DAY: Decimal(theirs)}, "Conversions")
    (day,) = compare(ours, told, [DAY], by_click)
    return [f"{each.count} {each}" for each in day.reasons]


def test_where_both_say_the_same_there_is_nothing_to_explain() -> None:
    assert reasons([one(), one(click="gclid=a")], 2) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        ([one(State.WAITING, words="HTTP 503")], 0, "1 are not told yet. HTTP 503"),
        ([one(State.WITHHELD, words="No click.")] * 2, 0, "2 were not sent. No click."),
        ([one(State.FAILED, words="INVALID_GCLID")], 0, "1 were refused. INVALID_GCLID"),
        ([one(back=True)], 0, "1 were conversions, and are none after all."),
        ([one()], 3, "2 more than it was told"),
        ([one(click="gclid=a"), one(click="gclid=a")], 1, "1 share their click with another"),
        ([one()], 0, "1 were taken but are not shown"),
    ],
)
def test_each_reason(ours: list[Ours], theirs: int, words: str) -> None:
    (only,) = reasons(ours, theirs)
    assert only.startswith(words)


def test_a_call_counts_on_its_click_s_day_where_the_platform_counts_so() -> None:
    late = one(click_days=1)
    assert reasons([late], 0) == ["1 calls of this day count on an earlier one, that of their click."]
    assert reasons([late], 1, by_click=False) == []


def test_what_shares_its_click_with_a_call_of_another_day_is_no_riddle() -> None:
    days = [DAY, DAY + timedelta(1)]
    ours = [one(click="gclid=a"), one(click="gclid=a", day=days[1]), one(click="gclid=b", day=days[1])]
    theirs = Theirs({DAY: Decimal(1), days[1]: Decimal(1)}, "Conversions (by conv. time)")
    told = {each.day: each for each in compare(ours, theirs, days, by_click=False)}
    assert not told[DAY].reasons
    assert [(each.count, each.words[:5]) for each in told[days[1]].reasons] == [(1, "share")]


def test_a_day_that_an_export_leaves_out_had_nothing() -> None:
    days = [DAY + timedelta(each) for each in (-2, -1, 0, 1, 2)]
    theirs = Theirs({DAY - timedelta(1): Decimal(1), DAY + timedelta(1): Decimal(1)}, "Conversions")
    told = {each.day: each for each in compare([one()], theirs, days, by_click=True)}
    assert [told[day].theirs for day in days] == [None, 1, 0, 1, None]
    assert [each.count for each in told[DAY].reasons] == [1]


def test_a_click_of_long_ago_is_outside_the_usual_window() -> None:
    assert "outside the usual window" in reasons([one(click_days=31)], 0, by_click=False)[0]


@given(
    st.lists(
        st.builds(
            one,
            st.sampled_from(State),
            click=st.sampled_from(["", "gclid=a", "gclid=b"]),
            click_days=st.sampled_from([0, 31]),
            back=st.booleans(),
        )
    ),
    st.integers(0, 30),
)
def test_the_reasons_explain_the_whole_difference(ours: list[Ours], theirs: int) -> None:
    (day,) = compare(ours, Theirs({DAY: Decimal(theirs)}, "Conversions"), [DAY], by_click=False)
    untold = sum(
        each.count
        for each in day.reasons
        if each.words.startswith(("are not told", "were not sent", "were refused", "were conv"))
    )
    assert untold == len(ours) - day.told
    assert sum(each.count for each in day.reasons) - untold == abs(theirs - day.told)


def test_a_platform_s_file_is_read_with_its_totals_left_out() -> None:
    content = (
        b'Conversions report\n"November 19 - 20"\nDay,Conversion action,Conversions (by conv. time)\n'
        b"2026-11-19,Call,2.50\n2026-11-20,Call,1.00\n2026-11-20,Form,1.00\nTotal: Account, --,4.50\n"
    )
    theirs = read_theirs(table_of(read_sheet(content)), country_month_first=True)
    assert theirs.by_day == {date(2026, 11, 19): Decimal("2.5"), DAY: Decimal(2)}
    assert theirs.is_by_call


@pytest.mark.parametrize(
    ("headings", "heading", "is_by_call"),
    [
        ("Tag;Conversions;Alle Conv.", "Conversions", False),
        ("Día;Todas las conv.;Conversiones", "Conversiones", False),
        ("Día;Conversiones;Conversiones (por tiempo de conv.)", "Conversiones (por tiempo de conv.)", True),
        (
            "Jour;Toutes les conv.;Toutes les conv. (par heure de conv.)",
            "Toutes les conv. (par heure de conv.)",
            True,
        ),
        ("Début des rapports;Résultats", "Résultats", False),
        ("Inicio del informe;Resultados", "Resultados", False),
    ],
)
def test_exports_in_other_languages_are_read(headings: str, heading: str, is_by_call: bool) -> None:
    rows = ";".join(["20.11.2026", *["1,5"] * headings.count(";")])
    theirs = read_theirs(table_of(read_sheet(f"{headings}\n{rows}\n".encode())), country_month_first=False)
    assert (theirs.heading, theirs.is_by_call) == (heading, is_by_call)
    assert theirs.by_day == {DAY: Decimal("1.5")}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Day,Cost\n2026-11-20,1\n", "a column Conversions"),
        (b"Day,Conversions\nsoon,1\n", "Line 2: 'soon' is no day"),
    ],
)
def test_what_is_missing_is_told(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_theirs(table_of(read_sheet(content)), country_month_first=True)
