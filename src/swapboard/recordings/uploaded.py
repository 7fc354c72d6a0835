"""A sound file that somebody sends, as every telephone network plays it: WAV, one channel, 16 bits, 8 kHz.

Decoded and resampled by miniaudio (dr_wav, dr_mp3, dr_flac). Ogg Vorbis is refused before it is decoded: that
decoder (stb_vorbis) is not hardened against files that are made to break it.
"""

import struct
from array import array
from dataclasses import dataclass

import miniaudio

from swapboard.language import _
from swapboard.recordings.wave import wave_file

RATE = 8_000
LARGEST_BYTES = 10 * 1024 * 1024
LONGEST_SECONDS = 120
SHORTEST_SECONDS = 0.2
_QUIETEST = 100
"""Of 32,767 (-50 dB): a telephone's own noise is louder."""
_PIECE_FRAMES = RATE

_DAMAGED = _("The file is damaged, or cannot be read. Save it anew, as MP3 or WAV.")
_OTHERS = (
    (4, b"ftyp", _("an M4A or MP4 file, as telephones record them")),
    (0, b"OggS", _("an Ogg file")),
    (0, b"FORM", _("an AIFF file")),
    (0, b"\x30\x26\xb2\x75", _("a WMA file")),
    (0, b"\x1aE\xdf\xa3", _("a WebM file")),
    (0, b"#!AMR", _("an AMR file")),
)


class NotASound(ValueError):
    """The file cannot be played to callers; the message says why, and what to send instead."""


@dataclass(frozen=True, slots=True)
class TelephoneSound:
    """A WAV file for telephones."""

    content: bytes
    seconds: float


def telephone_sound(content: bytes) -> TelephoneSound:
    """The sound of a WAV, MP3 or FLAC file of any rate and number of channels. Raises NotASound."""
    _check_kind(content)
    samples = _decoded(content)
    seconds = len(samples) / RATE
    if seconds < SHORTEST_SECONDS:
        raise NotASound(_("There is no sound in this file, or less than a fifth of a second."))
    loudest = max(abs(sample) for sample in samples)
    if loudest < _QUIETEST:
        raise NotASound(_("Nothing can be heard in this file: it is silent. Record it again, louder."))
    return TelephoneSound(wave_file(RATE, [samples]), round(seconds, 2))


def _check_kind(content: bytes) -> None:
    if not content:
        raise NotASound(_("The file is empty. Choose a WAV, MP3 or FLAC file."))
    if len(content) > LARGEST_BYTES:
        raise NotASound(
            _("The file is larger than %(most)s MB. Make it shorter, or an MP3.")
            % {"most": LARGEST_BYTES // 1024 // 1024}
        )
    for at, mark, what in _OTHERS:
        if content[at : at + len(mark)] == mark:
            raise NotASound(_("This is %(what)s. Save it as WAV, MP3 or FLAC and send that.") % {"what": _(what)})
    if content[:4] == b"RIFF" and not _is_whole(content):
        raise NotASound(_(_DAMAGED))
    is_known = content[:4] in {b"RIFF", b"fLaC"} or content[:3] == b"ID3" or _is_mp3_frame(content)
    if not is_known:
        raise NotASound(_("This is no sound file that can be read. Choose a WAV, MP3 or FLAC file."))


def _is_whole(content: bytes) -> bool:
    """Whether all that stands before its samples is as long as it says: the decoder looks for gigabytes that are
    not there, for half a minute."""
    at = 12
    while at + 8 <= len(content):
        name, length = struct.unpack_from("<4sI", content, at)
        if name == b"data":
            return True
        at += 8 + length + length % 2
    return False


def _is_mp3_frame(content: bytes) -> bool:
    """Eleven bits set, as every frame of MPEG's begins, and layer III."""
    return len(content) > 1 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2


def _decoded(content: bytes) -> "array[int]":
    """No more than the longest sound is ever decoded, however much a small file would unfold to."""
    samples: array[int] = array("h")
    try:
        pieces = miniaudio.stream_memory(
            content, miniaudio.SampleFormat.SIGNED16, nchannels=1, sample_rate=RATE, frames_to_read=_PIECE_FRAMES
        )
        for piece in pieces:
            samples.extend(piece)
            if len(samples) > LONGEST_SECONDS * RATE:
                raise NotASound(
                    _("The sound is longer than %(most)s minutes. Cut it shorter.")
                    % {"most": LONGEST_SECONDS // 60}
                )
    except miniaudio.MiniaudioError as error:
        raise NotASound(_(_DAMAGED)) from error
    return samples
