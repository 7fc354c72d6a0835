"""Recordings that pause and go on, in Twilio's words, which others share or tell in their own."""

from collections.abc import Iterable, Mapping
from typing import Protocol

PAUSED, RESUMED = "paused", "in-progress"


def current_recording(listed: Iterable[Mapping[str, object]]) -> str | None:
    """The id of the recording that goes on or pauses, of a call's; None when there is none."""
    going = (each for each in listed if each.get("status") in {PAUSED, RESUMED})
    return next((str(each["sid"]) for each in going if each.get("sid")), None)


class RecordingAccount(Protocol):
    """An account that deletes its recordings and changes their state; each raises CarrierError."""

    def delete_recording(self, recording_ref: str) -> None: ...
    def change_recording(self, call_ref: str, status: str) -> None: ...


class RecordsByAccount:
    """What a `RecordingDeleter` and a `RecordingPauser` do, by the account."""

    __slots__ = ()

    account: RecordingAccount

    def delete_recording(self, recording_ref: str) -> None:
        """Delete the carrier's copy of a recording. Raises CarrierError."""
        self.account.delete_recording(recording_ref)

    def pause_recording(self, call_ref: str) -> None:
        """Record nothing of a call for now. Raises CarrierError."""
        self.account.change_recording(call_ref, PAUSED)

    def resume_recording(self, call_ref: str) -> None:
        """Record the call again. Raises CarrierError."""
        self.account.change_recording(call_ref, RESUMED)
