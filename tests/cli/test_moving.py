"""`swapboard export` and `swapboard import`: the difference first, then all of it or nothing."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from swapboard.accounts.company import Company
from swapboard.accounts.store import add_company
from swapboard.cli.app import app
from swapboard.cli.problems import Problem
from swapboard.clock import from_iso
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.ids import new_id
from swapboard.storage.migrate import migrate
from tests.building import NOW, counts, open_business, rows_of
from tests.moving.test_callrail import API_CALL, COMPANIES, TRACKERS
from tests.moving.test_calltrackingmetrics import CALL

BY_HAND = (
    ("look_back_days = 90", "look_back_days = 30"),
    ('placement = "Billboard"', 'placement = "Billboard, Main Street"'),
    (
        '[[rules]]\nname = "The rest get their own"',
        '[[rules]]\nname = "Evenings"\noutcome = "leave"\nconditions = { hour = ["18-23"] }\n\n'
        '[[rules]]\nname = "The rest get their own"',
    ),
)
CHANGED = [
    "change company settings: look_back_days from 90 to 30",
    "change number +442079460202: placement from 'Billboard' to 'Billboard, Main Street'",
    "add rule Evenings",
]


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A server with the company Example, and an empty one."""
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'swapboard.db'}"
    migrate(url)
    engine = open_engine(url)
    with writing(engine) as connection:
        open_business(connection)
        add_company(connection, Company(new_id(NOW), new_id(NOW), "Empty", "UTC", "US", None, 1800, 30, NOW))
    return engine


def swapboard(*words: str, stdin: str | None = None) -> str:
    shown = CliRunner().invoke(app, words, input=stdin, catch_exceptions=False)
    assert shown.exit_code == 0, shown.output
    return shown.output


def test_a_set_up_goes_from_company_to_company(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "example.toml"
    swapboard("export", "--company", "Example", "--output", str(file))
    before = counts(engine)
    dry = swapboard("import", str(file), "--company", "Empty", "--dry-run")
    assert "add pool Visitors" in dry
    assert "would be written" in dry
    assert counts(engine) == before

    told = json.loads(swapboard("import", str(file), "--company", "Empty", "--json"))
    assert f"add number {'+442079460200'}" in told["differences"]
    assert swapboard("export", "--company", "Empty") == file.read_text("utf-8")
    again = swapboard("import", "-", "--company", "Empty", "--dry-run", stdin=file.read_text("utf-8"))
    assert again == "Nothing would change.\n"


def test_what_a_person_changes_in_the_file_is_shown_then_written_then_exported(
    engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "example.toml"
    swapboard("export", "--company", "Example", "--output", str(file))
    text = file.read_text("utf-8")
    for was, becomes in BY_HAND:
        assert text.count(was) == 1
        text = text.replace(was, becomes)
    file.write_text(text, "utf-8")
    before = counts(engine)
    dry = swapboard("import", str(file), "--company", "Example", "--dry-run").splitlines()
    assert dry == [*CHANGED, "3 differences and 0 calls would be written."]
    assert counts(engine) == before
    written = swapboard("import", str(file), "--company", "Example").splitlines()
    assert written == [*CHANGED, "3 differences and 0 calls were written."]
    assert tomllib.loads(swapboard("export", "--company", "Example")) == tomllib.loads(text)
    again = swapboard("import", str(file), "--company", "Example")
    assert again == "Nothing changed.\n"


def test_rules_stay_unless_the_file_has_some(engine: Engine) -> None:
    """A part of a set-up, such as its company alone, took every rule away."""

    def brought(text: str) -> list[str]:
        return swapboard("import", "-", "--company", "Example", "--dry-run", stdin=text).splitlines()

    assert not [each for each in brought("[company]\nlook_back_days = 31\n") if "rule" in each]
    assert [each for each in brought("rules = []\n") if each.startswith("remove rule")]


def test_a_backup_with_a_rule_that_is_refused_today_comes_back_with_a_note(engine: Engine) -> None:
    text = '[[rules]]\nname = "Old"\noutcome = "leave"\n[rules.conditions]\ncountry = ["UK"]\n'
    told = swapboard("import", "-", "--company", "Empty", stdin=text)
    assert "note: The rule 'Old' has country = 'UK', which no visit has. Write a country's two letters" in told
    again = swapboard("import", "-", "--company", "Empty", stdin=swapboard("export", "--company", "Empty"))
    assert again.splitlines()[-1] == "Nothing changed."
    assert again.startswith("note: The rule 'Old'")


def test_a_part_of_a_setting_of_calls_leaves_the_rest_of_it_as_it_is(engine: Engine) -> None:
    def brought(text: str, *more: str) -> list[str]:
        return swapboard("import", "-", "--company", "Empty", *more, stdin=text).splitlines()[:-1]

    brought(
        "[calls.keeping]\ntalk_days = 30\nmessage_days = 20\n"
        "[calls.spam]\nmark_from = 0.5\nreject_from = 0.9\n"
        '[calls.transcripts]\non = true\nlanguage = "de"\n'
        '[[calls.recording]]\npolicy = {mode = "notice", notice = "Recorded."}'
    )
    part = (
        "[calls.keeping]\ntalk_days = 40\n[calls.spam]\nmark_from = 0.6\n[calls.transcripts]\non = false\n"
        '[[calls.recording]]\npolicy = {mode = "keypress"}'
    )
    changed = [
        "change recording policy of all others: policy from ",
        "change calls keeping: talk_days from 30 to 40",
        "change calls spam: mark_from from 0.5 to 0.6",
        "change calls transcripts: on from true to false",
    ]
    for more in (["--dry-run"], []):
        told = brought(part, *more)
        assert [line.startswith(start) for line, start in zip(told, changed, strict=True)] == [True] * 4, told
    kept = tomllib.loads(swapboard("export", "--company", "Empty"))["calls"]
    assert (kept["keeping"]["talk_days"], kept["keeping"]["message_days"]) == (40, 20)
    assert kept["spam"] == {"mark_from": 0.6, "reject_from": 0.9}
    assert kept["transcripts"] == {"on": False, "language": "de"}
    assert brought('[calls.transcripts]\nlanguage = "fr"') == [
        "change calls transcripts: language from 'de' to 'fr'"
    ]
    kept = tomllib.loads(swapboard("export", "--company", "Empty"))["calls"]
    assert kept["transcripts"] == {"on": False, "language": "fr"}
    policy = kept["recording"][0]["policy"]
    assert (policy["mode"], policy["notice"]) == ("keypress", "Recorded.")
    assert brought("[calls.keeping]\n[calls.spam]\n") == [], "a table with nothing in it asks for nothing"


def test_what_cannot_stand_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('[[pools]]\nname = "P"\ntarget = "+12025550100"\n')
    before = counts(engine)
    for words in (
        ["import", str(file), "--company", "Empty"],
        ["import", str(tmp_path / "nowhere.toml"), "--company", "Empty"],
        ["import", str(file), str(file), "--company", "Nobody"],
        ["import", "callrail", str(file), "--company", "Nobody"],
        ["import", "callrail", "--account", "ACC1", "--company", "Empty"],
        ["export", "--company", "Nobody"],
    ):
        with pytest.raises(Problem):
            CliRunner().invoke(app, words, catch_exceptions=False)
    assert counts(engine) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere.toml",), "nowhere.toml cannot be read: No such file or directory."),
        (("callrail",), "Give the files of its export, or --account"),
        (("calltrackingmetrics",), "Give the files of its export, or --account"),
        (("callrail", "set-up.toml"), "set-up.toml is no list of calls: no column tells when a call began."),
        (("calltrackingmetrics", "set-up.toml"), "set-up.toml is no list of calls"),
        (("callrail", "timeless.csv"), "Its columns: customer_phone_number, duration."),
        (
            ("callrail", "picture.png"),
            "picture.png: The file holds something else than text. Save it as CSV first.",
        ),
        (("semicolons.csv",), "Say what other files are: swapboard import callrail FILE --company NAME."),
        (("empty.toml",), "empty.toml: There is no set-up in it."),
        (("misspelt.toml",), "colour: there is nothing of this name; there are format, company"),
    ],
)
def test_a_file_that_is_something_else_is_refused(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.toml").write_text("format = 1\n")
    Path("misspelt.toml").write_text("colour = 1\n")
    Path("set-up.toml").write_text("format = 1\n[company]\n")
    Path("semicolons.csv").write_text("Start Time;Customer Phone Number\n2026-01-05 10:22;+12125550111\n")
    Path("timeless.csv").write_text("Customer Phone Number,Duration\n+12125550111,63\n")
    Path("picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    before = counts(engine)
    with pytest.raises(Problem) as refused:
        swapboard("import", *words, "--company", "Empty")
    assert said in str(refused.value)
    assert ("Say what other files are" in str(refused.value)) is (words == ("semicolons.csv",))
    assert counts(engine) == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_a_spreadsheets_letters_are_read(engine: Engine, tmp_path: Path, encoding: str) -> None:
    rows = ("Start Time\tPhone Number\tCampaign", "2026-01-05 10:22\t212-555-0111\tHeizöl Köln")
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    (tmp_path / "calls.txt").write_bytes(mark + "\r\n".join(rows).encode(encoding))
    swapboard("import", "callrail", str(tmp_path / "calls.txt"), "--company", "Empty")
    assert [row["campaign"] for row in rows_of(engine, "calls", carrier_id="callrail")] == ["Heizöl Köln"]


def test_moving_in_from_callrail(engine: Engine, tmp_path: Path) -> None:
    trackers, calls = tmp_path / "trackers.json", tmp_path / "calls.json"
    trackers.write_text(json.dumps([COMPANIES, {"page": 1, "total_pages": 1, "trackers": TRACKERS}]))
    calls.write_text(json.dumps({"has_next_page": False, "next_page": None, "calls": [API_CALL]}))
    words = ["import", "callrail", str(trackers), str(calls), "--company", "Empty"]
    dry = json.loads(swapboard(*words, "--dry-run", "--json"))
    assert (dry["dry_run"], dry["calls"]) == (True, 1)
    assert counts(engine)["calls"] == 0
    shown = swapboard(*words)
    assert "add pool Website pool" in shown
    assert "note: The numbers are paused here" in shown
    assert counts(engine)["calls"] == 1
    exported = swapboard("export", "--company", "Empty")
    assert 'status = "paused"' in exported
    assert "Nothing changed." in swapboard(*words)


def test_a_csvs_times_are_of_the_zone_that_comes_with_them(engine: Engine, tmp_path: Path) -> None:
    companies, calls = tmp_path / "companies.json", tmp_path / "calls.csv"
    companies.write_text(json.dumps(COMPANIES))
    calls.write_text("Start Time,Phone Number\n2026-01-05 10:22,(212) 555-0111\n")
    swapboard("import", "callrail", str(companies), str(calls), "--company", "Empty")
    [call] = [row for row in rows_of(engine, "calls") if row["carrier_id"] == "callrail"]
    assert call["started_at"] == from_iso("2026-01-05T10:22:00-07:00")
    again = swapboard("import", "callrail", str(companies), str(calls), "--company", "Empty")
    assert "Nothing changed." in again


def test_moving_in_from_calltrackingmetrics(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "calls.json"
    file.write_text(json.dumps({"calls": [CALL], "next_page": None}))
    words = ["import", "calltrackingmetrics", str(file), "--company", "Empty"]
    assert "1 call were written" in swapboard(*words)
    assert "Nothing changed." in swapboard(*words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["callrial", "calls.csv"],
            "callrial is no file, and none of callrail, calltrackingmetrics,",
        ),
        (["company.toml", "--active"], "--active goes with callrail only."),
        (["company.toml", "--account", "ACC1"], "--account goes with callrail and calltrackingmetrics only."),
        (["callrail", "calls.csv", "--currency", "EUR"], "--currency goes with costs only."),
        (["rates", "ecb", "--feed", "radio"], "--feed goes with costs only."),
    ],
)
def test_what_would_do_nothing_is_refused(engine: Engine, words: list[str], said: str) -> None:
    with pytest.raises(Problem, match=re.escape(said)):
        swapboard("import", *words, "--company", "Empty")


def test_of_many_notes_some_are_shown_and_how_many_more_there_are(engine: Engine, tmp_path: Path) -> None:
    """Only two hundred were shown, as if there were no others."""
    file = tmp_path / "calls.csv"
    file.write_text("id,start_time,duration,status,number,tracking_number\n" + "1,no time,1,answered,,\n" * 300)
    told = swapboard("import", "callrail", str(file), "--company", "Empty", "--dry-run").splitlines()
    assert told[40:] == ["… and 260 more notes; --json has them all.", "Nothing would change."]
    as_json = json.loads(swapboard("import", "callrail", str(file), "--company", "Empty", "--dry-run", "--json"))
    assert len(as_json["notes"]) == 300


def test_what_a_part_of_a_set_up_leaves_out_is_a_line_for_each_kind(engine: Engine) -> None:
    """A file with the company alone was followed by a line for every number that there is."""
    told = swapboard("import", "-", "--company", "Example", "--dry-run", stdin="[company]\nlook_back_days = 31\n")
    changed, *kept, done = told.splitlines()
    assert changed == "change company settings: look_back_days from 90 to 31"
    assert [line.split()[0] for line in kept] == ["keep"] * len(kept)
    assert len(kept) < 10
    assert any(re.match(r"keep \d+ numbers, which are not in the file: \+\d+, .*", line) for line in kept), kept
    assert done == "1 difference and 0 calls would be written."
