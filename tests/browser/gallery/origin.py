"""A website of its own origin that serves the gallery's pages.

The first part of an address says in which way: `/live/NAME` as the business wrote it, with the tracker;
`/plain/NAME` the same without the tracker; `/as-12125550142-13055550107/NAME` with those numbers in its marks and
without the tracker, which is how the live page must end up.
"""

import mimetypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from tests.browser.gallery.business import Gallery
from tests.browser.gallery.marks import as_written, with_numbers
from tests.browser.gallery.page import HERE, GalleryPage, gallery_pages
from tests.local_server import answering

_TEXT = {".js", ".html", ".css", ".json"}
_FOLDERS = {
    "assets": HERE / "pages" / "assets",
    "built": HERE / "apps" / "dist",
    "npm": HERE / "apps/node_modules",
}
NOTHING = "/nothing.js"
_RENDERED = re.compile("⟦rendered ([a-z-]+)⟧")
_WAITS_FOR_ITS_APP = (
    "<script>window.ready = new Promise((done) => { window.isHydrated = () => { done(); }; });</script>"
)


@contextmanager
def running_origin(gallery: Gallery) -> Iterator[str]:
    """The website, in threads of this process; its address."""
    with answering(partial(_Answers, gallery)) as server:
        yield f"http://127.0.0.1:{server.server_port}"


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, gallery: Gallery, *rest: object) -> None:
        self._gallery = gallery
        super().__init__(*rest)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path in {NOTHING, "/favicon.ico"}:
            return self._answer("text/javascript", b"", {"Cache-Control": "max-age=600"})
        mode, _, name = path.strip("/").partition("/")
        page = gallery_pages().get(name)
        if page:
            body = self._rendered(mode, self._filled(mode, page))
            headers = {name: value.replace("⟦server⟧", self._gallery.url) for name, value in page.headers.items()}
            return self._answer(page.media_type, body, {"Cache-Control": "no-cache"} | headers)
        return self._file(mode, name)

    def _filled(self, mode: str, page: GalleryPage) -> str:
        """The page's source with the tracker's line, and with what the applications' servers would render."""
        source = page.source.replace("⟦script⟧", self._script(mode, page)).replace("⟦apps⟧", _WAITS_FOR_ITS_APP)
        return _RENDERED.sub(lambda mark: (_FOLDERS["built"] / f"rendered/{mark[1]}.html").read_text(), source)

    def _script(self, mode: str, page: GalleryPage) -> str:
        source = self._gallery.script(page.site) if mode == "live" else f"http://{self.headers['Host']}{NOTHING}"
        nonce = ' nonce="gallery"' if "Content-Security-Policy" in page.headers else ""
        kind = ' async=""' if page.is_async else ""
        return f'<script{kind}{nonce} data-gallery="" src="{source}"></script>'

    def _rendered(self, mode: str, source: str) -> bytes:
        if not mode.startswith("as-"):
            return as_written(source).encode()
        return with_numbers(source, ["+" + digits for digits in mode.split("-")[1:]]).encode()

    def _file(self, mode: str, name: str) -> None:
        folder, _, rest = name.partition("/")
        file = _FOLDERS.get(folder, HERE / "nowhere") / rest
        if not file.is_file():
            return self._answer("text/plain", b"Not found", {}, 404)
        body = file.read_bytes()
        if file.suffix in _TEXT and folder != "npm":
            body = self._rendered(mode, body.decode())
        return self._answer(
            mimetypes.guess_type(file.name)[0] or "text/plain", body, {"Cache-Control": "max-age=600"}
        )

    def _answer(self, media_type: str, body: bytes, headers: dict[str, str], status: int = 200) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": media_type, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Requests are looked at in the browser."""
