"""What the script that a site loads is set up to do, read from the script itself."""

import json
from dataclasses import dataclass

from swapboard.sitecheck.swapping import DEFAULT_RULES, Rules

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
    return ScriptSetup(str(given["key"]), _texts(given["targets"]), _rules(given))


def _rules(given: dict[str, object]) -> Rules:
    known = given.get("known")
    skip = given.get("skip")
    watch = given.get("watch")
    return Rules(
        numbers=tuple(known) if isinstance(known, dict) else _texts(given["targets"]),
        attributes=_texts(watch.get("attributeFilter") if isinstance(watch, dict) else None)
        or DEFAULT_RULES.attributes,
        skip=tuple(each.strip() for each in skip.split(",")) if isinstance(skip, str) else DEFAULT_RULES.skip,
        whatsapp="wa\\.me" in str(given.get("links", "wa\\.me")),
        vanity=tuple((str(each[0]), str(each[1])) for each in _lists(given.get("vanity")) if len(each) > 1),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _lists(value: object) -> list[list[object]]:
    return [each for each in value if isinstance(each, list)] if isinstance(value, list) else []
