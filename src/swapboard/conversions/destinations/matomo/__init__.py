"""Matomo: events of the site's own analytics."""

from swapboard.conversions.destinations.matomo.kind import MatomoKind

kind = MatomoKind()
