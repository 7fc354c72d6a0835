"""The talks that are being recorded on this very server, on own lines, so that their recording can pause."""

from collections.abc import Iterator
from contextlib import contextmanager

from swapboard.carriers.base import RecordingPauser


class Recorders:
    """Who records which call, by the call's reference."""

    def __init__(self) -> None:
        self._of: dict[str, RecordingPauser] = {}

    @contextmanager
    def during(self, call_ref: str, recorder: RecordingPauser) -> Iterator[None]:
        """Known for as long as the block lasts."""
        self._of[call_ref] = recorder
        try:
            yield
        finally:
            self._of.pop(call_ref, None)

    def of(self, call_ref: str) -> RecordingPauser | None:
        """Who records the call here; None for nobody."""
        return self._of.get(call_ref)
