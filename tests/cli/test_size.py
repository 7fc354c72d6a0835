"""`swapboard size`: three answers, or the company's own visits."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from swapboard.cli.app import app
from swapboard.cli.problems import Problem
from swapboard.clock import MINUTE, system_clock
from swapboard.numbers.sizing import erlang_b
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.migrate import migrate
from swapboard.switchboard.beating import hear
from swapboard.switchboard.visiting import admit
from swapboard.visits.visit import Presence
from tests.building import a_beat, a_visit, open_business


def size(*words: str) -> dict[str, object]:
    shown = CliRunner().invoke(app, ["size", *words, "--json"], catch_exceptions=False)
    assert shown.exit_code == 0, shown.output
    told: dict[str, object] = json.loads(shown.output)
    return told


def test_three_answers() -> None:
    told = size("--visits", "200", "--minutes", "3", "--quiet", "0", "--overflow", "0.01", "--daily", "1000")
    assert told["recommended"] == 18
    best = next(each for each in told["sizes"] if each["numbers"] == 18)  # type: ignore[attr-defined]
    assert best["overflow"] == erlang_b(10, 18) <= 0.01 < erlang_b(10, 17)
    assert [each["numbers"] for each in told["thumbs"]] == [50, 40, 10]  # type: ignore[attr-defined]
    assert round(told["thumbs"][2]["overflow"], 3) == 0.215  # type: ignore[index]


def test_what_was_not_said_is_told_with_the_answer() -> None:
    """`swapboard size --visits 120` took four minutes and all visits, and did not say so; nor did --help."""
    run = CliRunner(env={"COLUMNS": "300", "TERM": "dumb"})
    shown = run.invoke(app, ["size", "--visits", "120"], catch_exceptions=False).output
    assert shown.startswith("Taken, as it was not said: a visit stays 4 minutes and all visits get a number.\n")
    whole = run.invoke(app, ["size", "--visits", "120", "--minutes", "4", "--share", "1"], catch_exceptions=False)
    assert whole.output == shown.partition("\n")[2]
    helped = run.invoke(app, ["size", "--help"]).output
    assert "4 if left out" in helped
    assert "28 if left out" in helped


@pytest.mark.parametrize(
    "option", ["--visits", "--minutes", "--share", "--daily", "--quiet", "--overflow", "--price"]
)
@pytest.mark.parametrize("value", ["inf", "nan", "-1", "1e300"])
def test_what_is_no_number_to_reckon_with_is_refused(option: str, value: str) -> None:
    shown = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["size", "--visits", "120", option, value])
    assert shown.exit_code == 2, shown.output
    assert f"Invalid value for '{option}'" in shown.output


def test_a_smaller_share_needs_fewer_numbers_and_a_table_says_so() -> None:
    assert size("--visits", "200", "--share", "0.2")["recommended"] < size("--visits", "200")["recommended"]  # type: ignore[operator]
    shown = CliRunner().invoke(app, ["size", "--visits", "120", "--price", "2.5"])
    assert shown.exit_code == 0
    assert "numbers" in shown.output
    assert "turned away" in shown.output


def test_one_number_is_not_called_numbers() -> None:
    shown = CliRunner().invoke(app, ["size", "--visits", "0.01", "--minutes", "0.01", "--share", "1"])
    assert shown.output.startswith("1 number: ")


def test_a_share_may_be_in_percent_and_what_is_none_is_told_how() -> None:
    assert size("--visits", "200", "--share", "20%") == size("--visits", "200", "--share", "0.2")
    assert size("--visits", "200", "--overflow", "2%") == size("--visits", "200", "--overflow", "0.02")
    for option, most in (("--share", "100"), ("--overflow", "50")):
        shown = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["size", "--visits", "120", option, "80"])
        assert shown.exit_code == 2
        assert f"80 is no share from 0.01% to {most}%. Write four fifths as 0.8 or 80%." in shown.output


def test_what_is_missing_or_too_much() -> None:
    assert CliRunner().invoke(app, ["size"]).exit_code == 2
    with pytest.raises(Problem, match="share less"):
        CliRunner().invoke(app, ["size", "--visits", "100000", "--minutes", "60"], catch_exceptions=False)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--visits", "10", "--check"], "It goes with --company."),
        (["--visits", "10", "--pool", "Website"], "It goes with --company."),
        (["--visits", "10", "--days", "5"], "It goes with --company."),
        (["--visits", "10", "--company", "Any"], "Give --visits or --company, not both."),
        (["--company", "Any", "--minutes", "9"], "Give --minutes or --company, not both."),
        (["--company", "Any", "--share", "0.5"], "Give --share or --company, not both."),
        (["--company", "Any", "--daily", "9"], "Give --daily or --company, not both."),
        (["--visits", "10", "--share", "80"], "--share"),
        (["--visits", "10", "--minutes", "0"], "--minutes"),
        (["--visits", "nan"], "--visits"),
        (["--visits", "many"], "--visits"),
        (["--visits", "10", "--overflow", "0"], "--overflow"),
    ],
)
def test_what_would_do_nothing_or_cannot_be_is_refused(more: list[str], said: str) -> None:
    shown = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}).invoke(app, ["size", *more])
    assert (shown.exit_code, said in shown.output) == (2, True), shown.output


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Fifty visits, a minute apart, each of two and a half minutes, at a pool of two."""
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'swapboard.db'}"
    migrate(url)
    engine = open_engine(url)
    begin = system_clock() - 120 * MINUTE
    with writing(engine) as connection:
        business = open_business(connection, numbers=2)
        leaving: list[tuple[int, str]] = []
        for minute in range(50):
            now = begin + minute * MINUTE
            while leaving and leaving[0][0] <= now:
                at, session = leaving.pop(0)
                hear(connection, [a_beat(business, session, Presence.GONE, at)])
            [admitted] = admit(connection, [a_visit(business, now=now)._replace(beat_seconds=600)])
            leaving.append((now + 5 * MINUTE // 2, admitted.session_id))
        for at, session in leaving:
            hear(connection, [a_beat(business, session, Presence.GONE, at)])
    engine.dispose()
    return tmp_path


def test_own_visits_are_replayed_and_a_pool_that_is_too_small_is_told(folder: Path) -> None:
    told = size("--company", "Example", "--quiet", "0")
    assert told["replayed_visits"] == 50
    assert told["numbers_now"] == 2
    assert told["exhausted"]
    assert told["recommended"] == 3
    with pytest.raises(Problem, match="The pool has 2 numbers and needs 3"):
        CliRunner().invoke(
            app, ["size", "--company", "Example", "--quiet", "0", "--check"], catch_exceptions=False
        )


def test_a_company_without_a_pool_is_told_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    new = ["user", "add", "ann@example.com", "--company", "New", "--password", "a long pass phrase"]
    assert CliRunner().invoke(app, new, catch_exceptions=False).exit_code == 0
    for command in (["size"], ["backtest", "--pool", "4"]):
        with pytest.raises(Problem, match="has no pool yet"):
            CliRunner().invoke(app, [*command, "--company", "New"], catch_exceptions=False)


def test_a_company_or_pool_that_is_not_there(folder: Path) -> None:
    for words in (["--company", "Nobody"], ["--company", "Example", "--pool", "Nothing"]):
        with pytest.raises(Problem):
            CliRunner().invoke(app, ["size", *words], catch_exceptions=False)


@pytest.mark.parametrize("visits", ["1200", "1,200", "1200.000"])
def test_numbers_are_read_as_people_write_them(visits: str) -> None:
    written = size(
        "--visits", visits, "--minutes", "4,5", "--price", "1,15", "--share", "0,8", "--overflow", "1.125 %"
    )
    plain = ("--visits", "1200", "--minutes", "4.5", "--price", "1.15", "--share", "0.8", "--overflow", "0.01125")
    assert written == size(*plain)


def test_what_may_be_thousands_or_a_fraction_is_asked_for_anew() -> None:
    told = CliRunner().invoke(app, ["size", "--visits", "1.200"], env={"COLUMNS": "200"})
    assert told.exit_code != 0
    assert "1.200 may be 1200 or 1.2: write the one that you mean." in told.output
    assert size("--visits", "60", "--minutes", "4.125")["recommended"]


def test_how_large_a_number_may_be_is_told_in_digits() -> None:
    shown = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["size", "--visits", "10000001"])
    assert "10000001 is no number from 0.01 to 10,000,000." in shown.output
