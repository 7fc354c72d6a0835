"""`swapboard keywords`: an account is kept encrypted, refused with a reason, and forgotten."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from swapboard.accounts.secrets import Vault
from swapboard.cli.app import app
from swapboard.cli.problems import Problem
from swapboard.keywords.store import accounts_of
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.migrate import migrate
from tests.building import open_business, rows_of
from tests.keywords.stand_in import CREDENTIALS

URL = "sqlite:///{}/swapboard.db"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    url = URL.format(tmp_path)
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SWAPBOARD_DATABASE_URL", url)
    migrate(url)
    engine = open_engine(url)
    with writing(engine) as connection:
        open_business(connection)
    engine.dispose()
    return tmp_path


def keywords(home: Path, *words: str) -> Result:
    engine = open_engine(URL.format(home))
    (company,) = rows_of(engine, "companies")
    engine.dispose()
    return CliRunner().invoke(app, ["keywords", words[0], "--company", company["name"], *words[1:]])


def ads_json(home: Path, **changes: str) -> str:
    file = home / "ads.json"
    file.write_text(json.dumps(CREDENTIALS | changes))
    return str(file)


def connect(home: Path, credentials: str, customer_id: str = "123-456-7890") -> Result:
    return keywords(home, "connect", "--customer-id", customer_id, "--credentials", credentials, "--no-check")


def test_an_account_is_kept_encrypted_and_forgotten(home: Path) -> None:
    assert connect(home, ads_json(home)).exit_code == 0
    engine = open_engine(URL.format(home))
    (kept,) = rows_of(engine, "ad_accounts")
    assert "a client's secret" not in kept["credentials"]
    told = Vault.open(home / "secret.key").unseal(kept["credentials"])
    assert told["refresh_token"] == CREDENTIALS["refresh_token"]
    assert keywords(home, "forget", "--customer-id", "1234567890").exit_code == 0
    with reading(engine) as connection:
        assert accounts_of(connection, kept["company_id"]) == []
    engine.dispose()
    assert isinstance(keywords(home, "forget", "--customer-id", "1234567890").exception, Problem)


def test_nothing_to_ask_is_no_error(home: Path) -> None:
    connect(home, ads_json(home))
    answer = keywords(home, "fetch", "--json")
    assert json.loads(answer.output) == {"visits_asked": 0, "keywords_found": 0, "troubles": []}


def test_without_an_account_it_says_what_to_do(home: Path) -> None:
    assert "keywords connect" in str(keywords(home, "fetch").exception)


def test_wrong_credentials_are_refused_with_a_reason(home: Path) -> None:
    assert "refresh_token" in str(connect(home, ads_json(home, refresh_token="")).exception)
    assert "ten digits" in str(connect(home, ads_json(home), "12345").exception)
    (home / "list.json").write_text("[]")
    assert "one JSON object" in str(connect(home, str(home / "list.json")).exception)
    (home / "rubbish.json").write_bytes(b"\xff\xfe")
    assert "could not be read" in str(connect(home, str(home / "rubbish.json")).exception)
    assert connect(home, str(home / "nowhere.json")).exit_code == 2
