"""Google Ads, by its Data Manager API."""

from swapboard.conversions.destinations.google_ads.kind import GoogleAdsKind

kind = GoogleAdsKind()
