"""The plugin as a zip file: always the same bytes, from a checkout and from a wheel, and configured safely."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from swapboard.web.wordpress import configured_for, plugin_files, plugin_zip

ROOT = Path(__file__).parents[2]


def test_the_zip_is_one_folder_with_all_files() -> None:
    packed = zipfile.ZipFile(io.BytesIO(plugin_zip(plugin_files())))
    lying = {path for path in (ROOT / "integrations/wordpress").rglob("*") if path.is_file()}

    assert set(packed.namelist()) == {
        f"swapboard/{path.relative_to(ROOT / 'integrations/wordpress').as_posix()}" for path in lying
    }
    assert packed.namelist() == sorted(packed.namelist())
    assert packed.testzip() is None


def test_the_same_files_are_the_same_bytes_whenever_they_are_packed() -> None:
    files = plugin_files()
    packed = zipfile.ZipFile(io.BytesIO(plugin_zip(files)))

    assert plugin_zip(files) == plugin_zip(dict(reversed(files.items())))
    assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in packed.infolist()} == {0o100644}


def test_a_wheel_has_the_plugin_too(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")

    # Without site-packages: as `make plugin` runs it, before anything else is installed.
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path / "installed")}
    make = [sys.executable, "-S", "-m", "swapboard.web.wordpress", "made/swapboard.zip"]
    subprocess.run(make, cwd=tmp_path, check=True, capture_output=True, env=environment)

    assert (tmp_path / "made/swapboard.zip").read_bytes() == plugin_zip(plugin_files())


@pytest.mark.parametrize(
    ("script", "number"),
    [
        ("https://calls.example.com/t/abc123.js", "(202) 555-0100"),
        ("'); system('id'); //\\", "\\' . phpinfo() . '\\"),
        ("?><script>\n", "${_GET}{$x}\\n\0"),
    ],
)
def test_what_is_configured_is_a_value_whatever_it_is(tmp_path: Path, script: str, number: str) -> None:
    file = tmp_path / "defaults.php"
    file.write_bytes(configured_for({}, script, number)["defaults.php"])
    read = f"define('ABSPATH', '/'); echo json_encode(require '{file}');"
    said = subprocess.run(["php", "-n", "-r", read], check=True, capture_output=True, text=True).stdout

    assert json.loads(said) == {"script": script, "number": number}
