"""Sounds of a company's own: greetings, menus, notices that somebody has spoken; a step of a flow names one.

A step's `file` is either an address, or `sound:NAME`. Carriers and own lines know addresses only, so a flow that
calls take has them in place of the names. Where a sound is gone, the step's text is spoken.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import StringConstraints

from swapboard.calls.nodes import Flow, Node
from swapboard.clock import Millis

SCHEME = "sound:"
LONGEST_NAME = 60
MOST_SOUNDS = 100
SoundName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=LONGEST_NAME,
        pattern=r"^[^\s\x85\ufeff\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x85\ufeff\x00-\x1f\x7f])?$",
    ),
]


@dataclass(frozen=True, slots=True)
class Sound:
    """What is known of a sound without hearing it."""

    sound_id: str
    name: str
    digest: str
    """SHA-256 of its file, in hex."""
    seconds: float
    size_bytes: int
    changed_at: Millis


def file_of(name: str) -> str:
    """What a step has as its file to play this sound."""
    return f"{SCHEME}{name}"


def sound_in(file: str) -> str | None:
    """The name of the sound that a step's file is; None for an address, and for nothing."""
    return file.removeprefix(SCHEME) if file.startswith(SCHEME) else None


def address_of(file: str, addresses: Mapping[str, str]) -> str:
    """Where the file is to be had; nothing where it is a sound that there is not."""
    name = sound_in(file)
    return file if name is None else addresses.get(name, "")


def heard_as(file: str, text: str) -> str:
    """What a person reads of something that is heard."""
    name = sound_in(file)
    return f"♪ {name}" if name is not None else file or text


def sounds_in(flow: Flow) -> set[str]:
    """The names of all sounds that the flow plays."""
    return {name for _step, name in _named(flow)}


def free_name(wanted: str, taken: Collection[str]) -> str:
    """A name like the wanted one that no sound has yet."""
    clean = "".join(each if each.isprintable() else " " for each in wanted)
    stem = " ".join(clean.split())[: LONGEST_NAME - 4].strip() or "Sound"
    name, count = stem, 1
    while name in taken:
        count += 1
        name = f"{stem} {count}"
    return name


def with_addresses(flow: Flow, addresses: Mapping[str, str]) -> Flow:
    """The flow with an address in place of each sound's name; nothing where there is no such sound."""
    changed: dict[str, Node] = {
        step: _with_file(flow.steps[step], addresses.get(name, "")) for step, name in _named(flow)
    }
    return replace(flow, steps={**flow.steps, **changed}) if changed else flow


def _named(flow: Flow) -> Iterator[tuple[str, str]]:
    for step, node in flow.steps.items():
        name = sound_in(getattr(node, "file", ""))
        if name is not None:
            yield step, name


def _with_file(node: Any, file: str) -> Node:
    changed: Node = replace(node, file=file)
    return changed
