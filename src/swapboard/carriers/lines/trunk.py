"""A SIP trunk: whom its calls come from, whom ours go to, and which numbers are on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from swapboard.language import _
from swapboard.numbers.e164 import NotANumber, parse_number

SIP_PORT = 5060
MOST_NUMBERS = 1_000
WIDEST = {4: 16, 6: 32}
"""Prefix lengths: no provider calls from more addresses, and a wider network lets the whole world in."""


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
    host, colon, port = text.rpartition(":") if text.count(":") == 1 else (text, "", "")
    is_port = not colon or (port.isascii() and port.isdigit() and 0 < int(port) < 65_536)
    fits = all(each.isalnum() or each in ".-:[]" for each in host) and host.isascii() and len(host) <= 253
    if not (host and is_port and fits and _can_be_looked_up(host.strip("[]"))):
        raise ValueError(
            _("%(text)r is no SIP server; write it like sip.example.com or 203.0.113.5:5060.")
            % {"text": text[:80]}
        )
    return host.strip("[]"), int(port) if colon else SIP_PORT


def _can_be_looked_up(host: str) -> bool:
    """Not `sip..example.com`: a system's resolver is asked for nothing that IDNA cannot spell."""
    try:
        return bool(host.encode("idna"))
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
