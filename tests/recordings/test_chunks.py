"""Encrypted files: any part of them, and nothing that was changed."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swapboard.recordings.chunks import CHUNK_BYTES, Damaged, content_bytes, new_key, read_chunks, write_chunks

KEY = bytes(range(32))
SIZES = st.sampled_from([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 200_001])


def _content(size: int) -> bytes:
    return bytes(at * 31 % 251 for at in range(size))


@settings(max_examples=40)
@given(SIZES, st.integers(0, 250_000), st.integers(0, 250_000))
def test_any_part_is_the_part_of_the_whole(size: int, first: int, length: int) -> None:
    content = _content(size)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a" / "sound"
        write_chunks(path, KEY, content)

        assert content_bytes(path) == size
        assert b"".join(read_chunks(path, KEY)) == content
        if first < size:
            assert b"".join(read_chunks(path, KEY, first, first + length)) == content[first : first + length + 1]
        assert path.stat().st_mode & 0o077 == 0


def test_what_a_full_disk_does_not_take_leaves_the_room_that_there_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("swapboard.recordings.chunks.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_chunks(tmp_path / "company" / "sound.sbc", KEY, _content(CHUNK_BYTES))
    assert list((tmp_path / "company").iterdir()) == []


def test_the_content_cannot_be_read_without_its_key(tmp_path: Path) -> None:
    path = tmp_path / "sound"
    write_chunks(path, KEY, b"my card is 4111111111111111")

    assert b"4111" not in path.read_bytes()
    with pytest.raises(Damaged):
        list(read_chunks(path, new_key()))


@pytest.mark.parametrize("at", [3, 12, 40, CHUNK_BYTES + 60])
def test_one_changed_byte_is_noticed(tmp_path: Path, at: int) -> None:
    path = tmp_path / "sound"
    write_chunks(path, KEY, _content(2 * CHUNK_BYTES))
    changed = bytearray(path.read_bytes())
    changed[at] ^= 1
    path.write_bytes(changed)

    with pytest.raises(Damaged):
        list(read_chunks(path, KEY))


def test_a_file_that_lost_its_end_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "sound"
    write_chunks(path, KEY, _content(2 * CHUNK_BYTES))
    path.write_bytes(path.read_bytes()[: 16 + CHUNK_BYTES + 16])

    with pytest.raises(Damaged):
        list(read_chunks(path, KEY))
    path.write_bytes(b"SBCHUNK1")
    with pytest.raises(Damaged):
        content_bytes(path)
