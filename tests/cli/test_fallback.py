"""`swapboard fallback`: what it writes, whom it tells, and what it says when it cannot."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from swapboard.accounts.secrets import Vault
from swapboard.carriers.twilio.adapter import TwilioKind
from swapboard.cli.app import app, main
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.migrate import migrate
from swapboard.storage.schema import numbers
from tests.building import Business, open_business, pool_number
from tests.twilio_stand_in import SID, TOKEN, Twilio, twilio

__all__ = ["twilio"]

Run = Callable[..., Result]
URL = "https://static.example.net/calls"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(app, ["fallback", *words])


@pytest.fixture
def business(run: Run, tmp_path: Path, twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> Business:
    """Two numbers of the pool are at the carrier, which has only one of them."""
    del run
    monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", lambda _kind: TwilioKind(twilio.url))
    (tmp_path / "data").mkdir()
    url = f"sqlite:///{tmp_path / 'data' / 'swapboard.db'}"
    migrate(url)
    sealed = Vault.open(tmp_path / "data" / "secret.key").seal({"account_sid": SID, "auth_token": TOKEN})
    engine = open_engine(url)
    twilio.owned["PN1"] = {"sid": "PN1", "phone_number": pool_number(0, 0)}
    with writing(engine) as connection:
        made = open_business(connection, carrier_kind="twilio", credentials=sealed)
        for index, ref in enumerate(("PN1", "PN2")):
            mine = (numbers.c.company_id == made.company_id, numbers.c.number == pool_number(0, index))
            at_carrier = {"carrier_id": made.carrier_id, "carrier_ref": ref}
            connection.execute(update(numbers).where(*mine).values(at_carrier))
    engine.dispose()
    return made


def test_it_writes_the_folder_and_says_what_it_did(run: Run, business: Business, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    done = run("--to", str(folder), "--json")
    assert done.exit_code == 0
    told = json.loads(done.output)
    assert (told["folder"], told["documents"], told["changed"]) == (str(folder), 7, 7)
    assert (folder / business.carrier_id / f"{pool_number(0, 0)[1:]}.xml").exists()
    again = run("--to", str(folder))
    assert again.output == f"7 documents in {folder}: 0 changed, 0 removed.\n"


def test_the_carrier_is_told_of_each_number_and_what_fails_keeps_no_other(
    run: Run, business: Business, twilio: Twilio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWAPBOARD_FALLBACK_DIR", str(tmp_path / "out"))
    monkeypatch.setenv("SWAPBOARD_FALLBACK_URL", URL + "/")
    done = run("--point", "--json")
    assert done.exit_code == 1
    told = json.loads(done.output)
    assert told["pointed"] == 1
    assert told["failed"][0].startswith(f"{pool_number(0, 1)}: Twilio: ")
    given = twilio.owned["PN1"]["given"]
    assert given["VoiceFallbackUrl"] == f"{URL}/{business.carrier_id}/{pool_number(0, 0)[1:]}.xml"
    assert given["VoiceFallbackMethod"] == "GET"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Say which folder"),
        (["--to", "x", "--point"], "Set SWAPBOARD_FALLBACK_URL"),
        (["--to", "x"], "There is no installation"),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(
    run: Run, words: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del run
    monkeypatch.setattr(sys, "argv", ["swapboard", "fallback", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert said in capsys.readouterr().err
