"""Brings the dashboard's translations up to its texts, and says what is missing (`make translations`).

The template (`swapboard.pot`) gets every text that is marked in code and templates, each language keeps what it
has of them, and the binary form that the server reads is built. `--check` changes nothing and says whether that
form is up to date.
"""

import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, TemplateSyntaxError

from integrations.french_spaces import held_together

SOURCE = Path(__file__).parents[1] / "src" / "swapboard"
LOCALE = SOURCE / "locale"
TEMPLATE = LOCALE / "swapboard.pot"
_KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "ngettext": (1, 2), "gettext": None}
_TEMPLATES = {"trimmed": "true", "encoding": "utf-8"}
_JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
_FORMS = frozenset({"SettingField", "CredentialField", "FeedFile", "Feed", "Provider", "Use"})
"""What describes a form's fields below the dashboard: all its sentences are shown there."""
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""So that nothing changes but what changed."""


def catalogues(locale: Path = LOCALE) -> dict[str, Path]:
    """Each language's file."""
    return {path.parts[-3]: path for path in sorted(locale.glob("*/LC_MESSAGES/swapboard.po"))}


def read(path: Path, language: str | None = None) -> Catalog:
    """A template's or a language's messages."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def template(source: Path = SOURCE) -> Catalog:
    """Every text that the dashboard, letters and reports say.

    Raises SyntaxError with the name of what cannot be read: Babel would leave out all that it says.
    """
    found = _dated(Catalog(project="Swapboard", charset="utf-8", fuzzy=False))
    for path in sorted([*source.rglob("*.py"), *(source / "web" / "dashboard" / "templates").rglob("*.html")]):
        if path.suffix == ".html":
            _parsed(path)
        method, options = ("python", {}) if path.suffix == ".py" else ("jinja2", _TEMPLATES)
        for _line, texts, _comments, _context in extract_from_file(method, path, _KEYWORDS, (), options):
            if texts and texts[0]:
                found.add(texts)
        if path.suffix == ".py":
            for text in (*_described(path), *_spoken(path)):
                found.add(text)
    return found


def missing(catalogue: Catalog, wanted: Catalog) -> list[Message]:
    """What is not translated yet, or not surely."""
    found = []
    for message in wanted:
        ours = catalogue.get(message.id) if message.id else None
        if message.id and (ours is None or ours.fuzzy or not _is_whole(ours)):
            found.append(message)
    return found


def translate(locale: Path = LOCALE) -> None:
    """Write the template, and merge and build each language; tell what is missing."""
    wanted = template()
    _write(locale / "swapboard.pot", wanted)
    for language, path in catalogues(locale).items():
        catalogue = read(path, language)
        catalogue.update(wanted, no_fuzzy_matching=True)
        _write(path, _dated(catalogue))
        path.with_suffix(".mo").write_bytes(built(catalogue))
        lacking = missing(catalogue, wanted)
        _say(f"{language}: {len(wanted) - len(lacking)} texts, {len(lacking)} missing")
        for message in lacking:
            _say(f"  {message.id!r}")


def built(catalogue: Catalog) -> bytes:
    """The form that the server reads."""
    file = io.BytesIO()
    is_french = catalogue.locale is not None and catalogue.locale.language == "fr"
    write_mo(file, held_together(catalogue) if is_french else catalogue)
    return file.getvalue()


def check(locale: Path = LOCALE) -> bool:
    """Whether each language's binary form is what its texts make."""
    stale = [
        language
        for language, path in catalogues(locale).items()
        if not path.with_suffix(".mo").exists()
        or path.with_suffix(".mo").read_bytes() != built(read(path, language))
    ]
    if stale:
        _say(f"Not built from the newest texts: {', '.join(stale)}. Run make translations.")
    return not stale


def _parsed(path: Path) -> None:
    try:
        _JINJA.parse(path.read_text())
    except TemplateSyntaxError as error:
        reason = f"{path.name}, line {error.lineno}: {error.message}"
        raise SyntaxError(reason) from error


def _described(path: Path) -> Iterator[str]:
    """The sentences and labels in a form's description; its first argument is a name for programs."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FORMS:
            parts = [*node.args[1:], *(each.value for each in node.keywords)]
            texts = [part.value for part in parts if isinstance(part, ast.Constant)]
            yield from (text for text in texts if isinstance(text, str) and (" " in text or text.istitle()))


def _spoken(path: Path) -> Iterator[str]:
    """The texts of `_`, also within f-strings, which Babel does not look into before Python 3.12."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            texts = [part.value for part in node.args if isinstance(part, ast.Constant)]
            yield from (text for text in texts if isinstance(text, str) and text)


def _is_whole(message: Message) -> bool:
    said = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return all(said)


def _dated(catalogue: Catalog) -> Catalog:
    catalogue.creation_date = catalogue.revision_date = _ANY_DAY
    return catalogue


def _write(path: Path, catalogue: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, no_location=True, omit_header=False, ignore_obsolete=True)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if check() else 1)
    translate()
