"""Recordings that pause and go on, in Twilio's words, which others share: the current one is found in a list."""

from collections.abc import Iterable, Mapping

PAUSED, RESUMED = "paused", "in-progress"


def current_recording(listed: Iterable[Mapping[str, object]]) -> str | None:
    """The id of the recording that goes on or pauses, of a call's; None when there is none."""
    going = (each for each in listed if each.get("status") in {PAUSED, RESUMED})
    return next((str(each["sid"]) for each in going if each.get("sid")), None)
