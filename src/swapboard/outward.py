"""Asks other machines for a company, whose people typed in where they are.

With `SWAPBOARD_PRIVATE_ADDRESSES=0` none in a private network: a server of others' companies would else ask what
stands beside it, and tell them the answer.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

import httpcore
import httpx

from swapboard.trust import authorities

Resolve = Callable[[str], Iterable[str]]
"""A host's addresses. Raises OSError."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""RFC 6052, section 2.1."""
_OPEN_IPV6 = ipaddress.IPv6Network("2000::/3")
"""RFC 4291, section 2.4, and what IANA gave out of it; beside it are other ways to write an IPv4 address."""

_ASKED_FOR = ("gzip", "deflate")
_ACCEPTED = {"Accept-Encoding": ", ".join(_ASKED_FOR)}
_UNPACKED_BY_HTTPX = frozenset({*_ASKED_FOR, "br", "zstd"})
"""Whatever else stands there, such as `utf-8`, it leaves as it is."""


def open_http(timeout_seconds: float, *, private_addresses: bool, connections: int = 10) -> httpx.Client:
    """A client that follows no redirects: what goes out, secrets too, is meant for its address only."""
    limits = httpx.Limits(max_connections=connections)
    return httpx.Client(
        timeout=timeout_seconds,
        limits=limits,
        verify=authorities(),
        headers=_ACCEPTED,
        transport=None if private_addresses else _Public(limits),
        event_hooks={"response": [_packed_little]},
    )


def open_async_http(
    timeout_seconds: float, *, private_addresses: bool, follow_redirects: bool
) -> httpx.AsyncClient:
    """The same for what waits beside calls; each redirect is looked at as the first address is."""

    async def packed_little(answer: httpx.Response) -> None:
        _packed_little(answer)

    return httpx.AsyncClient(
        timeout=timeout_seconds,
        follow_redirects=follow_redirects,
        verify=authorities(),
        headers=_ACCEPTED,
        transport=None if private_addresses else _PublicAsync(),
        event_hooks={"response": [packed_little]},
    )


def _packed_little(answer: httpx.Response) -> None:
    """Raises httpx.DecodingError for an answer that is packed again and again, or as nobody was asked to.

    httpx unpacks each piece that comes whole, and whoever counts the bytes comes too late: by gzip it becomes a
    thousand times as large at most, twice a million times, and by Brotli once as well.
    """
    packings = answer.headers.get_list("content-encoding", split_commas=True)
    unpacked = [each.lower() for each in packings if each.lower() in _UNPACKED_BY_HTTPX]
    if len(unpacked) > 1:
        raise httpx.DecodingError("the answer is packed more than once", request=answer.request)
    if not all(each in _ASKED_FOR for each in unpacked):
        raise httpx.DecodingError("the answer is packed in a way that was not asked for", request=answer.request)


def resolve(host: str) -> Iterable[str]:
    """A host's addresses, by the system. Raises OSError."""
    return {str(found[4][0]) for found in socket.getaddrinfo(host, None)}


def in_order(host: str, resolver: Resolve = resolve) -> Sequence[str]:
    """A host's addresses, IPv4 first; none when it has none."""
    try:
        return sorted(resolver(host), key=lambda address: (":" in address, address))
    except (OSError, UnicodeError):
        return ()


def are_public(addresses: Iterable[str]) -> bool:
    """Whether all of them are in the open network. Raises ValueError for what is no address."""
    return all(_is_public(ipaddress.ip_address(each.partition("%")[0])) for each in addresses)


def is_in_private_network(host: str, resolver: Resolve = resolve) -> bool:
    """Whether a host has an address there; a host that has none is nowhere."""
    return not are_public(in_order(host, resolver))


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    leads_to = _meant(address) if isinstance(address, ipaddress.IPv6Address) else address
    is_open = leads_to.version == 4 or leads_to in _OPEN_IPV6
    return is_open and leads_to.is_global and not leads_to.is_multicast


def _meant(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address that a gateway of the network makes of it, where it is such a one."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def public_addresses(host: str, resolver: Resolve = resolve) -> Sequence[str]:
    """Where a host may be asked. Raises httpcore.ConnectError."""
    found = in_order(host, resolver)
    if not are_public(found):
        raise httpcore.ConnectError(f"{host} is in a private network, which this server does not ask")
    if not found:
        raise httpcore.ConnectError(f"{host} has no address")
    return found


class PublicOnly(httpcore.SyncBackend):
    """Connects to no private address.

    A host is looked up once for each connection: one that has another address the second time it is asked (DNS
    rebinding) would be looked up as public, and connected to as private.
    """

    def __init__(self, resolver: Resolve = resolve) -> None:
        self._resolver = resolver

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        *others, last = public_addresses(host, self._resolver)
        for address in others:
            with suppress(httpcore.ConnectError):
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
        return super().connect_tcp(last, port, timeout, local_address, socket_options)


class PublicOnlyAsync(httpcore.AnyIOBackend):
    """The same for what waits beside calls."""

    def __init__(self, resolver: Resolve = resolve) -> None:
        self._resolver = resolver

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        *others, last = await asyncio.to_thread(public_addresses, host, self._resolver)
        for address in others:
            with suppress(httpcore.ConnectError):
                return await super().connect_tcp(address, port, timeout, local_address, socket_options)
        return await super().connect_tcp(last, port, timeout, local_address, socket_options)


class _Public(httpx.HTTPTransport):
    """httpx's own, over our network: httpx has no argument for that."""

    def __init__(self, limits: httpx.Limits) -> None:
        super().__init__(verify=authorities())
        self._pool = httpcore.ConnectionPool(
            ssl_context=authorities(),
            max_connections=limits.max_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=PublicOnly(),
        )


class _PublicAsync(httpx.AsyncHTTPTransport):
    def __init__(self) -> None:
        super().__init__(verify=authorities())
        self._pool = httpcore.AsyncConnectionPool(ssl_context=authorities(), network_backend=PublicOnlyAsync())
