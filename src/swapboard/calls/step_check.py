"""What is wrong with one step of a flow by itself: each field that has to be mended, and what to do about it."""

from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from swapboard.calls.hours import known_zone
from swapboard.calls.node import LONGEST_ADDRESS
from swapboard.calls.nodes import (
    DESTINATION,
    Branch,
    ConsentNotice,
    Dial,
    EndCall,
    Gate,
    GeoRoute,
    Greeting,
    Menu,
    Node,
    RoundRobin,
    Schedule,
    Survey,
    Voicemail,
)
from swapboard.calls.sound import sound_in
from swapboard.language import _
from swapboard.numbers.e164 import NotANumber, parse_number

_MUST_SPEAK = (Greeting, Menu, ConsentNotice, Gate, Survey)
_MAY_SPEAK = (Greeting, Menu, ConsentNotice, Gate, Survey, Voicemail, EndCall)
_AREAS = _("a country (GB), a state (US-NY), or a beginning (+1212)")
_PLACEHOLDERS = ("source", "channel", "campaign", "keyword")


def step_faults(node: Node, own_numbers: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each field that is wrong, and what to do about it; `own_numbers` ring here themselves (E.164)."""
    yield from _of_words(node)
    match node:
        case Dial() | RoundRobin():
            yield from _of_targets(node, own_numbers)
        case Survey():
            yield from _of_survey(node)
        case Schedule():
            yield from _of_hours(node)
        case GeoRoute():
            yield from _of_areas(node)
        case Menu() if not node.keys:
            yield "keys", _("a menu needs at least one key.")
        case Branch() if not node.cases:
            yield "cases", _("name at least one case, such as: campaign is spring*.")
        case _:
            pass


def _of_words(node: Node) -> Iterator[tuple[str, str]]:
    if isinstance(node, _MUST_SPEAK) and not (node.text.strip() or node.file):
        yield "text", _("the caller would hear nothing. Write what is to be said, or give a sound.")
    if isinstance(node, _MAY_SPEAK) and node.file:
        yield from _of_file(node.file)


def _of_survey(node: Survey) -> Iterator[tuple[str, str]]:
    if not node.answers:
        yield "answers", _("a survey needs at least one key that means something.")
    if node.ask_value and not node.value_text.strip():
        yield "value_text", _("write how to key in what the call was worth, and that # ends it.")


def _of_hours(node: Schedule) -> Iterator[tuple[str, str]]:
    if not known_zone(node.hours.time_zone):
        yield (
            "hours",
            _("there is no time zone “%(time_zone)s”; write one like America/New_York.")
            % {"time_zone": node.hours.time_zone},
        )
    if not any(node.hours.days.values()):
        yield "hours", _("it is never open. Write the hours of at least one day.")


def _of_areas(node: GeoRoute) -> Iterator[tuple[str, str]]:
    if not node.areas:
        yield "areas", _("name at least one area: %(areas)s.") % {"areas": _(_AREAS)}
    for area in node.areas:
        if not _is_area(area):
            yield "areas", _("“%(area)s” is no area; write %(areas)s.") % {"area": area, "areas": _(_AREAS)}


def file_fault(file: str, sounds: Collection[str]) -> str | None:
    """Why nothing can be heard of a file that shall be played; None when all is well."""
    sound = sound_in(file)
    if sound is not None:
        return (
            None
            if sound in sounds
            else _("there is no sound “%(sound)s”. Send its file, or choose another.") % {"sound": sound}
        )
    return next((detail for _field, detail in _of_file(file)), None) if file else None


def _of_file(file: str) -> Iterator[tuple[str, str]]:
    if sound_in(file) is not None:
        return
    if not _is_public(file):
        yield "file", _("a sound elsewhere needs its public address, beginning with https://.")


def _is_public(file: str) -> bool:
    try:
        parts = urlsplit(file)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and len(file) <= LONGEST_ADDRESS


def _of_targets(node: Dial | RoundRobin, own_numbers: Collection[str]) -> Iterator[tuple[str, str]]:
    if not node.targets:
        yield "targets", _("name at least one number to ring.")
    for target in node.targets:
        if target.number == DESTINATION:
            continue
        try:
            number = parse_number(target.number)
        except NotANumber as error:
            yield "targets", str(error)
            continue
        if number != target.number:
            yield "targets", _("write %(text)s as %(number)s.") % {"text": target.number, "number": number}
        if number in own_numbers:
            yield (
                "targets",
                _("%(number)s is one of your tracking numbers: calls would go in circles.") % {"number": number},
            )
    for field in _unknown_placeholders(node.whisper):
        yield (
            "whisper",
            _("it knows no {%(field)s}; there are %(all)s.")
            % {"field": field, "all": ", ".join(f"{{{each}}}" for each in _PLACEHOLDERS)},
        )


def _unknown_placeholders(text: str) -> list[str]:
    named = [part.partition("}")[0] for part in text.split("{")[1:]]
    return [name[:40] for name in named if name not in _PLACEHOLDERS]


def _is_area(area: str) -> bool:
    if area.startswith("+"):
        return area[1:].isascii() and area[1:].isdigit()
    country, dash, state = area.partition("-")
    is_country = len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()
    return is_country and (not dash or (2 <= len(state) <= 3 and state.isalnum() and state.isupper()))
