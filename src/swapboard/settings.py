"""What the person who runs Swapboard may set, read from the environment once at the start."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

ROLES = ("owner", "admin", "analyst", "agent", "read_only")
"""What people can be in a company (`accounts.membership.GIVEN`), from all to least."""
_HEADER = re.compile(r"[a-z0-9-]+")
_MOST_PLACES = 2
_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")


class SettingsError(ValueError):
    """A setting cannot be used; the message says which one and what to write instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting; the environment variable is the upper-case name with the prefix `SWAPBOARD_`."""

    data_dir: Path
    """Folder for the embedded database, the secret key and the routing snapshot."""
    database_url: str
    """`sqlite:///FILE` or `postgresql://…`; without it, SQLite in `data_dir`."""
    public_url: str
    """The address visitors and carriers reach this server by; carriers sign it."""
    host: str
    """Address to listen on."""
    port: int
    """Port to listen on."""
    path_prefix: str
    """First part of the tracker's paths: `/t` gives `/t/SITEKEY.js`."""
    trusted_proxies: tuple[str, ...]
    """Addresses and networks of proxies whose `X-Forwarded-For` is believed."""
    visits_per_second: int
    """Visits and beats that one address may send to a site each second, after a first burst of 20 times that."""
    headless_visitors: bool
    """Count headless browsers as visitors, for demonstrations and tests; crawlers they are otherwise."""
    writer_process: bool
    """Write in a process apart, so that a second processor core helps; else in a thread of the server."""
    max_waiting: int
    """Writes that may wait for the database before new visits are turned away with 503."""
    api_requests_per_minute: int = 600
    """Requests of the API that one key may make in a minute, all at once or one after the other."""
    private_addresses: bool = True
    """Whether companies may have this server ask machines in private networks, as of a webhook of theirs."""
    worker_apart: bool = False
    """Leave the work that comes due by itself to `swapboard worker`."""
    fallback_dir: Path | None = None
    """Folder for the documents that carriers ask for when no door of ours answers; None keeps none."""
    smtp_url: str = ""
    """The mail server: `smtp://name:password@host:587`, or `smtps://…`; empty sends no e-mail."""
    mail_from: str = ""
    """Whom e-mails are from."""
    fallback_url: str = ""
    """Where a static web host serves that folder; empty without one."""

    mcp: str = ""
    """What assistants may do at `/mcp`: `read` or `write`; empty keeps that door shut."""
    place_headers: tuple[str, ...] = ()
    """Headers in which a trusted proxy says a visitor's country, and after that, the region; none without one."""
    ecb_rates: bool = False
    """Ask the European Central Bank once a day what currencies were worth."""

    transcribe_model: Path | None = None
    """Folder of the Whisper model that writes down what is said in recordings; None writes nothing down."""
    transcribe_threads: int = 1
    """Processor cores that it may use."""

    lines_listen: str = ""
    """Where the telephone lines of one's own listen for SIP, like `0.0.0.0:5060`; without it they are off."""
    lines_address: str = ""
    """The address that the trunk reaches the lines by, where it is another than this machine's own."""
    lines_ports: tuple[int, int] = (20_000, 20_399)
    """First and last port for the sound of calls on own lines: two for each call."""
    lines_calls: int = 50
    """Calls on own lines at once; one more is told that the line is busy, so that the provider can divert it."""

    oidc_issuer: str = ""
    """Whose single sign-on people may log in with (OpenID Connect); empty without one."""
    oidc_client_id: str = ""
    """What this server is called there."""
    oidc_client_secret: str = field(default="", repr=False)
    """What it proves that with; empty for a public client."""
    oidc_name: str = ""
    """What its button says: `Log in with …`."""
    oidc_domains: tuple[str, ...] = ()
    """Domains of the e-mail addresses that may log in so; empty for all."""
    oidc_company: str = ""
    """The name of the company that people join by logging in so."""
    oidc_join: str = ""
    """The role with which everybody joins it; empty for invited people only."""
    oidc_roles_claim: str = "groups"
    """The claim whose values `oidc_roles` reads."""
    oidc_roles: tuple[tuple[str, str], ...] = ()
    """Values of that claim and the role that each gives in that company; whoever has none is not let in."""
    oidc_trust_email: bool = False
    """Take addresses for verified of which the provider does not say it."""

    @property
    def lines_dir(self) -> Path:
        return self.data_dir / "lines"

    @property
    def secret_file(self) -> Path:
        return self.data_dir / "secret.key"

    @property
    def snapshot_file(self) -> Path:
        return self.data_dir / "routes.json"

    @property
    def spool_file(self) -> Path:
        return self.data_dir / "spool.jsonl"

    @property
    def recordings_dir(self) -> Path:
        return self.data_dir / "recordings"

    @property
    def sounds_dir(self) -> Path:
        return self.data_dir / "sounds"

    @property
    def kept_files(self) -> tuple[Path, ...]:
        """What belongs to the database but does not stand in it: a backup of one is worth little without them."""
        return self.secret_file, self.snapshot_file, self.spool_file


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `SWAPBOARD_*` variables; an empty one is as good as none. Raises SettingsError."""
    environment = {name: value for name, value in environment.items() if value}
    data_dir = Path(environment.get("SWAPBOARD_DATA_DIR", "data")).absolute()
    fallback_dir = environment.get("SWAPBOARD_FALLBACK_DIR")
    model = environment.get("SWAPBOARD_TRANSCRIBE_MODEL")
    port = _number(environment, "PORT", 8000, 65_535)
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(environment.get("SWAPBOARD_DATABASE_URL", ""), data_dir),
        public_url=_public_url(environment.get("SWAPBOARD_PUBLIC_URL", f"http://127.0.0.1:{port}")),
        host=environment.get("SWAPBOARD_HOST", "127.0.0.1"),
        port=port,
        path_prefix=_prefix(environment.get("SWAPBOARD_PATH_PREFIX", "/t")),
        trusted_proxies=_proxies(environment.get("SWAPBOARD_TRUSTED_PROXIES", "")),
        visits_per_second=_number(environment, "VISITS_PER_SECOND", 50, 1_000_000),
        headless_visitors=_flag(environment, "HEADLESS_VISITORS", "0"),
        writer_process=_flag(environment, "WRITER_PROCESS", "1"),
        max_waiting=_number(environment, "MAX_WAITING", 2_000, 1_000_000),
        api_requests_per_minute=_number(environment, "API_REQUESTS_PER_MINUTE", 600, 1_000_000),
        private_addresses=_flag(environment, "PRIVATE_ADDRESSES", "1"),
        worker_apart=_flag(environment, "WORKER_APART", "0"),
        place_headers=_place_headers(environment),
        fallback_dir=Path(fallback_dir).absolute() if fallback_dir else None,
        smtp_url=_smtp_url(environment.get("SWAPBOARD_SMTP_URL", "")),
        mail_from=_mail_from(environment),
        fallback_url=_fallback_url(environment.get("SWAPBOARD_FALLBACK_URL", "")),
        mcp=_mcp(environment.get("SWAPBOARD_MCP", "")),
        ecb_rates=_flag(environment, "ECB_RATES", "0"),
        transcribe_model=Path(model).absolute() if model else None,
        transcribe_threads=_number(environment, "TRANSCRIBE_THREADS", 1, 64),
        lines_listen=_listen(environment.get("SWAPBOARD_LINES_LISTEN", "")),
        lines_address=_address(environment.get("SWAPBOARD_LINES_ADDRESS", "")),
        lines_ports=_ports(environment.get("SWAPBOARD_LINES_PORTS", "20000-20399")),
        lines_calls=_number(environment, "LINES_CALLS", 50, 1_000),
        oidc_issuer=_oidc_issuer(environment),
        oidc_client_id=environment.get("SWAPBOARD_OIDC_CLIENT_ID", ""),
        oidc_client_secret=environment.get("SWAPBOARD_OIDC_CLIENT_SECRET", ""),
        oidc_name=environment.get("SWAPBOARD_OIDC_NAME", "")[:60],
        oidc_domains=tuple(each.lower().removeprefix("@") for each in _listed(environment, "OIDC_DOMAINS")),
        oidc_company=environment.get("SWAPBOARD_OIDC_COMPANY", ""),
        oidc_join=_role("SWAPBOARD_OIDC_JOIN", environment.get("SWAPBOARD_OIDC_JOIN", "")),
        oidc_roles_claim=environment.get("SWAPBOARD_OIDC_ROLES_CLAIM", "groups"),
        oidc_roles=_oidc_roles(environment),
        oidc_trust_email=_flag(environment, "OIDC_TRUST_EMAIL", "0"),
    )


def unknown_settings(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Variables that look like settings but are none, such as one that is misspelt."""
    known = {f"SWAPBOARD_{each.name.upper()}" for each in fields(Settings)}
    return sorted(name for name in environment if name.startswith("SWAPBOARD_") and name not in known)


def _flag(environment: Mapping[str, str], name: str, default: str) -> bool:
    text = environment.get(f"SWAPBOARD_{name}", default)
    if text not in {"0", "1"}:
        raise SettingsError(f"SWAPBOARD_{name} is {text!r}; write 1 for yes or 0 for no.")
    return text == "1"


def _mcp(text: str) -> str:
    if text not in {"", "read", "write"}:
        raise SettingsError(
            f"SWAPBOARD_MCP is {text!r}; write read or write, for what assistants may do; nothing for none."
        )
    return text


def _public_url(text: str) -> str:
    if not _is_address(text):
        raise SettingsError(
            f"SWAPBOARD_PUBLIC_URL is {text!r}; write the address that visitors and carriers reach this "
            "server by, like https://calls.example.com."
        )
    return text.rstrip("/")


def _fallback_url(text: str) -> str:
    if text and not _is_address(text):
        raise SettingsError(
            f"SWAPBOARD_FALLBACK_URL is {text!r}; write the address at which your static web host serves the "
            "fallback folder, like https://static.example.net/calls."
        )
    return text.rstrip("/")


def _smtp_url(text: str) -> str:
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


def _mail_from(environment: Mapping[str, str]) -> str:
    text = environment.get("SWAPBOARD_MAIL_FROM", "")
    is_one = re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", text) is not None
    if (text or environment.get("SWAPBOARD_SMTP_URL")) and not (is_one and text.isascii()):
        raise SettingsError(
            f"SWAPBOARD_MAIL_FROM is {text!r}; write the address that e-mails are from, like calls@example.com."
        )
    return text


def _oidc_issuer(environment: Mapping[str, str]) -> str:
    """Checked together with what it needs, so that nobody opens the door further than they know."""
    issuer = environment.get("SWAPBOARD_OIDC_ISSUER", "")
    named = {name for name in environment if name.startswith("SWAPBOARD_OIDC_")} - {"SWAPBOARD_OIDC_TRUST_EMAIL"}
    if named and not (_is_address(issuer) and (issuer.startswith("https:") or _is_here(issuer))):
        raise SettingsError(
            f"SWAPBOARD_OIDC_ISSUER is {issuer!r}; write your provider's issuer, like https://accounts.google.com."
        )
    if issuer and not environment.get("SWAPBOARD_OIDC_CLIENT_ID"):
        raise SettingsError("SWAPBOARD_OIDC_CLIENT_ID is missing; your provider shows it with the application.")
    joins = environment.get("SWAPBOARD_OIDC_JOIN"), environment.get("SWAPBOARD_OIDC_ROLES")
    if any(joins) and not environment.get("SWAPBOARD_OIDC_COMPANY"):
        raise SettingsError("SWAPBOARD_OIDC_COMPANY is missing; write the name of the company that people join.")
    if joins[0] and not (joins[1] or environment.get("SWAPBOARD_OIDC_DOMAINS")):
        raise SettingsError(
            "SWAPBOARD_OIDC_JOIN alone lets everybody in who has an account at the provider; write in "
            "SWAPBOARD_OIDC_DOMAINS whose addresses may, like example.com."
        )
    return issuer


def _is_here(url: str) -> bool:
    return urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}


def _oidc_roles(environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    pairs = [each.rpartition("=") for each in _listed(environment, "OIDC_ROLES")]
    if not all(value.strip() for value, _equals, _role_name in pairs):
        raise SettingsError("SWAPBOARD_OIDC_ROLES is not of pairs; write it like staff=analyst,it=admin.")
    return tuple((value.strip(), _role("SWAPBOARD_OIDC_ROLES", role.strip())) for value, _equals, role in pairs)


def _role(setting: str, text: str) -> str:
    if text and text not in ROLES:
        raise SettingsError(f"{setting} names the role {text!r}; there are: {', '.join(ROLES)}.")
    return text


def _listed(environment: Mapping[str, str], name: str) -> list[str]:
    return [each.strip() for each in environment.get(f"SWAPBOARD_{name}", "").split(",") if each.strip()]


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    is_more = parts.query or parts.fragment or parts.username
    return is_one and not is_more and text.isascii() and " " not in text


def _place_headers(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Names of headers in small letters, parted by commas: of a country, and perhaps of a region."""
    text = environment.get("SWAPBOARD_PLACE_HEADERS", "")
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    if len(names) > _MOST_PLACES or not all(_HEADER.fullmatch(name) for name in names):
        raise SettingsError(
            "SWAPBOARD_PLACE_HEADERS names a header with the visitor's country, or that and one with the region: "
            f"cf-ipcountry,cf-region-code; {text!r} does not."
        )
    if names and not _proxies(environment.get("SWAPBOARD_TRUSTED_PROXIES", "")):
        raise SettingsError(
            "SWAPBOARD_PLACE_HEADERS is set without SWAPBOARD_TRUSTED_PROXIES: name the proxies that say where a "
            "visitor is, for anybody could write such a header."
        )
    return names


def _proxies(text: str) -> tuple[str, ...]:
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


def _listen(text: str) -> str:
    """`ADDRESS:PORT`, the address by numbers: a name could become another while calls go on."""
    host, _, port = text.rpartition(":")
    if text and not (_is_host(host.strip("[]")) and port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise SettingsError(
            f"SWAPBOARD_LINES_LISTEN is {text!r}; write the address and port to listen on for SIP, "
            "like 0.0.0.0:5060."
        )
    return text


def _address(text: str) -> str:
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


def _ports(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    are_numbers = all(each.isascii() and each.isdigit() and len(each) < 6 for each in (first, last))
    if not are_numbers or not 1_024 <= int(first) < int(last) < 65_536:
        raise SettingsError(
            f"SWAPBOARD_LINES_PORTS is {text!r}; write the first and the last port for the sound of calls, "
            "like 20000-20399."
        )
    return int(first), int(last)


def _number(environment: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = environment.get(f"SWAPBOARD_{name}", str(default))
    if not (text.isascii() and text.isdigit()) or len(text) > 20 or not 1 <= int(text) <= most:
        raise SettingsError(f"SWAPBOARD_{name} is {text!r}; write a whole number from 1 to {most}.")
    return int(text)


def _prefix(text: str) -> str:
    if not _PREFIX.fullmatch(text) or {".", ".."} & set(text.split("/")):
        raise SettingsError(
            f"SWAPBOARD_PATH_PREFIX is {text!r}; write it like /t, of letters, digits and -._~, "
            "with no slash at the end."
        )
    return text


def _database_url(text: str, data_dir: Path) -> str:
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
    return url.get_backend_name() != "sqlite" or url.database not in {None, "", ":memory:"}
