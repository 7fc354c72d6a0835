"""`swapboard recount`: what it files, what it finds wrong, and what it says."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from swapboard.cli import recount
from swapboard.cli.app import app
from swapboard.cli.company import database
from swapboard.cli.problems import Problem
from swapboard.clock import DAY
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.migrate import migrate
from swapboard.switchboard.visiting import admit
from tests.building import NOW, a_visit, open_business

# Right after midnight nothing of the day is filed yet.
NOON = NOW // DAY * DAY + DAY // 2


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two companies; each had two visits, yesterday and two days ago."""
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(recount, "system_clock", lambda: NOON)
    url = f"sqlite:///{tmp_path / 'swapboard.db'}"
    migrate(url)
    engine, now = open_engine(url), NOON
    with writing(engine) as connection:
        for _ in range(2):
            business = open_business(connection)
            admit(connection, [a_visit(business, now=now - DAY), a_visit(business, now=now - 2 * DAY)])
        connection.execute(
            text("UPDATE companies SET name = 'Other' WHERE company_id = :it"), {"it": business.company_id}
        )
    engine.dispose()
    return url


def _run(*words: str) -> Result:
    return CliRunner().invoke(app, ["recount", *words], catch_exceptions=False)


def test_all_is_filed_and_found_right(url: str) -> None:
    assert json.loads(_run("--company", "Other", "--json").stdout) == {
        "days": 3,
        "visits": 2,
        "people": 0,
        "forms": 0,
        "conversions": 0,
    }
    right = {"days": 3, "visits": 2, "wrong": [], "people": 0, "forms": 0, "conversions": 0}
    assert json.loads(_run("--check", "--json").stdout) == right
    assert "4 visits of 6 days were filed anew." in _run().stdout
    assert "4 visits of 6 days are filed as a recount finds them." in _run("--check").stdout


def test_a_wrong_day_is_told_and_mended(url: str) -> None:
    _run()
    engine = open_engine(url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE visit_columns SET words = '[\"Email\"]' WHERE name = 'channel'"))
    engine.dispose()
    checked = _run("--check")
    assert checked.exit_code == 1
    assert "Not what a recount finds: " in checked.stdout
    _run()
    assert _run("--check").exit_code == 0


def test_a_wrong_beginning_is_told_and_mended(url: str) -> None:
    _run()
    engine = open_engine(url)
    with writing(engine) as connection:
        lead = (
            "INSERT INTO leads SELECT company_id, 'lead', 'call', 5, 5, NULL, 0, 0 "
            "FROM companies WHERE name = 'Other'"
        )
        contact = "INSERT INTO lead_contacts SELECT company_id, 'call', 'call', lead_id, 7 FROM leads"
        connection.execute(text(lead))
        connection.execute(text(contact))
    engine.dispose()
    checked = _run("--check")
    assert checked.exit_code == 1
    assert "the first call or form of 1 people" in checked.stdout
    assert "Of 1 people the first call or form, or what their visits earned, was another." in _run().stdout
    assert _run("--check").exit_code == 0
    engine = open_engine(url)
    with writing(engine) as connection:
        assert connection.execute(text("UPDATE lead_credits SET channel = 'Email'")).rowcount
    engine.dispose()
    assert _run("--check").exit_code == 1
    _run()
    assert _run("--check").exit_code == 0


def test_a_form_that_counts_for_something_else_is_told_and_mended(url: str) -> None:
    engine = open_engine(url)
    with writing(engine) as connection:
        form = (
            "INSERT INTO forms (company_id, form_id, session_id, visitor_id, site_id, sent_at, name, url, fields) "
            "SELECT company_id, session_id, session_id, visitor_id, site_id, started_at, '', '', '{}' "
            "FROM sessions"
        )
        connection.execute(text(form))
    _run()
    with writing(engine) as connection:
        assert connection.execute(text("UPDATE forms SET channel = 'Email'")).rowcount == 4
    checked = _run("--check", "--json")
    assert (checked.exit_code, json.loads(checked.stdout)["forms"]) == (1, 4)
    assert "Not what a recount finds: what 4 forms count for (UTC)." in _run("--check").stdout
    assert "What 4 forms count for was something else." in _run().stdout
    assert _run("--check").exit_code == 0
    engine.dispose()


def test_what_a_destination_took_is_told_and_mended_where_it_is_wrong(url: str) -> None:
    engine = open_engine(url)
    with writing(engine) as connection:
        destination = (
            "INSERT INTO destinations (company_id, destination_id, kind, name, settings, credentials, rule, "
            "is_on, created_at) "
            "SELECT company_id, company_id, 'webhook', '', '{}', '', '{}', true, 0 FROM companies"
        )
        conversion = (
            "INSERT INTO conversions (company_id, destination_id, kind, contact_id, conversion_id, counts, "
            "said_at, taken) "
            "SELECT company_id, company_id, 'call', company_id, company_id, true, 0, true FROM companies"
        )
        connection.execute(text(destination))
        connection.execute(text(conversion))
    engine.dispose()
    _run("--company", "Other")
    checked = _run("--check", "--json")
    assert (checked.exit_code, json.loads(checked.stdout)["conversions"]) == (1, 1)
    assert "Not what a recount finds: what destinations took of 1 calls and forms (UTC)." in _run("--check").stdout
    assert "Of 1 calls and forms it was something else what a destination took." in _run().stdout
    assert _run("--check").exit_code == 0


def test_a_company_that_is_not_there_is_told(url: str) -> None:
    with pytest.raises(Problem, match="There is no company 'Elsewhere'"):
        _run("--company", "Elsewhere")


def test_a_database_without_a_company_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    database(is_first=True).dispose()
    with pytest.raises(Problem, match="no company in this database"):
        _run()
