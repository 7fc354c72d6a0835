"""What is in the way of a server, a worker or a migration is said in a sentence, with exit code 1."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from swapboard.cli.app import main
from swapboard.cli.listening import listening
from swapboard.cli.problems import Problem
from swapboard.settings import Settings
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.migrate import migrate

Refused = Callable[..., str]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Runs a command with these settings; what it says when it gives up."""

    def run(*words: str, **settings: str) -> str:
        for name, value in ({"DATA_DIR": str(tmp_path / "data")} | settings).items():
            monkeypatch.setenv(f"SWAPBOARD_{name}", value)
        monkeypatch.setattr(sys, "argv", ["swapboard", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 1
        said = capsys.readouterr().err
        assert said.startswith("swapboard: ")
        assert said.count("\n") == 1
        return said

    return run


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def busy() -> socket.socket:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken  # type: ignore[misc]


def test_a_busy_port(refused: Refused, busy: socket.socket, tmp_path: Path) -> None:
    port = busy.getsockname()[1]
    for words, settings in ((["--port", str(port)], {}), ([], {"PORT": str(port)})):
        said = refused("serve", *words, **settings)
        assert f"Port {port} is in use" in said
        assert "--port" in said
    # Nothing was begun.
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid", "a" * 64 + ".invalid"])
def test_an_address_of_another_machine(refused: Refused, host: str) -> None:
    assert "no address of this machine" in refused("serve", "--host", host)


def test_every_address_of_a_name_is_taken() -> None:
    with listening("localhost", 0) as sockets:
        assert {each.getsockname()[0] for each in sockets} & {"127.0.0.1", "::1"}


def test_an_address_that_is_taken_in_part_is_given_back(
    busy: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = ("127.0.0.1", free_port())
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in (free, busy.getsockname())]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: both)
    with pytest.raises(Problem, match="in use"), listening("anywhere", 0):
        raise AssertionError("it does not begin")
    with socket.socket() as again:
        again.bind(free)


def test_a_port_that_is_said_is_that_of_the_one_line(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()

    def shown(settings: Settings) -> None:
        raise Problem(f"the line comes from {settings.public_url}")

    monkeypatch.setattr("swapboard.cli.serve._app", shown)
    assert f"from http://127.0.0.1:{port}" in refused("serve", "--port", str(port), PORT="8000")
    own = refused("serve", "--port", str(port), PUBLIC_URL="https://calls.example.com")
    assert "from https://calls.example.com" in own


def test_a_public_address_with_a_path_is_told_to_show_no_dashboard(
    refused: Refused, busy: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    refused("serve", "--port", str(busy.getsockname()[1]), PUBLIC_URL="https://example.com/calls")
    assert "the dashboard does not work. Give the server a name of its own" in caplog.text


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_a_data_folder_that_cannot_be(refused: Refused, tmp_path: Path, command: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    words = ["--port", str(free_port())] if command == "serve" else []
    said = refused(command, *words, DATA_DIR=str(tmp_path / "file"))
    assert f"{tmp_path / 'file'} cannot be used: File exists" in said
    assert "SWAPBOARD_DATA_DIR" in said


def test_a_data_folder_that_may_not_be_written(
    refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever runs the tests may be allowed everything.
    monkeypatch.setattr("swapboard.cli.installation.os.access", lambda _folder, _mode: False)
    assert "may not write" in refused("migrate", DATA_DIR=str(tmp_path))


def test_a_file_that_is_no_database(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "swapboard.db").write_text("this is a text, and a long one, but no database at all " * 30)
    said = refused("migrate", DATA_DIR=str(tmp_path))
    assert "cannot be used (file is not a database)" in said
    assert "swapboard restore" in said


def test_a_database_that_does_not_answer(refused: Refused) -> None:
    said = refused("migrate", DATABASE_URL="postgresql://u:hush@127.0.0.1:1/x")
    assert "does not answer" in said
    assert "hush" not in said


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_database_of_a_newer_version(refused: Refused, tmp_path: Path, command: str) -> None:
    url = f"sqlite:///{tmp_path / 'swapboard.db'}"
    migrate(url)
    engine = open_engine(url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    words = ["--port", str(free_port())] if command == "serve" else []
    assert "made by a newer Swapboard" in refused(command, *words, DATABASE_URL=url)
