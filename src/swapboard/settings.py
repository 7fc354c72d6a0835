"""What the person who runs Swapboard may set, read from the environment once at the start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from swapboard.setting_values import (
    database_url,
    fallback_url,
    flag,
    listed,
    listening_address,
    mail_from,
    own_address,
    path_prefix,
    place_headers,
    ports,
    proxies,
    public_url,
    smtp_url,
    what_assistants_may,
    whole_number,
)
from swapboard.sign_on_settings import checked_issuer, known_role, roles_by_claim


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
    """Addresses and networks of proxies whose `X-Forwarded-For`, `-Proto` and `-Host` are believed."""
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
    port = whole_number(environment, "PORT", 8000, 65_535)
    return Settings(
        data_dir=data_dir,
        database_url=database_url(environment.get("SWAPBOARD_DATABASE_URL", ""), data_dir),
        public_url=public_url(environment.get("SWAPBOARD_PUBLIC_URL", f"http://127.0.0.1:{port}")),
        host=environment.get("SWAPBOARD_HOST", "127.0.0.1"),
        port=port,
        path_prefix=path_prefix(environment.get("SWAPBOARD_PATH_PREFIX", "/t")),
        trusted_proxies=proxies(environment.get("SWAPBOARD_TRUSTED_PROXIES", "")),
        visits_per_second=whole_number(environment, "VISITS_PER_SECOND", 50, 1_000_000),
        headless_visitors=flag(environment, "HEADLESS_VISITORS", "0"),
        writer_process=flag(environment, "WRITER_PROCESS", "1"),
        max_waiting=whole_number(environment, "MAX_WAITING", 2_000, 1_000_000),
        api_requests_per_minute=whole_number(environment, "API_REQUESTS_PER_MINUTE", 600, 1_000_000),
        private_addresses=flag(environment, "PRIVATE_ADDRESSES", "1"),
        worker_apart=flag(environment, "WORKER_APART", "0"),
        place_headers=place_headers(environment),
        fallback_dir=Path(fallback_dir).absolute() if fallback_dir else None,
        smtp_url=smtp_url(environment.get("SWAPBOARD_SMTP_URL", "")),
        mail_from=mail_from(environment),
        fallback_url=fallback_url(environment.get("SWAPBOARD_FALLBACK_URL", "")),
        mcp=what_assistants_may(environment.get("SWAPBOARD_MCP", "")),
        ecb_rates=flag(environment, "ECB_RATES", "0"),
        transcribe_model=Path(model).absolute() if model else None,
        transcribe_threads=whole_number(environment, "TRANSCRIBE_THREADS", 1, 64),
        lines_listen=listening_address(environment.get("SWAPBOARD_LINES_LISTEN", "")),
        lines_address=own_address(environment.get("SWAPBOARD_LINES_ADDRESS", "")),
        lines_ports=ports(environment.get("SWAPBOARD_LINES_PORTS", "20000-20399")),
        lines_calls=whole_number(environment, "LINES_CALLS", 50, 1_000),
        oidc_issuer=checked_issuer(environment),
        oidc_client_id=environment.get("SWAPBOARD_OIDC_CLIENT_ID", ""),
        oidc_client_secret=environment.get("SWAPBOARD_OIDC_CLIENT_SECRET", ""),
        oidc_name=environment.get("SWAPBOARD_OIDC_NAME", "")[:60],
        oidc_domains=tuple(each.lower().removeprefix("@") for each in listed(environment, "OIDC_DOMAINS")),
        oidc_company=environment.get("SWAPBOARD_OIDC_COMPANY", ""),
        oidc_join=known_role("SWAPBOARD_OIDC_JOIN", environment.get("SWAPBOARD_OIDC_JOIN", "")),
        oidc_roles_claim=environment.get("SWAPBOARD_OIDC_ROLES_CLAIM", "groups"),
        oidc_roles=roles_by_claim(environment),
        oidc_trust_email=flag(environment, "OIDC_TRUST_EMAIL", "0"),
    )


def unknown_settings(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Variables that look like settings but are none, such as one that is misspelt."""
    known = {f"SWAPBOARD_{each.name.upper()}" for each in fields(Settings)}
    return sorted(name for name in environment if name.startswith("SWAPBOARD_") and name not in known)
