"""The WordPress plugin as a zip file, plain or configured for one site.

The plugin's files lie in `integrations/wordpress`; a wheel has them beside this module. It needs
nothing but Python, so that `make plugin` works before anything is installed.
"""

import io
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

PLUGIN = "swapboard"
FILE_NAME = f"{PLUGIN}.zip"
_FOLDERS = (Path(__file__).parent / "wordpress_plugin", Path(__file__).parents[3] / "integrations" / "wordpress")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a zip file can name: the same files are always the same bytes."""
_READABLE_FILE = 0o100644


def plugin_files() -> dict[str, bytes]:
    """The plugin's files by their path in it. Raises FileNotFoundError when the installation lacks them."""
    for folder in _FOLDERS:
        if (folder / "swapboard.php").is_file():
            found = (path for path in folder.rglob("[!.]*") if path.is_file())
            return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
    raise FileNotFoundError("The WordPress plugin's files are missing from this installation.")


def configured_for(files: Mapping[str, bytes], script: str, number: str) -> dict[str, bytes]:
    """The plugin that knows its script's address and the business's number before anybody sets them."""
    values = f"\t'script' => {_php(script)},\n\t'number' => {_php(number)},\n"
    defaults = f"<?php\ndefined( 'ABSPATH' ) || exit;\nreturn array(\n{values});\n"
    return {**files, "defaults.php": defaults.encode()}


def plugin_zip(files: Mapping[str, bytes]) -> bytes:
    """A zip file as WordPress takes it: everything in one folder."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{PLUGIN}/{name}", _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, or the file's mode means nothing
            entry.external_attr = _READABLE_FILE << 16
            archive.writestr(entry, files[name])
    return packed.getvalue()


def _php(text: str) -> str:
    """A PHP string in single quotes.

    https://www.php.net/manual/en/language.types.string.php#language.types.string.syntax.single
    """
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


if __name__ == "__main__":
    wanted = Path(sys.argv[1])
    wanted.parent.mkdir(parents=True, exist_ok=True)
    wanted.write_bytes(plugin_zip(plugin_files()))
