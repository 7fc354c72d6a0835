"""Backups: what comes back is what there was, on both engines, and nothing is lost that nobody gave away."""

import errno
import fcntl
import io
import json
import os
import shutil
import signal
import sqlite3
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from swapboard.accounts.secrets import Vault
from swapboard.cli.app import app
from swapboard.cli.problems import Problem
from swapboard.recordings.shelf import Shelf
from swapboard.settings import Settings
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.migrate import _config, is_current, present_revision
from swapboard.storage.schema import metadata
from swapboard.switchboard.visiting import admit
from swapboard.upkeep.archive import MANIFEST, BadArchive, Manifest, Member, describe, pack, unpack
from swapboard.upkeep.backup import CannotBackUp, back_up
from swapboard.upkeep.database_address import sqlite_file
from swapboard.upkeep.postgresql_programs import ProgramFailed, dump
from swapboard.upkeep.restore import CannotRestore, restore
from tests.building import NOW, ON_SQLITE, a_visit, open_business, rows_of, settings_of
from tests.databases import empty_postgresql

ENVIRONMENT = {
    "SWAPBOARD_DATABASE_URL": "postgresql://swapboard:hush@db.example.com/calls",
    "SWAPBOARD_PUBLIC_URL": "https://calls.example.com",
    "HOME": "/root",
}


@pytest.fixture
def installation(tmp_path: Path, engine: Engine, migrated_url: str) -> Settings:
    """With a business, a visit, a key and an event that waits."""
    settings = settings_of(tmp_path / "data", migrated_url)
    Vault.open(settings.secret_file)
    settings.spool_file.write_text('{"told": 1}\n')
    with writing(engine) as connection:
        business = open_business(connection, numbers=3)
        admit(connection, [a_visit(business)])
    engine.dispose()
    return settings


@pytest.fixture
def archive(tmp_path: Path, installation: Settings) -> Path:
    return back_up(installation, tmp_path / "backup.tar.gz", ENVIRONMENT, NOW).file


def everything(settings: Settings) -> dict[str, Any]:
    """Every row, and the files beside the database."""
    engine = open_engine(settings.database_url)
    rows = {name: rows_of(engine, name) for name in metadata.tables}
    engine.dispose()
    files = {path.name: path.read_bytes() for path in settings.kept_files if path.exists()}
    return {**rows, **files}


def no_room(*_words: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def one_more_visit(settings: Settings) -> None:
    engine = open_engine(settings.database_url)
    with writing(engine) as connection:
        admit(connection, [a_visit(open_business(connection, numbers=1))])
    engine.dispose()


def rewritten(archive: Path, to: Path, changes: Mapping[str, Any], entry: tarfile.TarInfo | None = None) -> Path:
    """The same backup, with another manifest."""
    with tarfile.open(archive) as old, tarfile.open(to, "w:gz") as new:
        for each in old:
            content = old.extractfile(each)
            assert content is not None
            told = content.read()
            if each.name == MANIFEST:
                told = json.dumps(json.loads(told) | changes).encode()
                each.size = len(told)
            new.addfile(each, io.BytesIO(told))
        if entry:
            new.addfile(entry)
    return to


def test_what_comes_back_is_what_there_was(installation: Settings, archive: Path) -> None:
    before = everything(installation)
    one_more_visit(installation)
    installation.spool_file.write_text("another")
    installation.snapshot_file.write_text("of the other database")
    assert everything(installation) != before

    restore(installation, archive, force=True)

    assert everything(installation) == before
    assert installation.secret_file.stat().st_mode & 0o777 == 0o600
    if installation.database_url.startswith("sqlite"):
        assert Path(installation.database_url.removeprefix("sqlite:///")).stat().st_mode & 0o777 == 0o600
    assert [each.name for each in installation.data_dir.iterdir() if each.name.startswith(".")] == []


def test_recordings_come_back_as_they_lie(installation: Settings, tmp_path: Path) -> None:
    shelf = Shelf(installation.recordings_dir, Vault.open(installation.secret_file))
    keys = {name: shelf.keep("co1", name, name.encode() * 50_000) for name in ("first", "second")}
    lying = {path.name: path.read_bytes() for path in installation.recordings_dir.glob("co1/*")}
    (installation.recordings_dir / "co1" / "half.part").write_bytes(b"not finished")
    made = back_up(installation, tmp_path / "with.tar.gz", ENVIRONMENT, NOW)
    assert made.sounds == 2
    shelf.remove("co1", "first")
    shelf.keep("co1", "later", b"of the time after")

    restore(installation, made.file, force=True)

    files = list(installation.recordings_dir.glob("co1/*"))
    assert {path.name: path.read_bytes() for path in files} == lying
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert b"".join(shelf.read("co1", "first", keys["first"])) == b"first" * 50_000


def test_recordings_come_back_to_a_disk_of_their_own(installation: Settings, tmp_path: Path) -> None:
    """Where the folder is a link to one: they lay in a folder within it, and could not be heard any more."""
    disk = tmp_path / "disk"
    disk.mkdir()
    installation.recordings_dir.symlink_to(disk)
    shelf = Shelf(installation.recordings_dir, Vault.open(installation.secret_file))
    key = shelf.keep("co1", "first", b"what was said")
    made = back_up(installation, tmp_path / "with.tar.gz", ENVIRONMENT, NOW)
    shelf.remove("co1", "first")
    shelf.keep("co1", "later", b"of the time after")
    shelf.keep("co2", "later", b"of the time after")

    restore(installation, made.file, force=True)

    assert b"".join(shelf.read("co1", "first", key)) == b"what was said"
    assert installation.recordings_dir.is_symlink()
    [only] = [path for path in disk.rglob("*") if path.is_file()]
    assert only.name.startswith("first-")


def test_without_room_for_the_recordings_nothing_is_changed(
    installation: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk of their own: those that were there were gone, the database replaced, and it said "None"."""
    shelf = Shelf(installation.recordings_dir, Vault.open(installation.secret_file))
    shelf.keep("co1", "first", b"what was said")
    made = back_up(installation, tmp_path / "with.tar.gz", ENVIRONMENT, NOW)
    key = shelf.keep("co1", "later", b"of the time after")
    one_more_visit(installation)
    before = everything(installation)
    monkeypatch.setattr("shutil.move", no_room)

    with pytest.raises(CannotRestore, match=r"recordings: No space left on device\. Nothing was changed"):
        restore(installation, made.file, force=True)

    assert everything(installation) == before
    assert b"".join(shelf.read("co1", "later", key)) == b"of the time after"
    assert [path.name for path in installation.recordings_dir.iterdir()] == ["co1"]


@pytest.mark.parametrize("kind", ["backup", "restore"])
def test_what_was_killed_is_swept_by_the_next(installation: Settings, tmp_path: Path, kind: str) -> None:
    """A night's backup that was killed left a copy of the whole database and the key for good."""
    folder = tmp_path if kind == "backup" else installation.data_dir
    left, fresh, used = (folder / f".swapboard-{kind}-{name}" for name in ("left", "fresh", "used"))
    for each in (left, fresh, used):
        each.mkdir()
        (each / "database.sqlite").touch()
    for each in (left, used):
        os.utime(each, (1, 1))
    held = os.open(used, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)

    made = back_up(installation, tmp_path / "backup.tar.gz", ENVIRONMENT, NOW)
    if kind == "restore":
        restore(installation, made.file, force=True)

    os.close(held)
    assert set(folder.glob(".swapboard-*")) == {fresh, used}


def test_a_backup_without_recordings_leaves_those_that_are_here(
    installation: Settings, archive: Path, tmp_path: Path
) -> None:
    shelf = Shelf(installation.recordings_dir, Vault.open(installation.secret_file))
    key = shelf.keep("co1", "kept", b"what was said")
    restore(installation, rewritten(archive, tmp_path / "old.tar.gz", {"has_sounds": False}), force=True)
    assert b"".join(shelf.read("co1", "kept", key)) == b"what was said"


@pytest.mark.parametrize("place", ["recordings/../secret.key", "recordings/sound.sbc", "recordings/a/b/c"])
def test_no_recording_lands_outside_of_its_folder(
    installation: Settings, archive: Path, tmp_path: Path, place: str
) -> None:
    before = everything(installation)
    bad = rewritten(archive, tmp_path / "bad.tar.gz", {}, tarfile.TarInfo(place))
    with pytest.raises(CannotRestore, match="no backup of Swapboard's, or it is damaged"):
        restore(installation, bad, force=True)
    assert everything(installation) == before


def test_it_comes_back_on_another_machine(
    installation: Settings, archive: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    def come_back(url: str) -> None:
        elsewhere = settings_of(tmp_path / "elsewhere", url)
        restore(elsewhere, archive, force=False)
        assert everything(elsewhere) == everything(installation)

    if installation.database_url.startswith("sqlite"):
        come_back(f"sqlite:///{tmp_path / 'other folder' / 'other.db'}")
    else:
        with empty_postgresql(request.getfixturevalue("postgresql_url")) as url:
            come_back(url)


def test_a_backup_of_an_older_version_is_brought_up_to_date(installation: Settings, tmp_path: Path) -> None:
    engine = open_engine(installation.database_url)
    with _config() as config, writing(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "-1")
    engine.dispose()
    old = back_up(installation, tmp_path / "old.tar.gz", {}, NOW).file
    assert not is_current(installation.database_url)
    # The present schema may have tables that the old one does not: they must not be in its way.
    with _config() as config, writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()

    restore(installation, old, force=True)

    assert is_current(installation.database_url)
    assert len(everything(installation)["sessions"]) == 1


def test_a_newer_versions_database_is_neither_backed_up_in_part_nor_replaced_in_part(
    installation: Settings, archive: Path, tmp_path: Path
) -> None:
    """Of PostgreSQL only the tables that this version knows would be copied, and dropped."""
    before, present = everything(installation), present_revision(installation.database_url)
    tell_revision(installation, "9999")
    if installation.database_url.startswith("sqlite"):
        made = back_up(installation, tmp_path / "newer.tar.gz", {}, NOW)
        assert made.manifest.revision == "9999"
        restore(installation, archive, force=True)
    else:
        with pytest.raises(CannotBackUp, match="made by a newer Swapboard"):
            back_up(installation, tmp_path / "newer.tar.gz", {}, NOW)
        with pytest.raises(CannotRestore, match="name an empty database"):
            restore(installation, archive, force=True)
    # The next test on this PostgreSQL database goes by it.
    tell_revision(installation, present)
    assert everything(installation) == before


def tell_revision(settings: Settings, revision: str | None) -> None:
    engine = open_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": revision})
    engine.dispose()


def test_who_writes_meanwhile_neither_waits_nor_spoils_it(
    installation: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    engine = open_engine(installation.database_url)
    with writing(engine) as connection:
        admit(connection, [a_visit(open_business(connection, numbers=1))])
        made = back_up(installation, tmp_path / "meanwhile.tar.gz", {}, NOW)
    engine.dispose()
    (tmp_path / "taken apart").mkdir()
    unpack(made.file, tmp_path / "taken apart")
    assert len(everything(installation)["sessions"]) == 2

    restore(installation, made.file, force=True)

    assert len(everything(installation)["sessions"]) == 1


def test_the_archive_is_its_owners_only_and_tells_no_password(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "apart").mkdir()
    manifest = unpack(archive, tmp_path / "apart")

    assert archive.stat().st_mode & 0o777 == 0o600
    assert manifest.settings == {
        "SWAPBOARD_DATABASE_URL": "postgresql://swapboard@db.example.com/calls",
        "SWAPBOARD_PUBLIC_URL": "https://calls.example.com",
    }
    assert set(manifest.members) > {"secret.key", "spool.jsonl"}


def test_nothing_is_replaced_without_being_told_to(installation: Settings, archive: Path) -> None:
    one_more_visit(installation)
    before = everything(installation)

    with pytest.raises(CannotRestore, match="--force"):
        restore(installation, archive, force=False)

    assert everything(installation) == before


@ON_SQLITE
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"revision": "9999", "swapboard": "9.1.0"}, "made by Swapboard 9.1.0"),
        ({"format": 2}, "made by Swapboard"),
        ({"engine": "postgresql"}, "is of PostgreSQL, but SWAPBOARD_DATABASE_URL names SQLite"),
        ({"members": {"secret.key": {"size": 44, "sha256": "0" * 64}}}, "secret.key is not what it was"),
        ({"members": {"../outside": {"size": 0, "sha256": ""}}}, "outside of the folder"),
        ({"members": {"link": {"size": 0, "sha256": ""}}}, "link is no file"),
        ({"members": {"missing": {"size": 0, "sha256": ""}}}, "damaged"),
        ({"engine": "oracle"}, "no backup"),
    ],
    ids=["newer", "format", "engine", "hash", "outside", "link", "missing", "senseless"],
)
def test_what_does_not_fit_changes_nothing(
    installation: Settings, archive: Path, tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    link = tarfile.TarInfo("link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    other = rewritten(archive, tmp_path / "other.tar.gz", changes, link)
    before = everything(installation)

    with pytest.raises(CannotRestore, match=says):
        restore(installation, other, force=True)

    assert everything(installation) == before


@ON_SQLITE
@pytest.mark.parametrize("damage", ["cut", "flipped", "text", "empty"])
def test_a_damaged_file_is_told_from_a_backup(archive: Path, tmp_path: Path, damage: str) -> None:
    whole = archive.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 0xFF]) + whole[middle + 1 :]
    damaged = {"cut": whole[:middle], "flipped": flipped, "text": b"{}", "empty": b""}[damage]
    archive.write_bytes(damaged)
    (tmp_path / "apart").mkdir()

    with pytest.raises(BadArchive, match="damaged"):
        unpack(archive, tmp_path / "apart")


def test_wherever_it_is_damaged_it_is_told_so(tmp_path: Path) -> None:
    """What was changed can be what unpacks as something else, and what does not unpack."""
    file, archive = tmp_path / "database.sqlite", tmp_path / "small.tar.gz"
    file.write_text(" ".join(f"{number} {number**5:x}" for number in range(2_000)))
    pack(archive, Manifest(1, "1.0", "", "sqlite", "1", {}, {file.name: describe(file)}), [file])
    whole = archive.read_bytes()
    # Not the very end, which only ends the archive.
    for place in range(12, len(whole) - 400, 197):
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        apart = tmp_path / f"apart{place}"
        apart.mkdir()
        with pytest.raises(BadArchive):
            unpack(archive, apart)


@ON_SQLITE
def test_a_database_in_use_is_left_alone(installation: Settings, archive: Path) -> None:
    before = everything(installation)
    user = open_engine(installation.database_url)
    with user.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM sessions")
        with pytest.raises(CannotRestore, match="stop the server first"):
            restore(installation, archive, force=True)
    user.dispose()

    assert everything(installation) == before


@ON_SQLITE
def test_without_room_for_the_database_the_old_one_stays(
    installation: Settings, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another disk than the data folder: half a copy stayed beside it, and took the last room."""
    database = sqlite_file(installation.database_url)
    before = everything(installation)

    def half(_copy: Path, there: Path) -> None:
        if there.name.endswith(".restored"):
            there.write_text("half")
            no_room()

    monkeypatch.setattr("shutil.move", half)
    with pytest.raises(CannotRestore, match=r"No space left on device\. Nothing was changed"):
        restore(installation, archive, force=True)
    assert everything(installation) == before
    assert [path.name for path in database.parent.glob("*.restored")] == []


@ON_SQLITE
def test_a_damaged_database_is_not_backed_up_but_can_be_replaced(
    installation: Settings, archive: Path, tmp_path: Path
) -> None:
    before = everything(installation)
    database = Path(installation.database_url.removeprefix("sqlite:///"))
    content = bytearray(database.read_bytes())
    content[4096 * 4 : 4096 * 60] = b"\xa5" * (4096 * 56)
    database.write_bytes(content)

    with pytest.raises(CannotBackUp, match=r"damaged|malformed"):
        back_up(installation, tmp_path / "damaged.tar.gz", {}, NOW)
    assert not (tmp_path / "damaged.tar.gz").exists()
    restore(installation, archive, force=True)

    assert everything(installation) == before


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://swapboard:h%40sh@db.example.com:5433/calls?sslmode=require",
        "postgresql+psycopg://swapboard@db.example.com:5433/calls?password=h%40sh&sslmode=require",
    ],
)
def test_postgresqls_programs_get_the_password_where_nobody_sees_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/words\necho "$PGPASSWORD" > {tmp_path}/password\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    dump(url, {"calls"}, tmp_path)

    assert (tmp_path / "password").read_text() == "h@sh\n"
    words = (tmp_path / "words").read_text()
    assert "--dbname=postgresql://swapboard@db.example.com:5433/calls?sslmode=require" in words
    assert "--table=calls" in words


def test_postgresqls_programs_get_the_keys_password_where_nobody_sees_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pg_dump"
    said = 'echo "$@" > words; cat "$PGSERVICEFILE" > service; echo "$PGSERVICE $PGSERVICEFILE" > named'
    program.write_text(f"#!/bin/sh\ncd {tmp_path}\n{said}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    dump("postgresql://swapboard@db.example.com/calls?sslkey=c.key&sslpassword=h%40sh", {"calls"}, tmp_path)

    assert (tmp_path / "service").read_text() == "[swapboard]\nsslpassword=h@sh\n"
    name, file = (tmp_path / "named").read_text().split()
    assert name == "swapboard"
    assert not Path(file).exists()
    words = (tmp_path / "words").read_text()
    assert "sslkey=c.key" in words
    assert "sslpassword" not in words


def test_a_program_that_fails_or_is_missing_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProgramFailed, match=r"pg_dump: .*127\.0\.0\.1"):
        dump("postgresql+psycopg://nobody@127.0.0.1:1/none", {"calls"}, tmp_path / "copy")
    monkeypatch.setattr("swapboard.upkeep.postgresql_programs._DEBIANS_PROGRAMS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProgramFailed, match="pg_dump is not installed"):
        dump("postgresql+psycopg://nobody@127.0.0.1:1/none", {"calls"}, tmp_path / "copy")


@pytest.fixture
def by_command(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    shutil.copy(migrated_sqlite, tmp_path / "data" / "swapboard.db")
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("SWAPBOARD_DATABASE_URL", raising=False)
    return tmp_path


def ran(*words: str) -> str:
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_commands_say_what_they_did(by_command: Path) -> None:
    file = by_command / "b.tar.gz"
    assert "holds everything" in ran("backup", str(file))
    facts = json.loads(ran("backup", str(by_command), "--json"))
    assert Path(facts["file"]).stat().st_size == facts["bytes"]
    assert Path(facts["file"]).parent == by_command
    assert "database.sqlite" in facts["members"]
    assert "Everything is as it was on 20" in ran("restore", str(file), "--force")
    assert set(json.loads(ran("restore", str(file), "--force", "--json"))) == {"made_at", "made_by"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["backup", "{folder}/there.tar.gz"], "exists already. Choose another name, or give --force"),
        (["backup", "{folder}/no/such/folder/b.tar.gz"], "cannot be written"),
        (["restore", "{folder}/nothing.tar.gz"], "No such file"),
        (["restore", "{folder}/there.tar.gz"], "no backup of Swapboard's, or it is damaged"),
    ],
)
def test_the_commands_say_why_they_cannot(by_command: Path, words: list[str], says: str) -> None:
    (by_command / "there.tar.gz").write_text("a text")
    with pytest.raises(Problem, match=says):
        ran(*(word.format(folder=by_command) for word in words))


def test_a_full_disk_is_told_as_what_it_is(by_command: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_words: object) -> None:
        # As a write tells it: without the file's name.
        raise OSError(28, "No space left on device")

    def cannot_read(_url: str) -> None:
        raise OperationalError("", None, sqlite3.OperationalError("disk I/O error"))

    monkeypatch.setattr("swapboard.cli.backup.restore", full)
    with pytest.raises(Problem, match=r"/data cannot be written: No space left on device. Make room there"):
        ran("restore", str(by_command / "b.tar.gz"))
    monkeypatch.setattr("swapboard.upkeep.backup.present_revision", cannot_read)
    with pytest.raises(Problem, match=r"\(disk I/O error\). Make room on its disk"):
        ran("backup", str(by_command / "b.tar.gz"))


def test_there_must_be_something_to_back_up(by_command: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = by_command / "data" / "swapboard.db"
    database.unlink()
    with pytest.raises(Problem, match="There is no database"):
        ran("backup", str(by_command / "b.tar.gz"))
    sqlite3.connect(database).close()
    database.touch()
    with pytest.raises(Problem, match="nothing to back up"):
        ran("backup", str(by_command / "b.tar.gz"))
    monkeypatch.setenv("SWAPBOARD_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Problem, match="does not answer"):
        ran("backup", str(by_command / "b.tar.gz"))


def test_ended_from_outside_it_leaves_no_copy_behind(
    by_command: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a time limit ended left a copy of the whole database beside each backup, which nobody removed."""
    target = tmp_path / "ended" / "backup.tar.gz"
    target.parent.mkdir()
    copied: list[Path] = []

    def ends(path: Path) -> Member:
        copied.extend(path.parent.iterdir())
        os.kill(os.getpid(), signal.SIGTERM)
        return describe(path)

    monkeypatch.setattr("swapboard.upkeep.backup.describe", ends)
    before = signal.signal(signal.SIGTERM, lambda _signal, _frame: None)
    try:
        done = CliRunner().invoke(app, ["backup", str(target)])
    finally:
        after = signal.signal(signal.SIGTERM, before)

    assert copied
    assert done.exit_code == 143
    assert list(target.parent.iterdir()) == []
    assert after is not signal.SIG_DFL
