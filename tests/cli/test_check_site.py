"""`swapboard check-site`, against a real site on this machine."""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from swapboard.cli.app import app
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.migrate import migrate
from tests.building import open_business
from tests.sitecheck.local_site import KEY, NUMBER, LocalSite, serving

DOCUMENT = (Path(__file__).parents[2] / "docs/check-site.md").read_text()
PLAIN = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
Run = Callable[..., Result]


@pytest.fixture
def site() -> Iterator[LocalSite]:
    with serving() as running:
        script = json.dumps({"key": KEY, "targets": [NUMBER]}, separators=(",", ":"))
        running.put(f"/t/{KEY}.js", f"(function(){{}})({script})", Content_Type="text/javascript")
        running.put("/", f'<script src="/t/{KEY}.js"></script><p>(202) 555-0100</p>')
        yield running


@pytest.fixture
def run(site: LocalSite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path / "data"))

    def check(*arguments: str, url: str | None = None, number: str | None = NUMBER) -> Result:
        given = ["--number", number] if number else []
        command = ["check-site", url or site.url, *given, "--delay", "0", *arguments]
        return CliRunner().invoke(app, command, env=PLAIN)

    return check


def test_a_site_that_is_fine(run: Run) -> None:
    done = run()
    assert done.exit_code == 0
    assert "1 occurrences would be swapped, 0 missed" in done.stdout
    assert done.stdout.endswith("No problems found.\n")


def test_a_site_with_problems(run: Run, site: LocalSite, tmp_path: Path) -> None:
    site.put("/", "<p>555-0100 and (202) 555-0143")
    done = run(
        "--json", "--html", str(tmp_path / "report.html"), "--tracking-number", "(202) 555-0143", "--country", "us"
    )
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert [each["code"] for each in report["pages"][0]["findings"]] == [
        "script_missing",
        "tracking_number_stored",
        "missed_no_area_code",
    ]
    assert "script is not on this page" in (tmp_path / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"url": "ftp://www.example.com"}, "is not an address like"),
        ({"url": "not an address"}, "is not an address like"),
        ({"url": "https://"}, "is not an address like"),
        ({"number": "12"}, "is not a phone number"),
    ],
)
def test_a_wrong_argument(run: Run, arguments: dict[str, str], words: str) -> None:
    done = run(**arguments)
    assert done.exit_code == 2
    assert words in re.sub(r"[\s│]+", " ", done.output)


@pytest.mark.parametrize(
    "options",
    [
        ["--pages", "0"],
        ["--delay", "-1"],
        ["--citations", "/nowhere/citations.csv"],
        ["--tracking-number", "x"],
        ["--browser", "/nowhere/chromium"],
        ["--html", "/"],
    ],
)
def test_a_wrong_option(run: Run, site: LocalSite, options: list[str]) -> None:
    assert run(*options).exit_code == 2
    assert site.asked == []


def test_a_site_that_is_not_there(run: Run, site: LocalSite) -> None:
    site.put("/", status=404)
    done = run()
    assert (done.exit_code, done.stdout) == (2, "")
    assert "cannot be checked: the server answers HTTP 404. Is the address right?" in done.stderr


def test_a_report_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    report = tmp_path / "nowhere" / "report.html"
    done = run("--html", str(report))
    assert done.exit_code == 2
    assert f"{report} cannot be written: No such file or directory." in done.stderr
    assert "occurrence" in done.stdout, "what took minutes is told all the same"


def test_no_number_and_no_database(run: Run) -> None:
    done = run(number=None)
    assert done.exit_code == 2
    assert "Which number is the business's own?" in done.stderr
    assert "There is no database here" in run("--company", "Example").stderr


def test_a_list_of_entries_that_is_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    done = run("--citations", str(tmp_path / "x.csv"))
    assert done.exit_code == 2
    assert "must name the columns name, url, phone" in done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_list_of_entries_is_read_as_a_spreadsheet_saves_it(run: Run, tmp_path: Path, encoding: str) -> None:
    entries = "name\turl\tphone\r\nKölner Branchenbuch\thttps://yellow.example.com\t(202) 555-0143\r\n"
    (tmp_path / "entries.txt").write_bytes(entries.encode(encoding))
    done = run("--citations", str(tmp_path / "entries.txt"), "--json")
    assert [each["name"] for each in json.loads(done.stdout)["citations"]] == ["Kölner Branchenbuch"]


def test_a_list_of_entries_that_is_no_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "entries.xlsx").write_bytes(b"PK\x03\x04")
    done = run("--citations", str(tmp_path / "entries.xlsx"))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.endswith("entries.xlsx: This is an Excel file or a zip. Save it as CSV first.\n")


def test_a_list_of_entries_that_cannot_be_read_is_told_as_any_file(
    run: Run, site: LocalSite, tmp_path: Path
) -> None:
    for name, why in (("nowhere.csv", "No such file or directory"), ("", "Is a directory")):
        file = tmp_path / name
        done = run("--citations", str(file))
        assert (done.exit_code, done.stderr) == (2, f"swapboard: {file} cannot be read: {why}.\n")
    assert site.asked == []


def test_the_database_knows_the_numbers(run: Run, site: LocalSite, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'swapboard.db'}"
    (tmp_path / "data").mkdir()
    migrate(url)
    engine = open_engine(url)
    with writing(engine) as connection:
        business = open_business(connection, hosts=["127.0.0.1"])
    engine.dispose()
    done = run("--json", number=None)
    report = json.loads(done.stdout)
    assert report["numbers"] == [business.targets[0].number]
    assert report["site_key"] == business.site.site_key
    assert run("--company", "Nobody", number=None).exit_code == 2


def test_a_database_of_another_version(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "swapboard.db").touch()
    done = run(number=None)
    assert done.exit_code == 2
    assert "run `swapboard migrate` first" in done.stderr


def commands() -> list[str]:
    return re.findall(r"^swapboard check-site .*$", DOCUMENT, re.MULTILINE)


@pytest.mark.parametrize("command", [each for each in commands() if "--render" not in each])
def test_every_command_in_the_document_runs(
    site: LocalSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "citations.csv").write_text(re.findall(r"```csv\n(.*?)```", DOCUMENT, re.DOTALL)[0])
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(data))
    migrate(f"sqlite:///{data / 'swapboard.db'}")
    engine = open_engine(f"sqlite:///{data / 'swapboard.db'}")
    with writing(engine) as connection:
        open_business(connection, hosts=["127.0.0.1"])
    engine.dispose()
    words = shlex.split(command.replace("https://www.example.com", site.url).replace("www.example.com", site.url))
    words = [word.replace("Brightwater Plumbing", "Example") for word in words]
    done = CliRunner().invoke(app, [*words[1:], "--delay", "0"])
    assert done.exit_code in {0, 1}, done.output
    assert site.asked


def test_every_option_is_in_the_document() -> None:
    shown = CliRunner().invoke(
        app, ["check-site", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    )
    options = set(re.findall(r"--[a-z-]+", shown.stdout)) - {"--help"}
    assert {each for each in options if f"`{each}`" not in DOCUMENT} == set()
