"""A real WordPress with web server, page cache, PHP and MariaDB: Debian's packages, in a folder of their own.

Nothing runs as root, listens beyond loopback or outlives the `with`.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.wordpress.nginx import nginx_configuration
from tests.patience import HANGS_AFTER_SECONDS

WORDPRESS = Path(os.environ.get("SWAPBOARD_TEST_WORDPRESS", "/usr/share/wordpress"))
"""Debian's, or the folder of a newer one."""
DATABASE = "wordpress"
# Without a network WordPress would wait for wordpress.org on every page of the back office.
_OFFLINE = """<?php
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
define( 'DISABLE_WP_CRON', true );
add_filter( 'pre_wp_mail', '__return_false' );
"""
_PHP_INI = {
    "display_errors": "0",
    "log_errors": "1",
    "error_reporting": "32767",
    "upload_max_filesize": "8M",
    "memory_limit": "256M",
    "opcache.enable": "1",
    "opcache.revalidate_freq": "0",
}


@dataclass(frozen=True, slots=True)
class Stack:
    """Where the running WordPress is, and what it left behind."""

    url: str
    home: Path

    @property
    def socket(self) -> Path:
        return self.home / "db.sock"

    @property
    def site(self) -> Path:
        return self.home / "site"

    def php_errors(self) -> str:
        """What PHP complained of until now, down to deprecations."""
        log = self.home / "php.log"
        return log.read_text() if log.exists() else ""

    def empty_page_cache(self) -> None:
        """As an owner does after a change."""
        for kept in (self.home / "cache").rglob("*"):
            if kept.is_file():
                kept.unlink()

    def rows(self, query: str) -> list[list[str]]:
        """Rows of WordPress's own database."""
        said = _run([*_client(self.home), "--batch", "--skip-column-names", DATABASE, "-e", query], self.home)
        return [line.split("\t") for line in said.splitlines()]


@contextmanager
def running_wordpress() -> Iterator[Stack]:
    """WordPress before its installation: its first page asks for the language or the database."""
    home = Path(tempfile.mkdtemp(prefix="swapboard-wp-"))
    port = _free_port()
    try:
        _lay_out(home, port)
        with ExitStack() as open_programs:
            open_programs.enter_context(_mariadb(home))
            open_programs.enter_context(_php(home))
            open_programs.enter_context(_nginx(home, port))
            yield Stack(f"http://127.0.0.1:{port}", home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _lay_out(home: Path, port: int) -> None:
    if os.geteuid() == 0:
        shutil.chown(home, "nobody")
    for folder in ("site", "tmp", "cache"):
        _run(["mkdir", folder], home)
    # Copied with the packages' links followed: PHP would take a link's target for the site's own folder.
    _run(["cp", "-rL", f"{WORDPRESS}/.", "site"], home)
    _run(["rm", "-f", "site/wp-config.php", "site/.htaccess"], home)
    _run(["mkdir", "-p", "site/wp-content/mu-plugins", "site/wp-content/uploads"], home)
    (home / "site/wp-content/mu-plugins/offline.php").write_text(_OFFLINE)
    (home / "nginx.conf").write_text(nginx_configuration(home, port))


@contextmanager
def _mariadb(home: Path) -> Iterator[None]:
    own = ["--no-defaults", f"--datadir={home}/db", "--skip-name-resolve"]
    quick = ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M"]
    _run(["mariadb-install-db", *own, "--auth-root-authentication-method=normal", "--skip-test-db"], home)
    doors = [f"--socket={home}/db.sock", "--skip-networking", f"--pid-file={home}/db.pid"]
    with _program(["mariadbd", *own, *quick, *doors], home, "db.log"):
        _wait_for(lambda: _answers(home / "db.sock"), "MariaDB", home / "db.log")
        grant = f"GRANT ALL ON {DATABASE}.* TO 'wordpress'@'localhost' IDENTIFIED BY 'wordpress'"
        _run([*_client(home), "-e", f"CREATE DATABASE {DATABASE}; {grant}"], home)
        yield


@contextmanager
def _php(home: Path) -> Iterator[None]:
    settings = {**_PHP_INI, "error_log": f"{home}/php.log", "upload_tmp_dir": f"{home}/tmp"}
    options = [word for name, value in settings.items() for word in ("-d", f"{name}={value}")]
    with _program(["php-cgi", "-b", f"{home}/php.sock", *options], home, "php-cgi.log", PHP_FCGI_CHILDREN="4"):
        _wait_for(lambda: _answers(home / "php.sock"), "PHP", home / "php-cgi.log")
        yield


@contextmanager
def _nginx(home: Path, port: int) -> Iterator[None]:
    log = home / "nginx.log"
    with _program(["nginx", "-p", str(home), "-e", str(log), "-c", str(home / "nginx.conf")], home, "nginx.out"):
        _wait_for(lambda: _answers(("127.0.0.1", port)), "nginx", log)
        yield


@contextmanager
def _program(command: Sequence[str], home: Path, log: str, **environment: str) -> Iterator[None]:
    with (home / log).open("wb") as output:
        process = subprocess.Popen(
            _unprivileged(command), cwd=home, stdout=output, stderr=output, env={**_environment(), **environment}
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(HANGS_AFTER_SECONDS)


def _run(command: Sequence[str], home: Path) -> str:
    done = subprocess.run(
        _unprivileged(command), cwd=home, capture_output=True, text=True, check=False, env=_environment()
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")
    return done.stdout


def _unprivileged(command: Sequence[str]) -> list[str]:
    # setpriv becomes the program itself, so that ending it ends the program.
    as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]
    return [*(as_nobody if os.geteuid() == 0 else []), *command]


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}


def _client(home: Path) -> list[str]:
    return ["mariadb", "--no-defaults", f"--socket={home}/db.sock", "--user=root"]


def _answers(address: Path | tuple[str, int]) -> bool:
    family = socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX
    with socket.socket(family) as probe:
        return probe.connect_ex(address if isinstance(address, tuple) else str(address)) == 0


def _wait_for(is_ready: Callable[[], bool], name: str, log: Path) -> None:
    deadline = time.monotonic() + HANGS_AFTER_SECONDS
    while not is_ready():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{name} does not answer: {log.read_text() if log.exists() else 'no log'}")
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
