"""Google Analytics 4, by its Measurement Protocol."""

from swapboard.conversions.destinations.google_analytics.kind import GoogleAnalyticsKind

kind = GoogleAnalyticsKind()
