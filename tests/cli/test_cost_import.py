"""`swapboard import costs` and `swapboard import rates`."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from swapboard.accounts.company import Company
from swapboard.accounts.store import add_company
from swapboard.cli.app import app
from swapboard.cli.problems import Problem
from swapboard.reports.cost_store import costs_between
from swapboard.reports.rate_store import rates_of
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.migrate import migrate
from tests.building import NOW
from tests.reports import exports
from tests.switchboard.test_currency_rates import open_bank

COMPANY_ID = new_id(NOW)
DAYS = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'swapboard.db'}"
    migrate(url)
    engine = open_engine(url)
    with writing(engine) as connection:
        add_company(connection, Company(COMPANY_ID, new_id(NOW), "Example", "UTC", "US", None, 1800, 30, NOW))
    return engine


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name in ("GOOGLE_ADS", "GOOGLE_ADS_FOR_EXCEL", "META", "OWN"):
        (tmp_path / f"{name}.csv").write_bytes(getattr(exports, name))
    return tmp_path


def swapboard(*words: str) -> str:
    shown = CliRunner().invoke(app, [*words, "--company", "Example"], catch_exceptions=False)
    assert shown.exit_code == 0, shown.output
    return shown.output


def kept(engine: Engine) -> int:
    with reading(engine) as connection:
        return sum(each.line.micros for each in costs_between(connection, COMPANY_ID, *DAYS))


def test_a_dry_run_says_what_would_be_and_writes_nothing(engine: Engine, files: Path) -> None:
    told = swapboard("import", "costs", str(files / "GOOGLE_ADS.csv"), "--dry-run")
    assert "google_ads, 2026-11-01 to 2026-11-02, 1,252.26 USD" in told
    assert "  ad group: Ad group" in told
    assert "2 rows of totals were left out." in told
    assert "3 lines would be written" in told
    assert kept(engine) == 0


def test_the_same_file_twice_counts_once(engine: Engine, files: Path) -> None:
    for replaced in (0, 3):
        told = json.loads(swapboard("import", "costs", str(files / "GOOGLE_ADS.csv"), "--json"))
        assert told["files"][0]["sums"] == {"USD": "1252.26"}
        assert told["files"][0]["replaced"] == replaced
        assert kept(engine) == 1_252_260_000


def test_a_name_of_its_own_holds_files_apart(engine: Engine, files: Path) -> None:
    swapboard("import", "costs", str(files / "GOOGLE_ADS.csv"))
    swapboard("import", "costs", str(files / "GOOGLE_ADS_FOR_EXCEL.csv"), "--feed", "Germany")
    assert kept(engine) == 1_252_260_000 + 1_237_060_000


def test_what_cannot_be_read_says_what_to_do_and_nothing_is_written(
    engine: Engine, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("swapboard.switchboard.currency_rates.URL", "http://127.0.0.1:1/")
    for words, told in (
        (["costs", str(files / "OWN.csv")], "Say which column holds: cost."),
        (["costs", str(files / "GOOGLE_ADS.csv"), str(files / "OWN.csv")], "Say which column holds: cost."),
        (["costs", str(files / "nowhere.csv")], "cannot be read"),
        (["costs"], "Give a file too"),
        (["rates", str(files / "META.csv")], "These rates cannot be read."),
        (["rates", "ecb"], "The European Central Bank did not answer."),
    ):
        with pytest.raises(Problem, match=told):
            CliRunner().invoke(app, ["import", *words, "--company", "Example"], catch_exceptions=False)
    assert kept(engine) == 0


def test_rates_come_in(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "eurofxref.csv"
    file.write_text("Date, USD, \n27 November 2026, 1.2500, \n")
    assert "would be" in swapboard("import", "rates", str(file), "--dry-run")
    for _again in range(2):
        assert swapboard("import", "rates", str(file)) == "1 rates were written.\n"
    with reading(engine) as connection:
        rates = rates_of(connection, COMPANY_ID, *DAYS)
    assert rates.convert(100, "EUR", "USD", date(2026, 11, 28)) == 125


def test_the_bank_is_asked(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_bank() as bank:
        monkeypatch.setattr("swapboard.switchboard.currency_rates.URL", bank.url)
        assert swapboard("import", "rates", "ecb") == "3 rates were written.\n"
    with reading(engine) as connection:
        assert len(rates_of(connection, COMPANY_ID, *DAYS).known) == 3


@pytest.mark.parametrize("what", ["costs", "rates"])
def test_a_file_that_is_too_large_is_told_before_it_is_read_whole(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr("swapboard.cli.cost_import.MOST_BYTES", 1 << 20)
    file = tmp_path / "large.csv"
    file.write_bytes(b"day,base,quote,worth\n" + b"2026-11-24,EUR,USD,1.1\n" * 50_000)
    with pytest.raises(Problem, match=r"large.csv is larger than 1 MB. Bring fewer days in at a time."):
        swapboard("import", what, str(file))


@pytest.mark.parametrize(
    ("what", "text"), [("costs", exports.GOOGLE_ADS), ("rates", b"day,base,quote,worth\n2026-11-24,EUR,USD,1.1\n")]
)
def test_costs_and_rates_come_from_standard_input_as_a_set_up_does(engine: Engine, what: str, text: bytes) -> None:
    words = ["import", what, "-", "--company", "Example", "--dry-run"]
    shown = CliRunner().invoke(app, words, input=text, catch_exceptions=False)
    assert shown.exit_code == 0, shown.output
    assert "would be written" in shown.output
