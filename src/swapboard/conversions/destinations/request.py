"""What goes out to a platform, and what comes back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import quote, quote_plus

from pydantic_core import to_json


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request, exactly as it goes out."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Texts in it that nobody is to be shown."""


HIDDEN = "•••"


def shown(request: Request) -> Request:
    """The request as people may see it: without its secrets."""
    headers = {name: without(request.secrets, value) for name, value in request.headers.items()}
    body = without(request.secrets, request.body.decode(errors="replace")).encode()
    return Request(request.method, without(request.secrets, request.url), headers, body)


def without(secrets: Iterable[str], text: str) -> str:
    """The text as people may see it."""
    for secret in filter(None, secrets):
        # As addresses, forms and JSON write it, too.
        for written in (secret, quote(secret, safe=""), quote_plus(secret), to_json(secret)[1:-1].decode()):
            text = text.replace(written, HIDDEN)
    return text


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


class Unreached(Exception):
    """No answer came: no connection, a time-out; the message is for people."""


Post: TypeAlias = Callable[[Request], Answer]
"""Sends a request and gives the answer. Raises Unreached."""
