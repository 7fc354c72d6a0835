"""A SIP trunk: whom its calls come from, whom ours go to, and which numbers are on it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_network

from swapboard.language import _
from swapboard.numbers.e164 import NotANumber, parse_number

SIP_PORT = 5060
MOST_NUMBERS = 1_000
WIDEST = {4: 16, 6: 32}
"""Prefix lengths: no provider calls from more addresses, and a wider network lets the whole world in."""

_BRACKETED = re.compile(r"\[(?P<host>[^\[\]]*)\](?::(?P<port>[^:]+))?")


@dataclass(frozen=True, slots=True)
class Trunk:
    """What a provider gave us."""

    host: str
    port: int
    also_from: tuple[IPv4Network | IPv6Network, ...]
    """Other addresses that calls come from."""
    numbers: tuple[str, ...]
    """E.164."""
    username: str | None
    password: str | None
    registers: bool
    """Tell the provider where we are, and keep telling."""

    @property
    def domain(self) -> str:
        """The server as SIP's addresses write it (RFC 3261, 25.1: an IPv6 address in brackets)."""
        return f"[{self.host}]" if ":" in self.host else self.host


def trunk_of(credentials: Mapping[str, str]) -> Trunk:
    """The trunk with these credentials. Raises ValueError that says which one is missing or wrong."""
    host, port = _server(credentials.get("server", "").strip())
    username, password = credentials.get("username", "").strip(), credentials.get("password", "")
    if bool(username) != bool(password):
        raise ValueError(_("A user name needs its password, and a password its user name."))
    registers = credentials.get("register", "").strip().lower()
    if registers not in {"", "yes", "no"}:
        raise ValueError(_("Register is yes or no."))
    if registers == "yes" and not username:
        raise ValueError(_("To register, the trunk needs a user name and a password."))
    return Trunk(
        host=host,
        port=port,
        also_from=tuple(_network(each) for each in _listed(credentials.get("also_from", ""))),
        numbers=numbers_in(credentials.get("numbers", "")),
        username=username or None,
        password=password or None,
        registers=registers == "yes",
    )


def numbers_in(text: str) -> tuple[str, ...]:
    """Numbers with commas or lines between, in E.164. Raises ValueError that names one that is none."""
    return tuple(dict.fromkeys(_number(each) for each in _listed(text)[:MOST_NUMBERS]))


def _server(text: str) -> tuple[str, int]:
    text = text.removeprefix("sip:")
    if not text:
        raise ValueError(_("The trunk needs your provider's SIP server, like sip.example.com."))
    host, port = _parts(text)
    is_port = not port or (port.isascii() and port.isdigit() and 0 < int(port) < 65_536)
    if not (host and is_port and (_is_ipv6(host) if ":" in host else _is_name(host))):
        raise ValueError(
            _("%(text)r is no SIP server; write it like sip.example.com or 203.0.113.5:5060.")
            % {"text": text[:80]}
        )
    return host, int(port) if port else SIP_PORT


def _parts(text: str) -> tuple[str, str]:
    """Host and port; an IPv6 address has brackets where a port follows it. No host where it cannot be one."""
    if found := _BRACKETED.fullmatch(text):
        return (found["host"] if ":" in found["host"] else ""), found["port"] or ""
    if text.count(":") != 1:
        return text, ""
    host, _colon, port = text.partition(":")
    return (host, port) if port else ("", "")


def _is_ipv6(host: str) -> bool:
    try:
        return IPv6Address(host).scope_id is None
    except ValueError:
        return False


def _is_name(host: str) -> bool:
    """Not `sip..example.com`: a system's resolver is asked for nothing that IDNA cannot spell."""
    fits = host.isascii() and len(host) <= 253 and all(each.isalnum() or each in ".-" for each in host)
    try:
        return fits and bool(host.encode("idna"))
    except UnicodeError:
        return False


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(text)
    except ValueError:
        raise ValueError(
            _("%(text)r is no address; write it like 203.0.113.5 or 203.0.113.0/24.") % {"text": text[:60]}
        ) from None
    if network.prefixlen < WIDEST[network.version]:
        raise ValueError(
            _("%(text)r is too wide: anybody could call. Write your provider's own, a /%(most)d or narrower.")
            % {"text": text, "most": WIDEST[network.version]}
        )
    return network


def _number(text: str) -> str:
    try:
        return parse_number(text)
    except NotANumber as error:
        raise ValueError(str(error)) from None


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.replace("\n", ",").split(",") if each.strip()]
