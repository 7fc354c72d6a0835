"""Which role may do what at the API: a table, so that it can be read at a glance (docs/api.md repeats it)."""

from collections.abc import Mapping
from enum import StrEnum

from swapboard.accounts.company import Role


class Resource(StrEnum):
    """The API's resources, as they stand in its addresses."""

    COMPANIES = "companies"
    SITES = "sites"
    SWAP_TARGETS = "swap-targets"
    POOLS = "pools"
    NUMBERS = "numbers"
    RULES = "rules"
    FLOWS = "flows"
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


_ALL = frozenset(Resource)
_NOTHING: frozenset[Resource] = frozenset()

_MAY_READ: Mapping[Role, frozenset[Resource]] = {
    Role.OWNER: _ALL,
    Role.ADMIN: _ALL,
    Role.ANALYST: _ALL - {Resource.KEYS},
    Role.AGENT: frozenset({Resource.CALLS, Resource.LEADS}),
    Role.READ_ONLY: _ALL - {Resource.KEYS},
    Role.SITE: _NOTHING,
}

_MAY_CHANGE: Mapping[Role, frozenset[Resource]] = {
    Role.OWNER: _ALL,
    Role.ADMIN: _ALL,
    Role.ANALYST: frozenset({Resource.CALLS}),
    Role.AGENT: frozenset({Resource.CALLS}),
    Role.READ_ONLY: _NOTHING,
    Role.SITE: frozenset({Resource.VISITS}),
}


def may(role: Role, method: str, resource: Resource) -> bool:
    """Whether the role may use this HTTP method on the resource; only an owner may make a company."""
    if method == "GET":
        return resource in _MAY_READ[role]
    if method == "POST" and resource is Resource.COMPANIES:
        return role is Role.OWNER
    return resource in _MAY_CHANGE[role]
