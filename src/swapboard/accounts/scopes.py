"""What a key may be held to, besides its role: reading or changing, everything or areas. Scopes only take away.

Whether a role may do something, `rights` alone says; a key may do what its role and one of its scopes let it do.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from swapboard.accounts.rights import Resource

READ, WRITE = "read", "write"


class Area(StrEnum):
    """Resources that belong together, as people think of them."""

    CALLS = "calls"
    VISITS = "visits"
    REPORTS = "reports"
    CONVERSIONS = "conversions"
    NUMBERS = "numbers"
    SETUP = "setup"
    PEOPLE = "people"


_AREAS: Mapping[Area, frozenset[Resource]] = {
    Area.CALLS: frozenset(
        {
            *{Resource.CALLS, Resource.CALLERS, Resource.LEADS, Resource.LEAD_RULES, Resource.RECOMPUTES},
            *{Resource.SPAM, Resource.WORDS, Resource.RECORDING, Resource.TEXTS},
        }
    ),
    Area.VISITS: frozenset({Resource.SESSIONS, Resource.VISITORS, Resource.VISITS, Resource.FORMS, Resource.LIVE}),
    Area.REPORTS: frozenset({Resource.REPORTS, Resource.COSTS}),
    Area.CONVERSIONS: frozenset({Resource.CONVERSIONS, Resource.DESTINATIONS}),
    Area.NUMBERS: frozenset(
        {
            *{Resource.SWAP_TARGETS, Resource.POOLS, Resource.NUMBERS, Resource.RULES, Resource.FLOWS},
            *{Resource.SOUNDS, Resource.CARRIERS},
        }
    ),
    Area.SETUP: frozenset({Resource.SITES, Resource.COMPANIES, Resource.COMPANY, Resource.NEW_COMPANY}),
    Area.PEOPLE: frozenset({Resource.PEOPLE, Resource.KEYS, Resource.JOURNAL, Resource.OWN}),
}
AREA_OF: Mapping[Resource, Area] = {each: area for area, resources in _AREAS.items() for each in resources}
SCOPES: tuple[str, ...] = (READ, WRITE, *(f"{deed}:{area}" for area in Area for deed in (READ, WRITE)))
"""`write` lets one read, too; without a colon it is for every area."""


def read_scopes(texts: Iterable[str]) -> tuple[str, ...]:
    """The scopes, each once, in our order. Raises ValueError for one that there is not."""
    wanted = set(texts)
    if unknown := sorted(wanted - set(SCOPES)):
        raise ValueError(f"There is no scope {unknown[0][:40]!r}; there are: {', '.join(SCOPES)}.")
    return tuple(scope for scope in SCOPES if scope in wanted)


def allow(scopes: tuple[str, ...], method: str, resource: Resource) -> bool:
    """Whether a key with these scopes may use this HTTP method on the resource; without any, its role decides."""
    return not scopes or bool(set(wanted_scopes(method, resource)) & set(scopes))


def wanted_scopes(method: str, resource: Resource) -> tuple[str, ...]:
    """The scopes of which a key needs one, the narrowest first."""
    area = AREA_OF[resource]
    writing = (f"{WRITE}:{area}", WRITE)
    return (f"{READ}:{area}", READ, *writing) if method in {"GET", "HEAD"} else writing


def are_within(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    """Whether whatever `inner` lets one do, `outer` does: no key hands on more than it has."""
    return not outer or (
        bool(inner)
        and all(
            allow(outer, method, resource)
            for method in ("GET", "POST")
            for resource in Resource
            if allow(inner, method, resource)
        )
    )
