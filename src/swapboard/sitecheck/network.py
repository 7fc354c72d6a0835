"""Which machines the check may talk to, and for how long: nobody's private network, unless the user named it."""

import time
from collections.abc import Callable, Iterable, Sequence
from ssl import SSLContext

import httpcore

from swapboard.outward import Resolve, are_public, in_order, resolve

Clock = Callable[[], float]
_Options = Iterable[httpcore.SOCKET_OPTION]


def refusal(host: str, named_hosts: frozenset[str], resolver: Resolve = resolve) -> str | None:
    """Why a host is not asked, or None. What the user named is asked wherever it is."""
    if host in named_hosts:
        return None
    try:
        addresses = in_order(host, resolver)
        is_public = are_public(addresses)
    except ValueError:
        return f"{host} has no address"
    if not addresses:
        return f"{host} has no address"
    if not is_public:
        return f"{host} is in a private network, and you did not name it"
    return None


class Network(httpcore.NetworkBackend):
    """Connects where `refusal` allows, and ends what takes too long.

    A host is looked up once for each connection: one that has another address the second time it is asked (DNS
    rebinding) would be looked up as public, and connected to as private.
    """

    def __init__(
        self, named_hosts: frozenset[str], resolver: Resolve = resolve, clock: Clock = time.monotonic
    ) -> None:
        self._named_hosts = named_hosts
        self._resolver = resolver
        self._clock = clock
        self._system = httpcore.SyncBackend()
        self._until = 0.0

    def begin(self, seconds: float) -> None:
        """From now on, all that is waited for together may take so long."""
        self._until = self._clock() + seconds

    def left(self, wanted: float | None) -> float:
        """How long one more wait may take, in seconds. Raises httpcore.ReadTimeout when time is up."""
        left = self._until - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout("time is up")
        return left if wanted is None else min(left, wanted)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: _Options | None = None,
    ) -> httpcore.NetworkStream:
        trouble: httpcore.ConnectError | None = None
        for address in self._addresses(host):
            try:
                connected = self._system.connect_tcp(
                    address, port, self.left(timeout), local_address, socket_options
                )
            except httpcore.ConnectError as error:
                trouble = error
            else:
                return _Stream(connected, self)
        raise trouble or httpcore.ConnectError(f"{host} has no address")

    def _addresses(self, host: str) -> Sequence[str]:
        """Where a host is, IPv4 first. Raises httpcore.ConnectError."""
        found = in_order(host, self._resolver)
        if refused := refusal(host, self._named_hosts, lambda _: found):
            raise httpcore.ConnectError(refused)
        return found


class _Stream(httpcore.NetworkStream):
    """A connection whose waits end when the time is up, even if a little comes again and again."""

    def __init__(self, inner: httpcore.NetworkStream, network: Network) -> None:
        self._inner = inner
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._network.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._network.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(
            self._inner.start_tls(ssl_context, server_hostname, self._network.left(timeout)), self._network
        )

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)
