"""Plausible: events of the site's own analytics."""

from swapboard.conversions.destinations.plausible.kind import PlausibleKind

kind = PlausibleKind()
