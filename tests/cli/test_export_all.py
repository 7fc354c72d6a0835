"""`swapboard export --everything`: all that a company has is in the folder, and another company takes it in."""

import json
import stat
from pathlib import Path

import pytest
from pyarrow import parquet
from sqlalchemy import Engine

from swapboard.accounts.company import Company
from swapboard.accounts.store import add_company
from swapboard.cli.problems import Problem
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.ids import new_id
from swapboard.storage.migrate import migrate
from swapboard.web.api.everything import EVERYTHING
from tests.building import NOW, Business, open_business, rows_of
from tests.cli.test_moving import swapboard
from tests.switchboard.test_forgetting import CALLER, a_secret_visit, ring

CALLS = ("c1", "c2")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The company Example with a visit, a form and two calls, and an empty one."""
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'swapboard.db'}"
    migrate(url)
    engine = open_engine(url)
    with writing(engine) as connection:
        business: Business = open_business(connection)
        admitted = a_secret_visit(connection, business)
        for place, call_ref in enumerate(CALLS):
            ring(connection, business, admitted.swaps[0].number, NOW + (30 + place) * 1000, call_ref)
        add_company(connection, Company(new_id(NOW), new_id(NOW), "Empty", "UTC", "US", None, 1800, 30, NOW))
    return engine


@pytest.fixture
def folder(engine: Engine, tmp_path: Path) -> Path:
    """What was written of it."""
    swapboard("export", "--company", "Example", "--everything", str(tmp_path / "all"))
    return tmp_path / "all"


def lines(folder: Path, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()]


def test_each_list_is_there_and_nobody_else_may_read_it(engine: Engine, folder: Path) -> None:
    written = {path.name for path in folder.iterdir()}
    assert written == {
        "setup.toml",
        "calls.parquet",
        "sessions.parquet",
        *(f"{name}.jsonl" for name in EVERYTHING),
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert folder.joinpath("setup.toml").read_text("utf-8") == swapboard("export", "--company", "Example")
    counted = {name: len(lines(folder, name)) for name in EVERYTHING}
    assert counted == dict.fromkeys(EVERYTHING, 0) | {"calls": 2, "sessions": 1, "forms": 1, "leads": 1}
    assert rows_of(engine, "audit_entries")[-1]["act"] == "exported"


def test_parquet_says_the_same(folder: Path) -> None:
    table = parquet.read_table(folder / "calls.parquet").to_pylist()
    for row, call in zip(table, lines(folder, "calls"), strict=True):
        caller, credited = call["caller"], call["attribution"]
        assert isinstance(caller, dict)
        assert isinstance(credited, dict)
        assert (row["id"], row["caller.number"], row["caller.withheld"]) == (call["id"], CALLER, False)
        assert (row["attribution.campaign"], row["attribution.confidence"]) == ("spring", credited["confidence"])
        assert json.loads(row["attribution.click_ids"]) == {"gclid": "Secret-Click-1"}
        assert (row["recording.id"], row["value"]) == (None, None)
    (session,) = parquet.read_table(folder / "sessions.parquet").to_pylist()
    assert session["id"] == lines(folder, "sessions")[0]["id"]


def test_another_company_takes_in_the_set_up_and_the_calls_once(engine: Engine, folder: Path) -> None:
    told = json.loads(swapboard("import", str(folder), "--company", "Empty", "--json"))
    assert told["calls"] == len(CALLS)
    assert "add pool Visitors" in told["differences"]
    assert any("stay in their files" in note for note in told["notes"])
    moved = [row for row in rows_of(engine, "calls") if row["carrier_id"] == "swapboard"]
    assert {(row["caller_number"], row["campaign"], row["channel"]) for row in moved} == {
        (CALLER, "spring", "Paid Search")
    }
    assert json.loads(swapboard("import", str(folder), "--company", "Empty", "--json"))["calls"] == 0


def test_who_takes_in_what_is_its_own_has_it_once(engine: Engine, folder: Path) -> None:
    told = json.loads(swapboard("import", str(folder), "--company", "Example", "--json"))
    assert (told["calls"], len(rows_of(engine, "calls"))) == (0, len(CALLS))


def test_a_folder_with_something_in_it_is_left_alone(engine: Engine, folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(Problem, match="is not empty"):
        swapboard("export", "--company", "Example", "--everything", str(folder))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    with pytest.raises(Problem, match="--output or --everything"):
        swapboard("export", "--company", "Example", "--everything", str(folder), "--output", "x.toml")


@pytest.mark.parametrize(
    ("line", "said"),
    [("{", "line 1, is no call"), ('{"id": "x"}', "started_at: Field required"), ("[]", "line 1, is no call")],
)
def test_lines_that_are_no_calls_are_told(folder: Path, line: str, said: str) -> None:
    (folder / "calls.jsonl").write_text(f"{line}\n", "utf-8")
    with pytest.raises(Problem, match=said):
        swapboard("import", str(folder), "--company", "Empty")
