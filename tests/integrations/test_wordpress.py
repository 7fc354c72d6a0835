"""The WordPress plugin's files, in the shape that the plugin directory asks for and PHP 7.4 to 8.4 can read."""

import gettext
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from integrations.translate_wordpress import translate
from swapboard import __version__

PLUGIN = Path(__file__).parents[2] / "integrations/wordpress"
PHP = sorted(PLUGIN.rglob("*.php"))
README = (PLUGIN / "readme.txt").read_text()
MAIN = (PLUGIN / "swapboard.php").read_text()


def name(path: Path) -> str:
    return path.relative_to(PLUGIN).as_posix()


@pytest.mark.parametrize("path", PHP, ids=name)
def test_php_can_read_it(path: Path) -> None:
    checked = subprocess.run(["php", "-l", str(path)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("path", PHP, ids=name)
def test_nothing_in_it_is_newer_than_php_7_4_or_gone_by_8_4(path: Path) -> None:
    assert too_new(path) == []


def test_the_check_of_versions_finds_what_is_too_new(tmp_path: Path) -> None:
    newer = {
        "a": "$x?->y();",
        "b": "echo match (1) { 1 => 2 };",
        "c": "enum A { case B; }",
        "d": "function f( int|string $x ) {}",
        "e": "str_contains( 'a', 'b' );",
        "f": "function f( string $x = null ) {}",
        "g": "#[Attribute] function f() {}",
        "h": "class A { public function __construct( private int $x ) {} }",
        "i": "f( x: 1 );",
        "j": "try { f(); } catch ( E ) {}",
        "k": "function f(): never {}",
        "l": "function f( $x, ) {}",
        "m": "$f = f( ... );",
        "n": "function f(): static {}",
    }
    for key, code in newer.items():
        path = tmp_path / f"{key}.php"
        path.write_text(f"<?php\n{code}\n")
        assert too_new(path), code


@pytest.mark.parametrize("path", PHP, ids=name)
def test_nobody_can_run_a_file_by_its_address(path: Path) -> None:
    guard = "WP_UNINSTALL_PLUGIN" if path.name == "uninstall.php" else "ABSPATH"
    assert f"defined( '{guard}' ) || exit;" in path.read_text()
    said = subprocess.run(["php", "-n", str(path)], capture_output=True, text=True, check=False)
    assert (said.stdout, said.stderr, said.returncode) == ("", "", 0)


def test_the_readme_has_the_headers_that_the_directory_asks_for() -> None:
    headers = dict(re.findall(r"^([A-Z][\w ]+): (.+)$", README.split("== Description ==")[0], re.MULTILINE))
    short = README.split("\n\n")[1]

    assert README.startswith("=== Swapboard ===\n")
    assert set(headers) == {
        "Contributors",
        "Tags",
        "Requires at least",
        "Tested up to",
        "Requires PHP",
        "Stable tag",
        "License",
        "License URI",
    }
    assert headers["Stable tag"] == __version__
    assert headers["License"] == "GPLv2 or later"
    assert 1 <= len(headers["Tags"].split(", ")) <= 5
    assert re.fullmatch(r"\d\.\d", headers["Requires at least"])
    assert re.fullmatch(r"\d\.\d", headers["Tested up to"])
    assert len(short) <= 150
    sections = re.findall(r"^== (.+) ==$", README, re.MULTILINE)
    assert sections[:3] == ["Description", "Installation", "Frequently Asked Questions"]
    assert f"= {__version__} =" in README.split("== Changelog ==")[1]


def test_the_main_file_says_the_same_as_the_readme() -> None:
    stated = dict(re.findall(r"^ \* ([A-Z][\w ]+?): +(.+)$", MAIN, re.MULTILINE))

    assert stated["Version"] == __version__
    assert f"const VERSION = '{__version__}';" in MAIN
    assert stated["License"] == "GPL-2.0-or-later"
    assert stated["Text Domain"] == "swapboard"
    # The directory wants this in the readme only.
    assert "Tested up to" not in stated
    for shared in ("Requires at least", "Requires PHP"):
        assert f"{shared}: {stated[shared]}\n" in README
    assert (PLUGIN / "LICENSE").read_text().lstrip().startswith("GNU GENERAL PUBLIC LICENSE")


@pytest.mark.parametrize("path", PHP, ids=name)
def test_every_text_is_in_the_plugins_domain(path: Path) -> None:
    for call in re.findall(r"\b(?:esc_html|esc_attr)?__\(.*", path.read_text()):
        assert "'swapboard' )" in call


def test_make_translations_would_change_nothing(tmp_path: Path) -> None:
    again = tmp_path / "wordpress"
    shutil.copytree(PLUGIN, again)
    translate(again)

    for path in sorted((PLUGIN / "languages").iterdir()):
        assert (again / "languages" / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize("binary", sorted((PLUGIN / "languages").glob("*.mo")), ids=lambda path: path.stem)
def test_a_language_has_all_texts_and_keeps_their_places(binary: Path) -> None:
    texts = re.findall(r'^msgid (".+")$', (PLUGIN / "languages/swapboard.pot").read_text(), re.MULTILINE)
    with binary.open("rb") as opened:
        known = {key: text for key, text in gettext.GNUTranslations(opened)._catalog.items() if key}  # type: ignore[attr-defined]
    ids = {key.partition("\x04")[2] or key: text for key, text in known.items()}

    assert len(texts) > 40
    for each in map(json.loads, texts):
        assert ids[each], each
        assert sorted(re.findall(r"%[sd]|\{number\}|\[swapboard\]|_swb", ids[each])) == sorted(
            re.findall(r"%[sd]|\{number\}|\[swapboard\]|_swb", each)
        )


def test_the_block_names_what_wordpress_needs() -> None:
    block = json.loads((PLUGIN / "block/block.json").read_text())

    assert block["name"] == "swapboard/number"
    assert block["textdomain"] == "swapboard"
    assert f"'{block['editorScript']}'" in (PLUGIN / "includes/number.php").read_text()


@pytest.mark.parametrize("written", ["٠٢٠ ٧٩٤٦ ٠٩٥٨", "۰۲۰ ۷۹۴۶ ۰۹۵۸", "０２０ ７９４６ ０９５８"])  # noqa: RUF001
def test_a_number_in_the_digits_of_another_script_stands_on_the_page(written: str) -> None:
    stand_ins = (
        "namespace { define('ABSPATH', 1);"
        " foreach (['add_action', 'did_action'] as $each) { eval(\"function $each() {}\"); }"
        " function esc_html($text) { return $text; } function esc_url($url) { return $url; } }"
    )
    asked = "namespace { require $argv[1]; echo Swapboard\\number_html($argv[2], '', true, 'class=n'); }"
    run = ["php", "-r", f"{stand_ins} {asked}", str(PLUGIN / "includes/number.php"), written]
    shown = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert shown == f'<a class=n href="tel:02079460958">{written}</a>'


def too_new(path: Path) -> list[str]:
    asked = ["php", str(Path(__file__).parent / "php_versions.php"), str(path)]
    found: list[str] = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    return found
