"""What each address of the dashboard is about, so that `accounts.rights` can say who may come in."""

from swapboard.accounts.company import Role
from swapboard.accounts.rights import Resource, may

_DOORS = {
    "/live": Resource.LIVE,
    "/calls": Resource.CALLS,
    "/visits": Resource.SESSIONS,
    "/leads": Resource.LEADS,
    "/leads/rules": Resource.LEAD_RULES,
    # All visits' credit by channel: a report, beside which one sets how far back visits count.
    "/leads/credit": Resource.SESSIONS,
    "/reports": Resource.REPORTS,
    "/costs": Resource.COSTS,
    "/numbers": Resource.NUMBERS,
    "/numbers/rules": Resource.RULES,
    "/numbers/flows": Resource.FLOWS,
    "/numbers/texts": Resource.TEXTS,
    "/numbers/recording": Resource.RECORDING,
    "/numbers/scaling": Resource.POOLS,
    "/destinations": Resource.DESTINATIONS,
    "/access": Resource.DESTINATIONS,
    "/trust": Resource.RECOMPUTES,
    "/words": Resource.WORDS,
    "/spam": Resource.SPAM,
    "/setup": Resource.SITES,
    "/setup/carriers": Resource.CARRIERS,
    "/companies": Resource.OWN,
    "/companies/new": Resource.NEW_COMPANY,
    "/company": Resource.COMPANY,
    "/reference": Resource.OWN,
    "/people": Resource.PEOPLE,
    "/keys": Resource.KEYS,
    "/me": Resource.OWN,
    "/journal": Resource.JOURNAL,
    "/journal.csv": Resource.JOURNAL,
}
_LONGEST_FIRST = sorted(_DOORS, key=len, reverse=True)


def resource_at(path: str) -> Resource | None:
    """What the address is about; None where nothing is said, and so nobody may come in."""
    if path == "/":
        return Resource.LIVE
    known = (door for door in _LONGEST_FIRST if path == door or path.startswith(f"{door}/"))
    return next((_DOORS[door] for door in known), None)


def may_use(role: Role, method: str, path: str) -> bool:
    """Whether somebody with this role may ask for the address in this way."""
    resource = resource_at(path)
    return resource is not None and may(role, method, resource)
