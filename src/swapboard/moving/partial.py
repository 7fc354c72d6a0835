"""A file that names a part of a setting: the rest of it is as the company has it."""

from collections.abc import Mapping, Sequence
from typing import Any

from swapboard.moving.call_settings import CallSettings, RecordingSetup
from swapboard.moving.difference import over

_TABLES = ("keeping", "spam", "transcripts")


def completed(document: Mapping[str, Any], wanted: CallSettings, had: CallSettings) -> Mapping[str, Any]:
    """The document of a file, `wanted` being its part about calls, with what its tables of calls leave out."""
    told, known = document.get("calls", {}), had.model_dump(mode="json")
    tables = {name: over(known[name] or {}, told[name]) for name in _TABLES if name in told}
    recording = _policies(told.get("recording", ()), wanted.recording, had.recording)
    return {**document, "calls": {**told, **tables, **({"recording": recording} if recording else {})}}


def _policies(
    told: Sequence[Mapping[str, Any]], wanted: Sequence[RecordingSetup], had: Sequence[RecordingSetup]
) -> list[Mapping[str, Any]]:
    known = {each.number: each.model_dump(mode="json")["policy"] for each in had}
    return [
        {**said, "policy": over(known.get(each.number, {}), said["policy"])}
        for said, each in zip(told, wanted, strict=True)
    ]
