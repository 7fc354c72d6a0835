"""What stands between two set-ups, in words that a person can check before it is done."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from swapboard.moving.call_settings import CallSettings, RecordingSetup, ReplySetup
from swapboard.moving.setup import RuleSetup, Setup


class Doing(StrEnum):
    """What an import does with a thing."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    KEEP = "keep"
    """It is not in the file, and stays as it is."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; for a change, the field with its values before and after."""

    doing: Doing
    what: str
    name: str
    field: str = ""
    before: object = None
    after: object = None

    def __str__(self) -> str:
        if self.doing is Doing.CHANGE:
            return f"change {self.what} {self.name}: {self.field} from {_told(self.before)} to {_told(self.after)}"
        if self.doing is Doing.KEEP:
            return f"keep {self.what} {self.name}, which is not in the file"
        return f"{self.doing.value} {self.what} {self.name}"


def _told(value: object) -> str:
    """A value as people would write it."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_told(each)}" for name, each in value.items()) or "nothing"
    if isinstance(value, list | tuple):
        return ", ".join(map(_told, value)) or "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "nothing" if value is None else repr(value)


def difference(before: Setup, after: Setup) -> list[Difference]:
    """What `after` would add and change; only rules are also removed, since their order is all that they are."""
    company = _changes("company", "settings", before.company, over(before.company, after.company))
    return [
        *company,
        *_between("site", _sites(before.sites), _sites(after.sites), overlay=True),
        *_between("swap target", _named(before.swap_targets, "number"), _named(after.swap_targets, "number")),
        *_between("pool", _named(before.pools, "name"), _named(after.pools, "name")),
        *_between("number", _named(before.numbers, "number"), _named(after.numbers, "number")),
        *_between("sound", _sounds(before), _sounds(after)),
        *_between("flow", _named(before.flows, "name"), _named(after.flows, "name")),
        *_rules(before, after),
        *_of_calls(before.calls, after.calls),
    ]


def _of_calls(before: CallSettings, after: CallSettings) -> Iterator[Difference]:
    """What becomes of calls: what is not mentioned stays, and is not told of."""
    for what, had, wanted in (
        ("recording policy of", _lines(before.recording), _lines(after.recording)),
        ("reply of", _lines(before.replies), _lines(after.replies)),
        ("phrase", _phrases(before), _phrases(after)),
        ("lead rule", _named(before.lead_rules, "name"), _named(after.lead_rules, "name")),
    ):
        yield from (each for each in _between(what, had, wanted) if each.doing is not Doing.KEEP)
    had, wanted = (each.model_dump(mode="json") for each in (before, after))
    for name in ("keeping", "spam", "transcripts"):
        if wanted[name] is not None:
            yield from _changes("calls", name, had[name] or {}, wanted[name])
    names, first = ([each.name for each in settings.lead_rules] for settings in (before, after))
    yield from _another_order("lead rules", names, [*first, *(name for name in names if name not in first)])


def _lines(parts: Sequence[RecordingSetup] | Sequence[ReplySetup]) -> "_Things":
    return {each.number or "all others": each.model_dump(mode="json") for each in parts}


def _phrases(settings: CallSettings) -> "_Things":
    return {each.text: asdict(each) for each in settings.phrases}


def numbered(names: Sequence[str]) -> list[str]:
    """Names that tell their bearers apart: the second of a name becomes `name (2)`, as often as need be."""
    taken: set[str] = set()
    told = []
    for name in names:
        unique, count = name, 1
        while unique in taken:
            count += 1
            unique = f"{name} ({count})"
        taken.add(unique)
        told.append(unique)
    return told


_Things = Mapping[str, Mapping[str, Any]]


def _named(parts: Sequence[Any], key: str) -> _Things:
    return {getattr(part, key): part.model_dump(mode="json") for part in parts}


def _sounds(setup: Setup) -> _Things:
    """What a person can tell of a file that is another now."""
    return {each.name: {"file": hashlib.sha256(each.sound).hexdigest()[:12]} for each in setup.sounds}


def _sites(sites: Sequence[Mapping[str, Any]]) -> _Things:
    return {str(site["name"]): site for site in sites}


def over(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Settings that are not mentioned stay, those within a setting too."""
    return {**before, **{name: _over_one(before.get(name), value) for name, value in after.items()}}


def _over_one(before: object, after: Any) -> Any:
    return over(before, after) if isinstance(before, Mapping) and isinstance(after, Mapping) else after


def _between(what: str, before: _Things, after: _Things, *, overlay: bool = False) -> Iterator[Difference]:
    for name, wanted in after.items():
        if name not in before:
            yield Difference(Doing.ADD, what, name)
        else:
            yield from _changes(what, name, before[name], over(before[name], wanted) if overlay else wanted)
    for name in before:
        if name not in after:
            yield Difference(Doing.KEEP, what, name)


def _changes(what: str, name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for field in dict.fromkeys((*before, *after)):
        if before.get(field) != after.get(field):
            yield Difference(Doing.CHANGE, what, name, field, before.get(field), after.get(field))


def _rules(before: Setup, after: Setup) -> Iterator[Difference]:
    had = dict(zip(numbered([rule.name for rule in before.rules]), before.rules, strict=True))
    wanted = dict(zip(numbered([rule.name for rule in after.rules]), after.rules, strict=True))
    for name, rule in wanted.items():
        if name not in had:
            yield Difference(Doing.ADD, "rule", name)
        else:
            yield from _changes("rule", name, _facts(had[name]), _facts(rule))
    for name in had:
        if name not in wanted:
            yield Difference(Doing.REMOVE, "rule", name)
    yield from _another_order("rules", list(had), list(wanted))


def _facts(rule: RuleSetup) -> dict[str, Any]:
    """A rule's own, and each of its conditions."""
    told = rule.model_dump(mode="json")
    conditions = told.pop("conditions")
    return {**told, **conditions}


def _another_order(what: str, had: Sequence[str], wanted: Sequence[str]) -> Iterator[Difference]:
    """Of those that are in both."""
    order = [name for name in had if name in wanted]
    new_order = [name for name in wanted if name in had]
    if order != new_order:
        yield Difference(Doing.CHANGE, what, "order", "order", order, new_order)
