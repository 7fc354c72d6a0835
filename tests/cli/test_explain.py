"""`swapboard explain`, as somebody reads it who wonders where a conversion went."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from swapboard.cli.app import app
from swapboard.cli.problems import Problem
from swapboard.conversions.conversion import Rule
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.migrate import migrate
from swapboard.switchboard.ringing import Told, receive
from tests.building import BILLBOARD, NOW, open_business
from tests.switchboard.test_ringing import story

NO_COOKIE = "There is no Google Analytics cookie of this visitor, so Analytics would not know them."
SETTINGS = {"measurement_id": "G-AB12CD34EF", "api_secret": "x"}


@pytest.fixture
def call_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A call to the billboard's number, of 40 seconds, with a destination that has no way to know the caller."""
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'swapboard.db'}"
    migrate(url)
    engine = open_engine(url)
    with writing(engine) as connection:
        business = open_business(connection)
        for name, rule in (("GA4", Rule()), ("Long calls", Rule(least_talk_seconds=60))):
            kind, new_id = "google_analytics", name[0] * 32
            record = DestinationRecord(
                new_id, business.company_id, kind, name, SETTINGS, "", rule, name == "GA4", NOW
            )
            add_destination(connection, record)
        told = Told(business.company_id, business.carrier_id, tuple(story("CA1", BILLBOARD)), {}, NOW)
        ((changed,),) = receive(connection, [told])
    engine.dispose()
    return changed.call_id


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["explain", *words], catch_exceptions=False)


def test_each_destination_says_why(call_id: str) -> None:
    shown = run(call_id, "--company", "Example")
    assert shown.exit_code == 0, shown.output
    lines = shown.output.splitlines()
    assert lines[:4] == [
        "GA4: it counts.",
        "  yes  Calls count here.",
        "  yes  It was answered.",
        f"  It cannot be told there: {NO_COOKIE}",
    ]
    assert lines[4].startswith("  convert, 2026-")
    assert lines[4].endswith(": waiting")
    assert lines[5] == "Long calls is switched off; it does not count."
    assert lines[-1] == "  NO   They talked for 40 s, less than the 60 s that are asked for."


def test_the_same_for_programs(call_id: str) -> None:
    told = json.loads(run(call_id, "--company", "Example", "--json").output)
    assert [(each["destination"], each["counts"]) for each in told] == [("GA4", True), ("Long calls", False)]
    assert told[0]["told"] == [{"says": "convert", "state": "waiting", "words": None}]


@pytest.mark.parametrize(
    ("words", "said"),
    [(("nonesuch", "--company", "Example"), "no call 'nonesuch'"), (("x", "--company", "Y"), "no company 'Y'")],
)
def test_what_is_not_there_is_said(call_id: str, words: tuple[str, ...], said: str) -> None:
    assert call_id
    with pytest.raises(Problem, match=said):
        run(*words)
