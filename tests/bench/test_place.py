"""The server that is measured."""

from pathlib import Path

import pytest

from swapboard.bench.place import environment_of
from swapboard.settings import read_settings


def test_it_has_none_of_the_settings_of_a_real_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = tmp_path / "real"
    for name in ("DATA_DIR", "FALLBACK_DIR", "TRANSCRIBE_MODEL"):
        monkeypatch.setenv(f"SWAPBOARD_{name}", str(real / name))
    monkeypatch.setenv("SWAPBOARD_LINES_LISTEN", "0.0.0.0:5060")
    monkeypatch.setenv("SWAPBOARD_PATH_PREFIX", "/calls")
    monkeypatch.setenv("LANG", "C.UTF-8")

    environment = environment_of(str(tmp_path / "own"), "sqlite:////tmp/own.db", 8123)
    settings = read_settings(environment)
    assert (settings.data_dir, settings.database_url) == (tmp_path / "own", "sqlite:////tmp/own.db")
    assert (settings.fallback_dir, settings.lines_listen, settings.path_prefix) == (None, "", "/t")
    assert not [name for name, value in environment.items() if str(real) in value]
    assert environment["LANG"] == "C.UTF-8"
