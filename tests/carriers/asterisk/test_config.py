"""An Asterisk's files, and that its dialplan dials while we are down."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from swapboard.accounts.secrets import Vault
from swapboard.carriers.asterisk.config import Destination, files
from swapboard.carriers.asterisk.pbx import Pbx, pbx_of
from swapboard.carriers.base import CarrierError, Links
from swapboard.carriers.installed import carrier_kind
from swapboard.cli.app import app
from swapboard.storage.engine import writing
from tests.building import BILLBOARD, DEFAULT_DESTINATION, DESTINATION, ON_SQLITE, open_business, settings_of

CREDENTIALS = {
    "url": "http://127.0.0.1:8088",
    "username": "swapboard",
    "password": "open sesame",
    "endpoint": "PJSIP/{number}@trunk",
    "numbers": f"{BILLBOARD}, +1 202 555 0143",
}
PBX = pbx_of(CREDENTIALS)


def test_what_is_read_from_the_credentials() -> None:
    assert (
        Pbx(
            "http://127.0.0.1:8088",
            "swapboard",
            "open sesame",
            "PJSIP/{number}@trunk",
            (BILLBOARD, "+12025550143"),
        )
        == PBX
    )


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("url", "ftp://example.com", "address of its ARI"),
        ("url", "", "address of its ARI"),
        ("password", "", "password"),
        ("endpoint", "PJSIP/trunk", "PJSIP/{number}@trunk"),
        ("endpoint", "PJSIP/{number}@trunk),System(x", "PJSIP/{number}@trunk"),
        ("numbers", "none", "not a phone number"),
    ],
)
def test_what_is_wrong_is_said(field: str, value: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        pbx_of(CREDENTIALS | {field: value})


def test_each_number_goes_to_us_and_is_dialled_when_we_are_not_there() -> None:
    plan = files(PBX, {BILLBOARD: Destination(DESTINATION, 25)}, Destination(DEFAULT_DESTINATION, 20))[
        "extensions.conf"
    ]
    for written in (BILLBOARD, BILLBOARD[1:]):
        lines = plan.partition(f"exten => {written},1,")[2].splitlines()[:5]
        assert lines[0] == f"Stasis(swapboard,in,{BILLBOARD})"
        assert lines[1].endswith('GotoIf($["${STASISSTATUS}" = "FAILED"]?down)')
        assert lines[3].endswith(f"(down),Dial(PJSIP/{DESTINATION}@trunk,25)")
    unknown = plan.partition("exten => _[+0-9].,1,")[2]
    assert f"Dial(PJSIP/{DEFAULT_DESTINATION}@trunk,20)" in unknown


def test_the_account_has_the_numbers_that_were_named() -> None:
    carrier = carrier_kind("asterisk").open(CREDENTIALS)
    links = Links("https://calls.example.com", "c1")

    assert [each.number for each in carrier.search("US", "202", 5)] == ["+12025550143"]
    assert carrier.buy(BILLBOARD, links).number == BILLBOARD
    with pytest.raises(CarrierError, match="not among"):
        carrier.buy("+12025550199", links)


@pytest.mark.parametrize(
    ("number", "country", "written"),
    [
        ("+390669401234", "IT", "06"),
        ("+442079460143", "GB", "020"),
        ("+442079460143", "GB", "20"),
        ("+12085550143", "US", None),
        ("+19995550143", "US", "999"),
    ],
)
def test_its_numbers_are_found_by_their_area_code_as_people_write_it(
    number: str, country: str, written: str | None
) -> None:
    carrier = carrier_kind("asterisk").open(CREDENTIALS | {"numbers": f"{number}, +33140123456"})
    assert [each.number for each in carrier.search(country, written, 5)] == [number]
    assert carrier.search(country, "77", 5) == []


@ON_SQLITE
def test_the_command_writes_the_files(
    engine: Engine, tmp_path: Path, migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(tmp_path, migrated_url)
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SWAPBOARD_DATABASE_URL", migrated_url)
    folder = tmp_path / "asterisk"
    runner = CliRunner()
    assert "no installation" in str(runner.invoke(app, ["asterisk-config", str(folder)]).exception)
    with writing(engine) as connection:
        sealed = Vault.open(settings.secret_file).seal(CREDENTIALS)
        open_business(connection, carrier_kind="asterisk", credentials=sealed)
    done = runner.invoke(app, ["asterisk-config", str(folder)])
    assert done.exit_code == 0, done.output
    assert {each.name for each in folder.iterdir()} == {"http.conf", "ari.conf", "pjsip.conf", "extensions.conf"}
    assert (folder / "ari.conf").stat().st_mode & 0o077 == 0
    assert f"Dial(PJSIP/{DESTINATION}@trunk,25)" in (folder / "extensions.conf").read_text()
    assert "no carrier" in str(runner.invoke(app, ["asterisk-config", str(folder), "--carrier", "x"]).exception)
    assert replace(PBX, numbers=()).endpoint_of("+1") == "PJSIP/+1@trunk"
