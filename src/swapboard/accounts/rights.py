"""Which role may do what: one table for the API and the dashboard (docs/people-and-roles.md shows it)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from swapboard.accounts.company import Role


class Resource(StrEnum):
    """What one may see or change; most are the API's resources, as they stand in its addresses."""

    COMPANIES = "companies"
    SITES = "sites"
    SWAP_TARGETS = "swap-targets"
    POOLS = "pools"
    NUMBERS = "numbers"
    RULES = "rules"
    FLOWS = "flows"
    SOUNDS = "sounds"
    CALLS = "calls"
    SESSIONS = "sessions"
    KEYS = "keys"
    VISITS = "visits"
    LEADS = "leads"
    FORMS = "forms"
    VISITORS = "visitors"
    RECOMPUTES = "recomputes"
    CALLERS = "callers"
    SPAM = "spam"
    WORDS = "words"
    LEAD_RULES = "lead-rules"
    RECORDING = "recording"
    TEXTS = "texts"
    CARRIERS = "carriers"
    DESTINATIONS = "destinations"
    CONVERSIONS = "conversions"
    REPORTS = "reports"
    COSTS = "costs"
    LIVE = "live"
    COMPANY = "company"
    """What the company at hand is called, and how it looks."""
    NEW_COMPANY = "new-company"
    PEOPLE = "people"
    JOURNAL = "journal"
    OWN = "own"
    """One's own log-in, and which company one looks at."""


ALL = frozenset({Role.OWNER, Role.ADMIN, Role.ANALYST, Role.AGENT, Role.READ_ONLY})
READERS = ALL - {Role.AGENT}
JUDGES = frozenset(role for role in Role if role.may_judge)
CHANGERS = frozenset(role for role in Role if role.may_change)
OWNERS = frozenset({Role.OWNER})
WEBSITE = frozenset({Role.SITE})


@dataclass(frozen=True, slots=True)
class Right:
    """Who may see something, and who may change it."""

    see: frozenset[Role]
    change: frozenset[Role]


RIGHTS: Mapping[Resource, Right] = {
    Resource.OWN: Right(ALL, ALL),
    Resource.LIVE: Right(READERS, CHANGERS),
    # What was said in calls is for judges to hear and for changers to delete: `Role.may_listen`, `may_change`.
    Resource.CALLS: Right(ALL, JUDGES),
    Resource.LEADS: Right(ALL, CHANGERS),
    Resource.SESSIONS: Right(READERS, CHANGERS),
    Resource.VISITORS: Right(READERS, CHANGERS),
    Resource.VISITS: Right(READERS, CHANGERS | WEBSITE),
    Resource.FORMS: Right(READERS, CHANGERS),
    Resource.REPORTS: Right(READERS, CHANGERS | {Role.ANALYST}),
    Resource.COSTS: Right(READERS, CHANGERS),
    Resource.CONVERSIONS: Right(READERS, CHANGERS),
    Resource.DESTINATIONS: Right(READERS, CHANGERS),
    Resource.CALLERS: Right(READERS, CHANGERS),
    Resource.SPAM: Right(READERS, CHANGERS),
    Resource.WORDS: Right(READERS, CHANGERS),
    Resource.LEAD_RULES: Right(READERS, CHANGERS),
    Resource.RECORDING: Right(READERS, CHANGERS),
    Resource.TEXTS: Right(READERS, CHANGERS),
    Resource.RECOMPUTES: Right(READERS, CHANGERS),
    Resource.SWAP_TARGETS: Right(READERS, CHANGERS),
    Resource.POOLS: Right(READERS, CHANGERS),
    Resource.NUMBERS: Right(READERS, CHANGERS),
    Resource.RULES: Right(READERS, CHANGERS),
    Resource.FLOWS: Right(READERS, CHANGERS),
    Resource.SOUNDS: Right(READERS, CHANGERS),
    Resource.CARRIERS: Right(READERS, CHANGERS),
    Resource.SITES: Right(READERS, CHANGERS),
    Resource.COMPANIES: Right(READERS, CHANGERS),
    Resource.NEW_COMPANY: Right(OWNERS, OWNERS),
    Resource.COMPANY: Right(CHANGERS, CHANGERS),
    Resource.PEOPLE: Right(CHANGERS, CHANGERS),
    Resource.JOURNAL: Right(CHANGERS, CHANGERS),
    Resource.KEYS: Right(CHANGERS, CHANGERS),
}


def may(role: Role, method: str, resource: Resource) -> bool:
    """Whether the role may use this HTTP method on the resource."""
    if method == "POST" and resource is Resource.COMPANIES:
        resource = Resource.NEW_COMPANY
    right = RIGHTS[resource]
    return role in (right.see if method in {"GET", "HEAD"} else right.change)
