"""The talks that are being recorded on this very server, on own lines, so that their recording can pause."""

from collections.abc import Iterator
from contextlib import contextmanager

from swapboard.carriers.base import RecordingPauser


class Recorders:
    """Who records which call. A reference is one account's own: another company's call may have the same."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str, str], RecordingPauser] = {}

    @contextmanager
    def during(self, company_id: str, carrier_id: str, call_ref: str, recorder: RecordingPauser) -> Iterator[None]:
        """Known for as long as the block lasts."""
        key = company_id, carrier_id, call_ref
        self._of[key] = recorder
        try:
            yield
        finally:
            self._of.pop(key, None)

    def of(self, company_id: str, carrier_id: str, call_ref: str) -> RecordingPauser | None:
        """Who records the call here; None for nobody."""
        return self._of.get((company_id, carrier_id, call_ref))
