"""Takes the address that a server listens on before anything else begins, so that a busy one is told at once."""

import errno
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from swapboard.cli.problems import Problem

_NOT_HERE = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


@contextmanager
def listening(host: str, port: int) -> Iterator[list[socket.socket]]:
    """A socket for each of the host's addresses, until the end. Raises Problem that says what to do."""
    with ExitStack() as open_until_then:
        taken: list[socket.socket] = []
        refused: OSError | None = None
        for family, address in _addresses(host, port):
            try:
                taken.append(open_until_then.enter_context(_bound(family, address)))
            except OSError as error:
                refused = error
                if error.errno not in _NOT_HERE:
                    break
        # `localhost` may have an address of a family that this machine does not use: one is enough.
        if refused and (not taken or refused.errno not in _NOT_HERE):
            raise Problem(_refusal(host, port, refused)) from refused
        yield taken


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[object, ...]]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise Problem(_no_such_address(host)) from error
    return list(dict.fromkeys((family, address) for family, _, _, _, address in found))


def _bound(family: socket.AddressFamily, address: tuple[object, ...]) -> socket.socket:
    bound = socket.socket(family)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            # As asyncio does: `::` would take the port of 0.0.0.0 along.
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Stop the program that listens there, or choose another with --port."
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"This user may not listen on port {port}. Choose one above 1023 with --port."
    if error.errno in _NOT_HERE:
        return _no_such_address(host)
    return f"It is not possible to listen on port {port} of {host}: {error.strerror}."


def _no_such_address(host: str) -> str:
    return f"{host!r} is no address of this machine. Write 127.0.0.1 for this machine only, or 0.0.0.0 for all."
