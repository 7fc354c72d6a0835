"""What else speaks for or against a session: the caller's area, who called before, what kind of visit it is.

Areas are the first digits of the caller's number: `+1` and the area code, or a country code and the digits
that follow. How often a region's visitors call from an area is learned from the company's own calls, and shrunk
towards what the numbering plan says: the area's own region.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from swapboard.clock import MINUTE, SECOND, Millis

AREA_DIGITS = 5
"""`+1212`, `+4420`, `+4930`: long enough for an American area code, short enough to be seen again."""
PLAN_CALLS = 100.0
"""How many calls of a region the numbering plan's opinion weighs, before it is known how well it foretells."""
PRIOR_AGREEMENT = 0.5
LEAST_AGREEMENT, MOST_AGREEMENT = 0.01, 0.99
LEAST_AREAS = 50
HOME_CALLS = 5.0
HOME_SHARE = 0.5
"""Before anything was heard, half of all callers are believed to be from wherever this one is."""

MOST_NAMELESS = 16
"""So many of a number's latest callers who withheld theirs may call again."""

PROFILES = 12
_SHORT: Millis = 15 * SECOND
_LONG: Millis = 2 * MINUTE


def who_of(on_phone: bool, returning: bool) -> int:
    """The class of a visit while it stays, whose rates are learned together: device, new or returning."""
    return on_phone + 2 * returning


def profile_of(who: int, stayed: Millis) -> int:
    """The class of a visit that has ended: by how long it stayed, too."""
    if stayed < _SHORT:
        return who
    return who + (8 if stayed >= _LONG else 4)


def area_of(caller: str) -> str:
    """The area of an E.164 number."""
    return caller[:AREA_DIGITS]


@dataclass(slots=True)
class Areas:
    """From which areas the visitors of each region call, counted with the weight of our belief."""

    homes: dict[str, str | None] = field(default_factory=dict)
    """By area: the region that the numbering plan gives it, as far as it was looked up; `lives` changes it."""
    by_region: dict[str, dict[str, float]] = field(default_factory=dict)
    region_totals: dict[str, float] = field(default_factory=dict)
    by_area: dict[str, float] = field(default_factory=dict)
    total: float = 0.0
    agreed: float = 2.0 * PRIOR_AGREEMENT
    compared: float = 2.0
    firmness: float = PLAN_CALLS
    """How many calls of a region the numbering plan's opinion weighs (`area_firmness.py`)."""
    at_home: dict[str, float] = field(init=False, compare=False, default_factory=dict)
    """By region: how many rang from its areas. It follows from the others."""

    def __post_init__(self) -> None:
        for area, count in self.by_area.items():
            self._count_at_home(area, count)

    def lives(self, area: str, home: str | None) -> None:
        """The numbering plan gives the area to that region."""
        counted = self.by_area.get(area, 0.0)
        self._count_at_home(area, -counted)
        self.homes[area] = home
        self._count_at_home(area, counted)

    def heard(self, area: str) -> None:
        """A caller nobody knew rang from the area."""
        self.by_area[area] = self.by_area.get(area, 0.0) + 1.0
        self.total += 1.0
        self._count_at_home(area, 1.0)

    def credit(self, area: str, region: str, belief: float) -> None:
        """A call from the area was, so probably, made by a visitor from the region."""
        table = self.by_region.setdefault(region, {})
        table[area] = table.get(area, 0.0) + belief
        self.region_totals[region] = self.region_totals.get(region, 0.0) + belief
        if self.homes.get(area) is not None:
            # Who rings from home does so by chance as well: what chance explains is taken from both.
            by_chance = self._share_at_home(region)
            self.agreed += belief * ((self.homes[area] == region) - by_chance)
            self.compared += belief * (1.0 - by_chance)

    @property
    def agreement(self) -> float:
        """The share of callers whose number is from where they are because they live there."""
        return min(MOST_AGREEMENT, max(LEAST_AGREEMENT, self.agreed / self.compared))

    def likelihood_by(self, plan: "Plan", region: str) -> float:
        """How much more often visitors of the region call from the plan's area than callers at large do."""
        if not region:
            return 1.0
        counted = self.by_region.get(region, {}).get(plan.area, 0.0)
        total = self.region_totals.get(region, 0.0)
        foretold = self.firmness * plan.foretold(region)
        return (counted + foretold) / (total + self.firmness) / plan.share

    def plan_of(self, area: str) -> "Plan":
        """What is foretold of the area by the numbering plan and callers at large."""
        share, home = self._share(area), self.homes.get(area)
        if home is None:
            return Plan(area, None, share, share, share)
        ratio = 1.0 - self.agreement
        at_home = ratio + self.agreement / self._share_at_home(home)
        return Plan(area, home, share, at_home * share, ratio * share)

    def _share(self, area: str) -> float:
        return (self.by_area.get(area, 0.0) + 0.5) / (self.total + 0.5 * max(LEAST_AREAS, len(self.by_area)))

    def _share_at_home(self, region: str) -> float:
        """The share of all callers who ring from any area of the region."""
        return (self.at_home.get(region, 0.0) + HOME_CALLS * HOME_SHARE) / (self.total + HOME_CALLS)

    def _count_at_home(self, area: str, more: float) -> None:
        if (home := self.homes.get(area)) is not None:
            self.at_home[home] = self.at_home.get(home, 0.0) + more


class Plan(NamedTuple):
    """How many of a region's visitors call from an area, as far as is foretold."""

    area: str
    home: str | None
    share: float
    """Of all callers."""
    at_home: float
    elsewhere: float

    def foretold(self, region: str) -> float:
        """Of the region's visitors."""
        return self.at_home if region == self.home else self.elsewhere


class Ratios(dict[str, float]):
    """The likelihood ratios of one area, by region, worked out when first asked for."""

    def __init__(self, areas: Areas, area: str) -> None:
        super().__init__()
        self._areas = areas
        self._plan = areas.plan_of(area)

    def get(self, region: str, default: float = 1.0) -> float:  # type: ignore[override]
        return self[region]

    def __missing__(self, region: str) -> float:
        found = self[region] = self._areas.likelihood_by(self._plan, region)
        return found


class Share(NamedTuple):
    """A session that made an earlier call, with our belief that it did."""

    session_id: str
    visitor_id: str
    belief: float


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier calls say of a caller: when the last one was, to which number, and who may have made it."""

    last_at: Millis
    number_id: str
    shares: tuple[Share, ...]
    nobody: float

    @property
    def heard(self) -> float:
        """Our belief that it was one of these sessions."""
        return sum(share.belief for share in self.shares)


class Link(NamedTuple):
    """A visitor who called before, with the number shown to us then and our belief."""

    caller: str
    belief: float
    session_id: str
    """The visit that made the call then."""


def linked(link: Link | None, caller: str, belief: float, session_id: str) -> Link:
    """With one more call that the visitor made, so much is believed: the number of the likeliest is its own."""
    if link is None or link.belief <= belief:
        return Link(caller, belief, session_id)
    return link
