"""A PostgreSQL database as one text of SQL, by PostgreSQL's own pg_dump and psql. Only our own tables."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from sqlalchemy import URL, make_url

DATABASE = "database.sql"
_DEBIANS_PROGRAMS = Path("/usr/lib/postgresql")
_LOCK_SECONDS = 10
_PASSWORD = "password"  # noqa: S105 the name of libpq's parameter
_OTHER_SECRETS = frozenset({"sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret"})
"""Libpq's parameters that no variable of the environment can carry."""


class ProgramFailed(Exception):
    """pg_dump or psql is missing or failed; the message is its own words."""


def dump(database_url: str, tables: Collection[str], copy: Path) -> None:
    """One state of the tables, in a transaction of its own. Raises ProgramFailed."""
    wanted = [f"--table={name}" for name in sorted(tables)]
    _run(database_url, "pg_dump", ["--no-owner", "--no-privileges", f"--file={copy}", *wanted])


def load(database_url: str, replaced: Collection[str], copy: Path) -> None:
    """Put the copy's tables in place of the `replaced`: all or nothing. Raises ProgramFailed."""
    before = copy.with_name("before.sql")
    drops = (f'DROP TABLE IF EXISTS "{name}" CASCADE;' for name in sorted(replaced))
    before.write_text("\n".join([f"SET lock_timeout = '{_LOCK_SECONDS}s';", *drops, ""]), "utf-8")
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    _run(database_url, "psql", [*options, f"--file={before}", f"--file={copy}"])


def address_without_password(url: URL) -> str:
    """The address, which would otherwise tell everybody who sees it."""
    # `URL.set` takes None for "as it was".
    secret = _OTHER_SECRETS | {_PASSWORD}
    query = {name: value for name, value in url.query.items() if name not in secret}
    return URL.create(
        url.drivername, url.username, host=url.host, port=url.port, database=url.database, query=query
    ).render_as_string()


def _password(url: URL) -> str:
    """Wherever it stands: behind the name, or as libpq's own word among the others."""
    return url.password or _among(url, _PASSWORD)


def _among(url: URL, name: str) -> str:
    value = url.query.get(name, "")
    return value if isinstance(value, str) else value[-1]


def _service(url: URL, folder: Path) -> dict[str, str]:
    """What the environment itself cannot carry stands in a file that it names."""
    secrets = [f"{name}={value}" for name in sorted(_OTHER_SECRETS) if (value := _among(url, name))]
    if not secrets:
        return {}
    file = folder / "service.conf"
    file.write_text("\n".join(["[swapboard]", *secrets, ""]), "utf-8")
    return {"PGSERVICE": "swapboard", "PGSERVICEFILE": str(file)}


def _run(database_url: str, program: str, arguments: Sequence[str]) -> None:
    url = make_url(database_url)
    address = address_without_password(url.set(drivername="postgresql"))
    # In the environment, for everybody sees the arguments of a program.
    secret = {"PGPASSWORD": password} if (password := _password(url)) else {}
    command = [_found(program), *arguments, f"--dbname={address}"]
    # The folder is its owner's only.
    with tempfile.TemporaryDirectory(prefix="swapboard-") as folder:
        environment = {**os.environ, **secret, **_service(url, Path(folder))}
        done = subprocess.run(  # noqa: S603 our own words
            command, env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise ProgramFailed(f"{program}: {' '.join(done.stderr.split()) or 'it said nothing'}")


def _found(program: str) -> str:
    """The program on the path, else the newest that Debian's packages put aside."""
    if on_path := shutil.which(program):
        return on_path
    installed = sorted(_DEBIANS_PROGRAMS.glob(f"*/bin/{program}"), key=_version)
    if not installed:
        raise ProgramFailed(f"{program} is not installed; install PostgreSQL's client programs")
    return str(installed[-1])


def _version(path: Path) -> int:
    name = path.parent.parent.name
    return int(name) if name.isdigit() else 0
