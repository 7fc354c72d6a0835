"""A person who can log in, and their place in each company that they belong to."""

import re
from dataclasses import dataclass, field

from swapboard.clock import Millis

_EMAIL = re.compile(r"[^\s@<>\x00-\x1f,;]+@[^\s@<>\x00-\x1f,;]+")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's way in; what they may do in a company is that company's `User`, found by the e-mail address."""

    company_id: str
    """Where the row lies: the company that the person was first in, which gives it no right."""
    person_id: str
    email: str
    """In lower case; nobody else has it."""
    created_at: Millis
    password_hash: str | None = field(default=None, repr=False)
    """None for who comes in by single sign-on only."""
    verified_at: Millis | None = None
    """Since when the address is known to be theirs: they opened a link that was e-mailed, or the server's own
    people added them. Who came by a link that somebody handed them could have named another's address."""
    totp: str | None = field(default=None, repr=False)
    """The secret of their authenticator app, sealed; None without a second step."""
    totp_step: int | None = None
    """The last step of 30 seconds whose code was used."""
    recovery: tuple[str, ...] = field(default=(), repr=False)
    """Hashes of the recovery codes that are left."""
    language: str | None = None
    """ISO 639 code of what they read the dashboard in; None leaves it to their browser."""
    subject: str | None = None
    """`ISSUER SUB`: who they are at the single sign-on that they came in by."""


def plain_email(text: str) -> str:
    """The address as it is kept and looked for."""
    return text.strip().lower()


def is_email(text: str) -> bool:
    """Whether this can be an address; the letter that is sent there says whether it is one."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None
