"""Reports as files: what a cell says in CSV and in Parquet, and that both say the same."""

import csv
import io
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from swapboard.reports.grid import Column, Grid, Kind, millionths
from swapboard.reports.grid_csv import write_csv
from swapboard.reports.grid_parquet import write_parquet

COLUMNS = (
    Column("campaign"),
    Column("calls", Kind.WHOLE),
    Column("cost", Kind.DECIMAL),
    Column("share", Kind.SHARE),
    Column("earlier", Kind.FLAG),
)
Told = list[tuple[str | None, int | None, Decimal | None, float, bool]]
rows = st.lists(
    st.tuples(
        st.text(st.characters(codec="utf-8", exclude_characters="\0\r")) | st.none(),
        st.integers(-(2**63), 2**63 - 1) | st.none(),
        st.integers(-(10**18), 10**18).map(millionths) | st.none(),
        st.floats(0, 1) | st.none(),
        st.booleans() | st.none(),
    ),
    max_size=5,
)


@given(rows)
def test_parquet_gives_back_every_cell(
    told: Told,
) -> None:
    table = parquet.read_table(io.BytesIO(write_parquet(Grid(COLUMNS, told))))
    assert table.column_names == [column.name for column in COLUMNS]
    assert [str(each) for each in table.schema.types] == ["string", "int64", "decimal128(38, 6)", "double", "bool"]
    assert [tuple(row.values()) for row in table.to_pylist()] == told


@given(rows)
def test_csv_has_a_line_for_each_row(
    told: Told,
) -> None:
    head, *lines = csv.reader(io.StringIO(write_csv(Grid(COLUMNS, told))))
    assert head == [column.name for column in COLUMNS]
    for line, (campaign, calls, cost, share, earlier) in zip(lines, told, strict=True):
        assert line[0].removeprefix("'") == (campaign or "").removeprefix("'")
        assert line[1] == ("" if calls is None else str(calls))
        assert cost is None or Decimal(line[2]) == cost
        assert share is None or float(line[3]) == share
        assert line[4] == {None: "", True: "yes", False: "no"}[earlier]


def test_counts_by_probability_are_decimals() -> None:
    told = Grid([Column("calls", Kind.WHOLE)], [(1,), (Decimal("0.333333333"),)])
    assert parquet.read_table(io.BytesIO(write_parquet(told))).to_pydict() == {
        "calls": [Decimal("1.000000"), Decimal("0.333333")]
    }
