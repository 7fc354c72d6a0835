"""The replay does what the lease rule says, and credits by the match rule."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

import msgspec
import pytest
from typer.testing import CliRunner, Result

from swapboard.attribution.backtest import replayed
from swapboard.attribution.law import LAWS, law_named
from swapboard.attribution.law_settings import changed
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.replay import WEEK, Switchboard, learned_judge
from swapboard.attribution.replay_pool import Number
from swapboard.attribution.ring import Ring
from swapboard.attribution.simulation import Simulation
from swapboard.attribution.traffic import TrafficError, read_traffic
from swapboard.attribution.watch import Watched
from swapboard.cli.app import app
from swapboard.clock import HOUR, SECOND
from tests.attribution.oracle import Oracle

KEYS = {
    "visits", "calls", "untracked", "overflow", "matched", "top1_accuracy", "log_loss", "calibration_error",
    "pool", "seconds",
}  # fmt: skip
EXAMPLE = """\
{"t":0.0,"type":"visit","visitor":"v1","session":"s1","url":"https://example.com/","referrer":"","user_agent":"Mozilla/5.0","region":"US-NY"}
{"t":20.0,"type":"beat","session":"s1","state":"visible"}
{"t":31.0,"type":"tap","session":"s1"}
{"t":95.0,"type":"beat","session":"s1","state":"gone"}
{"t":99.0,"type":"call","id":"c1","dialled_by":"s1","caller":"+12125550111"}
"""


def ran(folder: Path, log: str, *options: str) -> Result:
    file = folder / "traffic.jsonl"
    file.write_text(log)
    return CliRunner().invoke(app, ["backtest", str(file), *options])


def facts(folder: Path, log: str, pool: int = 1) -> dict[str, object]:
    result = ran(folder, log, "--pool", str(pool), "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_the_example_of_the_format(tmp_path: Path) -> None:
    found = facts(tmp_path, EXAMPLE)
    assert found.keys() == KEYS
    assert (found["visits"], found["calls"], found["matched"], found["top1_accuracy"]) == (1, 1, 1, 1.0)


def test_a_visit_without_a_number_overflows_and_its_call_is_untracked(tmp_path: Path) -> None:
    log = """\
{"t":0,"type":"visit","visitor":"v1","session":"s1","url":""}
{"t":1,"type":"visit","visitor":"v2","session":"s2","url":""}
{"t":2,"type":"call","id":"c1","dialled_by":"s2","caller":null}
{"t":3,"type":"call","id":"c2","dialled_by":"s1","caller":null}
"""
    found = facts(tmp_path, log)
    assert (found["overflow"], found["untracked"], found["calls"], found["matched"]) == (1, 1, 2, 1)


def test_visits_are_counted_by_the_hour_whether_there_is_a_number_or_not() -> None:
    log = [
        f'{{"t":{at},"type":"visit","visitor":"v{name}","session":"s{name}","url":""}}\n'.encode()
        for at, name in ((0, 1), (10, 2), (20, 2), (7300, 3))
    ]
    board = Switchboard(1)
    assert not list(board.run(read_traffic(log)))
    assert board.tally.overflow
    assert board.learner.exposures(2 * HOUR).came == [2.0, 0.0, 1.0] + [0.0] * 21


def test_three_missed_beats_free_the_number(tmp_path: Path) -> None:
    log = """\
{"t":0,"type":"visit","visitor":"v1","session":"s1","url":""}
{"t":59.9,"type":"visit","visitor":"v2","session":"s2","url":""}
{"t":60,"type":"visit","visitor":"v3","session":"s3","url":""}
"""
    assert facts(tmp_path, log)["overflow"] == 1


@pytest.mark.parametrize("went", ["", '{"t":5,"type":"beat","session":"s1","state":"gone"}\n'])
def test_who_went_or_fell_silent_takes_no_number_by_being_hidden(tmp_path: Path, went: str) -> None:
    """A page that leaves says that it is gone, and then that it is hidden."""
    log = f"""\
{{"t":0,"type":"visit","visitor":"v1","session":"s1"}}
{went}{{"t":70,"type":"visit","visitor":"v2","session":"s2"}}
{{"t":72,"type":"beat","session":"s2","state":"gone"}}
{{"t":75,"type":"beat","session":"s1","state":"hidden"}}
{{"t":76,"type":"visit","visitor":"v3","session":"s3"}}
"""
    assert facts(tmp_path, log)["overflow"] == 0


def test_crawlers_hold_no_number(tmp_path: Path) -> None:
    log = """\
{"t":0,"type":"visit","visitor":"v1","session":"s1","url":"","user_agent":"Googlebot/2.1"}
{"t":1,"type":"visit","visitor":"v2","session":"s2","url":""}
"""
    assert facts(tmp_path, log)["overflow"] == 0


def test_a_visitor_who_comes_back_gets_the_last_number() -> None:
    board = Switchboard(3)
    log = [
        b'{"t":0,"type":"visit","visitor":"v1","session":"s1"}',
        b'{"t":1,"type":"visit","visitor":"v2","session":"s2"}',
        b'{"t":2,"type":"beat","session":"s1","state":"gone"}',
        b'{"t":3,"type":"beat","session":"s2","state":"gone"}',
        b'{"t":4,"type":"visit","visitor":"v2","session":"s3"}',
    ]
    list(board.run(read_traffic(log)))
    holders = {number.number_id: [each.session_id for each in number.holders] for number in board.pool.numbers}
    assert ["s2", "s3"] in holders.values()


def test_what_dialled_by_says_stays_hidden_from_the_match() -> None:
    """Two sessions that left alike: swapping who really dialled must not move a probability."""
    log = [
        b'{"t":0,"type":"visit","visitor":"v1","session":"s1"}',
        b'{"t":5,"type":"beat","session":"s1","state":"gone"}',
        b'{"t":6,"type":"visit","visitor":"v2","session":"s2"}',
        b'{"t":9,"type":"beat","session":"s2","state":"gone"}',
    ]
    call = b'{"t":60,"type":"call","id":"c1","dialled_by":"%s","caller":"+12125550111"}'
    found = []
    for dialled_by in (b"s1", b"s2"):
        [verdict] = Switchboard(1).run(read_traffic([*log, call % dialled_by]))
        found.append({each.holder.session_id: each.weight for each in verdict.posterior.weighed})
    assert found[0] == found[1]


def test_calls_are_written_with_their_candidates(tmp_path: Path) -> None:
    out = tmp_path / "calls.jsonl"
    assert ran(tmp_path, EXAMPLE, "--pool", "2,4", "--calls", str(out)).exit_code == 0
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["pool"] for line in lines] == [2, 4]
    for line in lines:
        named = sum(each["probability"] for each in line["candidates"])
        assert named + line["nobody"] + line["others"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("not json", "line 2: this is not one JSON object"),
        ('{"t":1,"type":"tap",', "line 2: it breaks off before its JSON object ends"),
        ('{"t":NaN,"type":"tap","session":"s1"}', "line 2: this is not one JSON object"),
        ('{"t":1e999,"type":"tap","session":"s1"}', "line 2: number out of range in `t`"),
        ('{"t":"soon","type":"tap","session":"s1"}', "line 2: expected `float`, got `str` in `t`"),
        ("[1,2]", "line 2: this is no JSON object; write one such as"),
        (
            '{"t":1,"type":"custom","session":"' + "x" * 1_048_576 + '"}',
            "line 2: it is longer than 1,048,576 bytes",
        ),
        ('{"t":1,"type":"walk","session":"s1"}', "line 2: its `type` is none of"),
        ('{"t":1,"type":"beat","session":"s1","state":"asleep"}', "line 2: invalid enum value"),
        ('{"type":"tap","session":"s1"}', "line 2: object missing required field `t`"),
        ('{"t":-1,"type":"tap","session":"s1"}', "line 2: its time (-1) is before"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, says: str) -> None:
    result = ran(tmp_path, EXAMPLE.splitlines()[0] + "\n" + line + "\n", "--pool", "1")
    assert result.exit_code == 2
    assert says in told(result)


def told(result: Result) -> str:
    """What a command said, on one line."""
    return " ".join(result.output.replace("│", " ").split())


def test_a_call_that_stands_there_twice_is_named(tmp_path: Path) -> None:
    call = '{"t":%d,"type":"call","id":"c1","dialled_by":"s1"}\n'
    result = ran(tmp_path, EXAMPLE.splitlines()[0] + "\n" + call % 1 + "\n" + call % 2, "--pool", "1")
    assert result.exit_code == 2
    assert "line 4: the call 'c1' is on line 2 already" in told(result)


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    for content, says in ((b"\x1f\x8b\x08", "must be unpacked"), (b'{"t":0,"type":"\xff"}', "line 1: ")):
        (tmp_path / "bytes").write_bytes(content)
        result = CliRunner().invoke(app, ["backtest", str(tmp_path / "bytes"), "--pool", "1"])
        assert result.exit_code == 2
        assert says in told(result)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert facts(tmp_path, "\ufeff" + EXAMPLE)["visits"] == 1


def test_an_empty_log_says_how_to_get_one(tmp_path: Path) -> None:
    for content in ("", "\n", " \n\n"):
        result = ran(tmp_path, content, "--pool", "1")
        assert result.exit_code == 2
        assert "is empty" in told(result)
        assert "swapboard simulate" in told(result)


def test_standard_input_that_is_empty_or_closed_is_told() -> None:
    result = CliRunner().invoke(app, ["backtest", "-", "--pool", "1"], input="\n")
    assert (result.exit_code, "Standard input is empty." in told(result)) == (2, True)
    command = f"{sys.executable} -m swapboard backtest - --pool 1 <&-"
    closed = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert closed.returncode == 2
    assert "Standard input is closed" in closed.stderr


def test_a_log_without_calls_says_why_nothing_is_right_or_wrong(tmp_path: Path) -> None:
    result = ran(tmp_path, EXAMPLE.splitlines()[0], "--pool", "1")
    assert result.exit_code == 0
    assert "There is no call in it" in told(result)
    assert "There is no call in it" not in told(ran(tmp_path, EXAMPLE, "--pool", "1"))


def test_into_a_file_goes_nothing_but_what_was_found(tmp_path: Path) -> None:
    assert ran(tmp_path, EXAMPLE, "--pool", "1", "--json").stderr == ""


def test_calls_of_sessions_that_were_never_there_are_told(tmp_path: Path) -> None:
    result = ran(tmp_path, EXAMPLE.replace('"dialled_by":"s1"', '"dialled_by":"s9"'), "--pool", "1")
    assert result.exit_code == 0
    assert "Of the calls, 1 came from sessions that the log never showed" in told(result)
    assert "never showed" not in told(ran(tmp_path, EXAMPLE, "--pool", "1"))


def test_the_log_is_not_overwritten_by_what_is_found(tmp_path: Path) -> None:
    result = ran(tmp_path, EXAMPLE, "--pool", "1", "--calls", str(tmp_path / "traffic.jsonl"))
    assert result.exit_code == 2
    assert (tmp_path / "traffic.jsonl").read_text() == EXAMPLE


def test_what_goes_with_a_company_only_is_refused(tmp_path: Path) -> None:
    for option, said in (
        (["--days", "3"], "--days: It goes with --company"),
        (["--of", "Visitors"], "--of: It goes with --company"),
        (["--company", "Brightwater"], "Give the log's file or --company, not both."),
    ):
        result = ran(tmp_path, EXAMPLE, "--pool", "1", *option)
        assert (result.exit_code, said in told(result)) == (2, True), told(result)


def test_a_missing_file_and_a_bad_pool_are_told(tmp_path: Path) -> None:
    missing = CliRunner().invoke(app, ["backtest", str(tmp_path / "none"), "--pool", "4"])
    assert missing.exit_code == 2
    assert "cannot be read: No such file" in " ".join(missing.output.replace("│", " ").split())
    assert ran(tmp_path, EXAMPLE, "--pool", "0").exit_code == 2
    assert ran(tmp_path, EXAMPLE, "--pool", "four").exit_code == 2


def test_simulated_traffic_is_ordered_the_same_each_time_and_as_long_as_asked() -> None:
    for law in LAWS:
        lines = list(Simulation(law, Random(5)).lines(300))
        assert lines == list(Simulation(law, Random(5)).lines(300))
        assert lines != list(Simulation(law, Random(6)).lines(300))
        assert sum(b'"type":"visit"' in line for line in lines) == 300
        assert len(list(read_traffic(lines))) == len(lines)


def test_a_parameter_of_a_law_can_be_set() -> None:
    law = changed(law_named("clinic"), {"stranger_share": 0.0})
    lines = list(Simulation(law, Random(5)).lines(2000))
    assert not any(b'"dialled_by":null' in line for line in lines)
    with pytest.raises(ValueError, match="no such parameter"):
        changed(law, {"weather": 1.0})


def test_simulate_writes_what_backtest_reads(tmp_path: Path) -> None:
    file = tmp_path / "traffic.jsonl"
    made = CliRunner().invoke(app, ["simulate", str(file), "--law", "emergency", "--visits", "400", "--seed", "9"])
    assert made.exit_code == 0, made.output
    assert facts(tmp_path, file.read_text(), 16)["visits"] == 400
    assert CliRunner().invoke(app, ["simulate", "--law", "nonsense"]).exit_code == 2
    assert CliRunner().invoke(app, ["simulate", "--set", "late_share"]).exit_code == 2


@pytest.mark.parametrize("name", ["emergency", "law-firm"])
def test_it_comes_near_to_one_who_knows_the_law(name: str) -> None:
    """On little traffic, so that tests are quick; the whole table is in docs/attribution.md."""
    law = law_named(name)
    lines = list(Simulation(law, Random(2)).lines(6000))
    ours = replayed(Switchboard(12), read_traffic(lines))
    oracle = replayed(Switchboard(12, judge=Oracle(law)), read_traffic(lines))
    assert ours.accuracy is not None
    assert oracle.accuracy is not None
    assert ours.accuracy >= 0.93 * oracle.accuracy


def test_a_time_that_is_no_number_is_refused() -> None:
    with pytest.raises(TrafficError):
        list(read_traffic([b'{"t":1e400,"type":"tap","session":"s"}', b'{"t":0,"type":"tap","session":"s"}']))


@pytest.mark.parametrize("at", ["1e308", "-1e308", "1796045375604"])
def test_a_time_that_can_be_no_seconds_is_told(tmp_path: Path, at: str) -> None:
    result = ran(tmp_path, f'{{"t":{at},"type":"call","id":"c","dialled_by":null}}\n', "--pool", "1")
    assert result.exit_code == 2
    assert "line 1: its time" in told(result)
    assert "is this in milliseconds?" in told(result)


def test_a_log_is_read_from_standard_input_once() -> None:
    result = CliRunner().invoke(app, ["backtest", "-", "--pool", "1", "--json"], input=EXAMPLE)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["calls"] == 1
    assert CliRunner().invoke(app, ["backtest", "-", "--pool", "1,2"], input=EXAMPLE).exit_code == 2
    assert CliRunner().invoke(app, ["backtest", "-", "--pool", "1"], input="").exit_code == 2


def test_who_withholds_the_number_and_calls_again_is_credited_again() -> None:
    """Each number's latest such callers are remembered, and waited for once only."""
    lines = [
        b'{"t":0,"type":"visit","visitor":"v1","session":"s1","url":""}',
        b'{"t":9,"type":"call","id":"c1","dialled_by":"s1","caller":null}',
        b'{"t":30,"type":"beat","session":"s1","state":"gone"}',
        b'{"t":900,"type":"visit","visitor":"v2","session":"s2","url":""}',
        b'{"t":950,"type":"beat","session":"s2","state":"gone"}',
        b'{"t":1800,"type":"call","id":"c2","dialled_by":"s1","caller":null}',
    ]
    board = Switchboard(1)
    first, again = board.run(read_traffic(lines))
    for verdict in (first, again):
        best = verdict.posterior.best()
        assert best is not None
        assert best.holder is verdict.truth
    waiting = board.learner.memory.nameless["n000000"]
    beliefs = [share.belief for each in waiting for share in each.known.shares if share.session_id == "s1"]
    assert beliefs[0] < 0.5 < beliefs[1]


def test_a_caller_who_comes_back_is_known_however_many_held_the_number_since() -> None:
    """Beyond the latest holders nothing tied a visit to its visitor's earlier call: it was taken for another's."""
    lines = [
        b'{"t":0,"type":"visit","visitor":"v1","session":"s1","url":""}',
        b'{"t":9,"type":"call","id":"c1","dialled_by":"s1","caller":"+12125550111"}',
        b'{"t":30,"type":"beat","session":"s1","state":"gone"}',
        b'{"t":900,"type":"visit","visitor":"v1","session":"s2","url":""}',
        b'{"t":950,"type":"beat","session":"s2","state":"gone"}',
    ]
    for at in range(1000, 8000, 1000):
        lines.append(b'{"t":%d,"type":"visit","visitor":"w%d","session":"w%d","url":""}' % (at, at, at))
        lines.append(b'{"t":%d,"type":"beat","session":"w%d","state":"gone"}' % (at + 50, at))
    lines.append(b'{"t":9000,"type":"call","id":"c2","dialled_by":"s2","caller":"+12125550111"}')
    board = Switchboard(1, holders=3)
    _, later = board.run(read_traffic(lines))
    assert later.truth not in board.pool.numbers[0].holders
    by_session = {each.holder.session_id: each.factor for each in later.posterior.weighed}
    assert by_session["s2"] > 0.5


def test_a_known_callers_other_visits_are_always_weighed_in_the_same_order() -> None:
    """By a set of visitors, their order was another one in each process, and so were the answers' last digits."""
    lines = []
    for at in range(20):
        lines.append(b'{"t":%d,"type":"visit","visitor":"v%d","session":"s%d"}' % (60 * at, at % 10, at))
        lines.append(b'{"t":%d,"type":"beat","session":"s%d","state":"gone"}' % (60 * at + 30, at))
        if at in {9, 19}:
            call = b'{"t":%d,"type":"call","id":"c%d","dialled_by":"s%d","caller":"+12125550111"}'
            lines.append(call % (60 * at + 40, at, at))
    weighed: list[list[str]] = []

    def judge(board: Switchboard, ring: Ring, number: Number, also: Sequence[Watched]) -> Posterior:
        weighed.append([each.visitor_id for each in also])
        return learned_judge(board, ring, number, also)

    replayed(Switchboard(1, judge), read_traffic(lines))
    half = len(weighed[-1]) // 2
    assert half > 3
    assert weighed[-1][:half] == weighed[-1][half:]


def test_that_visitors_keep_their_number_is_learned_through_doubtful_calls() -> None:
    """What a doubtful link lets another number say of it is little: each simulated visitor has one number."""
    learned = []
    for seed in (1, 2, 3):
        board = Switchboard(16)
        replayed(board, read_traffic(Simulation(law_named("clinic"), Random(seed)).lines(3000)))
        learned.append(board.learner.curve.same_number)
    # One log has a handful of such callers; where doubtful links count in full, the mean is 0.64.
    assert sum(learned) / len(learned) > 0.73


def test_a_log_may_begin_before_zero() -> None:
    """Sessions that had gone before it were counted twice, and taps of then led to no call."""
    log = list(read_traffic(list(Simulation(law_named("emergency"), Random(3)).lines(1_500))))

    def told(weeks: int) -> list[tuple[float, float]]:
        moved = [msgspec.structs.replace(line, t=line.t + weeks * WEEK // SECOND) for line in log]
        return [
            (verdict.posterior.nobody, verdict.posterior.probability(verdict.posterior.best()))
            for verdict in Switchboard(8).run(moved)
        ]

    assert told(-1) == told(0)
