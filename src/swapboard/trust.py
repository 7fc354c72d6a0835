"""Whom this machine trusts at the other end of an encrypted connection."""

import ssl
from functools import cache

import httpx


@cache
def authorities() -> ssl.SSLContext:
    """The authorities that httpx knows, read once: reading them for each client takes 30 ms of a core."""
    return httpx.create_ssl_context()
