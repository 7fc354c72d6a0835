"""How to track a Google Business Profile: which number is its own, and what is still to be done."""

import re
from dataclasses import dataclass

from swapboard.clock import DAY
from swapboard.numbers.inventory import NumberStatus
from swapboard.numbers.listing import NumberRecord
from swapboard.numbers.matching import mismatch
from swapboard.numbers.placements import Placement
from swapboard.numbers.target_listing import TargetRecord
from swapboard.web.dashboard.translation import _

QUIET_DAYS = 30
GOOGLE = re.compile(r"google business|business profile|map listing|google maps|\b(gbp|gmb)\b", re.IGNORECASE)

_YOURS_TO_CHECK = (
    _("In the profile the tracking number is the primary phone"),
    _("In the profile your real number is an additional phone, so that Google still knows you by it"),
    _("The profile's link to your site has UTM tags, such as utm_source=google and utm_medium=organic"),
    _("Directories and other citations keep your real number, written the same everywhere"),
    _("Structured data on your site keeps your real number (the script never touches it)"),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A point of the checklist: whether it is done (None: only you can tell)."""

    text: str
    is_done: bool | None


def is_profile(record: NumberRecord) -> bool:
    """Whether it stands for the profile, by what its owner wrote."""
    told = " ".join(filter(None, (record.placement, record.source, record.campaign)))
    return GOOGLE.search(told) is not None


def checklist(profile: Placement | None, target: TargetRecord | None, now: int) -> list[Checked]:
    """What can be seen from here is ticked; the rest is for whoever looks after the profile."""
    record = profile.record if profile else None
    is_local = bool(record and target and mismatch(target.number, record.number) is None)
    rings = bool(profile and profile.last_at and now - profile.last_at < QUIET_DAYS * DAY)
    return [
        Checked(_("A number of its own stands for the profile, with that name as its placement"), bool(record)),
        Checked(_("It is of the same kind and area code as your real number, so that people trust it"), is_local),
        Checked(_("It is active"), bool(record and record.status is NumberStatus.ACTIVE)),
        Checked(_("It was called in the last thirty days"), rings),
        *(Checked(_(text), None) for text in _YOURS_TO_CHECK),
    ]
