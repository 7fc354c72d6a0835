"""How the benchmark of own lines counts (docs/lines.md): a packet that is missing is a packet lost."""

import struct

from benchmarks.lines import Stream
from tests.lines.tone_phone import FRAME


def packet(sequence: int, sound: bytes) -> bytes:
    return struct.pack("!BBHII", 0x80, 0, sequence & 0xFFFF, 0, 0) + sound


def test_what_was_lost_repeated_or_is_only_a_ringing_tone_does_not_count_as_come() -> None:
    caller, agent = Stream(400), Stream(1_600)
    ringing = Stream(440).sound
    frames = [agent.sound[start : start + FRAME] for start in range(0, 5 * FRAME, FRAME)]
    for moment, sequence, sound in (
        (0.0, 0xFFFD, ringing[:FRAME]),
        (1.0, 0xFFFE, frames[0]),
        (2.0, 0xFFFF, frames[1]),
        (2.5, 0xFFFF, frames[1]),
        (3.0, 0x10001, frames[3]),
        (4.0, 0x10002, frames[4]),
    ):
        caller.hear(packet(sequence, sound), moment)
    assert caller.came_from(agent) == [1.0, 2.5, 3.0, 4.0]
