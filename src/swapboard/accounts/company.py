"""A company, its sites and the people who look after them."""

from dataclasses import dataclass
from enum import StrEnum

from swapboard.accounts.page import PLAIN, PageOptions
from swapboard.clock import Millis

LOOK_BACK_DAYS = range(1, 731)
"""How many days back visits may count."""
SESSION_SECONDS = range(60, 86_401)
"""How long a visit may be silent before it has ended."""
RING_SECONDS = range(5, 601)
"""How long a call may ring before it counts as missed."""
BEAT_SECONDS = range(5, 301)
"""How often an open page gives a sign."""
QUARANTINE_DAYS = range(1, 366)
"""How many days a number may ring on after it was taken off."""

PEOPLE_KEPT_DAYS = range(90, 3651)
"""So many days it may be known whose a visit or a call was: the match learns from the last 90."""


class Role(StrEnum):
    """What a person or a key may do, from all to least."""

    OWNER = "owner"
    ADMIN = "admin"
    ANALYST = "analyst"
    AGENT = "agent"
    READ_ONLY = "read_only"
    SITE = "site"
    """For the key of a website's own server, which tells of visits and may do nothing else."""

    @property
    def may_change(self) -> bool:
        """True for roles that may change the set-up."""
        return self in {Role.OWNER, Role.ADMIN}

    @property
    def may_judge(self) -> bool:
        """True for roles that may say what a call was worth."""
        return self in {Role.OWNER, Role.ADMIN, Role.ANALYST, Role.AGENT}

    @property
    def may_listen(self) -> bool:
        """True for roles that may hear and read what was said in calls."""
        return self.may_judge


class Consent(StrEnum):
    """When a visitor may be given a number of their own."""

    ALWAYS = "always"
    WAIT = "wait"
    COOKIELESS = "cookieless"


@dataclass(frozen=True, slots=True)
class Company:
    """Who owns everything else; every other row names its company."""

    company_id: str
    account_id: str
    name: str
    time_zone: str
    country: str
    """ISO 3166 code; reads numbers written without a country code."""
    default_destination: str | None
    """Where a call goes when nothing else says so, E.164."""
    session_seconds: int
    ring_timeout_seconds: int
    created_at: Millis
    look_back_days: int = 90
    """How long before a lead a visit may have been to have a share in it."""
    currency: str = "USD"
    """ISO 4217: what amounts of money are in."""
    colour: str | None = None
    """Its own, as `#rrggbb`: for the dashboard's bar and for reports."""
    language: str | None = None
    """ISO 639 code of what its letters and reports are written in; None for English."""
    quarantine_days: int = 30
    """How long a number that was taken off still rings: for a printed or remembered number's last callers."""
    journal_days: int = 730
    """So long what people did stands in the journal."""
    visits_kept_days: int | None = None
    """So long it is known whose a visit was, and what they did; None for good."""
    contacts_kept_days: int | None = None
    """So long it is known who called, wrote or sent a form; None for good."""


@dataclass(frozen=True, slots=True)
class Site:
    """A website whose visitors see numbers."""

    site_id: str
    company_id: str
    site_key: str
    name: str
    hosts: tuple[str, ...]
    """The site's own host names; empty accepts any."""
    consent: Consent
    beat_seconds: int
    first_seen_at: Millis | None
    """When the tracker on the site was first heard of."""
    created_at: Millis
    page: PageOptions = PLAIN


@dataclass(frozen=True, slots=True)
class User:
    """A person who can log in."""

    user_id: str
    company_id: str
    email: str
    name: str
    role: Role
    created_at: Millis


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A program's way in; the secret itself is shown once and not kept."""

    key_id: str
    company_id: str
    name: str
    role: Role
    created_at: Millis
    last_used_at: Millis | None = None
    revoked_at: Millis | None = None
    scopes: tuple[str, ...] = ()
    """What it is held to besides its role (`accounts.scopes`); none for everything that the role may."""
    expires_at: Millis | None = None
    """It is refused from then on; None: never by itself."""
    made_by: str = ""
    """A person's e-mail address, or `key NAME`; empty when the command line made it, or nobody wrote it down."""
    made_by_key_id: str | None = None
    """The key that made it, with which it ends."""

    @property
    def known_as(self) -> str:
        """Who it is, for the journal and on invitations."""
        return f"key {self.name}"

    def is_open(self, now: Millis) -> bool:
        """Whether it lets anybody in."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
