"""Numbers as CSV: what goes out comes in again, and no cell becomes a formula."""

from swapboard.numbers.inventory import NumberKind, NumberStatus
from swapboard.numbers.listing import NumberRecord
from swapboard.numbers.number_csv import to_csv
from swapboard.numbers.number_list import from_csv
from tests.building import NOW

RECORD = NumberRecord(
    number_id="n1",
    company_id="c1",
    number="+12025550120",
    kind=NumberKind.STATIC,
    status=NumberStatus.PAUSED,
    pool_id=None,
    target_id="t1",
    carrier_id=None,
    carrier_ref=None,
    placement='=cmd|"/c calc"!A1',
    channel="Offline",
    source="billboard",
    medium=None,
    campaign="Route 9, north",
    live_session_id=None,
    left_at=None,
    created_at=NOW,
    released_at=None,
    monthly_cents=115,
    placement_cents=120_000,
    starts_on="2026-11-24",
)


def test_there_and_back() -> None:
    text = to_csv([RECORD], {}, {"t1": "+12025550100"})
    assert "'=cmd" in text
    read = from_csv(text, "US")
    [line] = read.lines
    assert (read.faults, list(read.notes)) == ([], [])
    assert line.number == RECORD.number
    assert line.status is NumberStatus.PAUSED
    assert line.facts["placement"] == RECORD.placement
    assert line.facts["campaign"] == "Route 9, north"
    assert line.facts["target"] == "+12025550100"
    assert (line.cents("monthly_price"), line.cents("placement_cost"), line.cents("nothing")) == (
        115,
        120_000,
        None,
    )
