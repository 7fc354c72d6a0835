"""`swapboard recompute`, and `backtest` of a company's own past."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner, Result

from swapboard.attribution.curve import Curve
from swapboard.attribution.learned import Learned
from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.cli.app import app
from swapboard.cli.problems import Problem
from swapboard.clock import MINUTE, system_clock
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.migrate import migrate
from swapboard.storage.schema import curves
from swapboard.switchboard.beating import hear
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.visiting import admit
from swapboard.visits.visit import Presence
from tests.building import a_beat, a_visit, open_business, rows_of


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A visitor left and called; since then a night taught that nearly every call is nobody's."""
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'swapboard.db'}"
    migrate(url)
    engine, now = open_engine(url), system_clock() - 60 * MINUTE
    with writing(engine) as connection:
        business = open_business(connection, numbers=2)
        [admitted] = admit(connection, [a_visit(business, now=now)])
        hear(connection, [a_beat(business, admitted.session_id, Presence.GONE, now + MINUTE)])
        at = now + 10 * MINUTE
        facts = Facts(dialled=admitted.swaps[0].number, caller="+12125550111")
        events = (
            CallEvent("c1", "", EventKind.ARRIVED, 0, at, facts),
            CallEvent("c1", "", EventKind.DIAL_ENDED, 1, at + MINUTE, Facts()),
        )
        receive(connection, [Told(business.company_id, business.carrier_id, events, {}, at)])
        learned = Learned(1, replace(Curve.prior(), nobody=1.0)).as_json()
        row = {"version": 1, "learned_at": at, "calls": 20, "learned": learned}
        connection.execute(insert(curves).values(company_id=business.company_id, **row))
    engine.dispose()
    return url


def run(*words: str) -> Result:
    shown = CliRunner().invoke(app, words, catch_exceptions=False)
    assert shown.exit_code == 0, shown.output
    return shown


def kinds(url: str) -> list[str]:
    engine = open_engine(url)
    found = [row["attribution_kind"] for row in rows_of(engine, "calls")]
    engine.dispose()
    return found


def test_a_dry_run_tells_and_changes_nothing(url: str) -> None:
    told = run("recompute", "--company", "Example", "--dry-run").output
    assert "1 call was weighed by version 1" in told
    assert "-> nobody" in told
    assert "Nothing was changed; leave out --dry-run to do it." in told
    assert kinds(url) == ["session"]
    changed = json.loads(run("recompute", "--company", "Example", "--json").output)
    assert changed == {"calls": 1, "changed": 1, "would_change": 1, "would_move": 1}
    assert kinds(url) == ["unknown"]
    again = json.loads(run("recompute", "--company", "Example", "--json").output)
    assert again == {"calls": 1, "changed": 0, "would_change": 0, "would_move": 0}


def test_who_is_not_there_is_told(url: str) -> None:
    with pytest.raises(Problem, match="There is no company 'Elsewhere'"):
        run("recompute", "--company", "Elsewhere")
    for days in ("0", "99999999999999"):
        assert CliRunner().invoke(app, ["recompute", "--company", "Example", "--days", days]).exit_code == 2


def test_the_own_past_is_replayed_with_several_sizes(url: str) -> None:
    lines = run("backtest", "--company", "Example", "--pool", "1,2", "--json").stdout.splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert [(each["pool"], each["visits"], each["calls"], each["matched"]) for each in told] == [
        (1, 1, 1, 1),
        (2, 1, 1, 1),
    ]
