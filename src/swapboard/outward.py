"""Asks other machines for a company, whose people typed in where they are.

With `SWAPBOARD_PRIVATE_ADDRESSES=0` none in a private network: a server of others' companies would else ask what
stands beside it, and tell them the answer.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence

import httpcore
import httpx

from swapboard.trust import authorities

Resolve = Callable[[str], Iterable[str]]
"""A host's addresses. Raises OSError."""


def open_http(timeout_seconds: float, *, private_addresses: bool, connections: int = 10) -> httpx.Client:
    """A client that follows no redirects: what goes out, secrets too, is meant for its address only."""
    limits = httpx.Limits(max_connections=connections)
    if private_addresses:
        return httpx.Client(timeout=timeout_seconds, limits=limits, verify=authorities())
    return httpx.Client(timeout=timeout_seconds, transport=_Public(connections))


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


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_global) and not mapped.is_multicast


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
        found = in_order(host, self._resolver)
        if not are_public(found):
            raise httpcore.ConnectError(f"{host} is in a private network, which this server does not ask")
        trouble = httpcore.ConnectError(f"{host} has no address")
        for address in found:
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                trouble = error
        raise trouble


class _Public(httpx.HTTPTransport):
    """httpx's own, over our network: httpx has no argument for that."""

    def __init__(self, connections: int) -> None:
        super().__init__(verify=authorities())
        self._pool = httpcore.ConnectionPool(
            ssl_context=authorities(), max_connections=connections, network_backend=PublicOnly()
        )
