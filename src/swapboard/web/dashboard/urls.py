"""Addresses of pages, for reading and following."""

import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from swapboard.web.dashboard.words import brief

_BREAKS = re.compile(r"(?<=[/.])(?=.)")


def web_link(url: str | None) -> str | None:
    """The address if a browser may follow it; None for `javascript:` and whatever else is no web page."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def page_name(url: str) -> str:
    """A page's address without scheme and query, for reading."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return brief(url)
    return brief(f"{parts.netloc}{parts.path}".rstrip("/") or url)


def address(text: str) -> Markup:
    """`www.example.com/offer`, which ends a line after a point or a slash, not within a word."""
    return Markup("<wbr>").join(_BREAKS.split(text)) if "/" in text else escape(text)
