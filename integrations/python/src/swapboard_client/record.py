"""What is told of a visit, and what the answer says; plain values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

COOKIE = "_swb"
"""Where Swapboard's script keeps `visitor/session/…` in the browser."""
# Analytics' and ad platforms' own ids. No other cookie leaves this server.
_TOLD = re.compile(
    rf"{COOKIE}|_ga(?:_\w+)?|_fb[pc]|_gcl_aw|_gcl_gb|_uetmsclkid|_ttp|li_fat_id|_pk_id[.\w]*|ph_\w+_posthog"
)
_NUMBER = re.compile(r"\+[0-9]{4,15}")
_SAFE = re.compile(r"[\w/.:%-]{1,4000}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request for a page, as far as Swapboard needs to know it."""

    url: str
    user_agent: str
    referrer: str = ""
    address: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)
    sec_gpc: bool = False
    sec_purpose: str = ""

    @property
    def session(self) -> str:
        """The session that the browser goes on with; empty for none."""
        return _session(self.cookies.get(COOKIE, ""))

    def message(self) -> dict[str, object]:
        """The body of `POST /api/v1/sites/{id}/visit`, within its limits."""
        told = {name: value for name, value in self.cookies.items() if _TOLD.fullmatch(name)}
        return {
            "url": self.url[:8_000],
            "user_agent": self.user_agent[:2_000],
            "referrer": self.referrer[:8_000],
            "address": self.address[:64],
            "cookies": {name[:64]: value[:4_096] for name, value in list(told.items())[:50]},
            "sec_gpc": self.sec_gpc,
            "sec_purpose": self.sec_purpose[:200],
        }


@dataclass(frozen=True, slots=True)
class Swap:
    """A number to show, E.164, and how people of its country write it."""

    number: str
    display: str
    calling_code: str


@dataclass(frozen=True, slots=True)
class Cookie:
    """What the page's script needs in order to go on with the session."""

    value: str
    max_age_seconds: int
    domain: str | None

    @property
    def session(self) -> str:
        return _session(self.value)

    def header(self, *, secure: bool) -> str:
        """The value of `Set-Cookie`. Scripts must be able to read it, as Swapboard's does."""
        domain = f"; Domain={self.domain}" if self.domain else ""
        lock = "; Secure" if secure else ""
        return f"{COOKIE}={self.value}; Path=/; Max-Age={self.max_age_seconds}; SameSite=Lax{domain}{lock}"


@dataclass(frozen=True, slots=True)
class Answer:
    """The numbers to show, by the original number; empty leaves the page as it is."""

    swaps: Mapping[str, Swap] = field(default_factory=dict)
    cookie: Cookie | None = None


NOTHING = Answer()


def read_answer(document: Any) -> Answer:
    """The answer in a JSON document; what is not as it should be is left out, and never gets on a page."""
    if not isinstance(document, dict):
        return NOTHING
    swaps = document.get("swaps")
    found = {target: _swap(swap) for target, swap in swaps.items()} if isinstance(swaps, dict) else {}
    return Answer({target: swap for target, swap in found.items() if swap}, _cookie(document.get("cookie")))


def _swap(told: Any) -> Swap | None:
    if not isinstance(told, dict):
        return None
    number, display, code = (str(told.get(name, "")) for name in ("number", "display", "calling_code"))
    if not _NUMBER.fullmatch(number) or not number.startswith(f"+{code}"):
        return None
    return Swap(number, display or number, code)


def _cookie(told: Any) -> Cookie | None:
    if not isinstance(told, dict) or told.get("name") != COOKIE:
        return None
    value, age, domain = str(told.get("value")), told.get("max_age"), told.get("domain")
    if not _SAFE.fullmatch(value) or not isinstance(age, int) or (domain and not _SAFE.fullmatch(str(domain))):
        return None
    return Cookie(value, age, str(domain) if domain else None)


def _session(value: str) -> str:
    return [*value.split("/", 2), "", ""][1]
