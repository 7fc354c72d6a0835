"""Fetches one address, with limits of size, time and redirects."""

import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import getproxies

import httpcore
import httpx

from swapboard.outward import Resolve, resolve
from swapboard.sitecheck.address import join, split
from swapboard.sitecheck.decoding import decode
from swapboard.sitecheck.network import Network, refusal
from swapboard.sitecheck.robots import USER_AGENT

MOST_REDIRECTS = 5
PAGE_BYTES = 5_000_000
PAGE_SECONDS = 20.0
_SILENCE_SECONDS = 10.0
_TOO_LONG = f"it takes longer than {PAGE_SECONDS:.0f} seconds"
_SILENT = f"it does not answer within {_SILENCE_SECONDS:.0f} seconds"
_GZIP = 16
"""zlib's flag for gzip's own head and tail (Python's manual, `zlib.decompress`)."""

MayFetch = Callable[[str], str | None]
"""Why an address must not be fetched, or None."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, or why there is none."""

    url: str
    """Where it came from in the end."""
    status: int | None
    headers: Mapping[str, str]
    """By name in lower case; repeated ones are joined by commas."""
    body: bytes
    trouble: str | None = None
    """Why there is no answer, or less than all of it."""

    @property
    def text(self) -> str:
        return decode(self.body, self.headers.get("content-type", ""))

    @property
    def is_page(self) -> bool:
        """Whether it is HTML that a visitor gets to see."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return self.status == httpx.codes.OK and kind in {"text/html", "application/xhtml+xml"}


class Fetcher:
    """Asks for addresses, one at a time."""

    def __init__(
        self,
        http: httpx.Client,
        named_hosts: frozenset[str],
        resolver: Resolve = resolve,
        network: Network | None = None,
    ) -> None:
        self._http = http
        self._named_hosts = named_hosts
        self._resolver = resolver
        self._network = network

    def get(self, url: str, may_fetch: MayFetch = lambda _: None, most_bytes: int = PAGE_BYTES) -> Fetched:
        """The answer after at most five redirects, each of which is asked about first. Raises nothing."""
        visited: list[str] = []
        while True:
            refused = may_fetch(url) or self._refusal(url)
            if refused:
                return _nothing(url, refused)
            answer = self._ask(url, most_bytes)
            target = answer.headers.get("location")
            if answer.status is None or not httpx.codes.is_redirect(answer.status) or not target:
                return answer
            visited.append(url)
            url = join(url, target).partition("#")[0]
            if url in visited:
                return _nothing(url, "it redirects in a circle")
            if len(visited) > MOST_REDIRECTS:
                return _nothing(url, f"it redirects more than {MOST_REDIRECTS} times")

    def _refusal(self, url: str) -> str | None:
        parts = split(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return "it is no web address"
        return refusal(parts.hostname, self._named_hosts, self._resolver)

    def _ask(self, url: str, most_bytes: int) -> Fetched:
        body = bytearray()
        until = time.monotonic() + PAGE_SECONDS
        if self._network:
            self._network.begin(PAGE_SECONDS)
        try:
            with self._http.stream("GET", url) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                for chunk in _unpacked(answer, most_bytes + 1):
                    body += chunk
                    if len(body) > most_bytes:
                        trouble = f"only its first {most_bytes:,} bytes were read"
                        return Fetched(url, answer.status_code, headers, bytes(body[:most_bytes]), trouble)
                    if time.monotonic() > until:
                        return _nothing(url, _TOO_LONG)
                return Fetched(url, answer.status_code, headers, bytes(body))
        except httpx.TimeoutException:
            return _nothing(url, _TOO_LONG if time.monotonic() > until else _SILENT)
        except _Unreadable as error:
            return _nothing(url, str(error))
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            return _nothing(url, f"it cannot be reached ({str(error) or type(error).__name__})")


class _Unreadable(Exception):
    """A body that came packed in a way that we neither asked for nor unpack."""


def _unpacked(answer: httpx.Response, most_bytes: int) -> Iterator[bytes]:
    """The body in pieces of at most `most_bytes` bytes, however few bytes it is packed in.

    httpx would unpack each piece whole, and as often over as the server says. Raises _Unreadable.
    """
    packing = answer.headers.get("content-encoding", "").strip().lower()
    if packing in {"", "identity"}:
        yield from answer.iter_raw()
        return
    if packing not in {"gzip", "x-gzip"}:
        raise _Unreadable(f"it comes packed as {packing[:40]}, which was not asked for")
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | _GZIP)
    try:
        for chunk in answer.iter_raw():
            yield unpacking.decompress(chunk, most_bytes)
    except zlib.error as error:
        raise _Unreadable("it says that it comes packed as gzip, and does not") from error


@contextmanager
def open_fetcher(named_hosts: frozenset[str], resolver: Resolve = resolve) -> Iterator[Fetcher]:
    """A fetcher that connects to no other address than the one it looked at."""
    network = Network(named_hosts, resolver)
    # Where the system says that a proxy is to be used, it is the proxy that looks hosts up.
    with open_http(None if getproxies() else _Transport(network)) as http:
        yield Fetcher(http, named_hosts, resolver, network)


class _Transport(httpx.HTTPTransport):
    """httpx's own, over our network: httpx has no argument for that."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._pool = httpcore.ConnectionPool(ssl_context=httpx.create_ssl_context(), network_backend=network)


def open_http(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """A client that says who it is. Redirects are followed by `Fetcher`, which asks about each first."""
    return httpx.Client(
        transport=transport,
        headers={
            "User-Agent": USER_AGENT,
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip",
        },
        timeout=_SILENCE_SECONDS,
        follow_redirects=False,
    )


def _nothing(url: str, trouble: str) -> Fetched:
    return Fetched(url, None, {}, b"", trouble)
