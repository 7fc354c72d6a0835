"""How the values of settings are written, and what is said of one that is written otherwise."""

import re
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

_HEADER = re.compile(r"[a-z0-9-]+")
_MOST_PLACES = 2
_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")


class SettingsError(ValueError):
    """A setting cannot be used; the message says which one and what to write instead."""


def flag(environment: Mapping[str, str], name: str, default: str) -> bool:
    text = environment.get(f"SWAPBOARD_{name}", default)
    if text not in {"0", "1"}:
        raise SettingsError(f"SWAPBOARD_{name} is {text!r}; write 1 for yes or 0 for no.")
    return text == "1"


def what_assistants_may(text: str) -> str:
    if text not in {"", "read", "write"}:
        raise SettingsError(
            f"SWAPBOARD_MCP is {text!r}; write read or write, for what assistants may do; nothing for none."
        )
    return text


def public_url(text: str) -> str:
    if not is_web_address(text):
        raise SettingsError(
            f"SWAPBOARD_PUBLIC_URL is {text!r}; write the address that visitors and carriers reach this "
            "server by, like https://calls.example.com."
        )
    return text.rstrip("/")


def fallback_url(text: str) -> str:
    if text and not is_web_address(text):
        raise SettingsError(
            f"SWAPBOARD_FALLBACK_URL is {text!r}; write the address at which your static web host serves the "
            "fallback folder, like https://static.example.net/calls."
        )
    return text.rstrip("/")


def smtp_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_one = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if text and not (is_one and text.isascii() and " " not in text):
        # The text may hold a password: it is not repeated.
        raise SettingsError(
            "SWAPBOARD_SMTP_URL is no mail server; write one like smtp://name:password@mail.example.com:587, "
            "with %40 for an @ in the name or the password."
        )
    return text


def mail_from(environment: Mapping[str, str]) -> str:
    text = environment.get("SWAPBOARD_MAIL_FROM", "")
    is_one = re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", text) is not None
    if (text or environment.get("SWAPBOARD_SMTP_URL")) and not (is_one and text.isascii()):
        raise SettingsError(
            f"SWAPBOARD_MAIL_FROM is {text!r}; write the address that e-mails are from, like calls@example.com."
        )
    return text


def listed(environment: Mapping[str, str], name: str) -> list[str]:
    return [each.strip() for each in environment.get(f"SWAPBOARD_{name}", "").split(",") if each.strip()]


def is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    is_more = parts.query or parts.fragment or parts.username
    return is_one and not is_more and text.isascii() and " " not in text


def place_headers(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Names of headers in small letters, parted by commas: of a country, and perhaps of a region."""
    text = environment.get("SWAPBOARD_PLACE_HEADERS", "")
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    if len(names) > _MOST_PLACES or not all(_HEADER.fullmatch(name) for name in names):
        raise SettingsError(
            "SWAPBOARD_PLACE_HEADERS names a header with the visitor's country, or that and one with the region: "
            f"cf-ipcountry,cf-region-code; {text!r} does not."
        )
    if names and not proxies(environment.get("SWAPBOARD_TRUSTED_PROXIES", "")):
        raise SettingsError(
            "SWAPBOARD_PLACE_HEADERS is set without SWAPBOARD_TRUSTED_PROXIES: name the proxies that say where a "
            "visitor is, for anybody could write such a header."
        )
    return names


def proxies(text: str) -> tuple[str, ...]:
    """Addresses and networks. A star would believe what visitors write of themselves, so there is none."""
    named = tuple(filter(None, (part.strip() for part in text.split(","))))
    for each in named:
        try:
            ip_network(each)
        except ValueError:
            raise SettingsError(
                f"SWAPBOARD_TRUSTED_PROXIES names {each!r}; write addresses or networks, like 10.0.0.0/8."
            ) from None
    return named


def listening_address(text: str) -> str:
    """`ADDRESS:PORT`, the address by numbers: a name could become another while calls go on."""
    host, _, port = text.rpartition(":")
    if text and not (_is_host(host.strip("[]")) and port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise SettingsError(
            f"SWAPBOARD_LINES_LISTEN is {text!r}; write the address and port to listen on for SIP, "
            "like 0.0.0.0:5060."
        )
    return text


def own_address(text: str) -> str:
    if text and not _is_host(text):
        raise SettingsError(
            f"SWAPBOARD_LINES_ADDRESS is {text!r}; write the address that your SIP provider reaches this "
            "machine by, like 203.0.113.5."
        )
    return text


def _is_host(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def ports(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    are_numbers = all(each.isascii() and each.isdigit() and len(each) < 6 for each in (first, last))
    if not are_numbers or not 1_024 <= int(first) < int(last) < 65_536:
        raise SettingsError(
            f"SWAPBOARD_LINES_PORTS is {text!r}; write the first and the last port for the sound of calls, "
            "like 20000-20399."
        )
    return int(first), int(last)


def whole_number(environment: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = environment.get(f"SWAPBOARD_{name}", str(default))
    if not (text.isascii() and text.isdigit()) or len(text) > 20 or not 1 <= int(text) <= most:
        raise SettingsError(f"SWAPBOARD_{name} is {text!r}; write a whole number from 1 to {most}.")
    return int(text)


def path_prefix(text: str) -> str:
    if not _PREFIX.fullmatch(text) or {".", ".."} & set(text.split("/")):
        raise SettingsError(
            f"SWAPBOARD_PATH_PREFIX is {text!r}; write it like /t, of letters, digits and -._~, "
            "with no slash at the end."
        )
    if text.split("/")[1] == "static":
        raise SettingsError(
            f"SWAPBOARD_PATH_PREFIX is {text!r}, where the dashboard's own scripts are; write another, like /t."
        )
    return text


def database_url(text: str, data_dir: Path) -> str:
    if not text:
        return f"sqlite:///{data_dir / 'swapboard.db'}"
    if text.startswith(("postgres://", "postgresql://")):
        text = "postgresql+psycopg://" + text.split("://", 1)[1]
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("SWAPBOARD_DATABASE_URL must begin with sqlite:/// or postgresql://.")
    if not _can_be_read(text):
        # Not the address itself: it may hold a password.
        raise SettingsError(
            "SWAPBOARD_DATABASE_URL cannot be read; write sqlite:////FOLDER/FILE, or "
            "postgresql://USER:PASSWORD@HOST:PORT/NAME, with %40 for an @ in the password."
        )
    return text


def _can_be_read(database_url: str) -> bool:
    # Here, because it takes a while to load and most of what reads settings does not need it.
    from sqlalchemy import make_url  # noqa: PLC0415
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        return False
    if url.get_backend_name() != "sqlite":
        # Of a password with an @ the rest would be asked for as a host, and be told in its refusal.
        return "@" not in (url.host or "")
    return url.database not in {None, "", ":memory:"}
