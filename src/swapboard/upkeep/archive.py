"""A backup's file: a gzip-compressed tar with a manifest first, which tells each other file's size and hash.

After these come the sounds of recordings, encrypted as they lie: each proves by itself that it is whole
(`recordings/chunks.py`), and there may be more of them than a manifest could name.
"""

import hashlib
import os
import tarfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from gzip import BadGzipFile
from io import BytesIO
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from typing import IO, Literal, cast

from pydantic import TypeAdapter, ValidationError

FORMAT = 1
MANIFEST = "manifest.json"
LONGEST_MANIFEST_BYTES = 64 * 1024
SOUNDS = "recordings"

EngineName = Literal["sqlite", "postgresql"]


class BadArchive(ValueError):
    """The file is no backup of ours, or was damaged; the message says which."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the archive."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    swapboard: str
    """The version that made it."""
    made_at: str
    engine: EngineName
    revision: str
    """The last migration that its database had."""
    settings: Mapping[str, str]
    """The `SWAPBOARD_*` variables it was made with, the database's password left out."""
    members: Mapping[str, Member]
    has_sounds: bool = False
    """The sounds of recordings follow; older backups have none."""


_MANIFEST = TypeAdapter(Manifest)


def describe(path: Path) -> Member:
    """A file's size and hash."""
    with path.open("rb") as file:
        return Member(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def pack(target: Path, manifest: Manifest, files: Sequence[Path], sounds: Iterable[tuple[str, Path]] = ()) -> int:
    """Write the archive, for its owner only: all of it or nothing, on disk before it has its name.

    `sounds` are told by their place below the folder; how many there were, for one may be deleted meanwhile.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        with (
            os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
            tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as tar,
        ):
            told = _MANIFEST.dump_json(manifest, indent=1)
            tar.addfile(_entry(MANIFEST, len(told)), BytesIO(told))
            for path in files:
                with path.open("rb") as file:
                    tar.addfile(_entry(path.name, path.stat().st_size), file)
            count = sum(_add_sound(tar, place, path) for place, path in sounds)
        _to_disk(part)
        part.replace(target)
        return count
    finally:
        part.unlink(missing_ok=True)


def _add_sound(tar: tarfile.TarFile, place: str, path: Path) -> bool:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return False
    with file:
        tar.addfile(_entry(f"{SOUNDS}/{place}", os.fstat(file.fileno()).st_size), file)
    return True


def unpack(archive: Path, folder: Path) -> Manifest:
    """Take the archive apart into an empty folder, sounds below `SOUNDS`.

    Raises BadArchive, and OSError where there is no file.
    """
    try:
        with tarfile.open(archive, "r:gz") as tar:
            manifest = _manifest(tar)
            for name in manifest.members:
                _take_out(tar, name, folder)
            if manifest.has_sounds:
                _take_out_sounds(tar, folder / SOUNDS)
    except (tarfile.TarError, EOFError, KeyError, ValidationError, zlib.error, BadGzipFile) as error:
        raise BadArchive(f"{archive} is no backup of Swapboard's, or it is damaged ({error})") from error
    for name, member in manifest.members.items():
        if describe(folder / name) != member:
            raise BadArchive(f"{archive} is damaged: {name} is not what it was")
    return manifest


def _manifest(tar: tarfile.TarFile) -> Manifest:
    entry = tar.next()
    if entry is None or entry.name != MANIFEST or entry.size > LONGEST_MANIFEST_BYTES:
        raise KeyError(f"{MANIFEST} does not come first")
    manifest = _MANIFEST.validate_json(_opened(tar, entry).read())
    if any(Path(name).name != name for name in manifest.members):
        raise KeyError("a file would land outside of the folder")
    return manifest


def _take_out_sounds(tar: tarfile.TarFile, folder: Path) -> None:
    folder.mkdir()
    for entry in tar.getmembers():
        top, *place = PurePosixPath(entry.name).parts
        if top != SOUNDS:
            continue
        if len(place) != 2 or ".." in place:
            raise KeyError(f"{entry.name} would land outside of the folder")
        company, name = place
        (folder / company).mkdir(exist_ok=True)
        with os.fdopen(os.open(folder / company / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            copyfileobj(_opened(tar, entry), out)


def _take_out(tar: tarfile.TarFile, name: str, folder: Path) -> None:
    with (folder / name).open("wb") as out:
        copyfileobj(_opened(tar, tar.getmember(name)), out)


def _opened(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    if not entry.isreg():
        raise KeyError(f"{entry.name} is no file")
    return cast("IO[bytes]", tar.extractfile(entry))


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
