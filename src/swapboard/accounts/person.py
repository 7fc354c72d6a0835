"""A person who can log in, and their place in each company that they belong to."""

from dataclasses import dataclass, field

from swapboard.clock import Millis


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


def plain_email(text: str) -> str:
    """The address as it is kept and looked for."""
    return text.strip().lower()
