"""Words for callers: spoken by espeak-ng where it is installed (Debian's package), or an audio file of one's own.

Where neither can be had the log says what to install, and the caller hears two short tones: a call goes on.
"""

import asyncio
import hashlib
import logging
import shutil
import time
from array import array
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path

import httpx

from swapboard.calls.step import Prompt
from swapboard.carriers.lines.g711 import SAMPLES_A_SECOND, mu_law
from swapboard.lines.media.sound_hosts import NoAnswer, NoSound, SoundHosts
from swapboard.outward import open_async_http
from swapboard.recordings import uploaded
from swapboard.recordings.wave import NoWave, read_wave
from swapboard.storage.whole_file import replace_file

log = logging.getLogger(__name__)

SPEAKER = "espeak-ng"
SPEAK_SECONDS = 10
FETCH_SECONDS = 30
"""In the background: no caller waits so long."""
LONGEST_FILE_BYTES = 10 * 1024 * 1024
LONGEST_SECONDS = 300
FRESH_SECONDS = 3_600
NO_SPEAKER = (
    "Texts cannot be spoken on this machine: install espeak-ng (Debian: apt install espeak-ng), "
    "or use audio files in your flows. Callers hear two tones instead of: %s"
)


class Voice:
    """Speaks and fetches; what it has made once it keeps on disk."""

    def __init__(
        self,
        folder: Path,
        own: Callable[[str], bytes | None] = lambda _address: None,
        *,
        private_addresses: bool = True,
    ) -> None:
        """`private_addresses` as in the settings."""
        self._folder = folder
        self._private_addresses = private_addresses
        self._own = own
        """What is at an address of this very server."""
        self._hosts = SoundHosts()

    async def sound(self, prompt: Prompt) -> bytes | None:
        """The prompt in µ-law; None where it cannot be had."""
        kept = self._path(prompt)
        if await asyncio.to_thread(_is_fresh, kept, prompt):
            return await asyncio.to_thread(kept.read_bytes)
        if prompt.file:
            return await self._of_file(prompt, kept)
        try:
            return await self._made(await spoken(prompt.text, prompt.language), kept)
        except NoSound as error:
            log.error("%s", error)
            return None

    async def _of_file(self, prompt: Prompt, kept: Path) -> bytes | None:
        """The file; else what it was, or the words that it stands for."""

        async def fetch() -> bytes:
            own = await asyncio.to_thread(self._own, prompt.file)
            return await self._made(own if own is not None else await self._fetched(prompt.file), kept)

        found = await self._hosts.sound(prompt.file, kept.name, fetch, waits=not kept.exists())
        if found is not None:
            return found
        if kept.exists():
            return await asyncio.to_thread(kept.read_bytes)
        return await self.sound(replace(prompt, file="")) if prompt.text else None

    async def _fetched(self, address: str) -> bytes:
        return await fetched(address, private_addresses=self._private_addresses)

    async def _made(self, wav: bytes, kept: Path) -> bytes:
        """A file's sound in µ-law, which is kept. Raises NoSound."""
        sound = await asyncio.to_thread(telephone_sound, wav)
        await asyncio.to_thread(self._keep, kept, sound)
        return sound

    async def close(self) -> None:
        """Nothing is fetched any more."""
        await self._hosts.close()

    async def prepare(self, prompts: Iterable[Prompt]) -> None:
        """Make sounds ahead, one after the other, so that the first caller need not wait for them."""
        for prompt in prompts:
            await self.sound(prompt)

    async def file(self, prompt: Prompt) -> Path | None:
        """Where the prompt's µ-law stands on disk; None when it cannot be had."""
        await self.sound(prompt)
        ways = (self._path(prompt), self._path(replace(prompt, file="")))
        return next((kept for kept in ways if kept.exists()), None)

    def _path(self, prompt: Prompt) -> Path:
        return self._folder / f"{_name(prompt)}.ulaw"

    def _keep(self, path: Path, sound: bytes) -> None:
        try:
            replace_file(path, sound)
        except OSError as error:
            log.warning("spoken words cannot be kept, and will be made again: %s", error)


async def spoken(text: str, language: str) -> bytes:
    """A WAV file of the words. Raises NoSound."""
    speaker = shutil.which(SPEAKER)
    if speaker is None:
        raise NoSound(NO_SPEAKER % repr(text[:80]))
    # The words go by the input, not as arguments: whatever they begin with, they are words.
    command = (speaker, "--stdin", "--stdout", "-v", language.lower())
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        # Of a machine that is short of memory or open files.
        raise NoSound(f"{SPEAKER} cannot be started: {error}") from error
    try:
        wav, trouble = await asyncio.wait_for(process.communicate(text.encode()), SPEAK_SECONDS)
    except TimeoutError as error:
        raise NoSound(f"{SPEAKER} took too long for {text[:80]!r}") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not wav:
        raise NoSound(f"{SPEAKER} cannot speak {language}: {trouble.decode(errors='replace').strip()[:200]}")
    return wav


async def fetched(address: str, *, private_addresses: bool = True) -> bytes:
    """An audio file, whole, from its address. Raises NoSound; NoAnswer where its host is at fault."""
    try:
        async with (
            asyncio.timeout(FETCH_SECONDS),
            open_async_http(FETCH_SECONDS, private_addresses=private_addresses, follow_redirects=True) as http,
            http.stream("GET", address) as response,
        ):
            response.raise_for_status()
            whole = bytearray()
            async for piece in response.aiter_bytes():
                whole += piece
                if len(whole) > LONGEST_FILE_BYTES:
                    raise NoSound(f"the audio file {address} is larger than 10 MB")
            return bytes(whole)
    except TimeoutError as error:
        raise NoAnswer(f"the audio file {address} took longer than {FETCH_SECONDS} seconds") from error
    except httpx.TransportError as error:
        raise NoAnswer(f"the host of the audio file {address} does not answer: {error!r}") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NoSound(f"the audio file {address} cannot be had: {error!r}") from error


def telephone_sound(wav: bytes) -> bytes:
    """A WAV file of any rate (its first channel), or an MP3 or FLAC file, in µ-law. Raises NoSound."""
    try:
        try:
            wave = read_wave(wav)
        except NoWave:
            # Of other kinds than telephones record: MP3, and WAV as studios save it.
            wave = read_wave(uploaded.telephone_sound(wav).content)
    except (NoWave, uploaded.NotASound) as error:
        raise NoSound(f"an audio file cannot be read: {error}") from error
    samples = wave.channels[0][: LONGEST_SECONDS * wave.rate]
    return mu_law(_slower(samples, wave.rate).tobytes())


def _slower(samples: "array[int]", rate: int) -> "array[int]":
    """At 8,000 a second: the mean of what falls into each, which also takes away what would fold back."""
    if rate == SAMPLES_A_SECOND or not samples:
        return samples
    step = rate / SAMPLES_A_SECOND
    sums = [0, *accumulate(samples)]
    edges = [int(index * step) for index in range(int(len(samples) / step) + 1)]
    spans = ((first, max(last, first + 1)) for first, last in pairwise(edges))
    return array("h", [(sums[last] - sums[first]) // (last - first) for first, last in spans])


def _is_fresh(kept: Path, prompt: Prompt) -> bool:
    """Words stay what they are; the file at an address may be another the next day."""
    try:
        age = time.time() - kept.stat().st_mtime
    except FileNotFoundError:
        return False
    return not prompt.file or age < FRESH_SECONDS


def _name(prompt: Prompt) -> str:
    said = "\n".join((prompt.language, prompt.text, prompt.file))
    return hashlib.sha256(said.encode()).hexdigest()[:32]
