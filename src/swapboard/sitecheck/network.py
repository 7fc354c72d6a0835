"""Which machines the check may talk to: nobody's private network, unless the user named it."""

import ipaddress
import socket
from collections.abc import Callable, Iterable

Resolve = Callable[[str], Iterable[str]]
"""A host's addresses. Raises OSError."""


def resolve(host: str) -> Iterable[str]:
    """A host's addresses, by the system. Raises OSError."""
    return {str(found[4][0]) for found in socket.getaddrinfo(host, None)}


def refusal(host: str, named_hosts: frozenset[str], resolver: Resolve = resolve) -> str | None:
    """Why a host is not asked, or None. What the user named is asked wherever it is."""
    if host in named_hosts:
        return None
    try:
        addresses = [ipaddress.ip_address(each.partition("%")[0]) for each in resolver(host)]
    except (OSError, ValueError, UnicodeError):
        return f"{host} has no address"
    if not addresses or not all(_is_public(each) for each in addresses):
        return f"{host} is in a private network, and you did not name it"
    return None


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_global) and not mapped.is_multicast
