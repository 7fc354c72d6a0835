"""Hosts: one spelling for each, and which of them belong together."""

import re
from collections.abc import Collection
from functools import cache, lru_cache
from ipaddress import IPv6Address

from publicsuffixlist import PublicSuffixList

LONGEST_HOST = 253  # RFC 1035 §2.3.4, less the root's dot and length octets
_LONGEST_AUTHORITY = 400  # a host with port and user; what is longer is no address, and must not fill a cache

_AMP_CACHE = ".cdn.ampproject.org"

_WEB = re.compile(r"(?:https?:)?[\\/]{2}([^/\\?#]*)", re.IGNORECASE)
_ANDROID = re.compile(r"android-app:/*([^/?#]*)", re.IGNORECASE)
_BARE = re.compile(r"(?:[^\W_][\w-]*\.)+[^\W\d_][\w-]+(?=[/?#:]|\Z)")
_LABELS = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")


def host_of(url: str) -> str:
    """The host of a web address, of an android-app: address (its package) or of a bare `example.com/x`.

    In lower case and ASCII (IDNA), without user, port and trailing dot; "" where there is none.
    """
    url = url.lstrip()
    found = _WEB.match(url) or _ANDROID.match(url) or _BARE.match(url)
    if not found:
        return ""
    authority = found[found.lastindex or 0]
    return _spelled(authority) if len(authority) <= _LONGEST_AUTHORITY else ""


def publisher_of(host: str) -> str:
    """Whose page an AMP cache shows: `my-site.example.com` for `my--site-example-com.cdn.ampproject.org`.

    Every other host is its own; https://amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/
    """
    label = host.removesuffix(_AMP_CACHE)
    if label == host or "." in label:
        return host
    if label.startswith("0-") and label.endswith("-0"):
        label = label[2:-2]
    publisher = "-".join(part.replace("-", ".") for part in label.split("--"))
    return publisher if "." in publisher and is_public(publisher) else host


def is_within(host: str, domain: str) -> bool:
    """Whether the host is the domain or lies beneath it: `m.example.com`, never `not-example.com`."""
    return host == domain or host.endswith("." + domain)


def is_same_site(one: str, other: str) -> bool:
    """Whether two hosts have one registrable domain, by the Public Suffix List (https://publicsuffix.org)."""
    if one == other:
        return True
    registrable = registrable_domain(one)
    return registrable is not None and registrable == registrable_domain(other)


def is_any_of(host: str, owned: Collection[str]) -> bool:
    """Whether the host is one of these or beneath one; they may be hosts (`www.example.com`) or URLs."""
    return any(is_within(host, _owned(own)) for own in owned)


def is_public(host: str) -> bool:
    """Whether the host ends in a suffix of the Public Suffix List: `example.com`, not `index.html`."""
    return host != "" and _public_suffixes().publicsuffix(host, accept_unknown=False) is not None


@lru_cache(maxsize=8192)
def _spelled(authority: str) -> str:
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        return _ipv6(host)
    host = host.partition(":")[0].rstrip(".").lower()
    if len(host) > LONGEST_HOST:
        return ""
    if not host.isascii():
        host = _ascii(host)
    return host if _LABELS.fullmatch(host) else ""


def _ipv6(literal: str) -> str:
    try:
        return f"[{IPv6Address(literal[1:].partition(']')[0]).compressed}]"
    except ValueError:
        return ""


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


@lru_cache(maxsize=1024)
def _owned(text: str) -> str:
    host = host_of(text) or _spelled(text.partition("/")[0][:_LONGEST_AUTHORITY].removeprefix("*."))
    return host.removeprefix("www.") or "."


@lru_cache(maxsize=8192)
def registrable_domain(host: str) -> str | None:
    """`example.co.uk` for `shop.example.co.uk`; None for addresses, suffixes and hosts of one label."""
    if host.endswith("]") or host.rpartition(".")[2].isdigit():
        return None
    return _public_suffixes().privatesuffix(host)


@cache
def _public_suffixes() -> PublicSuffixList:
    """Read on first use: it takes 70 ms, which a command line should not wait for."""
    return PublicSuffixList()
