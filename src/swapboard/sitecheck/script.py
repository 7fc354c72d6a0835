"""What the script that a site loads is set up to do, read from the script itself."""

import json
from dataclasses import dataclass

from swapboard.sitecheck.swapping import Rules

_BEGINNING = '{"key":'
_PARTS = ("key", "targets")


@dataclass(frozen=True, slots=True)
class ScriptSetup:
    """A site's configuration, as `web/script.py` writes it into the script."""

    site_key: str
    targets: tuple[str, ...]
    rules: Rules


def read_setup(script: str) -> ScriptSetup | None:
    """The configuration in a script; None when it is not ours."""
    start = script.find(_BEGINNING)
    if start < 0:
        return None
    try:
        given, _ = json.JSONDecoder().raw_decode(script, start)
    except ValueError:
        return None
    if not isinstance(given, dict) or not all(part in given for part in _PARTS):
        return None
    return ScriptSetup(str(given["key"]), tuple(map(str, given["targets"])), _rules(given))


def _rules(given: dict[str, object]) -> Rules:
    return Rules(
        attributes=_texts(given.get("attributes")),
        skipped_tags=frozenset(filter(str.isalnum, str(given.get("skip") or "").split(","))),
        whatsapp=not given.get("plain"),
        vanity_texts=tuple(str(each[0]) for each in _lists(given.get("vanity")) if each),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _lists(value: object) -> list[list[object]]:
    return [each for each in value if isinstance(each, list)] if isinstance(value, list) else []
