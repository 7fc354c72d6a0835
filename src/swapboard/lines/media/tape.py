"""Puts what was heard where it belongs in time, and writes it down: one channel for each side."""

import logging

from swapboard.carriers.lines.g711 import SAMPLES_A_SECOND, SILENCE
from swapboard.carriers.lines.recordings import Recording

log = logging.getLogger(__name__)

PIECE_SAMPLES = 5 * SAMPLES_A_SECOND
_LATE_SAMPLES = SAMPLES_A_SECOND
"""So long after its time a packet still finds its place."""


class _Track:
    """One channel, from the last piece that was written on."""

    def __init__(self) -> None:
        self.sound = bytearray()
        self._anchor: tuple[int, int] | None = None

    def put(self, sound: bytes, timestamp: int, now: int, written: int) -> None:
        """`now` and `written` are samples since the tape began."""
        place = now if self._anchor is None else self._anchor[0] + _apart(timestamp, self._anchor[1])
        if self._anchor is None or abs(place - now) > _LATE_SAMPLES:
            # The first, or a source that counts anew.
            place = now
            self._anchor = place, timestamp
        start = place - written
        if start < 0:
            return
        if start > len(self.sound):
            self.sound.extend(SILENCE * (start - len(self.sound)))
        self.sound[start : start + len(sound)] = sound

    def take(self, count: int) -> bytes:
        taken = bytes(self.sound[:count]).ljust(count, SILENCE)
        del self.sound[:count]
        return taken


class Tape:
    """Records until it is closed; a disk that fails ends the recording and not the call."""

    def __init__(self, recording: Recording, channels: int, began_at: float) -> None:
        self._recording = recording
        self._tracks = [_Track() for _ in range(channels)]
        self._began_at = began_at
        self._written = 0
        self.failed = False
        self._is_paused = False

    def pause_recording(self, _call_ref: str) -> None:
        """What is said from now on is silence on the tape; its time goes on."""
        self._is_paused = True

    def resume_recording(self, _call_ref: str) -> None:
        """Hear again."""
        self._is_paused = False

    def put(self, channel: int, sound: bytes, timestamp: int, now: float) -> None:
        """What a side said; times are of the event loop's clock."""
        at = round((now - self._began_at) * SAMPLES_A_SECOND)
        heard = SILENCE * len(sound) if self._is_paused else sound
        self._tracks[channel].put(heard, timestamp, at, self._written)
        if at - self._written > PIECE_SAMPLES + _LATE_SAMPLES:
            self._write(PIECE_SAMPLES)

    def close(self, now: float) -> str | None:
        """Write the rest; the recording's name, or None when the disk did not take it."""
        self._write(max(0, round((now - self._began_at) * SAMPLES_A_SECOND) - self._written))
        return None if self.failed else self._recording.ref

    def _write(self, count: int) -> None:
        taken = [track.take(count) for track in self._tracks]
        self._written += count
        if self.failed or not count:
            return
        piece = bytearray(count * len(taken))
        for index, sound in enumerate(taken):
            piece[index :: len(taken)] = sound
        try:
            self._recording.add(bytes(piece))
        except OSError as error:
            self.failed = True
            log.error("a call is recorded no further, for the disk does not take it: %s", error)


def _apart(timestamp: int, anchor: int) -> int:
    """How many samples later, of numbers that begin again after 2³²."""
    apart = (timestamp - anchor) & 0xFFFFFFFF
    return apart - (1 << 32) if apart >> 31 else apart
