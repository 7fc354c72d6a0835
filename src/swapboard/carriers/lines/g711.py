"""G.711, the sound of telephone networks: one byte a sample, 8,000 a second. Everything of ours is µ-law inside.

The codecs are aiortp's (ITU-T G.711); what changes one law into the other is a table made from them.
"""

from aiortp import PayloadType, get_codec

SAMPLES_A_SECOND = 8_000
FRAME_SAMPLES = 160
FRAME_SECONDS = FRAME_SAMPLES / SAMPLES_A_SECOND
MU_LAW, A_LAW = 0, 8
"""Payload types (RFC 3551, table 4)."""
SILENCE = b"\xff"

_MU, _A = get_codec(PayloadType.PCMU), get_codec(PayloadType.PCMA)
_EVERY_BYTE = bytes(range(256))

TO_A_LAW = _A.encode(_MU.decode(_EVERY_BYTE))
TO_MU_LAW = _MU.encode(_A.decode(_EVERY_BYTE))
"""For `bytes.translate`."""


def mu_law(pcm: bytes) -> bytes:
    """Samples of 16 bits, little-endian, as µ-law."""
    return bytes(_MU.encode(pcm))


def pcm(sound: bytes) -> bytes:
    """µ-law as samples of 16 bits, little-endian."""
    return bytes(_MU.decode(sound))


_LOUD = frozenset(
    byte
    for byte in range(256)
    if abs(int.from_bytes(pcm(bytes([byte])), "little", signed=True)) > 600  # -35 dB of full scale
)


def is_sound(frame: bytes) -> bool:
    """True when a tenth of the frame is louder than a quiet room."""
    return sum(byte in _LOUD for byte in frame) * 10 > len(frame)
