"""A Chromium that nobody steers: where DevTools look on, it prepares no pages. Firefox never does."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from queue import Queue
from urllib.parse import unquote

from tests.local_server import answering
from tests.patience import HANGS_AFTER_SECONDS

_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run")


@contextmanager
def left_alone(profile: Path, url: str) -> Iterator[None]:
    """A browser that shows a page, which does the rest by itself."""
    process = subprocess.Popen(
        ["/usr/bin/chromium", *_OPTIONS, f"--user-data-dir={profile}", url],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(HANGS_AFTER_SECONDS)


@contextmanager
def told(count: Callable[[], int]) -> Iterator[tuple[str, "Queue[tuple[str, int]]"]]:
    """An address, and what pages tell it (`?words`), each with the count at that time: the page waits for it."""
    heard: Queue[tuple[str, int]] = Queue()

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.put((unquote(self.path.partition("?")[2]), count()))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """What is told is in the queue."""

    with answering(Ear) as server:
        yield f"http://127.0.0.1:{server.server_port}/", heard
