"""One address fetched, from a real server on this machine."""

import gzip
import select
import socket
import tracemalloc
from collections.abc import Iterable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

import httpx
import pytest

from swapboard.sitecheck import fetch
from swapboard.sitecheck.fetch import Fetched, Fetcher, open_fetcher
from swapboard.sitecheck.robots import USER_AGENT
from tests.local_server import answering
from tests.sitecheck.local_site import LocalSite

NAMED = frozenset({"127.0.0.1"})


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with open_fetcher(NAMED) as opened:
        yield opened


def test_a_page(site: LocalSite, fetcher: Fetcher) -> None:
    site.put("/", "<p>ü", X_Cache="HIT")
    fetched = fetcher.get(f"{site.url}/")
    assert (fetched.status, fetched.text, fetched.is_page, fetched.trouble) == (200, "<p>ü", True, None)
    assert fetched.headers["x-cache"] == "HIT"
    assert site.agents == {USER_AGENT}


@pytest.mark.parametrize(
    ("status", "kind", "is_page"), [(404, "text/html", False), (200, "application/pdf", False)]
)
def test_what_is_no_page(site: LocalSite, fetcher: Fetcher, status: int, kind: str, is_page: bool) -> None:
    site.put("/", "x", status, Content_Type=kind)
    assert fetcher.get(f"{site.url}/").is_page is is_page


def test_redirects(site: LocalSite, fetcher: Fetcher) -> None:
    site.put("/a", status=301, Location="/b#part")
    site.put("/b", status=302, Location=f"{site.url}/c")
    site.put("/c", "there")
    fetched = fetcher.get(f"{site.url}/a")
    assert (fetched.url, fetched.text) == (f"{site.url}/c", "there")


def test_a_circle(site: LocalSite, fetcher: Fetcher) -> None:
    site.put("/a", status=301, Location="/b")
    site.put("/b", status=301, Location="/a")
    assert fetcher.get(f"{site.url}/a").trouble == "it redirects in a circle"
    assert site.asked == ["/a", "/b"]


def test_too_many_redirects(site: LocalSite, fetcher: Fetcher) -> None:
    for number in range(9):
        site.put(f"/{number}", status=307, Location=f"/{number + 1}")
    assert fetcher.get(f"{site.url}/0").trouble == "it redirects more than 5 times"
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    "target", ["ftp://127.0.0.1/x", "javascript:alert(1)", "file:///etc/passwd", "http://[", "//"]
)
def test_a_redirect_to_no_web_address(site: LocalSite, fetcher: Fetcher, target: str) -> None:
    site.put("/", status=302, Location=target)
    fetched = fetcher.get(f"{site.url}/")
    assert fetched.status is None
    assert fetched.trouble


def test_a_redirect_into_a_private_network(site: LocalSite, fetcher: Fetcher) -> None:
    site.put("/", status=302, Location=site.url.replace("127.0.0.1", "localhost") + "/secret")
    fetched = fetcher.get(f"{site.url}/")
    assert fetched.trouble == "localhost is in a private network, and you did not name it"
    assert site.asked == ["/"]


def test_each_step_is_asked_about(site: LocalSite, fetcher: Fetcher) -> None:
    site.put("/a", status=301, Location="/secret")
    fetched = fetcher.get(f"{site.url}/a", lambda url: "no" if "secret" in url else None)
    assert (fetched.status, fetched.trouble, site.asked) == (None, "no", ["/a"])


def test_a_long_page_is_cut(site: LocalSite, fetcher: Fetcher) -> None:
    site.put("/", "x" * 5_000)
    fetched = fetcher.get(f"{site.url}/", most_bytes=1_000)
    assert (len(fetched.body), fetched.trouble) == (1_000, "only its first 1,000 bytes were read")


def packed(body: bytes, encoding: str) -> Fetched:
    """What is made of a page that comes packed."""

    def answer(_: httpx.Request) -> httpx.Response:
        headers = {"Content-Encoding": encoding, "Content-Type": "text/html"}
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))

    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        return Fetcher(http, NAMED).get("http://127.0.0.1/", most_bytes=1_000)


def test_a_packed_page_is_read() -> None:
    assert packed(gzip.compress(b"hello"), "gzip").body == b"hello"


def test_a_bomb_is_unpacked_no_further_than_the_limit() -> None:
    bomb = gzip.compress(b"x" * 50_000_000)
    tracemalloc.start()
    fetched = packed(bomb, "gzip")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(fetched.body), fetched.trouble) == (1_000, "only its first 1,000 bytes were read")
    assert peak < 5_000_000


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "deflate", "zstd", "x" * 500])
def test_a_bomb_in_a_bomb_and_what_was_not_asked_for_are_left_packed(encoding: str) -> None:
    fetched = packed(gzip.compress(gzip.compress(b"x" * 1_000_000)), encoding)
    assert fetched.status is None
    assert fetched.trouble == f"it comes packed as {encoding[:40]}, which was not asked for"


def test_what_is_not_packed_as_it_says() -> None:
    assert packed(b"plain", "gzip").trouble == "it says that it comes packed as gzip, and does not"


def test_nobody_answers(fetcher: Fetcher) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        fetched = fetcher.get(f"http://127.0.0.1:{free.getsockname()[1]}/")
    assert fetched.status is None
    assert "cannot be reached" in str(fetched.trouble)


def test_a_server_that_hangs_up(fetcher: Fetcher) -> None:
    def hang_up(_: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("gone")

    with httpx.Client(transport=httpx.MockTransport(hang_up)) as http:
        fetched = Fetcher(http, NAMED).get("http://127.0.0.1/")
    assert fetched == Fetched("http://127.0.0.1/", None, {}, b"", "it cannot be reached (gone)")


def test_a_server_that_does_not_answer_in_time(fetcher: Fetcher) -> None:
    def wait(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow")

    with httpx.Client(transport=httpx.MockTransport(wait)) as http:
        assert "does not answer within" in str(Fetcher(http, NAMED).get("http://127.0.0.1/").trouble)


REBOUND = "rebound.example.com"


class Rebinding:
    """A host's name server that says a public address first, and from then on the loopback's."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, host: str) -> Iterable[str]:
        self.asked += 1
        return ["93.184.215.14"] if self.asked == 1 else ["127.0.0.1"]


def at(site: LocalSite, host: str) -> str:
    return site.url.replace("127.0.0.1", host)


def test_a_host_that_moves_into_the_private_network_once_it_was_looked_at(site: LocalSite) -> None:
    name_server = Rebinding()
    with open_fetcher(NAMED, name_server) as fetcher:
        trouble = str(fetcher.get(f"{at(site, REBOUND)}/secret").trouble)
    assert trouble == f"it cannot be reached ({REBOUND} is in a private network, and you did not name it)"
    assert name_server.asked == 2
    assert site.asked == []


def test_a_redirect_to_a_host_that_moves(site: LocalSite) -> None:
    site.put("/", status=302, Location=f"{at(site, REBOUND)}/secret")
    name_server = Rebinding()

    def resolver(host: str) -> Iterable[str]:
        return name_server(host) if host == REBOUND else ["127.0.0.1"]

    with open_fetcher(NAMED, resolver) as fetcher:
        assert "is in a private network" in str(fetcher.get(f"{site.url}/").trouble)
    assert site.asked == ["/"]


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(site: LocalSite) -> None:
    site.put("/", "here")
    with open_fetcher(frozenset({"nowhere.example.com"}), lambda _: ["127.0.0.1"]) as fetcher:
        assert fetcher.get(f"{at(site, 'nowhere.example.com')}/").text == "here"


def has_hung_up(connection: socket.socket) -> bool:
    """Whether the other side ends the connection within a moment."""
    return bool(select.select([connection], [], [], 0.01)[0])


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-More: x\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x"),
        (b"", b""),
    ],
    ids=["headers", "body", "nothing"],
)
def test_a_server_that_answers_in_drips(monkeypatch: pytest.MonkeyPatch, head: bytes, drop: bytes) -> None:
    """Each comes in time by itself, and there is always one more."""
    monkeypatch.setattr(fetch, "PAGE_SECONDS", 0.3)

    class Dripping(BaseHTTPRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                while self.rfile.readline().strip():
                    pass
                self.wfile.write(head)
                while not has_hung_up(self.connection):
                    self.wfile.write(drop)

    with answering(Dripping) as server, open_fetcher(NAMED) as fetcher:
        fetched = fetcher.get(f"http://127.0.0.1:{server.server_port}/")
    assert (fetched.status, fetched.trouble) == (None, "it takes longer than 20 seconds")
