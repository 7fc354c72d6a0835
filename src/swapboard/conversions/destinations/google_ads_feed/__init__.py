"""Google Ads, by a file that it fetches: no API, no developer's account."""

from swapboard.conversions.destinations.google_ads_feed.kind import GoogleAdsFeedKind

kind = GoogleAdsFeedKind()
