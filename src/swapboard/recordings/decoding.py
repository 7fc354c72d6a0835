"""Recordings that are no WAV files, decoded by FFmpeg's libraries: PyAV, which comes with the extra."""

from array import array
from io import BytesIO

import av

from swapboard.recordings.hearing import NotHeard
from swapboard.recordings.wave import Samples

RATE = 16_000
LONGEST_SECONDS = 4 * 60 * 60
"""As with what is unpacked: a small file may unfold to days of silence, a quarter of a gigabyte an hour."""


def decoded(content: bytes) -> list[tuple[int, Samples]]:
    """Each channel with its samples a second; none when there is no sound in it. Raises NotHeard."""
    try:
        with av.open(BytesIO(content), mode="r", metadata_errors="replace") as container:
            stream = container.streams.audio[0]
            count = min(2, stream.codec_context.channels)
            resampler = av.AudioResampler(format="s16p", layout="stereo" if count == 2 else "mono", rate=RATE)
            channels = [array("h") for _ in range(count)]
            for frame in [*container.decode(stream), None]:
                for piece in resampler.resample(frame):
                    for channel, samples in zip(channels, piece.to_ndarray(), strict=True):
                        channel.frombytes(samples.tobytes())
                if len(channels[0]) > LONGEST_SECONDS * RATE:
                    raise NotHeard("The recording goes on for more than four hours: that is not written down.")
    except (av.FFmpegError, IndexError) as error:
        raise NotHeard(f"The recording cannot be decoded: {error}") from error
    return [(RATE, channel) for channel in channels]
