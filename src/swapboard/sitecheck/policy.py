"""Content Security Policy: whether it lets the script in, and lets it talk to its server.

By CSP Level 3 (https://www.w3.org/TR/CSP3/), sections 2.2 (parsing), 6.7.1 (script checks) and 6.7.2 (matching).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote

from swapboard.sitecheck.address import split

Directives = Mapping[str, tuple[str, ...]]

_SCHEME_SOURCE = re.compile(r"^([a-z][a-z0-9+.-]*):$", re.IGNORECASE)
_HOST_SOURCE = re.compile(
    r"^(?:([a-z][a-z0-9+.-]*)://)?(\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::(\d+|\*))?(/.*)?$",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
# What a scheme may be upgraded to and still match (6.7.2.9).
_UPGRADES = {"http": {"http", "https"}, "ws": {"ws", "wss", "http", "https"}, "wss": {"wss", "https"}}
_IGNORED_IN_META = frozenset({"report-uri", "frame-ancestors", "sandbox"})
_SCRIPT = ("script-src-elem", "script-src", "default-src")
_CONNECT = ("connect-src", "default-src")


@dataclass(frozen=True, slots=True)
class Load:
    """A script that a page asks for."""

    url: str
    nonce: str = ""
    integrity: str = ""
    is_parser_inserted: bool = True
    """False for one that another script adds, as a tag manager does."""


@dataclass(frozen=True, slots=True)
class Block:
    """What a policy forbids, and by which directive."""

    directive: str
    sources: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((self.directive, *self.sources))


def parse_header(value: str) -> list[Directives]:
    """The policies of a `Content-Security-Policy` header: separated by commas, and all of them count."""
    return [directives for each in value.split(",") if (directives := _parse(each))]


def parse_meta(content: str) -> list[Directives]:
    """The policy of a `<meta http-equiv>`; some directives count in a header only."""
    directives = {name: sources for name, sources in _parse(content).items() if name not in _IGNORED_IN_META}
    return [directives] if directives else []


def blocks_script(policies: Sequence[Directives], page_url: str, script: Load) -> Block | None:
    """The first directive that keeps a script from being loaded and run; None when all policies allow it."""
    for policy in policies:
        if "sandbox" in policy and "allow-scripts" not in policy["sandbox"]:
            return Block("sandbox", policy["sandbox"])
        name = _effective(policy, _SCRIPT)
        if name is not None and not _allows_script(policy[name], page_url, script):
            return Block(name, policy[name])
    return None


def blocks_connection(policies: Sequence[Directives], page_url: str, url: str) -> Block | None:
    """The first directive that keeps the script from talking to its server; None when all policies allow it."""
    for policy in policies:
        name = _effective(policy, _CONNECT)
        if name is not None and not _matches_any(policy[name], page_url, url):
            return Block(name, policy[name])
    return None


def _parse(text: str) -> dict[str, tuple[str, ...]]:
    directives: dict[str, tuple[str, ...]] = {}
    for each in text.split(";"):
        name, *values = each.split() or [""]
        # Of a directive that is given twice, only the first counts.
        if name:
            directives.setdefault(name.lower(), tuple(values))
    return directives


def _effective(policy: Directives, fallbacks: Sequence[str]) -> str | None:
    return next((name for name in fallbacks if name in policy), None)


def _allows_script(sources: Sequence[str], page_url: str, script: Load) -> bool:
    if script.nonce and f"'nonce-{script.nonce}'" in sources:
        return True
    if script.integrity and all(f"'{digest}'" in sources for digest in _strongest(script.integrity)):
        return True
    if any(source.lower() == "'strict-dynamic'" for source in sources):
        return not script.is_parser_inserted
    return _matches_any(sources, page_url, script.url)


def _strongest(integrity: str) -> list[str]:
    digests = [each.split("?")[0] for each in integrity.split()]
    best = max((each[:6] for each in digests), default="")
    return [each for each in digests if each.startswith(best)]


def _matches_any(sources: Sequence[str], page_url: str, url: str) -> bool:
    target, page = split(url), split(page_url)
    return any(_matches(source, target, page) for source in sources)


def _matches(source: str, target: SplitResult, page: SplitResult) -> bool:
    if source == "*":
        return target.scheme in _PORTS or target.scheme == page.scheme
    if scheme := _SCHEME_SOURCE.match(source):
        return _is_scheme(scheme[1].lower(), target.scheme)
    if source.lower() == "'self'":
        return _is_self(target, page)
    host = _HOST_SOURCE.match(source)
    return host is not None and _matches_host(host, target, page)


def _matches_host(source: re.Match[str], target: SplitResult, page: SplitResult) -> bool:
    scheme, host, port, path = source.groups()
    return (
        _is_scheme((scheme or page.scheme).lower(), target.scheme)
        and _is_host(host.lower(), (target.hostname or "").lower())
        and _is_port(port, target)
        and _is_path(path or "", target.path)
    )


def _is_scheme(allowed: str, given: str) -> bool:
    return given in _UPGRADES.get(allowed, {allowed})


def _is_host(pattern: str, host: str) -> bool:
    if pattern == "*":
        return True
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and len(host) > len(pattern) - 1
    return pattern.strip("[]") == host


def _is_port(allowed: str | None, target: SplitResult) -> bool:
    default = _PORTS.get(target.scheme)
    given = target.port or default
    if allowed == "*":
        return True
    if allowed is None:
        return given == default
    # A page that allows port 80 allows the upgrade to HTTPS too.
    return int(allowed) == given or (int(allowed) == _PORTS["http"] and given == _PORTS["https"])


def _is_path(pattern: str, path: str) -> bool:
    if not pattern or (pattern == "/" and not path):
        return True
    exact, given = unquote(pattern), unquote(path)
    return given.startswith(exact) if pattern.endswith("/") else given == exact


def _is_self(target: SplitResult, page: SplitResult) -> bool:
    if (target.hostname or "") != (page.hostname or ""):
        return False
    ports = target.port or _PORTS.get(target.scheme), page.port or _PORTS.get(page.scheme)
    if target.scheme == page.scheme:
        return ports[0] == ports[1]
    is_default = ports == (_PORTS.get(target.scheme), _PORTS.get(page.scheme))
    return (is_default or ports[0] == ports[1]) and target.scheme in {"https", "wss"}
