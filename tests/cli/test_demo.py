"""The demo as its user meets it: started, looked at, rung, stopped, and started again on the same data."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic import command
from alembic.config import Config

from swapboard.storage.engine import open_engine, writing
from tests.databases import empty_postgresql

SWAPBOARD = [sys.executable, "-c", "from swapboard.cli.app import main; main()"]
KEYS = {"dashboard", "site", "site_key", "company_id", "api_key", "target", "static_number"}
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
CALLER = "+12125550177"


def two_free_ports() -> int:
    """The first of two ports side by side that nobody listens on."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


@contextmanager
def demo(port: int, folder: Path, *more: str) -> Iterator[dict[str, Any]]:
    """The demo and what its first line says; it is stopped as by Ctrl-C, and must end well."""
    words = [*SWAPBOARD, "demo", "--port", str(port), "--data-dir", str(folder), "--days", "2", "--json", *more]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield json.loads(line)
        finally:
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=60)
        assert (process.returncode, said[0]) == (0, ""), said


@pytest.fixture(scope="module")
def port() -> int:
    return two_free_ports()


def make_older(folder: Path) -> None:
    """As if the Swapboard of one migration ago had made the data."""
    engine = open_engine(f"sqlite:///{folder}/swapboard.db")
    with as_file(files("swapboard.storage") / "migrations") as scripts, writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        config.attributes["connection"] = connection
        command.downgrade(config, "-1")
    engine.dispose()


def ring(told: dict[str, Any], number: str, *more: str) -> dict[str, Any]:
    words = [*SWAPBOARD, "call", number, "--from", CALLER, "--talk", "30", "--url", told["dashboard"], "--json"]
    done = subprocess.run([*words, *more], check=True, capture_output=True, text=True, timeout=60)
    return dict(json.loads(done.stdout))


def api(told: dict[str, Any], path: str) -> Any:
    answer = httpx.get(
        f"{told['dashboard']}/api/v1{path}",
        headers={"Authorization": f"Bearer {told['api_key']}"},
        trust_env=False,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def visit(told: dict[str, Any], url: str) -> dict[str, Any]:
    message = {"visitor": None, "session": None, "url": url, "referrer": "", "targets": [told["target"]]}
    answer = httpx.post(
        f"{told['dashboard']}/t/{told['site_key']}/visit",
        content=json.dumps(message),
        headers={"User-Agent": BROWSER, "Origin": told["site"]},
        trust_env=False,
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.slow  # a demo is made and started, twice
def test_the_demo_from_nothing_and_again(port: int, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with demo(port, folder) as told:
        assert set(told) == KEYS
        assert told["dashboard"] == f"http://127.0.0.1:{port}"
        assert told["site"] == f"http://127.0.0.1:{port + 1}"
        assert {each["id"] for each in api(told, "/companies")["data"]} == {told["company_id"]}
        past = api(told, "/sessions?limit=100")["data"]
        assert len(past) > 10

        # A billboard's number.
        placed = ring(told, told["static_number"])
        assert placed["status"] == "answered"
        assert (placed["talk_seconds"], placed["attribution"]["kind"]) == (30, "static")
        assert placed["caller"]["number"] == CALLER

        # The map listing's, which goes through a menu.
        spoken = ring(told, "+12025550122", "--press", "2", "--message", "20")
        assert (spoken["status"], spoken["voicemail_seconds"]) == ("voicemail", 20)
        assert spoken["flow_path"] == ["Welcome", "What is it about?", "Take a message"]

        # An ad's click, the number it is shown, and the call.
        seen = visit(
            told, f"{told['site']}/emergency?utm_source=google&utm_medium=cpc&utm_term=leak&gclid=Cj0-test"
        )
        number = seen["swaps"][told["target"]]["number"]
        made = ring(told, number)["attribution"]
        assert (made["kind"], made["session_id"]) == ("session", seen["session"])
        assert (made["channel"], made["keyword"]) == ("Paid Search", "leak")
        assert made["click_ids"] == {"gclid": "Cj0-test"}

        page = httpx.get(f"{told['site']}/", trust_env=False)
        assert f"{told['dashboard']}/t/{told['site_key']}.js" in page.text
        shown = httpx.get(f"{told['dashboard']}/login", trust_env=False).text
        assert 'value="demo@example.com"' in shown
        assert 'value="ring ring ring"' in shown

    make_older(folder)
    with demo(port, folder) as again:
        assert again == told
        calls = api(again, "/calls?limit=100")["data"]
        assert placed["id"] in {each["id"] for each in calls}
        known = {each["id"] for each in api(again, "/sessions?limit=100")["data"]}
        assert seen["session"] in known
        assert ring(again, again["static_number"])["first_time_caller"] is False


def test_a_port_in_use_is_said_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*SWAPBOARD, "demo", "--port", str(port), "--data-dir", str(tmp_path / "demo"), "--days", "0"],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert not (tmp_path / "demo").exists()


@pytest.mark.slow  # A whole demo.
def test_an_empty_database_is_taken_and_one_in_use_left_alone(postgresql_url: str, tmp_path: Path) -> None:
    with empty_postgresql(postgresql_url) as url:
        with demo(two_free_ports(), tmp_path / "demo", "--database-url", url) as told:
            headers = {"Authorization": f"Bearer {told['api_key']}"}
            calls = httpx.get(f"{told['dashboard']}/api/v1/calls", headers=headers).json()
        assert calls["data"]
        assert not (tmp_path / "demo" / "swapboard.db").exists()
        assert "Name the one that it was made in" in _refused(tmp_path / "demo")
        assert "holds data that is not this demo's" in _refused(tmp_path / "other", "--database-url", url)
        state = tmp_path / "demo" / "demo.json"
        state.write_text(state.read_text().replace(told["company_id"], "another"))
        assert "Name the one that it was made in" in _refused(tmp_path / "demo", "--database-url", url)


def _refused(folder: Path, *more: str) -> str:
    words = [*SWAPBOARD, "demo", "--port", str(two_free_ports()), "--data-dir", str(folder), "--days", "0", *more]
    done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    # Told in lines as wide as the terminal.
    return " ".join(done.stderr.replace("│", " ").split())


def test_somebodys_own_data_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "swapboard.db").write_bytes(b"precious")
    done = subprocess.run(
        [*SWAPBOARD, "demo", "--port", str(two_free_ports()), "--data-dir", str(tmp_path), "--days", "0"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == 1
    assert "holds data that is not a demo's" in done.stderr
    assert (tmp_path / "swapboard.db").read_bytes() == b"precious"
