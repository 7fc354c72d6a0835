"""What can be set of a law, and between which limits."""

from collections.abc import Mapping
from dataclasses import fields, replace

from swapboard.attribution.law import Law

_SHARE = (0.0, 1.0)
_SHARE_BELOW_ONE = (0.0, 0.99)
_SPREAD = (0.01, 5.0)
_YEAR_OF_MINUTES = 525_600.0
LIMITS: Mapping[str, tuple[float, float]] = {
    "visits_a_day": (0.01, 1_000_000.0),
    "rhythm": _SHARE,
    "phone_share": _SHARE,
    "stay_seconds": (0.1, 86_400.0),
    "stay_spread": _SPREAD,
    "phone_factor": (0.0, 100.0),
    "hidden_factor": (0.0, 100.0),
    "tap_share": _SHARE,
    "tap_lead_seconds": (0.01, 3600.0),
    "idle_taps_an_hour": (0.0, 3600.0),
    "late_share": _SHARE_BELOW_ONE,
    "late_minutes": (0.01, _YEAR_OF_MINUTES),
    "late_spread": _SPREAD,
    "repeat_share": _SHARE_BELOW_ONE,
    "repeat_minutes": (0.01, _YEAR_OF_MINUTES),
    "repeat_spread": _SPREAD,
    "returning_share": _SHARE_BELOW_ONE,
    "shared_share": _SHARE,
    "stranger_share": _SHARE_BELOW_ONE,
    "vanish_share": _SHARE,
    "hides_an_hour": (0.0, 3600.0),
    "hidden_seconds": (0.1, 86_400.0),
    "pages": (0.0, 100.0),
    "agreement": _SHARE,
    "withheld_share": _SHARE,
}
"""The least and the most. Beyond these the traffic would never end, or what is drawn would be no number."""
_TAKES_NO_NUMBER = {"name", "says", "hazard", "told_taps"}


def parameters() -> tuple[str, ...]:
    """The names of what can be set to a number, in the order in which the law tells of them."""
    return tuple(each.name for each in fields(Law) if each.name not in _TAKES_NO_NUMBER)


def changed(law: Law, settings: Mapping[str, float]) -> Law:
    """The law with some parameters set. Raises ValueError."""
    unknown = settings.keys() - LIMITS.keys()
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))}: no such parameter; there are {', '.join(parameters())}")
    for name, value in settings.items():
        least, most = LIMITS[name]
        # Not the other way round: nan is neither less than the least nor more than the most.
        if not least <= value <= most:
            raise ValueError(f"{name} must lie between {least:,g} and {most:,.10g}, not {value:g}")
    return replace(law, **settings)  # type: ignore[arg-type]
