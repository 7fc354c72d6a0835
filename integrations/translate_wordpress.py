"""Brings the WordPress plugin's translations up to its texts, with gettext's programs (`make translations`).

The template gets all texts, each language keeps what it has of them, and the two forms that WordPress reads are
built: a binary catalogue for PHP, and a JSON file for the editor's script.
"""

import gettext
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

PLUGIN = Path(__file__).parent / "wordpress"
_EDITOR = "block/editor.js"
_HEADER = r"""# Copyright (C) 2026 Swapboard contributors
# This file is distributed under the GPL-2.0-or-later.
msgid ""
msgstr ""
"Project-Id-Version: Swapboard\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"X-Domain: swapboard\n"

"""


def translate(plugin: Path = PLUGIN) -> None:
    """Write the template, and merge and build each language. Raises RuntimeError with gettext's words."""
    template = plugin / "languages" / "swapboard.pot"
    template.write_text(_HEADER + _texts(plugin))
    editor_texts = _message_ids(_extract(plugin, "JavaScript", [_EDITOR]))
    for catalogue in sorted((plugin / "languages").glob("*.po")):
        quiet = ["--quiet", "--backup=none", "--no-fuzzy-matching", "--no-wrap"]
        _run(["msgmerge", "--update", *quiet, str(catalogue), str(template)], plugin)
        binary = catalogue.with_suffix(".mo")
        _run(["msgfmt", "--check", "--no-hash", "-o", str(binary), str(catalogue)], plugin)
        _write_json(catalogue, binary, editor_texts)


def _texts(plugin: Path) -> str:
    """All texts of the plugin as a template's entries."""
    code = [path.relative_to(plugin).as_posix() for path in sorted(plugin.rglob("*.php"))]
    with tempfile.TemporaryDirectory() as folder:
        for language, sources in (("PHP", code), ("JavaScript", [_EDITOR])):
            (Path(folder) / f"{language}.pot").write_text(_extract(plugin, language, sources))
        block = Path(folder) / "block.php"
        block.write_text(_block_texts(plugin))
        (Path(folder) / "block.pot").write_text(_extract(Path(folder), "PHP", ["block.php"]))
        return _run(["msgcat", "--no-wrap", "--use-first", "PHP.pot", "JavaScript.pot", "block.pot"], Path(folder))


def _block_texts(plugin: Path) -> str:
    """What WordPress translates of block.json, as PHP: xgettext does not read that file.

    The contexts are those of wp-includes/block-i18n.json.
    """
    block = json.loads((plugin / "block/block.json").read_text())
    texts = [(block["title"], "block title"), (block["description"], "block description")]
    texts += [(word, "block keyword") for word in block["keywords"]]
    return "<?php\n" + "".join(f"_x( {json.dumps(text)}, {json.dumps(context)} );\n" for text, context in texts)


def _extract(folder: Path, language: str, sources: Sequence[str]) -> str:
    keywords = ("__", "esc_html__", "esc_attr__", "_x:1,2c")
    asked = ["-k", *(f"-k{keyword}" for keyword in keywords), "-ctranslators:"]
    form = [f"-L{language}", "--from-code=UTF-8", "--omit-header", "--no-location", "--no-wrap", "-o-"]
    return _run(["xgettext", *form, *asked, *sources], folder)


def _message_ids(template: str) -> list[str]:
    found = [line.removeprefix("msgid ") for line in template.splitlines() if line.startswith("msgid ")]
    return [json.loads(text) for text in found]


def _write_json(catalogue: Path, binary: Path, texts: Sequence[str]) -> None:
    """The editor's texts in the form of wp.i18n (Jed)."""
    with binary.open("rb") as opened:
        translation = gettext.GNUTranslations(opened)
    language = catalogue.stem.removeprefix("swapboard-")
    messages: dict[str, object] = {
        "": {"domain": "messages", "lang": language, "plural-forms": "nplurals=2; plural=n != 1;"}
    }
    messages.update({text: [translation.gettext(text)] for text in texts})
    document = {"domain": "messages", "locale_data": {"messages": messages}}
    target = catalogue.with_name(f"{catalogue.stem}-swapboard-number.json")
    target.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _run(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 our own words
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    translate(*map(Path, sys.argv[1:]))
