"""Microsoft Advertising, by a file that it fetches, or that somebody uploads."""

from swapboard.conversions.destinations.microsoft_ads_feed.kind import MicrosoftAdsFeedKind

kind = MicrosoftAdsFeedKind()
