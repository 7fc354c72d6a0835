"""What a deed was done to, in the reader's words: for an address that the journal keeps stands its page's name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from swapboard.accounts.audit import Act, Entry
from swapboard.web.api import PREFIX
from swapboard.web.dashboard.translation import Words, _

_PLACES: Mapping[str, str] = Words(
    {
        "/": _("Live"),
        "/access": _("Access"),
        "/callers": _("Callers"),
        "/calls": _("Calls"),
        "/carriers": _("Carriers"),
        "/companies": _("Companies"),
        "/company": _("This company"),
        "/conversions": _("Conversions"),
        "/costs": _("Costs"),
        "/destinations": _("Destinations"),
        "/flows": _("Call flows"),
        "/forms": _("Forms"),
        "/grants": _("Access"),
        "/invitations": _("Team and roles"),
        "/journal": _("Journal"),
        "/keys": _("API keys"),
        "/lead-rules": _("Rules for good leads"),
        "/leads": _("People"),
        "/leads/rules": _("Rules for good leads"),
        "/live": _("Live"),
        "/me": _("Your log-in"),
        "/numbers": _("All numbers"),
        "/numbers/buy": _("Buy numbers"),
        "/numbers/flows": _("Call flows"),
        "/numbers/flows/sounds": _("Sounds"),
        "/numbers/placements": _("Placements"),
        "/numbers/recording": _("Recording"),
        "/numbers/rehearsal": _("Try sizes"),
        "/numbers/rules": _("Rules"),
        "/numbers/scaling": _("Auto-scale"),
        "/numbers/sizing": _("Sizing"),
        "/numbers/texts": _("Texts"),
        "/people": _("Team and roles"),
        "/pools": _("Pools"),
        "/recomputes": _("How sure we are"),
        "/recording": _("Recording"),
        "/reports": _("Reports"),
        "/reports/annotations": _("Notes on days"),
        "/reports/notes": _("Notes on days"),
        "/reports/saved": _("Saved reports"),
        "/reports/views": _("Saved reports"),
        "/rules": _("Rules"),
        "/sessions": _("Visits"),
        "/setup": _("Set-up"),
        "/setup/carriers": _("Carriers"),
        "/setup/sites": _("Sites"),
        "/sites": _("Sites"),
        "/sounds": _("Sounds"),
        "/spam": _("Spam"),
        "/start": _("Set-up assistant"),
        "/swap-targets": _("Numbers on your site"),
        "/texts": _("Texts"),
        "/trust": _("How sure we are"),
        "/visitors": _("Visitors"),
        "/visits": _("Visits"),
        "/words": _("Words in calls"),
    }
)
_ADDRESS = re.compile(r"(?:(?P<method>[A-Z]+) )?(?P<path>/\S*)")
_ENDING = re.compile(r"\.\w+$")
_REMOVING = ("/delete", "/remove", "/withdraw", "/revoke")


@dataclass(frozen=True, slots=True)
class Told:
    """A deed as a person reads it."""

    is_removal: bool
    what: str
    address: str
    """Where exactly, for who wants to know it; empty where no address is kept."""


def told(entry: Entry) -> Told:
    """The page's name instead of an address; what is no address stays as it is."""
    address = _ADDRESS.fullmatch(entry.subject)
    place = _place(address["path"]) if address else None
    if address is None or place is None:
        return Told(False, entry.subject, "")
    is_removal = address["method"] == "DELETE" or address["path"].endswith(_REMOVING)
    return Told(entry.act is Act.CHANGED and is_removal, place, entry.subject)


def addresses(named: str) -> Sequence[str]:
    """Where the pages are in whose name this stands, in any case; what is below one of them is of it."""
    wanted = named.casefold()
    return [path for path, name in _PLACES.items() if wanted in name.casefold() and path != "/"]


def _place(path: str) -> str | None:
    """By the longest beginning that has a name."""
    parts = _ENDING.sub("", path.removeprefix(PREFIX)).split("/")
    beginnings = ("/".join(parts[:many]) for many in range(len(parts), 1, -1))
    return next((_PLACES[each] for each in beginnings if each in _PLACES), None)
